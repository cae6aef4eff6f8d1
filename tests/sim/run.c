/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/checks.h"
#include "arpaudit/report.h"
#include "damage.h"
#include "relay.h"
#include "vrrp.h"

#define FNV_BASIS     UINT64_C(14695981039346656037)
#define FNV_PRIME     UINT64_C(1099511628211)
#define LIMIT_US      UINT64_C(300000000) /* the limit for an audit; a gentle one has more */
#define GENTLE_TIMES  10
#define STATISTICS_US UINT64_C(50000) /* how often the program looks for lost frames */
#define ANNOUNCEMENTS 5
#define PROMPT_US     50000 /* answers that the verification of decoys waits for */

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

/* ---- The digest ------------------------------------------------------------------------------ */

static uint64_t
fold(uint64_t digest, const char *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		digest = (digest ^ (uint8_t)octets[i]) * FNV_PRIME;
	return digest;
}

/* Folds what the summary omits, and the time of sending. */
static void
fold_frame(struct run *run, const struct frame *frame)
{
	const bool arp = frame->kind == FRAME_ARP;
	const struct mac *const tha = arp ? &frame->arp.tha : &mac_zero;
	char text[2 * FRAME_SUMMARY_SIZE], summary[FRAME_SUMMARY_SIZE];
	char to[MAC_TEXT_SIZE], target[MAC_TEXT_SIZE];
	const int length = snprintf(text, sizeof(text), "%" PRIu64 " %d %u %s %s %u %s",
	    run->scenario->segment.now_us, (int)frame->kind, frame->vlan,
	    mac_format(&frame->destination, to), mac_format(tha, target), arp ? 0u : frame->ip.ttl,
	    frame_summary(frame, summary));

	run->digest = fold(run->digest, text, (size_t)length);
}

static void
fold_report(struct run *run)
{
	const struct result result = {
	    .started_us = START_US,
	    .finished_us = run->scenario->segment.now_us,
	    .complete = true,
	    .verdict = run->cluster.verdict,
	    .clusters = &run->cluster,
	    .cluster_count = 1,
	    .wire = run->wire,
	};
	const struct report_style style = {.verbose = 1};
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (stream == NULL || !report_json.write(&result, &style, stream) || fclose(stream) != 0) {
		run_breach(run, "the report could not be written");
		return;
	}
	run->digest = fold(run->digest, text, length);
	free(text);
	run->digest = (run->digest ^ run->scenario->segment.digest) * FNV_PRIME;
}

/* ---- What the engine sends ------------------------------------------------------------------- */

/* Whether the plan names the address. Then no loss excuses a frame that speaks for it. */
static bool
is_planned(const struct scenario *scenario, const struct address *address)
{
	const struct member *member = scenario_find(scenario, address);

	return scenario_find_vip(scenario, address) != VIPS_MAX ||
	       (member != NULL && member->part == PART_SERVER && !scenario->discover);
}

/* Whether the engine can hear the member: it answers for its own address, is always up, and no
 * frame is lost. */
static bool
is_audible(const struct scenario *scenario, const struct member *member)
{
	/* A host that is slower than the others is heard too late. The manual says so. */
	if (scenario_is_disturbed(scenario, member) || member->node.quirks.slow_us > PROMPT_US)
		return false;
	return scenario->lossless && node_answers(&member->node, 0, member->rip) != ANSWER_NONE;
}

/* A host that is checking an address takes an ARP Probe (SPA 0.0.0.0) of the audit for a conflict
 * and gives the address up. So only an address that has answered one may get another by broadcast.
 * The plan's source address is different: the probe is about to use that itself. */
static void
check_no_conflict(struct run *run, const struct frame *frame)
{
	const struct address *target = &frame->arp.tpa;
	char text[FRAME_SUMMARY_SIZE];

	if (frame->kind == FRAME_ARP && address_is_unspecified(&frame->arp.spa) &&
	    mac_is_multicast(&frame->destination) &&
	    !address_equal(target, &run->scenario->plan.clusters[0].source) &&
	    !run->answers_probes[address_ipv4_number(target) % ANSWERS_PROBES])
		run_breach(run, "a conflict for a host that checks the address: %s",
		    frame_summary(frame, text));
}

/* The probe must not speak for a host, as SPA or as IP source. A SHA other than its own is allowed
 * only in the frame that makes an owner's reply a broadcast, which has no SPA. */
