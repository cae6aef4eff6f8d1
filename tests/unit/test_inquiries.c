/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inquiries: what a fence that is answered or missed makes of the silences before it, and how sure
 * they are.
 */
#include <math.h>

#include "audit/facts/asked.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "facts_fixture.h"

#define SOURCE      (1u << SPA_SOURCE)
#define UNSPECIFIED (1u << SPA_UNSPECIFIED)

static struct fixture *
servers(void)
{
	return fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
}

static void
answer_fence(struct fixture *fixture, uint32_t host, enum path path, uint8_t tries, uint32_t rounds)
{
	inquiry_fence_answered(&fixture->facts, host,
	    &(struct fence){
		.path = path, .spa = SPA_UNSPECIFIED, .tries = tries, .rounds = rounds});
}

static void
assert_near(const char *what, double actual, double expected)
{
	if (fabs(actual - expected) > 1e-12 * fabs(expected))
		fail_msg("%s: %g, not %g", what, actual, expected);
}

/* ---- The loss ----------------------------------------------------------------------------- */

/* A host that is down says nothing about the loss on the segment: what it missed counts only when
 * it has answered. */
static const struct loss_case {
	const char *what;
	struct {
		enum path path;
		uint8_t missed; /* in a row */
		bool answered;  /* the one behind them */
	} fences[3];
	struct loss loss[PATHS];
	uint16_t host_answered, host_missed, broadcast_answers;
} loss_cases[] = {
    {"down", {{PATH_BROADCAST, 5, false}}, {{0, 0}, {0, 0}}, 0, 0, 0},
    {"there at once", {{PATH_BROADCAST, 0, true}}, {{1, 0}, {0, 0}}, 1, 0, 1},
    {"there after three", {{PATH_BROADCAST, 3, true}}, {{1, 3}, {0, 0}}, 1, 3, 1},
    {"by the path of the fence", {{PATH_BROADCAST, 1, true}, {PATH_UNICAST, 2, true}},
	{{1, 1}, {1, 2}}, 2, 3, 1},
    {"lost at last", {{PATH_BROADCAST, 1, true}, {PATH_UNICAST, 0, true}, {PATH_UNICAST, 8, false}},
	{{1, 1}, {1, 0}}, 2, 1, 1},
};

static void
fences_count_once_the_host_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(loss_cases); i++) {
		const struct loss_case *row = &loss_cases[i];
		struct fixture *fixture = servers();
		const struct inquiry *inquiry = inquiry_of(&fixture->facts, 0);

		for (size_t k = 0; k < COUNT_OF(row->fences); k++) {
			for (uint8_t missed = 0; missed < row->fences[k].missed; missed++)
				inquiry_fence_missed(&fixture->facts, 0, SPA_UNSPECIFIED);
			if (row->fences[k].answered)
				answer_fence(
				    fixture, 0, row->fences[k].path, row->fences[k].missed, 0);
		}
		for (enum path path = 0; path < PATHS; path++) {
			assert_row(row->what, fixture->facts.loss[path].answered,
			    row->loss[path].answered);
			assert_row(row->what, fixture->facts.loss[path].lost, row->loss[path].lost);
		}
		assert_row(row->what, inquiry->answered, row->host_answered);
		assert_row(row->what, inquiry->missed, row->host_missed);
		assert_row(row->what, inquiry->broadcast_answers, row->broadcast_answers);
		assert_int_equal(inquiry_of(&fixture->facts, 1)->answered, 0);
		fixture_free(fixture);
	}
}

/* A host that answers is there. */
static void
fences_find_the_lost(void **state)
{
	struct fixture *fixture = servers();
	const struct inquiry *inquiry = inquiry_of(&fixture->facts, 0);

	(void)state;
	inquiry_set_lost(&fixture->facts, 0);
	assert_true(inquiry->lost);
	inquiry_fence_missed(&fixture->facts, 0, SPA_SOURCE);
	assert_true(inquiry->lost);
	answer_fence(fixture, 0, PATH_UNICAST, 0, 0);
	assert_false(inquiry->lost);
	assert_int_equal(inquiry->kinds_answered, UNSPECIFIED);
	assert_int_equal(inquiry->kinds_missed, SOURCE);
	inquiry_fence_answered(
	    &fixture->facts, 0, &(struct fence){.path = PATH_UNICAST, .spa = SPA_SOURCE});
	assert_int_equal(inquiry->kinds_answered, SOURCE | UNSPECIFIED);
	fixture_free(fixture);
}

/* ---- Silences ----------------------------------------------------------------------------- */

enum outcome {
	FENCE_ANSWERED = 1, /* 0 ends the rounds */
	FENCE_MISSED,
};

