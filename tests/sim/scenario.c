/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenario.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adversary.h"
#include "changes.h"
#include "damage.h"
#include "draw.h"
#include "relay.h"
#include "vrrp.h"

#define SERVERS_MAX     12
#define OUTSIDE_NETWORK 0xac100500u /* 172.16.5.0 */
#define PERCENT         (PER_MILLION / 100)

const char *const family_names[FAMILIES] = {
    [FAMILY_CLEAN] = "clean",
    [FAMILY_LOSS] = "loss",
    [FAMILY_BAD_LINK] = "bad-link",
    [FAMILY_BURST] = "burst",
    [FAMILY_DISORDER] = "disorder",
    [FAMILY_CRASH] = "crash",
    [FAMILY_APPEAR] = "appear",
    [FAMILY_FAILOVER] = "failover",
    [FAMILY_FLOOD] = "flood",
    [FAMILY_FORGE] = "forge",
    [FAMILY_DROPS] = "drops",
    [FAMILY_VRRP] = "vrrp",
    [FAMILY_MASTER] = "master",
    [FAMILY_RELAY] = "relay",
    [FAMILY_SOURCE] = "source",
    [FAMILY_DAMAGE] = "damage",
    [FAMILY_PROXY] = "proxy",
    [FAMILY_GENTLE] = "gentle",
    [FAMILY_REJECT] = "reject",
    [FAMILY_MOVING] = "moving",
    [FAMILY_CARDS] = "cards",
    [FAMILY_RIVAL] = "rival",
    [FAMILY_INTERRUPT] = "interrupt",
    [FAMILY_SLOW] = "slow",
    [FAMILY_ADVERSARY] = "adversary",
    [FAMILY_TRANSLATED] = "translated",
    [FAMILY_REPLACED] = "replaced",
    [FAMILY_STALE] = "stale",
    [FAMILY_RETICENT] = "reticent",
};

/* ---- The parts of a scenario ----------------------------------------------------------------- */

void
scenario_begin(struct scenario *scenario, uint64_t seed, enum family family)
{
	*scenario = (struct scenario){
	    .seed = seed, .family = family, .misfortune = family, .lossless = true};
	scenario->vips[scenario->vip_count++] = SEGMENT_NETWORK + 100;
	segment_init(&scenario->segment, seed ^ UINT64_C(0x5e67e67), START_US);
	plan_init(&scenario->plan);
	if (plan_add_cluster(&scenario->plan, "simulated") == NULL)
		abort();
}

void
scenario_free(struct scenario *scenario)
{
	segment_free(&scenario->segment);
	plan_free(&scenario->plan);
}

struct member *
scenario_add(struct scenario *scenario, enum part part, uint32_t last_octet)
{
	const struct mac mac = {{0x02, 0, 0x0a, 0x4d, 0, (uint8_t)last_octet}};
	struct member *member = &scenario->cast[scenario->cast_count++];

	assert(scenario->cast_count <= CAST_MAX);
	member->part = part;
	member->rip = SEGMENT_NETWORK + last_octet;
	node_init(&member->node, &scenario->segment, &mac);
	node_add_address(&member->node, member->rip, SEGMENT_LENGTH, ON_ETH0, SCOPE_UNIVERSE);
	assert(member->node.port == scenario->cast_count - 1);
	return member;
}

void
scenario_hold(const struct scenario *scenario, struct member *member, enum node_interface interface,
    uint8_t length)
{
	for (uint32_t i = 0; interface != ON_NONE && i < scenario->vip_count; i++)
		node_add_address(
		    &member->node, scenario->vips[i], length, interface, SCOPE_UNIVERSE);
}

static void
must(bool done, const struct error *error)
{
	if (done)
		return;
	fprintf(stderr, "sim: a plan that can't be: %s\n", error->text);
	abort();
}

struct member *
scenario_add_director(struct scenario *scenario)
{
	struct member *director = scenario_add(scenario, PART_DIRECTOR, 3);
	struct error error = {0};

	scenario_hold(scenario, director, ON_ETH0, 32);
	must(plan_add_directors(&scenario->plan.clusters[0], "10.77.0.3", &error), &error);
	return director;
}

