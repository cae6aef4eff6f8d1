/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The default gateway of this machine on a segment, from /proc/net/route (proc(5)). Its numbers are
 * hexadecimal; addresses are in network byte order, printed as a number of this machine.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/link.h"
#include "vlan.h"

#define ROUTE_GATEWAY 0x2 /* RTF_UP and RTF_GATEWAY of linux/route.h */
#define ROUTE_UP      0x1

struct route {
	char interface[LINK_NAME_SIZE];
	uint32_t destination, gateway, mask;
	unsigned flags, metric;
};

/* "eth0 00000000 0100007F 0003 0 0 100 00000000 0 0 0"; the heading has no numbers. */
static bool
parse_route(const char *line, struct route *route)
{
	return sscanf(line, "%15s %" SCNx32 " %" SCNx32 " %x %*u %*u %u %" SCNx32, route->interface,
		   &route->destination, &route->gateway, &route->flags, &route->metric,
		   &route->mask) == 6;
}

/* Whether the route's interface sends on the segment: on a trunk, an interface of the VLAN. */
static bool
is_on_segment(const struct route *route, const struct link_interface *interface)
{
	struct vlan_interface vlan;

	if (interface->vlan == 0)
		return strcmp(route->interface, interface->name) == 0;
	return vlan_read(route->interface, &vlan) && vlan.id == interface->vlan &&
	       strcmp(vlan.trunk, interface->name) == 0;
}

static bool
is_default(const struct route *route)
{
	return route->destination == 0 && route->mask == 0 && route->gateway != 0 &&
	       (route->flags & ROUTE_UP) != 0 && (route->flags & ROUTE_GATEWAY) != 0;
}

bool
link_default_gateway(const struct link_interface *interface, struct address *gateway)
{
	FILE *const stream = fopen("/proc/net/route", "re");
	unsigned least = 0;
	bool found = false;
	char line[256];
	struct route route;

	if (stream == NULL)
		return false;
	while (fgets(line, sizeof(line), stream) != NULL) {
		if (!parse_route(line, &route) || !is_default(&route) ||
		    !is_on_segment(&route, interface) || (found && route.metric >= least))
			continue;
		*gateway = address_ipv4(ntohl(route.gateway));
		least = route.metric;
		found = true;
	}
	(void)fclose(stream);
	return found;
}