static const struct silence_case {
	const char *what;
	struct {
		unsigned asked, answered; /* kinds of SPA */
		enum outcome fence;
	} rounds[3];
	struct silences expected;
} silence_cases[] = {
    {"nothing was asked", {{0, 0, FENCE_ANSWERED}}, {0}},
    {"silence before a fence", {{SOURCE | UNSPECIFIED, 0, FENCE_ANSWERED}},
	{.count = 1, .rounds = 1, .silent = SOURCE | UNSPECIFIED}},
    {"no fence, no silence", {{SOURCE | UNSPECIFIED, 0, FENCE_MISSED}}, {0}},
    {"a later fence does not help",
	{{SOURCE | UNSPECIFIED, 0, FENCE_MISSED}, {0, 0, FENCE_ANSWERED}}, {0}},
    {"asked again", {{SOURCE, 0, FENCE_MISSED}, {UNSPECIFIED, 0, FENCE_ANSWERED}},
	{.count = 1, .rounds = 1, .silent = UNSPECIFIED}},
    {"three rounds",
	{{SOURCE, 0, FENCE_ANSWERED}, {SOURCE, 0, FENCE_ANSWERED}, {SOURCE, 0, FENCE_ANSWERED}},
	{.rounds = 3, .silent = SOURCE}},
    {"ARP Probes come later",
	{{SOURCE, 0, FENCE_ANSWERED}, {SOURCE | UNSPECIFIED, 0, FENCE_ANSWERED}},
	{.count = 1, .rounds = 2, .silent = SOURCE | UNSPECIFIED}},
    {"it answers", {{SOURCE | UNSPECIFIED, SOURCE | UNSPECIFIED, FENCE_ANSWERED}},
	{.rounds = 1, .answered = SOURCE | UNSPECIFIED}},
    {"it answers one kind of SPA", {{SOURCE | UNSPECIFIED, UNSPECIFIED, FENCE_ANSWERED}},
	{.rounds = 1, .answered = UNSPECIFIED, .silent = SOURCE}},
    {"it answers later", {{SOURCE, 0, FENCE_ANSWERED}, {SOURCE, SOURCE, FENCE_ANSWERED}},
	{.rounds = 2, .answered = SOURCE, .silent = SOURCE}},
    {"it has answered before", {{SOURCE, SOURCE, FENCE_ANSWERED}, {SOURCE, 0, FENCE_ANSWERED}},
	{.rounds = 2, .answered = SOURCE}},
    {"it answers, and the fence is missed", {{SOURCE, SOURCE, FENCE_MISSED}}, {.answered = SOURCE}},
};

/* An answer for the VIP, as vip-reply hears it. */
static void
answer_vip(struct fixture *fixture, unsigned kinds)
{
	const struct frame frame = reply_of(11, VIP);
	const struct heard heard = heard_now(fixture, &frame);

	(void)holding_hear_reply(&fixture->facts, 0, &heard);
	inquiry_vip_answered(&fixture->facts, 0, 0, (uint8_t)kinds, false);
}

static void
only_fenced_silences_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(silence_cases); i++) {
		const struct silence_case *row = &silence_cases[i];
		struct fixture *fixture = servers();
		const struct silences *silences = silences_of(&fixture->facts, 0, 0);

		for (size_t k = 0; k < COUNT_OF(row->rounds) && row->rounds[k].fence != 0; k++) {
			inquiry_ask_vip(&fixture->facts, 0, 0, (uint8_t)row->rounds[k].asked);
			if (row->rounds[k].answered != 0)
				answer_vip(fixture, row->rounds[k].answered);
			if (row->rounds[k].fence == FENCE_ANSWERED)
				answer_fence(fixture, 0, PATH_UNICAST, 0, 0);
			else
				inquiry_fence_missed(&fixture->facts, 0, SPA_UNSPECIFIED);
		}
		assert_row(row->what, silences->count, row->expected.count);
		assert_row(row->what, silences->rounds, row->expected.rounds);
		assert_row(row->what, silences->answered, row->expected.answered);
		assert_row(row->what, silences->silent, row->expected.silent);
		assert_row(row->what, silences->pending, 0);
		assert_row(row->what, silences_of(&fixture->facts, 1, 0)->rounds, 0);
		fixture_free(fixture);
	}
}

/* A switch may answer a broadcast so late that the host has been asked by unicast meanwhile. The
 * switch's MAC tells, unless all frames of the host come from it. */
static void
late_answer_of_a_switch_hides_no_silence(void **state)
{
	static const struct {
		const char *what;
		bool reply_relayed, fence_relayed;
		uint16_t ignored;
	} cases[] = {
	    {"the host answers all itself", false, false, 0},
	    {"a switch is late", true, false, 1},
	    {"a bridge is in front of the host", true, true, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture *fixture = servers();

		inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE);
		inquiry_vip_answered(&fixture->facts, 0, 0, SOURCE, cases[i].reply_relayed);
		inquiry_fence_answered(&fixture->facts, 0,
		    &(struct fence){.path = PATH_UNICAST, .relayed = cases[i].fence_relayed});
		assert_row(
		    cases[i].what, silences_of(&fixture->facts, 0, 0)->ignored, cases[i].ignored);
		fixture_free(fixture);
	}
}

