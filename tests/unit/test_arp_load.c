/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many ARP frames a host sends in a second because of the audit.
 */
#include "audit/facts/arp_load.h"
#include "audit/facts/decoys.h"
#include "facts_fixture.h"

static struct fixture *
begin(struct arp_load **load)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .decoys = "10.77.0.200"});

	*load = arp_load_new(&fixture->facts);
	assert_non_null(*load);
	return fixture;
}

static void
end(struct fixture *fixture, struct arp_load *load)
{
	arp_load_free(load);
	fixture_free(fixture);
}

static void
play(struct fixture *fixture, struct arp_load *load, const struct frame *frame, unsigned count,
    uint64_t gap_us)
{
	for (unsigned i = 0; i < count; i++) {
		const struct heard heard = heard_now(fixture, frame);

		arp_load_hear(load, &fixture->facts, &heard);
		fixture->now_us += gap_us;
	}
}

static const struct load_case {
	const char *what;
	struct {
		uint8_t by, spa, tpa; /* tpa 0: a reply to the probe */
		unsigned count;
		uint64_t gap_us;
	} step[3];
	uint32_t peak;
} load_cases[] = {
    {"nothing", {{0}}, 0},
    {"27 answers at once", {{11, 11, 0, 27, 10}}, 27},
    {"ten a second for a while", {{11, 11, 0, 50, 100000}}, 10},
    {"a burst, and one two seconds later",
	{{11, 11, 0, 4, 0}, {11, 11, 0, 1, 2000000}, {11, 11, 0, 1, 0}}, 5},
    {"two bursts within a second", {{11, 11, 0, 5, 100000}, {11, 11, 0, 4, 0}}, 9},
    {"two bursts more than a second apart",
	{{11, 11, 0, 5, 10}, {12, 12, 0, 1, 1500000}, {11, 11, 0, 4, 0}}, 5},
    {"several hosts do not add up", {{11, 11, 0, 6, 10}, {12, 12, 0, 7, 10}}, 7},
    {"requests for the probe and for a decoy", {{11, 11, PROBE, 3, 10}, {11, VIP, 200, 4, 10}}, 7},
    {"a director outside of the plan", {{3, VIP, 0, 12, 10}}, 12},
    {"what a host asks of others", {{11, 11, 12, 40, 10}}, 0},
    {"the probe's own frames", {{PROBE, PROBE, 200, 40, 10}}, 0},
};

static void
peak_is_that_of_one_host_in_one_second(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(load_cases); i++) {
		const struct load_case *row = &load_cases[i];
		struct arp_load *load;
		struct fixture *fixture = begin(&load);

		for (size_t k = 0; k < COUNT_OF(row->step); k++) {
			const struct frame frame =
			    row->step[k].tpa == 0
				? reply_of(row->step[k].by, row->step[k].spa)
				: request_of(row->step[k].by, row->step[k].spa, row->step[k].tpa);

			play(fixture, load, &frame, row->step[k].count, row->step[k].gap_us);
		}
		assert_row(row->what, arp_load_peak(load), row->peak);
		end(fixture, load);
	}
}

/* It never counts more than there are in a second, wherever the slots begin. */
static void
peak_is_never_too_high(void **state)
{
	(void)state;
	for (uint64_t offset_us = 0; offset_us < 100000; offset_us += 7001) {
		struct arp_load *load;
		struct fixture *fixture = begin(&load);
		const struct frame frame = reply_of(11, 11);

		fixture->now_us += offset_us;
		play(fixture, load, &frame, 100, 70000);
		assert_in_range(arp_load_peak(load), 13, 15);
		end(fixture, load);
	}
}

/* However many MACs speak to the probe, the table stays as it is, and those that are counted are
 * counted rightly. */
static void
table_is_bounded(void **state)
{
	struct arp_load *load;
	struct fixture *fixture = begin(&load);

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		struct frame frame = reply_of(11, 11);

		frame.source.octet[3] = (uint8_t)(i >> 8);
		frame.source.octet[4] = (uint8_t)i;
		play(fixture, load, &frame, 2, 0);
	}
	assert_int_equal(arp_load_peak(load), 2);
	end(fixture, load);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(peak_is_that_of_one_host_in_one_second),
	    cmocka_unit_test(peak_is_never_too_high),
	    cmocka_unit_test(table_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
