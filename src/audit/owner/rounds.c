/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/rounds.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/owner/eligible.h"

uint32_t
owner_rounds(const struct facts *facts)
{
	const struct asked *asked = facts->asked;
	const uint32_t counted =
	    asked->rounds < asked->counted.rounds ? asked->rounds : asked->counted.rounds;

	return counted > asked->rounds_void ? counted - asked->rounds_void : 0;
}

double
owner_bound(const struct facts *facts)
{
	return loss_all_lost(&facts->loss[PATH_BROADCAST], owner_rounds(facts));
}

bool
owners_are_sure(const struct facts *facts)
{
	return owner_bound(facts) <= facts->settings->confidence;
}

bool
owners_may_be_surer(const struct facts *facts, uint32_t rounds)
{
	return owner_rounds(facts) < rounds &&
	       loss_all_lost(&facts->loss[PATH_BROADCAST], rounds) <= facts->settings->confidence;
}

bool
owner_limits_replies(const struct facts *facts, const struct mac *mac)
{
	uint32_t answers = 0, asked = 0;

	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
			const struct claimant *claimant = claimant_of(facts, vip, i);

			if (!mac_equal(&claimant->mac, mac))
				continue;
			answers += claimant->claims[CLAIM_ANSWER];
			asked += claimant_broadcasts(facts, vip, i);
		}
	return answers > 0 && answers < asked;
}

/* An owner of another VIP may own this one as well. */
static bool
any_limits_replies(const struct facts *facts)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		for (uint32_t i = 0; i < claims_count(facts, vip); i++)
			if (owner_is_eligible(facts, claimant_of(facts, vip, i)) &&
			    owner_limits_replies(facts, &claimant_of(facts, vip, i)->mac))
				return true;
	return false;
}

/* Whether so many rounds would have found the named directors as owners, as well as each is heard.
 */
static bool
directors_are_sure(const struct facts *facts, uint32_t rounds)
{
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (host_of(facts, host)->director && host_is_known(facts, host) &&
		    inquiry_all_lost(facts, host, 0, rounds) > facts->settings->confidence)
			return false;
	return true;
}

bool
owners_known_are_sure(const struct facts *facts)
{
	return directors_are_sure(facts, owner_rounds(facts)) && !any_limits_replies(facts);
}

uint32_t
owner_rounds_needed(const struct facts *facts)
{
	const uint32_t most = owner_rounds(facts);

	for (uint32_t rounds = 1; rounds < most; rounds++)
		if (loss_all_lost(&facts->loss[PATH_BROADCAST], rounds) <=
			facts->settings->confidence &&
		    directors_are_sure(facts, rounds))
			return facts->asked->rounds_void + rounds;
	return facts->asked->rounds;
}
