/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's own parts: what a segment does to frames, and what is likely by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sim/verify.h"

#define FRAMES   50000
#define EVERY_US UINT64_C(100)

/* What came of FRAMES frames, numbered by their TPA, from one node to another. */
struct arrivals {
	uint32_t count;
	uint32_t early; /* overtaken by a later one */
	uint32_t twice;
	uint32_t gaps; /* runs of lost ones, from the first that arrived on */
	uint64_t delay_least_us, delay_most_us;
};

static struct mac
mac(uint8_t last)
{
	return (struct mac){{0x02, 0, 0, 0, 0, last}};
}

static void
count(struct arrivals *arrivals, uint32_t number, uint64_t delay_us, int64_t *latest)
{
	arrivals->count++;
	arrivals->twice += number == *latest;
	arrivals->early += number < *latest;
	arrivals->gaps += number > *latest + 1;
	if (number > *latest)
		*latest = number;
	if (delay_us < arrivals->delay_least_us)
		arrivals->delay_least_us = delay_us;
	if (delay_us > arrivals->delay_most_us)
		arrivals->delay_most_us = delay_us;
}

/* The faults are the sender's port's, in the given direction, or the receiver's. */
static struct arrivals
cross(const struct faults *faults, enum direction direction, bool broadcast)
{
	struct arrivals arrivals = {.delay_least_us = UINT64_MAX};
	struct segment segment;
	struct event event;
	const struct mac first = mac(1), second = mac(2);
	struct frame frame = {
	    .kind = FRAME_ARP, .source = first, .destination = broadcast ? mac_broadcast : second};
	int64_t latest = -1;

	segment_init(&segment, 1, 0);
	segment_add_port(&segment, &first);
	segment_add_port(&segment, &second);
	segment.ports[direction == FROM_NODE ? 0 : 1].faults[direction] = *faults;
	for (uint32_t sent = 0; sent < FRAMES || segment_next_us(&segment) != UINT64_MAX;) {
		const uint64_t due_us = (uint64_t)sent * EVERY_US;

		if (sent < FRAMES && due_us <= segment_next_us(&segment)) {
			segment.now_us = due_us;
			frame.arp.tpa = address_ipv4(sent++);
			segment_transmit(&segment, 0, &frame);
			continue;
		}
		if (!segment_step(&segment, &event))
			continue;
		const uint32_t number = address_ipv4_number(&event.frame.arp.tpa);

		assert_int_equal(event.kind, EVENT_FRAME);
		assert_int_equal(event.port, 1);
		count(&arrivals, number, segment.now_us - (uint64_t)number * EVERY_US, &latest);
	}
	segment_free(&segment);
	return arrivals;
}

static void
assert_about(uint32_t value, uint32_t expected, uint32_t tolerance)
{
	assert_in_range(value, expected - tolerance, expected + tolerance);
}

/* However much they are delayed: Ethernet keeps their order. */
static void
frames_keep_their_order(void **state)
{
	const struct faults sound = {0};
	const struct faults slow = {.delay_us = 50, .jitter_us = 20 * EVERY_US};
	const struct faults disorderly = {.reorder = PER_MILLION / 10, .reorder_us = 500};

	(void)state;
	for (enum direction direction = FROM_NODE; direction <= TO_NODE; direction++) {
		struct arrivals arrivals = cross(&sound, direction, true);

		assert_int_equal(arrivals.count, FRAMES);
		assert_int_equal(arrivals.delay_most_us, 0);
		arrivals = cross(&slow, direction, true);
		assert_int_equal(arrivals.count, FRAMES);
		assert_int_equal(arrivals.early, 0);
		assert_int_equal(arrivals.twice, 0);
		assert_true(arrivals.delay_least_us >= 50);
		assert_true(arrivals.delay_most_us > 10 * EVERY_US);
		/* Those that are held back, and for longer than until the next one. */
		arrivals = cross(&disorderly, direction, true);
		assert_int_equal(arrivals.count, FRAMES);
		assert_about(arrivals.early, FRAMES / 10 * 4 / 5, 400);
	}
}