void
scenario_add_bystanders(struct scenario *scenario, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct node *bystander = &scenario_add(scenario, PART_BYSTANDER, 201 + i)->node;

		for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
			neighbour_set(bystander, scenario->vips[vip], scenario_owner(scenario),
			    NEIGHBOUR_STALE);
	}
}

void
scenario_set_faults(struct scenario *scenario, const struct faults *faults)
{
	for (uint32_t port = 0; port < scenario->segment.port_count; port++)
		for (enum direction direction = FROM_NODE; direction < DIRECTIONS; direction++)
			scenario->segment.ports[port].faults[direction] = *faults;
	if (faults->loss_unicast + faults->loss_broadcast + faults->burst_loss > 0)
		scenario->lossless = false;
}

void
scenario_lose(struct scenario *scenario, uint32_t percent)
{
	const struct faults faults = {
	    .loss_unicast = percent * PERCENT,
	    .loss_broadcast = percent * PERCENT,
	    .delay_us = 50,
	    .jitter_us = 100,
	};

	scenario_set_faults(scenario, &faults);
}

bool
scenario_is_explicit(const struct scenario *scenario)
{
	return scenario->family > FAMILY_DROPS;
}

bool
scenario_is_disturbed(const struct scenario *scenario, const struct member *member)
{
	for (uint32_t i = 0; i < scenario->action_count; i++) {
		const struct action *action = &scenario->actions[i];

		if ((action->kind == ACTION_DOWN || action->kind == ACTION_UP) &&
		    &scenario->cast[action->member] == member)
			return true;
	}
	return false;
}

const struct member *
scenario_find(const struct scenario *scenario, const struct address *rip)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		const struct address own = address_ipv4(scenario->cast[i].rip);

		if (address_equal(&own, rip))
			return &scenario->cast[i];
	}
	return NULL;
}

uint32_t
scenario_find_vip(const struct scenario *scenario, const struct address *address)
{
	for (uint32_t i = 0; i < scenario->vip_count; i++) {
		const struct address vip = address_ipv4(scenario->vips[i]);

		if (address_equal(&vip, address))
			return i;
	}
	return VIPS_MAX;
}

const struct mac *
scenario_owner(const struct scenario *scenario)
{
	return scenario->router.shared_mac ? &scenario->segment.virtual_mac
					   : &scenario->cast[1].node.mac;
}

uint32_t
scenario_address(struct random *random)
{
	return SEGMENT_NETWORK + 1 + random_below(random, 254);
}

/* Follows the kernel's rules, not the audit's reasoning. */
enum truth
scenario_truth_of_card(const struct scenario *scenario, const struct member *member, uint32_t vip)
{
	const struct node *node = &member->node;
	const uint32_t probe = scenario->cast[0].rip;
	const bool holds = node_is_local(node, vip);
	const bool answers = node_answers(node, probe, vip) != ANSWER_NONE ||
			     node_answers(node, 0, vip) != ANSWER_NONE;

	/* Without elicitation the audit can't know whether the host held the VIP when it was asked
	 * (--no-elicit says so). */
	if (answers)
		return member->moves && !scenario->plan.settings.elicit ? TRUTH_OPEN : TRUTH_FAULTY;
	/* The host would request others on the segment, in the same subnet, as the VIP. Without
	 * elicitation the audit can't know. */
	if (holds && node_solicits_as(node, probe, vip) == vip)
		return scenario->plan.settings.elicit && node->quirks.first == NULL ? TRUTH_FAULTY
										    : TRUTH_OPEN;
	/* It would request others in a subnet of its own as the VIP. The audit can show that only
	 * if an address beside the VIP is free. */
	if (holds && node_solicits_as(node, vip ^ 1, vip) == vip)
		return TRUTH_OPEN;
	/* A server also fails if it proxies other addresses, or refuses connections to the
	 * service. */
	if (node->proxied_count > 0 ||
	    (holds && scenario->port != 0 &&
		(node->tcp_port == 0 || (node->quirks.rejects & 1u << FRAME_TCP) != 0)))
		return TRUTH_OPEN;
	if (!holds)
		return TRUTH_UNBOUND;
	return TRUTH_SOUND;
}

