/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/director.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/vips.h"
#include "audit/owner/eligible.h"
#include "audit/owner/master.h"
#include "audit/owner/signature.h"

/* Allowed chance that the further answers of a server's second card were all lost. */
#define CARD_DOUBT 1e-4

static bool
advertises(const struct facts *facts, const struct claimant *claimant)
{
	(void)facts;
	return claimant->vrrp;
}

static bool
may_have_signature(const struct facts *facts, const struct claimant *claimant)
{
	return !owner_has_no_signature(facts, claimant);
}

/* A real server that leaks while the director is down looks like a sole owner, if it was not
 * listed. It accepts connections. After a sweep, which lists none, its service may be down as well.
 */
static bool
serves_itself(const struct facts *facts, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;

	return signature->own > 0 && owner_has_no_signature(facts, claimant) &&
	       (facts->cluster->discover || signature->accepted > 0);
}

static bool
may_be_sole(const struct facts *facts, const struct claimant *claimant)
{
	if (facts->cluster->owner == OWNER_ANY)
		return true;
	return owner_is_unlisted(facts, claimant) && !serves_itself(facts, claimant);
}

/* An owner that answers all connections itself may be a real server that was not listed. */
static bool
may_be_presumed(const struct facts *facts, const struct claimant *claimant)
{
	return claimant->signature.own == 0 || !owner_has_no_signature(facts, claimant);
}

/* Whether another owner may as well be the director. A machine may be a virtual router for other
 * addresses, and answer for the VIP by that MAC as well: as a gateway that proxies it, or a real
 * server that leaks. Only an advertisement of the VIP excludes that. */
static bool
is_contested(const struct facts *facts, uint32_t vip, const struct claimant *router)
{
	uint32_t claimants;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);

	if (router->vrrp || facts->cluster->director_count > 0)
		return false;
	for (uint32_t i = 0; i < claimants; i++)
		if (&claimant[i] != router && claimant_is_owner(&claimant[i]) &&
		    heard_may_be_machine(facts, &claimant[i].mac) &&
		    owner_is_unlisted(facts, &claimant[i]))
			return true;
	return false;
}

/* Then that server may be the director, and an unlisted owner one that was to take over. */
static bool
listed_owner_forwards(const struct facts *facts, uint32_t vip)
{
	uint32_t claimants;
	const struct claimant *claimant = claims_of(facts, vip, &claimants);

	for (uint32_t i = 0; i < claimants; i++)
		if (claimant_is_owner(&claimant[i]) && claimant_is_listed(facts, &claimant[i]) &&
		    owner_has_signature(facts, &claimant[i]))
			return true;
	return false;
}

/* The signature may identify a director only when all other owners have been tested and no capture
 * loss leaves a doubt. */
static bool
may_use_signature(const struct facts *facts, uint32_t vip)
{
	return !asked_of(facts, vip)->signature_open && !asked_owners_are_void(facts);
}

static const struct proof_test {
	enum director_proof proof;
	owner_test *test;
} proof_tests[] = {
    {DIRECTOR_NAMED, claimant_is_named},
    {DIRECTOR_VRRP_MAC, owner_is_virtual_router},
    {DIRECTOR_VRRP_ADVERTISEMENT, advertises},
    {DIRECTOR_SIGNATURE, may_have_signature},
    {DIRECTOR_SOLE_OWNER, may_be_sole},
    {DIRECTOR_PRESUMED, owner_is_unlisted},
};
#define PROOFS_OF_NAMED                                                          \
	3 /* for named directors only these apply: VRRP tells which named one is \
	   * the master */

static uint32_t
find_by(const struct facts *facts, uint32_t vip, const struct proof_test *by)
{
	/* If the user named directors, only those are acceptable. */
	const bool named = facts->cluster->director_count > 0;

	if (by->proof == DIRECTOR_SIGNATURE &&
	    (!may_use_signature(facts, vip) ||
		owner_only(facts, vip, owner_has_signature, owner_has_signature) == NONE))
		return NONE;
	const uint32_t found =
	    owner_only(facts, vip, by->test, named ? claimant_is_named : by->test);

	const struct claimant *claimant = found == NONE ? NULL : claimant_of(facts, vip, found);

	if (claimant != NULL &&
	    ((by->proof == DIRECTOR_VRRP_MAC && is_contested(facts, vip, claimant)) ||
		(by->proof == DIRECTOR_SIGNATURE && !owner_has_signature(facts, claimant)) ||
		(by->proof == DIRECTOR_PRESUMED && !may_be_presumed(facts, claimant))))
		return NONE;
	return found;
}

