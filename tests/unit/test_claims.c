/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims: of what kind they are, what is new about them, whose they are, and which questions were
 * left unanswered.
 */
#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "facts_fixture.h"

#define OTHER 77 /* neither host nor VIP */

static struct fixture *
servers(void)
{
	return fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
}

/* ---- Kinds -------------------------------------------------------------------------------- */

enum destination {
	TO_PROBE = 0,
	TO_ALL,
	TO_OTHER,
};

enum tha {
	THA_PROBE = 0,
	THA_BROADCAST,
	THA_ZERO,
	THA_OTHER,
};

#define NEVER    UINT64_MAX
#define ANY_TIME 1000

static const struct kind_case {
	const char *what;
	uint64_t asked_us;  /* so long ago, or NEVER */
	uint64_t linger_us; /* 0: the default, 1 s */
	unsigned operation; /* 0: a reply */
	enum destination destination;
	enum tha tha;
	unsigned tpa; /* 0: 0.0.0.0 */
	enum claim_kind kind;
} kind_cases[] = {
    {"a reply to the probe", ANY_TIME, 0, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"that nobody asked for", NEVER, 0, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_UNASKED},
    {"at the last moment", 3000000, 0, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"too late", 3000001, 0, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_UNASKED},
    {"while the audit listens on", 5000000, 5000000, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"when it no longer does", 5000001, 5000000, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_UNASKED},
    {"a short linger cuts nothing", 3000000, 1, 0, TO_PROBE, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"to SPA 0.0.0.0", ANY_TIME, 0, 0, TO_PROBE, THA_PROBE, 0, CLAIM_ANSWER},
    {"to SPA 0.0.0.0, unasked", NEVER, 0, 0, TO_PROBE, THA_PROBE, 0, CLAIM_UNASKED},
    {"by broadcast, as RFC 5227 has it", ANY_TIME, 0, 0, TO_ALL, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"to the probe, and another THA", ANY_TIME, 0, 0, TO_PROBE, THA_OTHER, PROBE, CLAIM_ANSWER},
    {"as restorations ask for", ANY_TIME, 0, 0, TO_ALL, THA_BROADCAST, 0, CLAIM_ANSWER},
    {"by broadcast to nobody", ANY_TIME, 0, 0, TO_ALL, THA_ZERO, PROBE, CLAIM_UNASKED},
    {"to another MAC", ANY_TIME, 0, 0, TO_OTHER, THA_OTHER, PROBE, CLAIM_UNASKED},
    {"to another address", ANY_TIME, 0, 0, TO_PROBE, THA_PROBE, OTHER, CLAIM_UNASKED},
    {"a gratuitous reply", ANY_TIME, 0, 0, TO_PROBE, THA_PROBE, VIP, CLAIM_GRATUITOUS_REPLY},
    {"another operation", ANY_TIME, 0, 3, TO_PROBE, THA_PROBE, PROBE, CLAIM_ANSWER},
    {"another operation, unasked", NEVER, 0, 3, TO_PROBE, THA_PROBE, PROBE, CLAIM_UNASKED},
    {"a gratuitous request", ANY_TIME, 0, ARP_REQUEST, TO_ALL, THA_ZERO, VIP,
	CLAIM_GRATUITOUS_REQUEST},
    {"a request", ANY_TIME, 0, ARP_REQUEST, TO_ALL, THA_ZERO, OTHER, CLAIM_REQUEST},
    {"a request to the probe", ANY_TIME, 0, ARP_REQUEST, TO_PROBE, THA_PROBE, PROBE, CLAIM_REQUEST},
};

static struct frame
frame_of(const struct kind_case *row)
{
	const struct mac destinations[] = {mac(PROBE), mac_broadcast, mac(OTHER)};
	const struct mac thas[] = {mac(PROBE), mac_broadcast, mac_zero, mac(OTHER)};
	struct frame frame = reply_of(3, VIP);

	if (row->operation != 0)
		frame.arp.operation = (uint16_t)row->operation;
	frame.destination = destinations[row->destination];
	frame.arp.tha = thas[row->tha];
	frame.arp.tpa = row->tpa == 0 ? address_unspecified(ADDRESS_IPV4) : ip((uint8_t)row->tpa);
	return frame;
}

