/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The owner that is a virtual router: which host is its master, whether two machines answer with
 * its MAC, and whether one has handed it over to the other.
 */
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/owner/master.h"
#include "facts_play.h"

static struct fixture *
played(const struct step *steps)
{
	struct fixture *fixture = fixture_new(
	    &(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = "10.77.0.3,10.77.0.4"});

	play(fixture, steps);
	return fixture;
}

/* ---- The master --------------------------------------------------------------------------- */

static const struct master_case {
	const char *what;
	struct step steps[STEPS_MAX];
	bool owner;
	uint8_t is;  /* the host that is the master, 0: none is known */
	uint8_t was; /* the one before it */
	bool may_be; /* each of the named directors may be it */
} master_cases[] = {
    {"nobody owns it", {{ADVERTISE, 3, 1}}, false, 0, 0, false},
    {"an owner by its own MAC", {{ANSWER, 3, 1}, {ADVERTISE, 3, 1}}, false, 0, 0, false},
    {"a virtual router that only claims", {{REQUEST, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, false, 0, 0,
	false},
    {"one that answers", {{ANSWER, VIRTUAL, 1}}, true, 0, 0, true},
    {"two of them", {{ANSWER, VIRTUAL, 1}, {ANSWER, VIRTUAL + 1, 1}}, false, 0, 0, false},
    {"that has handed the VIP over", {{ANSWER, VIRTUAL, 1}, {RETIRE, VIRTUAL, 1}}, false, 0, 0,
	false},
    {"to another one", {{ANSWER, VIRTUAL + 1, 1}, {RETIRE, VIRTUAL + 1, 1}, {ANSWER, VIRTUAL, 1}},
	true, 0, 0, true},
    {"beside an owner by its own MAC", {{ANSWER, 5, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}},
	true, 3, 0, false},
    {"its master advertises", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, true, 3, 0, false},
    {"before it answers", {{ADVERTISE, 3, 1}, {ANSWER, VIRTUAL, 1}}, true, 3, 0, false},
    {"another master", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1}},
	true, 4, 3, false},
    {"a master that is a server", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 11, 1}}, true, 11, 0, false},
    {"a master that resigns", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}}, true, 3, 0,
	false},
    {"another virtual router's", {{ANSWER, VIRTUAL + 1, 1}, {ADVERTISE, 3, 1}}, true, 0, 0, true},
};

static void
master_is_known_by_its_advertisements(void **state)
{
	static const uint8_t hosts[] = {3, 4, 11, 12};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(master_cases); i++) {
		const struct master_case *row = &master_cases[i];
		struct fixture *fixture = played(row->steps);
		const struct facts *facts = &fixture->facts;

		assert_row(row->what, master_owner(facts, 0) != NULL, row->owner);
		for (size_t k = 0; k < COUNT_OF(hosts); k++) {
			const uint32_t host = host_at(fixture, hosts[k]);
			const bool director = host_of(facts, host)->director;

			assert_row(row->what, master_is_host(facts, 0, host), hosts[k] == row->is);
			assert_row(row->what, master_was_host(facts, 0, host, START_US),
			    hosts[k] == row->was);
			assert_row(
			    row->what, master_may_be_host(facts, 0, host), row->may_be && director);
		}
		fixture_free(fixture);
	}
}