/* Whether the proof exists for this VIP. After a sweep no real server is known to be one, so
 * nobody is presumed to be none. */
static bool
is_applicable(const struct facts *facts, uint32_t vip, enum director_proof proof)
{
	if (proof == DIRECTOR_SOLE_OWNER)
		return owner_count(facts, vip) == 1;
	return proof != DIRECTOR_PRESUMED ||
	       (!facts->cluster->discover && facts->cluster->owner == OWNER_DIRECTOR &&
		   !listed_owner_forwards(facts, vip));
}

uint32_t
owner_director(const struct facts *facts, uint32_t vip, enum director_proof *proof)
{
	size_t tests = facts->cluster->director_count > 0
			   ? PROOFS_OF_NAMED
			   : sizeof(proof_tests) / sizeof(proof_tests[0]);

	if (owner_count(facts, vip) == 0 || facts->cluster->owner == OWNER_NONE)
		tests = 0;
	for (size_t i = 0; i < tests; i++) {
		if (!is_applicable(facts, vip, proof_tests[i].proof))
			continue;
		const uint32_t director = find_by(facts, vip, &proof_tests[i]);

		if (director == NONE)
			continue;
		if (proof != NULL)
			*proof = proof_tests[i].proof;
		return director;
	}
	if (proof != NULL)
		*proof = DIRECTOR_UNKNOWN;
	return NONE;
}

bool
owner_is_by_mac(const struct facts *facts, uint32_t vip, const struct mac *mac)
{
	const uint32_t director = owner_director(facts, vip, NULL);

	return director != NONE &&
	       (mac_equal(&claimant_of(facts, vip, director)->mac, mac) ||
		   owner_are_cards(facts, &claimant_of(facts, vip, director)->mac, mac));
}

bool
owner_alone_leaked(const struct facts *facts, uint32_t vip)
{
	const struct mac *mac = leaks_only_mac(facts, vip);

	return mac != NULL && owner_is_by_mac(facts, vip, mac);
}

bool
owner_is_host(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const uint32_t director = owner_director(facts, vip, NULL);

	if (director == NONE)
		return false;
	const struct mac *mac = &claimant_of(facts, vip, director)->mac;

	return host_is_known_by(facts, host, mac) ||
	       (mac_vrrp_vrid(mac) != 0 && master_is_host(facts, vip, host));
}

/* Whether every MAC of the host that claimed the VIP has handed it over, or did so as the master of
 * the virtual router that still owns it. */
bool
owner_was_host(const struct facts *facts, uint32_t host, uint32_t vip)
{
	bool was = false;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);

		if (!host_is_known_by(facts, host, &claimant->mac))
			continue;
		if (!claimant->former &&
		    !master_was_host(facts, vip, host, claimant->last_claim_us))
			return false;
		was = true;
	}
	return was;
}

/* Where nobody may own the VIP, caches lead to whoever does all the same. */
static bool
is_anybody(const struct facts *facts, const struct claimant *claimant)
{
	(void)facts;
	(void)claimant;
	return true;
}

uint32_t
owner_to_restore(const struct facts *facts, uint32_t vip)
{
	const uint32_t director = owner_director(facts, vip, NULL);

	if (director != NONE || facts->cluster->owner == OWNER_ANY)
		return director;
	if (facts->cluster->owner == OWNER_NONE)
		return owner_only(facts, vip, is_anybody, is_anybody);
	return owner_only(facts, vip, owner_is_unlisted, owner_is_unlisted);
}

bool
owner_is_ambiguous(const struct facts *facts, uint32_t vip)
{
	return owner_count(facts, vip) > 0 && owner_to_restore(facts, vip) == NONE;
}