static void
claims_are_of_a_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kind_cases); i++) {
		const struct kind_case *row = &kind_cases[i];
		const struct frame frame = frame_of(row);
		struct fixture *fixture = servers();

		if (row->linger_us != 0)
			fixture->plan.settings.linger_us = row->linger_us;
		if (row->asked_us != NEVER) {
			ask_all(fixture);
			fixture->now_us += row->asked_us;
		}
		(void)hear(fixture, &frame);
		const struct claimant *claimant = claimant_at(fixture, 3);

		for (unsigned kind = 0; kind < CLAIM_KINDS; kind++)
			assert_row(row->what, claimant->claims[kind], kind == row->kind);
		assert_row(row->what, claimant->first_kind, row->kind);
		assert_row(row->what, claimant->first_claim_us, fixture->now_us);
		assert_row(
		    row->what, claimant->first_asked_us, asked_of(&fixture->facts, 0)->asked_us);
		assert_row(row->what, claimant->last_claim_us, fixture->now_us);
		assert_row(row->what, claimant->last_answer_us,
		    row->kind == CLAIM_ANSWER ? fixture->now_us : 0);
		assert_row(row->what, claimant_has_answered(claimant), row->kind == CLAIM_ANSWER);
		assert_row(row->what, claimant_replies(claimant),
		    row->kind == CLAIM_ANSWER || row->kind == CLAIM_UNASKED ||
			row->kind == CLAIM_GRATUITOUS_REPLY);
		assert_row(row->what, claimant_requests(claimant),
		    row->kind == CLAIM_GRATUITOUS_REQUEST || row->kind == CLAIM_REQUEST);
		fixture_free(fixture);
	}
}

/* The first claim stays the first, and the last is the last. */
static void
first_and_last_claims_are_told_apart(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	(void)hear_request(fixture, 3, VIP, OTHER);
	fixture->now_us += 1000;
	ask_all(fixture);
	(void)hear_reply(fixture, 3, VIP);
	fixture->now_us += 1000;
	(void)hear_request(fixture, 3, VIP, OTHER);
	const struct claimant *claimant = claimant_at(fixture, 3);

	assert_int_equal(claimant->first_kind, CLAIM_REQUEST);
	assert_int_equal(claimant->first_claim_us, START_US);
	assert_int_equal(claimant->last_answer_us, START_US + 1000);
	assert_int_equal(claimant->last_claim_us, START_US + 2000);
	assert_int_equal(claims_latest_us(&fixture->facts, 0), START_US + 2000);
	fixture->now_us += 1000;
	(void)hear_request(fixture, 4, VIP, OTHER);
	assert_int_equal(claims_latest_us(&fixture->facts, 0), START_US + 3000);
	assert_int_equal(claimant->first->number, 1);
	assert_int_equal(claimant->request->number, 1);
	assert_int_equal(claimant->reply->number, 2);
	assert_null(claimant->relayed.frame);
	fixture_free(fixture);
}

/* ---- News --------------------------------------------------------------------------------- */

enum step {
	ANSWER = 1, /* 0 ends the steps */
	REQUEST,
	ADVERTISE,
	RESIGN,
};

#define STRANGER   NEWS_STRANGER_CLAIMED
#define FIRST      NEWS_CLAIMED_FIRST
#define ANSWERED   NEWS_ANSWERED_FIRST
#define ADVERTISED NEWS_ADVERTISED_FIRST
#define ALL_CLAIMS (STRANGER | FIRST | ANSWERED | ADVERTISED | NEWS_TOO_MANY_CLAIMANTS)

static const struct news_case {
	const char *what;
	uint8_t by; /* 11 is a host that is known */
	enum step steps[3];
	uint32_t news[3];
} news_cases[] = {
    {"a stranger answers", 3, {ANSWER, ANSWER, REQUEST}, {STRANGER | FIRST | ANSWERED, 0, 0}},
    {"a host answers", 11, {ANSWER, ANSWER}, {FIRST | ANSWERED, 0}},
    {"a stranger asks, then answers", 3, {REQUEST, ANSWER, ANSWER},
	{STRANGER | FIRST, FIRST | ANSWERED, 0}},
    {"a host asks, again", 11, {REQUEST, REQUEST}, {FIRST, 0}},
    {"it advertises, then answers", 3, {ADVERTISE, ADVERTISE, ANSWER},
	{FIRST | ADVERTISED, 0, FIRST | ANSWERED}},
    {"it answers, then advertises", 3, {ANSWER, ADVERTISE},
	{STRANGER | FIRST | ANSWERED, ADVERTISED}},
    {"it gives the VIP up", 3, {RESIGN, ANSWER}, {0, STRANGER | FIRST | ANSWERED}},
};

static struct news
take_step(struct fixture *fixture, enum step step, uint8_t by)
{
	switch (step) {
	case ANSWER:
		ask_all(fixture);
		return hear_reply(fixture, by, VIP);
	case REQUEST:
		return hear_request(fixture, by, VIP, OTHER);
	case ADVERTISE:
		return hear_advertisement(fixture, by, 100);
	case RESIGN:
		return hear_advertisement(fixture, by, 0);
	}
	return news_none();
}

