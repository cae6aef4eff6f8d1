/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VIPs of the plan by index.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_VIPS_H
#define ARPAUDIT_AUDIT_FACTS_VIPS_H

#include "audit/facts/facts.h"

static inline uint32_t
vip_count(const struct facts *facts)
{
	return (uint32_t)facts->cluster->vip_count;
}

static inline const struct address *
vip_address(const struct facts *facts, uint32_t vip)
{
	return &facts->cluster->vips[vip].address;
}

/* The TCP port number `index` of the VIP, in the order of the plan; 0: it has no more of them. */
uint16_t vip_tcp_port(const struct facts *facts, uint32_t vip, uint32_t index);
/* The index of a TCP port; NONE if the plan does not name it. */
uint32_t vip_find_tcp_port(const struct facts *facts, uint32_t vip, uint16_t port);

/* The first TCP port, which is enough to make a host answer; 0 if the plan names none. */
static inline uint16_t
vip_port(const struct facts *facts, uint32_t vip)
{
	return vip_tcp_port(facts, vip, 0);
}

/* Whether the plan names a TCP port. */
static inline bool
vip_has_tcp_port(const struct facts *facts, uint32_t vip)
{
	return vip_port(facts, vip) != 0;
}

/* Whether the VIP is outside of the probe's own subnet. False if the probe has no address. */
static inline bool
vip_is_outside(const struct facts *facts, uint32_t vip)
{
	return address_is_set(&facts->segment.own.address) &&
	       !facts_own_subnet_has(facts, vip_address(facts, vip));
}

/* NONE if the plan has no such VIP. */
uint32_t vip_find(const struct facts *facts, const struct address *address);

#endif
