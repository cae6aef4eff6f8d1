/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/pacing.h"

#include <assert.h>
#include <stdlib.h>

#define NS_PER_US 1000u
#define NS_PER_S  1000000000u

void
bucket_init(struct bucket *bucket, uint32_t rate, uint32_t burst)
{
	assert(burst >= 1);
	bucket->interval_ns = rate == 0 ? 0 : NS_PER_S / rate;
	bucket->tolerance_ns = bucket->interval_ns * (burst - 1);
	bucket->arrival_ns = 0;
}

uint64_t
bucket_ready_us(const struct bucket *bucket)
{
	if (bucket->arrival_ns <= bucket->tolerance_ns)
		return 0;
	/* Rounded up: at the time returned the frame is really due. */
	return (bucket->arrival_ns - bucket->tolerance_ns + NS_PER_US - 1) / NS_PER_US;
}

void
bucket_take(struct bucket *bucket, uint64_t now_us)
{
	const uint64_t now_ns = now_us * NS_PER_US;

	if (bucket->arrival_ns < now_ns)
		bucket->arrival_ns = now_ns;
	bucket->arrival_ns += bucket->interval_ns;
}

bool
queue_init(struct queue *queue, uint32_t capacity)
{
	*queue = (struct queue){.capacity = capacity};
	queue->heap = calloc(capacity, sizeof(*queue->heap));
	queue->position = calloc(capacity, sizeof(*queue->position));
	queue->due_us = calloc(capacity, sizeof(*queue->due_us));
	if (queue->heap == NULL || queue->position == NULL || queue->due_us == NULL)
		return false;
	for (uint32_t i = 0; i < capacity; i++)
		queue->position[i] = QUEUE_ABSENT;
	return true;
}

void
queue_free(struct queue *queue)
{
	free(queue->heap);
	free(queue->position);
	free(queue->due_us);
}

static void
place(struct queue *queue, uint32_t position, uint32_t task)
{
	queue->heap[position] = task;
	queue->position[task] = position;
}

static void
sift_up(struct queue *queue, uint32_t position)
{
	const uint32_t task = queue->heap[position];

	while (position > 0) {
		const uint32_t parent = (position - 1) / 2;

		if (queue->due_us[queue->heap[parent]] <= queue->due_us[task])
			break;
		place(queue, position, queue->heap[parent]);
		position = parent;
	}
	place(queue, position, task);
}

static void
sift_down(struct queue *queue, uint32_t position)
{
	const uint32_t task = queue->heap[position];

	for (;;) {
		uint32_t child = 2 * position + 1;

		if (child >= queue->count)
			break;
		if (child + 1 < queue->count &&
		    queue->due_us[queue->heap[child + 1]] < queue->due_us[queue->heap[child]])
			child++;
		if (queue->due_us[task] <= queue->due_us[queue->heap[child]])
			break;
		place(queue, position, queue->heap[child]);
		position = child;
	}
	place(queue, position, task);
}

void
queue_set(struct queue *queue, uint32_t task, uint64_t due_us)
{
	assert(task < queue->capacity);
	if (queue->position[task] == QUEUE_ABSENT)
		place(queue, queue->count++, task);
	queue->due_us[task] = due_us;
	sift_up(queue, queue->position[task]);
	sift_down(queue, queue->position[task]);
}

void
queue_remove(struct queue *queue, uint32_t task)
{
	const uint32_t position = queue->position[task];

	if (position == QUEUE_ABSENT)
		return;
	queue->position[task] = QUEUE_ABSENT;
	if (position == --queue->count)
		return;
	place(queue, position, queue->heap[queue->count]);
	sift_up(queue, position);
	sift_down(queue, position);
}

uint64_t
queue_due_us(const struct queue *queue)
{
	return queue->count == 0 ? UINT64_MAX : queue->due_us[queue->heap[0]];
}

uint32_t
queue_pop(struct queue *queue)
{
	assert(queue->count > 0);
	const uint32_t task = queue->heap[0];

	queue_remove(queue, task);
	return task;
}

void
round_trip_sample(struct round_trip *round_trip, uint64_t sample_us)
{
	if (!round_trip->sampled) {
		round_trip->smoothed_us = sample_us;
		round_trip->variation_us = sample_us / 2;
		round_trip->sampled = true;
		return;
	}
	const uint64_t smoothed = round_trip->smoothed_us;
	const uint64_t deviation =
	    smoothed > sample_us ? smoothed - sample_us : sample_us - smoothed;

	round_trip->variation_us = (3 * round_trip->variation_us + deviation) / 4;
	round_trip->smoothed_us = (7 * smoothed + sample_us) / 8;
}

uint64_t
round_trip_timeout_us(const struct round_trip *round_trip, unsigned attempt)
{
	uint64_t timeout_us = TIMEOUT_INITIAL_US;

	if (round_trip->sampled)
		timeout_us = round_trip->smoothed_us + 4 * round_trip->variation_us;
	if (timeout_us < TIMEOUT_MIN_US)
		timeout_us = TIMEOUT_MIN_US;
	for (unsigned i = 0; i < attempt && timeout_us < TIMEOUT_MAX_US; i++)
		timeout_us *= 2;
	return timeout_us < TIMEOUT_MAX_US ? timeout_us : TIMEOUT_MAX_US;
}

double
loss_estimate(const struct loss *loss)
{
	return ((double)loss->lost + 1) / ((double)loss->answered + (double)loss->lost + 2);
}

double
loss_all_lost(const struct loss *loss, uint32_t count)
{
	const double lost = (double)loss->lost + 1;
	const double all = (double)loss->answered + (double)loss->lost + 2;
	double chance = 1;

	for (uint32_t i = 0; i < count; i++)
		chance *= (lost + i) / (all + i);
	return chance;
}
