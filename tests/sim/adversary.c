/* SPDX-License-Identifier: BSD-2-Clause */
#include "adversary.h"

#include "draw.h"

#define SLOWEST_US  900000 /* --linger is a second, and a proxy may take 0.8 s */
#define CARD_OCTET  50u    /* a second card has the address of the first, and this added */
#define RIVAL_OCTET 2
#define LATEST_US   4000000 /* of an early end; most audits are over by then */

static bool
is_mixed(const struct scenario *scenario, struct random *random, enum family family)
{
	if (scenario->family == FAMILY_ADVERSARY)
		return percent(random, 35);
	return scenario->family == family;
}

enum family
adversary_draw_misfortune(struct random *random)
{
	return (enum family)random_below(random, FAMILY_GENTLE);
}

/* ---- The cast -------------------------------------------------------------------------------- */

static void
draw_firewall(const struct scenario *scenario, struct random *random, struct quirks *quirks)
{
	static const enum frame_kind kinds[] = {FRAME_ECHO_REQUEST, FRAME_TCP, FRAME_UDP};

	if (percent(random, 30))
		return;
	for (uint32_t i = 0; i < 3; i++)
		if (percent(random, 60))
			quirks->rejects |= 1u << kinds[i];
	if (percent(random, 30))
		quirks->trusted = scenario->cast[0].rip;
	quirks->rejects_by_target = percent(random, 20);
}

static void
draw_slowness(struct random *random, struct quirks *quirks)
{
	if (percent(random, 60))
		quirks->slow_us = between(random, 1000, SLOWEST_US);
	else
		quirks->gap_us = between(random, 1000, SLOWEST_US);
}

/* A host that rations its answers loses some. */
static bool
is_rationed(const struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		if (scenario->cast[i].node.quirks.gap_us > 0)
			return true;
	return false;
}

/* The host has all its addresses on both cards' behalf. arp_filter and arp_ignore belong to a card,
 * an address to the host. */
static void
add_card(struct scenario *scenario, struct random *random, struct member *first)
{
	static const uint8_t levels[] = {0, 1, 1, 1, 2, 3, 8};
	const uint32_t octet = (first->rip & 0xff) + CARD_OCTET;
	struct member *card = scenario_add(scenario, PART_CARD, octet);
	struct node *node = &card->node;

	node->quirks.first = &first->node;
	node->arp_ignore = levels[random_below(random, sizeof(levels))];
	node->arp_announce = percent(random, 70) ? 2 : 0;
	for (uint32_t i = 0; i < first->node.address_count; i++)
		node_add_address(node, first->node.addresses[i].address, 32,
		    first->node.addresses[i].interface == ON_ETH0 ? ON_DUMMY0 : ON_LO,
		    SCOPE_UNIVERSE);
	node_add_address(&first->node, card->rip, 32, ON_DUMMY0, SCOPE_UNIVERSE);
	first->card = card;
}

static void
draw_cards(struct scenario *scenario, struct random *random)
{
	const uint32_t count = scenario->cast_count;

	for (uint32_t i = 0; i < count && i < 20; i++) {
		struct member *member = &scenario->cast[i];

		if (member->part != PART_SERVER || member->node.proxied_count > 0 ||
		    percent(random, 50))
			continue;
		add_card(scenario, random, member);
		/* The plan may list the address of the second card as a server of its own. */
		if (percent(random, 30)) {
			member->card->card = member;
			member->card->part = PART_SERVER;
		}
	}
}

static void
draw_each(struct scenario *scenario, struct random *random, bool reject, bool slow)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct member *member = &scenario->cast[i];
		const bool owner = member->part == PART_DIRECTOR || member->part == PART_STANDBY;

		if (reject && member->part == PART_SERVER)
			draw_firewall(scenario, random, &member->node.quirks);
		if (slow && (owner || member->part == PART_SERVER) &&
		    percent(random, owner ? 60 : 10))
			draw_slowness(random, &member->node.quirks);
	}
}

void
adversary_draw_cast(struct scenario *scenario, struct random *random)
{
	if (scenario->family < FAMILY_REJECT)
		return;
	const bool reject = is_mixed(scenario, random, FAMILY_REJECT);
	const bool slow = is_mixed(scenario, random, FAMILY_SLOW);

	draw_each(scenario, random, reject, slow);
	if (is_rationed(scenario))
		scenario->lossless = false;
	if (is_mixed(scenario, random, FAMILY_CARDS))
		draw_cards(scenario, random);
	if (is_mixed(scenario, random, FAMILY_RIVAL)) {
		scenario->rival = scenario->cast_count;
		scenario->rival_us = percent(random, 30) ? 0 : moment_us(random);
		scenario_add(scenario, PART_RIVAL, RIVAL_OCTET);
	}
}

/* ---- The course ------------------------------------------------------------------------------ */

/* A VIP that goes and comes back within an audit may go unnoticed, so it does not. */
static void
draw_moves(struct scenario *scenario, struct random *random)
{
	const uint32_t count = between(random, 1, 4);

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t server = any_server(scenario, random);
		const uint32_t vip = random_below(random, scenario->vip_count);
		const uint64_t time_us = moment_us(random);
		const uint32_t way = random_below(random, 100);
		struct member *member = &scenario->cast[server];

		if (member->moves || member->card != NULL)
			continue;
		member->moves = true;
		if (way < 60) {
			add_action(scenario, 0, ACTION_UNBIND, server, vip);
			add_action(scenario, time_us, ACTION_BIND, server, vip);
		}
		if (way >= 50)
			add_action(scenario, time_us + between(random, 100, 1000000), ACTION_UNBIND,
			    server, vip);
	}
}

static void
draw_interruption(struct scenario *scenario, struct random *random)
{
	const uint64_t time_us = between(random, 1, percent(random, 50) ? LATEST_US : 800000);

	if (percent(random, 50))
		scenario->interrupt_us = time_us;
	else
		scenario->plan.settings.timeout_us = time_us;
}

/* Nothing tells of an owner whose answers were all lost, unless it is named. */
static bool
may_be_missed(const struct scenario *scenario)
{
	const struct quirks *quirks = &scenario->cast[1].node.quirks;

	return quirks->gap_us > 0 && scenario->plan.clusters[0].director_count == 0;
}

void
adversary_draw_course(struct scenario *scenario, struct random *random)
{
	if (scenario->family < FAMILY_REJECT)
		return;
	if (is_mixed(scenario, random, FAMILY_MOVING))
		draw_moves(scenario, random);
	if (is_mixed(scenario, random, FAMILY_INTERRUPT))
		draw_interruption(scenario, random);
	scenario->owned = scenario->owned && !may_be_missed(scenario);
	/* Traffic by the second card of a server. */
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		if (scenario->cast[i].node.quirks.first != NULL && percent(random, 10))
			add_action(scenario, moment_us(random), ACTION_TALK, i, 0);
}
