/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doing no harm: shows that the owner of a VIP can be made to claim it by broadcast, before any
 * other host is elicited.
 *
 * A host that is elicited may speak as the VIP, and then only a broadcast of the owner brings the
 * bystanders' caches back (restore.h). Some owners can't be made to broadcast: a BSD drops an ARP
 * Probe with a broadcast SHA, and a switch with ARP inspection may drop it on the way. So both ways
 * are tried with the owner first. If it is not heard to broadcast by either, nobody is elicited.
 *
 * The claim is the rightful owner's, and leaves the caches as they are. If another machine turns
 * out to be the owner later, the rehearsed claim was a leak, which is restored (restore.c).
 *
 * What else could make the probe hear it, and the bystanders not: they missed it, and would miss
 * the restoration less likely, since that is repeated until all have most likely heard it.
 */
#ifndef ARPAUDIT_AUDIT_ASK_REHEARSAL_H
#define ARPAUDIT_AUDIT_ASK_REHEARSAL_H

#include "audit/ask/ask.h"

bool ask_rehearsals_init(struct ask *ask);
void ask_rehearsals_free(struct ask *ask);
/* A host is to be elicited for the VIP. Begins the rehearsal, unless it is under way. */
void ask_rehearsal_want(struct ask *ask, uint32_t vip, uint64_t now_us);
/* The same for a SYN that a director forwards: a server that is not known, or does not know the
 * probe, may leak to answer it. Whether nothing more is to be waited for. */
bool ask_rehearsal_is_over(struct ask *ask, uint32_t vip, uint64_t now_us);
/* NEWS_REHEARSED when it is over. */
struct news ask_rehearsal_run(struct ask *ask, uint32_t vip, uint64_t now_us);
/* A packet to the owner leaves. */
void ask_rehearsal_sent(struct ask *ask, uint32_t vip, uint64_t now_us);
/* An ARP frame with SPA = VIP. */
struct news ask_rehearsal_hear(struct ask *ask, const struct heard *heard);
/* Captures were lost, and maybe a claim with them. What was not heard may be tried again. */
void ask_rehearsals_void(struct ask *ask);

#endif
