/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts: found by address and by MAC, the MACs that each is known by, and whether two machines
 * answer for one address.
 */
#include <stdio.h>

#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "facts_fixture.h"

#define OTHER 77 /* an address that the probe did not ask with */

static struct fixture *
servers(void)
{
	return fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-14"});
}

/* ---- By address --------------------------------------------------------------------------- */

/* 8 hosts in each of 256 subnets, among 4,096 slots: the places of many subnets overlap. */
static void
hosts_are_found_by_their_addresses(void **state)
{
	static char text[256 * 64];
	size_t length = 0;

	(void)state;
	for (unsigned subnet = 0; subnet < 256; subnet++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
		    "%s10.77.%u.%u-10.77.%u.%u", subnet > 0 ? "," : "", subnet, subnet % 240 + 5,
		    subnet, subnet % 240 + 12);
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = text, .length = 16});
	const struct facts *facts = &fixture->facts;

	assert_int_equal(host_count(facts), 256 * 8);
	for (uint32_t i = 0; i < host_count(facts); i++)
		assert_int_equal(host_find(facts, &host_of(facts, i)->rip), i);
	for (uint32_t number = 0; number < 65536; number++) {
		const struct address address = address_ipv4(0x0a4d0000u | number);
		const unsigned first = (number >> 8) % 240 + 5, last = number & 0xff;
		const bool listed = last >= first && last < first + 8;

		assert_int_equal(host_find(facts, &address) != NONE, listed);
	}
	fixture_free(fixture);
}

static void
directors_by_address_are_hosts(void **state)
{
	static const struct {
		uint8_t last;
		bool listed, director;
	} expected[] = {{3, false, true}, {11, true, false}, {12, true, true}};
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11,10.77.0.12",
		.directors = "10.77.0.3,02:00:0a:4d:00:04,10.77.0.12"});
	const struct facts *facts = &fixture->facts;

	(void)state;
	assert_int_equal(host_count(facts), COUNT_OF(expected));
	for (uint32_t i = 0; i < COUNT_OF(expected); i++) {
		const struct host *host = host_of(facts, host_at(fixture, expected[i].last));

		assert_int_equal(host_at(fixture, expected[i].last), i);
		assert_int_equal(host->listed, expected[i].listed);
		assert_int_equal(host->director, expected[i].director);
	}
	fixture_free(fixture);
}

static void
swept_addresses_are_not_listed(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.length = 28});

	(void)state;
	assert_int_equal(host_count(&fixture->facts), 13); /* of 14 without the probe's own */
	for (uint32_t i = 0; i < host_count(&fixture->facts); i++)
		assert_false(host_of(&fixture->facts, i)->listed);
	fixture_free(fixture);
}

/* ---- By MAC ------------------------------------------------------------------------------- */

#define RIPS_FIRST 11 /* to .14: bit 0 to 3 of a set */

static const struct chain_case {
	const char *what;
	struct {
		uint8_t rip, mac;
	} learn[8];
	struct {
		uint8_t mac;
		unsigned hosts;
	} find[3];
} chain_cases[] = {
    {"each has its own", {{11, 11}, {12, 12}}, {{11, 1}, {12, 2}, {13, 0}}},
    {"one MAC of three", {{11, 66}, {13, 66}, {12, 66}}, {{66, 7}}},
    {"learnt again", {{11, 66}, {12, 66}, {11, 66}, {12, 66}}, {{66, 3}}},
    {"chains that cross", {{11, 66}, {12, 67}, {12, 66}, {11, 67}, {13, 67}}, {{66, 3}, {67, 7}}},
    {"a chain at another place", {{11, 11}, {11, 66}, {12, 66}, {14, 14}, {14, 11}, {14, 66}},
	{{66, 11}, {11, 9}, {14, 8}}},
};

static unsigned
walk(const struct facts *facts, const struct mac *of)
{
	unsigned hosts = 0;

	for (uint32_t host = host_find_mac(facts, of); host != NONE;
	     host = host_next_with_mac(facts, host, of)) {
		assert_true(host_has_mac(facts, host, of));
		assert_int_equal(hosts & 1u << host, 0);
		hosts |= 1u << host;
	}
	return hosts;
}

