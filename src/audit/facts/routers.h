/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual routers that advertise the VIPs by VRRP (RFC 5798). The source address of the
 * advertisements identifies the master.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_ROUTERS_H
#define ARPAUDIT_AUDIT_FACTS_ROUTERS_H

#include "audit/facts/heard.h"
#include "audit/facts/news.h"

/* A preempted master may advertise once more, and speak as the VIP, before it hears its
 * successor. */
#define ROUTER_CROSSING_US 20000

/* The virtual router of a VIP. */
struct router {
	uint8_t vrid;                  /* 0: no advertisement heard */
	struct address master, former; /* the last two different sources of advertisements */
	struct mac mac, former_mac;    /* their own; mac_zero: not known */
	uint8_t priority;              /* of the master */
	uint64_t first_us; /* the first advertisement of any master; 0: none, as below */
	/* The master's last and first advertisement. Without a master: when the former one
	 * resigned. */
	uint64_t heard_us, since_us;
	uint32_t interval_us;
	uint64_t resigned_us; /* when it did, if it has */
	bool carp;            /* CARP, not VRRP */
	bool resigned;        /* the master has announced that it gives up the VIP */
	bool handed_over;     /* every change came after a resignation or three silent intervals */
	bool fell_silent;     /* at least one change came without a resignation */
	bool contended;       /* a later change came although the master had not given up */
	bool crossed; /* the former one was heard once, when it crossed the first of `master` */
};

bool routers_init(struct facts *facts);
void routers_free(struct facts *facts);
const struct router *router_of(const struct facts *facts, uint32_t vip);
/* Whether the last that was heard of it is that its master gives up the VIP. */
bool router_is_without_master(const struct router *router);
/* Whether the former master had that address, and had not heard its successor yet. */
bool router_was_mastered_by(
    const struct router *router, const struct address *address, uint64_t at_us);

/* The same for the former master's own MAC. */
bool router_was_mastered_by_mac(const struct router *router, const struct mac *mac, uint64_t at_us);

/* An advertisement of the VIP was heard. NEWS_MASTER_HEARD if it tells who the master is.
 * NEWS_MASTER_FIRST_HEARD or NEWS_MASTER_CHANGED in addition. */
struct news routers_hear(struct facts *facts, uint32_t vip, const struct heard *heard);
/* An ARP frame was heard. If a master sent it, it tells the master's own MAC. */
void routers_hear_arp(struct facts *facts, const struct frame_arp *arp);
/* Whether the address is a master's. */
bool routers_have_master(const struct facts *facts, const struct address *address);

#endif
