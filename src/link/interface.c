/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the interface to audit on among those of this machine, from getifaddrs(3).
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
#include "entries.h"
#include "port.h"
#include "vlan.h"

#define IPV4_BITS 32

/* The search criteria: a subnet with the VIP or else a RIP, on a VLAN (0: untagged). */
struct wanted {
	uint16_t vlan;
	const struct address *vip;
	const struct address *rips;
	size_t rip_count;
};

/* Interface names to list in a message. */
struct names {
	char text[256];
	char last[IFNAMSIZ];
	size_t count;
};

static bool
holds_rip(const struct prefix *subnet, const struct wanted *wanted)
{
	for (size_t i = 0; i < wanted->rip_count; i++)
		if (prefix_contains(subnet, &wanted->rips[i]))
			return true;
	return false;
}

/* 0 for no match, and higher for a longer prefix, as in a routing table. The best match rates
 * higher than any other. A /32 has no neighbours and is not on a segment. */
static unsigned
rate(const struct prefix *subnet, bool best, bool other)
{
	if (subnet->length >= IPV4_BITS || !(best || other))
		return 0;
	return (best ? 2u : 1u) * IPV4_BITS + subnet->length;
}

/* Rates how well a subnet matches. The VIP is the best match, before the RIPs. */
static unsigned
rate_subnet(const struct prefix *subnet, const struct wanted *wanted)
{
	return rate(subnet, prefix_contains(subnet, wanted->vip), holds_rip(subnet, wanted));
}

/* Rates how well an address of the chosen interface fits. Hosts with arp_ignore 2 answer only
 * within their own subnet, and hosts need no route to the VIP's. So a subnet with real servers is
 * better than one with the VIP alone, and one with both is as good. */
static unsigned
rate_own(const struct prefix *subnet, const struct wanted *wanted)
{
	return rate(subnet, holds_rip(subnet, wanted), prefix_contains(subnet, wanted->vip));
}

static unsigned
rate_entry(const struct ifaddrs *entry, const struct wanted *wanted)
{
	struct prefix subnet;

	if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || (entry->ifa_flags & IFF_UP) == 0 ||
	    !entry_prefix(entry, &subnet))
		return 0;
	return rate_subnet(&subnet, wanted);
}

/* Adds a name once: all entries of one interface are adjacent. */
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

/* Selects exactly one entry of each interface that is up. */
static bool
is_up(const struct ifaddrs *entry)
{
	return (entry->ifa_flags & IFF_UP) != 0 && entry->ifa_addr != NULL &&
	       entry->ifa_addr->sa_family == AF_PACKET;
}

/* Finds an interface for the wanted VLAN that is down. If up, it would identify the trunk. */
static bool
find_down_vlan(const struct ifaddrs *list, const struct wanted *wanted, char name[IFNAMSIZ])
{
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if ((entry->ifa_flags & IFF_UP) != 0 || !entry_sender(entry, wanted->vlan, name))
			continue;
		entry_name(entry, name);
		return true;
	}
	return false;
}

static bool
refuse_no_vlan(const struct ifaddrs *list, const struct wanted *wanted, const char *vip,
    const char *up, struct error *error)
{
	char down[IFNAMSIZ];

	if (find_down_vlan(list, wanted, down))
		return error_set(error, EXIT_CANNOT_RUN,
		    "no interface for VLAN %u that is up has %s or a real server in its subnet, "
		    "but %s is down: run 'ip link set %s up', or name the trunk with -i",
		    wanted->vlan, vip, down, down);
	return error_set(error, EXIT_CANNOT_RUN,
	    "no interface for VLAN %u has %s or a real server in its subnet: name the trunk with "
	    "-i (up: %s)",
	    wanted->vlan, vip, up);
}

/* Finds the interface that would be chosen if it were up. */
static bool
find_down(const struct ifaddrs *list, const struct wanted *wanted, char name[IFNAMSIZ])
{
	unsigned best = 0;

	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		struct prefix subnet;

		if ((entry->ifa_flags & (IFF_LOOPBACK | IFF_UP)) != 0 ||
		    !entry_prefix(entry, &subnet) || rate_subnet(&subnet, wanted) <= best)
			continue;
		best = rate_subnet(&subnet, wanted);
		entry_name(entry, name);
	}
	return best > 0;
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
		entry_name(entry, name);
		/* A VLAN interface would be refused as the trunk. */
		if (wanted->vlan == 0 || !vlan_read(name, &vlan))
			add_name(&up, name);
	}
	address_format(wanted->vip, text);
	if (up.count == 0)
		(void)snprintf(up.text, sizeof(up.text), "none");
	if (wanted->vlan != 0)
		return refuse_no_vlan(list, wanted, text, up.text, error);
	if (find_down(list, wanted, name))
		return error_set(error, EXIT_CANNOT_RUN,
		    "the only interface with %s or a real server in its subnet, %s, is down: bring "
		    "it up with 'ip link set %s up', or name another with -i (up: %s)",
		    text, name, name, up.text);
	return error_set(error, EXIT_CANNOT_RUN,
	    "no interface has %s or a real server in its subnet: name one with -i (up: %s)", text,
	    up.text);
}

