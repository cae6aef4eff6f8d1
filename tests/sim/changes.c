/* SPDX-License-Identifier: BSD-2-Clause */
#include "changes.h"

#include "draw.h"

#define STREAM          UINT64_C(0x6368616e676573)
#define SUCCESSOR_OCTET 50u /* in the MAC of a successor, added to that of the server */
#define SERVERS_MOST    20  /* more are left as they are */

static struct random
stream_of(uint64_t seed)
{
	return (struct random){.state = seed ^ STREAM};
}

enum family
changes_draw_family(uint64_t seed, enum family drawn)
{
	struct random random = stream_of(seed);

	if (percent(&random, 3))
		return (enum family)(FAMILY_TRANSLATED +
				     random_below(&random, FAMILY_STALE + 1 - FAMILY_TRANSLATED));
	return percent(&random, 1) ? FAMILY_RETICENT : drawn;
}

/* Container engines translate the VIP's port to a container, to which the host routes. */
static void
draw_translations(struct scenario *scenario, struct random *random)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct node *node = &scenario->cast[i].node;

		if (scenario->cast[i].part != PART_SERVER || percent(random, 30))
			continue;
		node->tcp_port = scenario->port;
		node->quirks.hops = (uint8_t)between(random, 1, 2);
		node->quirks.rejects_by_target = percent(random, 70);
	}
}

/* The successor has the server's addresses, but a MAC and settings of its own. */
static void
add_successor(struct scenario *scenario, struct random *random, uint32_t server)
{
	static const uint8_t levels[] = {0, 1, 1, 1, 2, 3, 8};
	const uint32_t octet = (scenario->cast[server].rip & 0xff) + SUCCESSOR_OCTET;
	struct member *successor = scenario_add(scenario, PART_SUCCESSOR, octet);
	struct member *first = &scenario->cast[server];
	const uint64_t time_us = moment_us(random);

	node_remove_address(&successor->node, successor->rip);
	successor->rip = first->rip;
	for (uint32_t i = 0; i < first->node.address_count; i++)
		successor->node.addresses[successor->node.address_count++] =
		    first->node.addresses[i];
	successor->node.arp_ignore = levels[random_below(random, sizeof(levels))];
	successor->node.arp_announce = percent(random, 70) ? 2 : 0;
	successor->node.tcp_port = first->node.tcp_port;
	first->successor = successor;
	add_action(scenario, 0, ACTION_DOWN, (uint32_t)(successor - scenario->cast), 0);
	add_action(scenario, time_us, ACTION_DOWN, server, 0);
	add_action(scenario, time_us + random_below(random, 500000), ACTION_UP,
	    (uint32_t)(successor - scenario->cast), 0);
}

static void
draw_successors(struct scenario *scenario, struct random *random)
{
	const uint32_t count = scenario->cast_count;
	uint32_t replaced = 0;

	for (uint32_t i = 0; i < count && i < SERVERS_MOST && replaced < 3; i++)
		if (scenario->cast[i].part == PART_SERVER && percent(random, 40)) {
			add_successor(scenario, random, i);
			replaced++;
		}
}

/* The switch answers for all hosts, and for some with the MAC of another one, or of nobody. */
static void
draw_stale_bindings(struct scenario *scenario, struct random *random)
{
	struct suppression *suppression = &scenario->segment.suppression;

	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct member *member = &scenario->cast[i];
		struct mac mac = member->node.mac;

		if (member->part == PART_SERVER && percent(random, 30)) {
			member->mistaken = true;
			mac.octet[4] = 1;
			if (percent(random, 50)) {
				struct member *other =
				    &scenario->cast[any_server(scenario, random)];

				mac = other->node.mac;
				other->mistaken = true;
			}
		}
		suppression->bindings[suppression->count].address = member->rip;
		suppression->bindings[suppression->count++].mac = mac;
	}
	if (percent(random, 50))
		suppression->mac = (struct mac){{0x02, 0, 0, 0xb0, 0, 1}};
	suppression->forwards = percent(random, 50);
	suppression->probes = percent(random, 50);
}

/* They speak as themselves, and take no ARP Probe whose answer would be a broadcast. */
static void
draw_reticence(struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct member *member = &scenario->cast[i];

		if (member->part != PART_DIRECTOR && member->part != PART_STANDBY)
			continue;
		member->node.arp_announce = 2;
		member->node.quirks.drops_group_sha = true;
	}
}

void
changes_draw(struct scenario *scenario)
{
	struct random random = stream_of(scenario->seed);

	if (scenario->family == FAMILY_TRANSLATED)
		draw_translations(scenario, &random);
	else if (scenario->family == FAMILY_REPLACED)
		draw_successors(scenario, &random);
	else if (scenario->family == FAMILY_STALE)
		draw_stale_bindings(scenario, &random);
	else if (scenario->family == FAMILY_RETICENT)
		draw_reticence(scenario);
}

enum truth
changes_truth(
    const struct scenario *scenario, const struct member *member, uint32_t vip, enum truth truth)
{
	/* On the wire a server whose RIP the switch binds to another MAC can't be told from one of
	 * two that have the same address. */
	if (member->mistaken)
		return truth == TRUTH_FAULTY ? truth : TRUTH_OPEN;
	if (member->successor == NULL)
		return truth;
	/* Nobody knows which of the two the report is about. */
	return scenario_truth_of_card(scenario, member->successor, vip) == truth ? truth
										 : TRUTH_OPEN;
}