/* Each VIP that was asked ahead of a fence has a silence of its own. */
static void
one_fence_serves_many_vips(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){
	    .vips = "10.77.0.100,10.77.0.101,10.77.0.102", .hosts = "10.77.0.11-12"});

	(void)state;
	inquiry_ask_vip(&fixture->facts, 1, 0, SOURCE);
	inquiry_ask_vip(&fixture->facts, 1, 2, UNSPECIFIED);
	answer_fence(fixture, 1, PATH_UNICAST, 0, 0);
	assert_int_equal(silences_of(&fixture->facts, 1, 0)->silent, SOURCE);
	assert_int_equal(silences_of(&fixture->facts, 1, 1)->rounds, 0);
	assert_int_equal(silences_of(&fixture->facts, 1, 2)->silent, UNSPECIFIED);
	assert_int_equal(silences_of(&fixture->facts, 0, 0)->rounds, 0);
	assert_int_equal(silences_of(&fixture->facts, 0, 2)->rounds, 0);
	inquiry_count_attempt(&fixture->facts, 1, 2);
	assert_int_equal(silences_of(&fixture->facts, 1, 2)->attempts, 1);
	assert_int_equal(silences_of(&fixture->facts, 1, 1)->attempts, 0);
	fixture_free(fixture);
}

/* ---- Rounds by broadcast ------------------------------------------------------------------ */

static const struct rounds_case {
	const char *what;
	struct {
		enum path path;
		uint32_t rounds; /* that had gone out before the fence */
	} fences[4];
	size_t count;
	uint32_t first, last;
} rounds_cases[] = {
    {"no fence", {{PATH_BROADCAST, 0}}, 0, 0, 0},
    {"by unicast alone", {{PATH_UNICAST, 1}, {PATH_UNICAST, 3}}, 2, 0, 0},
    {"one fence shows nothing", {{PATH_BROADCAST, 2}}, 1, 2, 2},
    {"between two", {{PATH_BROADCAST, 1}, {PATH_BROADCAST, 4}}, 2, 1, 4},
    {"up to one by unicast", {{PATH_BROADCAST, 1}, {PATH_UNICAST, 3}}, 2, 1, 3},
    {"not from one by unicast", {{PATH_UNICAST, 1}, {PATH_BROADCAST, 3}, {PATH_UNICAST, 4}}, 3, 3,
	4},
    {"the first one stays",
	{{PATH_BROADCAST, 0}, {PATH_UNICAST, 1}, {PATH_BROADCAST, 2}, {PATH_UNICAST, 5}}, 4, 0, 5},
};

static void
rounds_are_heard_between_two_fences(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rounds_cases); i++) {
		const struct rounds_case *row = &rounds_cases[i];
		struct fixture *fixture = servers();
		const struct inquiry *inquiry = inquiry_of(&fixture->facts, 0);

		for (size_t k = 0; k < row->count; k++)
			answer_fence(fixture, 0, row->fences[k].path, 0, row->fences[k].rounds);
		assert_row(row->what, inquiry->rounds_first, row->first);
		assert_row(row->what, inquiry->rounds_last, row->last);
		assert_row(row->what, inquiry_silences(&fixture->facts, 0, 0).broadcast,
		    row->last - row->first);
		fixture_free(fixture);
	}
}

/* ---- The VIP is added or removed during the audit ------------------------------------------ */

enum step_kind {
	BROADCASTS = 1, /* `count` rounds of who-has VIP leave; 0 ends the steps */
	FENCE_BY_BROADCAST,
	ROUND,  /* who-has VIP by unicast, and a fence that is answered */
	HELD,   /* a packet from the VIP answers the probe */
	TALKED, /* a packet from the VIP to anybody */
};

