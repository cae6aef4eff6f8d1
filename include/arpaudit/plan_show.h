/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints a plan as it was understood: `--check-plan`.
 */
#ifndef ARPAUDIT_PLAN_SHOW_H
#define ARPAUDIT_PLAN_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "arpaudit/plan.h"

/* For people. False with errno set if the stream fails. */
bool plan_show_text(const struct plan *plan, FILE *stream);
/* For programs: "arpaudit-plan/1", as arpaudit(8) describes it. */
bool plan_show_json(const struct plan *plan, FILE *stream);

#endif
