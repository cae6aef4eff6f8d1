/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claimants that may be the director without proof. Such a claimant is no certain violation.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_DOUBT_H
#define ARPAUDIT_AUDIT_OWNER_DOUBT_H

#include "audit/facts/claims.h"

/* The sole owner has a VRRP MAC, and the user named directors only by address. keepalived with
 * use_vmac looks like this until an advertisement names the master. */
bool owner_may_be_director(const struct facts *facts, uint32_t vip, uint32_t claimant);
/* The claimant may be the director: an owner for that reason, as one of several owners in a
 * possible hand-over, or because nothing tells which owner is the director; any claimant as a named
 * director whose own address was not heard, as one that announced the VIP in the end
 * (takeover.h), or as the network that answers for all hosts. */
bool owner_is_in_doubt(const struct facts *facts, uint32_t vip, uint32_t claimant);
/* The host is a named director, and its claim found no place: too many others claim the VIP. */
bool owner_is_crowded_out(const struct facts *facts, uint32_t vip, uint32_t host);

#endif
