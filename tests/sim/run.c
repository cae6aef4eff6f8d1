/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT_US      UINT64_C(300000000) /* an audit that takes longer has not ended */
#define STATISTICS_US UINT64_C(50000)     /* how often the program looks for lost captures */
#define ANNOUNCEMENTS 5

__attribute__((format(printf, 2, 0))) static void
note(struct run *run, const char *format, va_list arguments)
{
	if (run->breach_count < BREACHES)
		vsnprintf(run->breach[run->breach_count++], BREACH_SIZE, format, arguments);
}

void
run_breach(struct run *run, const char *format, ...)
{
	va_list arguments;

	run->broken = true;
	va_start(arguments, format);
	note(run, format, arguments);
	va_end(arguments);
}

void
run_chance(struct run *run, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(run, format, arguments);
	va_end(arguments);
}

static void
show(const struct run *run, const char *what, uint32_t port, const struct frame *frame)
{
	char text[FRAME_SUMMARY_SIZE];

	if (run->verbose)
		printf("%9.6f %s %" PRIu32 ": %s%s\n",
		    (double)(run->scenario->segment.now_us - START_US) / 1e6, what, port,
		    mac_is_multicast(&frame->destination) ? "broadcast " : "",
		    frame_summary(frame, text));
}

/* ---- What the engine sends ---------------------------------------------------------------------
 */

/* The plan names it: no loss excuses a frame that speaks for it. */
static bool
is_planned(const struct scenario *scenario, const struct address *address)
{
	const struct member *member = scenario_find(scenario, address);

	return scenario_find_vip(scenario, address) != VIPS_MAX ||
	       (member != NULL && member->part == PART_SERVER && !scenario->discover);
}

/* It can be heard: it answers for its own address, is there all the time, and nothing is lost. */
static bool
is_audible(const struct scenario *scenario, const struct member *member)
{
	for (uint32_t i = 0; i < scenario->action_count; i++) {
		const struct action *action = &scenario->actions[i];

		if ((action->kind == ACTION_DOWN || action->kind == ACTION_UP) &&
		    &scenario->cast[action->member] == member)
			return false;
	}
	return scenario->lossless && node_answers(&member->node, 0, member->rip) != ANSWER_NONE;
}

/* It may speak for nobody: not as sender of ARP, not as source of IP. The one exception of SHA
 * makes an owner's reply a broadcast, and says nothing of the probe. */
static void
check_harmless(struct run *run, const struct frame *frame)
{
	const struct scenario *scenario = run->scenario;
	const struct address *speaks =
	    frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source;
	char text[FRAME_SUMMARY_SIZE];

	if (!mac_equal(&frame->source, &run->segment.mac))
		run_breach(run, "a frame from another MAC: %s", frame_summary(frame, text));
	if (frame->kind == FRAME_ARP && !mac_equal(&frame->arp.sha, &run->segment.mac) &&
	    (!mac_equal(&frame->arp.sha, &mac_broadcast) || !address_is_unspecified(speaks) ||
		mac_is_multicast(&frame->destination)))
		run_breach(run, "names another MAC: %s", frame_summary(frame, text));
	const struct member *member = scenario_find(scenario, speaks);
	const bool others = member != NULL && member->part != PART_PROBE;

	if (is_planned(scenario, speaks) || (others && is_audible(scenario, member)))
		run_breach(run, "speaks for an address in use: %s", frame_summary(frame, text));
	else if (others)
		run->trespasses++;
}

/* One frame of a bucket that holds `burst`; leaks stopped at once may run ahead by a few. */
static void
check_rate(struct run *run, const char *what, uint64_t *arrival_ns, uint32_t rate, uint32_t burst)
{
	const uint64_t now_ns = (run->scenario->segment.now_us - START_US) * 1000;

	if (rate == 0)
		return;
	const uint64_t interval_ns = UINT64_C(1000000000) / rate;

	if (*arrival_ns < now_ns)
		*arrival_ns = now_ns;
	*arrival_ns += interval_ns;
	if (*arrival_ns > now_ns + (burst + 1) * interval_ns)
		run_breach(run, "more %s than %" PRIu32 " a second", what, rate);
}

static void
check_rates(struct run *run, const struct frame *frame)
{
	const struct plan_settings *settings = &run->scenario->plan.settings;
	/* Answers to leaks and resets leave at once. */
	const uint32_t urgent = (uint32_t)run->scenario->plan.clusters[0].host_count + 64;

	check_rate(
	    run, "frames", &run->paced_ns, settings->rate, settings->rate / 100 + 8 + urgent);
	if (mac_is_multicast(&frame->destination))
		check_rate(run, "broadcasts", &run->broadcast_ns, settings->broadcast_rate, 1);
}

