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
#include "vlan.h"

#define IPV4_BITS 32

/* What the interface is looked for: the VIP, or else a RIP; on a VLAN, or (0) on none. */
struct wanted {
	uint16_t vlan;
	const struct address *vip;
	const struct address *rips;
	size_t rip_count;
};

/* Names of interfaces, for a message. */
struct names {
	char text[256];
	char last[IFNAMSIZ];
	size_t count;
};

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

	*prefix = (struct prefix){.length = IPV4_BITS};
	if (!read_ipv4(entry->ifa_addr, &prefix->address))
		return false;
	if (!read_ipv4(entry->ifa_netmask, &mask))
		return true;
	prefix->length = 0;
	for (uint32_t bits = address_ipv4_number(&mask); (bits & 0x80000000u) != 0; bits <<= 1)
		prefix->length++;
	return true;
}

/* The interface of an entry. An IPv4 address goes by its label, which may be "eth0:1". */
static void
read_name(const struct ifaddrs *entry, char name[IFNAMSIZ])
{
	(void)snprintf(name, IFNAMSIZ, "%.*s", (int)strcspn(entry->ifa_name, ":"), entry->ifa_name);
}

/* The interface to send on, to be where the entry's address is: its own, or that below it on which
 * frames of the VLAN are tagged. False when the entry is not of that VLAN. */
static bool
read_sender(const struct ifaddrs *entry, const struct wanted *wanted, char name[IFNAMSIZ])
{
	struct vlan_interface vlan;

	read_name(entry, name);
	if (wanted->vlan == 0)
		return true;
	if (!vlan_read(name, &vlan) || vlan.id != wanted->vlan)
		return false;
	memcpy(name, vlan.trunk, IFNAMSIZ);
	return true;
}

/* How well a subnet fits: 0 not at all, more for a longer prefix, as in a routing table, and more
 * for the VIP than for any RIP. An address without neighbours (/32) is on no segment. */
static unsigned
fit(const struct prefix *subnet, const struct wanted *wanted)
{
	if (subnet->length >= IPV4_BITS)
		return 0;
	if (prefix_contains(subnet, wanted->vip))
		return 2 * IPV4_BITS + subnet->length;
	for (size_t i = 0; i < wanted->rip_count; i++)
		if (prefix_contains(subnet, &wanted->rips[i]))
			return IPV4_BITS + subnet->length;
	return 0;
}

static unsigned
fit_entry(const struct ifaddrs *entry, const struct wanted *wanted)
{
	struct prefix subnet;

	if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || (entry->ifa_flags & IFF_UP) == 0 ||
	    !read_prefix(entry, &subnet))
		return 0;
	return fit(&subnet, wanted);
}

/* The entries of one interface lie next to each other. */
static void
add_name(struct names *names, const char name[IFNAMSIZ])
{
	const size_t used = strlen(names->text);

	if (strcmp(names->last, name) == 0)
		return;
	memcpy(names->last, name, IFNAMSIZ);
	(void)snprintf(names->text + used, sizeof(names->text) - used, "%s%s",
	    names->count == 0 ? "" : ", ", name);
	names->count++;
}

/* The one entry of each interface that is up. */
static bool
is_up(const struct ifaddrs *entry)
{
	return (entry->ifa_flags & IFF_UP) != 0 && entry->ifa_addr != NULL &&
	       entry->ifa_addr->sa_family == AF_PACKET;
}

/* The machine's interface of the VLAN, when it is down: it would show the trunk. */
static bool
find_down(const struct ifaddrs *list, const struct wanted *wanted, char name[IFNAMSIZ])
{
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if ((entry->ifa_flags & IFF_UP) != 0 || !read_sender(entry, wanted, name))
			continue;
		read_name(entry, name);
		return true;
	}
	return false;
}

static bool
refuse_no_vlan(const struct ifaddrs *list, const struct wanted *wanted, const char *vip,
    const char *up, struct error *error)
{
	char down[IFNAMSIZ];

	if (find_down(list, wanted, down))
		return error_set(error, EXIT_CANNOT_RUN,
		    "no interface of VLAN %u that is up has a subnet that holds %s or a real "
		    "server, but %s is down: 'ip link set %s up', or name the trunk with -i",
		    wanted->vlan, vip, down, down);
	return error_set(error, EXIT_CANNOT_RUN,
	    "no interface of VLAN %u has a subnet that holds %s or a real server: name the trunk "
	    "with -i (up: %s)",
	    wanted->vlan, vip, up);
}

static bool
refuse_none(const struct ifaddrs *list, const struct wanted *wanted, struct error *error)
{
	struct names up = {0};
	struct vlan_interface vlan;
	char name[IFNAMSIZ], text[ADDRESS_TEXT_SIZE];

	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || !is_up(entry))
			continue;
		read_name(entry, name);
		/* What tags frames itself is refused as a trunk. */
		if (wanted->vlan == 0 || !vlan_read(name, &vlan))
			add_name(&up, name);
	}
	address_format(wanted->vip, text);
	if (up.count == 0)
		(void)snprintf(up.text, sizeof(up.text), "none");
	if (wanted->vlan != 0)
		return refuse_no_vlan(list, wanted, text, up.text, error);
	return error_set(error, EXIT_CANNOT_RUN,
	    "no interface has a subnet that holds %s or a real server: name one with -i (up: %s)",
	    text, up.text);
}