static const struct held_case {
	const char *what;
	struct {
		enum step_kind kind;
		uint32_t count;
	} steps[8];
	struct silence_counts all, confirmed;
} held_cases[] = {
    {"never seen", {{FENCE_BY_BROADCAST, 0}, {BROADCASTS, 2}, {ROUND, 0}}, {1, 2}, {1, 2}},
    {"seen at last", {{FENCE_BY_BROADCAST, 0}, {BROADCASTS, 2}, {ROUND, 0}, {HELD, 0}}, {0, 0},
	{0, 0}},
    {"seen at first", {{FENCE_BY_BROADCAST, 0}, {HELD, 0}, {BROADCASTS, 2}, {ROUND, 0}}, {1, 2},
	{0, 0}},
    {"seen before and after",
	{{FENCE_BY_BROADCAST, 0}, {HELD, 0}, {BROADCASTS, 2}, {ROUND, 0}, {HELD, 0}}, {1, 2},
	{1, 2}},
    {"seen in the middle",
	{{FENCE_BY_BROADCAST, 0}, {BROADCASTS, 1}, {ROUND, 0}, {HELD, 0}, {BROADCASTS, 2},
	    {ROUND, 0}, {ROUND, 0}, {HELD, 0}},
	{2, 2}, {2, 2}},
    {"gone before the last round",
	{{FENCE_BY_BROADCAST, 0}, {HELD, 0}, {BROADCASTS, 1}, {ROUND, 0}, {HELD, 0},
	    {BROADCASTS, 1}, {ROUND, 0}},
	{2, 2}, {1, 1}},
    {"talk shows it", {{FENCE_BY_BROADCAST, 0}, {BROADCASTS, 2}, {ROUND, 0}, {TALKED, 0}}, {0, 0},
	{0, 0}},
    {"talk may be late",
	{{FENCE_BY_BROADCAST, 0}, {HELD, 0}, {BROADCASTS, 2}, {ROUND, 0}, {TALKED, 0}}, {1, 2},
	{0, 0}},
    {"no broadcast since", {{FENCE_BY_BROADCAST, 0}, {BROADCASTS, 2}, {HELD, 0}, {ROUND, 0}},
	{1, 0}, {0, 0}},
};

static void
take_step(struct fixture *fixture, enum step_kind kind, uint32_t count)
{
	struct facts *facts = &fixture->facts;

	switch (kind) {
	case BROADCASTS:
		facts->asked->rounds += count;
		break;
	case FENCE_BY_BROADCAST:
		answer_fence(fixture, 0, PATH_BROADCAST, 0, facts->asked->rounds);
		break;
	case ROUND:
		inquiry_ask_vip(facts, 0, 0, SOURCE | UNSPECIFIED);
		answer_fence(fixture, 0, PATH_UNICAST, 0, facts->asked->rounds);
		break;
	case HELD:
	case TALKED:
		inquiry_vip_held(facts, 0, 0, kind == HELD);
		break;
	}
}

static void
silences_count_while_the_vip_is_held(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(held_cases); i++) {
		const struct held_case *row = &held_cases[i];
		struct fixture *fixture = servers();
		struct silence_counts all, confirmed;

		for (size_t k = 0; k < COUNT_OF(row->steps) && row->steps[k].kind != 0; k++)
			take_step(fixture, row->steps[k].kind, row->steps[k].count);
		all = inquiry_silences(&fixture->facts, 0, 0);
		confirmed = inquiry_confirmed_silences(&fixture->facts, 0, 0);
		assert_row(row->what, all.unicast, row->all.unicast);
		assert_row(row->what, all.broadcast, row->all.broadcast);
		assert_row(row->what, confirmed.unicast, row->confirmed.unicast);
		assert_row(row->what, confirmed.broadcast, row->confirmed.broadcast);
		fixture_free(fixture);
	}
}

/* A round asks in full once the VIP has answered an ARP Probe. */
static void
rounds_in_part_do_not_count(void **state)
{
	struct fixture *fixture = fixture_new(
	    &(struct fixture_plan){.vips = "10.77.0.100,10.77.0.101", .hosts = "10.77.0.11-12"});

	(void)state;
	answer_fence(fixture, 0, PATH_BROADCAST, 0, 1);
	answer_fence(fixture, 0, PATH_BROADCAST, 0, 6);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 0).broadcast, 5);
	fixture->facts.asked->rounds = 3;
	asked_note_partial(&fixture->facts, 0);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 0).broadcast, 2);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 1).broadcast, 5);
	fixture->facts.asked->rounds = 8;
	asked_note_partial(&fixture->facts, 0);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 0).broadcast, 0);
	fixture_free(fixture);
}

/* ---- Broadcasts that a switch answers -------------------------------------------------------- */

static const struct hearing_case {
	const char *what;
	struct {
		enum path path;
		bool relayed;
	} fences[3];
	size_t count;
	bool hears;
} hearing_cases[] = {
    {"nothing is known", {{0}}, 0, true},
    {"it answers both itself", {{PATH_BROADCAST, false}, {PATH_UNICAST, false}}, 2, true},
    {"a switch answers for it", {{PATH_BROADCAST, true}, {PATH_UNICAST, false}}, 2, false},
    {"only broadcasts were answered", {{PATH_BROADCAST, true}, {PATH_BROADCAST, true}}, 2, true},
    {"a bridge rewrites all its frames", {{PATH_BROADCAST, true}, {PATH_UNICAST, true}}, 2, true},
    {"it answers one kind of broadcasts itself",
	{{PATH_BROADCAST, true}, {PATH_UNICAST, false}, {PATH_BROADCAST, false}}, 3, false},
    {"a switch learns to answer for it",
	{{PATH_BROADCAST, false}, {PATH_UNICAST, false}, {PATH_BROADCAST, true}}, 3, false},
};