static void
send(struct run *run, const struct frame *frame)
{
	check_harmless(run, frame);
	check_rates(run, frame);
	show(run, "probe to", 0, frame);
	segment_transmit(&run->scenario->segment, 0, frame);
}

/* ---- What befalls the segment ------------------------------------------------------------------
 */

static void
transmit(struct run *run, struct node *node, const struct frame *frame)
{
	show(run, "acts as", node->port, frame);
	segment_transmit(node->segment, node->port, frame);
}

static struct frame
request(const struct node *node, uint32_t spa, uint32_t tpa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = node->mac,
	    .destination = mac_broadcast,
	    .arp = {.operation = ARP_REQUEST,
		.sha = node->mac,
		.spa = address_ipv4(spa),
		.tpa = address_ipv4(tpa)},
	};
}

/* From and for addresses that nobody in the cast has; 20 us apart, 50,000 a second. */
static void
flood(struct run *run, struct node *node, uint32_t index, struct action *action)
{
	struct scenario *scenario = run->scenario;
	struct random *random = &scenario->segment.random;
	const uint32_t spa = SEGMENT_NETWORK + 210 + random_below(random, 4);
	struct frame frame = request(node, spa, scenario_address(random));

	frame.source.octet[5] = frame.arp.sha.octet[5] = (uint8_t)spa;
	segment_transmit(node->segment, node->port, &frame);
	if (--action->count > 0)
		segment_set_timer(&scenario->segment, scenario->segment.now_us + 20, EVENT_ACTION,
		    0, index, 0, NULL);
}

static uint32_t
any_vip(struct scenario *scenario)
{
	return scenario->vips[random_below(&scenario->segment.random, scenario->vip_count)];
}

static void
forge(struct run *run, struct node *node, uint32_t index, struct action *action)
{
	struct scenario *scenario = run->scenario;
	struct random *random = &scenario->segment.random;
	const struct member *probe = &scenario->cast[0];
	const uint32_t way = random_below(random, 4);
	const uint32_t vip = any_vip(scenario);
	struct frame frame = request(node, vip, way == 0 ? vip : scenario_address(random));

	if (way >= 2)
		frame.arp.operation = ARP_REPLY;
	if (way == 3) {
		frame.destination = frame.arp.tha = probe->node.mac;
		frame.arp.tpa = address_ipv4(probe->rip);
	}
	transmit(run, node, &frame);
	if (--action->count > 0)
		segment_set_timer(&scenario->segment,
		    scenario->segment.now_us + segment_between(&scenario->segment, 10, 200000),
		    EVENT_ACTION, 0, index, 0, NULL);
}

static void
talk(struct run *run, struct node *node)
{
	struct scenario *scenario = run->scenario;
	const struct member *to = &scenario->cast[scenario->cast_count - 1];
	const uint32_t vip = any_vip(scenario);
	const struct frame packet = {
	    .kind = FRAME_UDP,
	    .source = node->mac,
	    .ip = {.source = address_ipv4(vip), .destination = address_ipv4(to->rip)},
	};

	if (node_is_local(node, vip))
		neighbour_send(node, to->rip, &packet);
}

static void
acquire(const struct scenario *scenario, struct node *node)
{
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++) {
		node_add_address(node, scenario->vips[vip], 32, ON_ETH0, SCOPE_UNIVERSE);
		for (int i = 0; i < ANNOUNCEMENTS; i++)
			node_announce(node, scenario->vips[vip]);
	}
}

static void
act(struct run *run, uint32_t index)
{
	struct scenario *scenario = run->scenario;
	struct action *action = &scenario->actions[index];
	struct node *node = &scenario->cast[action->member].node;
	struct port *port = &scenario->segment.ports[node->port];

	switch (action->kind) {
	case ACTION_DOWN:
	case ACTION_UP:
		port->down = action->kind == ACTION_DOWN;
		break;
	case ACTION_RELEASE:
		for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
			node_remove_address(node, scenario->vips[vip]);
		break;
	case ACTION_ACQUIRE:
		acquire(scenario, node);
		break;
	case ACTION_FLOOD:
		flood(run, node, index, action);
		break;
	case ACTION_FORGE:
		forge(run, node, index, action);
		break;
	case ACTION_TALK:
		talk(run, node);
		break;
	case ACTION_DEAF:
	case ACTION_HEARING:
		run->deaf = action->kind == ACTION_DEAF;
		break;
	}
}

/* ---- The run -----------------------------------------------------------------------------------
 */

static void
check_memory(struct run *run, uint64_t calls_before)
{
	if (memory_calls() != calls_before)
		run_breach(run, "the engine allocates after its start");
}

