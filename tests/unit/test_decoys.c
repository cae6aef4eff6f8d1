/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoys: which addresses are drawn, when one is taken, which of them each host gets, and how sure
 * it is that they are free.
 */
#include <math.h>

#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "facts_fixture.h"

#define FURTHER 7 /* decoys of the start beyond one for each VIP */

static struct fixture *
servers(void)
{
	return fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .seed = 7});
}

static void
make_ready(struct fixture *fixture)
{
	for (uint32_t i = 0; i < decoys_count(&fixture->facts); i++)
		decoy_set_state(&fixture->facts, i, DECOY_READY);
	decoys_set_decided(&fixture->facts, true);
}

static struct frame
packet_from(const struct address *source)
{
	return (struct frame){
	    .kind = FRAME_ECHO_REPLY,
	    .source = mac(77),
	    .destination = mac(PROBE),
	    .ip = {.source = *source, .destination = ip(PROBE)},
	};
}

/* ---- Which addresses ---------------------------------------------------------------------- */

/* In 10.77.0.0/28, where .1 is the probe. A set is one of bits 1 << last octet. */
#define OCTETS(first, last) ((2u << (last)) - (1u << (first)))

static const struct drawn_case {
	const char *what;
	struct fixture_plan plan;
	uint32_t expected;
	uint32_t usable; /* 0: all of its capacity */
} drawn_cases[] = {
    {"hosts, directors, VIPs and the source are none",
	{.vips = "10.77.0.2,10.77.0.3",
	    .hosts = "10.77.0.4-7",
	    .directors = "10.77.0.8,02:00:0a:4d:00:09",
	    .source = "10.77.0.10"},
	OCTETS(9, 9) | OCTETS(11, 14), 0},
    {"hosts of a sweep may be",
	{.vips = "10.77.0.2,10.77.0.3,10.77.0.100,10.77.0.101,10.77.0.102",
	    .directors = "10.77.0.8",
	    .source = "10.77.0.10"},
	OCTETS(4, 7) | OCTETS(9, 9) | OCTETS(11, 14), 0},
    {"those that are named come first, and others are only asked for",
	{.vips = "10.77.0.2", .hosts = "10.77.0.4-10", .decoys = "10.77.0.14,10.77.0.12"},
	OCTETS(3, 3) | OCTETS(11, 14), 2},
    {"nothing is left", {.vips = "10.77.0.2", .hosts = "10.77.0.3-14"}, 0, 0},
};

static void
decoys_are_nobodys_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(drawn_cases); i++) {
		const struct drawn_case *row = &drawn_cases[i];

		for (uint64_t seed = 0; seed < 8; seed++) {
			struct fixture_plan plan = row->plan;
			uint32_t drawn = 0;

			plan.length = 28;
			plan.seed = seed;
			struct fixture *fixture = fixture_new(&plan);
			const struct facts *facts = &fixture->facts;

			for (uint32_t k = 0; k < decoys_count(facts); k++) {
				const struct address *address = &decoy_of(facts, k)->address;

				assert_int_equal(decoy_find(facts, address), k);
				assert_row(row->what, decoy_of(facts, k)->beside,
				    k >= decoys_count_first(facts));
				if (decoy_of(facts, k)->beside)
					continue;
				assert_row(row->what, drawn >> address->octet[3] & 1, 0);
				drawn |= 1u << address->octet[3];
			}
			assert_row(row->what, drawn, row->expected);
			assert_row(row->what, decoys_count_usable(facts),
			    row->usable != 0 ? row->usable : decoys_capacity(facts));
			if (row->usable != 0)
				assert_int_equal(decoy_of(facts, 0)->address.octet[3], 14);
			fixture_free(fixture);
		}
	}
}

/* Audits that run side by side on a segment draw different addresses, and none that the plan names
 * for another cluster. */
static void
audits_side_by_side_draw_apart(void **state)
{
	struct address_set used = {.count = 0};
	bool drawn[256] = {false};

	(void)state;
	for (uint8_t octet = 100; octet < 140; octet++) {
		const struct address vip = ip(octet);

		assert_true(address_set_add(&used, &vip));
	}
	address_set_sort(&used);
	for (uint64_t i = 0; i < 16; i++) {
		const struct fixture_plan plan = {.vips = "10.77.0.2",
		    .hosts = "10.77.0.4-7",
		    .used = &used,
		    .decoy_class = UINT64_MAX / 2 + i,
		    .seed = i};
		struct fixture *fixture = fixture_new(&plan);

		assert_in_range(decoys_count(&fixture->facts), 8, 16);
		for (uint32_t k = 0; k < decoys_count(&fixture->facts); k++) {
			const struct address *address = &decoy_of(&fixture->facts, k)->address;

			assert_false(address_set_has(&used, address));
			assert_false(drawn[address->octet[3]]);
			drawn[address->octet[3]] = true;
		}
		fixture_free(fixture);
	}
	address_set_free(&used);
}

