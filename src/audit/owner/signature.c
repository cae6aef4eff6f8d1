/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/signature.h"

#include "audit/facts/decoys.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

#define FORWARDED_MIN 2
#define OWN_MIN       5 /* with only own answers it is a real server */

bool
owner_is_own_mac(const struct facts *facts, const struct claimant *claimant, const struct mac *mac)
{
	const struct mac *own = &claimant->mac;

	if (mac_equal(mac, own) || mac_equal(mac, &claimant->signature.self))
		return true;
	for (uint32_t host = host_find_mac(facts, own); host != NONE;
	     host = host_next_with_mac(facts, host, own))
		if (host_has_mac(facts, host, mac))
			return true;
	return false;
}

/* Whether the host holds any VIP, as far as was heard. */
static bool
holds_any(const struct facts *facts, uint32_t host)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (holding_of(facts, host, vip)->holds_vip)
			return true;
	return false;
}

/* Whether there are two servers besides the owner: listed ones that answer for their addresses, or
 * hosts of a sweep that hold a VIP. */
static bool
has_two_others(const struct facts *facts, const struct claimant *claimant)
{
	uint32_t others = 0;

	for (uint32_t i = 0; i < host_count(facts) && others < 2; i++) {
		const struct host *host = host_of(facts, i);

		others += host->mac_count > 0 &&
			  (host->listed || (facts->cluster->discover && holds_any(facts, i))) &&
			  !owner_is_own_mac(facts, claimant, &host->mac[0]);
	}
	return others == 2;
}

static bool
is_balanced(const struct facts *facts, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;

	return signature->forwarders >= 2 ||
	       (!mac_equal(&signature->self, &mac_zero) && !has_two_others(facts, claimant));
}

/* A single decoy that it answers, of several, may be an address of the director's own. Several may
 * be, too, but not every router leaves SPA 0.0.0.0 unanswered as Linux proxies do. */
bool
owner_has_signature(const struct facts *facts, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;

	if (signature->forwarded < FORWARDED_MIN || signature->routes ||
	    !is_balanced(facts, claimant))
		return false;
	const uint32_t answered = decoys_answered_by(facts, &claimant->mac, 1);

	return answered == 0 || (answered == 1 && decoys_count(facts) >= PROXY_ANSWERS_MIN);
}

bool
owner_has_no_signature(const struct facts *facts, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;

	return signature->routes ||
	       (signature->own >= OWN_MIN && signature->forwarded + signature->foreign == 0) ||
	       decoys_show_proxy(facts, &claimant->mac, 1);
}
