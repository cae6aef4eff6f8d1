/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sent packets to the VIPs.
 *
 * A server at arp_announce 0 speaks as the VIP when it has to answer such a packet: its ARP request
 * asks for the sender. So the claim that an audit provokes is told from one that comes by itself.
 * It is the server's fault all the same.
 */
#ifndef ARPAUDIT_WATCH_PROVOKERS_H
#define ARPAUDIT_WATCH_PROVOKERS_H

#include "audit/facts/heard.h"

#define PROVOKERS_KEPT 64
/* An ARP request is repeated twice, a second apart (mcast_solicit). */
#define PROVOKED_US UINT64_C(4000000)

/* Zeroed at the start. The last senders; an older one gives way. */
struct provokers {
	struct {
		struct address sender;
		uint64_t at_us;
	} sent[PROVOKERS_KEPT];
	uint32_t next;
};

/* A frame was heard, before it is classified. */
void provokers_hear(struct provokers *provokers, const struct facts *facts, uint64_t now_us,
    const struct frame *frame);
/* Whether somebody with that address sent a packet to a VIP a moment ago. */
bool provokers_have(
    const struct provokers *provokers, const struct address *address, uint64_t now_us);

#endif
