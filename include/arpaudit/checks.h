/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arpaudit's checks, in the table that audit_new() takes.
 */
#ifndef ARPAUDIT_CHECKS_H
#define ARPAUDIT_CHECKS_H

#include "arpaudit/audit.h"

extern const struct check_table check_table;

/* The title of a check in the table; NULL: there is none of that name. */
const struct check_title *check_title_find(const char *name);
/* Whether a plan can skip a check of that name: one of hosts, or gateway. */
bool check_can_be_skipped(const char *name);

#endif
