/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of a VIP's claimants is its director, and whether all owners have been heard.
 */
#include "arpaudit/engine.h"

/* More than that, and a director that was not heard may all the same be the one that answers. */
#define UNHEARD_DOUBT 1e-4

uint32_t
vip_find(const struct audit *audit, const struct address *address)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (address_equal(&audit->vips[vip].address, address))
			return vip;
	return NONE;
}

uint32_t
owner_count(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	uint32_t count = 0;

	for (uint32_t i = 0; i < of->claimant_count; i++)
		count += claimant_is_owner(&of->claimant[i]);
	return count;
}

uint32_t
owner_rounds(const struct audit *audit)
{
	return audit->vip_asked - audit->vip_void;
}

double
owner_bound(const struct audit *audit)
{
	return loss_all_lost(&audit->loss[PATH_BROADCAST], owner_rounds(audit));
}

bool
owners_are_sure(const struct audit *audit)
{
	return owner_bound(audit) <= audit->settings->confidence;
}

bool
owners_may_be_surer(const struct audit *audit, uint32_t rounds)
{
	return owner_rounds(audit) < rounds &&
	       loss_all_lost(&audit->loss[PATH_BROADCAST], rounds) <= audit->settings->confidence;
}

bool
owner_is_listed(const struct audit *audit, const struct claimant *claimant)
{
	const struct mac *mac = &claimant->mac;

	for (uint32_t host = host_find_mac(audit, mac); host != NONE;
	     host = host_next_with_mac(audit, host, mac))
		if (audit->hosts[host].listed && host_is_known_by(&audit->hosts[host], mac))
			return true;
	return false;
}

/* By its MAC, by the MAC of its address, or by advertising the VIP from its address (as keepalived
 * does with use_vmac, where the virtual router's MAC answers). */
bool
owner_is_named(const struct audit *audit, const struct claimant *claimant)
{
	const struct plan_cluster *cluster = audit->cluster;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct plan_director *director = &cluster->directors[i];

		if (!address_is_set(&director->address)) {
			if (mac_equal(&director->mac, &claimant->mac))
				return true;
			continue;
		}
		const uint32_t host = host_find(audit, &director->address);

		if ((host != NONE && host_is_known_by(&audit->hosts[host], &claimant->mac)) ||
		    (claimant->vrrp && address_equal(&director->address, &claimant->ip)))
			return true;
	}
	return false;
}

static bool
has_vrrp_mac(const struct audit *audit, const struct claimant *claimant)
{
	(void)audit;
	return mac_vrrp_vrid(&claimant->mac) != 0;
}

static bool
advertises(const struct audit *audit, const struct claimant *claimant)
{
	(void)audit;
	return claimant->vrrp;
}

static bool
is_unlisted(const struct audit *audit, const struct claimant *claimant)
{
	return !owner_is_listed(audit, claimant);
}

bool
owner_is_eligible(const struct audit *audit, const struct claimant *claimant)
{
	if (audit->cluster->director_count > 0)
		return owner_is_named(audit, claimant);
	return is_unlisted(audit, claimant) || claimant->vrrp ||
	       claimant_has_signature(audit, claimant);
}

static bool
may_have_signature(const struct audit *audit, const struct claimant *claimant)
{
	return !claimant_has_no_signature(audit, claimant);
}

typedef bool owner_test(const struct audit *, const struct claimant *);

/* The only owner for which the tests hold; NONE when they do for none or for several. */
static uint32_t
only_owner_of_both(const struct audit *audit, uint32_t vip, owner_test *test, owner_test *other)
{
	const struct vip *of = &audit->vips[vip];
	uint32_t found = NONE;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!claimant_is_owner(&of->claimant[i]) || !test(audit, &of->claimant[i]) ||
		    !other(audit, &of->claimant[i]))
			continue;
		if (found != NONE)
			return NONE;
		found = i;
	}
	return found;
}

static uint32_t
only_owner(const struct audit *audit, uint32_t vip, owner_test *test)
{
	return only_owner_of_both(audit, vip, test, test);
}

/* Not before the others have shown that they have none, and not if that may have been missed. */
static bool
may_use_signature(const struct audit *audit, uint32_t vip)
{
	return !signature_pending(audit, vip) && audit->vips_void <= VOIDS_MAX;
}

