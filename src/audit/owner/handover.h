/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Was the VIP handed over during the audit? Owner A, then a claim or the first answer of B, then
 * only B: the VIP has one owner at any time, which is no fault.
 *
 * Two owners at once must never pass for a hand-over. So the claims of any two possible directors,
 * of whatever kind, must lie in separate spans of time: A, B, A remains two owners for good. So do
 * A and B that answer the same question, even if one of them is silent after that, because it
 * limits its ARP replies. (A claimant that can't be the director, like a leaking real server, is at
 * fault in any case.)
 *
 * B must have announced itself, by gratuitous ARP or VRRP, as every fail-over program does. If B
 * only answers, a hand-over is possible but not proved.
 *
 * In addition, A's silence must be more than chance. The engine asks A again (ask/handover.c), by
 * broadcast and by unicast. Its silence on both paths has a bound like that of a host in vip-reply,
 * with the same --confidence. The bound assumes that A's link is no worse than the segment, and
 * that losses are independent. Both may be wrong. So the engine asks a minimum number of questions
 * over a second, even if the bound needs fewer.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_HANDOVER_H
#define ARPAUDIT_AUDIT_OWNER_HANDOVER_H

#include "audit/facts/claims.h"

#define HANDOVER_BROADCASTS 4 /* minimum number of silences */
#define HANDOVER_UNICASTS   8

/* Whether the times of its claims allow that the claimant handed the VIP over. */
bool handover_is_candidate(const struct facts *facts, uint32_t vip, uint32_t index);
/* The next owner after a former one, or NONE. */
uint32_t handover_successor(const struct facts *facts, uint32_t vip, uint32_t former);
/* Whether the owner was asked the minimum number of times without an answer. */
bool handover_is_asked(const struct claimant *owner);
/* Whether that owner announced itself before it answered. Only then can the hand-over be proved. */
bool handover_is_announced(const struct facts *facts, uint32_t vip, uint32_t former);
/* Whether the candidate has been silent for long enough, and its successor announced itself and
 * has answered since `since_us`. */
bool handover_is_silent(const struct facts *facts, uint32_t vip, uint32_t index, uint64_t since_us);
/* The chance that loss explains the former owner's silence. */
double handover_bound(const struct facts *facts, const struct claimant *former);
/* Whether the claims look like a hand-over that is not proved with the requested confidence. */
bool handover_possible(const struct facts *facts, uint32_t vip);
/* The same of those owners that may be directors, whoever else answers. */
bool handover_possible_of_directors(const struct facts *facts, uint32_t vip);
/* Whether in addition the host is one of the two owners. */
bool handover_possible_of(const struct facts *facts, uint32_t vip, uint32_t host);

#endif
