/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order in which tasks run and frames leave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/pace/lanes.h"

#define START_US UINT64_C(1700000000000000)
#define NEVER    UINT64_MAX

/* Five tasks of kind 0, none of kind 1, three of kind 2, two of kind 7. */
static const struct lanes_plan plain = {
    .tasks = {[0] = 5, [2] = 3, [7] = 2},
    .frames = {[LANE_URGENT] = 2, [LANE_UNICAST] = 8, [LANE_BROADCAST] = 8},
    .rate = 100,
    .broadcast_rate = 10,
    .burst_least = 1,
};

static struct lanes *
start(const struct lanes_plan *plan)
{
	struct lanes *lanes = calloc(1, sizeof(*lanes));

	assert_non_null(lanes);
	assert_true(lanes_init(lanes, plan));
	return lanes;
}

static void
end(struct lanes *lanes)
{
	lanes_free(lanes);
	free(lanes);
}

/* A frame is known by the number that it was pushed with. */
static void
push(struct lanes *lanes, enum lane lane, uint32_t number)
{
	const struct frame frame = {
	    .kind = FRAME_ARP,
	    .destination =
		lane == LANE_BROADCAST ? mac_broadcast : (struct mac){{0x02, 0, 0, 0, 0, 1}},
	};

	lanes_push(lanes, lane, &frame, (uint8_t)(number % 7), number);
}

/* The number of the frame that leaves now, UINT32_MAX when none does. */
static uint32_t
take(struct lanes *lanes, uint64_t now_us)
{
	struct outgoing outgoing;

	if (!lanes_take(lanes, now_us, &outgoing))
		return UINT32_MAX;
	assert_int_equal(outgoing.purpose, outgoing.subject % 7);
	return outgoing.subject;
}

static void
assert_task(struct lanes *lanes, enum lane lane, uint8_t kind, uint32_t index)
{
	const struct task task = lanes_pop(lanes, lane);

	assert_int_equal(task.kind, kind);
	assert_int_equal(task.index, index);
}

/* The earlier first; of those due at the same time the lower kind, then the lower index. */
static void
tasks_run_by_time_then_kind_then_index(void **state)
{
	static const struct {
		struct task task;
		uint64_t after_us;
	} scheduled[] = {
	    {{7, 1}, 10},
	    {{2, 2}, 10},
	    {{7, 0}, 10},
	    {{0, 4}, 10},
	    {{2, 0}, 10},
	    {{0, 1}, 10},
	    {{7, 1}, 9}, /* moved */
	    {{0, 0}, 11},
	};
	static const struct task order[] = {{7, 1}, {0, 1}, {0, 4}, {2, 0}, {2, 2}, {7, 0}, {0, 0}};
	struct lanes *lanes = start(&plain);

	(void)state;
	for (size_t i = 0; i < sizeof(scheduled) / sizeof(scheduled[0]); i++)
		lanes_schedule(
		    lanes, LANE_UNICAST, scheduled[i].task, START_US + scheduled[i].after_us);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_true(lanes_is_due(lanes, LANE_UNICAST, START_US + 11));
		assert_task(lanes, LANE_UNICAST, order[i].kind, order[i].index);
	}
	assert_true(lanes_due_us(lanes) == NEVER);
	end(lanes);
}

static void
task_is_due_from_its_time_on(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	lanes_schedule(lanes, LANE_BROADCAST, (struct task){2, 1}, START_US);
	assert_true(lanes_due_us(lanes) == START_US);
	assert_false(lanes_is_due(lanes, LANE_BROADCAST, START_US - 1));
	assert_false(lanes_is_due(lanes, LANE_UNICAST, START_US));
	assert_true(lanes_is_due(lanes, LANE_BROADCAST, START_US));
	lanes_cancel(lanes, (struct task){2, 1});
	assert_false(lanes_is_due(lanes, LANE_BROADCAST, START_US));
	assert_true(lanes_due_us(lanes) == NEVER);
	end(lanes);
}

