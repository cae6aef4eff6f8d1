/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interface link_find() finds, and its messages if it finds none. The machines are mocked,
 * since not every kernel has VLANs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../../src/link/port.h"
#include "../../src/link/vlan.h"
#include "arpaudit/link.h"

#define INTERFACES_MAX 4

struct interface {
	const char *name, *address; /* in a /24; NULL: none */
	const char *trunk;          /* NULL: not a VLAN interface */
	uint16_t vlan;
	bool down;
	unsigned short hardware; /* 0: Ethernet */
	const char *bridge;      /* of which it is a port */
};

/* The mocked interfaces, and how getifaddrs(3) lists them: with up to two entries each. */
static const struct interface *machine;
static size_t machine_size;
static struct entries {
	struct ifaddrs hardware, ipv4;
	struct sockaddr_ll mac;
	struct sockaddr_in address, mask;
} entries[INTERFACES_MAX];

static void
fill(struct entries *entry, const struct interface *interface)
{
	const unsigned flags = interface->down ? 0 : IFF_UP | IFF_RUNNING;

	*entry = (struct entries){
	    .mac = {.sll_family = AF_PACKET, .sll_hatype = ARPHRD_ETHER, .sll_halen = 6},
	    .address = {.sin_family = AF_INET},
	    .mask = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xffffff00)},
	};
	if (interface->hardware != 0)
		entry->mac.sll_hatype = interface->hardware;
	entry->hardware = (struct ifaddrs){
	    .ifa_name = (char *)interface->name,
	    .ifa_flags = flags,
	    .ifa_addr = (struct sockaddr *)&entry->mac,
	};
	entry->ipv4 = entry->hardware;
	entry->ipv4.ifa_addr = (struct sockaddr *)&entry->address;
	entry->ipv4.ifa_netmask = (struct sockaddr *)&entry->mask;
	if (interface->address == NULL)
		return;
	assert_int_equal(inet_pton(AF_INET, interface->address, &entry->address.sin_addr), 1);
	entry->hardware.ifa_next = &entry->ipv4;
}

int
getifaddrs(struct ifaddrs **list)
{
	struct ifaddrs **end = list;

	*list = NULL;
	for (size_t i = 0; i < machine_size; i++) {
		fill(&entries[i], &machine[i]);
		*end = &entries[i].hardware;
		end = machine[i].address == NULL ? &entries[i].hardware.ifa_next
						 : &entries[i].ipv4.ifa_next;
	}
	return 0;
}

void
freeifaddrs(struct ifaddrs *list)
{
	(void)list;
}

bool
vlan_read(const char *name, struct vlan_interface *vlan)
{
	for (size_t i = 0; i < machine_size; i++) {
		if (strcmp(machine[i].name, name) != 0 || machine[i].trunk == NULL)
			continue;
		vlan->id = machine[i].vlan;
		(void)snprintf(vlan->trunk, sizeof(vlan->trunk), "%s", machine[i].trunk);
		return true;
	}
	return false;
}

bool
port_read(const char *name, struct port *port)
{
	for (size_t i = 0; i < machine_size; i++) {
		if (strcmp(machine[i].name, name) != 0 || machine[i].bridge == NULL)
			continue;
		port->kind = "bridge";
		(void)snprintf(port->of, sizeof(port->of), "%s", machine[i].bridge);
		return true;
	}
	return false;
}

static bool
find(const struct interface *interfaces, size_t count, uint16_t vlan, struct link_interface *found,
    struct error *error)
{
	const struct address vip = address_ipv4(0x0a4d0064); /* 10.77.0.100 */

	assert_true(count <= INTERFACES_MAX);
	machine = interfaces;
	machine_size = count;
	*error = (struct error){.status = 0};
	return link_find(NULL, vlan, &vip, NULL, 0, found, error);
}

#define FIND(interfaces, vlan, found, error) \
	find(interfaces, sizeof(interfaces) / sizeof((interfaces)[0]), vlan, found, error)

static void
test_vlan_interface_leads_to_its_trunk(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0", .address = "10.77.0.1"},
	    {.name = "eth1"},
	    {.name = "eth1.100", .trunk = "eth1", .vlan = 100, .address = "10.77.0.5"},
	};
	struct link_interface found;
	struct error error;
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	assert_true(FIND(interfaces, 100, &found, &error));
	assert_string_equal(found.name, "eth1");
	assert_string_equal(address_format(&found.own.address, text), "10.77.0.5");
}

/* With --vlan the message asks for a trunk, which a VLAN interface can't be. Without, it is listed.
 */
static void
test_message_lists_interfaces_that_are_up(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0", .address = "192.0.2.1"},
	    {.name = "eth0.100", .trunk = "eth0", .vlan = 100},
	    {.name = "eth1"},
	    {.name = "eth2", .down = true},
	};
	struct link_interface found;
	struct error error;

	(void)state;
	assert_false(FIND(interfaces, 200, &found, &error));
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_string_equal(error.text,
	    "no interface for VLAN 200 has 10.77.0.100 or a real server in its subnet: "
	    "name the trunk with -i (up: eth0, eth1)");
	assert_false(FIND(interfaces, 0, &found, &error));
	assert_string_equal(error.text, "no interface has 10.77.0.100 or a real server in its "
					"subnet: name one with -i (up: eth0, eth0.100, eth1)");
}

