/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/arp_probe.h"

#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/inquiries.h"

bool
arp_probe_may_ask_vip(const struct facts *facts, uint32_t vip)
{
	return claims_answer_probes(facts, vip);
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
