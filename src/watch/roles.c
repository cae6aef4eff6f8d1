/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/roles.h"

#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "watch/inside.h"
#include "watch/sightings.h"

/* Whether the MAC is one of the machine that has the address. */
static bool
is_mac_of(const struct facts *facts, const struct address *address, const struct mac *mac)
{
	const uint32_t host = address_is_set(address) ? host_find(facts, address) : NONE;

	return host != NONE && sighting_is_own(facts, host, mac);
}

static bool
is_master(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(facts, vip);

	return router->vrid != 0 && (mac_vrrp_vrid(&claimant->mac) == router->vrid ||
					mac_equal(&router->mac, &claimant->mac) ||
					address_equal(&claimant->ip, &router->master) ||
					is_mac_of(facts, &router->master, &claimant->mac));
}

/* Whether the claimant is the machine that advertised with that address. */
static bool
is_machine_of(
    const struct facts *facts, const struct address *address, const struct claimant *claimant)
{
	return address_is_set(address) &&
	       (address_equal(&claimant->ip, address) || is_mac_of(facts, address, &claimant->mac));
}

/* Of the masters before, the last ones are remembered, and all that advertised from the MAC of the
 * claim. */
static bool
is_former_master(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(&watch->facts, vip);
	const struct turns *turns = &watch->vip[vip].masters;

	if (claimant->vrrp || is_machine_of(&watch->facts, &router->former, claimant) ||
	    (address_is_set(&router->former) && mac_equal(&router->former_mac, &claimant->mac)))
		return true;
	for (uint32_t i = 0; i < TURNS_KEPT && i < turns->count; i++)
		if (is_machine_of(&watch->facts, &turns->turn[i].from.ip, claimant))
			return true;
	return false;
}

/* The role of one that advertised the VIP before. Its claims may cross the first advertisement of
 * its successor, and it may take the VIP over again. */
static enum claimant_role
role_of_former_master(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(&watch->facts, vip);
	const uint64_t at_us = claimant->last_claim_us;

	if (at_us < router->since_us + ROUTER_CROSSING_US)
		return CLAIMANT_MASTER;
	return vacancy_was(&watch->vip[vip].vacancies, router, at_us) ? CLAIMANT_MAYBE_MASTER
								      : CLAIMANT_FORMER_MASTER;
}

/* A virtual router owns the VIP, but no advertisement tells its master. */
static bool
master_is_unheard(const struct facts *facts, uint32_t vip)
{
	uint32_t count;
	const struct claimant *claimant = claims_of(facts, vip, &count);

	if (router_of(facts, vip)->vrid != 0)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (mac_vrrp_vrid(&claimant[i].mac) != 0)
			return true;
	return false;
}

static bool
has_own_mac(const struct facts *facts, uint32_t host)
{
	for (size_t i = 0; i < host_of(facts, host)->mac_count; i++)
		if (sighting_is_own(facts, host, &host_of(facts, host)->mac[i]))
			return true;
	return false;
}

/* A director that was named by its address, and of which no MAC is known. */
static bool
director_is_unheard(const struct facts *facts)
{
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (host_of(facts, host)->director && !has_own_mac(facts, host))
			return true;
	return false;
}

/* Whether a master advertised the VIP then, from another machine. With the virtual router's MAC
 * alone, any machine may be the master. */
static bool
had_other_master(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(&watch->facts, vip);

	return !mac_equal(&router->mac, &mac_zero) &&
	       !vacancy_was(&watch->vip[vip].vacancies, router, claimant->last_claim_us);
}

/* No director is named. A machine that claims the VIP beside an advertising master is none, unless
 * it advertises in its turn: such claims are held until then. */
static enum claimant_role
role_beside_master(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const bool may_own = watch->facts.cluster->owner == OWNER_ANY &&
			     sighting_find_server(&watch->facts, &claimant->mac) != NONE;

	if (router_of(&watch->facts, vip)->vrid == 0)
		return CLAIMANT_DIRECTOR;
	return !may_own && mac_vrrp_vrid(&claimant->mac) == 0 &&
		       had_other_master(watch, vip, claimant)
		   ? CLAIMANT_STRANGER
		   : CLAIMANT_MAYBE_MASTER;
}

static enum claimant_role
role_of_unlisted(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const struct facts *facts = &watch->facts;

	if (facts->cluster->owner == OWNER_NONE)
		return CLAIMANT_STRANGER;
	if (facts->cluster->director_count == 0)
		return role_beside_master(watch, vip, claimant);
	if (director_is_unheard(facts))
		return CLAIMANT_MAYBE_NAMED;
	return mac_vrrp_vrid(&claimant->mac) != 0 ? CLAIMANT_MAYBE_MASTER : CLAIMANT_STRANGER;
}

enum claimant_role
role_of_claimant(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	const struct facts *facts = &watch->facts;
	const bool any = facts->cluster->owner == OWNER_ANY;

	/* A MAC that no machine has is no director's. */
	if (mac_is_multicast(&claimant->mac) || mac_equal(&claimant->mac, &mac_zero))
		return CLAIMANT_STRANGER;
	if (facts->cluster->owner != OWNER_NONE) {
		if (is_master(facts, vip, claimant))
			return facts->cluster->director_count == 0 ||
				       claimant_is_named(facts, claimant)
				   ? CLAIMANT_MASTER
				   : CLAIMANT_MAYBE_MASTER;
		if (is_former_master(watch, vip, claimant))
			return role_of_former_master(watch, vip, claimant);
		if (claimant_is_named(facts, claimant))
			return CLAIMANT_DIRECTOR;
		if (master_is_unheard(facts, vip) && mac_vrrp_vrid(&claimant->mac) == 0)
			return CLAIMANT_MAYBE_MASTER;
	}
	if (!any && sighting_find_server(facts, &claimant->mac) != NONE)
		return CLAIMANT_SERVER;
	return role_of_unlisted(watch, vip, claimant);
}

bool
claimant_is_master_now(const struct watch *watch, uint32_t vip, const struct claimant *claimant)
{
	return is_master(&watch->facts, vip, claimant);
}

uint32_t
claimant_claims(const struct claimant *claimant)
{
	return claimant_replies(claimant) + claimant_requests(claimant);
}

bool
claimant_is_doubtful(const struct claimant *claimant)
{
	return !claimant->certain ||
	       (claimant_claims(claimant) == 1 && claimant->relayed.frame != NULL);
}
