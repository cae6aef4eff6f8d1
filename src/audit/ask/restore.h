/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doing no harm: restores the segment's ARP caches to the owner.
 *
 * A host that requests a decoy with the VIP as SPA claims the VIP in the cache of every bystander.
 * The probe answers for the decoy at once, which prevents the two repeats. Then it elicits the
 * owner from a decoy that stays unanswered, so the owner broadcasts as the VIP at 0, 1 and 2 s.
 * Linux accepts no other MAC for an entry within `locktime` (1 s) of its last change
 * (arp_process()), so only a later broadcast restores it.
 *
 * If frames get lost, that takes several broadcasts, and not all leaks and repeats are heard. The
 * owner is then elicited by several packets in a row, each from a decoy of its own. One restoration
 * is for all leaks of a VIP: it begins anew with each of them, but waits for none that is over.
 *
 * A mere reply for the VIP reaches only the probe, whose kernel may have an entry for the VIP as
 * well. A unicast question to the owner, after the same time, corrects it.
 *
 * What else could make a bystander keep the wrong MAC: it missed the owner's claim (repeated until
 * that is unlikely), its locktime is longer than the default, or its entry is static. Nothing
 * excludes the last two.
 *
 * How the owner is made to claim the VIP: provoke.h. That it can be is shown before anybody is
 * elicited (rehearsal.h), unless there was no owner then.
 */
#ifndef ARPAUDIT_AUDIT_ASK_RESTORE_H
#define ARPAUDIT_AUDIT_ASK_RESTORE_H

#include "audit/ask/ask.h"

/* The time that a restoration takes where nothing is lost: two broadcasts of the owner, more than
 * locktime after the leak and after each other, and a margin. */
#define RESTORE_US UINT64_C(2500000)

bool ask_restore_init(struct ask *ask);
void ask_restore_free(struct ask *ask);
void ask_restore_run(struct ask *ask, uint32_t vip, uint64_t now_us);
/* A packet leaves that may provoke a leak. */
void ask_restore_risk(struct ask *ask, uint32_t vip);
/* An ARP frame with SPA = VIP was heard; an IP packet from a VIP. */
void ask_restore_hear(struct ask *ask, const struct heard *heard);
void ask_restore_hear_packet(struct ask *ask, const struct heard *heard);
/* `mac` told the probe that it has the VIP. This matters if it is not the owner's. */
void ask_restore_hear_reply(struct ask *ask, uint32_t vip, const struct mac *mac, uint64_t now_us);
/* The owners may have changed. One that appears after the leak is restored then. */
void ask_restore_consider(struct ask *ask);
bool ask_restore_is_pending(const struct ask *ask, uint32_t vip);
/* Whether a leak waits for an owner to appear. */
bool ask_restore_is_ownerless(const struct ask *ask, uint32_t vip);

#endif
