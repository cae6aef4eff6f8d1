/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is heard on the link of a segment, by the audits that run on it now.
 */
#ifndef ARPAUDIT_RUN_HEARING_H
#define ARPAUDIT_RUN_HEARING_H

#include "arpaudit/run.h"

struct hearing {
	const struct run *run;
	struct run_segment *segment;
	struct run_pair *pair[RUN_INTERFACE_MAX]; /* those that hear */
	size_t count;
	uint64_t statistics_us, statistics_due_us; /* last and next poll */
	bool all_read;                             /* no captured frame was left at the last look */
};

void hearing_begin(struct hearing *hearing, const struct run *run, struct run_segment *segment);

/* Adds a pair whose audit has begun. What was captured while nobody heard it is discarded. */
void hearing_add(struct hearing *hearing, struct run_pair *pair);
void hearing_remove(struct hearing *hearing, const struct run_pair *pair);

/* Polls the kernel's counters. Drops void the silences since the last poll. EXIT_CANNOT_RUN if that
 * fails. */
bool hearing_watch(struct hearing *hearing, uint64_t now_us, struct error *error);

/* Gives the audits the captured frames, but not endlessly many. EXIT_CANNOT_RUN if the link
 * fails. */
bool hearing_receive(struct hearing *hearing, struct error *error);

/* Returns the frame's number in the evidence, or 0 if it was not written. */
uint64_t hearing_keep(const struct run *run, const struct capture *capture);

#endif
