/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proxies: which machine answers for addresses of others, and which hosts are hidden behind it.
 */
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "facts_fixture.h"

#define ROUTER 254

/* The machine answers for the decoy at that place. */
static struct news
answer_decoy(struct fixture *fixture, uint8_t by, uint32_t decoy)
{
	struct frame frame = reply_of(by, VIP);

	frame.arp.spa = decoy_of(&fixture->facts, decoy)->address;
	return hear(fixture, &frame);
}

static void
become_proxy(struct fixture *fixture, uint8_t by)
{
	for (uint32_t i = 0; i < PROXY_ANSWERS_MIN; i++)
		(void)answer_decoy(fixture, by, i);
}

/* A reply to an ARP Probe (SPA 0.0.0.0). */
static struct news
answer_probe(struct fixture *fixture, uint8_t by, uint8_t spa)
{
	struct frame frame = reply_of(by, spa);

	frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
	return hear(fixture, &frame);
}

/* The host answers a broadcast fence with that kind of SPA, and nothing is lost. */
static void
fence(struct fixture *fixture, uint8_t host, enum spa_kind spa, uint32_t count)
{
	const struct fence answered = {.path = PATH_BROADCAST, .spa = spa};

	for (uint32_t i = 0; i < count; i++)
		inquiry_fence_answered(&fixture->facts, host_at(fixture, host), &answered);
}

static bool
is_proxy(const struct fixture *fixture, uint8_t last)
{
	const struct mac of = mac(last);

	return proxy_is(&fixture->facts, &of);
}

static void
three_decoys_make_a_proxy(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	struct news news;

	(void)state;
	(void)answer_decoy(fixture, ROUTER, 0);
	news = answer_decoy(fixture, ROUTER, 1);
	assert_false(news_has(&news, NEWS_PROXY_FOUND));
	(void)answer_decoy(fixture, ROUTER, 1);
	assert_false(is_proxy(fixture, ROUTER));
	news = answer_decoy(fixture, ROUTER, 2);
	assert_true(news_has(&news, NEWS_PROXY_FOUND));
	assert_true(is_proxy(fixture, ROUTER));
	news = answer_decoy(fixture, ROUTER, 3);
	assert_false(news_has(&news, NEWS_PROXY_FOUND));
	assert_int_equal(proxies_count(&fixture->facts), 1);
	fixture_free(fixture);
}

/* The host loses the proxy's MAC, and is found by its own. The others keep theirs. */
static void
proxy_leaves_a_host_that_answers_itself(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-13"});
	struct facts *facts = &fixture->facts;
	const struct mac router = mac(ROUTER), own = mac(11), other = mac(12);

	(void)state;
	(void)hear_reply(fixture, ROUTER, 11);
	(void)hear_reply(fixture, 11, 11);
	(void)hear_reply(fixture, 12, 12);
	assert_false(proxies_are_at_host(facts, host_at(fixture, 11)));
	become_proxy(fixture, ROUTER);
	assert_true(proxies_are_at_host(facts, host_at(fixture, 11)));
	assert_false(proxies_are_at_host(facts, host_at(fixture, 12)));
	proxies_leave_host(facts, host_at(fixture, 11));
	assert_int_equal(host_find_mac(facts, &router), NONE);
	assert_int_equal(host_find_mac(facts, &own), host_at(fixture, 11));
	assert_int_equal(host_find_mac(facts, &other), host_at(fixture, 12));
	assert_int_equal(host_of(facts, host_at(fixture, 11))->mac_count, 1);
	/* It does not come back. */
	(void)hear_reply(fixture, ROUTER, 11);
	assert_int_equal(host_of(facts, host_at(fixture, 11))->mac_count, 1);
	fixture_free(fixture);
}

