/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Relayed claims: their Ethernet source differs from their SHA. A host claims a VIP for another
 * one, a bridge in front of a server rewrites its frames, or the switch answers for its hosts.
 *
 * A single such claim may be a damaged frame and accuses nobody. Repeated claims count against both
 * hosts, whatever their policy.
 */
#ifndef ARPAUDIT_TESTS_RELAY_H
#define ARPAUDIT_TESTS_RELAY_H

#include "scenario.h"

void relay_draw(struct scenario *scenario, struct random *random);
/* Repeated claims with the member's MAC, or sent by the member, may be held against it. */
void relay_accuse(struct scenario *scenario, uint32_t member);
/* Whether a broadcast who-has VIP, as an ARP probe (SPA 0.0.0.0) or not, reaches the hosts.
 * Otherwise the switch answers for them. */
bool relay_lets_through(const struct scenario *scenario, uint32_t vip, bool probe);
/* One relayed claim. */
struct frame relay_claim(struct scenario *scenario);

#endif