/* One for each VIP, and some further ones; by chance, as the seed has it. */
static void
as_many_are_drawn_as_are_needed(void **state)
{
	bool differs = false;
	uint8_t last = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 8; seed++) {
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .vips = "10.77.0.100,10.77.0.101", .hosts = "10.77.0.11-12", .seed = seed});
		const uint8_t first = decoy_of(&fixture->facts, 0)->address.octet[3];

		assert_int_equal(decoys_count(&fixture->facts), 2 + FURTHER);
		differs = differs || (seed > 0 && first != last);
		last = first;
		fixture_free(fixture);
	}
	assert_true(differs);
}

/* Without an address on the segment there is no subnet to draw from. */
static void
nothing_is_drawn_from_no_subnet(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12",
	    .decoys = "10.77.0.200",
	    .source = "10.77.0.10",
	    .has_no_address = true});

	(void)state;
	assert_int_equal(decoys_count(&fixture->facts), 1);
	assert_false(decoys_draw_another(&fixture->facts));
	assert_int_equal(decoys_count(&fixture->facts), 1);
	fixture_free(fixture);
}

/* What was heard before is never drawn, not even to replace others; and it does not matter by what
 * it was heard. */
static void
addresses_that_were_heard_are_no_decoys(void **state)
{
	(void)state;
	for (int by_arp = 0; by_arp < 2; by_arp++) {
		struct fixture *fixture = servers();

		for (uint8_t last = 20; last < 250; last++) {
			const struct address address = ip(last);
			const struct frame request = request_of(77, last, 78);
			const struct frame packet = packet_from(&address);

			(void)hear(fixture, by_arp ? &request : &packet);
		}
		while (decoys_draw_another(&fixture->facts))
			;
		assert_int_equal(decoys_count(&fixture->facts), 2 * (1 + FURTHER));
		for (uint32_t i = 0; i < decoys_count(&fixture->facts); i++) {
			const struct decoy *decoy = decoy_of(&fixture->facts, i);
			const uint8_t last = decoy->address.octet[3];

			assert_int_equal(decoy->state == DECOY_TAKEN, last >= 20 && last < 250);
			assert_true(
			    i < decoys_count_first(&fixture->facts) || last < 20 || last >= 250);
		}
		fixture_free(fixture);
	}
}

/* ---- Beside a VIP that is outside --------------------------------------------------------- */

/* They are near the VIP, nobody's, and neither network nor broadcast addresses of a small subnet.
 * They serve for this VIP alone. */
static void
decoys_beside_a_vip(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .vips = "10.88.0.100,10.88.0.101,10.77.0.100", .seed = seed});
		const struct facts *facts = &fixture->facts;

		assert_int_equal(decoy_beside(facts, 0, 0), NONE); /* not verified yet */
		make_ready(fixture);
		for (uint32_t vip = 0; vip < 2; vip++)
			for (uint32_t number = 0; number < 2; number++) {
				const uint32_t decoy = decoy_beside(facts, vip, number);

				assert_int_not_equal(decoy, NONE);
				const uint8_t *octet = decoy_of(facts, decoy)->address.octet;

				assert_int_equal(octet[0], 10);
				assert_int_equal(octet[1], 88);
				assert_int_equal(octet[2], 0);
				assert_in_range(octet[3], 96, 111);
				assert_true((octet[3] & 3) == 1 || (octet[3] & 3) == 2);
				assert_true(octet[3] != 100 && octet[3] != 101);
			}
		assert_int_equal(decoy_beside(facts, 0, 2), NONE);
		assert_int_equal(decoy_beside(facts, 2, 0), NONE);
		/* None of them is an ordinary decoy. */
		for (uint32_t decoy; (decoy = decoy_take(&fixture->facts, 5)) != NONE;)
			assert_int_equal(decoy_of(facts, decoy)->address.octet[1], 77);
		fixture_free(fixture);
	}
}

/* ---- Taken -------------------------------------------------------------------------------- */

enum speech {
	BY_REQUEST = 0, /* with the decoy as SPA */
	BY_REPLY,
	BY_ANNOUNCEMENT,
	BY_PACKET,
	FOR_IT,           /* a request with the decoy as TPA */
	FOR_IT_AS_PROBE,  /* the same with SPA 0.0.0.0 */
	FOR_IT_BY_PACKET, /* an IP packet to it */
	REPLY_TO_IT,      /* an ARP reply with it as TPA */
};

