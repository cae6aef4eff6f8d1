/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listens for VRRP advertisements for a little more than their default interval. While the master
 * of a virtual router is unknown, no host that may be the master is elicited.
 *
 * A new master is given a moment, until the former one knows of it. If its own MAC is not known
 * then, because it advertises with the virtual router's and is no host of the plan, it is asked for
 * its address. So what it sends with its own MAC is known to be the master's.
 */
#ifndef ARPAUDIT_AUDIT_ASK_MASTER_H
#define ARPAUDIT_AUDIT_ASK_MASTER_H

#include "audit/ask/ask.h"

bool ask_master_init(struct ask *ask);
void ask_master_free(struct ask *ask);
void ask_master_begin(struct ask *ask, uint64_t now_us);
struct news ask_master_run(struct ask *ask); /* NEWS_MASTERS_LISTENED */
/* The VIP has a new master, or the first one that is heard. */
void ask_master_changed(struct ask *ask, uint32_t vip, uint64_t now_us);
struct news ask_new_master_run(
    struct ask *ask, uint32_t vip, uint64_t now_us); /* NEWS_MASTER_SETTLED */

#endif
