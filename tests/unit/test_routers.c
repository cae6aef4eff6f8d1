/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual routers: which machine is the master, and how one followed the other.
 */
#include "audit/facts/routers.h"
#include "facts_fixture.h"

#define RESIGNED 0
#define HEARD    NEWS_MASTER_HEARD
#define FIRST    (NEWS_MASTER_HEARD | NEWS_MASTER_FIRST_HEARD)
#define CHANGED  (NEWS_MASTER_HEARD | NEWS_MASTER_CHANGED)
#define NOTHING  0
/* The first one that is heard, after another one has resigned. */
#define SUCCESSOR (FIRST | CHANGED)

/* An advertisement; the interval is 300 ms, unless the router says none (UINT32_MAX) or another. */
struct advertisement {
	uint64_t at_us; /* from 1 on; 0 ends them */
	uint8_t by, priority;
	uint32_t interval_us;
	uint32_t news;
};

static const struct router_case {
	const char *what;
	struct advertisement heard[6];
	uint8_t master, former; /* 0: none */
	bool handed_over, fell_silent, contended, resigned;
} router_cases[] = {
    {"nobody", {{0}}, 0, 0, false, false, false, false},
    {"one master", {{1000, 3, 100, 0, FIRST}, {300000, 3, 100, 0, HEARD}}, 3, 0, false, false,
	false, false},
    {"it resigns", {{1000, 3, 100, 0, FIRST}, {300000, 3, RESIGNED, 0, NOTHING}}, 3, 0, false,
	false, false, true},
    {"it did not mean that",
	{{1000, 3, 100, 0, FIRST}, {300000, 3, RESIGNED, 0, NOTHING}, {400000, 3, 100, 0, HEARD}},
	3, 0, false, false, false, false},
    {"one that nobody heard resigns", {{1000, 3, RESIGNED, 0, NOTHING}}, 0, 3, false, false, false,
	false},
    {"and hands over", {{1000, 3, RESIGNED, 0, NOTHING}, {50000, 4, 90, 0, SUCCESSOR}}, 4, 3, true,
	false, false, false},
    {"but comes back", {{1000, 3, RESIGNED, 0, NOTHING}, {50000, 3, 100, 0, FIRST}}, 3, 0, false,
	false, false, false},
    /* .4 has preempted .3, whose own advertisement crosses the first one of .4. */
    {"the former master is heard second",
	{{100000, 4, 200, 0, FIRST}, {119999, 3, 100, 0, NOTHING}, {400000, 4, 200, 0, HEARD}}, 4,
	3, false, true, false, false},
    {"with the same priority, and a lower address",
	{{100000, 4, 100, 0, FIRST}, {119999, 3, 100, 0, NOTHING}}, 4, 3, false, true, false,
	false},
    {"it is preempted at once", {{100000, 3, 100, 0, FIRST}, {119999, 4, 200, 0, CHANGED}}, 4, 3,
	false, true, false, false},
    {"with the same priority, and a higher address",
	{{100000, 3, 100, 0, FIRST}, {119999, 4, 100, 0, CHANGED}}, 4, 3, false, true, false,
	false},
    {"it resigns at once",
	{{100000, 3, 100, 0, FIRST}, {101000, 3, RESIGNED, 0, NOTHING},
	    {102000, 4, 90, 0, CHANGED}},
	4, 3, true, false, false, false},
    {"the second one stays, and the first one is not heard again",
	{{100000, 4, 200, 0, FIRST}, {110000, 3, 100, 0, NOTHING}, {400000, 3, 100, 0, CHANGED}}, 3,
	4, false, true, false, false},
    {"both stay",
	{{100000, 4, 200, 0, FIRST}, {110000, 3, 100, 0, NOTHING}, {400000, 4, 200, 0, HEARD},
	    {410000, 3, 100, 0, CHANGED}},
	3, 4, false, true, true, false},
    {"it hands over",
	{{100000, 3, 100, 0, FIRST}, {200000, 3, RESIGNED, 0, NOTHING},
	    {300000, 4, 90, 0, CHANGED}},
	4, 3, true, false, false, false},
    {"it is preempted", {{100000, 3, 100, 0, FIRST}, {300000, 4, 200, 0, CHANGED}}, 4, 3, false,
	true, false, false},
    {"another resigns",
	{{100000, 3, 100, 0, FIRST}, {200000, 4, RESIGNED, 0, NOTHING},
	    {300000, 4, 90, 0, CHANGED}},
	4, 3, false, true, false, false},
    {"it is down for three intervals", {{100000, 3, 100, 0, FIRST}, {1000000, 4, 90, 0, CHANGED}},
	4, 3, true, true, false, false},
    {"it is down for less", {{100000, 3, 100, 0, FIRST}, {999999, 4, 90, 0, CHANGED}}, 4, 3, false,
	true, false, false},
    {"by its own interval", {{10000, 3, 100, 30000, FIRST}, {100000, 4, 90, 0, CHANGED}}, 4, 3,
	true, true, false, false},
    {"which is 1 s unless told",
	{{100000, 3, 100, UINT32_MAX, FIRST}, {3099999, 4, 90, 0, CHANGED}}, 4, 3, false, true,
	false, false},
    {"for so long", {{100000, 3, 100, UINT32_MAX, FIRST}, {3100000, 4, 90, 0, CHANGED}}, 4, 3, true,
	true, false, false},
    {"two masters",
	{{100000, 3, 100, 0, FIRST}, {300000, 4, 90, 0, CHANGED}, {400000, 3, 100, 0, CHANGED}}, 3,
	4, false, true, true, false},
    {"a third one, while the second was there",
	{{100000, 3, 100, 0, FIRST}, {300000, 4, 90, 0, CHANGED}, {400000, 5, 100, 0, CHANGED}}, 5,
	4, false, true, true, false},
    {"there and back, in order",
	{{100000, 3, 100, 0, FIRST}, {200000, 3, RESIGNED, 0, NOTHING}, {300000, 4, 90, 0, CHANGED},
	    {400000, 4, RESIGNED, 0, NOTHING}, {500000, 3, 100, 0, CHANGED}},
	3, 4, true, false, false, false},
    {"a second change makes the first no better",
	{{100000, 3, 100, 0, FIRST}, {300000, 4, 90, 0, CHANGED}, {400000, 4, RESIGNED, 0, NOTHING},
	    {500000, 3, 100, 0, CHANGED}},
	3, 4, false, true, false, false},
    {"one that came after a silence", /* which it was not to be blamed for */
	{{100000, 3, 100, 0, FIRST}, {1100000, 4, 90, 0, CHANGED},
	    {1200000, 4, RESIGNED, 0, NOTHING}, {1300000, 3, 100, 0, CHANGED}},
	3, 4, true, true, false, false},
    /* .4 comes with the higher priority; .3 has just sent its own. */
    {"advertisements cross",
	{{100000, 3, 100, 0, FIRST}, {400000, 4, 200, 0, CHANGED}, {419999, 3, 100, 0, NOTHING},
	    {700000, 4, 200, 0, HEARD}},
	4, 3, false, true, false, false},
    {"later they do not",
	{{100000, 3, 100, 0, FIRST}, {400000, 4, 200, 0, CHANGED}, {420000, 3, 100, 0, CHANGED}}, 3,
	4, false, true, true, false},
    {"nor does a third one",
	{{100000, 3, 100, 0, FIRST}, {400000, 4, 200, 0, CHANGED}, {410000, 5, 100, 0, CHANGED}}, 5,
	4, false, true, true, false},
};

