/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inquiry into a hand-over (owner/handover.h). When a claimant appears on a VIP that has an
 * owner, the engine asks all claimants again, in rounds, by broadcast and by unicast. Meanwhile the
 * hosts wait. So the successor's answers to the same questions measure the loss.
 *
 * Claimants that keep coming and going get only a few inquiries.
 */
#ifndef ARPAUDIT_AUDIT_ASK_HANDOVER_H
#define ARPAUDIT_AUDIT_ASK_HANDOVER_H

#include "audit/ask/ask.h"

bool ask_handover_init(struct ask *ask);
void ask_handover_free(struct ask *ask);
/* A claimant claimed or answered for the first time. Starts an inquiry if one is called for. */
void ask_handover_consider(struct ask *ask, uint32_t vip, uint64_t now_us);
struct news ask_handover_run(struct ask *ask, enum lane lane, uint32_t vip, uint64_t now_us);
/* More is known about the claimants. A claimant that counted as a former owner may no longer
 * qualify. */
void ask_handover_review(struct ask *ask, uint32_t vip);
/* Lost captures: all silences are void. */
struct news ask_handover_void(struct ask *ask, uint64_t now_us);

#endif