/* A task waits in one lane at most: scheduled in another, it leaves the first. */
static void
task_is_late_while_frames_of_others_leave(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	assert_true(lanes_late_us(lanes, LANE_UNICAST, START_US) == 0);
	lanes_schedule(lanes, LANE_UNICAST, (struct task){2, 1}, START_US + 10);
	lanes_schedule(lanes, LANE_UNICAST, (struct task){2, 0}, START_US + 30);
	assert_true(lanes_late_us(lanes, LANE_UNICAST, START_US) == 0);
	assert_true(lanes_late_us(lanes, LANE_UNICAST, START_US + 10) == 0);
	assert_true(lanes_late_us(lanes, LANE_UNICAST, START_US + 50) == 40);
	assert_true(lanes_late_us(lanes, LANE_BROADCAST, START_US + 50) == 0);
	assert_task(lanes, LANE_UNICAST, 2, 1);
	assert_true(lanes_late_us(lanes, LANE_UNICAST, START_US + 50) == 20);
	end(lanes);
}

static void
task_is_in_one_lane(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	for (enum lane lane = 0; lane < LANES; lane++)
		lanes_schedule(lanes, lane, (struct task){0, 3}, START_US);
	for (enum lane lane = 0; lane < LANE_FIRST; lane++)
		assert_false(lanes_is_due(lanes, lane, START_US));
	assert_true(lanes_is_due(lanes, LANE_FIRST, START_US));
	end(lanes);
}

/* The frames of one task leave in a row: the lane's next task waits for the last of them. The other
 * lanes do not. */
static void
one_task_at_a_time_fills_a_lane(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	for (uint32_t index = 0; index < 2; index++)
		lanes_schedule(lanes, LANE_UNICAST, (struct task){0, index}, START_US);
	lanes_schedule(lanes, LANE_BROADCAST, (struct task){0, 2}, START_US);
	assert_task(lanes, LANE_UNICAST, 0, 0);
	push(lanes, LANE_UNICAST, 10);
	push(lanes, LANE_UNICAST, 11);
	for (uint32_t number = 10; number < 12; number++) {
		const uint64_t now_us = START_US + (number - 10) * UINT64_C(10000);

		assert_false(lanes_is_due(lanes, LANE_UNICAST, now_us));
		assert_true(lanes_is_due(lanes, LANE_BROADCAST, now_us));
		assert_int_equal(take(lanes, now_us), number);
	}
	assert_true(lanes_is_due(lanes, LANE_UNICAST, START_US + 20000));
	end(lanes);
}

/* No frame is made that could not be sent: a task waits for the rate, too. */
static void
task_waits_for_the_rate(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	push(lanes, LANE_BROADCAST, 1);
	assert_int_equal(take(lanes, START_US), 1);
	for (enum lane lane = 0; lane < LANES; lane++)
		lanes_schedule(lanes, lane, (struct task){0, lane}, START_US);
	assert_true(lanes_is_due(lanes, LANE_URGENT, START_US));
	assert_false(lanes_is_due(lanes, LANE_UNICAST, START_US + 9999));
	assert_true(lanes_is_due(lanes, LANE_UNICAST, START_US + 10000));
	for (size_t i = 0; i < 2; i++) {
		const enum lane lane = i == 0 ? LANE_BROADCAST : LANE_FIRST;

		assert_false(lanes_is_due(lanes, lane, START_US + 99999));
		assert_true(lanes_is_due(lanes, lane, START_US + 100000));
	}
	assert_true(lanes_due_us(lanes) == START_US);
	assert_task(lanes, LANE_URGENT, 0, LANE_URGENT);
	assert_true(lanes_due_us(lanes) == START_US + 10000);
	assert_task(lanes, LANE_UNICAST, 0, LANE_UNICAST);
	assert_task(lanes, LANE_ELICIT, 0, LANE_ELICIT); /* has a rate of its own */
	assert_true(lanes_due_us(lanes) == START_US + 100000);
	end(lanes);
}

