/* SPDX-License-Identifier: BSD-2-Clause */
#include "relay.h"

#include "draw.h"

#define DIRECTOR 1 /* index of the member */

enum way {
	WAY_ANNOUNCEMENT = 0,
	WAY_REQUEST,
	WAY_REPLY, /* to the probe alone */
	WAY_BROADCAST_REPLY,
	WAY_GRATUITOUS_REPLY,
	WAYS,
};

static const struct mac box = {{0x02, 0, 0, 0xb0, 0, 1}}; /* the MAC of the bridge or switch */

/* A bystander or a server sends claims with the MAC of a server or of the director. */
static void
draw_claim(struct scenario *scenario, struct random *random)
{
	struct relayed *relayed = &scenario->relayed;

	relayed->claimed = percent(random, 80) ? any_server(scenario, random) : DIRECTOR;
	relayed->sender = scenario->cast_count - 1;
	if (percent(random, 40))
		relayed->sender = any_server(scenario, random);
	if (relayed->sender == relayed->claimed)
		relayed->sender = scenario->cast_count - 1;
	relayed->vip = random_below(random, scenario->vip_count);
	relayed->way = random_below(random, WAYS);
	relayed->count = percent(random, 50) ? 1 : between(random, 2, 8);
	add_action(scenario, moment_us(random), ACTION_RELAY, relayed->sender, relayed->count);
	scenario->owned = false;
}

/* Some servers are behind bridges. */
static void
draw_bridges(struct scenario *scenario, struct random *random)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		const struct member *member = &scenario->cast[i];
		struct mac *relay = &scenario->segment.ports[member->node.port].relay;

		if (member->part != PART_SERVER || !percent(random, 50))
			continue;
		*relay = box;
		/* Each bridge has a MAC of its own, or all share one. */
		if (percent(random, 50))
			relay->octet[5] = (uint8_t)(i + 2);
	}
}

static void
bind(struct suppression *suppression, uint32_t address, const struct mac *mac)
{
	suppression->bindings[suppression->count].address = address;
	suppression->bindings[suppression->count++].mac = *mac;
}

static void
draw_suppression(struct scenario *scenario, struct random *random)
{
	struct suppression *suppression = &scenario->segment.suppression;

	for (uint32_t i = 0; i < scenario->cast_count; i++)
		bind(suppression, scenario->cast[i].rip, &scenario->cast[i].node.mac);
	for (uint32_t vip = 0; percent(random, 70) && vip < scenario->vip_count; vip++)
		bind(suppression, scenario->vips[vip], &scenario->cast[DIRECTOR].node.mac);
	if (percent(random, 60))
		suppression->mac = box;
	suppression->forwards = percent(random, 50);
	suppression->probes = percent(random, 50);
}

void
relay_draw(struct scenario *scenario, struct random *random)
{
	const uint32_t way = random_below(random, 100);

	if (way < 50)
		draw_claim(scenario, random);
	else if (way < 75)
		draw_bridges(scenario, random);
	else
		draw_suppression(scenario, random);
}

void
relay_accuse(struct scenario *scenario, uint32_t member)
{
	const struct relayed *relayed = &scenario->relayed;
	enum truth *truth = &scenario->cast[member].truth[relayed->vip];

	if (relayed->count > 1 && (member == relayed->sender || member == relayed->claimed) &&
	    *truth != TRUTH_FAULTY)
		*truth = TRUTH_OPEN;
}

bool
relay_lets_through(const struct scenario *scenario, uint32_t vip, bool probe)
{
	const struct suppression *suppression = &scenario->segment.suppression;

	for (uint32_t i = 0; i < suppression->count; i++)
		if (suppression->bindings[i].address == scenario->vips[vip])
			return suppression->forwards || (probe && !suppression->probes);
	return true;
}

struct frame
relay_claim(struct scenario *scenario)
{
	const struct relayed *relayed = &scenario->relayed;
	const struct member *probe = &scenario->cast[0];
	const struct address vip = address_ipv4(scenario->vips[relayed->vip]);
	struct frame frame = {
	    .kind = FRAME_ARP,
	    .source = scenario->cast[relayed->sender].node.mac,
	    .destination = mac_broadcast,
	    .arp = {.operation = ARP_REPLY,
		.sha = scenario->cast[relayed->claimed].node.mac,
		.spa = vip,
		.tpa = vip},
	};

	switch ((enum way)relayed->way) {
	case WAY_REQUEST:
	case WAY_BROADCAST_REPLY:
		frame.arp.tpa = address_ipv4(scenario_address(&scenario->segment.random));
		break;
	case WAY_REPLY:
		frame.destination = frame.arp.tha = probe->node.mac;
		frame.arp.tpa = address_ipv4(probe->rip);
		break;
	default:
		break;
	}
	if (relayed->way == WAY_ANNOUNCEMENT || relayed->way == WAY_REQUEST)
		frame.arp.operation = ARP_REQUEST;
	return frame;
}
