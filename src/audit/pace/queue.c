/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool
queues_init(struct queue *queues, uint8_t count, uint32_t capacity)
{
	struct queue_place *const places = calloc(capacity, sizeof(*places));
	bool allocated = places != NULL;

	assert(count > 0); /* the first one frees the places */
	for (uint32_t task = 0; task < capacity && places != NULL; task++)
		places[task].queue = QUEUE_NONE;
	for (uint8_t i = 0; i < count; i++) {
		queues[i] = (struct queue){
		    .places = places, .due_us = UINT64_MAX, .capacity = capacity, .number = i};
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
	if (count > 0)
		free(queues[0].places);
}

static void
place(struct queue *queue, uint32_t position, uint32_t task)
{
	queue->heap[position] = task;
	queue->places[task].position = position;
}

/* Whether task `a` runs before task `b`. Ties go to the lower number, so the order in which tasks
 * were added does not matter. */
static bool
comes_first(const struct queue *queue, uint32_t a, uint32_t b)
{
	const uint64_t a_us = queue->places[a].due_us, b_us = queue->places[b].due_us;

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

static void
note_first(struct queue *queue)
{
	queue->due_us = queue->count == 0 ? UINT64_MAX : queue->places[queue->heap[0]].due_us;
}

void
queue_set(struct queue *queue, uint32_t task, uint64_t due_us)
{
	struct queue_place *const at = &queue->places[task];

	assert(task < queue->capacity);
	if (at->queue == QUEUE_NONE) {
		at->queue = queue->number;
		place(queue, queue->count++, task);
	}
	assert(at->queue == queue->number);
	at->due_us = due_us;
	sift_up(queue, at->position);
	sift_down(queue, at->position);
	note_first(queue);
}

void
queue_remove(struct queue *queue, uint32_t task)
{
	const uint32_t position = queue->places[task].position;

	if (queue->places[task].queue != queue->number)
		return;
	queue->places[task].queue = QUEUE_NONE;
	if (position != --queue->count) {
		place(queue, position, queue->heap[queue->count]);
		sift_up(queue, position);
		sift_down(queue, position);
	}
	note_first(queue);
}

uint32_t
queue_pop(struct queue *queue)
{
	assert(queue->count > 0);
	const uint32_t task = queue->heap[0];

	queue_remove(queue, task);
	return task;
}
