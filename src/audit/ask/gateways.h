/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends packets for each VIP by way of each gateway: see facts/gateways.h.
 *
 * A gateway is asked for its MAC at once. Its packets wait until every host has the probe in its
 * cache, since a server that must first resolve the probe could claim the VIP by that; until it is
 * known who the director is; and until a claim that the audit provoked is undone, since that leads
 * routers astray, too.
 */
#ifndef ARPAUDIT_AUDIT_ASK_GATEWAYS_H
#define ARPAUDIT_AUDIT_ASK_GATEWAYS_H

#include "audit/ask/ask.h"

void ask_gateways_begin(struct ask *ask, uint64_t now_us);
/* `index` is a gateway, or behind all of these the crossing gateway × VIPs + VIP. NEWS_LEAK_RISKED:
 * whoever gets the packet may speak as the VIP. */
struct news ask_gateways_run(struct ask *ask, uint32_t index, uint64_t now_us);
void ask_gateways_hear(struct ask *ask, const struct heard *heard);

#endif