/* Five standard deviations are some 450 of 50,000 frames at the most. */
static void
frames_are_lost_as_often_as_asked(void **state)
{
	const struct faults faults = {
	    .loss_unicast = PER_MILLION / 10, .loss_broadcast = PER_MILLION * 3 / 10};
	const struct faults twice = {.duplicate = PER_MILLION / 5};

	(void)state;
	for (enum direction direction = FROM_NODE; direction <= TO_NODE; direction++) {
		assert_about(cross(&faults, direction, false).count, FRAMES * 9 / 10, 500);
		assert_about(cross(&faults, direction, true).count, FRAMES * 7 / 10, 500);
		/* One by one: most losses are runs of one or two. */
		assert_about(cross(&faults, direction, true).gaps, FRAMES * 21 / 100, 500);
		assert_about(cross(&twice, direction, true).count, FRAMES * 6 / 5, 500);
		assert_about(cross(&twice, direction, true).twice, FRAMES / 5, 500);
	}
}

/* 10 ms of each 100 ms are a burst: about as much is lost as at 10 % by chance, but in some 50
 * pieces, and not in thousands. */
static void
bursts_take_many_frames_at_once(void **state)
{
	const struct faults faults = {
	    .burst_gap_us = 90000, .burst_us = 10000, .burst_loss = PER_MILLION};

	(void)state;
	for (enum direction direction = FROM_NODE; direction <= TO_NODE; direction++) {
		const struct arrivals arrivals = cross(&faults, direction, false);

		assert_about(arrivals.count, FRAMES * 9 / 10, FRAMES * 7 / 100);
		assert_about(arrivals.gaps, 50, 30);
		assert_int_equal(arrivals.early, 0);
	}
}

static uint64_t
digest_of(uint64_t seed, enum family family)
{
	static struct scenario scenario;
	static struct run run;
	struct tally tally = {0};
	uint64_t digest;

	scenario_draw(&scenario, seed, (int)family);
	run_scenario(&run, &scenario, false);
	verify(&run, &tally);
	assert_int_equal(tally.audits, 1);
	assert_true(run.ended);
	assert_true(run.wire.frames_sent > 0);
	digest = scenario.segment.digest;
	run_free(&run);
	scenario_free(&scenario);
	return digest;
}

/* With another audit in between: nothing of it stays behind. */
static void
seeds_replay_their_audits(void **state)
{
	(void)state;
	for (enum family family = FAMILY_CLEAN; family < FAMILIES; family++) {
		const uint64_t first = digest_of(1, family);

		assert_true(digest_of(2, family) != first);
		assert_true(digest_of(1, family) == first);
	}
}

/* The chance that Poisson's variable of that mean is no less than the count, against 1e-4. */
static void
counts_are_likely_as_poisson_says(void **state)
{
	static const struct {
		double mean;
		uint64_t most; /* the greatest count that is likely */
	} cases[] = {
	    {1e-6, 0}, /* of one: 1.0e-6 */
	    {1e-3, 1}, /* of one: 1.0e-3, of two: 5.0e-7 */
	    {1, 6},    /* of six: 5.9e-4, of seven: 8.3e-5 */
	    {10, 24},  /* of 24: 1.2e-4, of 25: 4.7e-5 */
	    {100, 139},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(tally_is_likely(0, cases[i].mean));
		assert_true(tally_is_likely(cases[i].most, cases[i].mean));
		assert_false(tally_is_likely(cases[i].most + 1, cases[i].mean));
	}
	assert_true(tally_is_likely(0, 0));
	assert_false(tally_is_likely(1, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frames_keep_their_order),
	    cmocka_unit_test(frames_are_lost_as_often_as_asked),
	    cmocka_unit_test(bursts_take_many_frames_at_once),
	    cmocka_unit_test(seeds_replay_their_audits),
	    cmocka_unit_test(counts_are_likely_as_poisson_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
