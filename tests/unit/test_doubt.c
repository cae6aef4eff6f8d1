/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doubt: owners that may be the director, a director that was not heard, and whether all owners
 * were.
 */
#include <math.h>

#include "audit/facts/asked.h"
#include "audit/owner/doubt.h"
#include "audit/owner/rounds.h"
#include "audit/owner/unheard.h"
#include "facts_play.h"

static struct fixture *
played(const char *directors, const struct step *steps)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = directors});

	play(fixture, steps);
	return fixture;
}

/* ---- A director that was not heard -------------------------------------------------------- */

static const struct unheard_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t of;
	bool may_be;
} unheard_cases[] = {
    {"no director was named", NULL, {{ANSWER, 4, 1}}, 4, false},
    {"named by its MAC", "02:00:0a:4d:00:03", {{ANSWER, 4, 1}}, 4, false},
    {"the director was heard", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, 4, 1}}, 4, false},
    {"it was not", "10.77.0.3", {{RESOLVE, 3, 5}, {ANSWER, 4, 1}}, 4, true},
    {"it was not asked", "10.77.0.3", {{FENCE, 0, 1000}, {ANSWER, 4, 20}}, 4, true},
    {"not by broadcast often enough: 5 of 6 and 20", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 3}, {RESOLVE, 3, 5}, {ANSWER, 4, 6}}, 4, true},
    /* 5! 21! / 26! is 1.5e-5, where 1e-4 is enough. */
    {"nothing is lost, on its link or others", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {ANSWER, 4, 20}}, 4, false},
    {"further answers prove no more", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 3}, {RESOLVE, 3, 5}, {ANSWER, 4, 200}}, 4, true},
    {"much is lost to others", "10.77.0.3", {{ROUND, 0, 10}, {RESOLVE, 3, 5}, {ANSWER, 4, 20}}, 4,
	true},
    {"much is lost to the owner", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {ANSWER, 4, 10}}, 4, true},
    {"one of two directors was asked enough", "10.77.0.3,10.77.0.5",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {RESOLVE, 5, 1}, {ANSWER, 4, 20}}, 4,
	true},
    {"both were", "10.77.0.3,10.77.0.5",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {RESOLVE, 5, 5}, {ANSWER, 4, 20}}, 4,
	false},
    {"the one that was asked less was heard", "10.77.0.3,10.77.0.5",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {MEET, 5, 1}, {ANSWER, 4, 20}}, 4,
	false},
    {"the owner is a listed server", "10.77.0.3", {{MEET, 11, 1}, {RESOLVE, 3, 5}, {ANSWER, 11, 1}},
	11, false},
    {"the owner was named", "10.77.0.3,02:00:0a:4d:00:04", {{RESOLVE, 3, 5}, {ANSWER, 4, 1}}, 4,
	false},
    {"no owner", "10.77.0.3", {{RESOLVE, 3, 5}, {REQUEST, 4, 1}}, 4, true},
    {"no owner, and the director would have been heard", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {REQUEST, 4, 1}}, 4, false},
    {"a former owner", "10.77.0.3", {{RESOLVE, 3, 5}, {ANSWER, 4, 1}, {RETIRE, 4, 1}}, 4, false},
};

static void
owner_may_be_a_director_that_was_not_heard(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unheard_cases); i++) {
		const struct unheard_case *row = &unheard_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);

		assert_row(row->what,
		    owner_may_be_unheard_director(
			&fixture->facts, 0, claimant_index(fixture, row->of)),
		    row->may_be);
		assert_row(row->what, owner_may_be_unheard(&fixture->facts), row->may_be);
		fixture_free(fixture);
	}
}

/* ---- Doubt -------------------------------------------------------------------------------- */

static const struct doubt_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t of;
	bool may_be_director, in_doubt;
} doubt_cases[] = {
    {"a virtual router", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}}, VIRTUAL, true, true},
    {"its master is another", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 4, 1}},
	VIRTUAL, false, false},
    {"its master is the director", "10.77.0.3",
	{{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, VIRTUAL, false, false},
    {"no virtual router", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, 4, 1}}, 4, false, false},
    {"nobody was named", NULL, {{ANSWER, VIRTUAL, 1}}, VIRTUAL, false, false},
    {"one was named by its MAC", "10.77.0.3,02:00:0a:4d:00:04",
	{{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}}, VIRTUAL, false, false},
    {"there is another owner", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}, {ANSWER, 5, 1}},
	VIRTUAL, false, false},
    {"the director was not heard", "10.77.0.3", {{RESOLVE, 3, 5}, {ANSWER, 4, 1}}, 4, false, true},
    {"the network answers for every address", "10.77.0.3",
	{{FENCE, 0, 1000}, {ROUND, 0, 10}, {RESOLVE, 3, 5}, {PROXY, 4, 4}, {ANSWER, 4, 20}}, 4,
	false, true},
    {"it only claims", "10.77.0.3", {{RESOLVE, 3, 5}, {REQUEST, 4, 1}}, 4, false, true},
    {"several owners, and no director was heard", "10.77.0.3",
	{{MEET, 11, 1}, {RESOLVE, 3, 5}, {ANSWER, 11, 1}, {ANSWER, 4, 1}, {ANSWER, 11, 1}}, 4,
	false, true},
    {"the listed server of these", "10.77.0.3",
	{{MEET, 11, 1}, {RESOLVE, 3, 5}, {ANSWER, 11, 1}, {ANSWER, 4, 1}, {ANSWER, 11, 1}}, 11,
	false, false},
    {"two unknown owners, and no director was heard", "10.77.0.3",
	{{RESOLVE, 3, 5}, {ANSWER, 5, 1}, {ANSWER, 4, 1}, {ANSWER, 5, 1}}, 5, false, true},
    {"in a hand-over: from", "10.77.0.3,02:00:0a:4d:00:04",
	{{MEET, 3, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ASK_ALL, 0, 4}, {ASK_ONE, 3, 8},
	    {ANSWER, 4, 1}},
	3, false, true},
    {"in a hand-over: to", "10.77.0.3,02:00:0a:4d:00:04",
	{{MEET, 3, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ASK_ALL, 0, 4}, {ASK_ONE, 3, 8},
	    {ANSWER, 4, 1}},
	4, false, true},
    {"no hand-over", "10.77.0.3,02:00:0a:4d:00:04", {{MEET, 3, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}},
	4, false, false},
    {"a hand-over to an unheard director", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, 4, false, true},
    {"two at once, and a director was not heard", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {RESOLVE, 4, 5}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 3, 1}}, 4, false,
	false},
};

