/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/unheard.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"

/* above this chance, an unheard director may be the owner */
#define UNHEARD_DOUBT 1e-4

/* The rounds that it had no reason to answer: those before it announced that it has the VIP now. */
static uint32_t
rounds_before(const struct facts *facts, const struct claimant *owner)
{
	switch ((enum claim_kind)owner->first_kind) {
	case CLAIM_GRATUITOUS_REQUEST:
	case CLAIM_GRATUITOUS_REPLY:
	case CLAIM_ADVERTISEMENT:
		return asked_rounds_by(facts, owner->first_claim_us);
	default:
		return 0;
	}
}

/* The chance that a host's answers for its RIP were all lost: by the segment's loss, or by the loss
 * of the owner's link if that is worse. The link's loss is the share of broadcasts that the owner
 * did not answer. A claimant that never answers may have no reason to. */
static double
unheard_bound(const struct facts *facts, const struct claimant *owner, uint32_t tries)
{
	const uint32_t asked = 2 * (facts->asked->rounds - rounds_before(facts, owner));
	const uint32_t answers = owner->claims[CLAIM_ANSWER];
	const struct loss own = {
	    .answered = answers < asked ? answers : asked,
	    .lost = answers < asked ? asked - answers : 0,
	};
	const double pooled = loss_all_lost(&facts->loss[PATH_BROADCAST], tries);
	const double alone = answers == 0 ? 0 : loss_all_lost(&own, tries);

	return alone > pooled ? alone : pooled;
}

/* The fewest broadcast tries for any named director that was not heard; none if it is still being
 * asked. UINT32_MAX if all were heard. */
static uint32_t
fewest_tries(const struct facts *facts)
{
	uint32_t tries = UINT32_MAX;

	for (uint32_t host = 0; host < host_count(facts); host++) {
		if (!host_of(facts, host)->director || host_is_known(facts, host))
			continue;
		if (inquiry_of(facts, host)->stage != STAGE_DONE)
			return 0;
		if (inquiry_of(facts, host)->resolves < tries)
			tries = inquiry_of(facts, host)->resolves;
	}
	return tries;
}

/* Whether the MAC has answered for a named director, but too rarely for that director to be known
 * by it. It may have been the director's until that got another one. */
static bool
answered_once(const struct facts *facts, const struct mac *mac)
{
	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		if (host_of(facts, host)->director)
			return true;
	return false;
}

bool
owner_may_be_unheard_director(const struct facts *facts, uint32_t vip, uint32_t claimant)
{
	const struct claimant *owner = claimant_of(facts, vip, claimant);
	uint32_t tries;

	if (facts->cluster->director_count == 0 || owner->former ||
	    !heard_may_be_machine(facts, &owner->mac) || claimant_is_listed(facts, owner) ||
	    claimant_is_named(facts, owner))
		return false;
	if (answered_once(facts, &owner->mac))
		return true;
	tries = fewest_tries(facts);
	return tries != UINT32_MAX && unheard_bound(facts, owner, tries) > UNHEARD_DOUBT;
}

bool
owner_may_be_unheard(const struct facts *facts)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		for (uint32_t i = 0; i < claims_count(facts, vip); i++)
			if (owner_may_be_unheard_director(facts, vip, i))
				return true;
	return false;
}