static const struct taken_case {
	const char *what;
	enum speech speech;
	uint8_t by;
	bool given;     /* .11 got it, to make it ask for it */
	bool restoring; /* an owner is asked from there */
	bool taken;
} taken_cases[] = {
    {"it asks with it", BY_REQUEST, 77, false, false, true},
    {"it answers for it", BY_REPLY, 77, false, false, true},
    {"it announces it", BY_ANNOUNCEMENT, 77, false, false, true},
    {"it sends packets from it", BY_PACKET, 77, false, false, true},
    {"the host that got it has it", BY_REQUEST, 11, true, false, true},
    {"while an owner is restored", BY_REPLY, 77, false, true, true},
    {"a stranger asks for it", FOR_IT, 77, false, false, false},
    {"a stranger probes for it", FOR_IT_AS_PROBE, 77, false, false, true},
    {"a host asks for it", FOR_IT, 11, false, false, false},
    {"a host asks for what another got", FOR_IT, 12, true, false, false},
    {"the host that got it asks for it", FOR_IT, 11, true, false, false},
    {"the owner asks for it", FOR_IT, 77, false, true, false},
    {"a packet to it", FOR_IT_BY_PACKET, 77, false, false, false},
    {"a reply to it", REPLY_TO_IT, 77, false, false, false},
};

static struct frame
speech_of(const struct taken_case *row, const struct address *decoy)
{
	struct frame frame = request_of(row->by, 78, 79);

	switch (row->speech) {
	case BY_REPLY:
		frame.arp.operation = ARP_REPLY;
		frame.destination = mac(PROBE);
		frame.arp.spa = *decoy;
		break;
	case BY_ANNOUNCEMENT:
		frame.arp.tpa = *decoy;
		frame.arp.spa = *decoy;
		break;
	case BY_REQUEST:
		frame.arp.spa = *decoy;
		break;
	case BY_PACKET:
		return packet_from(decoy);
	case FOR_IT_AS_PROBE:
		frame.arp.spa = address_unspecified(ADDRESS_IPV4);
		frame.arp.tpa = *decoy;
		break;
	case REPLY_TO_IT:
		frame.arp.operation = ARP_REPLY;
		frame.arp.tpa = *decoy;
		break;
	case FOR_IT:
		frame.arp.tpa = *decoy;
		break;
	case FOR_IT_BY_PACKET:
		frame = packet_from(decoy);
		frame.ip.source = ip(78);
		frame.ip.destination = *decoy;
		break;
	}
	return frame;
}

static void
decoys_are_taken_by_their_users(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken_cases); i++) {
		const struct taken_case *row = &taken_cases[i];
		struct fixture *fixture = servers();
		struct facts *facts = &fixture->facts;

		(void)hear_reply(fixture, 11, 11);
		(void)hear_reply(fixture, 12, 12);
		make_ready(fixture);
		/* Another host has one of its own all the same. */
		const uint32_t decoy = row->given ? decoy_take(facts, host_at(fixture, 11)) : 2;
		const struct frame frame = speech_of(row, &decoy_of(facts, decoy)->address);

		if (row->restoring)
			decoys_note_restoring(facts, 0, decoy, &frame.arp.sha);
		const struct news news = hear(fixture, &frame);

		assert_row(row->what, news_has(&news, NEWS_DECOY_TAKEN), row->taken);
		assert_row(row->what, news_has(&news, NEWS_DECOY_LOST), row->taken);
		assert_row(row->what, decoy_of(facts, decoy)->state,
		    row->taken ? DECOY_TAKEN : DECOY_READY);
		assert_row(row->what, decoys_ready(facts), decoys_count(facts) - row->taken);
		if (row->taken)
			assert_row(row->what, news.decoy, decoy);
		/* That it is taken is news again, but it is lost only once. */
		const struct news again = hear(fixture, &frame);

		assert_row(row->what, news_has(&again, NEWS_DECOY_TAKEN), row->taken);
		assert_row(row->what, news_has(&again, NEWS_DECOY_LOST), false);
		fixture_free(fixture);
	}
}

/* The host was given the decoys before it, but not the next one. */
static void
next_decoy_is_not_given_yet(void **state)
{
	struct fixture *fixture = servers();
	struct facts *facts = &fixture->facts;
	const uint32_t host = host_at(fixture, 11), first = decoys_count_first(facts);
	uint32_t decoy = 0;

	(void)state;
	(void)hear_reply(fixture, 11, 11);
	make_ready(fixture);
	for (int i = 0; i < 3; i++) {
		decoy = decoy_take(facts, host);
		const uint8_t last = decoy_of(facts, decoy)->address.octet[3];

		assert_int_equal(hear_request(fixture, 11, 11, last).kinds, 0);
	}
	const uint8_t next = decoy_of(facts, (decoy + 1) % first)->address.octet[3];

	/* It asks for that one unprompted, so it does not get it. Others may. */
	assert_int_equal(hear_request(fixture, 11, 11, next).kinds, 0);
	assert_true(decoy_take(facts, host) != (decoy + 1) % first);
	assert_int_equal(decoy_of(facts, (decoy + 1) % first)->state, DECOY_READY);
	fixture_free(fixture);
}

