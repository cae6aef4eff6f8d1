/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/master.h"

#include <stdlib.h>

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"

/* Advertisements come once a second by default (RFC 5798, section 5.2.7). */
#define LISTEN_US 1200000
/* Unanswered questions for the address of a master, over all its changes. */
#define TRIES_MAX 6
#define TRIES     3

struct asked_master {
	uint8_t tries, asked; /* for the present master, and in all */
};

struct asked_masters {
	struct asked_master *vip;
};

bool
ask_master_init(struct ask *ask)
{
	ask->masters = calloc(1, sizeof(*ask->masters));
	if (ask->masters == NULL)
		return false;
	ask->masters->vip = calloc(vip_count(ask->facts), sizeof(*ask->masters->vip));
	return ask->masters->vip != NULL;
}

void
ask_master_free(struct ask *ask)
{
	if (ask->masters != NULL)
		free(ask->masters->vip);
	free(ask->masters);
}

void
ask_master_begin(struct ask *ask, uint64_t now_us)
{
	ask_schedule(ask, LANE_UNICAST, TASK_MASTER, 0, now_us + LISTEN_US);
}

struct news
ask_master_run(struct ask *ask)
{
	ask->facts->asked->masters_listened = true;
	return (struct news){.kinds = NEWS_MASTERS_LISTENED};
}

void
ask_master_changed(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	asked_set_master_open(ask->facts, vip, true);
	ask->masters->vip[vip].tries = 0;
	ask_schedule(ask, LANE_BROADCAST, TASK_NEW_MASTER, vip, now_us + ROUTER_CROSSING_US);
}

/* Whether it is the first VIP of that master. The answer tells for all of them. */
static bool
is_first_vip(const struct facts *facts, uint32_t vip)
{
	for (uint32_t other = 0; other < vip; other++)
		if (address_equal(&router_of(facts, other)->master, &router_of(facts, vip)->master))
			return false;
	return true;
}

static bool
is_wanted(const struct ask *ask, uint32_t vip)
{
	const struct router *router = router_of(ask->facts, vip);

	return mac_equal(&router->mac, &mac_zero) &&
	       host_find(ask->facts, &router->master) == NONE &&
	       address_is_set(&ask->facts->probe.source) && is_first_vip(ask->facts, vip) &&
	       ask->masters->vip[vip].tries < TRIES && ask->masters->vip[vip].asked < TRIES_MAX;
}

struct news
ask_new_master_run(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const struct probe *probe = &ask->facts->probe;
	const bool settles = asked_of(ask->facts, vip)->master_open;
	struct frame frame;

	asked_set_master_open(ask->facts, vip, false);
	if (is_wanted(ask, vip)) {
		ask->masters->vip[vip].tries++;
		ask->masters->vip[vip].asked++;
		probe_who_has(probe, &router_of(ask->facts, vip)->master, &mac_broadcast,
		    &probe->source, &frame);
		ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
		ask_schedule(ask, LANE_BROADCAST, TASK_NEW_MASTER, vip,
		    now_us + round_trip_timeout_us(&ask->pace->round_trip, 1));
	}
	return (struct news){.kinds = settles ? (uint32_t)NEWS_MASTER_SETTLED : 0, .vip = vip};
}