/* What a card answers is the host's if it answers for the host's RIP too. By a card that speaks as
 * the VIP the host does so only where its routes lead, and the address of one card for which the
 * other answers is not unique. */
static enum truth
truth_of(const struct scenario *scenario, const struct member *member, uint32_t vip)
{
	const struct member *card = member->card;
	const enum truth truth = scenario_truth_of_card(scenario, member, vip);
	const enum truth other = card == NULL ? truth : scenario_truth_of_card(scenario, card, vip);

	if (member->part != PART_SERVER)
		return TRUTH_OPEN;
	if (card == NULL || truth == TRUTH_FAULTY)
		return truth;
	/* A switch that answers for the host's address hides what answers for it as well. */
	if (scenario_is_disturbed(scenario, card) || scenario->segment.suppression.count > 0)
		return TRUTH_OPEN;
	const bool flux = node_answers(&card->node, 0, member->rip) != ANSWER_NONE;

	if (flux && node_answers(&card->node, scenario->cast[0].rip, vip) != ANSWER_NONE)
		return TRUTH_FAULTY;
	return flux || other != truth || node_answers(&member->node, 0, card->rip) != ANSWER_NONE
		   ? TRUTH_OPEN
		   : truth;
}

void
scenario_finish(struct scenario *scenario)
{
	struct plan_cluster *cluster = &scenario->plan.clusters[0];
	struct error error = {0};
	char text[32 + ADDRESS_TEXT_SIZE];
	struct address address;

	for (uint32_t i = 0; i < scenario->vip_count; i++) {
		address = address_ipv4(scenario->vips[i]);
		address_format(&address, text);
		if (scenario->port != 0)
			snprintf(text + strlen(text), 8, ":%u", scenario->port);
		must(plan_add_vips(cluster, text, &error), &error);
	}
	cluster->discover = scenario->discover;
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct member *member = &scenario->cast[i];

		for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
			member->truth[vip] = changes_truth(scenario, member, scenario->vips[vip],
			    truth_of(scenario, member, scenario->vips[vip]));
		relay_accuse(scenario, i);
		address = address_ipv4(member->rip);
		if (member->part == PART_SERVER && !scenario->discover)
			must(plan_add_hosts(cluster, address_format(&address, text), &error),
			    &error);
	}
}

/* ---- Drawing one ----------------------------------------------------------------------------- */

static void
draw_policy(struct scenario *scenario, struct random *random, struct member *member)
{
	static const uint8_t levels[] = {0, 0, 1, 1, 2, 2, 3, 4, 8};
	struct node *node = &member->node;
	const uint32_t place = random_below(random, 100);

	node->arp_ignore = 1;
	node->arp_announce = 2;
	if (percent(random, 55)) {
		scenario_hold(scenario, member, percent(random, 80) ? ON_LO : ON_DUMMY0, 32);
		return;
	}
	node->arp_ignore = levels[random_below(random, sizeof(levels))];
	node->arp_announce = (uint8_t)random_below(random, 3);
	if (place < 65)
		scenario_hold(scenario, member, place < 50 ? ON_LO : ON_DUMMY0, 32);
	else if (place < 93)
		scenario_hold(scenario, member, ON_ETH0, place < 80 ? 32 : SEGMENT_LENGTH);
	if (percent(random, 5))
		node->proxied[node->proxied_count++] =
		    percent(random, 50) ? (struct subnet){scenario->vips[0], 32}
					: (struct subnet){SEGMENT_NETWORK + 128, 25};
}

/* Fills the caches with what the member knew of the segment before. */
static void
draw_neighbours(struct scenario *scenario, struct random *random, struct member *member)
{
	const struct member *probe = &scenario->cast[0];

	if (percent(random, 30))
		neighbour_set(&member->node, probe->rip, &probe->node.mac, NEIGHBOUR_STALE);
	for (uint32_t i = 0; percent(random, 20) && i < 4; i++)
		neighbour_set(
		    &member->node, scenario_address(random), &probe->node.mac, NEIGHBOUR_STALE);
}

