/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the plan of a watch again.
 *
 * The links stay: a watch has no privilege left to open others. The watches begin anew, but know
 * the owners that were heard.
 */
#ifndef ARPAUDIT_RUN_RELOAD_H
#define ARPAUDIT_RUN_RELOAD_H

#include "arpaudit/listen.h"

/* False, with the plan as it was: EXIT_USAGE if the plan is wrong or needs another interface, or
 * EXIT_CANNOT_RUN. */
bool reload(struct run *run, struct listening *listening, struct error *error);

#endif
