/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A progress line on standard error, for runs longer than a second, updated ten times a second:
 * what is waited for, the time left where it is known, and the hosts. It fits 80 columns.
 */
#ifndef ARPAUDIT_RUN_PROGRESS_H
#define ARPAUDIT_RUN_PROGRESS_H

#include "arpaudit/run.h"

struct progress {
	uint64_t due_us;
	bool shown;
};

void progress_begin(struct progress *progress, const struct run *run);
/* Rewrites the line if the run wants one and it is due. */
void progress_show(struct progress *progress, const struct run *run, uint64_t now_us);
/* Removes the line. */
void progress_end(struct progress *progress);

#endif
