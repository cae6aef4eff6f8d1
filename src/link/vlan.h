/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VLAN interfaces of this machine.
 */
#ifndef ARPAUDIT_LINK_VLAN_H
#define ARPAUDIT_LINK_VLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct vlan_interface {
	uint16_t id;
	char trunk[IFNAMSIZ]; /* the underlying interface, on which its frames are tagged */
};

/* Reads the VLAN and trunk of a VLAN interface. Returns false for any other interface. The ioctl
 * SIOCGIFVLAN takes no privileges; it does not distinguish 802.1Q from 802.1ad. */
bool vlan_read(const char *name, struct vlan_interface *vlan);

#endif