static void
draw_servers(struct scenario *scenario, struct random *random)
{
	const uint32_t count =
	    percent(random, 4) ? between(random, 20, 50) : between(random, 1, SERVERS_MAX);

	for (uint32_t i = 0; i < count; i++) {
		struct member *member = scenario_add(scenario, PART_SERVER, 11 + i);

		draw_policy(scenario, random, member);
		if (percent(random, 10))
			node_remove_address(&member->node,
			    scenario->vips[random_below(random, scenario->vip_count)]);
		draw_neighbours(scenario, random, member);
		member->node.ignores_echo = percent(random, 15);
		if (scenario->port != 0 ? percent(random, 95) : percent(random, 30))
			member->node.tcp_port = scenario->port != 0 ? scenario->port : 80;
	}
}

static void
draw_directors(struct scenario *scenario, struct random *random)
{
	struct member *director = scenario_add(scenario, PART_DIRECTOR, 3);

	scenario_hold(scenario, director, ON_ETH0, percent(random, 70) ? 32 : SEGMENT_LENGTH);
	director->node.arp_announce = percent(random, 10) ? 2 : 0;
	scenario->owned = true;
	const bool router =
	    scenario->misfortune == FAMILY_VRRP || scenario->misfortune == FAMILY_MASTER;

	if (scenario->misfortune == FAMILY_FAILOVER || router || percent(random, 20))
		scenario_add(scenario, PART_STANDBY, 4);
	if (router)
		vrrp_draw_router(scenario, random);
}

/* IPVS knows the servers that hold the VIP and serve it. */
static void
fit_directors(struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++) {
		struct node *director = &scenario->cast[i].node;

		if (scenario->port == 0 || (scenario->cast[i].part != PART_DIRECTOR &&
					       scenario->cast[i].part != PART_STANDBY))
			continue;
		director->tcp_port = scenario->port;
		for (uint32_t k = 0; k < scenario->cast_count; k++)
			if (scenario->cast[k].part == PART_SERVER &&
			    node_is_local(&scenario->cast[k].node, scenario->vips[0]) &&
			    director->server_count < NODE_SERVERS)
				director->servers[director->server_count++] =
				    scenario->cast[k].node.mac;
	}
}

/* A router that proxies for all of the segment, for half of it, or for eight addresses around a
 * server, the director or a VIP. A longer prefix than the segment's is routed elsewhere. */
static void
draw_router(struct scenario *scenario, struct random *random)
{
	struct member *router = scenario_add(scenario, PART_BYSTANDER, 7);
	struct node *node = &router->node;
	const uint32_t member = 1 + random_below(random, scenario->cast_count - 1);
	const uint32_t way = random_below(random, 100);
	const uint32_t near = percent(random, 30) ? scenario->vips[0] : scenario->cast[member].rip;

	node->proxies_at_once = percent(random, 50);
	if (way < 60)
		node->proxied[node->proxied_count++] = (struct subnet){SEGMENT_NETWORK, 25};
	if (way < 40)
		node->proxied[node->proxied_count++] = (struct subnet){SEGMENT_NETWORK + 128, 25};
	if (way >= 60)
		node->proxied[node->proxied_count++] = (struct subnet){near & ~7u, 29};
	for (uint32_t i = 0; i < scenario->vip_count; i++) {
		if (node_answers(node, scenario->cast[0].rip, scenario->vips[i]) == ANSWER_NONE)
			continue;
		scenario->owned = false;
		router->part = i == 0 ? PART_PROXY : router->part;
	}
}

