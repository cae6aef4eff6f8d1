/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pairs of a run that can still be audited.
 */
#ifndef ARPAUDIT_RUN_PAIRS_H
#define ARPAUDIT_RUN_PAIRS_H

#include "arpaudit/run.h"

/* Whether any pair has no error. If none is left: EXIT_CANNOT_RUN, with the first one's message. */
bool pairs_go_on(const struct run *run, struct error *error);

#endif