/* What only a proxy answers for is hidden, except the one address that it has itself. */
static void
hosts_behind_a_proxy_are_hidden(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-13"});
	struct facts *facts = &fixture->facts;
	const struct mac router = mac(ROUTER);

	(void)state;
	(void)hear_reply(fixture, ROUTER, 11);
	(void)hear_reply(fixture, ROUTER, 12);
	assert_false(proxy_hides_host(facts, host_at(fixture, 11)));
	become_proxy(fixture, ROUTER);
	assert_true(proxy_hides_host(facts, host_at(fixture, 11)));
	assert_true(proxies_own_segment(facts));
	assert_true(proxy_is_network(facts, &router));
	assert_false(proxy_is_network(facts, &(struct mac){{2, 0, 10, 77, 0, 11}}));
	assert_false(host_any_is_known_by(facts, &router));
	(void)answer_probe(fixture, ROUTER, 12);
	assert_false(proxy_hides_host(facts, host_at(fixture, 12)));
	assert_true(host_any_is_known_by(facts, &router));
	assert_false(proxies_own_segment(facts));
	/* It answers everything in every way. */
	(void)answer_probe(fixture, ROUTER, 11);
	assert_true(proxy_hides_host(facts, host_at(fixture, 11)));
	assert_true(proxy_hides_host(facts, host_at(fixture, 12)));
	(void)hear_reply(fixture, 13, 13);
	assert_false(proxies_own_segment(facts));
	fixture_free(fixture);
}

static const struct row {
	const char *what;
	uint8_t answers, probes; /* of the second machine: to the probe's address, to ARP Probes */
	uint32_t fences;         /* ARP Probes that the host answered */
	bool first_answers;      /* the host answers the probe's address as well */
	bool proxy, pending;
} rows[] = {
    {"never an ARP Probe", 20, 0, 40, true, true, false},
    {"too few ARP Probes to tell", 20, 0, 2, true, false, true},
    {"no more since the start", 2, 0, 40, true, false, false},
    {"an ARP Probe too: a second machine", 20, 1, 40, true, false, false},
    {"the other half of a bond", 20, 0, 40, false, false, false},
    {"only once", 1, 0, 40, true, false, false},
};

/* A proxy for a few addresses meets no decoy. It answers beside the host, but no ARP Probe. */
static void
answers_beside_a_host_tell_a_proxy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-13"});

		for (uint8_t k = 0; k < 2; k++) {
			(void)answer_probe(fixture, 11, 11);
			if (row->first_answers)
				(void)hear_reply(fixture, 11, 11);
		}
		fence(fixture, 11, SPA_UNSPECIFIED, row->fences);
		fence(fixture, 11, SPA_SOURCE, row->fences);
		for (uint8_t k = 0; k < row->probes; k++)
			(void)answer_probe(fixture, ROUTER, 11);
		for (uint8_t k = 0; k < row->answers; k++)
			(void)hear_reply(fixture, ROUTER, 11);
		assert_row(row->what, is_proxy(fixture, ROUTER), row->proxy);
		assert_row(row->what, proxy_may_be_found(&fixture->facts, host_at(fixture, 11)),
		    row->pending);
		fixture_free(fixture);
	}
}

/* The machine answers an ARP Probe for the decoy, so this is an address of its own. */
static void
own_decoy(struct fixture *fixture, uint8_t by, uint32_t decoy)
{
	struct frame frame = reply_of(by, VIP);

	frame.arp.spa = decoy_of(&fixture->facts, decoy)->address;
	frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
	(void)hear(fixture, &frame);
}

/* Each of the machines answers twice for the address, the probe's question and the ARP Probe. */
static void
share(struct fixture *fixture, uint8_t rip, uint8_t a, uint8_t b)
{
	for (uint8_t k = 0; k < 2; k++) {
		(void)hear_reply(fixture, a, rip);
		(void)answer_probe(fixture, a, rip);
		(void)hear_reply(fixture, b, rip);
		(void)answer_probe(fixture, b, rip);
	}
}