static void
macs_lead_to_all_of_their_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(chain_cases); i++) {
		const struct chain_case *row = &chain_cases[i];
		struct fixture *fixture = servers();

		for (size_t k = 0; k < COUNT_OF(row->learn) && row->learn[k].rip != 0; k++)
			(void)hear_reply(fixture, row->learn[k].mac, row->learn[k].rip);
		for (size_t k = 0; k < COUNT_OF(row->find) && row->find[k].mac != 0; k++) {
			const struct mac of = mac(row->find[k].mac);

			assert_row(row->what, walk(&fixture->facts, &of), row->find[k].hosts);
		}
		fixture_free(fixture);
	}
}

/* Further MACs are counted all the same, together. */
static void
only_so_many_macs_are_kept(void **state)
{
	struct fixture *fixture = servers();
	const struct host *host = host_of(&fixture->facts, 0);
	const struct mac further = mac(60 + HOST_MACS);

	(void)state;
	for (uint8_t i = 0; i < HOST_MACS; i++)
		assert_true(news_has(
		    &(struct news){.kinds = hear_reply(fixture, (uint8_t)(60 + i), 11).kinds},
		    NEWS_MAC_LEARNT));
	for (uint8_t i = 0; i < 3; i++) {
		const struct news news = hear_reply(fixture, (uint8_t)(60 + HOST_MACS + i), 11);

		assert_false(news_has(&news, NEWS_MAC_LEARNT));
	}
	assert_int_equal(host->mac_count, HOST_MACS);
	assert_int_equal(host->mac_answers[HOST_MACS], 3);
	assert_false(host_has_mac(&fixture->facts, 0, &further));
	assert_false(host_is_known_by(&fixture->facts, 0, &further));
	assert_int_equal(host_find_mac(&fixture->facts, &further), NONE);
	fixture_free(fixture);
}

/* ---- Known by ----------------------------------------------------------------------------- */

static const struct known_case {
	const char *what;
	uint8_t answers[5]; /* for .11, by these MACs */
	bool done;          /* its inquiry is over */
	uint8_t mac;
	bool has, is_known_by, is_known;
} known_cases[] = {
    {"not heard", {0}, false, 11, false, false, false},
    {"its only MAC", {11}, false, 11, true, true, true},
    {"another's", {11}, false, 66, false, false, true},
    {"damaged, perhaps: it never answered again", {11}, true, 11, true, false, false},
    {"heard twice", {11, 11}, true, 11, true, true, true},
    {"two MACs, each once", {11, 66}, false, 11, true, false, false},
    {"the second of them", {11, 66}, false, 66, true, false, false},
    {"one beside its own", {11, 66, 11}, false, 66, true, false, true},
    {"its own beside that", {11, 66, 11}, false, 11, true, true, true},
    {"one beside its own, at the end", {11, 66, 11}, true, 66, true, false, true},
    {"both twice", {11, 66, 66, 11}, true, 66, true, true, true},
};

static void
damaged_macs_are_had_but_not_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(known_cases); i++) {
		const struct known_case *row = &known_cases[i];
		struct fixture *fixture = servers();
		const struct facts *facts = &fixture->facts;
		const uint32_t host = host_at(fixture, 11);
		const struct mac of = mac(row->mac);

		for (size_t k = 0; k < COUNT_OF(row->answers) && row->answers[k] != 0; k++)
			(void)hear_reply(fixture, row->answers[k], 11);
		if (row->done)
			inquiry_set_stage(&fixture->facts, host, STAGE_DONE);
		assert_row(row->what, host_has_mac(facts, host, &of), row->has);
		assert_row(row->what, host_is_known_by(facts, host, &of), row->is_known_by);
		assert_row(row->what, host_any_is_known_by(facts, &of), row->is_known_by);
		assert_row(row->what, host_is_known(facts, host), row->is_known);
		assert_false(host_is_known(facts, host_at(fixture, 12)));
		fixture_free(fixture);
	}
}

