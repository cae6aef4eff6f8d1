/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts an audit when its turn has come.
 */
#ifndef ARPAUDIT_RUN_START_H
#define ARPAUDIT_RUN_START_H

#include "arpaudit/run.h"

/* Creates the pair's audit. False, with the pair's error, if memory is short or the deadline of its
 * cluster is over. */
bool start_audit(struct run *run, struct run_pair *pair, uint64_t now_us);

#endif
