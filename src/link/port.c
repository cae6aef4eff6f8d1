/* SPDX-License-Identifier: BSD-2-Clause */
#include "port.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool
has(const char *name, const char *entry)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/%s", name, entry);
	return access(path, F_OK) == 0;
}

/* The link `master` also leads to a VRF, which is no obstacle. */
bool
port_read(const char *name, struct port *port)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t length;
	const char *last;

	if (strchr(name, '/') != NULL || strcmp(name, "..") == 0)
		return false;
	port->kind = has(name, "brport") ? "bridge" : has(name, "bonding_slave") ? "bond" : NULL;
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/master", name);
	length = readlink(path, target, sizeof(target) - 1);
	if (port->kind == NULL || length <= 0)
		return false;
	target[length] = '\0';
	last = strrchr(target, '/');
	(void)snprintf(
	    port->of, sizeof(port->of), "%.*s", IFNAMSIZ - 1, last == NULL ? target : last + 1);
	return true;
}
