/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/arp_probe.h"

#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/inquiries.h"

#define ROUNDS_UNANSWERED 2 /* of two questions each */

/* Whether it did not answer the last rounds, and had the time that a slow answer takes. */
static bool
has_fallen_silent(const struct claimant *claimant)
{
	return claimant->silent_broadcasts >= 2 * ROUNDS_UNANSWERED &&
	       claimant->asked_us > claimant->last_claim_us + PROXY_DELAY_US;
}

bool
arp_probe_may_ask_vip(const struct facts *facts, uint32_t vip)
{
	if (!claims_answer_probes(facts, vip))
		return false;
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (claimant_has_answered(claimant_of(facts, vip, i)) &&
		    !has_fallen_silent(claimant_of(facts, vip, i)))
			return true;
	return false;
}

bool
arp_probe_may_ask_rip(const struct facts *facts, uint32_t host)
{
	return (inquiry_of(facts, host)->kinds_answered & 1u << SPA_UNSPECIFIED) != 0;
}

bool
arp_probe_may_ask_host(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct holding *holding = holding_of(facts, host, vip);

	return holding->replied || holding->holds_vip || arp_probe_may_ask_vip(facts, vip);
}