static void
firsts_are_news(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(news_cases); i++) {
		const struct news_case *row = &news_cases[i];
		struct fixture *fixture = servers();

		(void)hear_reply(fixture, 11, 11);
		for (size_t k = 0; k < COUNT_OF(row->steps) && row->steps[k] != 0; k++) {
			const struct news news = take_step(fixture, row->steps[k], row->by);

			assert_row(row->what, news.kinds & ALL_CLAIMS, row->news[k]);
			fixture->now_us += 1000;
		}
		fixture_free(fixture);
	}
}

static void
resignation_is_no_claim(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	(void)hear_advertisement(fixture, 3, 0);
	assert_int_equal(claims_count(&fixture->facts, 0), 0);
	fixture_free(fixture);
}

/* ---- Relayed claims ----------------------------------------------------------------------- */

static const struct relay_case {
	const char *what;
	uint8_t sources[2]; /* of two claims that name .11; 0: one claim alone */
	uint8_t sender;     /* 0: none is kept */
	uint64_t relayed;   /* number of the frame that is kept, 0: none */
} relay_cases[] = {
    {"its own claims", {11, 11}, 0, 0},
    {"one that is relayed", {12, 0}, 12, 1},
    {"its own, then one that is relayed", {11, 12}, 12, 2},
    {"two others relay: the first counts", {12, 13}, 12, 1},
};

static void
relayed_claims_name_their_sender(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(relay_cases); i++) {
		const struct relay_case *row = &relay_cases[i];
		struct fixture *fixture = servers();
		const struct mac sender = row->sender == 0 ? mac_zero : mac(row->sender);

		for (size_t k = 0; k < 2 && row->sources[k] != 0; k++) {
			struct frame frame = request_of(11, VIP, OTHER);

			frame.source = mac(row->sources[k]);
			(void)hear(fixture, &frame);
		}
		assert_row(row->what, claims_count(&fixture->facts, 0), 1);
		const struct claimant *claimant = claimant_at(fixture, 11);

		assert_row(row->what, mac_equal(&claimant->relayed.sender, &sender), true);
		assert_row(row->what,
		    claimant->relayed.frame == NULL ? 0 : claimant->relayed.frame->number,
		    row->relayed);
		fixture_free(fixture);
	}
}

/* The MAC that sent a claim for another one turns out to be a host's. */
static void
relayed_claim_counts_against_a_sender_met_later(void **state)
{
	(void)state;
	for (int reply = 0; reply < 2; reply++) {
		struct fixture *fixture = servers();
		struct frame frame = reply == 1 ? reply_of(OTHER, VIP) : request_of(OTHER, VIP, 78);
		const uint32_t host = host_at(fixture, 12);

		frame.source = mac(12);
		(void)hear(fixture, &frame);
		assert_int_equal(holding_of(&fixture->facts, host, 0)->relayed_replies, 0);
		(void)hear_reply(fixture, 12, 12);
		const struct holding *holding = holding_of(&fixture->facts, host, 0);

		assert_int_equal(holding->relayed_replies, reply);
		assert_int_equal(holding->relayed_requests, 1 - reply);
		assert_false(holding->replied || holding->spoke);
		assert_non_null(reply == 1 ? holding->reply_evidence : holding->request_evidence);
		fixture_free(fixture);
	}
}

/* ---- Places ------------------------------------------------------------------------------- */

#define CROWD_FIRST 20 /* .20, .21 and so on claim the VIP */

static struct fixture *
crowd(const char *directors)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = directors});

	const uint32_t count = claims_capacity(&fixture->facts) - CLAIMANTS_SPARE;

	ask_all(fixture);
	for (uint32_t i = 0; i < count; i++)
		(void)hear_reply(fixture, (uint8_t)(CROWD_FIRST + i), VIP);
	assert_int_equal(claims_count(&fixture->facts, 0), count);
	assert_int_equal(claims_lost(&fixture->facts, 0), 0);
	return fixture;
}

static const struct place_case {
	const char *what;
	const char *directors;
	uint8_t by;
	bool is_known;   /* it has answered for its own address */
	bool advertises; /* it claims by VRRP */
	bool has_place;
} place_cases[] = {
    {"anybody", NULL, 3, false, false, false},
    {"a listed host", NULL, 11, true, false, false},
    {"the director, by its MAC", "02:00:0a:4d:00:03", 3, false, false, true},
    {"the director, by its address", "10.77.0.3", 3, true, false, true},
    {"the director, not heard yet", "10.77.0.3", 3, false, false, false},
    {"another than the director", "10.77.0.3", 4, false, false, false},
    {"the director, by VRRP", "10.77.0.3", 3, false, true, true},
    {"another, by VRRP", "10.77.0.3", 4, false, true, false},
    {"a virtual router", NULL, VIRTUAL, false, false, true},
};

