/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rounds: a train of who-has VIP and the fence behind it.
 */
#ifndef ARPAUDIT_AUDIT_ASK_FENCES_H
#define ARPAUDIT_AUDIT_ASK_FENCES_H

#include "audit/ask/ask.h"

/* The most probes before one fence. It holds those of all checks for one VIP; if that leaves room,
 * for further VIPs too. */
uint32_t ask_train_most(const struct check *const *checks);

/* Pushes the host's train, for as many VIPs from its cursor on as fit. Returns the number of
 * probes. */
uint32_t ask_train_push(struct ask *ask, uint32_t host);
/* Pushes the fence, a who-has RIP, behind the probes on the same path. */
void ask_fence_push(struct ask *ask, uint32_t host, enum path path);
void ask_fence_sent(struct ask *ask, uint32_t host, uint64_t now_us);
/* Ends the fence under way, if any, as unanswered. */
void ask_fence_timed_out(struct ask *ask, uint32_t host, uint64_t now_us);
/* Takes a reply for the RIP, from the machine that first answered this kind of SPA. If it answers
 * the fence: NEWS_FENCE_ANSWERED, and ask_fence_go_on() must follow. NEWS_BROADCAST_LOST if a
 * broadcast fence was missed before. */
struct news ask_fence_hear(struct ask *ask, uint32_t host, const struct heard *reply);
void ask_fence_go_on(struct ask *ask, uint32_t host, uint64_t now_us);

#endif
