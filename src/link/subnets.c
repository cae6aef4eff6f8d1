/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which subnets the interface of an audit has, and which interface has the subnet of an address.
 */
#include <errno.h>
#include <string.h>

#include "arpaudit/link.h"
#include "entries.h"

#define IPV4_BITS 32

/* Whether it is an address that the machine has on the segment of `interface`. On a trunk, it is
 * that of an interface of the VLAN. */
static bool
is_on_segment(const struct ifaddrs *entry, const struct link_interface *interface)
{
	char name[IFNAMSIZ];

	return entry_sender(entry, interface->vlan, name) && strcmp(name, interface->name) == 0;
}

/* A /32 has no neighbours. */
static bool
read_subnet(const struct ifaddrs *entry, struct prefix *subnet)
{
	return (entry->ifa_flags & IFF_UP) != 0 && (entry->ifa_flags & IFF_LOOPBACK) == 0 &&
	       entry_prefix(entry, subnet) && subnet->length < IPV4_BITS;
}

bool
link_subnets(
    const struct link_interface *interface, struct link_subnets *subnets, struct error *error)
{
	struct ifaddrs *list;
	struct prefix subnet;

	subnets->count = 0;
	if (getifaddrs(&list) != 0)
		return error_set(error, EXIT_CANNOT_RUN, "can't list the network interfaces: %s",
		    strerror(errno));
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next)
		if (subnets->count < LINK_SUBNETS_MAX && read_subnet(entry, &subnet) &&
		    is_on_segment(entry, interface))
			subnets->subnet[subnets->count++] = subnet;
	freeifaddrs(list);
	return true;
}

bool
link_subnets_hold(const struct link_subnets *subnets, const struct address *address)
{
	for (size_t i = 0; i < subnets->count; i++)
		if (prefix_contains(&subnets->subnet[i], address))
			return true;
	return false;
}

bool
link_find_other(const struct link_interface *interface, const struct address *address,
    char name[LINK_NAME_SIZE])
{
	struct ifaddrs *list;
	struct prefix subnet;
	unsigned longest = 0;

	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if (!read_subnet(entry, &subnet) || is_on_segment(entry, interface) ||
		    !prefix_contains(&subnet, address) || subnet.length < longest)
			continue;
		longest = subnet.length;
		entry_name(entry, name);
	}
	freeifaddrs(list);
	return longest > 0;
}
