/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exchanges frames between a segment's link and one of its audits. Nothing here blocks.
 */
#ifndef ARPAUDIT_RUN_EXCHANGE_H
#define ARPAUDIT_RUN_EXCHANGE_H

#include "hearing.h"

struct exchange {
	const struct run *run;
	struct run_pair *pair;
	struct frame unsent; /* taken from the audit, but the queue was full */
	bool has_unsent;
	uint64_t retry_us; /* when to try that again */
	uint64_t busy_us;  /* since when it has been unsent */
	/* When the link first failed; 0: it has not. The pair has the error then, and the auditing
	 * is over, but an owner that has to be restored is waited for until the link is back. */
	uint64_t failed_us;
	bool started; /* the audit has had its turn to begin */
	bool over;    /* the audit has finished, with no frame lost at the end; or failed */
};

void exchange_begin(struct exchange *exchange, const struct run *run, struct run_pair *pair);

/* Sees whether the audit is over, as far as `hearing` goes. If not, sends due frames for up
 * to `limit_us`, at least one. EXIT_CANNOT_RUN if the link fails. */
bool exchange_act(
    struct exchange *exchange, struct hearing *hearing, uint64_t limit_us, struct error *error);

/* The time to act again if no frame arrives. */
uint64_t exchange_wakeup_us(const struct exchange *exchange, uint64_t now_us);

#endif
