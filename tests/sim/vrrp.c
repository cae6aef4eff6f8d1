/* SPDX-License-Identifier: BSD-2-Clause */
#include "vrrp.h"

#include <string.h>

#include "draw.h"

enum {
	MASTER = 1, /* index of the member */
	BACKUP,
};

#define INTERVALS_DOWN 3 /* Master_Down_Interval without Skew_Time (RFC 5798, 6.1) */

static const struct mac vrrp_group = {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}};

void
vrrp_hold(const struct scenario *scenario, struct node *node)
{
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
		node_add_address(node, scenario->vips[vip], 32,
		    scenario->router.shared_mac ? ON_VIRTUAL : ON_ETH0, SCOPE_UNIVERSE);
}

static void
list(struct virtual_router *router, uint32_t number)
{
	const struct address address = address_ipv4(number);

	memcpy(&router->addresses[(size_t)4 * router->address_count++], address.octet, 4);
}

/* keepalived sets arp_ignore on both interfaces. */
static void
share_mac(struct scenario *scenario)
{
	const struct mac mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, scenario->router.vrid}};

	scenario->segment.virtual_mac = mac;
	scenario->segment.virtual_port = scenario->cast[MASTER].node.port;
	for (uint32_t i = MASTER; i <= BACKUP; i++) {
		scenario->cast[i].node.virtual_mac = mac;
		scenario->cast[i].node.arp_ignore = 1;
	}
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
		node_remove_address(&scenario->cast[MASTER].node, scenario->vips[vip]);
	vrrp_hold(scenario, &scenario->cast[MASTER].node);
}

void
vrrp_draw_router(struct scenario *scenario, struct random *random)
{
	struct virtual_router *router = &scenario->router;

	router->vrid = (uint8_t)between(random, 1, 255);
	router->shared_mac = percent(random, 85);
	router->base = !router->shared_mac || percent(random, 40);
	router->unicast = percent(random, 15);
	router->interval_us = percent(random, 50) ? 1000000 : 10000 * between(random, 10, 300);
	router->jitter_us = between(random, 1, 20000);
	/* The router may also have addresses that are not audited. */
	if (percent(random, 20))
		list(router, SEGMENT_NETWORK + 99);
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
		list(router, scenario->vips[vip]);
	scenario->cast[MASTER].advertises = true;
	scenario->cast[MASTER].priority = 100;
	scenario->cast[BACKUP].priority = percent(random, 50) ? 90 : 200;
	if (router->shared_mac)
		share_mac(scenario);
}

void
vrrp_draw_names(struct scenario *scenario, struct random *random)
{
	struct plan_cluster *cluster = &scenario->plan.clusters[0];
	struct error error = {0};
	char mac[MAC_TEXT_SIZE];
	uint32_t way = random_below(random, 100);

	/* In a sweep these names would let the engine elicit the master before it is known to be
	 * the master. */
	if (scenario->misfortune != FAMILY_MASTER && scenario->discover && way >= 55 && way < 75)
		way = 50;
	if (way < 55)
		plan_add_directors(cluster, "10.77.0.3,10.77.0.4", &error);
	if (way >= 45 && way < 75)
		plan_add_directors(
		    cluster, mac_format(&scenario->segment.virtual_mac, mac), &error);
}

/* Skew_Time (RFC 5798, 6.1): a backup waits this much longer than Master_Down_Interval. */
static uint32_t
skew_us(const struct scenario *scenario)
{
	return (256u - scenario->cast[BACKUP].priority) * (scenario->router.interval_us / 256);
}

static void
take_over(struct scenario *scenario, uint64_t time_us)
{
	add_action(scenario, time_us, ACTION_ACQUIRE, BACKUP, 0);
	add_action(scenario, time_us, ACTION_ADVERTISE, BACKUP, 0);
}

/* The two do not hear each other, so both stay masters. */
static void
split(struct scenario *scenario, uint64_t time_us)
{
	take_over(scenario, time_us);
	scenario->split = true;
	scenario->owned = false;
}

/* Both hold the VIPs for a moment. With MACs of their own these are two owners, and the audit may
 * say so. */
static void
preempt(struct scenario *scenario, struct random *random, uint64_t time_us)
{
	/* Otherwise nobody would have heard the former master. */
	if (scenario->misfortune != FAMILY_MASTER)
		time_us += scenario->router.interval_us;
	scenario->cast[BACKUP].priority = 200;
	take_over(scenario, time_us);
	add_action(scenario, time_us + between(random, 100, 15000), ACTION_RELEASE, MASTER, 0);
}

void
vrrp_draw_masters(struct scenario *scenario, struct random *random)
{
	const uint64_t time_us = moment_us(random);
	const uint64_t down_us =
	    (uint64_t)INTERVALS_DOWN * scenario->router.interval_us + skew_us(scenario);
	const uint32_t way = random_below(random, 100);

	add_action(scenario, random_below(random, scenario->router.interval_us), ACTION_ADVERTISE,
	    MASTER, 0);
	if (scenario->misfortune == FAMILY_MASTER)
		for (uint32_t count = between(random, 1, 3); count > 0; count--)
			add_action(scenario, moment_us(random), ACTION_TALK, MASTER, 0);
	if (way < 40)
		return;
	if (way < 60) {
		add_action(scenario, time_us, ACTION_RESIGN, MASTER, 0);
		take_over(scenario, time_us + skew_us(scenario));
	} else if (way < 70) {
		add_action(scenario, time_us, ACTION_DOWN, MASTER, 0);
		take_over(scenario, time_us + down_us);
		scenario->owned = false;
	} else if (way < 80) {
		if (scenario->router.shared_mac)
			preempt(scenario, random, time_us);
	} else if (way < 95) {
		split(scenario, between(random, 20000, 100000));
	} else {
		add_action(scenario, 0, ACTION_MUTE, MASTER, 0);
		split(scenario, between(random, 20000, 100000));
	}
}

struct frame
vrrp_advertisement(const struct scenario *scenario, const struct member *member, uint8_t priority)
{
	const struct virtual_router *router = &scenario->router;
	const struct member *peer =
	    &scenario->cast[member == &scenario->cast[MASTER] ? BACKUP : MASTER];

	return (struct frame){
	    .kind = FRAME_VRRP,
	    .source = router->base ? member->node.mac : member->node.virtual_mac,
	    .destination = router->unicast ? peer->node.mac : vrrp_group,
	    .ip = {.source = address_ipv4(member->rip),
		.destination = router->unicast ? address_ipv4(peer->rip) : address_ipv4(0xe0000012),
		.ttl = 255,
		.vrrp = {.version = 3,
		    .vrid = router->vrid,
		    .priority = priority,
		    .interval_us = router->interval_us,
		    .address_count = router->address_count,
		    .addresses = router->addresses}},
	};
}

uint64_t
vrrp_interval_us(struct scenario *scenario)
{
	return scenario->router.interval_us +
	       random_below(&scenario->segment.random, scenario->router.jitter_us);
}
