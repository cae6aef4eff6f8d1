/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Did a director take the VIP over when hardly any question was left to be asked?
 *
 * A director that becomes master announces the VIP. If it then answers who-has VIP, it is an owner,
 * and owner/handover.h tells a hand-over from two owners. If it was not asked since, or its answers
 * were lost, nothing tells its claim from a standby's that has no right to it. It is no violation
 * then.
 *
 * What else could cause the claim, and what excludes it:
 *
 * - A standby that claims the VIP while another machine owns it. The owner claims the VIP again
 *   when it is asked. A claim by a machine that can't be the director does not count as that.
 * - A standby that claims the VIP while nobody owns it. It leaves the questions unanswered, until
 *   the losses of the segment, and of its own link, explain that no more.
 * - A standby that claims the VIP before another machine owns it. It looks like a former owner
 *   whose answers were lost, and is not accused either.
 * - A listed real server. Only one that may be the director is believed: one that the user named,
 *   or, if nobody is named, one that advertises the VIP or is not listed.
 *
 * So further rounds of who-has VIP follow such a claim, if none were to follow anyway.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_TAKEOVER_H
#define ARPAUDIT_AUDIT_OWNER_TAKEOVER_H

#include "audit/facts/claims.h"

/* Whether the claimant may have taken the VIP over, and was not asked often enough to tell. */
bool takeover_is_possible(const struct facts *facts, uint32_t vip, uint32_t claimant);
/* Whether that is so of any claimant of the VIP, and of all the claims of the host. */
bool takeover_is_possible_of_any(const struct facts *facts, uint32_t vip);
bool takeover_is_possible_of_host(const struct facts *facts, uint32_t vip, uint32_t host);
/* Whether another round of who-has VIP may tell. */
bool takeover_needs_round(const struct facts *facts);

#endif