/* Several hosts ask for a decoy unprompted: another audit has drawn it, too. */
static void
decoys_that_several_ask_for_are_lost(void **state)
{
	struct fixture *fixture = servers();
	const uint8_t last = decoy_of(&fixture->facts, 0)->address.octet[3];

	(void)state;
	make_ready(fixture);
	assert_int_equal(hear_request(fixture, 71, 71, last).kinds, 0);
	assert_int_equal(hear_request(fixture, 72, 72, last).kinds, 0);
	assert_int_equal(hear_request(fixture, 71, 71, last).kinds, 0);
	assert_int_equal(
	    hear_request(fixture, 73, 73, last).kinds, NEWS_DECOY_TAKEN | NEWS_DECOY_LOST);
	fixture_free(fixture);
}

/* A packet from a decoy makes a machine of several cards ask by another card than it reached, and
 * with the VIP or its RIP. The decoy stays free, but no host gets it any more. */
static void
decoys_that_other_cards_ask_for_are_kept(void **state)
{
	static const struct {
		const char *what;
		bool given;
		uint8_t spa;
		bool taken;
	} rows[] = {
	    {"cards ask as the VIP for what a host got", true, 100, false},
	    {"cards ask as the VIP, but nobody got it", false, 100, true},
	    {"strangers ask for what a host got", true, 77, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fixture *fixture = servers();
		struct facts *facts = &fixture->facts;

		make_ready(fixture);
		const uint32_t decoy = decoy_take(facts, host_at(fixture, 11));
		const uint32_t asked =
		    rows[i].given ? decoy : (decoy + 1) % decoys_count_first(facts);
		const uint8_t last = decoy_of(facts, asked)->address.octet[3];

		for (uint8_t card = 71; card < 74; card++)
			(void)hear_request(fixture, card, rows[i].spa, last);
		assert_row(rows[i].what, decoy_of(facts, asked)->state,
		    rows[i].taken ? DECOY_TAKEN : DECOY_READY);
		while (decoy_is_available(facts, host_at(fixture, 12)))
			assert_row(
			    rows[i].what, decoy_take(facts, host_at(fixture, 12)) == asked, false);
		fixture_free(fixture);
	}
}

/* A sweep asks for every address, with whatever SPA. At most one decoy is lost by it. */
static void
surveys_take_no_decoys(void **state)
{
	(void)state;
	for (unsigned probes = 0; probes < 2; probes++) {
		struct fixture *fixture = servers();
		const uint32_t count = decoys_count(&fixture->facts);

		make_ready(fixture);
		for (uint32_t i = 0; i < count; i++) {
			struct frame frame =
			    request_of(77, 77, decoy_of(&fixture->facts, i)->address.octet[3]);

			if (probes == 1)
				frame.arp.spa = address_unspecified(ADDRESS_IPV4);
			(void)hear(fixture, &frame);
		}
		assert_int_equal(decoys_ready(&fixture->facts), count - probes);
		fixture_free(fixture);
	}
}

/* Two audits at the same time hardly ever draw any of the same addresses. */
static void
audits_rarely_meet(void **state)
{
	unsigned meetings = 0, lengths = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 500; seed++) {
		struct fixture *one =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-30", .seed = 2 * seed});
		struct fixture *other = fixture_new(
		    &(struct fixture_plan){.hosts = "10.77.0.11-30", .seed = 2 * seed + 1});
		bool meet = false;

		for (uint32_t i = 0; i < decoys_count(&one->facts); i++)
			meet = meet || decoy_find(&other->facts,
					   &decoy_of(&one->facts, i)->address) != NONE;
		meetings += meet;
		lengths += decoys_count(&one->facts);
		fixture_free(one);
		fixture_free(other);
	}
	print_message("%u of 500 pairs meet\n", meetings);
	/* Were each address drawn by itself, about a quarter would. */
	assert_true(meetings < 50);
	assert_int_equal(lengths, 500 * (1 + FURTHER));
}

/* The owner is made to ask for several decoys, by several packets. Whoever else asks for them, or
 * the owner for others, does so unprompted. */