static void
switch_may_answer_broadcasts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hearing_cases); i++) {
		const struct hearing_case *row = &hearing_cases[i];
		struct fixture *fixture = servers();

		for (size_t k = 0; k < row->count; k++)
			inquiry_fence_answered(&fixture->facts, 0,
			    &(struct fence){.path = row->fences[k].path,
				.spa = SPA_SOURCE,
				.relayed = row->fences[k].relayed});
		assert_row(row->what, inquiry_hears_broadcasts(&fixture->facts, 0), row->hears);
		inquiry_void(&fixture->facts, 0);
		assert_true(inquiry_hears_broadcasts(&fixture->facts, 0));
		fixture_free(fixture);
	}
}

/* ---- ARP Probes that are dropped ------------------------------------------------------------ */

static const struct dropped_case {
	const char *what;
	struct {
		uint32_t host;
		enum spa_kind spa;
		enum outcome fence;
	} fences[4];
	bool dropped, open, proved;
} dropped_cases[] = {
    {"nothing was asked", {{0, 0, 0}}, false, true, false},
    {"two may be an accident",
	{{0, SPA_UNSPECIFIED, FENCE_MISSED}, {1, SPA_UNSPECIFIED, FENCE_MISSED}}, false, true,
	false},
    {"three are none",
	{{0, SPA_UNSPECIFIED, FENCE_MISSED}, {1, SPA_UNSPECIFIED, FENCE_MISSED},
	    {0, SPA_UNSPECIFIED, FENCE_MISSED}},
	true, false, true},
    {"of the other kind",
	{{0, SPA_SOURCE, FENCE_MISSED}, {1, SPA_SOURCE, FENCE_MISSED},
	    {0, SPA_SOURCE, FENCE_MISSED}},
	false, true, false},
    {"one is answered",
	{{0, SPA_UNSPECIFIED, FENCE_MISSED}, {0, SPA_UNSPECIFIED, FENCE_MISSED},
	    {0, SPA_UNSPECIFIED, FENCE_MISSED}, {1, SPA_UNSPECIFIED, FENCE_ANSWERED}},
	false, false, false},
    {"the other kind is answered",
	{{0, SPA_UNSPECIFIED, FENCE_MISSED}, {0, SPA_UNSPECIFIED, FENCE_MISSED},
	    {0, SPA_UNSPECIFIED, FENCE_MISSED}, {1, SPA_SOURCE, FENCE_ANSWERED}},
	true, false, true},
};

static void
arp_probes_may_be_dropped(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(dropped_cases); i++) {
		const struct dropped_case *row = &dropped_cases[i];
		struct fixture *fixture = servers();

		fixture->facts.loss[PATH_UNICAST].answered = 1000;
		(void)hear_reply(fixture, 11, 11);
		(void)hear_reply(fixture, 12, 12);
		for (size_t k = 0; k < COUNT_OF(row->fences) && row->fences[k].fence != 0; k++)
			if (row->fences[k].fence == FENCE_ANSWERED)
				inquiry_fence_answered(&fixture->facts, row->fences[k].host,
				    &(struct fence){
					.path = PATH_UNICAST, .spa = row->fences[k].spa});
			else
				inquiry_fence_missed(
				    &fixture->facts, row->fences[k].host, row->fences[k].spa);
		assert_row(row->what, inquiries_show_probes_dropped(&fixture->facts), row->dropped);
		assert_row(
		    row->what, inquiries_may_show_probes_dropped(&fixture->facts), row->open);
		assert_row(row->what, inquiries_prove_probes_dropped(&fixture->facts), row->proved);
		/* Where half of the exchanges are lost, so few misses may be an accident. */
		fixture->facts.loss[PATH_UNICAST].lost = 1000;
		assert_false(inquiries_prove_probes_dropped(&fixture->facts));
		fixture->facts.loss[PATH_UNICAST].lost = 3; /* they themselves, as counted later */
		assert_row(row->what, inquiries_prove_probes_dropped(&fixture->facts), row->proved);
		fixture_free(fixture);
	}
}

/* ---- Lost captures ------------------------------------------------------------------------ */