static void
owner_may_be_in_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(doubt_cases); i++) {
		const struct doubt_case *row = &doubt_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);
		const uint32_t of = claimant_index(fixture, row->of);

		assert_row(
		    row->what, owner_may_be_director(&fixture->facts, 0, of), row->may_be_director);
		assert_row(row->what, owner_is_in_doubt(&fixture->facts, 0, of), row->in_doubt);
		fixture_free(fixture);
	}
}

/* ---- All owners --------------------------------------------------------------------------- */

static const struct rounds_case {
	const char *what;
	struct loss loss; /* by broadcast */
	uint32_t rounds, rounds_void;
	uint32_t counting;
	bool sure;
	uint32_t up_to;
	bool surer;
} rounds_cases[] = {
    {"none yet", {1000, 0}, 0, 0, 0, false, 3, true},
    {"two are not enough", {1000, 0}, 2, 0, 2, false, 3, true},
    {"three are, of a thousand", {1000, 0}, 3, 0, 3, true, 3, false},
    {"those before lost captures do not count", {1000, 0}, 5, 3, 2, false, 3, true},
    {"few hosts tell", {10, 0}, 3, 0, 3, false, 4, false},
    {"few hosts tell, many rounds", {10, 0}, 3, 0, 3, false, 64, true},
    {"too much is lost", {10, 10}, 3, 0, 3, false, 10, false},
    {"all rounds were asked", {1000, 0}, 2, 0, 2, false, 2, false},
};

static void
further_owners_are_heard_in_rounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rounds_cases); i++) {
		const struct rounds_case *row = &rounds_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
		struct facts *facts = &fixture->facts;
		const double bound = loss_all_lost(&row->loss, row->counting);

		facts->loss[PATH_BROADCAST] = row->loss;
		facts->loss[PATH_UNICAST] = (struct loss){.answered = 5, .lost = 5};
		facts->asked->rounds = row->rounds;
		facts->asked->rounds_void = row->rounds_void;
		assert_row(row->what, owner_rounds(facts), row->counting);
		if (fabs(owner_bound(facts) - bound) > 1e-12 * bound)
			fail_msg("%s: %g, not %g", row->what, owner_bound(facts), bound);
		assert_row(row->what, owners_are_sure(facts), row->sure);
		assert_row(row->what, owners_may_be_surer(facts, row->up_to), row->surer);
		fixture_free(fixture);
	}
}

/* The bound at which it is sure is the one that was asked for. */
static void
sureness_is_what_was_asked_for(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});

	(void)state;
	fixture->facts.asked->rounds = 2;
	/* A third: of two rounds, and no fence. Some processors compute with more digits than they
	 * store. */
	fixture->plan.settings.confidence = 0.3334;
	assert_true(owners_are_sure(&fixture->facts));
	fixture->plan.settings.confidence = 0.3333;
	assert_false(owners_are_sure(&fixture->facts));
	fixture_free(fixture);
}

static void
void_silences_and_proxied_answers(void **state)
{
	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
	struct facts *facts = &fixture->facts;

	(void)state;
	facts->asked->voids = VOIDS_MAX;
	assert_false(asked_owners_are_void(facts));
	facts->asked->voids++;
	assert_true(asked_owners_are_void(facts));
	fixture->plan.settings.linger_us = PROXY_DELAY_US;
	assert_true(asked_hears_proxies(facts));
	fixture->plan.settings.linger_us--;
	assert_false(asked_hears_proxies(facts));
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(owner_may_be_a_director_that_was_not_heard),
	    cmocka_unit_test(owner_may_be_in_doubt),
	    cmocka_unit_test(further_owners_are_heard_in_rounds),
	    cmocka_unit_test(sureness_is_what_was_asked_for),
	    cmocka_unit_test(void_silences_and_proxied_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