/* What makes others broadcast leaves at the rate of broadcasts, beside them. First questions share
 * the rate of broadcasts, and let them pass. */
static void
elicited_and_own_broadcasts_do_not_wait_for_each_other(void **state)
{
	static const struct lanes_plan plan = {
	    .tasks = {1}, .frames = {1, 1, 8, 8, 8}, .broadcast_rate = 10, .burst_least = 1};
	static const enum lane order[] = {
	    LANE_BROADCAST, LANE_ELICIT, LANE_BROADCAST, LANE_ELICIT, LANE_FIRST, LANE_FIRST};
	static const uint64_t after_us[] = {0, 0, 100000, 100000, 200000, 300000};
	struct lanes *lanes = start(&plan);

	(void)state;
	for (size_t i = 6; i > 0; i--)
		push(lanes, order[i - 1], order[i - 1]);
	for (size_t i = 0; i < 6; i++) {
		if (after_us[i] > 0)
			assert_int_equal(take(lanes, START_US + after_us[i] - 1), UINT32_MAX);
		assert_int_equal(take(lanes, START_US + after_us[i]), order[i]);
		if (i == 2) /* the next one is due at the same time */
			i++, assert_int_equal(take(lanes, START_US + after_us[i]), order[i]);
	}
	end(lanes);
}

/* An answer that stops a leak leaves at once and first, whatever was sent before; and counts for
 * the rate of what follows. */
static void
urgent_frames_are_not_paced(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	push(lanes, LANE_UNICAST, 1);
	assert_int_equal(take(lanes, START_US), 1);
	push(lanes, LANE_UNICAST, 2);
	push(lanes, LANE_URGENT, 3);
	push(lanes, LANE_URGENT, 4);
	assert_true(lanes_due_us(lanes) == 0);
	assert_int_equal(take(lanes, START_US), 3);
	assert_int_equal(take(lanes, START_US), 4);
	assert_int_equal(take(lanes, START_US), UINT32_MAX);
	assert_true(lanes_due_us(lanes) == START_US + 30000);
	assert_int_equal(take(lanes, START_US + 29999), UINT32_MAX);
	assert_int_equal(take(lanes, START_US + 30000), 2);
	end(lanes);
}

/* The host will ask again. */
static void
full_urgent_ring_drops(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	for (uint32_t number = 0; number < 4; number++)
		push(lanes, LANE_URGENT, number);
	assert_int_equal(take(lanes, START_US), 0);
	push(lanes, LANE_URGENT, 5); /* there is room again */
	assert_int_equal(take(lanes, START_US), 1);
	assert_int_equal(take(lanes, START_US), 5);
	assert_int_equal(take(lanes, START_US), UINT32_MAX);
	assert_true(lanes_are_empty(lanes));
	end(lanes);
}

struct burst_case {
	uint32_t rate, burst_least, burst;
};

/* The whole rate comes in bursts of 10 ms, or of as many frames as belong together. */
static void
unicast_comes_in_bursts(void **state)
{
	static const struct burst_case cases[] = {
	    {1000, 1, 10}, {1000, 8, 10}, {100, 8, 8}, {100, 1, 1}, {5000, 8, 50}, {0, 8, 64}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct lanes_plan plan = {
		    .tasks = {1},
		    .frames = {1, 64, 1},
		    .rate = cases[i].rate,
		    .burst_least = cases[i].burst_least,
		};
		struct lanes *lanes = start(&plan);
		uint32_t burst = 0;

		for (uint32_t number = 0; number < 64; number++)
			push(lanes, LANE_UNICAST, number);
		while (take(lanes, START_US) != UINT32_MAX)
			burst++;
		assert_int_equal(burst, cases[i].burst);
		end(lanes);
	}
}