static void
check_harmless(struct run *run, const struct frame *frame)
{
	const struct scenario *scenario = run->scenario;
	const struct address *speaks =
	    frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source;
	char text[FRAME_SUMMARY_SIZE];

	if (!mac_equal(&frame->source, &run->segment.mac))
		run_breach(
		    run, "the source is not the probe's MAC: %s", frame_summary(frame, text));
	if (frame->kind == FRAME_ARP && !mac_equal(&frame->arp.sha, &run->segment.mac) &&
	    (!mac_equal(&frame->arp.sha, &mac_broadcast) || !address_is_unspecified(speaks) ||
		mac_is_multicast(&frame->destination)))
		run_breach(run, "the SHA is not the probe's MAC: %s", frame_summary(frame, text));
	const struct member *member = scenario_find(scenario, speaks);
	const bool others = member != NULL && member->part != PART_PROBE;

	if (is_planned(scenario, speaks) || (others && is_audible(scenario, member)))
		run_breach(
		    run, "the probe spoke for an address in use: %s", frame_summary(frame, text));
	else if (others)
		run->trespasses++;
}

/* Takes a frame from a bucket of `burst` frames. Frames that leave at once may overdraw it. */
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
		run_breach(run, "more than %" PRIu32 " %s a second", rate, what);
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
	check_no_conflict(run, frame);
	check_rates(run, frame);
	fold_frame(run, frame);
	show(run, "probe to", 0, frame);
	segment_transmit(&run->scenario->segment, 0, frame);
}

/* ---- Events on the segment ------------------------------------------------------------------- */

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