static void
owner_may_ask_for_all_decoys_of_a_restoration(void **state)
{
	struct fixture *fixture = servers();
	const struct mac owner = mac(77);

	(void)state;
	for (uint32_t decoy = 2; decoy < 5; decoy++)
		decoys_note_restoring(&fixture->facts, 0, decoy, &owner);
	for (uint32_t decoy = 2; decoy < 6; decoy++) {
		const uint8_t last = decoy_of(&fixture->facts, decoy)->address.octet[3];
		struct frame frame = request_of(77, 78, last);

		frame.arp.spa = address_unspecified(ADDRESS_IPV4);
		assert_int_equal(hear(fixture, &frame).kinds == 0, decoy < 5);
	}
	const uint8_t last = decoy_of(&fixture->facts, 3)->address.octet[3];
	struct frame frame = request_of(79, 78, last);

	frame.arp.spa = address_unspecified(ADDRESS_IPV4);
	assert_int_equal(hear(fixture, &frame).kinds, NEWS_DECOY_TAKEN | NEWS_DECOY_LOST);
	fixture_free(fixture);
}

/* The first two MACs that answer for each decoy. */
static void
answers_for_decoys_are_counted(void **state)
{
	static const struct {
		uint8_t decoy, by;
	} answers[] = {{0, 61}, {0, 61}, {1, 61}, {0, 62}, {0, 63}, {2, 62}, {3, 64}};
	const struct mac macs[] = {mac(61), mac(62), mac(63), mac(64)};
	static const struct {
		uint8_t first, count;
		uint32_t answered;
	} expected[] = {
	    {0, 1, 2}, {1, 1, 2}, {2, 1, 0}, {3, 1, 1}, {0, 2, 3}, {0, 4, 4}, {0, 0, 0}};
	struct fixture *fixture = servers();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		const struct address address = decoy_of(&fixture->facts, answers[i].decoy)->address;
		const struct frame packet = packet_from(&address);

		(void)hear_reply(fixture, answers[i].by, address.octet[3]);
		(void)hear(fixture, &packet); /* no answer */
	}
	for (size_t i = 0; i < COUNT_OF(expected); i++)
		assert_int_equal(decoys_answered_by(
				     &fixture->facts, &macs[expected[i].first], expected[i].count),
		    expected[i].answered);
	fixture_free(fixture);
}

/* A machine answers for the first decoys. Those for which it answers SPA 0.0.0.0 are its own. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order that reads best */
static const struct proxy_case {
	const char *what;
	uint32_t answered, own, told;
	uint8_t kinds_answered;
	struct loss loss;
	bool asked, shown;
} proxy_cases[] = {
    {"one address", 1, 0, 0, UINT8_MAX, {100, 0}, false, false},
    {"several, and it was not asked", 3, 0, 0, UINT8_MAX, {100, 0}, true, false},
    {"it was asked", 3, 0, 1, UINT8_MAX, {100, 0}, false, true},
    {"it was asked, and much is lost", 3, 0, 1, UINT8_MAX, {3, 3}, true, false},
    {"it was asked more often", 3, 0, 3, UINT8_MAX, {30, 3}, false, true},
    {"one is its own", 3, 1, 3, UINT8_MAX, {100, 0}, false, false},
    {"one of several is its own", 4, 1, 3, UINT8_MAX, {100, 0}, false, true},
    {"all are its own", 8, 8, 0, UINT8_MAX, {100, 0}, false, false},
    {"little is known of the loss", 3, 0, 3, UINT8_MAX, {2, 0}, true, false},
    {"little is known, and it was asked most often", 3, 0, 13, UINT8_MAX, {2, 0}, false, true},
    {"SPA 0.0.0.0 is dropped", 3, 0, 13, 1u << SPA_SOURCE, {100, 0}, false, false},
};

static void
proxies_are_told_from_own_addresses(void **state)
{
	const struct mac machine = mac(61);
	size_t answerer;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(proxy_cases); i++) {
		const struct proxy_case *row = &proxy_cases[i];
		struct fixture *fixture = servers();
		struct facts *facts = &fixture->facts;

		facts->loss[PATH_UNICAST] = row->loss;
		facts->asked->kinds_answered = row->kinds_answered;
		for (uint32_t k = 0; k < row->answered; k++) {
			struct frame reply = reply_of(61, decoy_of(facts, k)->address.octet[3]);

			(void)hear(fixture, &reply);
			for (uint32_t told = 0; told < row->told; told++)
				decoy_count_telling(facts, k, 0);
			reply.arp.tpa = address_unspecified(ADDRESS_IPV4);
			if (k < row->own)
				(void)hear(fixture, &reply);
		}
		assert_row(
		    row->what, decoys_proxied_by(facts, &machine, 1), row->answered - row->own);
		/* Those that were taken test only where fewer than three others are left. */
		assert_row(row->what, decoys_count_tested(facts),
		    decoys_count_first(facts) - (row->answered <= 5 ? row->answered : row->own));
		assert_row(row->what, decoys_show_proxy(facts, &machine, 1), row->shown);
		assert_row(row->what, decoy_wants_telling(facts, 0, &answerer), row->asked);
		fixture_free(fixture);
	}
}