/* Each broadcast is work for all hosts: they come one by one, however high the whole rate. */
static void
broadcasts_are_paced_one_by_one(void **state)
{
	const struct lanes_plan plan = {.tasks = {1},
	    .frames = {1, 8, 8},
	    .rate = 5000,
	    .broadcast_rate = 100,
	    .burst_least = 8};
	struct lanes *lanes = start(&plan);

	(void)state;
	for (uint32_t number = 0; number < 8; number++)
		push(lanes, LANE_BROADCAST, number);
	for (uint32_t number = 0; number < 8; number++) {
		const uint64_t due_us = START_US + number * UINT64_C(10000);

		if (number > 0) {
			assert_true(lanes_due_us(lanes) == due_us);
			assert_int_equal(take(lanes, due_us - 1), UINT32_MAX);
		}
		assert_int_equal(take(lanes, due_us), number);
	}
	/* What goes to one host does not wait for that. */
	push(lanes, LANE_BROADCAST, 20);
	push(lanes, LANE_UNICAST, 21);
	assert_int_equal(take(lanes, START_US + 70000), 21);
	assert_int_equal(take(lanes, START_US + 70000), UINT32_MAX);
	assert_int_equal(take(lanes, START_US + 80000), 20);
	end(lanes);
}

static void
frames_are_counted_when_they_leave(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	push(lanes, LANE_URGENT, 1);
	push(lanes, LANE_UNICAST, 2);
	push(lanes, LANE_BROADCAST, 3);
	assert_int_equal(lanes->frames_sent, 0);
	for (uint64_t i = 0; i < 3; i++)
		assert_true(take(lanes, START_US + i * 100000) != UINT32_MAX);
	assert_int_equal(lanes->frames_sent, 3);
	assert_int_equal(lanes->broadcasts_sent, 1);
	end(lanes);
}

/* A frame whose reason has gone while it waited: the caller drops it, and it neither counts nor
 * costs anything of the rate. */
static void
void_head_is_dropped_by_the_caller(void **state)
{
	struct lanes *lanes = start(&plain);

	(void)state;
	assert_null(lanes_head(lanes, LANE_BROADCAST));
	push(lanes, LANE_BROADCAST, 1);
	push(lanes, LANE_BROADCAST, 2);
	assert_int_equal(lanes_head(lanes, LANE_BROADCAST)->subject, 1);
	lanes_drop_head(lanes, LANE_BROADCAST);
	assert_int_equal(lanes_head(lanes, LANE_BROADCAST)->subject, 2);
	assert_int_equal(take(lanes, START_US), 2);
	assert_int_equal(lanes->frames_sent, 1);
	assert_null(lanes_head(lanes, LANE_BROADCAST));
	assert_true(lanes_are_empty(lanes));
	end(lanes);
}

/* Head and tail go round the ring many times. */
static void
ring_keeps_the_order(void **state)
{
	const struct lanes_plan plan = {.tasks = {1}, .frames = {1, 3, 1}, .burst_least = 1};
	struct lanes *lanes = start(&plan);
	uint32_t pushed = 0, taken = 0;

	(void)state;
	for (uint32_t turn = 0; turn < 20; turn++) {
		for (uint32_t i = 0; i < 1 + turn % 3; i++)
			push(lanes, LANE_UNICAST, pushed++);
		while (taken < pushed)
			assert_int_equal(take(lanes, START_US), taken++);
	}
	assert_int_equal(take(lanes, START_US), UINT32_MAX);
	end(lanes);
}

/* ---- Gentle ------------------------------------------------------------------------------- */

/* Keeps all lanes full for a minute, with tasks of `train` frames, and whatever of them is urgent.
 * Counts the frames of each lane, and the most ARP frames in any one second. */
struct gentle_count {
	uint32_t lane[LANES], peak;
	uint64_t left_us[1024]; /* when each ARP frame left */
	uint32_t left;
};

