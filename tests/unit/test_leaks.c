/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaks: whether a VIP was claimed because of the audit, and whether the caches have its owner
 * again.
 */
#include "audit/facts/leaks.h"
#include "facts_fixture.h"

enum step {
	LEAK = 1, /* 0 ends the steps */
	RESTORE,
	CLAIMANT, /* a claimant leaked */
};

static const struct leak_case {
	const char *what;
	enum step steps[4];
	bool leaked, misdirected;
	uint32_t count;
} leak_cases[] = {
    {"none", {0}, false, false, 0},
    {"a leak", {CLAIMANT, LEAK}, true, true, 1},
    {"that is undone", {CLAIMANT, LEAK, RESTORE}, true, false, 1},
    {"and another one", {CLAIMANT, LEAK, RESTORE, LEAK}, true, true, 1},
    {"by two claimants", {CLAIMANT, LEAK, CLAIMANT, LEAK}, true, true, 2},
    {"a reply to the probe alone", {CLAIMANT}, false, false, 1},
    {"the owner claims it unasked", {RESTORE}, false, false, 0},
};

static void
take_step(struct facts *facts, enum step step)
{
	switch (step) {
	case LEAK:
		leaks_note(facts, 1, 7);
		break;
	case RESTORE:
		leaks_note_restored(facts, 1);
		break;
	case CLAIMANT:
		leaks_note_claimant(facts, 1, &(struct mac){{2}});
		break;
	}
}

/* Of the second VIP; the first has no part in it. */
static void
leaks_are_noted_until_they_are_undone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(leak_cases); i++) {
		const struct leak_case *row = &leak_cases[i];
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .vips = "10.77.0.100,10.77.0.101", .hosts = "10.77.0.11-12"});
		struct facts *facts = &fixture->facts;

		for (size_t k = 0; k < COUNT_OF(row->steps) && row->steps[k] != 0; k++)
			take_step(facts, row->steps[k]);
		assert_row(row->what, leaks_has(facts, 1), row->leaked);
		assert_row(row->what, leaks_caches_are_misdirected(facts, 1), row->misdirected);
		assert_row(row->what, leaks_count(facts, 1), row->count);
		assert_row(row->what, leaks_only_mac(facts, 1) != NULL, row->count == 1);
		assert_false(leaks_has(facts, 0) || leaks_caches_are_misdirected(facts, 0));
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaks_are_noted_until_they_are_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
