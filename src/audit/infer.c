/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the behaviour says about the sysctls: the set of levels that agree with what was seen, by
 * the tables of arpaudit-method(7), which hold for a VIP that is not on the answering interface.
 *
 * arp_ignore 2 answers only those who ask from the interface's own subnet, so there is one more
 * question: who-has RIP from an address outside of every subnet. It is in use nowhere, as it is
 * taken from the networks reserved for documentation (RFC 5737). Its silence is no proof, as strict
 * rp_filter makes a host ignore it too.
 */
#include <assert.h>

#include "arpaudit/engine.h"

#define IGNORE(level) (1u << (level))

/* Asking costs a frame per host, and tells something only of hosts that need a remedy: of a large
 * segment only those that answer for the VIP are asked. */
#define ASKED_HOSTS_MAX 64
/* One fenced silence is enough for an inference only where frames are hardly ever lost. */
#define ANSWERED_PER_LOST 20

static bool
is_free(const struct audit *audit, const struct prefix *network)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (prefix_contains(network, &audit->vips[vip].address))
			return false;
	for (uint32_t host = 0; host < audit->host_count; host++)
		if (prefix_contains(network, &audit->hosts[host].rip))
			return false;
	return !prefix_contains(network, &audit->source) &&
	       !prefix_contains(network, &audit->segment.own.address) &&
	       !prefix_contains(&audit->segment.own, &network->address);
}

void
infer_init(struct audit *audit)
{
	static const uint32_t networks[] = {0xc6336400, 0xcb007100, 0xc0000200};

	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		const struct prefix network = {.address = address_ipv4(networks[i]), .length = 24};

		if (!is_free(audit, &network))
			continue;
		audit->outside = address_ipv4(networks[i] + 1 + random_below(&audit->random, 254));
		return;
	}
}

static bool
answers_for_a_vip(const struct audit *audit, uint32_t host)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (pair_of(audit, host, vip)->replied && !host_is_director(audit, host, vip))
			return true;
	return false;
}

bool
infer_wants_outside(const struct audit *audit, uint32_t host)
{
	return address_is_set(&audit->outside) && !audit->hosts[host].outside_answered &&
	       !audit->hosts[host].outside_silent &&
	       (audit->host_count <= ASKED_HOSTS_MAX || answers_for_a_vip(audit, host));
}

bool
infer_is_complete(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);
	unsigned wanted = 1u << SPA_SOURCE | 1u << SPA_UNSPECIFIED;

	if (address_is_set(&audit->outside))
		wanted |= 1u << SPA_OUTSIDE;
	/* What it does not answer fences with says nothing about the VIP. */
	for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_UNSPECIFIED; kind++)
		if ((audit->hosts[host].fences_answered & 1u << kind) == 0)
			wanted &= ~(1u << kind);
	return (wanted & ~((unsigned)pair->answered | pair->silent)) == 0;
}

/* The levels at which a host that holds the VIP answers for it as this one does. */
static unsigned
levels_answering(const struct audit *audit, const struct host *host, const struct pair *pair)
{
	const struct loss *loss = &audit->loss[PATH_UNICAST];
	const bool certain = loss->lost * ANSWERED_PER_LOST <= loss->answered;
	const unsigned silent = certain ? pair->silent & ~(unsigned)pair->answered : 0;

	/* Only from within the subnet of the address itself: it is on the interface, as a /32. */
	if ((silent & 1u << SPA_SOURCE) != 0 && (pair->answered & 1u << SPA_UNSPECIFIED) != 0)
		return host->outside_answered ? 0 : IGNORE(2);
	if ((silent & 1u << SPA_UNSPECIFIED) != 0)
		return 0;
	/* Level 2 with the VIP on the interface in its subnet, or strict rp_filter. */
	if ((silent & 1u << SPA_OUTSIDE) != 0)
		return host->outside_answered ? 0 : IGNORE(0) | IGNORE(2) | IGNORE(3);
	return IGNORE(0) | IGNORE(3);
}

static unsigned
ignore_levels(const struct audit *audit, const struct host *host, const struct pair *pair,
    const struct host_result *result)
{
	if (!pair->bound)
		return 0;
	if (pair->replied)
		return levels_answering(audit, host, pair);
	if (result->checks[CHECK_VIP_REPLY].outcome != OUTCOME_PASS)
		return 0;
	return host->outside_answered ? IGNORE(1) : IGNORE(1) | IGNORE(2);
}

void
infer(const struct audit *audit, uint32_t index, uint32_t vip, struct host_result *result)
{
	const struct host *host = &audit->hosts[index];
	const struct pair *pair = pair_of(audit, index, vip);
	const bool inside = address_is_set(&audit->segment.own.address) &&
			    prefix_contains(&audit->segment.own, &audit->vips[vip].address);

	if (host_is_director(audit, index, vip) || host_was_director(audit, index, vip) ||
	    host->mac_count == 0)
		return;
	result->arp_ignore = (uint16_t)ignore_levels(audit, host, pair, result);
	if (pair->source == SOURCE_VIP)
		result->arp_announce = (uint16_t)(1u << 0 | (inside ? 1u << 1 : 0));
	else if (result->checks[CHECK_VIP_SOURCE].outcome == OUTCOME_PASS)
		result->arp_announce = (uint16_t)(1u << 2 | (inside ? 0 : 1u << 1));
}
