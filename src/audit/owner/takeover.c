/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/takeover.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/owner/eligible.h"
#include "audit/owner/master.h"
#include "audit/owner/rounds.h"

/* Above this chance, an unheard answer may have been lost. */
#define TAKEOVER_DOUBT 1e-4
/* If so many rounds do not tell, too much is lost. */
#define ROUNDS_MOST 8

static bool
is_silent_director(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	return claimant_replies(claimant) + claimant_requests(claimant) > 0 &&
	       !claimant_has_answered(claimant) && claimant->certain &&
	       owner_is_eligible(facts, claimant) &&
	       /* A master that speaks by its own MAC besides has its own rules. */
	       master_is_claimant(facts, vip, claimant) == MASTERY_NONE;
}

/* Whether another machine that may be the director has owned the VIP since. */
static bool
is_owned_since(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *other = claimant_of(facts, vip, i);

		if (other != claimant && claimant_is_owner(other) &&
		    other->last_claim_us > claimant->first_claim_us &&
		    owner_is_eligible(facts, other))
			return true;
	}
	return false;
}

/* The host that answers for the claimant's MAC, or NONE. The master answers for the virtual
 * router's. */
static uint32_t
host_behind(const struct facts *facts, const struct claimant *claimant)
{
	const uint32_t host = host_find_mac(facts, &claimant->mac);

	return host == NONE && claimant->vrrp ? host_find(facts, &claimant->ip) : host;
}

/* Whether its answers to the questions since its first claim may have been lost, on the segment or
 * on its own link; or it is slow, or limits its replies. */
static bool
may_be_lost(const struct facts *facts, uint32_t vip, uint32_t index)
{
	const struct claimant *director = claimant_of(facts, vip, index);
	const uint32_t host = host_behind(facts, director);

	return asked_is_cut_short(facts, director->first_claim_us) ||
	       owner_limits_replies(facts, &director->mac) ||
	       (host != NONE &&
		   inquiry_of(facts, host)->missed > inquiry_of(facts, host)->answered) ||
	       inquiry_all_lost(facts, host, 0, claimant_broadcasts(facts, vip, index)) >
		   TAKEOVER_DOUBT;
}

/* Whether it was silent from the time on at which another director took over. It may have been the
 * owner until then, and its answers were lost. */
static bool
is_succeeded(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *other = claimant_of(facts, vip, i);

		if (claimant_is_owner(other) && owner_is_eligible(facts, other) &&
		    other->first_claim_us > claimant->last_claim_us)
			return true;
	}
	return false;
}

bool
takeover_is_possible(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct claimant *director = claimant_of(facts, vip, claimant);

	if (claims_lost(facts, vip) > 0 || !is_silent_director(facts, vip, director))
		return false;
	return is_succeeded(facts, vip, director) ||
	       (!is_owned_since(facts, vip, director) && may_be_lost(facts, vip, claimant));
}

bool
takeover_is_possible_of_any(const struct facts *facts, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (takeover_is_possible(facts, vip, i))
			return true;
	return false;
}

bool
takeover_is_possible_of_host(const struct facts *facts, uint32_t vip, uint32_t host)
{
	bool possible = false;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);

		if (!host_is_known_by(facts, host, &claimant->mac))
			continue;
		if (!takeover_is_possible(facts, vip, i))
			return false;
		possible = true;
	}
	return possible;
}

bool
takeover_needs_round(const struct facts *facts)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		for (uint32_t i = 0; i < claims_count(facts, vip); i++)
			if (claimant_broadcasts(facts, vip, i) < ROUNDS_MOST &&
			    takeover_is_possible(facts, vip, i))
				return true;
	return false;
}
