/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/routers.h"

#include <stdlib.h>

#include "audit/facts/vips.h"

/* The default interval (RFC 5798, section 5.2.7). */
#define INTERVAL_US 1000000
/* A master is down after this many silent intervals (RFC 5798, section 6.1). */
#define INTERVALS_DOWN 3

struct routers {
	struct router *vip;
};

bool
routers_init(struct facts *facts)
{
	facts->routers = calloc(1, sizeof(*facts->routers));
	if (facts->routers == NULL)
		return false;
	facts->routers->vip = calloc(vip_count(facts), sizeof(*facts->routers->vip));
	return facts->routers->vip != NULL;
}

void
routers_free(struct facts *facts)
{
	if (facts->routers != NULL)
		free(facts->routers->vip);
	free(facts->routers);
}

const struct router *
router_of(const struct facts *facts, uint32_t vip)
{
	return &facts->routers->vip[vip];
}

static void
note_change(struct router *router, uint64_t now_us)
{
	const bool down =
	    now_us >= router->heard_us + INTERVALS_DOWN * (uint64_t)router->interval_us;
	const bool orderly = router->resigned || down;

	/* The master changed again without giving up: A, B, A, or A, B, C. */
	if (address_is_set(&router->former) && !orderly && !router->crossed)
		router->contended = true;
	router->crossed = false;
	router->handed_over = orderly && (!address_is_set(&router->former) || router->handed_over);
	router->fell_silent = router->fell_silent || !router->resigned;
	router->former = router->master;
	router->former_mac = router->mac;
	router->since_us = now_us;
}

/* The former master's last advertisement crossed the first one of its successor. Of two masters,
 * the one with the lower priority gives way, or with the lower address if the priorities are equal
 * (RFC 5798, section 6.4.3). So if the successor was heard first, the other one is the former
 * master. */
static bool
crossed(const struct router *router, const struct heard *heard)
{
	const struct frame_ip *ip = &heard->frame->ip;

	if (heard->now_us >= router->since_us + ROUTER_CROSSING_US || router->resigned)
		return false;
	if (address_is_set(&router->former))
		return address_equal(&router->former, &ip->source);
	return ip->vrrp.priority < router->priority ||
	       (ip->vrrp.priority == router->priority &&
		   address_compare(&ip->source, &router->master) < 0);
}

/* The first one that is heard may have taken over from one that was only heard to resign. */
static uint32_t
note_first(struct router *router, const struct address *source, uint64_t now_us)
{
	router->first_us = router->since_us = now_us;
	if (address_equal(&router->former, source))
		router->former = (struct address){0};
	router->handed_over = address_is_set(&router->former);
	return NEWS_MASTER_FIRST_HEARD | (router->handed_over ? (uint32_t)NEWS_MASTER_CHANGED : 0);
}

static void
note_resignation(struct router *router, const struct address *source, uint64_t now_us)
{
	if (router->vrid == 0) {
		router->former = *source;
		router->since_us = now_us;
	} else if (!router->resigned && address_equal(&router->master, source)) {
		router->resigned = true;
		router->resigned_us = now_us;
	}
}

bool
router_is_without_master(const struct router *router)
{
	return router->resigned || (router->vrid == 0 && address_is_set(&router->former));
}

bool
router_was_mastered_by(const struct router *router, const struct address *address, uint64_t at_us)
{
	return address_equal(&router->former, address) &&
	       at_us < router->since_us + ROUTER_CROSSING_US;
}

bool
router_was_mastered_by_mac(const struct router *router, const struct mac *mac, uint64_t at_us)
{
	return !mac_equal(mac, &mac_zero) && mac_equal(&router->former_mac, mac) &&
	       at_us < router->since_us + ROUTER_CROSSING_US;
}

/* RFC 5798, section 5.1: an advertisement lists the virtual router's addresses. Priority 0 means
 * that the sender gives them up (section 5.2.4). */
struct news
routers_hear(struct facts *facts, uint32_t vip, const struct heard *heard)
{
	struct router *router = &facts->routers->vip[vip];
	const struct frame_ip *ip = &heard->frame->ip;
	const bool first = router->vrid == 0;
	const bool same = address_equal(&router->master, &ip->source);
	struct news news = {.kinds = NEWS_MASTER_HEARD, .vip = vip};
	struct mac next_mac = router->mac;

	if (ip->vrrp.priority == 0) {
		note_resignation(router, &ip->source, heard->now_us);
		return news_none();
	}
	if (!same)
		next_mac = mac_zero;
	if (mac_vrrp_vrid(&heard->frame->source) == 0)
		next_mac = heard->frame->source;
	if (first) {
		news.kinds |= note_first(router, &ip->source, heard->now_us);
	} else if (!same && crossed(router, heard)) {
		if (!address_is_set(&router->former))
			router->crossed = router->fell_silent = true;
		router->former = ip->source;
		router->former_mac = next_mac;
		return news_none();
	} else if (!same) {
		note_change(router, heard->now_us);
		news.kinds |= NEWS_MASTER_CHANGED;
	}
	router->crossed = router->crossed && !same;
	router->mac = next_mac;
	router->master = ip->source;
	router->priority = ip->vrrp.priority;
	router->resigned = false;
	router->heard_us = heard->now_us;
	router->interval_us = ip->vrrp.interval_us != 0 ? ip->vrrp.interval_us : INTERVAL_US;
	router->vrid = ip->vrrp.vrid;
	router->carp = ip->vrrp.carp;
	return news;
}

void
routers_hear_arp(struct facts *facts, const struct frame_arp *arp)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		struct router *router = &facts->routers->vip[vip];

		if (router->vrid != 0 && address_equal(&arp->spa, &router->master) &&
		    mac_vrrp_vrid(&arp->sha) == 0)
			router->mac = arp->sha;
	}
}

bool
routers_have_master(const struct facts *facts, const struct address *address)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (router_of(facts, vip)->vrid != 0 &&
		    address_equal(address, &router_of(facts, vip)->master))
			return true;
	return false;
}
