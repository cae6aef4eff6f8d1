/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holdings: what was heard of one VIP on one host, and which frame shows it.
 */
#include "audit/facts/holdings.h"
#include "facts_fixture.h"

#define OTHER 77

enum step {
	REPLY = 1, /* 0 ends the steps */
	REQUEST,
	RELAYED_REPLY,
	RELAYED_REQUEST,
};

static const struct claim_case {
	const char *what;
	enum step steps[4];
	bool counts[4]; /* of replies: it is one of the host's */
	bool replied, spoke;
	uint8_t relayed_replies, relayed_requests;
	uint64_t reply_number, request_number; /* of the frame that shows it, 0: none */
} claim_cases[] = {
    {"nothing", {0}, {0}, false, false, 0, 0, 0, 0},
    {"a reply", {REPLY, REPLY}, {true, true}, true, false, 0, 0, 1, 0},
    {"a request", {REQUEST, REQUEST}, {0}, false, true, 0, 0, 0, 1},
    {"both", {REQUEST, REPLY}, {false, true}, true, true, 0, 0, 2, 1},
    {"a relayed reply alone", {RELAYED_REPLY}, {false}, false, false, 1, 0, 1, 0},
    {"two of them", {RELAYED_REPLY, RELAYED_REPLY}, {false, true}, true, false, 2, 0, 1, 0},
    {"and one of its own", {RELAYED_REPLY, REPLY}, {false, true}, true, false, 1, 0, 1, 0},
    {"a relayed request alone", {RELAYED_REQUEST}, {0}, false, false, 0, 1, 0, 1},
    {"two of them", {RELAYED_REQUEST, RELAYED_REQUEST}, {0}, false, true, 0, 2, 0, 2},
    {"the one that counts shows it", {RELAYED_REQUEST, REQUEST, REQUEST}, {0}, false, true, 0, 1, 0,
	2},
    {"one of each", {RELAYED_REPLY, RELAYED_REQUEST}, {false}, false, false, 1, 1, 1, 2},
};

static bool
take_step(struct fixture *fixture, enum step step, uint32_t host)
{
	const bool reply = step == REPLY || step == RELAYED_REPLY;
	struct frame frame = reply ? reply_of(11, VIP) : request_of(11, VIP, OTHER);

	if (step == RELAYED_REPLY || step == RELAYED_REQUEST)
		frame.source = mac(12);
	const struct heard heard = heard_now(fixture, &frame);

	if (reply)
		return holding_hear_reply(&fixture->facts, host, &heard);
	holding_hear_request(&fixture->facts, host, &heard);
	return false;
}

static uint64_t
number_of(const struct kept_frame *frame)
{
	return frame == NULL ? 0 : frame->number;
}

/* Of two hosts and two VIPs: the other three pairs have no part in it. */
static void
claims_count_unless_relayed_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(claim_cases); i++) {
		const struct claim_case *row = &claim_cases[i];
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .vips = "10.77.0.100,10.77.0.101", .hosts = "10.77.0.11-12"});
		const struct facts *facts = &fixture->facts;
		const uint32_t host = host_at(fixture, 11), other = host_at(fixture, 12);

		for (size_t k = 0; k < COUNT_OF(row->steps) && row->steps[k] != 0; k++)
			assert_row(
			    row->what, take_step(fixture, row->steps[k], host), row->counts[k]);
		const struct holding *holding = holding_of(facts, host, 0);

		assert_row(row->what, holding->replied, row->replied);
		assert_row(row->what, holding->spoke, row->spoke);
		assert_row(row->what, holding->holds_vip, false);
		assert_row(row->what, holding->relayed_replies, row->relayed_replies);
		assert_row(row->what, holding->relayed_requests, row->relayed_requests);
		assert_row(row->what, number_of(holding->reply_evidence), row->reply_number);
		assert_row(row->what, number_of(holding->request_evidence), row->request_number);
		assert_memory_equal(
		    holding_of(facts, other, 0), &(struct holding){0}, sizeof(struct holding));
		assert_memory_equal(
		    holding_of(facts, host, 1), &(struct holding){0}, sizeof(struct holding));
		assert_memory_equal(
		    holding_of(facts, other, 1), &(struct holding){0}, sizeof(struct holding));
		fixture_free(fixture);
	}
}