static void
spare_places_are_for_directors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(place_cases); i++) {
		const struct place_case *row = &place_cases[i];
		struct fixture *fixture = crowd(row->directors);
		const uint32_t open = claims_count(&fixture->facts, 0);

		if (row->is_known)
			(void)hear_reply(fixture, row->by, row->by);
		const struct news news = row->advertises ? hear_advertisement(fixture, row->by, 100)
							 : hear_reply(fixture, row->by, VIP);

		assert_row(row->what, claims_count(&fixture->facts, 0), open + row->has_place);
		assert_row(row->what, claims_lost(&fixture->facts, 0), !row->has_place);
		assert_row(row->what, news_has(&news, NEWS_TOO_MANY_CLAIMANTS), !row->has_place);
		assert_row(row->what, news_has(&news, NEWS_CLAIMED_FIRST), row->has_place);
		/* One that has a place claims on. */
		assert_row(row->what, hear_reply(fixture, CROWD_FIRST, VIP).kinds & ALL_CLAIMS, 0);
		assert_row(row->what, claimant_at(fixture, CROWD_FIRST)->claims[CLAIM_ANSWER], 2);
		fixture_free(fixture);
	}
}

/* MACs of virtual routers get half of the spare places. The others are a named director's, whoever
 * sends from such MACs. */
static void
places_come_to_an_end(void **state)
{
	struct fixture *fixture = crowd("10.77.0.3");
	struct frame frame = reply_of(VIRTUAL, VIP);

	(void)state;
	for (uint8_t i = 0; i < CLAIMANTS_SPARE + 2; i++) {
		frame.arp.sha.octet[5] = frame.source.octet[5] = (uint8_t)(VRID + i);
		(void)hear(fixture, &frame);
	}
	assert_int_equal(claims_count(&fixture->facts, 0),
	    claims_capacity(&fixture->facts) - CLAIMANTS_SPARE / 2);
	assert_int_equal(claims_lost(&fixture->facts, 0), CLAIMANTS_SPARE / 2 + 2);
	(void)hear_reply(fixture, 3, 3);
	(void)hear_reply(fixture, 3, VIP);
	assert_non_null(claimant_at(fixture, 3));
	fixture_free(fixture);
}

/* Strangers that claim unasked have all places. Who answers takes the place of the first of them
 * that never answered, so one that did keeps its own. */
static void
who_answers_takes_a_place(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	const uint32_t places = claims_capacity(&fixture->facts) - CLAIMANTS_SPARE;

	(void)state;
	ask_all(fixture);
	for (uint32_t i = 0; i < places + 2; i++)
		(void)hear_request(fixture, (uint8_t)(CROWD_FIRST + i), VIP, 77);
	assert_int_equal(claims_lost(&fixture->facts, 0), 2);
	(void)hear_reply(fixture, CROWD_FIRST, VIP);
	const struct news news = hear_reply(fixture, 3, VIP);

	assert_true(news_has(&news, NEWS_CLAIMED_FIRST));
	assert_true(news_has(&news, NEWS_STRANGER_CLAIMED));
	assert_int_equal(claimant_at(fixture, 3)->claims[CLAIM_ANSWER], 1);
	assert_non_null(claimant_at(fixture, CROWD_FIRST));
	const struct mac replaced = mac(CROWD_FIRST + 1);

	assert_null(claimant_find(&fixture->facts, 0, &replaced));
	assert_int_equal(claims_count(&fixture->facts, 0), places);
	assert_int_equal(claims_lost(&fixture->facts, 0), 3);
	for (uint32_t i = 1; i < places; i++)
		(void)hear_reply(fixture, (uint8_t)(CROWD_FIRST + 2 * places + i), VIP);
	assert_non_null(claimant_at(fixture, 3));
	fixture_free(fixture);
}

/* ---- Whose they are ----------------------------------------------------------------------- */

static const struct later_case {
	const char *what;
	uint8_t replies, requests; /* of the MAC, before it is the host's */
	bool relayed;
	bool replied, spoke;
	uint8_t relayed_replies, relayed_requests;
} later_cases[] = {
    {"no claim", 0, 0, false, false, false, 0, 0},
    {"a reply", 1, 0, false, true, false, 0, 0},
    {"a request", 0, 1, false, false, true, 0, 0},
    {"both", 2, 1, false, true, true, 0, 0},
    {"one relayed reply is no proof", 1, 0, true, false, false, 1, 0},
    {"one relayed request is none", 0, 1, true, false, false, 0, 1},
    {"two are", 2, 0, true, true, false, 0, 0},
    {"one of each are", 1, 1, true, true, true, 0, 0},
};

