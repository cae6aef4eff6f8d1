/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hand-overs: owner A, then only B. Two owners at once never pass for one, and silence that may be
 * loss is no hand-over.
 */
#include <math.h>

#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/owner/handover.h"
#include "facts_play.h"

#define NOBODY 0
#define BOTH   "02:00:0a:4d:00:03,02:00:0a:4d:00:04"
#define ONLY_3 "02:00:0a:4d:00:03"

/* ---- By when they claimed ----------------------------------------------------------------- */

static const struct candidate_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t of;
	bool candidate;
	uint8_t successor; /* or NOBODY */
} candidate_cases[] = {
    {"nobody else", NULL, {{ANSWER, 3, 1}}, 3, false, NOBODY},
    {"A, then B: A", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, true, 4},
    {"A, then B: B", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, 4, false, NOBODY},
    {"A and B answer one question", NULL, {{ANSWER, 3, 1}, {ANSWER_TOO, 4, 1}}, 3, false, NOBODY},
    {"A and B answer one question, and B the next", NULL,
	{{ANSWER, 3, 1}, {ANSWER_TOO, 4, 1}, {ANSWER, 4, 1}}, 3, false, NOBODY},
    {"A answers, B announces itself and answers", NULL,
	{{ANSWER, 3, 1}, {ANNOUNCE, 4, 1}, {ANSWER_TOO, 4, 1}}, 3, true, 4},
    {"A and B answer one question, before C", NULL,
	{{ANSWER, 3, 1}, {ANSWER_TOO, 4, 1}, {ANSWER, 5, 1}}, 3, false, 5},
    {"B has only claimed yet", NULL, {{ANSWER, 3, 1}, {REQUEST, 4, 1}}, 3, true, 4},
    {"B has only advertised yet", NULL, {{ANSWER, 3, 1}, {ADVERTISE, 4, 1}}, 3, true, 4},
    {"A never answered", NULL, {{REQUEST, 3, 1}, {ANSWER, 4, 1}}, 3, false, 4},
    {"A, B, A", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 3, 1}}, 3, false, NOBODY},
    {"A, B, A: it is not B's either", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 3, 1}}, 4,
	false, NOBODY},
    {"A, B, and A claims otherwise", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {REQUEST, 3, 1}}, 3,
	false, NOBODY},
    {"A, B by a claim, A", NULL, {{ANSWER, 3, 1}, {REQUEST, 4, 1}, {ANSWER, 3, 1}}, 3, false,
	NOBODY},
    {"B claimed before, by a claim of any kind", NULL,
	{{REQUEST, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, false, NOBODY},
    {"A, B, C: the first after A", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}}, 3, true,
	4},
    {"A, B, C: B", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}}, 4, true, 5},
    {"A, B, C, B: A", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}, {ANSWER, 4, 1}}, 3,
	true, 4},
    {"A, B, C, B: B", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}, {ANSWER, 4, 1}}, 4,
	false, NOBODY},
    {"A, then B, and C all the time", NULL,
	{{ANSWER, 5, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}}, 3, false, 4},
    {"a claim all the time is no answer", NULL,
	{{REQUEST, 5, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {REQUEST, 5, 1}}, 3, true, 4},
    {"a server leaks all the time", NULL,
	{{MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 11, 1}}, 3, true,
	4},
    {"a server is no successor", NULL, {{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}}, 3, false,
	NOBODY},
    {"nor a former owner", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, 3, 1}}, 11, false, 3},
    {"that is known later", NULL, {{ANSWER, 11, 1}, {ANSWER, 3, 1}, {MEET, 11, 1}}, 11, false, 3},
    {"by a second MAC", NULL,
	{{MEET, 11, 1}, {ANSWER, 66, 1}, {ANSWER, 3, 1}, {DAMAGED, 11, 66}, {DAMAGED, 11, 66}}, 66,
	false, 3},
    {"which one frame does not show", NULL,
	{{MEET, 11, 1}, {ANSWER, 66, 1}, {ANSWER, 3, 1}, {DAMAGED, 11, 66}}, 66, true, 3},
    {"unless it forwards", NULL, {{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}, {FORWARD, 11, 2}},
	3, true, 11},
    {"both were named", BOTH, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, true, 4},
    {"to another than was named", ONLY_3, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, false, NOBODY},
    {"by another than was named", ONLY_3, {{ANSWER, 4, 1}, {ANSWER, 3, 1}}, 4, false, 3},
    {"claimants have found no place", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {CROWD, 0, 1}}, 3,
	false, 4},
};

