/* SPDX-License-Identifier: BSD-2-Clause */
#include "vlan.h"

#include <linux/if_vlan.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A kernel without 802.1Q also answers with an error, and has no such interfaces. */
static bool
ask(int descriptor, enum vlan_ioctl_cmds command, const char *name, struct vlan_ioctl_args *answer)
{
	*answer = (struct vlan_ioctl_args){.cmd = (int)command};
	(void)snprintf(answer->device1, sizeof(answer->device1), "%s", name);
	return ioctl(descriptor, SIOCGIFVLAN, answer) == 0;
}

bool
vlan_read(const char *name, struct vlan_interface *vlan)
{
	const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct vlan_ioctl_args id, trunk;
	const bool found = descriptor != -1 && ask(descriptor, GET_VLAN_VID_CMD, name, &id) &&
			   ask(descriptor, GET_VLAN_REALDEV_NAME_CMD, name, &trunk);

	if (descriptor != -1)
		(void)close(descriptor);
	if (!found)
		return false;
	vlan->id = (uint16_t)id.u.VID;
	(void)snprintf(vlan->trunk, sizeof(vlan->trunk), "%.*s", (int)sizeof(vlan->trunk) - 1,
	    trunk.u.device2);
	return true;
}
