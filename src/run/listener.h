/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audits that run on a segment now.
 *
 * A turn of a listener reads what has come and lets each audit act on it. If an audit waited until
 * all segments had been read, its answers would look later than they were, and might count as lost.
 */
#ifndef ARPAUDIT_RUN_LISTENER_H
#define ARPAUDIT_RUN_LISTENER_H

#include "exchange.h"

struct listener {
	struct hearing hearing;
	struct exchange *active[RUN_INTERFACE_MAX];
	size_t count;
	size_t turns; /* which of them goes first; a rate is not used up by always the same one */
	uint64_t wakeup_us; /* the time of the next turn if no frame arrives */
};

void listener_begin(struct listener *listener, const struct run *run, struct run_segment *segment);

/* Adds an audit, which has begun. */
void listener_add(struct listener *listener, struct exchange *exchange);

/* Reads, and lets each audit send for `limit_us`. The audits that are over leave the listener. A
 * failure of the link ends them, and is their pairs' error. One that has to restore an owner waits
 * up to 10 seconds for the link to come back. */
void listener_turn(struct listener *listener, uint64_t limit_us);

#endif
