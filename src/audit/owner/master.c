/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/master.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/facts/routers.h"
#include "audit/owner/eligible.h"

/* broadcast questions needed to see that one MAC answers them twice */
#define QUESTIONS_MIN 4
/* A single answer in excess may be a duplicate frame. */
#define SURPLUS_MIN 2

const struct claimant *
master_owner(const struct facts *facts, uint32_t vip)
{
	uint32_t claimants;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);
	const struct claimant *found = NULL;

	for (uint32_t i = 0; i < claimants; i++) {
		if (!claimant_is_owner(&claimant[i]) ||
		    !owner_is_virtual_router(facts, &claimant[i]))
			continue;
		if (found != NULL)
			return NULL;
		found = &claimant[i];
	}
	return found;
}

bool
master_is_host(const struct facts *facts, uint32_t vip, uint32_t host)
{
	const struct claimant *owner = master_owner(facts, vip);

	return owner != NULL && owner->vrrp &&
	       address_equal(&owner->ip, &host_of(facts, host)->rip);
}

bool
master_was_host(const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us)
{
	return router_was_mastered_by(router_of(facts, vip), &host_of(facts, host)->rip, at_us) &&
	       master_owner(facts, vip) != NULL;
}

/* Whether the user named a director by its address, so that no other machine may be the master. */
static bool
are_named(const struct facts *facts)
{
	const struct plan_cluster *cluster = facts->cluster;

	for (size_t i = 0; i < cluster->director_count; i++)
		if (address_is_set(&cluster->directors[i].address))
			return true;
	return false;
}

static bool
is_possible(const struct facts *facts, uint32_t vip, uint32_t host)
{
	const struct router *router = router_of(facts, vip);

	if (router->resigned && address_equal(&router->master, &host_of(facts, host)->rip))
		return false;
	return host_of(facts, host)->director ||
	       (!host_of(facts, host)->listed && !are_named(facts));
}

/* Whether an advertisement had told by then who the master is. A preempted master does not know of
 * the first one at once. The last one may tell that the master gives up the VIP; then its
 * successor was not heard yet. */
static bool
was_heard(const struct facts *facts, uint32_t vip, uint64_t at_us)
{
	const struct router *router = router_of(facts, vip);

	return router->first_us != 0 && router->first_us + ROUTER_CROSSING_US <= at_us &&
	       !(router->resigned && router->resigned_us < at_us);
}

bool
master_may_be_host(const struct facts *facts, uint32_t vip, uint32_t host)
{
	const struct claimant *owner = master_owner(facts, vip);

	return owner != NULL && !owner->vrrp && is_possible(facts, vip, host);
}

bool
master_may_have_been_host(const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us)
{
	return master_owner(facts, vip) != NULL && !was_heard(facts, vip, at_us) &&
	       is_possible(facts, vip, host);
}

static bool
may_have_been(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	return !claimant_is_owner(claimant) && !was_heard(facts, vip, claimant->last_claim_us);
}

static enum mastery
mastery_of_host(
    const struct facts *facts, uint32_t vip, uint32_t host, const struct claimant *claimant)
{
	if (master_is_host(facts, vip, host) ||
	    master_was_host(facts, vip, host, claimant->last_claim_us))
		return MASTERY_SHOWN;
	return may_have_been(facts, vip, claimant) && is_possible(facts, vip, host)
		   ? MASTERY_POSSIBLE
		   : MASTERY_NONE;
}

/* Whether the machine that is the master is known by its own MAC. If not, a stranger may be it. */
static bool
is_known(const struct facts *facts, const struct router *router)
{
	const uint32_t host = host_find(facts, &router->master);

	return !mac_equal(&router->mac, &mac_zero) || (host != NONE && host_is_known(facts, host));
}

/* A machine that is no host of the plan is known by another address that it uses, or by its MAC. A
 * proxy answers for the master's address as well, so its answer does not show that it is the
 * master.
 */
static enum mastery
mastery_of_stranger(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(facts, vip);

	if (address_is_set(&claimant->ip) &&
	    (address_equal(&claimant->ip, &router->master) ||
		router_was_mastered_by(router, &claimant->ip, claimant->last_claim_us)))
		return proxy_is(facts, &claimant->mac) ? MASTERY_POSSIBLE : MASTERY_SHOWN;
	if (router_was_mastered_by_mac(router, &claimant->mac, claimant->last_claim_us))
		return MASTERY_SHOWN;
	if (may_have_been(facts, vip, claimant) && !are_named(facts))
		return MASTERY_POSSIBLE;
	return router->vrid != 0 && !claimant_is_owner(claimant) && !is_known(facts, router)
		   ? MASTERY_POSSIBLE
		   : MASTERY_NONE;
}

