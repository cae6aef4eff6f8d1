/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's own parts: what a segment does to frames, and which counts are likely by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sim/damage.h"
#include "../sim/verify.h"

#define FRAMES   50000
#define EVERY_US UINT64_C(100)

/* How FRAMES frames from one node to another arrived. Their TPAs number them. */
struct arrivals {
	uint32_t count;
	uint32_t early; /* overtaken by a later one */
	uint32_t twice;
	uint32_t gaps; /* runs of lost frames after the first arrival */
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

/* Sends FRAMES frames through faults of the sender's port (FROM_NODE) or the receiver's
 * (TO_NODE). */
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

/* Ethernet keeps the order of frames, whatever their delay. */
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
		/* Frames held back for longer than until the next one. */
		arrivals = cross(&disorderly, direction, true);
		assert_int_equal(arrivals.count, FRAMES);
		assert_about(arrivals.early, FRAMES / 10 * 4 / 5, 400);
	}
}

/* Five standard deviations are at most about 450 of 50,000 frames. */
static void
frames_are_lost_at_the_configured_rate(void **state)
{
	const struct faults faults = {
	    .loss_unicast = PER_MILLION / 10, .loss_broadcast = PER_MILLION * 3 / 10};
	const struct faults twice = {.duplicate = PER_MILLION / 5};

	(void)state;
	for (enum direction direction = FROM_NODE; direction <= TO_NODE; direction++) {
		assert_about(cross(&faults, direction, false).count, FRAMES * 9 / 10, 500);
		assert_about(cross(&faults, direction, true).count, FRAMES * 7 / 10, 500);
		/* Losses are independent, so most runs have one or two frames. */
		assert_about(cross(&faults, direction, true).gaps, FRAMES * 21 / 100, 500);
		assert_about(cross(&twice, direction, true).count, FRAMES * 6 / 5, 500);
		assert_about(cross(&twice, direction, true).twice, FRAMES / 5, 500);
	}
}

/* A burst lasts 10 ms of each 100 ms. It loses as much as 10 % random loss, but in about 50 runs,
 * not in thousands. */
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

static uint32_t
different_bits(const void *a, const void *b, size_t octets)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < octets; i++)
		for (unsigned bit = 0; bit < 8; bit++)
			bits += ((((const uint8_t *)a)[i] ^ ((const uint8_t *)b)[i]) >> bit) & 1;
	return bits;
}

/* Damage hits only the chosen frame, and one bit of it, unless it makes the frame unreadable. */
static void
damage_is_one_bit_of_one_frame(void **state)
{
	uint32_t unknown = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct damage damage = {.frame = 2, .random.state = seed};
		struct frame sound = {.kind = FRAME_ARP, .source = mac(1), .destination = mac(2)};

		sound.arp = (struct frame_arp){
		    .operation = ARP_REPLY, .spa = address_ipv4(1), .tpa = address_ipv4(2)};
		for (uint64_t number = 1; number < 5; number++) {
			struct frame frame = sound;

			assert_true(damage_pass(&damage, &frame) == (number == 2));
			if (frame.kind == FRAME_OTHER)
				unknown++;
			else
				assert_int_equal(
				    different_bits(&frame.source, &sound.source, 6) +
					different_bits(&frame.destination, &sound.destination, 6) +
					different_bits(&frame.arp, &sound.arp, sizeof(frame.arp)),
				    number == 2);
		}
		assert_int_equal(damage.damaged, 1);
	}
	/* 8 of its 42 octets make it unreadable, in half of the cases. */
	assert_about(unknown, 95, 50);
}

/* The switch sends to the port that the MAC last sent from. */
static void
switch_learns_where_a_virtual_router_is(void **state)
{
	const struct mac virtual = {{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};
	struct segment segment;
	struct event event;
	uint32_t reached = 0;

	(void)state;
	segment_init(&segment, 1, 0);
	for (uint8_t port = 0; port < 3; port++)
		segment_add_port(&segment, &(struct mac){{0x02, 0, 0, 0, 0, port}});
	segment.virtual_mac = virtual;
	segment.virtual_port = 1;
	for (uint32_t port = 1; port < 3; port++) {
		const struct frame from = {.source = virtual, .destination = mac(0)};
		const struct frame to = {.source = mac(0), .destination = virtual};

		segment_transmit(&segment, port, &from);
		segment_transmit(&segment, 0, &to);
		while (segment_next_us(&segment) != UINT64_MAX) {
			if (!segment_step(&segment, &event) || event.port == 0)
				continue;
			assert_int_equal(event.port, port);
			reached++;
		}
	}
	assert_int_equal(reached, 2);
	segment_free(&segment);
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
	digest = run.digest;
	run_free(&run);
	scenario_free(&scenario);
	return digest;
}

/* An audit in between leaves no trace. */
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

/* The chance of at least this count in a Poisson distribution of that mean, against 1e-4. */
static void
likely_counts_follow_poisson(void **state)
{
	static const struct {
		double mean;
		uint64_t most; /* the greatest likely count */
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
	    cmocka_unit_test(frames_are_lost_at_the_configured_rate),
	    cmocka_unit_test(bursts_take_many_frames_at_once),
	    cmocka_unit_test(damage_is_one_bit_of_one_frame),
	    cmocka_unit_test(switch_learns_where_a_virtual_router_is),
	    cmocka_unit_test(seeds_replay_their_audits),
	    cmocka_unit_test(likely_counts_follow_poisson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