/* Sends from and to addresses of no member, every 20 us: 50,000 frames a second. */
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
relay(struct run *run, struct node *node, uint32_t index, struct action *action)
{
	struct segment *segment = &run->scenario->segment;
	const struct frame frame = relay_claim(run->scenario);

	transmit(run, node, &frame);
	if (--action->count > 0)
		segment_set_timer(segment, segment->now_us + segment_between(segment, 10, 300000),
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
acquire(const struct scenario *scenario, struct member *member)
{
	struct node *node = &member->node;

	vrrp_hold(scenario, node);
	member->advertises = true;
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++) {
		for (int i = 0; i < ANNOUNCEMENTS; i++)
			node_announce(node, scenario->vips[vip]);
	}
}

static void
release(const struct scenario *scenario, struct member *member)
{
	member->advertises = false;
	for (uint32_t vip = 0; vip < scenario->vip_count; vip++)
		node_remove_address(&member->node, scenario->vips[vip]);
}

static void
unbind(const struct scenario *scenario, struct member *member, uint32_t vip)
{
	for (uint32_t i = 0; i < member->node.address_count; i++)
		if (member->node.addresses[i].address == scenario->vips[vip])
			member->parked[vip] = member->node.addresses[i];
	node_remove_address(&member->node, scenario->vips[vip]);
}

static void
bind(struct member *member, uint32_t vip)
{
	const struct node_address *parked = &member->parked[vip];

	if (parked->address != 0)
		node_add_address(&member->node, parked->address, parked->length,
		    (enum node_interface)parked->interface, (enum scope)parked->scope);
	member->parked[vip].address = 0;
}

static void
resign(struct run *run, struct member *member)
{
	const struct frame frame = vrrp_advertisement(run->scenario, member, 0);

	transmit(run, &member->node, &frame);
	release(run->scenario, member);
}

static void
advertise(struct run *run, struct member *member, uint32_t index)
{
	struct scenario *scenario = run->scenario;
	const struct frame frame = vrrp_advertisement(scenario, member, member->priority);

	if (!member->advertises)
		return;
	transmit(run, &member->node, &frame);
	segment_set_timer(&scenario->segment, scenario->segment.now_us + vrrp_interval_us(scenario),
	    EVENT_ACTION, 0, index, 0, NULL);
}

static void
act(struct run *run, uint32_t index)
{
	struct scenario *scenario = run->scenario;
	struct action *action = &scenario->actions[index];
	struct member *member = &scenario->cast[action->member];
	struct node *node = &member->node;
	struct port *port = &scenario->segment.ports[node->port];

	switch (action->kind) {
	case ACTION_DOWN:
	case ACTION_UP:
		port->down = action->kind == ACTION_DOWN;
		break;
	case ACTION_RELEASE:
		release(scenario, member);
		break;
	case ACTION_ACQUIRE:
		acquire(scenario, member);
		break;
	case ACTION_ADVERTISE:
		advertise(run, member, index);
		break;
	case ACTION_RESIGN:
		resign(run, member);
		break;
	case ACTION_MUTE:
		member->advertises = false;
		break;
	case ACTION_UNBIND:
		unbind(scenario, member, action->count);
		break;
	case ACTION_BIND:
		bind(member, action->count);
		break;
	case ACTION_FLOOD:
		flood(run, node, index, action);
		break;
	case ACTION_FORGE:
		forge(run, node, index, action);
		break;
	case ACTION_RELAY:
		relay(run, node, index, action);
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

/* ---- The run --------------------------------------------------------------------------------- */

static void
check_memory(struct run *run, uint64_t calls_before)
{
	if (memory_calls() != calls_before)
		run_breach(run, "the engine allocated memory after its start");
}

static bool
next(struct run *run, struct frame *frame)
{
	const uint64_t calls = memory_calls();
	const bool sends = audit_next(run->audit, run->scenario->segment.now_us, frame);

	check_memory(run, calls);
	return sends;
}

/* Asks before the engine gets the frame, as the program does. */
static void
note_concern(struct run *run, const struct capture *capture)
{
	const bool concerned = audit_concerns(run->audit, capture);

	if (capture->number >= run->concerned_capacity) {
		run->concerned_capacity = 2 * (size_t)capture->number + 1024;
		run->concerned =
		    realloc(run->concerned, run->concerned_capacity * sizeof(*run->concerned));
		if (run->concerned == NULL)
			abort();
	}
	run->concerned[capture->number] = concerned;
	/* For the later families the digest includes this too. */
	if (scenario_is_explicit(run->scenario))
		run->digest = fold(run->digest, concerned ? "+" : "-", 1);
}

static void
receive(struct run *run, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {
	    .frame = *frame, .bytes = bytes, .length = sizeof(bytes), .number = ++run->heard};

	if (run->deaf) {
		run->missed = true;
		return;
	}
	run->relayed += run->scenario->relayed.count > 0 && frame->kind == FRAME_ARP &&
			!mac_equal(&frame->source, &frame->arp.sha);
	run->advertised = run->advertised || frame->kind == FRAME_VRRP;
	show(run, "hears", 0, frame);
	note_concern(run, &capture);
	const uint64_t calls = memory_calls();

	if (frame->kind == FRAME_ARP && address_is_unspecified(&frame->arp.tpa))
		run->answers_probes[address_ipv4_number(&frame->arp.spa) % ANSWERS_PROBES] = true;
	audit_receive(run->audit, run->scenario->segment.now_us, &capture);
	check_memory(run, calls);
}

/* The program polls for lost frames, so the engine learns of them later. */
static void
look_for_drops(struct run *run)
{
	const uint64_t now_us = run->scenario->segment.now_us;

	if (now_us < run->reported_us + STATISTICS_US && !audit_finished(run->audit, now_us))
		return;
	if (run->missed)
		audit_capture_lost(run->audit, run->reported_us, now_us);
	run->missed = false;
	run->reported_us = now_us;
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
	if (event.port == 0 && event.kind == EVENT_FRAME &&
	    damage_pass(&scenario->damage, &event.frame))
		show(run, "damaged", 0, &event.frame);
	if (event.port == 0 && event.kind == EVENT_FRAME && run->audit != NULL && !run->ended)
		receive(run, &event.frame);
	const bool probe = event.port == 0 || (event.port == run->rival.port);

	if (probe && event.port != 0 && event.kind == EVENT_FRAME)
		rival_receive(&run->rival, &event.frame);
	/* The probe's kernel answers for its own address, and stays silent by IP. */
	if (!probe || event.kind != EVENT_FRAME || event.frame.kind == FRAME_ARP)
		node_event(&scenario->cast[event.port].node, &event);
}

/* Ends the audit by a signal when the scenario wants it, and notes any early end. Returns the time
 * of the signal to come. */
static uint64_t
interrupt(struct run *run)
{
	const struct scenario *scenario = run->scenario;
	const uint64_t now_us = scenario->segment.now_us;
	const uint64_t due_us = START_US + scenario->interrupt_us;

	if (scenario->interrupt_us > 0 && now_us >= due_us)
		audit_stop(run->audit, now_us);
	if (run->stopped_us == 0 && audit_ended(run->audit) != AUDIT_DONE)
		run->stopped_us = now_us;
	return scenario->interrupt_us > 0 && now_us < due_us ? due_us : UINT64_MAX;
}

static uint64_t
earlier_us(uint64_t a_us, uint64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

static bool
turn(struct run *run)
{
	struct segment *segment = &run->scenario->segment;
	const uint64_t signal_us = interrupt(run);
	struct frame frame;

	look_for_drops(run);
	if (audit_finished(run->audit, segment->now_us))
		return false;
	while (next(run, &frame))
		send(run, &frame);
	const uint64_t rival_us = earlier_us(rival_turn(&run->rival), signal_us);
	uint64_t due_us = earlier_us(audit_wakeup_us(run->audit, segment->now_us), rival_us);
	const uint64_t event_us = segment_next_us(segment);

	if (run->missed && run->reported_us + STATISTICS_US < due_us)
		due_us = run->reported_us + STATISTICS_US;
	if (event_us <= due_us) {
		if (event_us == UINT64_MAX) {
			run_breach(run, "the engine has neither ended nor a time to wake up");
			return false;
		}
		step(run);
	} else {
		segment->now_us = due_us > segment->now_us ? due_us : segment->now_us;
	}
	return segment->now_us <
	       START_US + LIMIT_US * (run->scenario->plan.settings.gentle ? GENTLE_TIMES : 1);
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
	if (scenario->addressless) {
		run->segment.own = (struct prefix){0};
		/* Without a subnet the program can't find the interface, so the plan names it. */
		scenario->plan.clusters[0].interface = strdup("eth0");
	}
	run->reported_us = START_US;
	if (!plan_check(&scenario->plan.clusters[0], &error) ||
	    !plan_fit(&scenario->plan.clusters[0], &run->segment.own, &error)) {
		run_breach(run, "the plan is invalid: %.100s", error.text);
		return false;
	}
	if (!rival_start(&run->rival, scenario))
		return false;
	const size_t planned = memory_taken();

	run->audit = audit_new(&scenario->plan.clusters[0], &scenario->plan.settings, &run->segment,
	    &check_table, scenario->seed, START_US, &error);
	run->memory = memory_taken() - planned;

	for (uint32_t i = 0; i < scenario->action_count; i++)
		segment_set_timer(&scenario->segment, START_US + scenario->actions[i].time_us,
		    EVENT_ACTION, 0, i, 0, NULL);
	return run->audit != NULL;
}

/* A switch counts on each port what the node sends, for the audit or of its own accord. */
static void
check_gentle(struct run *run)
{
	const struct segment *segment = &run->scenario->segment;

	for (uint32_t port = 0; port < segment->port_count; port++)
		if (segment->ports[port].arp_peak > GENTLE_ARP_MAX)
			run_breach(run, "port %" PRIu32 " sent %" PRIu32 " ARP frames in a second",
			    port, segment->ports[port].arp_peak);
}

void
run_scenario(struct run *run, struct scenario *scenario, bool verbose)
{
	*run = (struct run){.scenario = scenario, .verbose = verbose, .digest = FNV_BASIS};
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
		run_breach(run, "the audit did not end");
	run->wire = (struct wire_result){.owner_restored = true};
	audit_result(run->audit, scenario->segment.now_us, run->arena, &run->cluster, &run->wire);
	fold_report(run);
	if (scenario->plan.settings.gentle)
		check_gentle(run);
}

/* The other audit may have provoked claims, and undoes them. */
static void
end_rival(struct run *run)
{
	struct segment *segment = &run->scenario->segment;
	uint64_t due_us;

	while ((due_us = rival_turn(&run->rival)) != UINT64_MAX)
		if (segment_next_us(segment) <= due_us)
			step(run);
		else
			segment->now_us = due_us > segment->now_us ? due_us : segment->now_us;
}

void
run_on(struct run *run, uint64_t after_us)
{
	end_rival(run);
	const uint64_t until_us = run->scenario->segment.now_us + after_us;

	while (segment_next_us(&run->scenario->segment) <= until_us)
		step(run);
}

void
run_free(struct run *run)
{
	free(run->concerned);
	rival_free(&run->rival);
	audit_free(run->audit);
	arena_free(run->arena);
}
