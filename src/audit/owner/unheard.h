/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A named director that was not heard may still be the owner, because its answers for its own
 * address may have been lost.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_UNHEARD_H
#define ARPAUDIT_AUDIT_OWNER_UNHEARD_H

#include "audit/facts/claims.h"

/* Whether the claimant may be a named director that was not heard. It is none of the known ones. */
bool owner_may_be_unheard_director(const struct facts *facts, uint32_t vip, uint32_t claimant);
bool owner_may_be_unheard(const struct facts *facts); /* a claimant of any VIP */

#endif