/* More than are counted. */
static void
relayed_claims_are_counted_to_the_end(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});

	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		(void)take_step(fixture, RELAYED_REPLY, 0);
		(void)take_step(fixture, RELAYED_REQUEST, 0);
	}
	assert_int_equal(holding_of(&fixture->facts, 0, 0)->relayed_replies, UINT8_MAX);
	assert_int_equal(holding_of(&fixture->facts, 0, 0)->relayed_requests, UINT8_MAX);
	fixture_free(fixture);
}

#define NO_MORE UINT8_MAX

static const struct packet_case {
	const char *what;
	uint8_t methods[3]; /* enum elicit_method; NO_MORE ends them */
	uint8_t holds_by;
} packet_cases[] = {
    {"an echo reply", {ELICIT_ECHO, NO_MORE}, ELICIT_ECHO},
    {"a packet to somebody else", {ELICIT_METHODS, NO_MORE}, ELICIT_METHODS},
    {"and an echo reply", {ELICIT_METHODS, ELICIT_ECHO, NO_MORE}, ELICIT_ECHO},
    {"the first method is kept", {ELICIT_UDP, ELICIT_ECHO, NO_MORE}, ELICIT_UDP},
    {"whatever comes after it", {ELICIT_ECHO, ELICIT_METHODS, ELICIT_UDP}, ELICIT_ECHO},
};

static void
packets_show_who_holds_the_vip_and_how(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(packet_cases); i++) {
		const struct packet_case *row = &packet_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
		const struct holding *holding = holding_of(&fixture->facts, 0, 0);

		for (size_t k = 0; k < COUNT_OF(row->methods) && row->methods[k] != NO_MORE; k++)
			holding_hear_packet(
			    &fixture->facts, 0, 0, (enum elicit_method)row->methods[k], false);
		assert_row(row->what, holding->holds_vip, true);
		assert_row(row->what, holding->holds_by, row->holds_by);
		assert_false(holding->replied || holding->spoke);
		assert_false(holding_of(&fixture->facts, 1, 0)->holds_vip);
		fixture_free(fixture);
	}
}

/* What is taken over does not undo what the host was heard to do itself. */
static void
claims_taken_over_undo_nothing(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	const struct holding *holding = holding_of(&fixture->facts, 0, 0);
	const struct kept_frame taken = {.number = 99};

	(void)state;
	(void)take_step(fixture, REPLY, 0);
	(void)take_step(fixture, REQUEST, 0);
	holding_take_replies(&fixture->facts, 0, 0, true, &taken);
	holding_take_requests(&fixture->facts, 0, 0, true, START_US, &taken);
	assert_true(holding->replied && holding->spoke);
	assert_int_equal(holding->reply_evidence->number, 99);
	assert_int_equal(holding->request_evidence->number, 99);
	assert_false(holding_of(&fixture->facts, 1, 0)->replied);
	holding_take_replies(&fixture->facts, 1, 0, true, &taken);
	holding_take_requests(&fixture->facts, 1, 0, true, START_US, &taken);
	assert_false(holding_of(&fixture->facts, 1, 0)->replied);
	assert_false(holding_of(&fixture->facts, 1, 0)->spoke);
	assert_int_equal(holding_of(&fixture->facts, 1, 0)->relayed_replies, 1);
	assert_int_equal(holding_of(&fixture->facts, 1, 0)->relayed_requests, 1);
	fixture_free(fixture);
}

/* The evidence could not be kept: the frames are, but have no number. */
static void
evidence_may_lose_its_numbers(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	const struct holding *holding = holding_of(&fixture->facts, 0, 0);

	(void)state;
	(void)take_step(fixture, REQUEST, 0);
	(void)take_step(fixture, REPLY, 0);
	assert_int_equal(holding->reply_evidence->number, 2);
	assert_int_equal(holding->reply_evidence->length, 60);
	assert_int_equal(holding->reply_evidence->time_us, fixture->now_us);
	evidence_forget_numbers(&fixture->facts);
	assert_int_equal(holding->reply_evidence->number, 0);
	assert_int_equal(holding->request_evidence->number, 0);
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(claims_count_unless_relayed_alone),
	    cmocka_unit_test(relayed_claims_are_counted_to_the_end),
	    cmocka_unit_test(packets_show_who_holds_the_vip_and_how),
	    cmocka_unit_test(claims_taken_over_undo_nothing),
	    cmocka_unit_test(evidence_may_lose_its_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
