/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many ARP frames the audit makes a host send. A switch may limit them, and shuts a port above
 * the limit.
 *
 * Counted are the ARP frames that the probe sees a MAC send to the probe (replies, and checks of
 * its entry), for the probe's address or for a decoy. Not counted are frames that were lost on
 * their way to the probe, those that the host sends of its own accord, and those for other audits.
 * A second is ten slots of 100 ms: the peak may be a little too low, and is never too high.
 *
 * The table is as large as the plan. If it is full, a MAC that has sent nothing for a second makes
 * room for another; if there is none, the other is not counted.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_ARP_LOAD_H
#define ARPAUDIT_AUDIT_FACTS_ARP_LOAD_H

#include "audit/facts/heard.h"

struct arp_load;

struct arp_load *arp_load_new(const struct facts *facts); /* NULL: out of memory */
void arp_load_free(struct arp_load *load);
void arp_load_hear(struct arp_load *load, const struct facts *facts, const struct heard *heard);
/* The most frames of any one MAC in any one second. */
uint32_t arp_load_peak(const struct arp_load *load);

#endif