/* Chooses the interface whose subnet matches best. */
static bool
choose(const struct ifaddrs *list, const struct wanted *wanted, char name[IFNAMSIZ],
    struct error *error)
{
	struct names candidates = {0};
	char sender[IFNAMSIZ];
	unsigned best = 0;

	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		const unsigned rating = rate_entry(entry, wanted);

		if (rating == 0 || rating < best || !entry_sender(entry, wanted->vlan, sender))
			continue;
		if (rating > best)
			candidates = (struct names){0};
		best = rating;
		add_name(&candidates, sender);
	}
	if (candidates.count == 0)
		return refuse_none(list, wanted, error);
	if (candidates.count > 1)
		return error_set(error, EXIT_CANNOT_RUN,
		    "several interfaces are on this subnet: choose one with -i (%s)",
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
	interface->infiniband = hardware.sll_hatype == ARPHRD_INFINIBAND;
	memcpy(interface->mac.octet, hardware.sll_addr, sizeof(interface->mac.octet));
	interface->up = (entry->ifa_flags & IFF_UP) != 0;
	interface->running = (entry->ifa_flags & IFF_RUNNING) != 0;
	interface->arp = (entry->ifa_flags & IFF_NOARP) == 0;
}

/* Reads everything about the interface. Of its addresses, takes the first one that matches best. */
static bool
read_interface(const struct ifaddrs *list, const char *name, const struct wanted *wanted,
    struct link_interface *interface)
{
	bool found = false;

	*interface = (struct link_interface){.vlan = wanted->vlan};
	(void)snprintf(interface->name, sizeof(interface->name), "%s", name);
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		char of[IFNAMSIZ];
		struct prefix prefix;

		entry_name(entry, of);
		if (strcmp(of, name) != 0)
			continue;
		found = true;
		/* A tunnel's interface has no hardware address: it is in the list without one. */
		if (entry->ifa_addr == NULL)
			continue;
		if (entry->ifa_addr->sa_family == AF_PACKET)
			read_hardware(entry, interface);
		if (entry_prefix(entry, &prefix) &&
		    (!address_is_set(&interface->own.address) ||
			rate_own(&prefix, wanted) > rate_own(&interface->own, wanted)))
			interface->own = prefix;
	}
	return found;
}

/*
 * Gives the probe the MAC and address of the machine's VLAN interface, if it has one. The addresses
 * of the trunk itself belong to another segment; on the VLAN, another host may have them.
 */
static void
use_vlan_interface(
    const struct ifaddrs *list, const struct wanted *wanted, struct link_interface *trunk)
{
	struct link_interface on_vlan;
	char name[IFNAMSIZ];

	trunk->own = (struct prefix){0};
	for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
		if (!is_up(entry) || !entry_sender(entry, wanted->vlan, name) ||
		    strcmp(name, trunk->name) != 0)
			continue;
		entry_name(entry, name);
		if (!read_interface(list, name, wanted, &on_vlan))
			continue;
		trunk->own = on_vlan.own;
		trunk->mac = on_vlan.mac;
	}
}

static bool
refuse_hardware(const struct link_interface *interface, struct error *error)
{
	if (interface->infiniband)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is IP over InfiniBand, not Ethernet: its ARP is of another kind, "
		    "which this program does not speak: name an Ethernet interface with -i",
		    interface->name);
	return error_set(error, EXIT_CANNOT_RUN,
	    "interface %s is not Ethernet, but a tunnel or the like, through which no ARP passes: "
	    "run the audit on a machine of the servers' segment, or name another interface with -i",
	    interface->name);
}

static bool
check_interface(const struct link_interface *interface, struct error *error)
{
	const char *const name = interface->name;
	struct port port;

	if (!interface->ethernet)
		return refuse_hardware(interface, error);
	if (port_read(name, &port))
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is a port of the %s %s: audit on that (-i %s)", name, port.kind,
		    port.of, port.of);
	if (!interface->up)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s is down: bring it up with 'ip link set %s up'", name, name);
	if (!interface->running)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has no carrier: check the cable and the other end", name);
	if (!interface->arp)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has ARP turned off (NOARP): choose another with -i", name);
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
		/* The lookup goes through the index because `name` may be an alternative name. */
		return error_set(error, EXIT_CANNOT_RUN,
		    "there is no interface %s: list the interfaces with 'ip link'", name);
	}
	if (wanted->vlan != 0 && vlan_read(chosen, &vlan))
		return error_set(error, EXIT_USAGE,
		    "interface %s is itself a VLAN interface (VLAN %u): omit --vlan, or name its "
		    "trunk with -i",
		    chosen, vlan.id);
	if (!read_interface(list, chosen, wanted, interface))
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has just disappeared: check it with 'ip link'", chosen);
	if (wanted->vlan != 0)
		use_vlan_interface(list, wanted, interface);
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
		return error_set(error, EXIT_CANNOT_RUN, "can't list the network interfaces: %s",
		    strerror(errno));
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
		if (entry_ipv4(entry->ifa_addr, &own) && address_equal(&own, address))
			local = true;
	freeifaddrs(list);
	return local;
}
