/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exchanges frames between a link and its audit. Nothing here blocks.
 */
#ifndef ARPAUDIT_RUN_EXCHANGE_H
#define ARPAUDIT_RUN_EXCHANGE_H

#include "arpaudit/run.h"

struct exchange {
	const struct run *run;
	struct run_pair *pair;
	uint64_t statistics_us, statistics_due_us; /* last and next poll */
	struct frame unsent; /* taken from the audit, but the queue was full */
	bool has_unsent;
	bool all_read; /* no captured frame was left at the last look */
	bool over;     /* the audit has finished, with no frame lost at the end */
};

void exchange_begin(struct exchange *exchange, const struct run *run, struct run_pair *pair);

/* Polls for drops if due, and notes whether the audit is over. If not, sends due frames for up to
 * `limit_us`, at least one. EXIT_CANNOT_RUN if the link fails. */
bool exchange_act(struct exchange *exchange, uint64_t limit_us, struct error *error);

/* Gives the audit the captured frames, but not endlessly many. EXIT_CANNOT_RUN if the link
 * fails. */
bool exchange_receive(struct exchange *exchange, struct error *error);

/* The time to act again if no frame arrives. */
uint64_t exchange_wakeup_us(const struct exchange *exchange, uint64_t now_us);

#endif