static void
host_gets_the_claims_of_a_mac_learnt_later(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(later_cases); i++) {
		const struct later_case *row = &later_cases[i];
		struct fixture *fixture = servers();
		const uint32_t host = host_at(fixture, 11);
		struct frame reply = reply_of(66, VIP), request = request_of(66, VIP, OTHER);

		if (row->relayed)
			reply.source = request.source = mac(12);
		for (uint8_t k = 0; k < row->replies; k++)
			(void)hear(fixture, &reply);
		for (uint8_t k = 0; k < row->requests; k++)
			(void)hear(fixture, &request);
		assert_false(holding_of(&fixture->facts, host, 0)->replied);
		assert_true(news_has(
		    &(struct news){.kinds = hear_reply(fixture, 66, 11).kinds}, NEWS_MAC_LEARNT));
		const struct holding *holding = holding_of(&fixture->facts, host, 0);

		assert_row(row->what, holding->replied, row->replied);
		assert_row(row->what, holding->spoke, row->spoke);
		assert_row(row->what, holding->relayed_replies, row->relayed_replies);
		assert_row(row->what, holding->relayed_requests, row->relayed_requests);
		assert_row(row->what, holding->reply_evidence != NULL, row->replies > 0);
		assert_row(row->what, holding->request_evidence != NULL, row->requests > 0);
		assert_false(holding_of(&fixture->facts, host_at(fixture, 12), 0)->replied);
		fixture_free(fixture);
	}
}

static const struct doubt_case {
	const char *what;
	uint8_t answers; /* of MAC 66 for .11, which answers twice with its own */
	uint8_t claims[3];
	bool doubtful;
} doubt_cases[] = {
    {"nobody claims", 1, {0}, false},
    {"only the MAC that was heard once", 1, {66}, true},
    {"its own MAC as well", 1, {66, 11}, false},
    {"its own MAC before", 1, {11, 66}, false},
    {"its own MAC alone", 1, {11}, false},
    {"a MAC of somebody else", 1, {OTHER}, false},
    {"a MAC that was heard twice", 2, {66}, false},
    {"a MAC that was not heard", 0, {66}, false},
};

static void
claims_by_a_mac_heard_once_are_doubtful(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(doubt_cases); i++) {
		const struct doubt_case *row = &doubt_cases[i];
		struct fixture *fixture = servers();
		const uint32_t host = host_at(fixture, 11);

		(void)hear_reply(fixture, 11, 11);
		(void)hear_reply(fixture, 11, 11);
		for (uint8_t k = 0; k < row->answers; k++)
			(void)hear_reply(fixture, 66, 11);
		for (size_t k = 0; k < COUNT_OF(row->claims) && row->claims[k] != 0; k++)
			(void)hear_request(fixture, row->claims[k], VIP, OTHER);
		assert_row(row->what,
		    claims_are_doubtful(&fixture->facts, host, 0, claimant_requests),
		    row->doubtful);
		assert_row(row->what,
		    claims_are_doubtful(&fixture->facts, host, 0, claimant_replies), false);
		fixture_free(fixture);
	}
}

static const struct listed_case {
	const char *what;
	const char *directors;
	uint8_t answers; /* of .11, for its address */
	uint8_t by;
	bool advertises;
	bool listed, named;
} listed_cases[] = {
    {"a listed server", NULL, 1, 11, false, true, false},
    {"that was not heard", NULL, 0, 11, false, false, false},
    {"a stranger", NULL, 1, 3, false, false, false},
    {"a director by its address", "10.77.0.11", 1, 11, false, true, true},
    {"that was not heard", "10.77.0.11", 0, 11, false, false, false},
    {"but advertises", "10.77.0.11", 0, 11, true, false, true},
    {"a director by its MAC", "02:00:0a:4d:00:03", 1, 3, false, false, true},
    {"another than the director", "02:00:0a:4d:00:03", 1, 4, false, false, false},
    {"another that advertises", "10.77.0.11", 1, 3, true, false, false},
};

static void
claimants_are_listed_or_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(listed_cases); i++) {
		const struct listed_case *row = &listed_cases[i];
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .hosts = "10.77.0.11,10.77.0.12", .directors = row->directors});

		for (uint8_t k = 0; k < row->answers; k++)
			(void)hear_reply(fixture, 11, 11);
		(void)hear_reply(fixture, row->by, VIP);
		if (row->advertises)
			(void)hear_advertisement(fixture, row->by, 100);
		const struct claimant *claimant = claimant_at(fixture, row->by);

		assert_row(row->what, claimant_is_listed(&fixture->facts, claimant), row->listed);
		assert_row(row->what, claimant_is_named(&fixture->facts, claimant), row->named);
		fixture_free(fixture);
	}
}

/* A MAC that several RIPs have is listed if one of them is: .3 is a director, .11 a real server. */
static void
claimant_is_listed_by_any_of_its_addresses(void **state)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = "10.77.0.3"});

	(void)state;
	(void)hear_reply(fixture, 3, VIP);
	(void)hear_reply(fixture, 3, 11);
	(void)hear_reply(fixture, 3, 3);
	assert_int_equal(
	    host_find_mac(&fixture->facts, &claimant_at(fixture, 3)->mac), host_at(fixture, 3));
	assert_true(claimant_is_listed(&fixture->facts, claimant_at(fixture, 3)));
	fixture_free(fixture);
}