/* Of two hosts that have the MAC the second is known by it. */
static void
any_host_may_be_known_by_a_mac(void **state)
{
	struct fixture *fixture = servers();
	const struct mac of = mac(12);

	(void)state;
	(void)hear_reply(fixture, 12, 12);
	(void)hear_reply(fixture, 11, 11);
	(void)hear_reply(fixture, 12, 11);
	assert_int_equal(host_find_mac(&fixture->facts, &of), host_at(fixture, 11));
	assert_false(host_is_known_by(&fixture->facts, host_at(fixture, 11), &of));
	assert_true(host_any_is_known_by(&fixture->facts, &of));
	fixture_free(fixture);
}

static void
any_host_of_a_mac_can_be_the_first(void **state)
{
	static const uint8_t octets[] = {11, 12, 11, 11, 12};
	struct fixture *fixture = servers();
	struct facts *facts = &fixture->facts;
	const struct mac of = mac(66);

	(void)state;
	assert_int_equal(hosts_with_mac(facts, &of, 9), 0);
	(void)hear_reply(fixture, 66, 11);
	(void)hear_reply(fixture, 66, 12);
	for (size_t i = 0; i < COUNT_OF(octets); i++) {
		const uint32_t host = host_at(fixture, octets[i]);
		const uint32_t other = host_at(fixture, octets[i] == 11 ? 12 : 11);

		hosts_bring_to_front(facts, host, &of);
		assert_int_equal(host_find_mac(facts, &of), host);
		assert_int_equal(host_next_with_mac(facts, host, &of), other);
		assert_int_equal(host_next_with_mac(facts, other, &of), NONE);
	}
	assert_int_equal(hosts_with_mac(facts, &of, 9), 2);
	assert_int_equal(hosts_with_mac(facts, &of, 1), 1);
	fixture_free(fixture);
}

static void
news_of_answers_ends_with_the_third(void **state)
{
	static const bool counted[] = {true, true, false, false};
	struct fixture *fixture = servers();
	const struct mac own = mac(11), other = mac(66);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(counted); i++) {
		const struct news learnt = hosts_learn_mac(&fixture->facts, 0, &own);
		const struct news news = hosts_count_mac(&fixture->facts, 0, &own);

		assert_int_equal(learnt.kinds, i == 0 ? NEWS_MAC_LEARNT : 0);
		assert_true(i > 0 || mac_equal(&learnt.mac, &own));
		assert_int_equal(news.kinds, counted[i] ? NEWS_MAC_COUNTED : 0);
	}
	(void)hosts_learn_mac(&fixture->facts, 0, &other);
	assert_int_equal(hosts_count_mac(&fixture->facts, 0, &other).kinds, NEWS_MAC_COUNTED);
	for (unsigned i = 0; i < 600; i++)
		(void)hosts_count_mac(&fixture->facts, 0, &own);
	assert_int_equal(host_of(&fixture->facts, 0)->mac_answers[0], UINT8_MAX);
	fixture_free(fixture);
}

/* ---- Rivals ------------------------------------------------------------------------------- */

enum asked_as {
	AS_SOURCE = 1, /* 0 ends the answers */
	AS_SOURCE_TOO, /* to the same request as the answer before */
	AS_UNSPECIFIED,
	AS_NOBODY, /* an address that nobody asked with */
};

