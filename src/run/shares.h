/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the audits on one interface have of its rates.
 */
#ifndef ARPAUDIT_RUN_SHARES_H
#define ARPAUDIT_RUN_SHARES_H

#include "arpaudit/run.h"

/* Makes the rates of each interface: the lowest that any of its clusters asks for. False if memory
 * is short. */
bool shares_begin(struct run *run);

/* The rates that the pair's audit shares; NULL if it is alone on its interface. */
struct rates *shares_rates(const struct run *run, const struct run_pair *pair);

#endif
