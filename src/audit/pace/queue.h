/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A priority queue of task numbers by due time: an indexed binary heap. Tasks due at the same time
 * leave in the order of their numbers. Nothing is allocated after queues_init().
 */
#ifndef ARPAUDIT_AUDIT_PACE_QUEUE_H
#define ARPAUDIT_AUDIT_PACE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* Where a task is. It is in one queue at most, so queues of the same tasks share these. */
struct queue_place {
	uint64_t due_us;
	uint32_t position; /* in the heap of its queue */
	uint8_t queue;     /* the number of that queue; QUEUE_NONE: it is in none */
};

#define QUEUE_NONE UINT8_MAX

struct queue {
	uint32_t *heap;             /* task numbers */
	struct queue_place *places; /* by task */
	uint64_t due_us;            /* of the first task; UINT64_MAX: it has none */
	uint32_t count, capacity;
	uint8_t number;
};

/* That many queues of the same tasks. False: out of memory; call queues_free() nevertheless. */
bool queues_init(struct queue *queues, uint8_t count, uint32_t capacity);
void queues_free(struct queue *queues, uint8_t count);
/* Adds the task or moves it. It must be in no other queue. */
void queue_set(struct queue *queue, uint32_t task, uint64_t due_us);
void queue_remove(struct queue *queue, uint32_t task); /* no effect if it is absent */
uint32_t queue_pop(struct queue *queue);               /* requires a task */

/* UINT64_MAX if empty. */
static inline uint64_t
queue_due_us(const struct queue *queue)
{
	return queue->due_us;
}

#endif