static void
push_frame(struct lanes *lanes, enum lane lane, enum frame_kind kind, uint8_t flags)
{
	const struct frame frame = {
	    .kind = kind,
	    .destination =
		lane == LANE_BROADCAST ? mac_broadcast : (struct mac){{0x02, 0, 0, 0, 0, 1}},
	    .ip = {.tcp = {.flags = flags}},
	};
	const struct frame arp = {.kind = FRAME_ARP, .destination = frame.destination};

	lanes_push(lanes, lane, kind == FRAME_ARP ? &arp : &frame, (uint8_t)lane, 0);
}

static void
count_frame(struct gentle_count *count, const struct outgoing *outgoing, uint64_t now_us)
{
	uint32_t within = 0;

	count->lane[outgoing->purpose]++;
	if (outgoing->frame.kind != FRAME_ARP)
		return;
	assert_true(count->left < 1024);
	count->left_us[count->left++] = now_us;
	for (uint32_t i = 0; i < count->left; i++)
		within += count->left_us[i] + 1000000 > now_us;
	if (within > count->peak)
		count->peak = within;
}

static void
play_gentle(struct lanes *const *lanes, size_t audits, uint32_t train, bool flooded,
    struct gentle_count *counts, struct gentle_count *all)
{
	struct outgoing outgoing;

	for (uint64_t now_us = START_US; now_us < START_US + 60000000; now_us += 500) {
		for (size_t i = 0; i < audits; i++) {
			while (flooded && lanes_room(lanes[i], LANE_URGENT) > 0)
				push_frame(lanes[i], LANE_URGENT, FRAME_ARP, 0);
			if (lanes_head(lanes[i], LANE_BROADCAST) == NULL)
				push_frame(lanes[i], LANE_BROADCAST, FRAME_ARP, 0);
			if (lanes_head(lanes[i], LANE_UNICAST) == NULL)
				for (uint32_t k = 0; k < train; k++)
					push_frame(lanes[i], LANE_UNICAST, FRAME_ARP, 0);
			while (lanes_take(lanes[i], now_us, &outgoing)) {
				count_frame(&counts[i], &outgoing, now_us);
				if (all != NULL)
					count_frame(all, &outgoing, now_us);
			}
		}
	}
}

static struct lanes_plan
gentle_plan(struct gentle *gentle, uint32_t sharer)
{
	return (struct lanes_plan){.tasks = {4},
	    .frames = {8, 64, 8},
	    .rate = 5000,
	    .broadcast_rate = 500,
	    .burst_least = 8,
	    .gentle = gentle,
	    .sharer = sharer};
}

/* However full the lanes are, and though a host asks without end: no second has too many ARP
 * frames, and each lane gets on. */
static void
gentle_lanes_keep_within_the_allowance(void **state)
{
	(void)state;
	for (uint32_t train = 1; train <= 40; train = 3 * train + 1) {
		for (int flooded = 0; flooded < 2; flooded++) {
			static struct gentle_count count;
			struct gentle *gentle = gentle_new(1);
			const struct lanes_plan plan = gentle_plan(gentle, 0);
			struct lanes *lanes = start(&plan);

			count = (struct gentle_count){.peak = 0};
			play_gentle(&lanes, 1, train, flooded, &count, NULL);
			assert_in_range(count.peak, 4, 8); /* 2 are reserved: see gentle.h */
			assert_in_range(count.left, 4 * 55, 4 * 60 + 8);
			assert_true(count.lane[LANE_UNICAST] >= 55);
			assert_true(count.lane[LANE_BROADCAST] >= 2);
			if (flooded)
				assert_in_range(count.lane[LANE_URGENT], 2 * 55, 2 * 60 + 4);
			end(lanes);
			gentle_free(gentle);
		}
	}
}

/* The allowance is that of the port: audits that share it get equal parts, and no more than one of
 * them would alone. */