/* One answer for a listed host's RIP may be a damaged frame, so it does not show that the MAC is
 * the server's. A second card of the server answers the next broadcast as well, unless a switch
 * answers in place of both, or that answer is lost. */
static bool
may_be_listed(const struct facts *facts, const struct claimant *claimant)
{
	const struct mac *mac = &claimant->mac;

	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac)) {
		const uint32_t answers = inquiry_of(facts, host)->broadcast_answers;

		if (host_of(facts, host)->listed &&
		    (answers == 0 || !inquiry_hears_broadcasts(facts, host) ||
			loss_all_lost(&facts->loss[PATH_BROADCAST], answers - 1) > CARD_DOUBT))
			return true;
	}
	return false;
}

bool
owner_may_be_server(const struct facts *facts, uint32_t vip, uint32_t index)
{
	const struct claimant *claimant = claimant_of(facts, vip, index);
	enum director_proof proof = DIRECTOR_UNKNOWN;

	if (facts->cluster->owner != OWNER_DIRECTOR ||
	    (owner_director(facts, vip, &proof) == index && proof != DIRECTOR_SOLE_OWNER &&
		proof != DIRECTOR_PRESUMED))
		return false;
	return claimant_is_listed(facts, claimant) || may_be_listed(facts, claimant);
}

/* Whether it is known which owner to restore, and the VIP is that owner's own address. */
static bool
is_restorable(const struct facts *facts, uint32_t vip)
{
	const uint32_t owner = owner_to_restore(facts, vip);

	return owner != NONE && claimant_answers_probes(facts, vip, owner) &&
	       !owner_may_be_server(facts, vip, owner);
}

/* What became of the rehearsal of the owner to restore. */
static enum rehearsal_state
rehearsal_of(const struct facts *facts, uint32_t vip)
{
	const struct asked_vip *asked = asked_of(facts, vip);
	const uint32_t owner = owner_to_restore(facts, vip);

	if (owner != NONE && (mac_equal(&asked->rehearsed, &claimant_of(facts, vip, owner)->mac) ||
				 owner_is_by_mac(facts, vip, &asked->rehearsed)))
		return (enum rehearsal_state)asked->rehearsal;
	return REHEARSAL_NONE;
}

bool
owner_can_be_restored(const struct facts *facts, uint32_t vip)
{
	if (owner_count(facts, vip) == 0)
		return facts->asked->owners_listened || facts->cluster->owner == OWNER_NONE;
	return is_restorable(facts, vip) && rehearsal_of(facts, vip) == REHEARSAL_HEARD;
}

bool
owner_needs_rehearsal(const struct facts *facts, uint32_t vip)
{
	return owner_count(facts, vip) > 0 && is_restorable(facts, vip) &&
	       rehearsal_of(facts, vip) == REHEARSAL_NONE;
}

bool
owner_is_unprovoked(const struct facts *facts, uint32_t vip)
{
	return is_restorable(facts, vip) && rehearsal_of(facts, vip) == REHEARSAL_FAILED;
}

bool
owner_may_be_restorable(const struct facts *facts, uint32_t vip)
{
	return !facts->asked->owners_listened && !owner_is_ambiguous(facts, vip) &&
	       !owner_is_unprovoked(facts, vip);
}

bool
owner_signature_is_needed(const struct facts *facts, uint32_t vip)
{
	enum director_proof proof;

	if (!asked_of(facts, vip)->signature_open || owner_count(facts, vip) == 0)
		return false;
	if (owner_director(facts, vip, &proof) == NONE)
		return true;
	return vip_has_tcp_port(facts, vip) &&
	       (proof == DIRECTOR_PRESUMED || proof == DIRECTOR_SOLE_OWNER);
}

/* An advertisement may show that the host is the master. */
bool
owner_advertisement_is_needed(const struct facts *facts, uint32_t vip, uint32_t host)
{
	if (facts->asked->masters_listened || owner_count(facts, vip) == 0)
		return false;
	if (master_owner(facts, vip) != NULL)
		return master_may_be_host(facts, vip, host);
	/* Until a director is known, no leak could be undone. */
	return owner_is_ambiguous(facts, vip);
}
