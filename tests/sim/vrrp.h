/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directors that are a virtual router (RFC 5798). Member 1 is the first master, member 2 the
 * backup.
 *
 * As with keepalived's use_vmac, the virtual router's MAC answers for the VIPs, and frames that the
 * master itself sends as a VIP have its own MAC. Without use_vmac, both have the master's own MAC.
 */
#ifndef ARPAUDIT_TESTS_VRRP_H
#define ARPAUDIT_TESTS_VRRP_H

#include "scenario.h"

/* Draws the virtual router. The directors must exist, and member 1 must hold the VIPs. */
void vrrp_draw_router(struct scenario *scenario, struct random *random);
/* Draws how the plan names directors that share a MAC: by addresses, by that MAC, by both, or not
 * at all. */
void vrrp_draw_names(struct scenario *scenario, struct random *random);
/* Draws who advertises when: one master, two masters, or a hand-over by priority 0, silence or
 * preemption. */
void vrrp_draw_masters(struct scenario *scenario, struct random *random);

/* Makes the node hold the VIPs as master, without announcements. */
void vrrp_hold(const struct scenario *scenario, struct node *node);
struct frame vrrp_advertisement(
    const struct scenario *scenario, const struct member *member, uint8_t priority);
/* Time until its next advertisement. */
uint64_t vrrp_interval_us(struct scenario *scenario);

#endif