/* ---- For each host ------------------------------------------------------------------------ */

/* Each host gets each decoy once, whatever the others got; and not all begin with the same. */
static void
each_host_gets_fresh_decoys(void **state)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-26", .seed = 7});
	struct facts *facts = &fixture->facts;
	uint32_t first[16] = {0};
	bool differs = false;

	(void)state;
	assert_false(decoy_is_available(facts, 0)); /* none is known to be free */
	assert_int_equal(decoy_take(facts, 0), NONE);
	make_ready(fixture);
	decoy_set_state(facts, 3, DECOY_TAKEN);
	decoy_set_state(facts, 5, DECOY_SPARE);
	decoy_set_state(facts, 6, DECOY_CANDIDATE);
	for (uint32_t host = 0; host < host_count(facts); host++) {
		uint32_t got = 0;

		while (decoy_is_available(facts, host)) {
			const uint32_t decoy = decoy_take(facts, host);

			first[host] = got == 0 ? decoy : first[host];
			assert_int_equal(got & 1u << decoy, 0);
			got |= 1u << decoy;
		}
		assert_int_equal(
		    got, ((1u << decoys_count(facts)) - 1) & ~(1u << 3 | 1u << 5 | 1u << 6));
		assert_int_equal(decoy_take(facts, host), NONE);
		differs = differs || first[host] != first[0];
	}
	assert_true(differs);
	fixture_free(fixture);
}

/* All of them are taken at once: each is replaced, once; the replacements are fresh for all. */
static void
taken_decoys_are_replaced(void **state)
{
	struct fixture *fixture = servers();
	struct facts *facts = &fixture->facts;
	const uint32_t first = decoys_count_first(facts);

	(void)state;
	make_ready(fixture);
	while (decoy_is_available(facts, 0))
		(void)decoy_take(facts, 0);
	for (uint32_t i = 0; i < first; i++) {
		const uint8_t last = decoy_of(facts, i)->address.octet[3];

		(void)hear_request(fixture, 77, last, last);
		assert_true(decoys_draw_another(facts));
		assert_false(decoys_are_decided(facts));
	}
	assert_int_equal(decoys_ready(facts), 0);
	assert_int_equal(decoys_count(facts), 2 * first);
	assert_int_equal(decoys_count_first(facts), first);
	assert_int_equal(decoys_count(facts), decoys_capacity(facts));
	assert_false(decoys_draw_another(facts));
	make_ready(fixture);
	for (uint32_t i = 0; i < first; i++)
		decoy_set_state(facts, i, DECOY_TAKEN);
	for (uint32_t host = 0; host < 2; host++) {
		for (uint32_t i = first; i < 2 * first; i++)
			assert_int_equal(decoy_take(facts, host), i);
		assert_false(decoy_is_available(facts, host));
	}
	fixture_free(fixture);
}

/* What the user names is not replaced. */
static void
named_decoys_are_not_replaced(void **state)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .decoys = "10.77.0.200"});

	(void)state;
	assert_int_equal(decoys_count_usable(&fixture->facts), 1);
	assert_int_equal(decoys_capacity(&fixture->facts), 1 + FURTHER);
	assert_int_equal(decoys_count(&fixture->facts), 1 + FURTHER);
	assert_false(decoys_draw_another(&fixture->facts));
	fixture_free(fixture);
}

/* ---- How sure it is that they are free ---------------------------------------------------- */

static const struct probed_case {
	const char *what;
	struct loss loss;
	uint8_t rounds;
	bool probed;
} probed_cases[] = {
    {"never asked for", {1000, 0}, 0, false},
    {"fewer than in RFC 5227", {1000, 0}, 2, false},
    {"three, as there", {1000, 0}, 3, true},
    /* 1/21 and 1/22 to the power of 3 lie on both sides of 1e-4. */
    {"few hosts tell", {19, 0}, 3, false},
    {"few hosts tell, one more probe", {19, 0}, 4, true},
    {"just enough hosts tell", {20, 0}, 3, true},
    /* 2 to the power of -13 and -14. */
    {"nobody tells", {0, 0}, 13, false},
    {"nobody tells, but there were many probes", {0, 0}, 14, true},
    /* 10! 10! / 19! and 10! 11! / 20!: not 2/11 to the power of 9. */
    {"something is lost", {8, 1}, 9, false},
    {"something is lost, one more probe", {8, 1}, 10, true},
    {"most is lost", {1, 8}, DECOY_PROBES_MAX, false},
};

