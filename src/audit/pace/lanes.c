/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/lanes.h"

#include <assert.h>
#include <stdlib.h>

#include "audit/pace/times.h"

bool
lanes_init(struct lanes *lanes, const struct lanes_plan *plan)
{
	uint32_t tasks = 0;

	for (size_t kind = 0; kind < TASK_KINDS_MAX; kind++) {
		lanes->first_number[kind] = tasks;
		tasks += plan->tasks[kind];
	}
	lanes->first_number[TASK_KINDS_MAX] = tasks;
	for (enum lane lane = 0; lane < LANES; lane++) {
		struct ring *ring = &lanes->ring[lane];

		ring->capacity = plan->frames[lane];
		ring->slot = calloc(ring->capacity, sizeof(*ring->slot));
		if (ring->slot == NULL)
			return false;
	}
	if (!queues_init(lanes->queue, LANES, tasks))
		return false;
	if (plan->rates == NULL)
		rates_init(&lanes->own_rates, plan->rate, plan->broadcast_rate, plan->burst_least);
	else
		rates_widen(plan->rates, plan->burst_least);
	lanes->rates = plan->rates != NULL ? plan->rates : &lanes->own_rates;
	lanes->gentle = plan->gentle;
	lanes->sharer = plan->sharer;
	lanes->turn = LANE_UNICAST;
	return true;
}

void
lanes_free(struct lanes *lanes)
{
	for (enum lane lane = 0; lane < LANES; lane++)
		free(lanes->ring[lane].slot);
	queues_free(lanes->queue, LANES);
}

static uint32_t
number_of(const struct lanes *lanes, struct task task)
{
	const uint32_t number = lanes->first_number[task.kind] + task.index;

	assert(number < lanes->first_number[task.kind + 1]);
	return number;
}

void
lanes_cancel(struct lanes *lanes, struct task task)
{
	const uint32_t number = number_of(lanes, task);
	const uint8_t queue = lanes->queue[0].places[number].queue;

	if (queue != QUEUE_NONE)
		queue_remove(&lanes->queue[queue], number);
}

void
lanes_schedule(struct lanes *lanes, enum lane lane, struct task task, uint64_t due_us)
{
	lanes_cancel(lanes, task);
	queue_set(&lanes->queue[lane], number_of(lanes, task), due_us);
}

/* What the lane's next frame costs in gentle mode. A task may make one of any cost. */
static uint32_t
cost_of(const struct lanes *lanes, enum lane lane)
{
	const struct outgoing *head = lanes_head(lanes, lane);

	return head == NULL ? GENTLE_PACKET : gentle_cost(&head->frame);
}

/* When the urgent lane, if it has work, may take from the allowance. Others must not take it away
 * meanwhile. 0: they may. */
static uint64_t
reserved_us(const struct lanes *lanes, uint64_t from_us)
{
	if ((lanes->ring[LANE_URGENT].count == 0 &&
		queue_due_us(&lanes->queue[LANE_URGENT]) > from_us) ||
	    gentle_urgent_is_over(lanes->gentle, from_us))
		return 0;
	return gentle_urgent_us(lanes->gentle, cost_of(lanes, LANE_URGENT)) + 1;
}

/* The time at which the allowance of --gentle lets the lane's next frame leave. Broadcasts leave
 * one by one, and so does what a new task makes. */
static uint64_t
gentle_us(const struct lanes *lanes, enum lane lane)
{
	uint64_t ready_us;

	if (lane == LANE_URGENT)
		return gentle_urgent_us(lanes->gentle, cost_of(lanes, lane));
	if (lane == LANE_UNICAST && lanes->under_way)
		ready_us = gentle_follow_us(lanes->gentle, cost_of(lanes, lane));
	else
		ready_us = gentle_begin_us(lanes->gentle, lanes->sharer);
	return later_us(ready_us, reserved_us(lanes, ready_us));
}

/* The bucket of the lane, beside that of all frames; NULL: none. What the probe broadcasts and what
 * it makes others broadcast do not wait for each other. */
static struct bucket *
bucket_of(const struct lanes *lanes, enum lane lane)
{
	switch (lane) {
	case LANE_BROADCAST:
	case LANE_FIRST:
		return &lanes->rates->broadcasts;
	case LANE_ELICIT:
		return &lanes->rates->elicited;
	default:
		return NULL;
	}
}

/* The time at which the rates let the lane's next frame leave. */
static uint64_t
ready_us(const struct lanes *lanes, enum lane lane)
{
	uint64_t ready_us = 0;

	if (lane != LANE_URGENT)
		ready_us = bucket_ready_us(&lanes->rates->all);
	if (bucket_of(lanes, lane) != NULL)
		ready_us = later_us(ready_us, bucket_ready_us(bucket_of(lanes, lane)));
	return lanes->gentle == NULL ? ready_us : later_us(ready_us, gentle_us(lanes, lane));
}