static const struct unanswering_case {
	const char *what;
	struct step steps[STEPS_MAX];
	bool unanswering; /* .3 */
} unanswering_cases[] = {
    {"nobody advertises", {{MEET, 3, 1}, {REQUEST, 3, 1}}, false},
    {"the master", {{MEET, 3, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, {REQUEST, 3, 1}}, true},
    {"that advertises by its own MAC", {{REQUEST, 3, 1}, {ADVERTISE, 3, 1}}, true},
    {"another is the master", {{MEET, 3, 1}, {ADVERTISE_VIRTUALLY, 4, 1}, {REQUEST, 3, 1}}, false},
    {"it was the master until then",
	{{MEET, 3, 1}, {REQUEST, 3, 1}, {RESIGN, 3, 1}, {ADVERTISE_VIRTUALLY, 4, 1}}, true},
    {"it claims the VIP after that",
	{{MEET, 3, 1}, {RESIGN, 3, 1}, {ADVERTISE_VIRTUALLY, 4, 1}, {WAIT, 0, 1}, {REQUEST, 3, 1}},
	false},
    {"a server answers",
	{{MEET, 3, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, {REQUEST, 3, 1}, {MEET, 11, 1},
	    {ANSWER, 11, 1}},
	true},
    {"the virtual router answers",
	{{MEET, 3, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, {REQUEST, 3, 1}, {ANSWER, VIRTUAL, 1}}, false},
    {"another named director answers",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, {REQUEST, 3, 1}, {ANSWER, 4, 1}},
	false},
    {"another one than was named", {{MEET, 11, 1}, {ADVERTISE, 11, 1}, {REQUEST, 3, 1}}, false},
    {"it resigned after its claim",
	{{MEET, 3, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 3}, {REQUEST, 3, 1}, {RESIGN, 3, 1}}, true},
    {"a damaged reply made it a server",
	{{DAMAGED, 11, 3}, {MEET, 11, 1}, {MEET, 3, 1}, {ADVERTISE, 3, 1}, {REQUEST, 3, 1}}, true},
    {"it has resigned, and claims the VIP later",
	{{MEET, 3, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}, {WAIT, 0, 1}, {REQUEST, 3, 1}}, false},
    {"it answers itself", {{MEET, 3, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, {ANSWER, 3, 1}}, false},
};

/* Its claims contradict its silence, so it is neither cleared nor accused. */
static void
master_may_be_unanswering(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unanswering_cases); i++) {
		const struct unanswering_case *row = &unanswering_cases[i];
		struct fixture *fixture = played(row->steps);
		const struct facts *facts = &fixture->facts;
		const struct claimant *claimant = claimant_at(fixture, 3);

		assert_row(row->what, master_is_unanswering(facts, 0, claimant), row->unanswering);
		fixture_free(fixture);
	}
}

/* Where nobody may own the VIP, each claim is a fault. */
static void
nobody_is_the_master_of_a_routed_vip(void **state)
{
	static const struct step steps[] = {{ADVERTISE, 3, 1}, {REQUEST, 3, 1}, {STOP, 0, 1}};
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .owner = OWNER_NONE});

	(void)state;
	play(fixture, steps);
	assert_false(master_is_unanswering(&fixture->facts, 0, claimant_at(fixture, 3)));
	fixture_free(fixture);
}

