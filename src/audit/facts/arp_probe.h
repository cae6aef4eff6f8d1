/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When an ARP Probe may be sent.
 *
 * A who-has with SPA 0.0.0.0 is an ARP Probe (RFC 5227, section 1.1). A host that is checking the
 * same address takes it for a conflict and gives the address up (section 2.1.1). So the audit sends
 * one only where no such host can hear it, or where that host has to give the address up anyway:
 *
 * - by unicast, to a machine that has answered for the address, or sends from it;
 * - by broadcast, if the address has answered an ARP Probe. Then whoever checks it is told so by
 *   the machine that has it. A proxy does not answer ARP Probes, so its answers are not enough.
 *
 * A machine that has fallen silent may be starting anew, and check its own address. So nothing is
 * asked by ARP Probes that did not answer the last question (fences.c), or, for a VIP, the last
 * rounds.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_ARP_PROBE_H
#define ARPAUDIT_AUDIT_FACTS_ARP_PROBE_H

#include "audit/facts/facts.h"

/* By broadcast, for a VIP and for a host's RIP. */
bool arp_probe_may_ask_vip(const struct facts *facts, uint32_t vip);
bool arp_probe_may_ask_rip(const struct facts *facts, uint32_t host);
/* By unicast to the host, for a VIP. */
bool arp_probe_may_ask_host(const struct facts *facts, uint32_t host, uint32_t vip);

#endif