static void
draw_others(struct scenario *scenario, struct random *random)
{
	const uint32_t count = between(random, 1, 3);

	if (percent(random, 6)) {
		scenario_hold(scenario, scenario_add(scenario, PART_ROGUE, 5), ON_ETH0, 32);
		scenario->owned = false;
	}
	if (percent(random, 4)) {
		struct member *proxy = scenario_add(scenario, PART_PROXY, 6);

		proxy->node.proxied[proxy->node.proxied_count++] =
		    (struct subnet){scenario->vips[0], 32};
		scenario->owned = false;
	}
	if (scenario->misfortune == FAMILY_PROXY)
		draw_router(scenario, random);
	scenario_add_bystanders(scenario, count);
}

static void
draw_plan(struct scenario *scenario, struct random *random)
{
	struct plan_cluster *cluster = &scenario->plan.clusters[0];
	struct plan_settings *settings = &scenario->plan.settings;
	struct error error = {0};

	if (!scenario->router.shared_mac && percent(random, 65)) {
		must(plan_add_directors(
			 cluster, percent(random, 80) ? "10.77.0.3" : "02:00:0a:4d:00:03", &error),
		    &error);
		for (uint32_t i = 0; i < scenario->cast_count; i++)
			if (scenario->cast[i].part == PART_STANDBY)
				must(plan_add_directors(cluster, "10.77.0.4", &error), &error);
	}
	if (percent(random, 15))
		settings->linger_us = between(random, 0, 900000);
	if (percent(random, 15))
		settings->confidence = 1e-3;
	if (percent(random, 20))
		settings->rate = settings->broadcast_rate = 0;
	else if (percent(random, 10))
		settings->broadcast_rate = 100;
	scenario->discover = percent(random, 6);
	settings->elicit = !percent(random, 4);
	settings->gentle = scenario->misfortune == FAMILY_GENTLE;
}

/* No member has an address from .110 to .199. A bystander has .201. */
static void
draw_decoys(struct scenario *scenario, struct random *random)
{
	struct plan_cluster *cluster = &scenario->plan.clusters[0];
	const uint32_t count = between(random, 1, 24);
	struct error error = {0};
	char text[ADDRESS_TEXT_SIZE];

	for (uint32_t i = 0; i < count; i++) {
		const struct address decoy = address_ipv4(
		    SEGMENT_NETWORK + (percent(random, 10) ? 201 : between(random, 110, 199)));

		must(plan_add_decoys(cluster, address_format(&decoy, text), &error), &error);
	}
}

static bool
has_decoy(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (address_equal(&cluster->decoys[i], address))
			return true;
	return false;
}

/* A host of the plan must not have the source address, so a bystander may have it. */
static void
draw_source(struct scenario *scenario, struct random *random)
{
	struct plan_cluster *cluster = &scenario->plan.clusters[0];
	const struct member *last = &scenario->cast[scenario->cast_count - 1];
	struct error error = {0};
	struct address source;
	char text[ADDRESS_TEXT_SIZE];

	if (percent(random, 40))
		draw_decoys(scenario, random);
	do {
		scenario->source_used = percent(random, 15);
		source = address_ipv4(scenario->source_used
					  ? last->rip
					  : SEGMENT_NETWORK + between(random, 110, 199));
	} while (has_decoy(cluster, &source));
	must(plan_set_source(cluster, address_format(&source, text), &error), &error);
	if (!scenario->discover && percent(random, 15)) {
		scenario->addressless = true;
		node_remove_address(&scenario->cast[0].node, scenario->cast[0].rip);
	}
}

/* ---- Misfortunes ----------------------------------------------------------------------------- */

static void
draw_bad_link(struct scenario *scenario, struct random *random)
{
	const uint32_t member = 1 + random_below(random, scenario->cast_count - 1);

	for (enum direction direction = FROM_NODE; direction < DIRECTIONS; direction++) {
		struct faults *faults = &scenario->segment.ports[member].faults[direction];

		faults->loss_unicast = random_below(random, 60 * PERCENT);
		faults->loss_broadcast = random_below(random, 60 * PERCENT);
	}
	scenario->lossless = false;
}

