/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Servers that are not what they were: their service has moved into containers behind them, another
 * machine has taken over their addresses, or the switch still answers for them with an older MAC.
 * And directors that can't be made to claim the VIP.
 *
 * These families came after the others. They have a random stream of their own, so that the seeds
 * of the others draw what they always drew.
 */
#ifndef ARPAUDIT_TESTS_CHANGES_H
#define ARPAUDIT_TESTS_CHANGES_H

#include "scenario.h"

/* One of these families for a few seeds, else `drawn`. */
enum family changes_draw_family(uint64_t seed, enum family drawn);
/* Draws what changed, if the scenario is of such a family; once all else is drawn. */
void changes_draw(struct scenario *scenario);
/* What is true of a member in view of these changes, if `truth` is true without them. */
enum truth changes_truth(
    const struct scenario *scenario, const struct member *member, uint32_t vip, enum truth truth);

#endif
