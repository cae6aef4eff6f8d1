/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/doubt.h"

#include "audit/facts/proxies.h"
#include "audit/owner/director.h"
#include "audit/owner/eligible.h"
#include "audit/owner/handover.h"
#include "audit/owner/takeover.h"
#include "audit/owner/undecided.h"
#include "audit/owner/unheard.h"

bool
owner_may_be_director(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct plan_cluster *cluster = facts->cluster;
	const struct claimant *owner = claimant_of(facts, vip, claimant);

	for (size_t i = 0; i < cluster->director_count; i++)
		if (!address_is_set(&cluster->directors[i].address))
			return false;
	return cluster->director_count > 0 && owner_count(facts, vip) == 1 &&
	       owner_director(facts, vip, NULL) == NONE && mac_vrrp_vrid(&owner->mac) != 0 &&
	       !owner->vrrp;
}

bool
owner_is_in_doubt(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = claimant_of(facts, vip, claimant);
	const bool unheard = owner_may_be_unheard_director(facts, vip, claimant);

	/* A network that answers for every address answers for the director too. */
	if (proxy_is_network(facts, &owner->mac))
		return true;
	/* If another director owns the VIP, the claimant is at fault even if it is a director. */
	if (unheard && owner_director(facts, vip, NULL) == NONE)
		return true;
	if (!claimant_is_owner(owner))
		return takeover_is_possible(facts, vip, claimant);
	if (owner_is_undecided(facts, vip, claimant))
		return true;
	return owner_count(facts, vip) == 1 ? owner_may_be_director(facts, vip, claimant)
					    : handover_possible_of_directors(facts, vip) &&
						  (owner_is_eligible(facts, owner) || unheard);
}

bool
owner_is_crowded_out(const struct facts *facts, uint32_t vip, uint32_t host)
{
	if (!host_of(facts, host)->director || claims_lost(facts, vip) == 0)
		return false;
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (host_is_known_by(facts, host, &claimant_of(facts, vip, i)->mac))
			return false;
	return true;
}