static const struct rival_case {
	const char *what;
	struct {
		uint8_t mac;
		enum asked_as as;
		bool counts; /* as the answer of the machine that was the first */
	} answers[7];
	bool rival, turns, moved;
} rival_cases[] = {
    {"one machine", {{11, AS_SOURCE, true}, {11, AS_UNSPECIFIED, true}, {11, AS_SOURCE, true}},
	false, false, false},
    {"one frame is damaged", {{11, AS_SOURCE, true}, {66, AS_SOURCE, false}, {11, AS_SOURCE, true}},
	false, false, false},
    {"the first one was damaged",
	{{66, AS_SOURCE, true}, {11, AS_SOURCE, false}, {11, AS_SOURCE, false}}, false, false,
	false},
    {"two machines",
	{{11, AS_SOURCE, true}, {66, AS_SOURCE_TOO, false}, {11, AS_SOURCE, true},
	    {66, AS_SOURCE_TOO, false}},
	true, true, false},
    {"two machines, the second of which is slower than the next request",
	{{11, AS_SOURCE, true}, {11, AS_SOURCE, true}, {66, AS_SOURCE_TOO, false},
	    {11, AS_SOURCE, true}, {66, AS_SOURCE_TOO, false}},
	true, true, false},
    {"two machines, which take turns to lose their answers",
	{{11, AS_SOURCE, true}, {66, AS_SOURCE, false}, {11, AS_SOURCE, true},
	    {66, AS_SOURCE, false}},
	false, true, false},
    {"two machines, of which one is hardly heard",
	{{11, AS_SOURCE, true}, {66, AS_SOURCE_TOO, false}, {11, AS_SOURCE, true},
	    {66, AS_SOURCE, false}, {11, AS_SOURCE, true}},
	false, true, false},
    {"a bond that balances, and is asked for two addresses by turns",
	{{11, AS_SOURCE, true}, {66, AS_UNSPECIFIED, true}, {66, AS_SOURCE, false},
	    {11, AS_SOURCE, true}, {66, AS_SOURCE, true}, {11, AS_SOURCE, true}},
	false, true, false},
    {"such a bond, whose answers come twice",
	{{11, AS_SOURCE, true}, {11, AS_SOURCE_TOO, true}, {66, AS_SOURCE, false},
	    {66, AS_SOURCE_TOO, false}, {11, AS_SOURCE, true}, {11, AS_SOURCE_TOO, true}},
	false, true, false},
    {"the address moves to another MAC",
	{{11, AS_SOURCE, true}, {11, AS_SOURCE, true}, {66, AS_SOURCE, false},
	    {66, AS_SOURCE, false}, {66, AS_SOURCE, false}},
	false, false, true},
    {"and back",
	{{11, AS_SOURCE, true}, {11, AS_SOURCE, true}, {66, AS_SOURCE, false},
	    {66, AS_SOURCE, false}, {11, AS_SOURCE, true}},
	false, true, false},
    {"it moves, and one frame was damaged",
	{{11, AS_SOURCE, true}, {77, AS_SOURCE, false}, {11, AS_SOURCE, true},
	    {66, AS_SOURCE, false}, {66, AS_SOURCE, false}, {66, AS_SOURCE, false}},
	false, false, true},
    {"a bond that balances by asker",
	{{11, AS_SOURCE, true}, {66, AS_UNSPECIFIED, true}, {11, AS_SOURCE, true},
	    {66, AS_UNSPECIFIED, true}, {11, AS_SOURCE, true}},
	false, false, false},
    {"such a bond, and one damaged target",
	{{11, AS_SOURCE, true}, {66, AS_UNSPECIFIED, true}, {11, AS_NOBODY, true},
	    {11, AS_SOURCE, true}, {66, AS_UNSPECIFIED, true}},
	false, false, false},
    {"a machine that answers nobody's questions",
	{{11, AS_SOURCE, true}, {66, AS_NOBODY, true}, {11, AS_SOURCE, true},
	    {66, AS_NOBODY, true}},
	false, true, false},
};

static struct address
asked_address(enum asked_as as)
{
	switch (as) {
	case AS_SOURCE:
	case AS_SOURCE_TOO:
		return ip(PROBE);
	case AS_UNSPECIFIED:
		return address_unspecified(ADDRESS_IPV4);
	case AS_NOBODY:
		break;
	}
	return ip(OTHER);
}