static void
draw_faults(struct scenario *scenario, struct random *random)
{
	struct faults faults = {.delay_us = between(random, 20, 200), .reorder_us = 3000};

	faults.jitter_us = between(random, 1, 400);
	/* A hand-over is easiest to misjudge when answers get lost. */
	const bool lossy = scenario->misfortune == FAMILY_LOSS ||
			   (scenario->misfortune == FAMILY_FAILOVER && percent(random, 30));

	if (lossy || percent(random, 20)) {
		faults.loss_unicast = random_below(random, (lossy ? 25 : 5) * PERCENT);
		faults.loss_broadcast = percent(random, 50)
					    ? faults.loss_unicast
					    : random_below(random, (lossy ? 25 : 5) * PERCENT);
	}
	if (scenario->misfortune == FAMILY_BURST) {
		faults.burst_gap_us = between(random, 20000, 1000000);
		faults.burst_us = between(random, 1000, 60000);
		faults.burst_loss = between(random, 50, 100) * PERCENT;
	}
	if (scenario->misfortune == FAMILY_DISORDER) {
		faults.duplicate = random_below(random, 30 * PERCENT);
		faults.reorder = random_below(random, 30 * PERCENT);
		faults.reorder_us = between(random, 500, 50000);
	}
	scenario_set_faults(scenario, &faults);
}

static void
draw_crashes(struct scenario *scenario, struct random *random, bool appear)
{
	const uint32_t count = between(random, 1, 3);

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t member = any_server(scenario, random);

		if (appear)
			add_action(scenario, 0, ACTION_DOWN, member, 0);
		add_action(
		    scenario, moment_us(random), appear ? ACTION_UP : ACTION_DOWN, member, 0);
	}
}

/* Split brain: the second director becomes master early, and the first one stays master. */
static void
draw_split(struct scenario *scenario, struct random *random, uint32_t standby)
{
	add_action(scenario, between(random, 20000, 100000), ACTION_ACQUIRE, standby, 0);
	scenario->split = true;
	scenario->owned = false;
}

/* keepalived stops on one director and within moments becomes master on the other. Or both are
 * masters, for a moment or for good. Or the first one dies, and the second one notices after three
 * advertisements. */
static void
draw_failover(struct scenario *scenario, struct random *random)
{
	const uint64_t time_us = moment_us(random);
	const uint32_t way = random_below(random, 100);
	uint32_t standby = 2;

	while (scenario->cast[standby].part != PART_STANDBY)
		standby++;
	if (way < 25) {
		draw_split(scenario, random, standby);
	} else if (way < 45) {
		add_action(scenario, time_us, ACTION_DOWN, 1, 0);
		add_action(scenario, time_us + 3000000, ACTION_ACQUIRE, standby, 0);
		scenario->owned = false;
	} else {
		add_action(scenario, time_us, ACTION_RELEASE, 1, 0);
		add_action(
		    scenario, time_us + random_below(random, 20000), ACTION_ACQUIRE, standby, 0);
	}
}

static void
draw_talk(struct scenario *scenario, struct random *random)
{
	const uint32_t count = between(random, 1, 4);

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t server = any_server(scenario, random);

		add_action(scenario, moment_us(random), ACTION_TALK, server, 0);
	}
}

static void
draw_drops(struct scenario *scenario, struct random *random)
{
	const uint32_t count = between(random, 1, 4);

	for (uint32_t i = 0; i < count; i++) {
		const uint64_t time_us = moment_us(random);

		add_action(scenario, time_us, ACTION_DEAF, 0, 0);
		add_action(scenario, time_us + between(random, 100, 30000), ACTION_HEARING, 0, 0);
	}
	scenario->lossless = false;
}

