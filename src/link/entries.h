/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entries of getifaddrs(3): one for each interface (AF_PACKET), and one for each address.
 */
#ifndef ARPAUDIT_LINK_ENTRIES_H
#define ARPAUDIT_LINK_ENTRIES_H

#include <ifaddrs.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/address.h"

/* Reads an IPv4 address, or the address and subnet of an entry. False if it is something else. */
bool entry_ipv4(const struct sockaddr *from, struct address *address);
bool entry_prefix(const struct ifaddrs *entry, struct prefix *prefix);

/* The interface of an entry. The entry of an IPv4 address has its label, which may be "eth0:1". */
void entry_name(const struct ifaddrs *entry, char name[IFNAMSIZ]);

/* The interface to send on, in order to reach the entry's subnet: the entry's own or, for a VLAN
 * (not 0), the trunk below it. Returns false if the entry does not belong to that VLAN. */
bool entry_sender(const struct ifaddrs *entry, uint16_t vlan, char name[IFNAMSIZ]);

#endif