/* What it did before the change was its right, what it did later was not. */
static void
master_was_one_until_the_change(void **state)
{
	static const struct step steps[] = {
	    {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {STOP, 0, 1}};
	struct fixture *fixture = played(steps);
	const uint32_t host = host_at(fixture, 3);
	const uint64_t since_us = router_of(&fixture->facts, 0)->since_us;
	const uint64_t crossing_us = 20000; /* it may not have heard its successor yet */

	(void)state;
	assert_int_equal(since_us, fixture->now_us);
	assert_true(master_was_host(&fixture->facts, 0, host, since_us + crossing_us - 1));
	assert_false(master_was_host(&fixture->facts, 0, host, since_us + crossing_us));
	assert_false(master_was_host(&fixture->facts, 0, host_at(fixture, 4), 0));
	fixture_free(fixture);
}

/* ---- A claimant by its own MAC ------------------------------------------------------------ */

#define SETTLED            \
	{                  \
		WAIT, 0, 1 \
	}

/* What .5 is, which claims the VIP by its own MAC, or another host. */
static const struct mastery_case {
	const char *what;
	const char *hosts, *directors;
	struct step steps[STEPS_MAX];
	uint8_t of;
	enum mastery mastery;
} mastery_cases[] = {
    {"no virtual router", "10.77.0.11-12", NULL, {{ANSWER, 3, 1}, {REQUEST, 5, 1}}, 5,
	MASTERY_NONE},
    {"nothing is heard", "10.77.0.11-12", NULL, {{ANSWER, VIRTUAL, 1}, {REQUEST, 5, 1}}, 5,
	MASTERY_POSSIBLE},
    {"nothing is heard, and it answers", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ANSWER, 5, 1}, {REQUEST, 5, 1}}, 5, MASTERY_NONE},
    {"nothing is heard, and others are named", "10.77.0.11-12", "10.77.0.3,10.77.0.4",
	{{ANSWER, VIRTUAL, 1}, {REQUEST, 5, 1}}, 5, MASTERY_NONE},
    {"nothing is heard of a named one", "10.77.0.11-12", "10.77.0.3,10.77.0.4",
	{{ANSWER, VIRTUAL, 1}, {MEET, 3, 1}, {REQUEST, 3, 1}}, 3, MASTERY_POSSIBLE},
    {"nothing is heard of a listed server", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {MEET, 11, 1}, {REQUEST, 11, 1}}, 11, MASTERY_NONE},
    {"nothing is heard, in a sweep", NULL, NULL,
	{{ANSWER, VIRTUAL, 1}, {MEET, 11, 1}, {REQUEST, 11, 1}}, 11, MASTERY_POSSIBLE},
    {"it advertises", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 5, 1}, SETTLED, {REQUEST, 5, 1}}, 5, MASTERY_SHOWN},
    {"another one advertises", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, SETTLED, {REQUEST, 5, 1}}, 5, MASTERY_NONE},
    {"it claimed before another one advertised", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {REQUEST, 5, 1}, SETTLED, {ADVERTISE, 3, 1}}, 5, MASTERY_POSSIBLE},
    {"or just then", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {REQUEST, 5, 1}}, 5, MASTERY_POSSIBLE},
    {"by the virtual MAC, and the master's own is not known", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 5, 1}, SETTLED, {REQUEST, 5, 1}}, 5,
	MASTERY_POSSIBLE},
    {"and it is asked for", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 5, 1}, SETTLED, {REPLY, 5, 1},
	    {REQUEST, 5, 1}},
	5, MASTERY_SHOWN},
    {"and it is another machine", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 3, 1}, SETTLED, {REPLY, 3, 1},
	    {REQUEST, 5, 1}},
	5, MASTERY_NONE},
    {"and a proxy answers for it", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 5, 1}, SETTLED, {REQUEST, 6, 1},
	    {DAMAGED, 5, 6}, {PROXY, 6, 3}},
	6, MASTERY_POSSIBLE},
    {"it has handed over", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 5, 1}, SETTLED, {REQUEST, 5, 1}, {RESIGN, 5, 1},
	    {ADVERTISE, 3, 1}},
	5, MASTERY_SHOWN},
    {"and claims again", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 5, 1}, {RESIGN, 5, 1}, {ADVERTISE, 3, 1}, SETTLED,
	    {REQUEST, 5, 1}},
	5, MASTERY_NONE},
    {"it has handed over, and its own MAC is known", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 5, 1}, SETTLED, {REPLY, 5, 1},
	    {ADVERTISE_VIRTUALLY, 3, 1}, {REQUEST, 5, 1}, {REPLY, 3, 1}},
	5, MASTERY_SHOWN},
    {"and it claims later", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 5, 1}, SETTLED, {REPLY, 5, 1},
	    {ADVERTISE_VIRTUALLY, 3, 1}, SETTLED, {REQUEST, 5, 1}, {REPLY, 3, 1}},
	5, MASTERY_NONE},
    {"it is the virtual router itself", "10.77.0.11-12", NULL,
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, VIRTUAL, MASTERY_NONE},
};

static void
claimant_may_be_the_master(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mastery_cases); i++) {
		const struct mastery_case *row = &mastery_cases[i];
		struct fixture *fixture = fixture_new(
		    &(struct fixture_plan){.hosts = row->hosts, .directors = row->directors});

		play(fixture, row->steps);
		assert_row(row->what,
		    master_is_claimant(&fixture->facts, 0, claimant_at(fixture, row->of)),
		    row->mastery);
		fixture_free(fixture);
	}
}

/* ---- Two of them -------------------------------------------------------------------------- */