static void
lossy_segments_take_more_probes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(probed_cases); i++) {
		const struct probed_case *row = &probed_cases[i];
		struct fixture *fixture = servers();

		fixture->facts.loss[PATH_BROADCAST] = row->loss;
		fixture->facts.loss[PATH_UNICAST] = (struct loss){.lost = 50};
		for (uint8_t k = 0; k < row->rounds; k++)
			decoy_count_round(&fixture->facts, 3);
		assert_row(row->what, decoy_is_probed(&fixture->facts, 3), row->probed);
		assert_false(decoy_is_probed(&fixture->facts, 2));
		fixture_free(fixture);
	}
}

/* Two decoys that a proxy answered for would not show it. */
static const struct bound_case {
	const char *what;
	const char *hosts; /* of 10.77.0.0/28 */
	uint32_t count;
	uint32_t rounds;
	struct loss loss;
	uint32_t asked; /* so many answers would have been lost */
	double choices; /* 0: the bound is 1 */
} bound_cases[] = {
    {"no probe yet", "10.77.0.11-12", 8, 0, {100, 0}, 0, 0},
    {"one probe", "10.77.0.11-12", 8, 1, {100, 0}, 6, 28},
    {"three probes", "10.77.0.11-12", 8, 3, {100, 0}, 18, 28},
    {"some are lost", "10.77.0.11-12", 8, 4, {100, 3}, 24, 28},
    {"much is lost", "10.77.0.11-12", 8, 1, {0, 9}, 0, 0},
    {"three decoys", "10.77.0.2-11", 3, 4, {100, 0}, 4, 3},
    {"two decoys", "10.77.0.2-12", 2, 4, {100, 0}, 0, 0},
};

static void
proxies_hide_behind_lost_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bound_cases); i++) {
		const struct bound_case *row = &bound_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = row->hosts, .length = 28});
		struct facts *facts = &fixture->facts;
		const double expected =
		    row->choices > 0 ? row->choices * loss_all_lost(&row->loss, row->asked) : 1;

		facts->loss[PATH_BROADCAST] = row->loss;
		facts->asked->kinds_answered = 1u << SPA_SOURCE;
		assert_row(row->what, decoys_count_first(facts), row->count);
		for (uint32_t k = 0; k < row->count; k++)
			for (uint32_t round = 0; round < row->rounds; round++)
				decoy_count_round(facts, k);
		decoy_count_round(facts, 0); /* the fewest tell */
		assert_row(row->what, decoys_rounds(facts), row->rounds);
		if (fabs(decoys_bound(facts) - expected) > 1e-12 * expected)
			fail_msg("%s: %g, not %g", row->what, decoys_bound(facts), expected);
		fixture_free(fixture);
	}
}

/* The network may drop questions with the probe's own address. */
static void
unheard_probe_confirms_nothing(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	for (uint32_t i = 0; i < decoys_count(&fixture->facts); i++)
		for (uint8_t round = 0; round < 4; round++)
			decoy_count_round(&fixture->facts, i);
	fixture->facts.loss[PATH_BROADCAST] = (struct loss){.answered = 100};
	assert_int_equal(decoys_confirmations(&fixture->facts), 0);
	assert_true(decoys_bound(&fixture->facts) == 1);
	fixture->facts.asked->kinds_answered = 1u << SPA_SOURCE; /* somebody heard it */
	assert_int_equal(decoys_confirmations(&fixture->facts), 4);
	assert_true(decoys_bound(&fixture->facts) < 1e-6);
	fixture_free(fixture);
}

/* It once counted all rounds that there may be, for seconds. */
static void
no_decoys_take_no_rounds(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){
	    .hosts = "10.77.0.11-12", .source = "10.77.0.10", .has_no_address = true});

	(void)state;
	fixture->facts.asked->kinds_answered = 1u << SPA_SOURCE;
	assert_int_equal(decoys_count(&fixture->facts), 0);
	assert_int_equal(decoys_rounds_needed(&fixture->facts), UINT32_MAX);
	fixture_free(fixture);
}

/* A probe for a decoy that replaces another one does not make a round of the first ones later. */
static void
rounds_are_complete_when_they_are(void **state)
{
	struct fixture *fixture = servers();
	struct facts *facts = &fixture->facts;

	(void)state;
	for (uint64_t round = 1; round <= 2; round++) {
		for (uint32_t i = 0; i < decoys_count_first(facts); i++)
			decoy_count_round(facts, i);
		decoys_note_sent(facts, 0, 1000 * round - 1);
		decoys_note_sent(facts, 1, 1000 * round);
	}
	decoys_note_sent(facts, decoys_count_first(facts), 9000);
	assert_int_equal(decoys_round_us(facts, 1), 1000);
	assert_int_equal(decoys_round_us(facts, 2), 2000);
	assert_int_equal(decoys_rounds_by(facts, 2000), 2);
	decoys_void(facts, DECOY_CANDIDATE);
	assert_int_equal(decoys_round_us(facts, 2), 0);
	fixture_free(fixture);
}

