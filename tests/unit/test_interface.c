/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interface is found, and what is said when none is: on machines that these tests make up, as
 * not every kernel has VLANs.
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

#include "../../src/link/vlan.h"
#include "arpaudit/link.h"

#define INTERFACES_MAX 4

struct interface {
	const char *name, *address; /* of a /24; NULL: none */
	const char *trunk;          /* NULL: it is of no VLAN */
	uint16_t vlan;
	bool down;
};

/* The interfaces of this machine, and how getifaddrs(3) shows them: two entries for each. */
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
test_trunk_by_its_vlan(void **state)
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

/* What is a VLAN's own can't be the trunk, which is asked for; without a VLAN it is one of many. */
static void
test_up_interfaces(void **state)
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
	    "no interface of VLAN 200 has a subnet that holds 10.77.0.100 or a real server: name "
	    "the trunk with -i (up: eth0, eth1)");
	assert_false(FIND(interfaces, 0, &found, &error));
	assert_string_equal(error.text,
	    "no interface has a subnet that holds 10.77.0.100 or a real server: name one with -i "
	    "(up: eth0, eth0.100, eth1)");
}

/* An interface of the VLAN that is down is why none was found. */
static void
test_down_vlan(void **state)
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
	    "no interface of VLAN 100 that is up has a subnet that holds 10.77.0.100 or a real "
	    "server, but eth0.100 is down: 'ip link set eth0.100 up', or name the trunk with -i");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trunk_by_its_vlan),
	    cmocka_unit_test(test_up_interfaces),
	    cmocka_unit_test(test_down_vlan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