/* ---- Addresses of their own --------------------------------------------------------------- */

static void
claimants_are_heard_with_an_address(void **state)
{
	struct fixture *fixture = servers();
	const struct address decoy = decoy_of(&fixture->facts, 0)->address;
	const struct address first = ip(3), none = {.family = ADDRESS_NONE};
	struct frame frame = request_of(3, 3, OTHER);

	(void)state;
	(void)hear(fixture, &frame); /* of nobody who claims, yet */
	(void)hear_reply(fixture, 3, VIP);
	assert_true(address_equal(&claimant_at(fixture, 3)->ip, &none));
	frame.arp.spa = decoy; /* it proxies ARP */
	(void)hear(fixture, &frame);
	assert_true(address_equal(&claimant_at(fixture, 3)->ip, &none));
	frame.arp.spa = address_unspecified(ADDRESS_IPV4);
	(void)hear(fixture, &frame);
	assert_true(address_equal(&claimant_at(fixture, 3)->ip, &none));
	frame.arp.spa = first;
	(void)hear(fixture, &frame);
	assert_true(address_equal(&claimant_at(fixture, 3)->ip, &first));
	frame.arp.spa = ip(OTHER);
	(void)hear(fixture, &frame);
	assert_true(address_equal(&claimant_at(fixture, 3)->ip, &first));
	fixture_free(fixture);
}

static const struct adoption_case {
	const char *what;
	bool advertised_before; /* by .3, from its own MAC, for VRID 51; else after the claim */
	uint8_t by;             /* VIRTUAL: of that router */
	uint8_t last_octet;     /* of its MAC, in place of its own; 0: as it is */
	bool adopted;
} adoption_cases[] = {
    {"the virtual router", false, VIRTUAL, 0, true},
    {"that claims later", true, VIRTUAL, 0, true},
    {"another virtual router", false, VIRTUAL, VRID + 1, false},
    {"that claims later", true, VIRTUAL, VRID + 1, false},
    {"a MAC that is no virtual router's", false, 4, 0, false},
};

static void
virtual_router_is_adopted_by_its_master(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(adoption_cases); i++) {
		const struct adoption_case *row = &adoption_cases[i];
		struct fixture *fixture = servers();
		struct frame frame = reply_of(row->by, VIP);
		const struct address master = ip(3), next = ip(4);

		if (row->last_octet != 0)
			frame.arp.sha.octet[5] = frame.source.octet[5] = row->last_octet;
		if (!row->advertised_before)
			(void)hear(fixture, &frame);
		(void)hear_advertisement(fixture, 3, 100);
		if (row->advertised_before)
			(void)hear(fixture, &frame);
		const struct claimant *claimant = claimant_find(&fixture->facts, 0, &frame.arp.sha);

		assert_non_null(claimant);
		assert_row(row->what, claimant->vrrp, row->adopted);
		assert_row(row->what, address_equal(&claimant->ip, &master), row->adopted);
		/* Another master: it speaks for that one. */
		if (row->by == 4)
			(void)hear_advertisement(fixture, 5, 100);
		else
			(void)hear_advertisement(fixture, 4, 100);
		assert_row(row->what, address_equal(&claimant->ip, &next), row->adopted);
		fixture_free(fixture);
	}
}

/* The last advertisement of a preempted master reaches the probe after the first of its successor.
 */
static void
crossing_advertisement_adopts_nothing(void **state)
{
	struct fixture *fixture = servers();
	const struct address master = ip(4);
	struct frame last = advertisement_of(fixture, 3, 100);

	(void)state;
	last.source = mac(VIRTUAL);
	(void)hear_reply(fixture, VIRTUAL, VIP);
	(void)hear_advertisement(fixture, 4, 200);
	assert_true(address_equal(&claimant_at(fixture, VIRTUAL)->ip, &master));
	(void)hear(fixture, &last);
	assert_true(address_equal(&claimant_at(fixture, VIRTUAL)->ip, &master));
	fixture_free(fixture);
}

/* ---- Silences ----------------------------------------------------------------------------- */

enum packet {
	QUESTION = 0,
	PROBE_FOR_IT, /* with SPA 0.0.0.0 */
	FOR_ANOTHER,
	A_REPLY,
	AN_ECHO,
};

