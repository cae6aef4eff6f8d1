/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/queue.h"

#include <assert.h>
#include <stdlib.h>

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

/* Whether task `a` runs before task `b`. Ties go to the lower number, so the order in which tasks
 * were added does not matter. */
static bool
comes_first(const struct queue *queue, uint32_t a, uint32_t b)
{
	const uint64_t a_us = queue->due_us[a], b_us = queue->due_us[b];

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

uint32_t
queue_pop(struct queue *queue)
{
	assert(queue->count > 0);
	const uint32_t task = queue->heap[0];

	queue_remove(queue, task);
	return task;
}
