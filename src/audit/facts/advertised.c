/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/advertised.h"

#include "audit/facts/claims.h"
#include "audit/facts/vips.h"

static uint32_t
next_of_carp(const struct facts *facts, const struct mac *mac, size_t *at)
{
	while (*at < vip_count(facts)) {
		const uint32_t vip = (uint32_t)(*at)++;

		if (claimant_find(facts, vip, mac) != NULL)
			return vip;
	}
	return NONE;
}

uint32_t
advertised_next(const struct facts *facts, const struct frame_ip *ip, size_t *at)
{
	if (ip->vrrp.carp) {
		const struct mac mac = mac_of_vrid(ip->vrrp.vrid);

		return next_of_carp(facts, &mac, at);
	}
	while (*at < ip->vrrp.address_count) {
		const struct address address = frame_vrrp_address(ip, (*at)++);
		const uint32_t vip = vip_find(facts, &address);

		if (vip != NONE)
			return vip;
	}
	return NONE;
}
