/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pairs of a run share a segment.
 */
#ifndef ARPAUDIT_RUN_SEGMENTS_H
#define ARPAUDIT_RUN_SEGMENTS_H

#include "arpaudit/run.h"

/* Puts a pair whose interface is known on its segment. `run->segments` has room for it. */
void segments_join(struct run *run, struct run_pair *pair);

/* Opens the links. The pairs of a segment whose link can't be opened get the error. */
void segments_open(struct run *run);

void segments_close(struct run *run);

#endif