static void
void_silences_begin_anew(void **state)
{
	struct fixture *fixture = servers();
	const struct inquiry *inquiry = inquiry_of(&fixture->facts, 0);
	const struct silences *silences = silences_of(&fixture->facts, 0, 0);

	(void)state;
	inquiry_count_resolve(&fixture->facts, 0);
	answer_fence(fixture, 0, PATH_BROADCAST, 2, 1);
	inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE | UNSPECIFIED);
	answer_vip(fixture, UNSPECIFIED);
	inquiry_count_attempt(&fixture->facts, 0, 0);
	answer_fence(fixture, 0, PATH_UNICAST, 0, 4);
	inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE);
	inquiry_set_stage(&fixture->facts, 0, STAGE_DONE);
	assert_int_equal(inquiries_done(&fixture->facts), 1);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 0).broadcast, 3);

	inquiry_void(&fixture->facts, 0);
	assert_memory_equal(
	    silences, &(struct silences){.answered = UNSPECIFIED}, sizeof(*silences));
	assert_int_equal(inquiry->stage, STAGE_RESOLVE);
	assert_int_equal(inquiries_done(&fixture->facts), 0);
	assert_int_equal(inquiry->resolves, 0);
	assert_int_equal(inquiry_silences(&fixture->facts, 0, 0).broadcast, 0);
	/* What was answered is heard for good, and so are the fences. */
	assert_int_equal(inquiry->answered, 2);
	assert_int_equal(inquiry->missed, 2);
	assert_int_equal(fixture->facts.loss[PATH_BROADCAST].lost, 2);
	assert_int_equal(inquiry->voids, 0);
	inquiry_count_void(&fixture->facts, 0);
	assert_int_equal(inquiry->voids, 1);
	/* The next fence by broadcast is the first again. */
	answer_fence(fixture, 0, PATH_BROADCAST, 0, 6);
	assert_int_equal(inquiry->rounds_first, 6);
	assert_int_equal(silences->rounds, 0);
	fixture_free(fixture);
}

static void
inquiries_are_done_one_by_one(void **state)
{
	struct fixture *fixture = servers();

	(void)state;
	inquiry_set_stage(&fixture->facts, 0, STAGE_DONE);
	inquiry_set_stage(&fixture->facts, 0, STAGE_DONE);
	assert_int_equal(inquiries_done(&fixture->facts), 1);
	assert_false(inquiries_are_done(&fixture->facts));
	inquiry_set_stage(&fixture->facts, 1, STAGE_DONE);
	assert_true(inquiries_are_done(&fixture->facts));
	inquiry_set_stage(&fixture->facts, 0, STAGE_CONFIRM);
	assert_int_equal(inquiries_done(&fixture->facts), 1);
	fixture_free(fixture);
}

/* ---- How sure it is ----------------------------------------------------------------------- */

static const struct bound_case {
	const char *what;
	struct loss segment[PATHS];
	uint16_t answered,
	    missed; /* by the host itself, by unicast, before the segment's are set */
	bool is_host;
	bool alone; /* its own link is the worse one, and tells */
	uint32_t unicast, broadcast;
} bound_cases[] = {
    {"no silence", {{10, 0}, {10, 0}}, 0, 0, true, false, 0, 0},
    {"by unicast", {{10, 2}, {10, 0}}, 3, 0, true, false, 4, 0},
    {"by broadcast", {{10, 2}, {10, 0}}, 3, 0, true, false, 0, 4},
    {"by both", {{10, 2}, {30, 1}}, 3, 0, true, false, 3, 2},
    {"no host of the plan", {{10, 2}, {30, 1}}, 0, 0, false, false, 3, 2},
    {"a bad link", {{100, 2}, {100, 1}}, 4, 4, true, true, 3, 2},
    {"a link that is better than most", {{10, 20}, {10, 20}}, 30, 1, true, false, 3, 2},
    {"few fences, none of them missed", {{100, 2}, {100, 1}}, 1, 0, true, false, 3, 2},
};

static void
silences_are_bound_by_the_worse_loss(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bound_cases); i++) {
		const struct bound_case *row = &bound_cases[i];
		struct fixture *fixture = servers();
		struct facts *facts = &fixture->facts;
		const struct loss own = {.answered = row->answered, .lost = row->missed};
		const double pooled = loss_all_lost(&row->segment[PATH_UNICAST], row->unicast) *
				      loss_all_lost(&row->segment[PATH_BROADCAST], row->broadcast);
		const double alone = loss_all_lost(&own, row->unicast + row->broadcast);

		for (uint16_t k = 0; k < row->answered; k++)
			answer_fence(
			    fixture, 0, PATH_UNICAST, (uint8_t)(k == 0 ? row->missed : 0), 0);
		facts->loss[PATH_UNICAST] = row->segment[PATH_UNICAST];
		facts->loss[PATH_BROADCAST] = row->segment[PATH_BROADCAST];
		assert_near(row->what,
		    inquiry_all_lost(facts, row->is_host ? 0 : NONE, row->unicast, row->broadcast),
		    row->alone ? alone : pooled);
		if (row->missed > 0)
			assert_row(row->what, alone > pooled, row->alone);
		/* The host that has missed nothing is not concerned. */
		assert_near(
		    row->what, inquiry_all_lost(facts, 1, row->unicast, row->broadcast), pooled);
		fixture_free(fixture);
	}
}