/* The interface for the VLAN exists, but is down. */
static void
test_message_names_a_vlan_interface_that_is_down(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0"},
	    {.name = "eth0.200", .trunk = "eth0", .vlan = 200, .down = true},
	    {.name = "eth0.100",
		.trunk = "eth0",
		.vlan = 100,
		.address = "10.77.0.5",
		.down = true},
	};
	struct link_interface found;
	struct error error;

	(void)state;
	assert_false(FIND(interfaces, 100, &found, &error));
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_string_equal(error.text,
	    "no interface for VLAN 100 that is up has 10.77.0.100 or a real server in its subnet, "
	    "but eth0.100 is down: run 'ip link set eth0.100 up', or name the trunk with -i");
}

/* What else is up may be no place to audit from. */
static void
test_message_names_the_only_fitting_interface_that_is_down(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0", .address = "192.0.2.1"},
	    {.name = "eth1", .address = "10.77.0.1", .down = true},
	};
	struct link_interface found;
	struct error error;

	(void)state;
	assert_false(FIND(interfaces, 0, &found, &error));
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_string_equal(error.text,
	    "the only interface with 10.77.0.100 or a real server in its subnet, eth1, is down: "
	    "bring it up with 'ip link set eth1 up', or name another with -i (up: eth0)");
}

static void
test_unfit_interfaces_are_refused_with_advice(void **state)
{
	static const struct {
		struct interface interface;
		const char *message;
	} cases[] = {
	    {{.name = "tun0", .address = "10.77.0.1", .hardware = ARPHRD_NONE},
		"interface tun0 is not Ethernet, but a tunnel or the like, through which no ARP "
		"passes: run the audit on a machine of the servers' segment, or name another "
		"interface with -i"},
	    {{.name = "ib0", .address = "10.77.0.1", .hardware = ARPHRD_INFINIBAND},
		"interface ib0 is IP over InfiniBand, not Ethernet: its ARP is of another kind, "
		"which this program does not speak: name an Ethernet interface with -i"},
	    {{.name = "eth0", .address = "10.77.0.1", .bridge = "br0"},
		"interface eth0 is a port of the bridge br0: audit on that (-i br0)"},
	};
	struct link_interface found;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(find(&cases[i].interface, 1, 0, &found, &error));
		assert_int_equal(error.status, EXIT_CANNOT_RUN);
		assert_string_equal(error.text, cases[i].message);
	}
}

static struct address
parse(const char *text)
{
	struct address address;

	assert_true(address_parse(text, &address));
	return address;
}

static void
test_subnets_are_those_of_the_segment(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0", .address = "10.77.0.1"},
	    {.name = "eth0", .address = "10.78.0.1"},
	    {.name = "eth1", .address = "10.79.0.1"},
	    {.name = "eth2", .address = "10.80.0.1", .down = true},
	};
	const struct address first = parse("10.77.0.100"), second = parse("10.78.0.7"),
			     other = parse("10.79.0.7"), down = parse("10.80.0.7");
	struct link_interface found;
	struct link_subnets subnets;
	struct error error;
	char name[LINK_NAME_SIZE];

	(void)state;
	assert_true(FIND(interfaces, 0, &found, &error));
	assert_true(link_subnets(&found, &subnets, &error));
	assert_int_equal(subnets.count, 2);
	assert_true(link_subnets_hold(&subnets, &first));
	assert_true(link_subnets_hold(&subnets, &second));
	assert_false(link_subnets_hold(&subnets, &other));
	assert_false(link_find_other(&found, &first, name));
	assert_true(link_find_other(&found, &other, name));
	assert_string_equal(name, "eth1");
	assert_false(link_find_other(&found, &down, name));
}

/* The trunk's own subnets are another segment's. */
static void
test_subnets_of_a_vlan(void **state)
{
	static const struct interface interfaces[] = {
	    {.name = "eth0", .address = "10.78.0.1"},
	    {.name = "eth0.100", .trunk = "eth0", .vlan = 100, .address = "10.77.0.5"},
	};
	const struct address on_vlan = parse("10.77.0.7"), on_trunk = parse("10.78.0.7");
	struct link_interface found;
	struct link_subnets subnets;
	struct error error;
	char name[LINK_NAME_SIZE];

	(void)state;
	assert_true(FIND(interfaces, 100, &found, &error));
	assert_true(link_subnets(&found, &subnets, &error));
	assert_int_equal(subnets.count, 1);
	assert_true(link_subnets_hold(&subnets, &on_vlan));
	assert_false(link_find_other(&found, &on_vlan, name));
	assert_true(link_find_other(&found, &on_trunk, name));
	assert_string_equal(name, "eth0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vlan_interface_leads_to_its_trunk),
	    cmocka_unit_test(test_message_lists_interfaces_that_are_up),
	    cmocka_unit_test(test_message_names_a_vlan_interface_that_is_down),
	    cmocka_unit_test(test_message_names_the_only_fitting_interface_that_is_down),
	    cmocka_unit_test(test_unfit_interfaces_are_refused_with_advice),
	    cmocka_unit_test(test_subnets_are_those_of_the_segment),
	    cmocka_unit_test(test_subnets_of_a_vlan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
