/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another audit of the same hosts, from another machine of the segment. It is as real as the
 * audited one, but nobody looks at its verdicts.
 */
#ifndef ARPAUDIT_TESTS_RIVAL_H
#define ARPAUDIT_TESTS_RIVAL_H

#include "arpaudit/audit.h"
#include "scenario.h"

struct rival {
	struct scenario *scenario;
	uint32_t port; /* 0: there is no rival */
	struct plan_cluster cluster;
	struct audit_segment segment;
	struct audit *audit;
	uint64_t heard;
};

/* The scenario's rival, if it has one. False if its audit can't start. */
bool rival_start(struct rival *rival, struct scenario *scenario);
void rival_free(struct rival *rival);
void rival_receive(struct rival *rival, const struct frame *frame);
/* Sends what is due, and returns when to be called again: UINT64_MAX once it is over. */
uint64_t rival_turn(struct rival *rival);

#endif