/* The posterior predictive of Beta(1, 1): for instance, one lost of three is 2/5 · 3/6. */
static void
all_are_lost_with_this_chance(void **state)
{
	static const struct {
		struct loss loss;
		uint32_t count;
		double chance;
	} rows[] = {
	    {{0, 0}, 0, 1},
	    {{0, 0}, 1, 1. / 2},
	    {{0, 0}, 2, 1. / 3},
	    {{2, 1}, 2, 2. / 5 * 3 / 6},
	    {{98, 0}, 3, 1. / 100 * 2 / 101 * 3 / 102},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_near(
		    "all lost", loss_all_lost(&rows[i].loss, rows[i].count), rows[i].chance);
	assert_near("mean", loss_estimate(&(struct loss){.answered = 2, .lost = 1}), 2. / 5);
}

/* ---- What is asked for -------------------------------------------------------------------- */

static const struct complete_case {
	const char *what;
	unsigned fences;           /* kinds of SPA whose fences it has answered */
	unsigned answered, silent; /* kinds of who-has VIP */
	bool complete;
	uint8_t misses; /* of fences of the other kinds, besides the first */
} complete_cases[] = {
    {"nothing was told", SOURCE | UNSPECIFIED, 0, 0, false, 0},
    {"one kind is left", SOURCE | UNSPECIFIED, SOURCE, 0, false, 0},
    {"all were answered", SOURCE | UNSPECIFIED, SOURCE | UNSPECIFIED, 0, true, 0},
    {"silences tell as well", SOURCE | UNSPECIFIED, SOURCE, UNSPECIFIED, true, 0},
    {"it never answers SPA 0.0.0.0", SOURCE, SOURCE, 0, true, 2},
    {"it may have lost SPA 0.0.0.0", SOURCE, SOURCE, 0, false, 1},
    {"it never answers the source", UNSPECIFIED, UNSPECIFIED, 0, true, 0},
};

static void
levels_are_told_by_all_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(complete_cases); i++) {
		const struct complete_case *row = &complete_cases[i];
		struct fixture *fixture = servers();

		for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_UNSPECIFIED; kind++)
			if ((row->fences & 1u << kind) != 0)
				inquiry_fence_answered(&fixture->facts, 0,
				    &(struct fence){.path = PATH_UNICAST, .spa = kind});
			else
				for (uint8_t misses = 0; misses <= row->misses; misses++)
					inquiry_fence_missed(&fixture->facts, 0, kind);
		inquiry_vip_answered(&fixture->facts, 0, 0, (uint8_t)row->answered, false);
		inquiry_ask_vip(&fixture->facts, 0, 0, (uint8_t)row->silent);
		inquiry_fence_answered(&fixture->facts, 0,
		    &(struct fence){.path = PATH_UNICAST,
			.spa = (row->fences & SOURCE) != 0 ? SPA_SOURCE : SPA_UNSPECIFIED});
		assert_row(row->what, inquiry_is_complete(&fixture->facts, 0, 0), row->complete);
		fixture_free(fixture);
	}
}

enum sign {
	NO_SIGN = 0,
	REPLIES,
	SPEAKS,
	HOLDS,
};

static const struct passer_case {
	const char *what;
	bool sweep, director;
	enum stage stage;
	enum sign sign;
	bool passes_by;
} passer_cases[] = {
    {"swept, and let be", true, false, STAGE_CONFIRM, NO_SIGN, true},
    {"done", true, false, STAGE_DONE, NO_SIGN, true},
    {"not asked yet", true, false, STAGE_ATTEMPT, NO_SIGN, false},
    {"listed", false, false, STAGE_CONFIRM, NO_SIGN, false},
    {"a director", true, true, STAGE_CONFIRM, NO_SIGN, false},
    {"replies for the VIP", true, false, STAGE_CONFIRM, REPLIES, false},
    {"speaks as the VIP", true, false, STAGE_CONFIRM, SPEAKS, false},
    {"holds the VIP", true, false, STAGE_CONFIRM, HOLDS, false},
};

static void
show(struct fixture *fixture, uint32_t host, enum sign sign)
{
	const struct frame reply = reply_of(11, VIP), request = request_of(11, VIP, 77);
	struct heard heard;

	if (sign == REPLIES) {
		heard = heard_now(fixture, &reply);
		(void)holding_hear_reply(&fixture->facts, host, &heard);
	} else if (sign == SPEAKS) {
		heard = heard_now(fixture, &request);
		holding_hear_request(&fixture->facts, host, &heard);
	} else if (sign == HOLDS) {
		holding_hear_packet(&fixture->facts, host, 0, ELICIT_ECHO, true);
	}
}