/* The machine 11 answers for its own address alone, and beside others for theirs. */
static void
addresses_beside_others_are_taken(void **state)
{
	static const struct {
		const char *what;
		uint8_t shared, decoys;
		bool cards; /* the others answer for each other's addresses as well */
		bool takes;
	} cases[] = {
	    {"three addresses of others", 3, 0, false, true},
	    {"two: it has two addresses of others", 2, 0, false, false},
	    {"two, and decoys", 2, PROXY_ANSWERS_MIN, false, true},
	    {"one, and decoys: a host with many addresses", 1, PROXY_ANSWERS_MIN, false, false},
	    {"cards of one machine (ARP flux)", 3, PROXY_ANSWERS_MIN, true, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-15"});
		const struct mac taker = mac(11);

		for (uint8_t k = 0; k < cases[i].decoys; k++)
			own_decoy(fixture, 11, k);
		for (uint8_t k = 0; k < 2; k++)
			(void)answer_probe(fixture, 11, 11);
		for (uint8_t k = 0; k < cases[i].shared; k++)
			share(fixture, 12 + k, 11, cases[i].cards ? 12 : 12 + k);
		assert_row(
		    cases[i].what, proxy_takes_addresses(&fixture->facts, &taker), cases[i].takes);
		if (cases[i].takes) {
			proxies_leave_host(&fixture->facts, host_at(fixture, 12));
			assert_false(proxy_hides_host(&fixture->facts, host_at(fixture, 11)));
			assert_int_equal(
			    host_of(&fixture->facts, host_at(fixture, 12))->mac_count, 1);
		}
		fixture_free(fixture);
	}
}

/* The second machine answers the probe's address, and its answers to ARP Probes are lost. */
static struct fixture *
with_a_silent_machine(void)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-13"});

	for (uint8_t k = 0; k < 2; k++) {
		(void)answer_probe(fixture, 11, 11);
		(void)hear_reply(fixture, 11, 11);
	}
	fence(fixture, 11, SPA_UNSPECIFIED, 40);
	fence(fixture, 11, SPA_SOURCE, 40);
	for (uint8_t k = 0; k < 20; k++)
		(void)hear_reply(fixture, ROUTER, 11);
	(void)hear_reply(fixture, 12, 12);
	(void)hear_reply(fixture, ROUTER, 12);
	assert_true(is_proxy(fixture, ROUTER));
	proxies_leave_host(&fixture->facts, host_at(fixture, 11));
	proxies_leave_host(&fixture->facts, host_at(fixture, 12));
	return fixture;
}

static void
answer_to_an_arp_probe_withdraws_the_proxy(void **state)
{
	struct fixture *fixture = with_a_silent_machine();
	const struct host *host = host_of(&fixture->facts, host_at(fixture, 11));
	struct news news;

	(void)state;
	assert_int_equal(host->mac_count, 1);
	assert_true(host->spoken_for);
	/* For another host, or to another question, it shows nothing. */
	(void)answer_probe(fixture, ROUTER, 12);
	(void)hear_reply(fixture, ROUTER, 11);
	assert_true(is_proxy(fixture, ROUTER));
	news = answer_probe(fixture, ROUTER, 11);
	assert_true(news_has(&news, NEWS_PROXY_WITHDRAWN));
	assert_false(is_proxy(fixture, ROUTER));
	assert_int_equal(host->mac_count, 2);
	/* It stays so, however often it answers. */
	for (uint8_t k = 0; k < 20; k++) {
		(void)hear_reply(fixture, ROUTER, 11);
		(void)hear_reply(fixture, 11, 11);
	}
	assert_false(is_proxy(fixture, ROUTER));
	assert_true(host_has_rival(&fixture->facts, host_at(fixture, 11)));
	fixture_free(fixture);
}

/* One that answers for decoys as well is a proxy, whatever it answers. */
static void
decoys_outweigh_an_arp_probe(void **state)
{
	struct fixture *fixture = with_a_silent_machine();
	struct news news;

	(void)state;
	become_proxy(fixture, ROUTER);
	news = answer_probe(fixture, ROUTER, 11);
	assert_false(news_has(&news, NEWS_PROXY_WITHDRAWN));
	assert_true(is_proxy(fixture, ROUTER));
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_decoys_make_a_proxy),
	    cmocka_unit_test(proxy_leaves_a_host_that_answers_itself),
	    cmocka_unit_test(hosts_behind_a_proxy_are_hidden),
	    cmocka_unit_test(answers_beside_a_host_tell_a_proxy),
	    cmocka_unit_test(addresses_beside_others_are_taken),
	    cmocka_unit_test(answer_to_an_arp_probe_withdraws_the_proxy),
	    cmocka_unit_test(decoys_outweigh_an_arp_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