static void
gentle_audits_share_the_allowance(void **state)
{
	static struct gentle_count counts[5], all;
	struct gentle *gentle = gentle_new(5);
	struct lanes *lanes[5];

	(void)state;
	all = (struct gentle_count){.peak = 0};
	for (uint32_t i = 0; i < 5; i++) {
		const struct lanes_plan plan = gentle_plan(gentle, i);

		counts[i] = (struct gentle_count){.peak = 0};
		lanes[i] = start(&plan);
	}
	play_gentle(lanes, 5, 3, false, counts, &all);
	assert_in_range(all.peak, 4, 8);
	for (uint32_t i = 0; i < 5; i++) {
		assert_in_range(counts[i].left, 4 * 60 / 5 - 8, 4 * 60 / 5 + 8);
		end(lanes[i]);
	}
	gentle_free(gentle);
}

/* A packet makes a host ask, again and again perhaps: it costs as much as three frames. Its urgent
 * answer finds room at once. A RST costs nothing. */
static void
gentle_packets_cost_more(void **state)
{
	struct gentle *gentle = gentle_new(1);
	const struct lanes_plan plan = gentle_plan(gentle, 0);
	struct lanes *lanes = start(&plan);
	struct outgoing outgoing;

	(void)state;
	push_frame(lanes, LANE_BROADCAST, FRAME_ECHO_REQUEST, 0);
	push_frame(lanes, LANE_BROADCAST, FRAME_ARP, 0);
	assert_true(lanes_take(lanes, START_US, &outgoing));
	assert_int_equal(outgoing.frame.kind, FRAME_ECHO_REQUEST);
	assert_false(lanes_take(lanes, START_US, &outgoing));
	push_frame(lanes, LANE_URGENT, FRAME_ARP, 0);
	push_frame(lanes, LANE_URGENT, FRAME_TCP, TCP_RST);
	push_frame(lanes, LANE_URGENT, FRAME_TCP, TCP_RST);
	for (int i = 0; i < 3; i++) {
		assert_true(lanes_take(lanes, START_US + 300, &outgoing));
		assert_int_equal(outgoing.purpose, LANE_URGENT);
	}
	assert_true(lanes_due_us(lanes) == START_US + 1000000);
	assert_false(lanes_take(lanes, START_US + 999999, &outgoing));
	assert_true(lanes_take(lanes, START_US + 1000000, &outgoing));
	assert_int_equal(outgoing.frame.kind, FRAME_ARP);
	end(lanes);
	gentle_free(gentle);
}

/* A task waits until all that it makes may leave at once, with its fence. An urgent one does not
 * wait behind the frames of others. */
static void
gentle_tasks_begin_when_a_train_has_room(void **state)
{
	struct gentle *gentle = gentle_new(1);
	const struct lanes_plan plan = gentle_plan(gentle, 0);
	struct lanes *lanes = start(&plan);
	struct outgoing outgoing;

	(void)state;
	for (int i = 0; i < 3; i++)
		push_frame(lanes, LANE_UNICAST, FRAME_ARP, 0);
	for (int i = 0; i < 3; i++)
		assert_true(lanes_take(lanes, START_US, &outgoing));
	lanes_schedule(lanes, LANE_UNICAST, (struct task){0, 1}, START_US);
	assert_false(lanes_is_due(lanes, LANE_UNICAST, START_US + 749999));
	assert_true(lanes_is_due(lanes, LANE_UNICAST, START_US + 750000));
	lanes_schedule(lanes, LANE_URGENT, (struct task){0, 2}, START_US);
	assert_false(lanes_is_due(lanes, LANE_URGENT, START_US + 499999));
	assert_true(lanes_is_due(lanes, LANE_URGENT, START_US + 500000));
	end(lanes);
	gentle_free(gentle);
}

/* Of the rates and the allowance, the lower one counts. */
static void
lower_rate_counts(void **state)
{
	static struct gentle_count count;
	struct gentle *gentle = gentle_new(1);
	struct lanes_plan plan = gentle_plan(gentle, 0);

	(void)state;
	plan.rate = plan.burst_least = 1;
	struct lanes *lanes = start(&plan);

	count = (struct gentle_count){.peak = 0};
	play_gentle(&lanes, 1, 3, false, &count, NULL);
	assert_in_range(count.left, 59, 61);
	end(lanes);
	gentle_free(gentle);
}