static void
note_question(struct fixture *fixture, uint8_t last, const struct address *spa)
{
	const struct address rip = ip(last);
	struct frame question;

	probe_who_has(&fixture->facts.probe, &rip, &mac_broadcast, spa, &question);
	hosts_note_question(&fixture->facts, &question);
}

/* The machine answers for the RIP. True if that counts as the first one's answer. */
static bool
answer(struct fixture *fixture, uint8_t by, uint8_t rip, enum asked_as as)
{
	struct frame frame = reply_of(by, rip);
	const uint32_t host = host_at(fixture, rip);

	frame.arp.tpa = asked_address(as);
	if (as != AS_SOURCE_TOO)
		note_question(fixture, rip, &frame.arp.tpa);
	(void)hosts_learn_mac(&fixture->facts, host, &frame.arp.sha);
	return hosts_hear_reply(&fixture->facts, host, &frame.arp);
}

static void
rivals_answer_the_same_request(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rival_cases); i++) {
		const struct rival_case *row = &rival_cases[i];
		struct fixture *fixture = servers();
		const uint32_t host = host_at(fixture, 11);

		for (size_t k = 0; k < COUNT_OF(row->answers) && row->answers[k].mac != 0; k++)
			assert_row(row->what,
			    answer(fixture, row->answers[k].mac, 11, row->answers[k].as),
			    row->answers[k].counts);
		assert_row(row->what, host_has_rival(&fixture->facts, host), row->rival);
		assert_row(row->what, host_takes_turns(&fixture->facts, host), row->turns);
		assert_row(row->what, host_has_moved(&fixture->facts, host), row->moved);
		assert_false(host_has_rival(&fixture->facts, host_at(fixture, 12)));
		fixture_free(fixture);
	}
}

/* What comes twice may be a bond's, unless it comes twice from all. */
static void
network_that_repeats_hides_no_rival(void **state)
{
	(void)state;
	for (int repeats = 0; repeats < 2; repeats++) {
		struct fixture *fixture = servers();

		for (uint8_t i = 0; i < 10; i++) {
			(void)answer(fixture, 12, 12, AS_SOURCE);
			if (repeats)
				(void)answer(fixture, 12, 12, AS_SOURCE_TOO);
			(void)answer(fixture, 11, 11, AS_SOURCE);
			(void)answer(fixture, 11, 11, AS_SOURCE_TOO);
			(void)answer(fixture, 66, 11, AS_SOURCE_TOO);
			(void)answer(fixture, 66, 11, AS_SOURCE_TOO);
		}
		assert_true(host_takes_turns(&fixture->facts, host_at(fixture, 11)));
		assert_int_equal(
		    host_has_rival(&fixture->facts, host_at(fixture, 11)), repeats != 0);
		assert_false(host_takes_turns(&fixture->facts, host_at(fixture, 12)));
		fixture_free(fixture);
	}
}

/* Those that have no place of their own are rivals of the others, if not of each other. */
static void
macs_without_a_place_are_rivals(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	for (uint8_t i = 0; i < HOST_MACS; i++)
		(void)hear_reply(fixture, (uint8_t)(60 + i), 11);
	(void)hear_reply(fixture, 60, 11);
	(void)hear_reply(fixture, 70, 11);
	assert_false(host_has_rival(&fixture->facts, 0));
	(void)hear_reply(fixture, 71, 11);
	assert_false(host_has_rival(&fixture->facts, 0));
	(void)hear_reply(fixture, 60, 11);
	assert_true(host_has_rival(&fixture->facts, 0));
	fixture_free(fixture);
}

/* ---- What it asks as ---------------------------------------------------------------------- */

static const struct sender_case {
	const char *what;
	uint8_t spas[4];
	bool sure[4];
} sender_cases[] = {
    {"its own address", {11, 11}, {true, true}},
    {"another one, heard once", {OTHER}, {false}},
    {"another one of its own", {OTHER, OTHER, 11, OTHER}, {false, true, true, true}},
    {"damaged frames", {OTHER, 78, OTHER, 78}, {false, false, false, false}},
};

