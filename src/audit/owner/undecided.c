/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/undecided.h"

#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/owner/director.h"
#include "audit/owner/eligible.h"
#include "audit/owner/signature.h"

static bool
is_lone_proxy(const struct facts *facts, uint32_t vip, const struct claimant *owner)
{
	return facts->cluster->owner != OWNER_NONE && proxy_is(facts, &owner->mac) &&
	       !claimant_is_listed(facts, owner) && owner_count(facts, vip) == 1;
}

/* A range of real servers may hold the director, or another VIP that it answers for. One that
 * accepts all connections itself is a real server after all. Once an owner answers from outside of
 * the ranges, nobody in them need be the director. */
static bool
is_of_range(const struct facts *facts, uint32_t vip, const struct claimant *owner)
{
	return facts->cluster->owner == OWNER_DIRECTOR && claimant_is_ranged(facts, owner) &&
	       (owner->signature.accepted == 0 || !owner_has_no_signature(facts, owner)) &&
	       !owner_any_is_eligible(facts, vip);
}

bool
owner_is_undecided(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = claimant_of(facts, vip, claimant);

	return facts->cluster->director_count == 0 && claimant_is_owner(owner) &&
	       (owner_is_eligible(facts, owner) || is_lone_proxy(facts, vip, owner) ||
		   is_of_range(facts, vip, owner)) &&
	       owner_director(facts, vip, NULL) == NONE;
}

bool
owner_is_undecided_host(const struct facts *facts, uint32_t vip, uint32_t host)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (host_is_known_by(facts, host, &claimant_of(facts, vip, i)->mac) &&
		    owner_is_undecided(facts, vip, i))
			return true;
	return false;
}

bool
owners_are_undecided(const struct facts *facts, uint32_t vip)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		count += owner_is_undecided(facts, vip, i);
	return count > 1;
}
