/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Owners that may be the director, where nothing tells which of them is. None of them is accused: a
 * remedy for a real server would take the VIP from the director.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_UNDECIDED_H
#define ARPAUDIT_AUDIT_OWNER_UNDECIDED_H

#include "audit/facts/claims.h"

/* Whether the VIP's director is not known, and the owner may be it. Listed real servers are not,
 * unless any machine may own the VIP or they have a sign of being a director. A proxy may be it
 * only if it is the only owner. */
bool owner_is_undecided(const struct facts *facts, uint32_t vip, uint32_t claimant);
/* Whether that is so for a MAC that the host is known by. */
bool owner_is_undecided_host(const struct facts *facts, uint32_t vip, uint32_t host);
/* Whether several such owners cannot be told apart. */
bool owners_are_undecided(const struct facts *facts, uint32_t vip);

#endif