static uint32_t
find_director(const struct audit *audit, uint32_t vip, enum director_proof *proof)
{
	static const struct {
		enum director_proof proof;
		owner_test *test;
	} tests[] = {
	    {DIRECTOR_NAMED, owner_is_named},
	    {DIRECTOR_VRRP_MAC, has_vrrp_mac},
	    {DIRECTOR_VRRP_ADVERTISEMENT, advertises},
	    {DIRECTOR_SIGNATURE, may_have_signature},
	    {DIRECTOR_SOLE_OWNER, is_unlisted},
	};
	/* Who names directors wants those: nothing else makes another one expected. Of several that
	 * were named, VRRP tells the master. */
	const bool named = audit->cluster->director_count > 0;
	const size_t count = named ? 3 : sizeof(tests) / sizeof(tests[0]);

	for (size_t i = 0; i < count; i++) {
		if (tests[i].proof == DIRECTOR_SOLE_OWNER && owner_count(audit, vip) != 1)
			break;
		if (tests[i].proof == DIRECTOR_SIGNATURE && !may_use_signature(audit, vip))
			continue;
		const uint32_t director = only_owner_of_both(
		    audit, vip, tests[i].test, named ? owner_is_named : tests[i].test);

		*proof = tests[i].proof;
		if (director == NONE ||
		    (tests[i].proof == DIRECTOR_SIGNATURE &&
			!claimant_has_signature(audit, &audit->vips[vip].claimant[director])))
			continue;
		return director;
	}
	*proof = DIRECTOR_UNKNOWN;
	return NONE;
}

uint32_t
owner_director(const struct audit *audit, uint32_t vip, enum director_proof *proof)
{
	struct vip *of = &audit->vips[vip];

	if (!of->director_known) {
		enum director_proof found;

		of->director = find_director(audit, vip, &found);
		of->director_proof = (uint8_t)found;
		of->director_known = true;
	}
	if (proof != NULL)
		*proof = (enum director_proof)of->director_proof;
	return of->director;
}

bool
owner_may_be_director(const struct audit *audit, uint32_t vip, uint32_t claimant)
{
	const struct plan_cluster *cluster = audit->cluster;

	for (size_t i = 0; i < cluster->director_count; i++)
		if (!address_is_set(&cluster->directors[i].address))
			return false;
	return cluster->director_count > 0 && owner_count(audit, vip) == 1 &&
	       owner_director(audit, vip, NULL) == NONE &&
	       mac_vrrp_vrid(&audit->vips[vip].claimant[claimant].mac) != 0 &&
	       !audit->vips[vip].claimant[claimant].vrrp;
}

/* The chance that a host's answers for its RIP were all lost, with the owner's own link: by how
 * many of the broadcasts it has answered. */
static double
unheard_bound(const struct audit *audit, const struct claimant *owner, uint32_t tries)
{
	const uint32_t asked = 2 * audit->vip_asked;
	const uint32_t answers = owner->claims[CLAIM_ANSWER];
	const struct loss own = {
	    .answered = answers < asked ? answers : asked,
	    .lost = answers < asked ? asked - answers : 0,
	};
	const double pooled = loss_all_lost(&audit->loss[PATH_BROADCAST], tries);
	const double alone = loss_all_lost(&own, tries);

	return alone > pooled ? alone : pooled;
}

bool
owner_may_be_unheard_director(const struct audit *audit, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = &audit->vips[vip].claimant[claimant];
	uint32_t tries = UINT32_MAX; /* the fewest, of a director that was not heard */

	if (!claimant_is_owner(owner) || owner_is_listed(audit, owner) ||
	    owner_is_named(audit, owner))
		return false;
	for (uint32_t i = 0; i < audit->host_count; i++) {
		const struct host *host = &audit->hosts[i];

		if (host->director && !host_is_known(host) && host->resolves < tries)
			tries = host->resolves;
	}
	return tries != UINT32_MAX && unheard_bound(audit, owner, tries) > UNHEARD_DOUBT;
}

bool
owner_may_be_unheard(const struct audit *audit)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++)
			if (owner_may_be_unheard_director(audit, vip, i))
				return true;
	return false;
}

bool
owner_is_in_doubt(const struct audit *audit, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = &audit->vips[vip].claimant[claimant];

	if (!claimant_is_owner(owner))
		return false;
	if (owner_count(audit, vip) == 1)
		return owner_may_be_director(audit, vip, claimant) ||
		       owner_may_be_unheard_director(audit, vip, claimant);
	return handover_possible(audit, vip) &&
	       (owner_is_eligible(audit, owner) ||
		   owner_may_be_unheard_director(audit, vip, claimant));
}

uint32_t
owner_to_restore(const struct audit *audit, uint32_t vip)
{
	const uint32_t director = owner_director(audit, vip, NULL);

	return director != NONE ? director : only_owner(audit, vip, is_unlisted);
}

bool
host_is_director(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const uint32_t director = owner_director(audit, vip, NULL);

	return director != NONE &&
	       (host_is_known_by(&audit->hosts[host], &audit->vips[vip].claimant[director].mac) ||
		   (mac_vrrp_vrid(&audit->vips[vip].claimant[director].mac) != 0 &&
		       master_is_host(audit, vip, host)));
}

/* By all of its MACs that have claimed the VIP. */
bool
host_was_director(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	bool was = false;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!host_is_known_by(&audit->hosts[host], &of->claimant[i].mac))
			continue;
		if (!of->claimant[i].former)
			return false;
		was = true;
	}
	return was;
}

bool
owners_decided(const struct audit *audit, uint32_t vip)
{
	return !handover_pending(audit, vip) && !signature_pending(audit, vip);
}