bool
lanes_is_due(const struct lanes *lanes, enum lane lane, uint64_t now_us)
{
	return lanes->ring[lane].count == 0 && queue_due_us(&lanes->queue[lane]) <= now_us &&
	       ready_us(lanes, lane) <= now_us;
}

struct task
lanes_pop(struct lanes *lanes, enum lane lane)
{
	const uint32_t number = queue_pop(&lanes->queue[lane]);
	uint8_t kind = 0;

	while (number >= lanes->first_number[kind + 1])
		kind++;
	return (struct task){.kind = kind, .index = number - lanes->first_number[kind]};
}

void
lanes_push(struct lanes *lanes, enum lane lane, const struct frame *frame, uint8_t purpose,
    uint32_t subject)
{
	struct ring *ring = &lanes->ring[lane];

	if (ring->count == ring->capacity) {
		assert(lane == LANE_URGENT);
		return;
	}
	ring->slot[(ring->first + ring->count++) % ring->capacity] =
	    (struct outgoing){.frame = *frame, .purpose = purpose, .subject = subject};
}

void
lanes_drop_head(struct lanes *lanes, enum lane lane)
{
	struct ring *ring = &lanes->ring[lane];

	assert(ring->count > 0);
	ring->first = (ring->first + 1) % ring->capacity;
	ring->count--;
}

/* Whether the rest of a unicast ring must leave first: broadcasts could take the rate of all, and
 * part a question from its fence for long. */
static bool
unicast_goes_on(const struct lanes *lanes)
{
	return lanes->under_way &&
	       lanes->rates->broadcasts.interval_ns <= lanes->rates->all.interval_ns;
}

/* The lane of the next frame; LANES: none may leave. Lanes with a lower rate of their own come
 * first, or unicast frames would use up the rate of all. In gentle mode the frames of one could
 * hold back the other's for minutes, so the two take turns. */
static enum lane
choose(const struct lanes *lanes, uint64_t now_us)
{
	const bool unicast =
	    lanes->gentle != NULL ? lanes->turn == LANE_UNICAST : unicast_goes_on(lanes);
	const enum lane order[LANES] = {LANE_URGENT, unicast ? LANE_UNICAST : LANE_BROADCAST,
	    unicast ? LANE_BROADCAST : LANE_ELICIT, unicast ? LANE_ELICIT : LANE_FIRST,
	    unicast ? LANE_FIRST : LANE_UNICAST};

	for (size_t i = 0; i < LANES; i++)
		if (lanes->ring[order[i]].count > 0 && ready_us(lanes, order[i]) <= now_us)
			return order[i];
	return LANES;
}

static void
take_gentle(struct lanes *lanes, enum lane lane, const struct frame *frame, uint64_t now_us)
{
	gentle_take(lanes->gentle, lanes->sharer, lane == LANE_URGENT, gentle_cost(frame), now_us);
	if (lane == LANE_BROADCAST)
		lanes->turn = LANE_UNICAST;
	else if (lane == LANE_UNICAST && !lanes->under_way)
		lanes->turn = LANE_BROADCAST;
}

bool
lanes_take(struct lanes *lanes, uint64_t now_us, struct outgoing *outgoing)
{
	const enum lane lane = choose(lanes, now_us);

	if (lane == LANES)
		return false;
	*outgoing = *lanes_head(lanes, lane);
	lanes_drop_head(lanes, lane);
	if (lane == LANE_UNICAST)
		lanes->under_way = lanes->ring[lane].count > 0;
	bucket_take(&lanes->rates->all, now_us, 1);
	if (bucket_of(lanes, lane) != NULL)
		bucket_take(bucket_of(lanes, lane), now_us, 1);
	if (lanes->gentle != NULL)
		take_gentle(lanes, lane, &outgoing->frame, now_us);
	lanes->frames_sent++;
	if (mac_is_multicast(&outgoing->frame.destination))
		lanes->broadcasts_sent++;
	return true;
}

bool
lanes_are_empty(const struct lanes *lanes)
{
	for (enum lane lane = 0; lane < LANES; lane++)
		if (lanes->ring[lane].count > 0)
			return false;
	return true;
}

uint64_t
lanes_due_us(const struct lanes *lanes)
{
	uint64_t due_us = UINT64_MAX;

	for (enum lane lane = 0; lane < LANES; lane++) {
		uint64_t lane_us =
		    lanes->ring[lane].count > 0 ? 0 : queue_due_us(&lanes->queue[lane]);

		if (lane_us != UINT64_MAX && ready_us(lanes, lane) > lane_us)
			lane_us = ready_us(lanes, lane);
		if (lane_us < due_us)
			due_us = lane_us;
	}
	return due_us;
}

uint64_t
lanes_late_us(const struct lanes *lanes, enum lane lane, uint64_t now_us)
{
	const uint64_t due_us = queue_due_us(&lanes->queue[lane]);

	return due_us < now_us ? now_us - due_us : 0;
}