static void
owners_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(candidate_cases); i++) {
		const struct candidate_case *row = &candidate_cases[i];
		struct fixture *fixture = fixture_new(
		    &(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = row->directors});
		const struct facts *facts = &fixture->facts;

		play(fixture, row->steps);
		const uint32_t of = claimant_index(fixture, row->of);

		assert_row(row->what, handover_is_candidate(facts, 0, of), row->candidate);
		assert_row(row->what, handover_successor(facts, 0, of),
		    row->successor == NOBODY ? NONE : claimant_index(fixture, row->successor));
		fixture_free(fixture);
	}
}

/* ---- By silence --------------------------------------------------------------------------- */

/* .3 has answered, then .4 has come; what is asked then, and what .4 does. */
static const struct silent_case {
	const char *what;
	enum action first; /* claim of .4 */
	struct step before[4];
	struct step steps[STEPS_MAX];
	bool since_last; /* only the time after the last step counts */
	bool silent, possible;
} silent_cases[] = {
    {"not asked", ANNOUNCE, {{FENCE, 0, 100}}, {{ANSWER, 4, 1}}, false, false, false},
    {"asked by both paths", ANNOUNCE, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, true, true},
    {"the successor has not answered since", ANNOUNCE, {{FENCE, 0, 100}},
	{{ANSWER, 4, 1}, {ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}}, true, false, true},
    {"by broadcast alone", ANNOUNCE, {{FENCE, 0, 100}}, {{ASK_ALL, 0, 40}, {ANSWER, 4, 1}}, false,
	false, false},
    {"by unicast alone", ANNOUNCE, {{FENCE, 0, 100}}, {{ASK_ONE, 3, 40}, {ANSWER, 4, 1}}, false,
	false, false},
    {"one broadcast less", ANNOUNCE, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 3}, {ASK_ONE, 3, 40}, {ANSWER, 4, 1}}, false, false, false},
    {"one unicast less", ANNOUNCE, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 40}, {ASK_ONE, 3, 7}, {ANSWER, 4, 1}}, false, false, false},
    {"others were asked", ANNOUNCE, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 4, 8}, {ANSWER, 4, 1}}, false, false, false},
    {"nothing is known of the loss", ANNOUNCE, {{WAIT, 0, 1}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, false, true},
    {"but it is asked on and on", ANNOUNCE, {{WAIT, 0, 1}},
	{{ASK_ALL, 0, 2000}, {ASK_ONE, 3, 2000}, {ANSWER, 4, 1}}, false, true, true},
    {"it advertised itself", ADVERTISE, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, true, true},
    {"it only answered", ANSWER, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, false, true},
    {"it spoke as the VIP", REQUEST, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, false, true},
    {"it answered the same question", ANSWER_TOO, {{FENCE, 0, 100}},
	{{ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1}}, false, false, false},
};

static void
silence_has_to_be_more_than_chance(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(silent_cases); i++) {
		const struct silent_case *row = &silent_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
		const struct facts *facts = &fixture->facts;

		play(fixture, row->before);
		play(fixture, (const struct step[]){{ANSWER, 3, 1}, {row->first, 4, 1},
				  {ANSWER, 4, 1}, {STOP, 0, 1}});
		play(fixture, row->steps);
		const uint32_t of = claimant_index(fixture, 3);
		const struct claimant *former = claimant_of(facts, 0, of);

		assert_row(row->what,
		    handover_is_candidate(facts, 0, of) &&
			handover_is_silent(
			    facts, 0, of, row->since_last ? fixture->now_us : START_US),
		    row->silent);
		assert_row(row->what, handover_possible(facts, 0), row->possible);
		if (fabs(handover_bound(facts, former) -
			 loss_all_lost(&facts->loss[PATH_UNICAST], former->silent_unicasts) *
			     loss_all_lost(
				 &facts->loss[PATH_BROADCAST], former->silent_broadcasts)) > 1e-12)
			fail_msg("%s: the bound is %g", row->what, handover_bound(facts, former));
		fixture_free(fixture);
	}
}

