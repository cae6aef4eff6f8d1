/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/vips.h"

uint32_t
vip_find(const struct facts *facts, const struct address *address)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (address_equal(vip_address(facts, vip), address))
			return vip;
	return NONE;
}

uint16_t
vip_tcp_port(const struct facts *facts, uint32_t vip, uint32_t index)
{
	const struct plan_vip *plan = &facts->cluster->vips[vip];

	for (size_t i = 0; i < plan->port_count; i++)
		if (plan->ports[i].protocol == IP_PROTOCOL_TCP && !plan->ports[i].partial &&
		    index-- == 0)
			return plan->ports[i].number;
	return 0;
}

uint32_t
vip_find_tcp_port(const struct facts *facts, uint32_t vip, uint16_t port)
{
	uint16_t other;

	for (uint32_t i = 0; (other = vip_tcp_port(facts, vip, i)) != 0; i++)
		if (other == port)
			return i;
	return NONE;
}