static bool
is_at(const struct address *address, uint8_t last)
{
	const struct address expected = ip(last);

	return last == 0 ? !address_is_set(address) : address_equal(address, &expected);
}

static void
masters_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(router_cases); i++) {
		const struct router_case *row = &router_cases[i];
		struct fixture *fixture =
		    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
		const struct router *router = router_of(&fixture->facts, 0);

		for (size_t k = 0; k < COUNT_OF(row->heard) && row->heard[k].at_us != 0; k++) {
			const struct advertisement *one = &row->heard[k];
			struct frame frame = advertisement_of(fixture, one->by, one->priority);

			if (one->interval_us != 0)
				frame.ip.vrrp.interval_us =
				    one->interval_us == UINT32_MAX ? 0 : one->interval_us;
			fixture->now_us = START_US + one->at_us;
			const struct heard heard = heard_now(fixture, &frame);

			assert_row(
			    row->what, routers_hear(&fixture->facts, 0, &heard).kinds, one->news);
			if ((one->news & NEWS_MASTER_CHANGED) != 0)
				assert_row(row->what, router->since_us, fixture->now_us);
		}
		assert_row(row->what, is_at(&router->master, row->master), true);
		assert_row(row->what, is_at(&router->former, row->former), true);
		assert_row(row->what, router->vrid, row->master == 0 ? 0 : VRID);
		assert_row(row->what, router->handed_over, row->handed_over);
		assert_row(row->what, router->fell_silent, row->fell_silent);
		assert_row(row->what, router->contended, row->contended);
		assert_row(row->what, router->resigned, row->resigned);
		fixture_free(fixture);
	}
}

/* Each VIP has a router of its own. */
static void
routers_of_vips_are_apart(void **state)
{
	struct fixture *fixture = fixture_new(
	    &(struct fixture_plan){.vips = "10.77.0.100,10.77.0.101", .hosts = "10.77.0.11-12"});
	const struct frame frame = advertisement_of(fixture, 3, 100);
	const struct heard heard = heard_now(fixture, &frame);
	const struct news news = routers_hear(&fixture->facts, 1, &heard);

	(void)state;
	assert_int_equal(news.vip, 1);
	assert_int_equal(router_of(&fixture->facts, 0)->vrid, 0);
	assert_int_equal(router_of(&fixture->facts, 1)->vrid, VRID);
	fixture_free(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(masters_follow_each_other),
	    cmocka_unit_test(routers_of_vips_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
