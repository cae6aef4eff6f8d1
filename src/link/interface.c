/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interfaces of this machine, from getifaddrs(3).
 */
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/link.h"

static bool
read_ipv4(const struct sockaddr *from, struct address *address)
{
	struct sockaddr_in in;

	if (from == NULL || from->sa_family != AF_INET)
		return false;
	memcpy(&in, from, sizeof(in));
	*address = address_ipv4(ntohl(in.sin_addr.s_addr));
	return true;
}

static bool
read_prefix(const struct ifaddrs *entry, struct prefix *prefix)
{
	struct address mask;
	uint32_t bits;

	*prefix = (struct prefix){.length = 32};
	if (!read_ipv4(entry->ifa_addr, &prefix->address))
		return false;
	if (!read_ipv4(entry->ifa_netmask, &mask))
		return true;
	bits = address_ipv4_number(&mask);
	for (prefix->length = 0; (bits & 0x80000000u) != 0; bits <<= 1)
		prefix->length++;
	return true;
}

/* An interface is a candidate for an address if one of its subnets, of more than one address, holds
 * it. */
static bool
is_candidate(const struct ifaddrs *entry, const struct address *address)
{
	struct prefix prefix;

	return (entry->ifa_flags & IFF_LOOPBACK) == 0 && (entry->ifa_flags & IFF_UP) != 0 &&
	       read_prefix(entry, &prefix) && prefix.length < 32 &&
	       prefix_contains(&prefix, address);
}

/* The only interface that is a candidate; false when there is none, or (named in `error`) several.
 */
static bool
choose(const struct ifaddrs *list, const struct address *address, char name[IFNAMSIZ],
    struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	name[0] = '\0';
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if (!is_candidate(entry, address) || strcmp(name, entry->ifa_name) == 0)
			continue;
		if (name[0] != '\0')
			return error_set(error, EXIT_CANNOT_RUN,
			    "%s is in the subnets of both %s and %s: choose one with -i",
			    address_format(address, text), name, entry->ifa_name);
		(void)snprintf(name, IFNAMSIZ, "%s", entry->ifa_name);
	}
	return name[0] != '\0';
}

static void
read_hardware(const struct ifaddrs *entry, struct link_interface *interface)
{
	struct sockaddr_ll hardware;

	memcpy(&hardware, entry->ifa_addr, sizeof(hardware));
	interface->ethernet = hardware.sll_hatype == ARPHRD_ETHER &&
			      hardware.sll_halen == sizeof(interface->mac.octet);
	memcpy(interface->mac.octet, hardware.sll_addr, sizeof(interface->mac.octet));
	interface->up = (entry->ifa_flags & IFF_UP) != 0;
	interface->running = (entry->ifa_flags & IFF_RUNNING) != 0;
	interface->arp = (entry->ifa_flags & IFF_NOARP) == 0;
}

/* Everything about the interface called `name`; of its addresses, the one nearest to `vip`. */
static bool
read_interface(const struct ifaddrs *list, const char *name, const struct address *vip,
    struct link_interface *interface)
{
	bool found = false;
	struct prefix prefix;

	*interface = (struct link_interface){0};
	(void)snprintf(interface->name, sizeof(interface->name), "%s", name);
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if (entry->ifa_addr == NULL || strcmp(entry->ifa_name, name) != 0)
			continue;
		if (entry->ifa_addr->sa_family == AF_PACKET) {
			read_hardware(entry, interface);
			found = true;
		}
		if (read_prefix(entry, &prefix) &&
		    (!address_is_set(&interface->own.address) ||
			(prefix_contains(&prefix, vip) && !prefix_contains(&interface->own, vip))))
			interface->own = prefix;
	}
	return found;
}

static bool
check_interface(const struct link_interface *interface, struct error *error)
{
	const char *name = interface->name;

	if (!interface->ethernet)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is not Ethernet: ARP can't be audited there", name);
	if (!interface->up)
		return error_set(
		    error, EXIT_CANNOT_RUN, "interface %s is down: ip link set %s up", name, name);
	if (!interface->running)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has no carrier: check its cable or peer", name);
	if (!interface->arp)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s does no ARP (NOARP): choose another with -i", name);
	return true;
}

static bool
find(const struct ifaddrs *list, const char *name, const struct address *vip,
    const struct address *rips, size_t rip_count, struct link_interface *interface,
    struct error *error)
{
	char chosen[IFNAMSIZ] = "", text[ADDRESS_TEXT_SIZE];

	if (name == NULL) {
		bool found = choose(list, vip, chosen, error);

		for (size_t i = 0; i < rip_count && !found && error->status == 0; i++)
			found = choose(list, &rips[i], chosen, error);
		if (!found)
			return error_set(error, EXIT_CANNOT_RUN,
			    "no interface has a subnet that holds %s: choose one with -i",
			    address_format(vip, text));
		name = chosen;
	}
	if (strlen(name) >= IFNAMSIZ || !read_interface(list, name, vip, interface))
		return error_set(
		    error, EXIT_CANNOT_RUN, "no such interface: %s (ip link shows them)", name);
	return check_interface(interface, error);
}

bool
link_find(const char *name, const struct address *vip, const struct address *rips, size_t rip_count,
    struct link_interface *interface, struct error *error)
{
	struct ifaddrs *list;
	bool found;

	if (getifaddrs(&list) != 0)
		return error_set(
		    error, EXIT_CANNOT_RUN, "can't list the interfaces: %s", strerror(errno));
	found = find(list, name, vip, rips, rip_count, interface, error);
	freeifaddrs(list);
	return found;
}

bool
link_address_is_local(const struct address *address)
{
	struct ifaddrs *list;
	struct address own;
	bool local = false;

	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next)
		if (read_ipv4(entry->ifa_addr, &own) && address_equal(&own, address))
			local = true;
	freeifaddrs(list);
	return local;
}