static void
sweep_finds_passers_by(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(passer_cases); i++) {
		const struct passer_case *row = &passer_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = row->sweep ? NULL : "10.77.0.11-12",
			.directors = row->director ? "10.77.0.11" : NULL});
		const uint32_t host = host_at(fixture, 11);

		inquiry_set_stage(&fixture->facts, host, row->stage);
		show(fixture, host, row->sign);
		assert_row(
		    row->what, inquiry_is_of_passer_by(&fixture->facts, host, 0), row->passes_by);
		fixture_free(fixture);
	}
}

/* ---- A sweep ------------------------------------------------------------------------------ */

/* Of the addresses that do not answer, the one that was asked the least counts. The loss is that of
 * those that do: here 98 exchanges, of which two were lost. */
static void
sweep_may_miss_a_host(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = NULL});
	struct facts *facts = &fixture->facts;
	const struct mac mac_of_first = mac(11);

	(void)state;
	assert_true(inquiries_sweep_bound(facts) < 0); /* not begun */
	asked_note_question(facts, 0, START_US, true);
	assert_near("not asked", inquiries_sweep_bound(facts), 1);
	for (uint32_t host = 0; host < host_count(facts); host++)
		for (int i = 0; i < 3; i++)
			inquiry_count_resolve(facts, host);
	assert_near("nobody answers", inquiries_sweep_bound(facts), 1. / 4);
	(void)hosts_learn_mac(facts, host_at(fixture, 11), &mac_of_first);
	for (int i = 0; i < 96; i++)
		answer_fence(fixture, host_at(fixture, 11), PATH_BROADCAST, i < 2, 0);
	assert_near("three times", inquiries_sweep_bound(facts), 3. * 4 * 5 / (100. * 101 * 102));
	for (uint32_t host = 1; host < host_count(facts); host++)
		inquiry_count_resolve(facts, host);
	assert_near(
	    "one host three times", inquiries_sweep_bound(facts), 3. * 4 * 5 / (100. * 101 * 102));
	inquiry_count_resolve(facts, 0);
	assert_near(
	    "four times", inquiries_sweep_bound(facts), 3. * 4 * 5 * 6 / (100. * 101 * 102 * 103));
	fixture_free(fixture);
	fixture = servers();
	asked_note_question(&fixture->facts, 0, START_US, true);
	assert_true(inquiries_sweep_bound(&fixture->facts) < 0); /* no sweep */
	fixture_free(fixture);
}

/* A host that gives the VIP up leaves both kinds unanswered. A Linux proxy answers the one. */
static void
proxies_answer_one_kind_in_a_round(void **state)
{
	struct fixture *fixture = servers();
	const struct silences *silences = silences_of(&fixture->facts, 0, 0);

	(void)state;
	inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE);
	answer_vip(fixture, SOURCE);
	answer_fence(fixture, 0, PATH_UNICAST, 0, 0);
	inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE | UNSPECIFIED);
	answer_fence(fixture, 0, PATH_UNICAST, 0, 0);
	assert_int_equal(silences->silent, UNSPECIFIED);
	assert_false(silences->like_proxy);
	inquiry_ask_vip(&fixture->facts, 0, 0, SOURCE | UNSPECIFIED);
	answer_vip(fixture, SOURCE);
	answer_fence(fixture, 0, PATH_UNICAST, 0, 0);
	assert_true(silences->like_proxy);
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fences_count_once_the_host_is_there),
	    cmocka_unit_test(fences_find_the_lost),
	    cmocka_unit_test(only_fenced_silences_count),
	    cmocka_unit_test(late_answer_of_a_switch_hides_no_silence),
	    cmocka_unit_test(one_fence_serves_many_vips),
	    cmocka_unit_test(rounds_are_heard_between_two_fences),
	    cmocka_unit_test(rounds_in_part_do_not_count),
	    cmocka_unit_test(switch_may_answer_broadcasts),
	    cmocka_unit_test(arp_probes_may_be_dropped),
	    cmocka_unit_test(void_silences_begin_anew),
	    cmocka_unit_test(inquiries_are_done_one_by_one),
	    cmocka_unit_test(silences_are_bound_by_the_worse_loss),
	    cmocka_unit_test(all_are_lost_with_this_chance),
	    cmocka_unit_test(silences_count_while_the_vip_is_held),
	    cmocka_unit_test(levels_are_told_by_all_kinds),
	    cmocka_unit_test(proxies_answer_one_kind_in_a_round),
	    cmocka_unit_test(sweep_finds_passers_by),
	    cmocka_unit_test(sweep_may_miss_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
