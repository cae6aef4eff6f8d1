/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lanes: a schedule of tasks, and queues of frames that leave within the rates.
 *
 * Each lane has a queue of tasks and a ring of frames. A task that runs puts its frames into a
 * ring. The next task of a lane runs only when the lane's ring is empty. So the frames of a task
 * leave together and in order, as a fence requires, and no frame is made before it can leave.
 *
 * The lanes do not interpret tasks or frames; the caller does (ask/ask.h). A task has a kind and an
 * index. Of two tasks due at the same time, the one of the lower kind runs first, then the one of
 * the lower index. Nothing is allocated after lanes_init().
 */
#ifndef ARPAUDIT_AUDIT_PACE_LANES_H
#define ARPAUDIT_AUDIT_PACE_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/frame.h"
#include "audit/pace/gentle.h"
#include "audit/pace/queue.h"
#include "audit/pace/rates.h"

enum lane {
	LANE_URGENT = 0, /* answers that stop a leak, exempt from the rates, not from --gentle */
	LANE_UNICAST,
	LANE_BROADCAST,
	LANE_ELICIT, /* packets that make a host send a broadcast: they have a rate of their own */
	LANE_FIRST,  /* broadcasts that other ones precede: the first questions to each host */
	LANES,
};

#define TASK_KINDS_MAX 11

struct task {
	uint8_t kind; /* less than TASK_KINDS_MAX */
	uint32_t index;
};

/* A frame, its purpose, and the index of what it concerns. The caller defines the last two. */
struct outgoing {
	struct frame frame;
	uint8_t purpose;
	uint32_t subject;
};

struct ring {
	struct outgoing *slot;
	uint32_t capacity, first, count;
};

struct lanes {
	struct ring ring[LANES];
	struct queue queue[LANES];
	uint32_t first_number[TASK_KINDS_MAX + 1]; /* of each kind's tasks in the queues */
	struct rates *rates, own_rates;            /* `rates` may be shared with other audits */
	struct gentle *gentle;                     /* NULL: not gentle */
	uint32_t sharer;                           /* which of the audits that share it */
	enum lane turn; /* gentle mode: whose turn it is, unicast or broadcast */
	bool under_way; /* the unicast ring has begun to leave */
	uint64_t frames_sent, broadcasts_sent;
};

struct lanes_plan {
	uint32_t tasks[TASK_KINDS_MAX]; /* number of tasks of each kind */
	uint32_t frames[LANES];         /* capacity of each ring */
	uint32_t rate, broadcast_rate;  /* frames per second, 0: unlimited */
	uint32_t burst_least;           /* minimum burst, whatever the rate */
	struct gentle *gentle; /* borrowed; NULL: only the rates count, else the allowance too */
	uint32_t sharer;       /* the number of this audit, less than its sharers */
	struct rates *rates;   /* shared ones, instead of those above; NULL: none */
};

bool lanes_init(struct lanes *lanes, const struct lanes_plan *plan); /* false: out of memory */
void lanes_free(struct lanes *lanes);

/* Schedules the task in one lane. It leaves any other lane's queue. */
void lanes_schedule(struct lanes *lanes, enum lane lane, struct task task, uint64_t due_us);
void lanes_cancel(struct lanes *lanes, struct task task);
/* Whether a task may run now: one is due, the lane has no frame, and its rates allow one. */
bool lanes_is_due(const struct lanes *lanes, enum lane lane, uint64_t now_us);
struct task lanes_pop(struct lanes *lanes, enum lane lane); /* requires lanes_is_due() */

/* Appends a frame. The ring must have room. Only a full urgent ring drops the frame, because the
 * host will ask again. */
void lanes_push(struct lanes *lanes, enum lane lane, const struct frame *frame, uint8_t purpose,
    uint32_t subject);
void lanes_drop_head(struct lanes *lanes, enum lane lane);
/* Takes the next frame that may leave now, from any lane. False if there is none. A frame taken
 * counts as sent. */
bool lanes_take(struct lanes *lanes, uint64_t now_us, struct outgoing *outgoing);

bool lanes_are_empty(const struct lanes *lanes); /* no frame waits, though tasks may */
/* When the next task may run or frame may leave. UINT64_MAX: none is scheduled. */
uint64_t lanes_due_us(const struct lanes *lanes);
/* How long the lane's first task has been due, because other frames use the rates. 0: it is not. */
uint64_t lanes_late_us(const struct lanes *lanes, enum lane lane, uint64_t now_us);

/* The lane's next frame, or NULL. */
static inline const struct outgoing *
lanes_head(const struct lanes *lanes, enum lane lane)
{
	const struct ring *ring = &lanes->ring[lane];

	return ring->count > 0 ? &ring->slot[ring->first] : NULL;
}

/* The number of frames that the lane's ring still has room for. */
static inline uint32_t
lanes_room(const struct lanes *lanes, enum lane lane)
{
	return lanes->ring[lane].capacity - lanes->ring[lane].count;
}

#endif
