/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the engine may send, and what is due: a token bucket, a queue of tasks by time, and the
 * estimators of round trip and loss. All of them plain data; none allocates after its start.
 */
#ifndef ARPAUDIT_PACING_H
#define ARPAUDIT_PACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Token bucket, kept as the generic cell rate algorithm (ITU-T I.371) keeps it: one time, so there
 * is no rounding to drift. Over any span the frames taken never exceed rate × span + burst.
 */
struct bucket {
	uint64_t interval_ns;  /* of one frame; 0: unlimited */
	uint64_t tolerance_ns; /* how far the bucket may run ahead: (burst - 1) × interval */
	uint64_t arrival_ns;   /* theoretical arrival time of the next frame */
};

void bucket_init(struct bucket *bucket, uint32_t rate, uint32_t burst);
/* The time from which bucket_take() may be called; not after now_us when it may be now. */
uint64_t bucket_ready_us(const struct bucket *bucket);
void bucket_take(struct bucket *bucket, uint64_t now_us);

/* Tasks, numbered from 0, by the time at which they are due: an indexed binary heap. Equal times
 * come out in no particular order, but always in the same one. */
struct queue {
	uint32_t *heap;     /* task numbers */
	uint32_t *position; /* of each task in the heap, QUEUE_ABSENT when it is not queued */
	uint64_t *due_us;   /* of each task */
	uint32_t count, capacity;
};

#define QUEUE_ABSENT UINT32_MAX

bool queue_init(struct queue *queue, uint32_t capacity); /* false: out of memory */
void queue_free(struct queue *queue);
void queue_set(struct queue *queue, uint32_t task, uint64_t due_us); /* adds or moves */
void queue_remove(struct queue *queue, uint32_t task);               /* may be absent */
uint64_t queue_due_us(const struct queue *queue);                    /* UINT64_MAX when empty */
uint32_t queue_pop(struct queue *queue);                             /* not empty */

/* Round trip and retransmission timeout as in RFC 6298 section 2, with bounds made for a segment.
 */
struct round_trip {
	uint64_t smoothed_us, variation_us;
	bool sampled;
};

#define TIMEOUT_INITIAL_US 100000
#define TIMEOUT_MIN_US     20000
#define TIMEOUT_MAX_US     1000000

void round_trip_sample(struct round_trip *round_trip, uint64_t sample_us);
/* The timeout of the attempt'th transmission, from 0: doubled each time (section 5.5). */
uint64_t round_trip_timeout_us(const struct round_trip *round_trip, unsigned attempt);

/*
 * The loss of exchanges (a request and its reply) on a path, from fences: `answered` and `lost`
 * ones. The prior is uniform, Beta(1, 1): before any sample a loss of half of all exchanges is
 * expected, so few samples mean caution.
 */
struct loss {
	uint64_t answered, lost;
};

double loss_estimate(const struct loss *loss); /* the posterior's mean */
/* The chance that `count` further exchanges in a row are all lost: the posterior predictive,
 * E[P^count], which is larger than the mean to the power of count. 1 for count 0. */
double loss_all_lost(const struct loss *loss, uint32_t count);

#endif
