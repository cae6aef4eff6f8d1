/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/judge/infer.h"

#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/owner/director.h"

#define IGNORE(level) (1u << (level))

static bool
has_passed(const struct host_result *result, const char *check)
{
	const struct check_result *of_check = result_check(result, check);

	return of_check != NULL && of_check->outcome == OUTCOME_PASS;
}

/* The levels at which a host that holds the VIP answers for it as this host does. One that
 * redirects packets for the VIP to itself looks as if it held it, and is silent at every level.
 * Nothing excludes that. */
static unsigned
levels_answering(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silences *silences = silences_of(facts, host, vip);
	const unsigned answered = silences->answered;
	const unsigned silent = inquiry_silent_kinds(facts, host, vip);

	/* The host answers only within the subnet of the VIP itself: the VIP is on the interface,
	 * as a /32. */
	if ((silent & 1u << SPA_SOURCE) != 0 && (answered & 1u << SPA_UNSPECIFIED) != 0)
		return IGNORE(2);
	if ((silent & 1u << SPA_UNSPECIFIED) != 0 || inquiry_ignores_unicast(facts, host, vip))
		return 0;
	return IGNORE(0) | IGNORE(3);
}

static unsigned
ignore_levels(
    const struct facts *facts, uint32_t host, uint32_t vip, const struct host_result *result)
{
	const struct holding *holding = holding_of(facts, host, vip);

	if (!holding->holds_vip || claims_are_gratuitous(facts, host, vip, true))
		return 0;
	if (holding->replied)
		return levels_answering(facts, host, vip);
	if (!has_passed(result, "vip-reply"))
		return 0;
	return IGNORE(1) | IGNORE(2);
}

/* At level 1 the kernel speaks as the VIP only to an address of a subnet that has the VIP as well:
 * inet_addr_onlink() in arp_solicit(). */
static unsigned
announce_levels(
    const struct facts *facts, uint32_t host, uint32_t vip, const struct host_result *result)
{
	const bool inside = facts_own_subnet_has(facts, vip_address(facts, vip));
	const struct holding *holding = holding_of(facts, host, vip);

	if (claims_are_gratuitous(facts, host, vip, false))
		return 0;
	if (holding->spoke)
		return 1u << 0 | (inside || !holding->spoke_within ? 1u << 1 : 0);
	if (has_passed(result, "vip-source"))
		return 1u << 2 | (inside ? 0 : 1u << 1);
	return 0;
}

void
infer(const struct facts *facts, uint32_t host, uint32_t vip, struct host_result *result)
{
	if (owner_is_host(facts, host, vip) || owner_was_host(facts, host, vip) ||
	    host_of(facts, host)->mac_count == 0)
		return;
	result->arp_ignore = (uint16_t)ignore_levels(facts, host, vip, result);
	result->arp_announce = (uint16_t)announce_levels(facts, host, vip, result);
}
