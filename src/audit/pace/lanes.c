/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/lanes.h"

#include <assert.h>
#include <stdlib.h>

/* The full rate allows bursts of 10 ms. Broadcasts leave one by one, because each costs every host
 * on the segment time, and so do the answers it provokes. */
#define BURST_PER_S     100
#define BROADCAST_BURST 1

bool
lanes_init(struct lanes *lanes, const struct lanes_plan *plan)
{
	const uint32_t burst = plan->rate / BURST_PER_S;
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
		if (ring->slot == NULL || !queue_init(&lanes->queue[lane], tasks))
			return false;
	}
	bucket_init(
	    &lanes->rate, plan->rate, burst > plan->burst_least ? burst : plan->burst_least);
	bucket_init(&lanes->broadcast_rate, plan->broadcast_rate, BROADCAST_BURST);
	return true;
}

void
lanes_free(struct lanes *lanes)
{
	for (enum lane lane = 0; lane < LANES; lane++) {
		free(lanes->ring[lane].slot);
		queue_free(&lanes->queue[lane]);
	}
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
	for (enum lane lane = 0; lane < LANES; lane++)
		queue_remove(&lanes->queue[lane], number_of(lanes, task));
}

void
lanes_schedule(struct lanes *lanes, enum lane lane, struct task task, uint64_t due_us)
{
	lanes_cancel(lanes, task);
	queue_set(&lanes->queue[lane], number_of(lanes, task), due_us);
}

/* The time at which the rates let the lane's next frame leave. */
static uint64_t
ready_us(const struct lanes *lanes, enum lane lane)
{
	uint64_t ready_us = 0;

	if (lane != LANE_URGENT)
		ready_us = bucket_ready_us(&lanes->rate);
	if (lane == LANE_BROADCAST && bucket_ready_us(&lanes->broadcast_rate) > ready_us)
		ready_us = bucket_ready_us(&lanes->broadcast_rate);
	return ready_us;
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

bool
lanes_take(struct lanes *lanes, uint64_t now_us, struct outgoing *outgoing)
{
	enum lane lane = 0;

	while (lane < LANES && (lanes->ring[lane].count == 0 || ready_us(lanes, lane) > now_us))
		lane++;
	if (lane == LANES)
		return false;
	*outgoing = *lanes_head(lanes, lane);
	lanes_drop_head(lanes, lane);
	bucket_take(&lanes->rate, now_us);
	if (lane == LANE_BROADCAST)
		bucket_take(&lanes->broadcast_rate, now_us);
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
