/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/undecided.h"

#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/owner/director.h"
#include "audit/owner/eligible.h"

static bool
is_lone_proxy(const struct facts *facts, uint32_t vip, const struct claimant *owner)
{
	return facts->cluster->owner != OWNER_NONE && proxy_is(facts, &owner->mac) &&
	       !claimant_is_listed(facts, owner) && owner_count(facts, vip) == 1;
}

bool
owner_is_undecided(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = claimant_of(facts, vip, claimant);

	return facts->cluster->director_count == 0 && claimant_is_owner(owner) &&
	       (owner_is_eligible(facts, owner) || is_lone_proxy(facts, vip, owner)) &&
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