static void
another_address_has_to_be_heard_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sender_cases); i++) {
		const struct sender_case *row = &sender_cases[i];
		struct fixture *fixture = servers();

		for (size_t k = 0; k < COUNT_OF(row->spas) && row->spas[k] != 0; k++) {
			const struct address spa = ip(row->spas[k]);

			assert_row(row->what,
			    hosts_hear_sender(&fixture->facts, host_at(fixture, 11), &spa),
			    row->sure[k]);
		}
		fixture_free(fixture);
	}
}

/* ---- Announcements ------------------------------------------------------------------------ */

/* 0 ends the MACs. */
static const struct announcement_case {
	const char *what;
	uint8_t before, announced_by[2], answers_after;
	bool elsewhere;
} announcement_cases[] = {
    {"nobody", 11, {0}, 0, false},
    {"the host itself", 11, {11}, 0, false},
    {"another machine", 11, {66}, 0, true},
    {"another machine, before the host was heard", 0, {66}, 0, false},
    {"another machine, and the host defends its address", 11, {66, 11}, 0, false},
    {"another machine, which answered once since", 11, {66}, 1, true},
    {"another machine, which answers since", 11, {66}, 2, false},
};

static void
count_answers(struct fixture *fixture, uint8_t last, uint8_t answers)
{
	const struct mac sha = mac(last);

	for (uint8_t i = 0; i < answers; i++) {
		(void)hosts_learn_mac(&fixture->facts, host_at(fixture, 11), &sha);
		(void)hosts_count_mac(&fixture->facts, host_at(fixture, 11), &sha);
	}
}

static void
announcements_by_others_are_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(announcement_cases); i++) {
		const struct announcement_case *row = &announcement_cases[i];
		struct fixture *fixture = servers();
		const uint32_t host = host_at(fixture, 11);

		count_answers(fixture, 11, row->before != 0 ? 2 : 0);
		for (size_t k = 0; k < 2 && row->announced_by[k] != 0; k++) {
			const struct mac sha = mac(row->announced_by[k]);

			hosts_hear_announcement(&fixture->facts, host, &sha);
		}
		count_answers(fixture, 66, row->answers_after);
		assert_row(row->what, host_announced_elsewhere(&fixture->facts, host) != NULL,
		    row->elsewhere);
		fixture_free(fixture);
	}
}

/* Asked from a decoy, a proxy answers as well: its answer is none to an ARP Probe. */
static void
answers_to_a_decoy_show_no_address(void **state)
{
	(void)state;
	for (unsigned by_decoy = 0; by_decoy < 2; by_decoy++) {
		struct fixture *fixture = servers();
		const struct mac sha = mac(66);
		struct frame frame = reply_of(66, 11);

		frame.arp.tpa = by_decoy ? decoy_of(&fixture->facts, 0)->address : ip(OTHER);
		(void)hear(fixture, &frame);
		assert_int_equal(
		    host_answers_probes_by(&fixture->facts, host_at(fixture, 11), &sha), !by_decoy);
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts_are_found_by_their_addresses),
	    cmocka_unit_test(directors_by_address_are_hosts),
	    cmocka_unit_test(swept_addresses_are_not_listed),
	    cmocka_unit_test(macs_lead_to_all_of_their_hosts),
	    cmocka_unit_test(only_so_many_macs_are_kept),
	    cmocka_unit_test(damaged_macs_are_had_but_not_known),
	    cmocka_unit_test(any_host_may_be_known_by_a_mac),
	    cmocka_unit_test(any_host_of_a_mac_can_be_the_first),
	    cmocka_unit_test(news_of_answers_ends_with_the_third),
	    cmocka_unit_test(rivals_answer_the_same_request),
	    cmocka_unit_test(network_that_repeats_hides_no_rival),
	    cmocka_unit_test(macs_without_a_place_are_rivals),
	    cmocka_unit_test(another_address_has_to_be_heard_again),
	    cmocka_unit_test(announcements_by_others_are_kept),
	    cmocka_unit_test(answers_to_a_decoy_show_no_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
