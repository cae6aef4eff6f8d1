/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether all owners have been heard. A further owner outside the plan is asked only by broadcast,
 * and no fence shows that it received the question. So the confidence depends on the number of
 * broadcast rounds of who-has VIP and on the segment's loss.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_ROUNDS_H
#define ARPAUDIT_AUDIT_OWNER_ROUNDS_H

#include "audit/facts/claims.h"

uint32_t owner_rounds(const struct facts *facts); /* rounds whose silences count */
/* The chance that all answers of a further owner were lost. */
double owner_bound(const struct facts *facts);
/* The rounds, from the first on, after which that chance is within --confidence; all, if it is not.
 */
uint32_t owner_rounds_needed(const struct facts *facts);
bool owners_are_sure(const struct facts *facts); /* that chance is within --confidence */
/* If not: whether further rounds, up to `rounds` in all, would make it so. */
bool owners_may_be_surer(const struct facts *facts, uint32_t rounds);
/* Whether the MAC has answered less than half of the questions that came by broadcast, those for
 * any VIP: it limits its replies, or its link loses most of them. */
bool owner_limits_replies(const struct facts *facts, const struct mac *mac);
/* Whether a director that was heard, by its own address or for another VIP, would have been heard
 * to answer for each VIP: its link may lose more than the segment, or it limits its replies. */
bool owners_known_are_sure(const struct facts *facts);

#endif