/* A decoy that is in use gets one probe. The rounds of the others count. */
static void
taken_decoys_hold_no_round_back(void **state)
{
	struct fixture *fixture = servers();
	struct facts *facts = &fixture->facts;

	(void)state;
	for (uint32_t round = 1; round <= 3; round++) {
		for (uint32_t i = round == 1 ? 0 : 1; i < decoys_count_first(facts); i++)
			decoy_count_round(facts, i);
		decoys_note_sent(facts, round == 1 ? 0 : 1, UINT64_C(1000) * round);
	}
	assert_int_equal(decoys_rounds(facts), 1);
	assert_int_equal(decoys_round_us(facts, 1), 1000);
	(void)hear_reply(fixture, 61, decoy_of(facts, 0)->address.octet[3]);
	assert_false(decoy_is_tested(facts, 0));
	assert_int_equal(decoys_rounds(facts), 3);
	/* When the second and the third round were over is not known better. */
	assert_int_equal(decoys_round_us(facts, 2), 3000);
	assert_int_equal(decoys_round_us(facts, 3), 3000);
	assert_int_equal(decoys_rounds_by(facts, 2999), 1);
	assert_int_equal(decoys_rounds_by(facts, 3000), 3);
	/* When fewer than three are left, it is tested again, and its next round is a new one. */
	decoy_count_round(facts, 1);
	decoys_note_sent(facts, 1, 4000);
	for (uint32_t i = 3; i < decoys_count_first(facts); i++)
		(void)hear_reply(fixture, 62, decoy_of(facts, i)->address.octet[3]);
	assert_true(decoy_is_tested(facts, 0));
	assert_int_equal(decoys_rounds(facts), 1);
	decoy_count_round(facts, 0);
	decoys_note_sent(facts, 0, 5000);
	assert_int_equal(decoys_round_us(facts, 2), 5000);
	assert_int_equal(decoys_rounds_by(facts, 4999), 1);
	fixture_free(fixture);
}

static void
void_silences_free_nothing(void **state)
{
	static const enum decoy_state states[] = {DECOY_CANDIDATE, DECOY_SPARE};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		struct fixture *fixture = servers();

		make_ready(fixture);
		decoy_set_state(&fixture->facts, 1, DECOY_TAKEN);
		for (uint32_t k = 0; k < decoys_count(&fixture->facts); k++)
			decoy_count_round(&fixture->facts, k);
		decoys_void(&fixture->facts, states[i]);
		for (uint32_t k = 0; k < decoys_count(&fixture->facts); k++) {
			assert_int_equal(decoy_of(&fixture->facts, k)->rounds, 0);
			assert_int_equal(
			    decoy_of(&fixture->facts, k)->state, k == 1 ? DECOY_TAKEN : states[i]);
		}
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decoys_are_nobodys_addresses),
	    cmocka_unit_test(audits_side_by_side_draw_apart),
	    cmocka_unit_test(as_many_are_drawn_as_are_needed),
	    cmocka_unit_test(nothing_is_drawn_from_no_subnet),
	    cmocka_unit_test(addresses_that_were_heard_are_no_decoys),
	    cmocka_unit_test(decoys_beside_a_vip),
	    cmocka_unit_test(decoys_are_taken_by_their_users),
	    cmocka_unit_test(next_decoy_is_not_given_yet),
	    cmocka_unit_test(decoys_that_several_ask_for_are_lost),
	    cmocka_unit_test(decoys_that_other_cards_ask_for_are_kept),
	    cmocka_unit_test(surveys_take_no_decoys),
	    cmocka_unit_test(audits_rarely_meet),
	    cmocka_unit_test(owner_may_ask_for_all_decoys_of_a_restoration),
	    cmocka_unit_test(answers_for_decoys_are_counted),
	    cmocka_unit_test(proxies_are_told_from_own_addresses),
	    cmocka_unit_test(each_host_gets_fresh_decoys),
	    cmocka_unit_test(taken_decoys_are_replaced),
	    cmocka_unit_test(named_decoys_are_not_replaced),
	    cmocka_unit_test(lossy_segments_take_more_probes),
	    cmocka_unit_test(proxies_hide_behind_lost_answers),
	    cmocka_unit_test(unheard_probe_confirms_nothing),
	    cmocka_unit_test(no_decoys_take_no_rounds),
	    cmocka_unit_test(rounds_are_complete_when_they_are),
	    cmocka_unit_test(taken_decoys_hold_no_round_back),
	    cmocka_unit_test(void_silences_free_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