/* A successor that claims, but never answers. */
static void
successor_has_to_answer(void **state)
{
	static const struct step steps[] = {{FENCE, 0, 100}, {ANSWER, 3, 1}, {ANNOUNCE, 4, 1},
	    {ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {REQUEST, 4, 1}, {STOP, 0, 1}};
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	uint32_t of;

	(void)state;
	play(fixture, steps);
	of = claimant_index(fixture, 3);
	assert_true(handover_is_candidate(&fixture->facts, 0, of));
	assert_false(handover_is_silent(&fixture->facts, 0, of, START_US));
	play(fixture, (const struct step[]){{ANSWER, 4, 1}, {STOP, 0, 1}});
	assert_true(handover_is_silent(&fixture->facts, 0, of, START_US));
	fixture_free(fixture);
}

/* Where the former owner is a host that has missed fences, its own link is the worse one. */
static void
bad_link_of_the_former_owner_counts(void **state)
{
	static const struct step steps[] = {{MEET, 3, 1}, {MISS, 3, 6}, {FENCE, 0, 300},
	    {ANSWER, 3, 1}, {ANNOUNCE, 4, 1}, {ASK_ALL, 0, 4}, {ASK_ONE, 3, 8}, {ANSWER, 4, 1},
	    {STOP, 0, 1}};
	struct fixture *fixture = fixture_new(&(struct fixture_plan){
	    .hosts = "10.77.0.11-12", .directors = "10.77.0.3,02:00:0a:4d:00:04"});
	const struct loss own = {.answered = 1, .lost = 6};

	(void)state;
	play(fixture, steps);
	const uint32_t of = claimant_index(fixture, 3);

	assert_true(fabs(handover_bound(&fixture->facts, claimant_at(fixture, 3)) -
			 loss_all_lost(&own, 12)) < 1e-12);
	assert_false(handover_is_silent(&fixture->facts, 0, of, START_US));
	assert_true(handover_possible(&fixture->facts, 0));
	fixture_free(fixture);
}

/* ---- What may be one ---------------------------------------------------------------------- */

#define ASKED                 \
	{ASK_ALL, 0, 4},      \
	{                     \
		ASK_ONE, 3, 8 \
	}

static const struct possible_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	bool possible;
	uint8_t hosts[3]; /* of the two, if it is; 0 ends them */
} possible_cases[] = {
    {"asked enough", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, ASKED, {ANSWER, 4, 1}}, true,
	{3, 4}},
    {"not asked", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, false, {0}},
    {"a single owner", "10.77.0.3,10.77.0.4", {{MEET, 3, 1}, {ANSWER, 3, 1}}, false, {0}},
    {"a single owner that may be the director, and a server", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}}, false, {0}},
    {"both at once", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 3, 1}, ASKED,
	    {ANSWER, 4, 1}},
	false, {0}},
    {"a server leaks as well: not all owners, but the two", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, ASKED,
	    {ANSWER, 4, 1}, {ANSWER, 11, 1}},
	false, {3, 4}},
    {"claimants have found no place", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, ASKED, {ANSWER, 4, 1},
	    {CROWD, 0, 1}},
	false, {0}},
    /* The named director .4 was not heard, and may be the second one. */
    {"to an unheard director", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, true, {3}},
    {"from one", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 4, 1}, {ANSWER, 3, 1}}, true, {3}},
    {"to an unheard director, both at once", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 3, 1}}, false,
	{0}},
    {"to an unheard director, and no place", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {CROWD, 0, 1}}, false, {0}},
    {"it would have been heard", "10.77.0.3,10.77.0.4",
	{{FENCE, 0, 1000}, {ROUND, 0, 2}, {MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1},
	    {ANSWER, 4, 100}, {ROUND, 0, 48}},
	false, {0}},
    {"and a server leaks", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 11, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1},
	    {ANSWER, 11, 1}},
	false, {0}},
};

static bool
is_one_of(const uint8_t *hosts, uint8_t host)
{
	for (size_t i = 0; i < 3 && hosts[i] != 0; i++)
		if (hosts[i] == host)
			return true;
	return false;
}

static void
hand_over_may_be_possible(void **state)
{
	static const uint8_t all[] = {3, 4, 11, 12};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(possible_cases); i++) {
		const struct possible_case *row = &possible_cases[i];
		struct fixture *fixture = fixture_new(
		    &(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = row->directors});

		play(fixture, row->steps);
		assert_row(row->what, handover_possible(&fixture->facts, 0), row->possible);
		for (size_t k = 0; k < COUNT_OF(all); k++)
			assert_row(row->what,
			    handover_possible_of(&fixture->facts, 0, host_at(fixture, all[k])),
			    is_one_of(row->hosts, all[k]));
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(owners_follow_each_other),
	    cmocka_unit_test(silence_has_to_be_more_than_chance),
	    cmocka_unit_test(successor_has_to_answer),
	    cmocka_unit_test(bad_link_of_the_former_owner_counts),
	    cmocka_unit_test(hand_over_may_be_possible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
