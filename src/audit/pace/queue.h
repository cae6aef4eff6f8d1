/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A priority queue of task numbers by due time: an indexed binary heap. Tasks due at the same time
 * leave in the order of their numbers. Nothing is allocated after queue_init().
 */
#ifndef ARPAUDIT_AUDIT_PACE_QUEUE_H
#define ARPAUDIT_AUDIT_PACE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct queue {
	uint32_t *heap;     /* task numbers */
	uint32_t *position; /* position of each task in the heap; QUEUE_ABSENT: not queued */
	uint64_t *due_us;   /* of each task */
	uint32_t count, capacity;
};

#define QUEUE_ABSENT UINT32_MAX

bool queue_init(struct queue *queue, uint32_t capacity); /* false: out of memory */
void queue_free(struct queue *queue);
void queue_set(struct queue *queue, uint32_t task, uint64_t due_us); /* adds the task or moves it */
void queue_remove(struct queue *queue, uint32_t task);               /* no effect if it is absent */
uint32_t queue_pop(struct queue *queue);                             /* requires a task */

/* UINT64_MAX if empty. */
static inline uint64_t
queue_due_us(const struct queue *queue)
{
	return queue->count == 0 ? UINT64_MAX : queue->due_us[queue->heap[0]];
}

#endif
