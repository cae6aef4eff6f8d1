/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Half of the time that the service manager waits, as sd_watchdog_enabled(3) recommends. Another
 * process may have been meant. */
static uint64_t
read_watchdog_us(void)
{
	const char *const time = getenv("WATCHDOG_USEC"), *const process = getenv("WATCHDOG_PID");

	if (time == NULL ||
	    (process != NULL && strtoull(process, NULL, 10) != (unsigned long long)getpid()))
		return 0;
	return strtoull(time, NULL, 10) / 2;
}

/* A name that begins with @ is in the abstract namespace. */
static socklen_t
fill(struct sockaddr_un *address, const char *path)
{
	const size_t length = strlen(path);

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (length == 0 || length >= sizeof(address->sun_path) || strchr("/@", path[0]) == NULL)
		return 0;
	memcpy(address->sun_path, path, length);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

void
notify_open(struct notify *notify)
{
	const char *const path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	const socklen_t length = path == NULL ? 0 : fill(&address, path);

	*notify = (struct notify){.socket = 0};
	if (length == 0)
		return;
	notify->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify->socket <= 0)
		return;
	if (connect(notify->socket, (const struct sockaddr *)&address, length) != 0)
		notify_close(notify);
	else
		notify->watchdog_us = read_watchdog_us();
}

void
notify_tell(const struct notify *notify, const char *assignments)
{
	if (notify->socket > 0)
		(void)send(notify->socket, assignments, strlen(assignments), MSG_NOSIGNAL);
}

void
notify_close(struct notify *notify)
{
	if (notify->socket > 0)
		(void)close(notify->socket);
	*notify = (struct notify){.socket = 0};
}
