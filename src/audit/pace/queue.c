/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool
queues_init(struct queue *queues, uint8_t count, struct queue_places *places, uint32_t capacity)
{
	bool allocated;

	places->due_us = calloc(capacity, sizeof(*places->due_us));
	places->position = calloc(capacity, sizeof(*places->position));
	places->queue = malloc(capacity);
	allocated = places->due_us != NULL && places->position != NULL && places->queue != NULL;
	if (places->queue != NULL)
		memset(places->queue, QUEUE_NONE, capacity);
	for (uint8_t i = 0; i < count; i++) {
		queues[i] = (struct queue){.places = places, .capacity = capacity, .number = i};
		queues[i].heap = calloc(capacity, sizeof(*queues[i].heap));
		allocated = allocated && queues[i].heap != NULL;
	}
	return allocated;
}

void
queues_free(struct queue *queues, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++)
		free(queues[i].heap);
	if (count == 0 || queues[0].places == NULL)
		return;
	free(queues[0].places->due_us);
	free(queues[0].places->position);
	free(queues[0].places->queue);
}

static void
place(struct queue *queue, uint32_t position, uint32_t task)
{
	queue->heap[position] = task;
	queue->places->position[task] = position;
}

/* Whether task `a` runs before task `b`. Ties go to the lower number, so the order in which tasks
 * were added does not matter. */
static bool
comes_first(const struct queue *queue, uint32_t a, uint32_t b)
{
	const uint64_t a_us = queue->places->due_us[a], b_us = queue->places->due_us[b];

	return a_us == b_us ? a < b : a_us < b_us;
}

static void
sift_up(struct queue *queue, uint32_t position)
{
	const uint32_t task = queue->heap[position];

	while (position > 0) {
		const uint32_t parent = (position - 1) / 2;

		if (!comes_first(queue, task, queue->heap[parent]))
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
		    comes_first(queue, queue->heap[child + 1], queue->heap[child]))
			child++;
		if (!comes_first(queue, queue->heap[child], task))
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
	if (queue->places->queue[task] == QUEUE_NONE) {
		queue->places->queue[task] = queue->number;
		place(queue, queue->count++, task);
	}
	assert(queue->places->queue[task] == queue->number);
	queue->places->due_us[task] = due_us;
	sift_up(queue, queue->places->position[task]);
	sift_down(queue, queue->places->position[task]);
}

void
queue_remove(struct queue *queue, uint32_t task)
{
	const uint32_t position = queue->places->position[task];

	if (queue->places->queue[task] != queue->number)
		return;
	queue->places->queue[task] = QUEUE_NONE;
	if (position == --queue->count)
		return;
	place(queue, position, queue->heap[queue->count]);
	sift_up(queue, position);
	sift_down(queue, position);
}

uint32_t
queue_pop(struct queue *queue)
{
	assert(queue->count > 0);
	const uint32_t task = queue->heap[0];

	queue_remove(queue, task);
	return task;
}