static const struct silence_case {
	const char *what;
	enum packet packet;
	uint8_t to; /* 0: to all */
	bool asks;  /* for the VIP, a claimant or all */
	uint8_t broadcasts_asked;
	uint8_t silent_broadcasts, silent_unicasts; /* of .3; .4 is asked by broadcast alone */
} silence_cases[] = {
    {"by broadcast", QUESTION, 0, true, 1, 1, 0},
    {"by broadcast, as a probe", PROBE_FOR_IT, 0, true, 1, 0, 0},
    {"by unicast", QUESTION, 3, true, 0, 0, 1},
    {"by unicast, as a probe", PROBE_FOR_IT, 3, true, 0, 0, 0},
    {"of nobody who claims", QUESTION, OTHER, false, 0, 0, 0},
    {"for another address", FOR_ANOTHER, 0, false, 0, 0, 0},
    {"a reply", A_REPLY, 0, false, 0, 0, 0},
    {"no ARP", AN_ECHO, 3, false, 0, 0, 0},
};

static struct frame
packet_of(const struct silence_case *row)
{
	struct frame frame = request_of(PROBE, PROBE, VIP);

	if (row->to != 0)
		frame.destination = mac(row->to);
	if (row->packet == PROBE_FOR_IT)
		frame.arp.spa = address_unspecified(ADDRESS_IPV4);
	if (row->packet == FOR_ANOTHER)
		frame.arp.tpa = ip(OTHER);
	if (row->packet == A_REPLY)
		frame.arp.operation = ARP_REPLY;
	if (row->packet == AN_ECHO) {
		frame.kind = FRAME_ECHO_REQUEST;
		frame.ip = (struct frame_ip){.source = ip(PROBE), .destination = ip(VIP)};
	}
	return frame;
}

static void
assert_silences(const struct silence_case *row, const struct fixture *fixture)
{
	const struct claimant *claimant = claimant_at(fixture, 3);
	const struct claimant *other = claimant_at(fixture, 4);
	const bool silent = row->silent_broadcasts + row->silent_unicasts > 0;

	assert_row(row->what, claimant->silent_broadcasts, row->silent_broadcasts);
	assert_row(row->what, claimant->silent_unicasts, row->silent_unicasts);
	assert_row(row->what, claimant->asked_us, silent ? fixture->now_us : 0);
	assert_row(row->what, other->silent_broadcasts, row->silent_broadcasts);
	assert_row(row->what, other->silent_unicasts, 0);
	assert_row(row->what, asked_of(&fixture->facts, 0)->broadcasts, row->broadcasts_asked);
	if (row->asks)
		assert_row(row->what, asked_of(&fixture->facts, 0)->asked_us, fixture->now_us);
}

static void
questions_are_counted_as_silences(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(silence_cases); i++) {
		const struct silence_case *row = &silence_cases[i];
		const struct frame frame = packet_of(row);
		struct fixture *fixture = servers();

		(void)hear_reply(fixture, 3, VIP);
		(void)hear_reply(fixture, 4, VIP);
		fixture->now_us += 1000;
		claims_note_question(&fixture->facts, fixture->now_us, &frame);
		assert_silences(row, fixture);
		fixture_free(fixture);
	}
}

/* Any claim of its ends a claimant's silence, and nobody else's; what a lost capture makes void is
 * everybody's. */
static void
silence_ends_with_a_claim(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	(void)hear_reply(fixture, 3, VIP);
	(void)hear_reply(fixture, 4, VIP);
	ask_all(fixture);
	ask_one(fixture, 3);
	ask_one(fixture, 4);
	claims_set_former(&fixture->facts, 0, claimant_index(fixture, 3), true);
	(void)hear_request(fixture, 3, VIP, OTHER);
	assert_false(claimant_at(fixture, 3)->former);
	assert_int_equal(claimant_at(fixture, 3)->silent_broadcasts, 0);
	assert_int_equal(claimant_at(fixture, 3)->silent_unicasts, 0);
	assert_int_equal(claimant_at(fixture, 4)->silent_broadcasts, 1);
	assert_int_equal(claimant_at(fixture, 4)->silent_unicasts, 1);
	ask_all(fixture);
	claims_forget_silence(&fixture->facts, 0);
	assert_int_equal(claimant_at(fixture, 3)->silent_broadcasts, 0);
	assert_int_equal(claimant_at(fixture, 4)->silent_broadcasts, 0);
	assert_int_equal(claimant_at(fixture, 4)->silent_unicasts, 0);
	fixture_free(fixture);
}

static void
former_owner_owns_no_longer(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	(void)hear_reply(fixture, 3, VIP); /* to no question */
	assert_false(claimant_is_owner(claimant_at(fixture, 3)));
	ask_all(fixture);
	(void)hear_reply(fixture, 3, VIP);
	assert_true(claimant_is_owner(claimant_at(fixture, 3)));
	claims_set_former(&fixture->facts, 0, claimant_index(fixture, 3), true);
	assert_false(claimant_is_owner(claimant_at(fixture, 3)));
	assert_true(claimant_has_answered(claimant_at(fixture, 3)));
	fixture_free(fixture);
}

