/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attempts: packets that a holder of the VIP must answer, from a decoy or from the probe's own
 * address. A check decides which (facts/check.h).
 */
#ifndef ARPAUDIT_AUDIT_ASK_ATTEMPTS_H
#define ARPAUDIT_AUDIT_ASK_ATTEMPTS_H

#include "audit/ask/ask.h"

/* A host requests a decoy at 0, 1 and 2 s; with a margin. */
#define REPEATS_US UINT64_C(2200000)

/* The result of trying the host's next attempt. */
enum attempt_state {
	ATTEMPT_NONE = 0, /* no check wants an attempt */
	ATTEMPT_PUSHED,
	ATTEMPT_MOVED, /* its task moved to another lane */
	ATTEMPT_WAITS, /* for the decoys or the owner */
};

const struct attempt_out *ask_attempt_of(const struct ask *ask, uint32_t host);
/* The same, but out only once its packet has left. What is heard before that answers something
 * else. */
struct attempt_out ask_attempt_sent_to(const struct ask *ask, uint32_t host);
bool ask_attempt_is_wanted(const struct ask *ask, uint32_t host);
/* Pushes the next attempt from the host's cursor on. Sets NEWS_LEAK_RISKED if it may
 * provoke a leak. */
enum attempt_state ask_attempt_next(
    struct ask *ask, enum lane lane, uint32_t host, uint64_t now_us, struct news *news);
void ask_attempt_sent(struct ask *ask, uint32_t host, uint64_t now_us);
/* The host asks for the decoy of its attempt. Announces the decoy to that MAC, and waits for the
 * packet that the host has for it. */
void ask_attempt_announce(struct ask *ask, uint32_t host, const struct mac *mac, uint64_t now_us);
/* Ends the attempt under way, answered or not. */
void ask_attempt_end(struct ask *ask, uint32_t host);
/* Ends an answered attempt. The host continues at once. */
void ask_attempt_answered(struct ask *ask, uint32_t host, uint64_t now_us);
/* The decoy is in use. Attempts from it do not count, and no further packet leaves from it. */
void ask_attempts_void(struct ask *ask, uint32_t decoy, uint64_t now_us);
/* Nobody may be elicited any longer. Attempts whose packets have not left are taken back. */
void ask_attempts_recall(struct ask *ask, uint64_t now_us);
/* Nothing is asked any more. Attempts under way end. */
void ask_attempts_stop(struct ask *ask);
/* Until when a host may speak as a VIP because of an attempt; 0: there was none. */
uint64_t ask_attempts_provoked_until_us(const struct ask *ask);
/* Whether the packet's attempt has been given up. */
bool ask_attempt_is_void(const struct ask *ask, const struct outgoing *outgoing);
/* Whether the request is for the decoy of the host's attempt. If its SPA is the host's RIP, the
 * host itself sent it, whatever its MAC. */
bool ask_attempt_made_ask(const struct ask *ask, uint32_t host, const struct frame_arp *request);

#endif