static void
draw_misfortune(struct scenario *scenario, struct random *random)
{
	const uint32_t last = scenario->cast_count - 1; /* a bystander */
	uint32_t count;

	draw_faults(scenario, random);
	switch (scenario->misfortune) {
	case FAMILY_BAD_LINK:
		draw_bad_link(scenario, random);
		break;
	case FAMILY_CRASH:
	case FAMILY_APPEAR:
		draw_crashes(scenario, random, scenario->misfortune == FAMILY_APPEAR);
		break;
	case FAMILY_FAILOVER:
		draw_failover(scenario, random);
		break;
	case FAMILY_FLOOD:
		count = between(random, 100, 5000);
		add_action(scenario, moment_us(random), ACTION_FLOOD, last, count);
		break;
	case FAMILY_FORGE:
		for (uint32_t i = 0; i < 3; i++) {
			count = between(random, 1, 4);
			add_action(scenario, moment_us(random), ACTION_FORGE, last, count);
		}
		scenario->owned = false;
		break;
	case FAMILY_VRRP:
	case FAMILY_MASTER:
		vrrp_draw_masters(scenario, random);
		break;
	case FAMILY_RELAY:
		relay_draw(scenario, random);
		break;
	case FAMILY_DAMAGE:
		damage_draw(scenario, random);
		break;
	case FAMILY_DROPS:
		draw_drops(scenario, random);
		break;
	default:
		break;
	}
	if (percent(random, 15))
		draw_talk(scenario, random);
}

static enum family
draw_family(struct random *random)
{
	static const uint8_t weights[FAMILIES] = {
	    [FAMILY_CLEAN] = 12,
	    [FAMILY_LOSS] = 13,
	    [FAMILY_BAD_LINK] = 7,
	    [FAMILY_BURST] = 6,
	    [FAMILY_DISORDER] = 7,
	    [FAMILY_CRASH] = 5,
	    [FAMILY_APPEAR] = 5,
	    [FAMILY_FAILOVER] = 7,
	    [FAMILY_FLOOD] = 1,
	    [FAMILY_FORGE] = 4,
	    [FAMILY_DROPS] = 4,
	    [FAMILY_VRRP] = 4,
	    [FAMILY_MASTER] = 4,
	    [FAMILY_RELAY] = 4,
	    [FAMILY_SOURCE] = 3,
	    [FAMILY_DAMAGE] = 2,
	    [FAMILY_PROXY] = 3,
	    [FAMILY_REJECT] = 1,
	    [FAMILY_MOVING] = 1,
	    [FAMILY_CARDS] = 1,
	    [FAMILY_RIVAL] = 1,
	    [FAMILY_INTERRUPT] = 1,
	    [FAMILY_SLOW] = 1,
	    [FAMILY_ADVERSARY] = 3,
	};
	uint32_t at = random_below(random, 100);
	uint32_t family = 0;

	while (at >= weights[family])
		at -= weights[family++];
	return (enum family)family;
}

/* One of four is outside the segment's subnet. */
static void
draw_vips(struct scenario *scenario, struct random *random)
{
	scenario->vip_count = percent(random, 80) ? 1 : between(random, 2, VIPS_MAX);
	for (uint32_t i = 0; i < scenario->vip_count; i++)
		scenario->vips[i] =
		    (percent(random, 25) ? OUTSIDE_NETWORK : SEGMENT_NETWORK) + 100 + i;
}

void
scenario_draw(struct scenario *scenario, uint64_t seed, int family)
{
	struct random random = {.state = seed};
	const enum family drawn = draw_family(&random);

	scenario_begin(
	    scenario, seed, family >= 0 ? (enum family)family : changes_draw_family(seed, drawn));
	if (scenario->family == FAMILY_ADVERSARY)
		scenario->misfortune = adversary_draw_misfortune(&random);
	draw_vips(scenario, &random);
	if (percent(&random, 40) || scenario->family == FAMILY_TRANSLATED)
		scenario->port = 80;
	scenario_add(scenario, PART_PROBE, 1);
	draw_directors(scenario, &random);
	draw_servers(scenario, &random);
	adversary_draw_cast(scenario, &random);
	draw_others(scenario, &random);
	fit_directors(scenario);
	draw_plan(scenario, &random);
	if (scenario->router.shared_mac)
		vrrp_draw_names(scenario, &random);
	if (scenario->misfortune == FAMILY_SOURCE)
		draw_source(scenario, &random);
	draw_misfortune(scenario, &random);
	adversary_draw_course(scenario, &random);
	changes_draw(scenario);
	scenario_finish(scenario);
}