/* How many broadcasts leave in the milliseconds of a second, for which there always is one. */
static uint32_t
broadcasts_in_a_second(struct lanes *const lanes[], size_t count)
{
	uint32_t sent = 0;

	for (uint64_t now_us = START_US; now_us < START_US + 1000000; now_us += 1000) {
		for (size_t i = 0; i < count; i++) {
			if (lanes_head(lanes[i], LANE_BROADCAST) == NULL)
				push(lanes[i], LANE_BROADCAST, 1);
			sent += take(lanes[i], now_us) != UINT32_MAX;
		}
	}
	return sent;
}

/* Three audits on an interface send as much as one. What one of them does not use is the others'.
 */
static void
shared_rates_count_for_all(void **state)
{
	struct rates *const rates = rates_new(100, 10), *const fast = rates_new(5000, 500);
	struct lanes_plan plan = plain;
	struct lanes *lanes[3];

	(void)state;
	if (rates == NULL || fast == NULL) {
		fail_msg("out of memory");
		return;
	}
	plan.rates = rates;
	for (size_t i = 0; i < 3; i++)
		lanes[i] = start(&plan);
	assert_int_equal(broadcasts_in_a_second(lanes, 3), 10);
	for (size_t i = 0; i < 3; i++)
		lanes[i]->rates = fast;
	assert_in_range(broadcasts_in_a_second(lanes, 3), 500, 515);
	fast->all.arrival_ns = fast->broadcasts.arrival_ns = 0;
	assert_in_range(broadcasts_in_a_second(lanes, 1), 500, 515);
	for (size_t i = 0; i < 3; i++)
		end(lanes[i]);
	rates_free(rates);
	rates_free(fast);
}

/* A train that is longer than the burst of the others can still leave whole. */
static void
shared_rates_let_the_longest_train_leave(void **state)
{
	struct rates *const rates = rates_new(100, 10);
	struct lanes_plan plan = plain;
	struct lanes *lanes;

	(void)state;
	assert_non_null(rates);
	plan.rates = rates;
	plan.burst_least = 6;
	lanes = start(&plan);
	for (uint32_t i = 0; i < 8; i++)
		push(lanes, LANE_UNICAST, i);
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(take(lanes, START_US), i);
	assert_int_equal(take(lanes, START_US), UINT32_MAX);
	end(lanes);
	rates_free(rates);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tasks_run_by_time_then_kind_then_index),
	    cmocka_unit_test(task_is_due_from_its_time_on),
	    cmocka_unit_test(task_is_late_while_frames_of_others_leave),
	    cmocka_unit_test(task_is_in_one_lane),
	    cmocka_unit_test(one_task_at_a_time_fills_a_lane),
	    cmocka_unit_test(task_waits_for_the_rate),
	    cmocka_unit_test(elicited_and_own_broadcasts_do_not_wait_for_each_other),
	    cmocka_unit_test(urgent_frames_are_not_paced),
	    cmocka_unit_test(full_urgent_ring_drops),
	    cmocka_unit_test(unicast_comes_in_bursts),
	    cmocka_unit_test(broadcasts_are_paced_one_by_one),
	    cmocka_unit_test(frames_are_counted_when_they_leave),
	    cmocka_unit_test(void_head_is_dropped_by_the_caller),
	    cmocka_unit_test(ring_keeps_the_order),
	    cmocka_unit_test(gentle_lanes_keep_within_the_allowance),
	    cmocka_unit_test(gentle_audits_share_the_allowance),
	    cmocka_unit_test(gentle_packets_cost_more),
	    cmocka_unit_test(gentle_tasks_begin_when_a_train_has_room),
	    cmocka_unit_test(lower_rate_counts),
	    cmocka_unit_test(shared_rates_count_for_all),
	    cmocka_unit_test(shared_rates_let_the_longest_train_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
