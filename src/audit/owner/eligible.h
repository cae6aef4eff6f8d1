/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which claimants own the VIP, and which of them may be its director.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_ELIGIBLE_H
#define ARPAUDIT_AUDIT_OWNER_ELIGIBLE_H

#include "audit/facts/claims.h"

typedef bool owner_test(const struct facts *facts, const struct claimant *claimant);

uint32_t owner_count(const struct facts *facts, uint32_t vip);
/* Whether the claimant may be a director. If the user named directors, only those may. If nobody
 * may own the VIP, none may. Otherwise every claimant may, except a listed real server or a proxy
 * without a sign of being a director as well; and even those may if any machine may own the VIP. A
 * MAC that no machine has may not. */
bool owner_is_eligible(const struct facts *facts, const struct claimant *claimant);
/* Whether an owner of the VIP may be a director. */
bool owner_any_is_eligible(const struct facts *facts, uint32_t vip);
/* Neither a listed real server nor a proxy. */
bool owner_is_unlisted(const struct facts *facts, const struct claimant *claimant);
/* Whether its MAC shows that it is a virtual router with the VIP. A router that proxies ARP may
 * answer by the virtual MAC of its group, whatever address it is asked for. So one that answers for
 * several addresses has to advertise the VIP as well. */
bool owner_is_virtual_router(const struct facts *facts, const struct claimant *claimant);
/* Whether both MACs answer for the address of one director that the user named: by several cards on
 * the segment (ARP flux). A proxy for that address answers no ARP Probe. */
bool owner_are_cards(const struct facts *facts, const struct mac *a, const struct mac *b);
/* The only owner that passes both tests. NONE if none or several pass. The cards of a director are
 * one, and a MAC that no machine has is none. */
uint32_t owner_only(
    const struct facts *facts, uint32_t vip, owner_test *test, owner_test *other_test);

#endif
