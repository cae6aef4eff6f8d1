/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VIPs that an advertisement is about. VRRP lists them. CARP names no addresses: it advertises
 * the VIPs that its MAC claims.
 *
 *	size_t at = 0;
 *	while ((vip = advertised_next(facts, ip, &at)) != NONE)
 */
#ifndef ARPAUDIT_AUDIT_FACTS_ADVERTISED_H
#define ARPAUDIT_AUDIT_FACTS_ADVERTISED_H

#include "audit/facts/facts.h"

/* The next VIP. NONE: there is no other. */
uint32_t advertised_next(const struct facts *facts, const struct frame_ip *ip, size_t *at);

#endif