enum mastery
master_is_claimant(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const struct mac *mac = &claimant->mac;
	enum mastery most = MASTERY_NONE;
	uint32_t host = host_find_mac(facts, mac);

	if (master_owner(facts, vip) == NULL || mac_vrrp_vrid(mac) != 0)
		return MASTERY_NONE;
	if (host == NONE)
		return mastery_of_stranger(facts, vip, claimant);
	for (; host != NONE; host = host_next_with_mac(facts, host, mac)) {
		const enum mastery mastery = mastery_of_host(facts, vip, host, claimant);

		if (mastery > most)
			most = mastery;
	}
	return most;
}

/* Whether the VIP should have an owner, and none was heard that may be the director. */
static bool
is_unanswered(const struct facts *facts, uint32_t vip)
{
	return facts->cluster->owner != OWNER_NONE && !owner_any_is_eligible(facts, vip);
}

/* Whether the advertisements show that the address was the master's at that time. */
static bool
was_mastered_by(
    const struct facts *facts, uint32_t vip, const struct address *address, uint64_t at_us)
{
	const struct router *router = router_of(facts, vip);

	if (!address_is_set(address))
		return false;
	if (address_equal(address, &router->master))
		return !router->resigned || at_us <= router->resigned_us + ROUTER_CROSSING_US;
	return router_was_mastered_by(router, address, at_us);
}

/* Whether the MAC is one that the user named, or such a one is the virtual router's. */
static bool
is_named_by_mac(const struct facts *facts, uint32_t vip, const struct mac *mac)
{
	const struct plan_cluster *cluster = facts->cluster;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct mac *named = &cluster->directors[i].mac;

		if (!address_is_set(&cluster->directors[i].address) &&
		    (mac_equal(named, mac) ||
			(mac_vrrp_vrid(named) != 0 &&
			    mac_vrrp_vrid(named) == router_of(facts, vip)->vrid)))
			return true;
	}
	return false;
}

/* Whether a machine with this MAC may be the director at all, by what the user named. */
static bool
may_direct(const struct facts *facts, uint32_t vip, uint32_t host, const struct mac *mac)
{
	if (host != NONE && host_of(facts, host)->director)
		return true;
	if (facts->cluster->director_count > 0)
		return is_named_by_mac(facts, vip, mac);
	return host == NONE || !host_of(facts, host)->listed;
}

static bool
host_was_master(const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us)
{
	return may_direct(facts, vip, host, &host_of(facts, host)->mac[0]) &&
	       was_mastered_by(facts, vip, &host_of(facts, host)->rip, at_us);
}

bool
master_is_unanswering_host(const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us)
{
	return is_unanswered(facts, vip) && host_was_master(facts, vip, host, at_us);
}

/* Whether nothing tells the master's own MAC, or the address of the claimant. */
static bool
may_have_advertised(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const struct router *router = router_of(facts, vip);

	return !address_is_set(&claimant->ip) &&
	       (router_is_without_master(router) ||
		   (router->vrid != 0 && !is_known(facts, router)));
}

bool
master_is_unanswering(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const uint64_t at_us = claimant->last_claim_us;
	bool known = false;

	if (claimant_is_owner(claimant) || !is_unanswered(facts, vip))
		return false;
	for (uint32_t host = host_find_mac(facts, &claimant->mac); host != NONE;
	     host = host_next_with_mac(facts, host, &claimant->mac)) {
		/* A single answer of another host may be a damaged frame. */
		if (!host_of(facts, host)->director &&
		    !host_is_known_by(facts, host, &claimant->mac))
			continue;
		if (host_was_master(facts, vip, host, at_us))
			return true;
		known = true;
	}
	return !known &&
	       (claimant_is_named(facts, claimant) ||
		   may_direct(facts, vip, NONE, &claimant->mac)) &&
	       (was_mastered_by(facts, vip, &claimant->ip, at_us) ||
		   may_have_advertised(facts, vip, claimant));
}

bool
master_is_doubled(const struct facts *facts, uint32_t vip)
{
	const struct claimant *owner = master_owner(facts, vip);

	return owner != NULL && owner->surplus.answers >= SURPLUS_MIN;
}

/* A master that only fell silent may have crashed while it still holds the VIP. Then each question
 * gets two answers, so first enough questions have to be asked. */
bool
master_handed_over(const struct facts *facts, uint32_t vip)
{
	const struct router *router = router_of(facts, vip);
	const struct claimant *owner = master_owner(facts, vip);

	return owner != NULL && router->handed_over &&
	       (!router->fell_silent || asked_of(facts, vip)->broadcasts >= QUESTIONS_MIN);
}