/* The interface with the subnet that fits best. */
static bool
choose(const struct ifaddrs *list, const struct wanted *wanted, char name[IFNAMSIZ],
    struct error *error)
{
	struct names candidates = {0};
	char sender[IFNAMSIZ];
	unsigned best = 0;

	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		const unsigned entry_fit = fit_entry(entry, wanted);

		if (entry_fit == 0 || entry_fit < best || !read_sender(entry, wanted, sender))
			continue;
		if (entry_fit > best)
			candidates = (struct names){0};
		best = entry_fit;
		add_name(&candidates, sender);
	}
	if (candidates.count == 0)
		return refuse_none(list, wanted, error);
	if (candidates.count > 1)
		return error_set(error, EXIT_CANNOT_RUN,
		    "several interfaces are on the subnet: name one of them with -i (%s)",
		    candidates.text);
	memcpy(name, candidates.last, IFNAMSIZ);
	return true;
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

/* Everything about the interface; of its addresses, the first of those that fit best. */
static bool
read_interface(const struct ifaddrs *list, const char *name, const struct wanted *wanted,
    struct link_interface *interface)
{
	bool found = false;

	*interface = (struct link_interface){.vlan = wanted->vlan};
	(void)snprintf(interface->name, sizeof(interface->name), "%s", name);
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		char entry_name[IFNAMSIZ];
		struct prefix prefix;

		read_name(entry, entry_name);
		if (entry->ifa_addr == NULL || strcmp(entry_name, name) != 0)
			continue;
		if (entry->ifa_addr->sa_family == AF_PACKET) {
			read_hardware(entry, interface);
			found = true;
		}
		if (read_prefix(entry, &prefix) &&
		    (!address_is_set(&interface->own.address) ||
			fit(&prefix, wanted) > fit(&interface->own, wanted)))
			interface->own = prefix;
	}
	return found;
}

/*
 * What the probe is on the VLAN: what the machine's own interface of it is, if it has one. The
 * addresses of the trunk itself are of another segment, where they may be anybody's.
 */
static void
move_to_vlan(const struct ifaddrs *list, const struct wanted *wanted, struct link_interface *trunk)
{
	struct link_interface on_vlan;
	char name[IFNAMSIZ];

	trunk->own = (struct prefix){0};
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if (!is_up(entry) || !read_sender(entry, wanted, name) ||
		    strcmp(name, trunk->name) != 0)
			continue;
		read_name(entry, name);
		if (!read_interface(list, name, wanted, &on_vlan))
			continue;
		trunk->own = on_vlan.own;
		trunk->mac = on_vlan.mac;
	}
}

static bool
check_interface(const struct link_interface *interface, struct error *error)
{
	const char *const name = interface->name;

	if (!interface->ethernet)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is not Ethernet: name another with -i", name);
	if (!interface->up)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is down: bring it up with 'ip link set %s up'", name, name);
	if (!interface->running)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has no carrier: check its cable or its peer", name);
	if (!interface->arp)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has ARP turned off (NOARP): name another with -i", name);
	return true;
}

static bool
find(const struct ifaddrs *list, const char *name, const struct wanted *wanted,
    struct link_interface *interface, struct error *error)
{
	struct vlan_interface vlan;
	char chosen[IFNAMSIZ];

	if (name == NULL) {
		if (!choose(list, wanted, chosen, error))
			return false;
	} else if (if_indextoname(if_nametoindex(name), chosen) == NULL) {
		/* By way of the index, because the name may be an alternative one. */
		return error_set(
		    error, EXIT_CANNOT_RUN, "no such interface: %s ('ip link' lists them)", name);
	}
	if (wanted->vlan != 0 && vlan_read(chosen, &vlan))
		return error_set(error, EXIT_USAGE,
		    "interface %s tags frames itself, for VLAN %u: leave out --vlan, or name the "
		    "trunk below it with -i",
		    chosen, vlan.id);
	if (!read_interface(list, chosen, wanted, interface))
		return error_set(
		    error, EXIT_CANNOT_RUN, "interface %s is gone: it was there just now", chosen);
	if (wanted->vlan != 0)
		move_to_vlan(list, wanted, interface);
	return check_interface(interface, error);
}

bool
link_find(const char *name, uint16_t vlan, const struct address *vip, const struct address *rips,
    size_t rip_count, struct link_interface *interface, struct error *error)
{
	const struct wanted wanted = {
	    .vlan = vlan, .vip = vip, .rips = rips, .rip_count = rip_count};
	struct ifaddrs *list;
	bool found;

	if (getifaddrs(&list) != 0)
		return error_set(
		    error, EXIT_CANNOT_RUN, "can't list the interfaces: %s", strerror(errno));
	found = find(list, name, &wanted, interface, error);
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
