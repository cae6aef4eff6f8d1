/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interfaces that are ports of others: of a bridge, or of a bond. What belongs to the segment, such
 * as the machine's address, is then the other's.
 */
#ifndef ARPAUDIT_LINK_PORT_H
#define ARPAUDIT_LINK_PORT_H

#include <net/if.h>
#include <stdbool.h>

struct port {
	const char *kind; /* of `of`: "bridge" or "bond" */
	char of[IFNAMSIZ];
};

/* Reads what the interface is a port of, from sysfs. Returns false if it is none. */
bool port_read(const char *name, struct port *port);

#endif
