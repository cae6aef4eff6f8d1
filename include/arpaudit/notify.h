/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells systemd how a service is (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names.
 * Without it nothing is told. A datagram that can't be sent is no failure.
 */
#ifndef ARPAUDIT_NOTIFY_H
#define ARPAUDIT_NOTIFY_H

#include <stdint.h>

struct notify {
	int socket;           /* 0: nobody wants to know */
	uint64_t watchdog_us; /* how often it wants a sign of life; 0: never */
};

/* Connects. Call it before the sandbox. */
void notify_open(struct notify *notify);
/* Sends assignments such as "READY=1", one per line. */
void notify_tell(const struct notify *notify, const char *assignments);
void notify_close(struct notify *notify);

#endif