static void
answer_as(struct fixture *fixture, uint8_t by, bool to_probe)
{
	struct frame frame = reply_of(by, VIP);

	if (to_probe)
		frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
	(void)hear(fixture, &frame);
}

static void
ask_as(struct fixture *fixture, uint8_t to, bool probe)
{
	const struct silence_case question = {.packet = probe ? PROBE_FOR_IT : QUESTION, .to = to};
	const struct frame frame = packet_of(&question);

	claims_note_question(&fixture->facts, fixture->now_us, &frame);
}

#define SOON_US  1000
#define ROUND_US 60000

/* Q: a question to all, U: to the claimant alone; A: an answer. In small letters with SPA 0.0.0.0.
 * A dot is the time until the next round. */
static const struct surplus_case {
	const char *what;
	const char *course;
	uint16_t surplus;
} surplus_cases[] = {
    {"one machine", "QA.QA.QA", 0},
    {"with both kinds of SPA", "QqAa.qQaA", 0},
    {"two machines", "QAA.QAA.QAA", 3},
    {"two, with both kinds of SPA", "QqAaaA.QqAAaa", 4},
    {"one of two is heard first after a question", "Q.QAA", 1},
    {"two, to a unicast question", "QA.UA.UA.uaUA", 0},
    {"a question to it right behind one to all", "QA.QUAA.QAUA", 0},
    {"answers are lost", "QA.Q.Q.QA.Q.QA", 0},
    {"an answer is late", "QA.Q.AQ.AQ.A", 0},
    {"two machines, and answers are lost", "QA.QAA.QA.Q.QAA", 2},
    {"it answers what was asked before it came", "A", 0},
    {"with both", "Aa", 0},
    {"and twice", "AA", 1},
    {"a kind that is not asked", "QA.QAaa", 1},
};

static void
answers_in_excess_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(surplus_cases); i++) {
		const struct surplus_case *row = &surplus_cases[i];
		struct fixture *fixture = servers();

		ask_all(fixture);
		fixture->now_us += ROUND_US;
		for (const char *at = row->course; *at != '\0'; at++) {
			const bool probe = *at >= 'a';
			const bool answers = *at == 'A' || *at == 'a';

			fixture->now_us += *at == '.' ? ROUND_US : SOON_US;
			if (answers)
				answer_as(fixture, VIRTUAL, probe);
			else if (*at != '.')
				ask_as(fixture, *at == 'U' || *at == 'u' ? VIRTUAL : 0, probe);
		}
		assert_row(row->what, claimant_at(fixture, VIRTUAL)->surplus.answers, row->surplus);
		fixture_free(fixture);
	}
}

/* Another master: what the virtual router answered and was asked before is another machine's. */
static void
answers_are_counted_anew(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	ask_all(fixture);
	for (size_t i = 0; i < 3; i++)
		(void)hear_reply(fixture, VIRTUAL, VIP);
	(void)hear_advertisement(fixture, 3, 100);
	assert_int_equal(claimant_at(fixture, VIRTUAL)->surplus.answers, 2);
	fixture->now_us += ROUND_US;
	(void)hear_advertisement(fixture, 4, 100);
	assert_int_equal(claimant_at(fixture, VIRTUAL)->surplus.answers, 0);
	assert_int_equal(asked_of(&fixture->facts, 0)->broadcasts, 0);
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(claims_are_of_a_kind),
	    cmocka_unit_test(first_and_last_claims_are_told_apart),
	    cmocka_unit_test(firsts_are_news),
	    cmocka_unit_test(resignation_is_no_claim),
	    cmocka_unit_test(relayed_claims_name_their_sender),
	    cmocka_unit_test(relayed_claim_counts_against_a_sender_met_later),
	    cmocka_unit_test(spare_places_are_for_directors),
	    cmocka_unit_test(places_come_to_an_end),
	    cmocka_unit_test(who_answers_takes_a_place),
	    cmocka_unit_test(host_gets_the_claims_of_a_mac_learnt_later),
	    cmocka_unit_test(claims_by_a_mac_heard_once_are_doubtful),
	    cmocka_unit_test(claimants_are_listed_or_named),
	    cmocka_unit_test(claimant_is_listed_by_any_of_its_addresses),
	    cmocka_unit_test(claimants_are_heard_with_an_address),
	    cmocka_unit_test(virtual_router_is_adopted_by_its_master),
	    cmocka_unit_test(crossing_advertisement_adopts_nothing),
	    cmocka_unit_test(questions_are_counted_as_silences),
	    cmocka_unit_test(silence_ends_with_a_claim),
	    cmocka_unit_test(former_owner_owns_no_longer),
	    cmocka_unit_test(answers_in_excess_are_counted),
	    cmocka_unit_test(answers_are_counted_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
