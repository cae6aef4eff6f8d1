/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/eligible.h"

#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/owner/signature.h"

uint32_t
owner_count(const struct facts *facts, uint32_t vip)
{
	uint32_t claimants, count = 0;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);

	for (uint32_t i = 0; i < claimants; i++)
		count += claimant_is_owner(&claimant[i]);
	return count;
}

bool
owner_is_unlisted(const struct facts *facts, const struct claimant *claimant)
{
	return !claimant_is_listed(facts, claimant) && !proxy_is(facts, &claimant->mac);
}

bool
owner_is_virtual_router(const struct facts *facts, const struct claimant *claimant)
{
	return mac_vrrp_vrid(&claimant->mac) != 0 &&
	       (claimant->vrrp ||
		   (!proxy_is(facts, &claimant->mac) &&
		       decoys_answered_by(facts, &claimant->mac, 1) < PROXY_ANSWERS_MIN));
}

bool
owner_is_eligible(const struct facts *facts, const struct claimant *claimant)
{
	if (!heard_may_be_machine(facts, &claimant->mac))
		return false;
	if (facts->cluster->director_count > 0)
		return claimant_is_named(facts, claimant);
	if (facts->cluster->owner != OWNER_DIRECTOR)
		return facts->cluster->owner == OWNER_ANY;
	return owner_is_unlisted(facts, claimant) || claimant->vrrp ||
	       owner_has_signature(facts, claimant);
}

bool
owner_any_is_eligible(const struct facts *facts, uint32_t vip)
{
	uint32_t claimants;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);

	for (uint32_t i = 0; i < claimants; i++)
		if (claimant_is_owner(&claimant[i]) && owner_is_eligible(facts, &claimant[i]))
			return true;
	return false;
}

bool
owner_are_cards(const struct facts *facts, const struct mac *a, const struct mac *b)
{
	const struct plan_cluster *cluster = facts->cluster;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct address *address = &cluster->directors[i].address;
		const uint32_t host = address_is_set(address) ? host_find(facts, address) : NONE;

		if (host != NONE && host_is_known_by(facts, host, a) &&
		    host_is_known_by(facts, host, b) && host_answers_probes_by(facts, host, a) &&
		    host_answers_probes_by(facts, host, b))
			return true;
	}
	return false;
}

uint32_t
owner_only(const struct facts *facts, uint32_t vip, owner_test *test, owner_test *other_test)
{
	uint32_t claimants, found = NONE;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);

	for (uint32_t i = 0; i < claimants; i++) {
		if (!claimant_is_owner(&claimant[i]) ||
		    !heard_may_be_machine(facts, &claimant[i].mac) || !test(facts, &claimant[i]) ||
		    (other_test != test && !other_test(facts, &claimant[i])))
			continue;
		if (found == NONE)
			found = i;
		else if (!owner_are_cards(facts, &claimant[found].mac, &claimant[i].mac))
			return NONE;
	}
	return found;
}