static const struct doubled_case {
	const char *what;
	struct step steps[STEPS_MAX];
	bool doubled;
} doubled_cases[] = {
    {"one answer each", {{REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 4}}, false},
    {"two answers each", {{REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 8}}, true},
    {"one in excess may be a repeat",
	{{REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 5}}, false},
    {"two may not", {{REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 6}}, true},
    {"by unicast only one of them is asked",
	{{REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 2}, {ASK_ONE, VIRTUAL, 2}, {ANSWER, VIRTUAL, 4}},
	false},
    {"others were asked",
	{{REQUEST, VIRTUAL, 1}, {REQUEST, 5, 1}, {ASK_ALL, 0, 2}, {ASK_ONE, 5, 2},
	    {ANSWER, VIRTUAL, 4}},
	true},
    {"an owner by its own MAC", {{REQUEST, 3, 1}, {ASK_ALL, 0, 4}, {ANSWER, 3, 8}}, false},
    {"questions before the owner came do not count",
	{{ASK_ALL, 0, 40}, {REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 2}, {ANSWER, VIRTUAL, 4}}, true},
    {"each master has answered once",
	{{ADVERTISE, 3, 1}, {REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 4},
	    {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 4}},
	false},
    {"both answer after the change",
	{{ADVERTISE, 3, 1}, {REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 4},
	    {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 8}},
	true},
    {"both answered before it",
	{{ADVERTISE, 3, 1}, {REQUEST, VIRTUAL, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 8},
	    {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 4}, {ANSWER, VIRTUAL, 4}},
	false},
};

static void
two_masters_answer_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(doubled_cases); i++) {
		const struct doubled_case *row = &doubled_cases[i];
		struct fixture *fixture = played(row->steps);

		assert_row(row->what, master_is_doubled(&fixture->facts, 0), row->doubled);
		fixture_free(fixture);
	}
}

/* ---- Handed over -------------------------------------------------------------------------- */

#define SILENCE            \
	{                  \
		WAIT, 0, 9 \
	} /* three intervals of 300 ms */

static const struct handed_case {
	const char *what;
	struct step steps[STEPS_MAX];
	bool handed_over, contended;
} handed_cases[] = {
    {"one master", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, false, false},
    {"it resigned", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}, {ADVERTISE, 4, 1}},
	true, false},
    {"and is still expected", {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}}, false,
	false},
    {"another resigned",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {RESIGN, 4, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1}},
	false, false},
    {"it was preempted",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 9}},
	false, false},
    {"nobody owns the VIP by it",
	{{ANSWER, 3, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}, {ADVERTISE, 4, 1}}, false, false},
    {"it fell silent, and might answer still",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, SILENCE, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 3}},
	false, false},
    {"it would have answered since",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, SILENCE, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 4}},
	true, false},
    {"what was asked before the change does not count",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {ASK_ALL, 0, 9}, SILENCE, {ADVERTISE, 4, 1},
	    {ASK_ALL, 0, 3}},
	false, false},
    {"by unicast only one of them would answer",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, SILENCE, {ADVERTISE, 4, 1}, {ASK_ALL, 0, 2},
	    {ASK_ONE, VIRTUAL, 2}},
	false, false},
    {"there and back",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1}, {WAIT, 0, 1},
	    {ADVERTISE, 3, 1}, {ASK_ALL, 0, 9}},
	false, true},
    {"there and back, in order",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {RESIGN, 3, 1}, {ADVERTISE, 4, 1}, {RESIGN, 4, 1},
	    {WAIT, 0, 1}, {ADVERTISE, 3, 1}},
	true, false},
    {"advertisements cross",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}, {WAIT, 0, 1}, {ADVERTISE, 4, 1},
	    {ADVERTISE, 3, 1}, {ADVERTISE, 4, 1}},
	false, false},
};

static void
virtual_router_is_handed_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(handed_cases); i++) {
		const struct handed_case *row = &handed_cases[i];
		struct fixture *fixture = played(row->steps);

		assert_row(row->what, master_handed_over(&fixture->facts, 0), row->handed_over);
		assert_row(row->what, router_of(&fixture->facts, 0)->contended, row->contended);
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(master_is_known_by_its_advertisements),
	    cmocka_unit_test(master_may_be_unanswering),
	    cmocka_unit_test(nobody_is_the_master_of_a_routed_vip),
	    cmocka_unit_test(master_was_one_until_the_change),
	    cmocka_unit_test(claimant_may_be_the_master),
	    cmocka_unit_test(two_masters_answer_twice),
	    cmocka_unit_test(virtual_router_is_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
