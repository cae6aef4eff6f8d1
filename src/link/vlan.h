/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interfaces that the machine has of VLANs.
 */
#ifndef ARPAUDIT_LINK_VLAN_H
#define ARPAUDIT_LINK_VLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct vlan_interface {
	uint16_t id;
	char trunk[IFNAMSIZ]; /* the interface below, which its frames cross with their tag */
};

/* Is the interface one of a VLAN? (ioctl SIOCGIFVLAN, which takes no privilege; it does not tell
 * 802.1Q from 802.1ad.) */
bool vlan_read(const char *name, struct vlan_interface *vlan);

#endif