static bool
next(struct run *run, struct frame *frame)
{
	const uint64_t calls = memory_calls();
	const bool sends = audit_next(run->audit, run->scenario->segment.now_us, frame);

	check_memory(run, calls);
	return sends;
}

static void
receive(struct run *run, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {.frame = *frame, .bytes = bytes, .length = sizeof(bytes)};

	if (run->deaf) {
		run->missed = true;
		return;
	}
	show(run, "hears", 0, frame);
	const uint64_t calls = memory_calls();

	audit_receive(run->audit, run->scenario->segment.now_us, &capture);
	check_memory(run, calls);
}

/* As the program does: it looks now and then, and only then finds out. */
static void
look_for_drops(struct run *run)
{
	const uint64_t now_us = run->scenario->segment.now_us;

	if (now_us < run->told_us + STATISTICS_US && !audit_finished(run->audit, now_us))
		return;
	if (run->missed)
		audit_capture_lost(run->audit, run->told_us, now_us);
	run->missed = false;
	run->told_us = now_us;
}

static void
step(struct run *run)
{
	struct scenario *scenario = run->scenario;
	struct event event;

	if (!segment_step(&scenario->segment, &event))
		return;
	if (event.kind == EVENT_ACTION) {
		act(run, event.argument);
		return;
	}
	if (event.port == 0 && event.kind == EVENT_FRAME && run->audit != NULL && !run->ended)
		receive(run, &event.frame);
	/* The probe's own kernel answers for its address; by IP it has nothing to say. */
	if (event.port != 0 || event.kind != EVENT_FRAME || event.frame.kind == FRAME_ARP)
		node_event(&scenario->cast[event.port].node, &event);
}

static bool
turn(struct run *run)
{
	struct segment *segment = &run->scenario->segment;
	struct frame frame;

	look_for_drops(run);
	if (audit_finished(run->audit, segment->now_us))
		return false;
	while (next(run, &frame))
		send(run, &frame);
	uint64_t due_us = audit_wakeup_us(run->audit, segment->now_us);
	const uint64_t event_us = segment_next_us(segment);

	if (run->missed && run->told_us + STATISTICS_US < due_us)
		due_us = run->told_us + STATISTICS_US;
	if (event_us <= due_us) {
		if (event_us == UINT64_MAX) {
			run_breach(run, "the engine waits for nothing");
			return false;
		}
		step(run);
	} else {
		segment->now_us = due_us > segment->now_us ? due_us : segment->now_us;
	}
	return segment->now_us < START_US + LIMIT_US;
}

static bool
start(struct run *run)
{
	struct scenario *scenario = run->scenario;
	const struct member *probe = &scenario->cast[0];
	struct error error = {0};

	run->segment = (struct audit_segment){
	    .interface = "eth0",
	    .mac = probe->node.mac,
	    .own = {.address = address_ipv4(probe->rip), .length = SEGMENT_LENGTH},
	    .elicit_port = 61234,
	};
	run->told_us = START_US;
	if (!plan_check(&scenario->plan.clusters[0], &error) ||
	    !plan_fit(&scenario->plan.clusters[0], &run->segment.own, &error)) {
		run_breach(run, "no plan: %.100s", error.text);
		return false;
	}
	const size_t planned = memory_taken();

	run->audit = audit_new(&scenario->plan.clusters[0], &scenario->plan.settings, &run->segment,
	    scenario->seed, START_US, &error);
	run->memory = memory_taken() - planned;

	for (uint32_t i = 0; i < scenario->action_count; i++)
		segment_set_timer(&scenario->segment, START_US + scenario->actions[i].time_us,
		    EVENT_ACTION, 0, i, 0, NULL);
	return run->audit != NULL;
}

void
run_scenario(struct run *run, struct scenario *scenario, bool verbose)
{
	*run = (struct run){.scenario = scenario, .verbose = verbose};
	run->arena = arena_new();
	if (run->arena == NULL || !start(run)) {
		run_breach(run, "the audit did not start");
		return;
	}
	while (turn(run))
		;
	run->ended = true;
	run->duration_us = scenario->segment.now_us - START_US;
	if (!audit_finished(run->audit, scenario->segment.now_us))
		run_breach(run, "the audit does not end");
	run->wire = (struct wire_result){.owner_restored = true};
	audit_result(run->audit, scenario->segment.now_us, run->arena, &run->cluster, &run->wire);
}

void
run_on(struct run *run, uint64_t until_us)
{
	while (segment_next_us(&run->scenario->segment) <= until_us)
		step(run);
}

void
run_free(struct run *run)
{
	audit_free(run->audit);
	arena_free(run->arena);
}
