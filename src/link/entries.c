/* SPDX-License-Identifier: BSD-2-Clause */
#include "entries.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "vlan.h"

#define IPV4_BITS 32

bool
entry_ipv4(const struct sockaddr *from, struct address *address)
{
	struct sockaddr_in in;

	if (from == NULL || from->sa_family != AF_INET)
		return false;
	memcpy(&in, from, sizeof(in));
	*address = address_ipv4(ntohl(in.sin_addr.s_addr));
	return true;
}

bool
entry_prefix(const struct ifaddrs *entry, struct prefix *prefix)
{
	struct address mask;

	*prefix = (struct prefix){.length = IPV4_BITS};
	if (!entry_ipv4(entry->ifa_addr, &prefix->address))
		return false;
	if (!entry_ipv4(entry->ifa_netmask, &mask))
		return true;
	prefix->length = 0;
	for (uint32_t bits = address_ipv4_number(&mask); (bits & 0x80000000u) != 0; bits <<= 1)
		prefix->length++;
	return true;
}

void
entry_name(const struct ifaddrs *entry, char name[IFNAMSIZ])
{
	(void)snprintf(name, IFNAMSIZ, "%.*s", (int)strcspn(entry->ifa_name, ":"), entry->ifa_name);
}

bool
entry_sender(const struct ifaddrs *entry, uint16_t vlan, char name[IFNAMSIZ])
{
	struct vlan_interface on_vlan;

	entry_name(entry, name);
	if (vlan == 0)
		return true;
	if (!vlan_read(name, &on_vlan) || on_vlan.id != vlan)
		return false;
	memcpy(name, on_vlan.trunk, IFNAMSIZ);
	return true;
}
