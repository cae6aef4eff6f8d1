/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real engine against a few modelled hosts, in virtual time.
 *
 * The model knows what the tests here need: who answers and asks what, a delay, and random loss
 * each way. Every frame that the engine sends passes check_harmless().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/audit.h"
#include "arpaudit/engine.h"

#define HOSTS_MAX  64
#define EVENTS_MAX 4096
#define DELAY_US   150
#define START_US   UINT64_C(1700000000000000)
#define LIMIT_US   UINT64_C(60000000) /* no audit here takes a minute */

struct model_host {
	struct address rip;
	struct mac mac;
	bool down;
	bool answers_vip;   /* arp_ignore too low */
	bool bound;         /* holds the VIP */
	bool speaks_as_vip; /* arp_announce too low */
	bool has_decoys;    /* answers decoys from its cache, then checks the entry by unicast */
	bool forwards;      /* without the VIP: an ICMP error, in its own name */
	uint64_t proxy_delay_us; /* holds back answers to a broadcast who-has VIP */
	bool probes_decoys;      /* asks for decoys with SPA 0.0.0.0 */
	bool ignores_group_sha;  /* as systems that look at the SHA of a request */
};

struct event {
	uint64_t time_us;
	struct frame frame;
};

struct model {
	struct address vip;
	struct model_host host[HOSTS_MAX];
	size_t host_count;
	struct event event[EVENTS_MAX];
	size_t event_count;
	double loss; /* of one frame */
	struct random random;
	uint64_t seed;

	/* What the tests look at. */
	uint64_t now_us, frames, broadcasts, ip_packets;
	uint64_t digest; /* of all that was sent, and when */
	size_t decoys_answered;

	struct plan plan;
	struct audit_segment segment;
	struct audit *audit;
	struct arena *arena;
	struct cluster_result cluster;
	struct wire_result wire;
};

static struct address
ip(uint8_t last)
{
	return address_ipv4(0x0a4d0000u | last);
}

static struct mac
mac(uint8_t last)
{
	return (struct mac){{0x02, 0, 0x0a, 0x4d, 0, last}};
}

static struct model_host *
add_host(struct model *model, uint8_t last)
{
	struct model_host *host = &model->host[model->host_count++];

	*host = (struct model_host){.rip = ip(last), .mac = mac(last)};
	return host;
}

/* A sound real server. */
static struct model_host *
add_server(struct model *model, uint8_t last)
{
	struct model_host *host = add_host(model, last);

	host->bound = true;
	return host;
}

static struct model_host *
add_director(struct model *model, uint8_t last)
{
	struct model_host *host = add_server(model, last);

	host->answers_vip = host->speaks_as_vip = true;
	return host;
}

static bool
is_lost(struct model *model)
{
	return model->loss > 0 &&
	       random_below(&model->random, 1000000) < (uint32_t)(model->loss * 1e6);
}

/* Puts a frame of a host on its way to the probe. */
static void
emit(struct model *model, const struct frame *frame, uint64_t delay_us)
{
	if (is_lost(model))
		return;
	assert_true(model->event_count < EVENTS_MAX);
	model->event[model->event_count++] =
	    (struct event){.time_us = model->now_us + DELAY_US + delay_us, .frame = *frame};
}

static void
emit_arp(struct model *model, const struct model_host *host, enum arp_operation operation,
    const struct address *spa, const struct frame_arp *asked, bool broadcast, uint64_t delay_us)
{
	const struct frame frame = {
	    .kind = FRAME_ARP,
	    .source = host->mac,
	    .destination = broadcast ? mac_broadcast : model->segment.mac,
	    .arp = {.operation = (uint16_t)operation,
		.sha = host->mac,
		.spa = *spa,
		.tha = operation == ARP_REPLY ? asked->sha : mac_zero,
		.tpa = asked->spa},
	};

	emit(model, &frame, delay_us);
}

static void
hear_who_has(struct model *model, const struct model_host *host, const struct frame *frame)
{
	const bool broadcast = mac_is_multicast(&frame->destination);
	const bool reflected = mac_is_multicast(&frame->arp.sha);

	if (reflected && host->ignores_group_sha)
		return;
	if (address_equal(&frame->arp.tpa, &host->rip))
		emit_arp(model, host, ARP_REPLY, &host->rip, &frame->arp, false, 0);
	else if (address_equal(&frame->arp.tpa, &model->vip) && host->answers_vip)
		emit_arp(model, host, ARP_REPLY, &model->vip, &frame->arp, reflected,
		    broadcast ? host->proxy_delay_us : 0);
}

/* As a host without services: an echo reply, a TCP reset, an ICMP port unreachable. */
static void
answer_ip(struct model *model, const struct model_host *host, const struct frame *asked)
{
	struct frame frame = {
	    .source = host->mac,
	    .destination = model->segment.mac,
	    .ip = {.source = model->vip, .destination = asked->ip.source},
	};

	switch (asked->kind) {
	case FRAME_ECHO_REQUEST:
		frame.kind = FRAME_ECHO_REPLY;
		frame.ip.echo.identifier = asked->ip.echo.identifier;
		frame.ip.echo.sequence = asked->ip.echo.sequence;
		break;
	case FRAME_TCP:
		if ((asked->ip.tcp.flags & TCP_RST) != 0)
			return;
		frame.kind = FRAME_TCP;
		frame.ip.tcp.source_port = asked->ip.tcp.destination_port;
		frame.ip.tcp.destination_port = asked->ip.tcp.source_port;
		frame.ip.tcp.flags = TCP_RST | TCP_ACK;
		break;
	default:
		frame.kind = FRAME_ICMP_ERROR;
		frame.ip.error.type = 3;
		frame.ip.error.code = 3;
		frame.ip.error.protocol = IP_PROTOCOL_UDP;
		frame.ip.error.destination = model->vip;
		break;
	}
	emit(model, &frame, 0);
}

static void
answer_decoy(struct model *model, struct model_host *host, const struct frame *asked)
{
	const struct frame_arp target = {.spa = asked->ip.source};
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	const struct address *spa = host->bound && host->speaks_as_vip ? &model->vip : &host->rip;

	if (host->has_decoys) {
		answer_ip(model, host, asked);
		emit_arp(model, host, ARP_REQUEST, &host->rip, &target, false, 1000);
		return;
	}
	if (host->probes_decoys)
		spa = &unspecified;
	for (uint64_t repeat = 0; repeat < 3; repeat++)
		emit_arp(model, host, ARP_REQUEST, spa, &target, true, repeat * 1000000);
}

static void
hear_ip(struct model *model, struct model_host *host, const struct frame *frame)
{
	if (!mac_equal(&frame->destination, &host->mac) || (!host->bound && !host->forwards))
		return;
	if (!address_equal(&frame->ip.source, &model->segment.own.address))
		answer_decoy(model, host, frame);
	else if (host->bound)
		answer_ip(model, host, frame);
}

/* The first law: no frame of the probe speaks for an address that somebody else uses. */
static void
check_harmless(const struct model *model, const struct frame *frame)
{
	const struct address *speaks =
	    frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source;

	assert_true(mac_equal(&frame->source, &model->segment.mac));
	assert_false(address_equal(speaks, &model->vip));
	for (size_t i = 0; i < model->host_count; i++)
		assert_false(address_equal(speaks, &model->host[i].rip));
	if (frame->kind != FRAME_ARP || mac_equal(&frame->arp.sha, &model->segment.mac))
		return;
	/* The one that makes an owner's reply a broadcast: for the owner alone, as a probe for the
	 * VIP. */
	assert_true(mac_equal(&frame->arp.sha, &mac_broadcast));
	assert_int_equal(frame->arp.operation, ARP_REQUEST);
	assert_true(address_is_unspecified(&frame->arp.spa));
	assert_true(address_equal(&frame->arp.tpa, &model->vip));
	assert_false(mac_is_multicast(&frame->destination));
}

/* A host whose question is answered does not ask again. */
static void
stop_asking(struct model *model, const struct mac *host, const struct address *target)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->event_count; i++) {
		const struct frame *frame = &model->event[i].frame;

		if (frame->kind == FRAME_ARP && frame->arp.operation == ARP_REQUEST &&
		    mac_equal(&frame->source, host) && address_equal(&frame->arp.tpa, target))
			continue;
		model->event[kept++] = model->event[i];
	}
	model->event_count = kept;
}

static void
transmit(struct model *model, const struct frame *frame)
{
	const struct address *target =
	    frame->kind == FRAME_ARP ? &frame->arp.tpa : &frame->ip.source;

	check_harmless(model, frame);
	model->frames++;
	model->broadcasts += mac_is_multicast(&frame->destination);
	model->ip_packets += frame->kind != FRAME_ARP;
	model->digest = (model->digest ^ model->now_us ^ frame->kind ^ target->octet[3]) *
			UINT64_C(1099511628211);
	if (frame->kind == FRAME_ARP && frame->arp.operation == ARP_REPLY) {
		model->decoys_answered++;
		stop_asking(model, &frame->destination, &frame->arp.spa);
		return;
	}
	for (size_t i = 0; i < model->host_count; i++) {
		struct model_host *host = &model->host[i];
		const bool addressed = mac_is_multicast(&frame->destination) ||
				       mac_equal(&frame->destination, &host->mac);

		if (host->down || !addressed || is_lost(model))
			continue;
		if (frame->kind == FRAME_ARP)
			hear_who_has(model, host, frame);
		else
			hear_ip(model, host, frame);
	}
}

/* The earliest event, in the order in which they were emitted. */
static size_t
next_event(const struct model *model)
{
	size_t earliest = SIZE_MAX;

	for (size_t i = 0; i < model->event_count; i++)
		if (earliest == SIZE_MAX ||
		    model->event[i].time_us < model->event[earliest].time_us)
			earliest = i;
	return earliest;
}

static void
deliver(struct model *model, size_t index)
{
	static const uint8_t bytes[60];
	const struct capture capture = {
	    .frame = model->event[index].frame, .bytes = bytes, .length = sizeof(bytes)};

	model->event_count--;
	memmove(&model->event[index], &model->event[index + 1],
	    (model->event_count - index) * sizeof(model->event[0]));
	audit_receive(model->audit, model->now_us, &capture);
}

static void
start(struct model *model)
{
	struct error error = {0};

	assert_true(plan_check(&model->plan.clusters[0], &error));
	assert_true(plan_fit(&model->plan.clusters[0], &model->segment.own, &error));
	model->now_us = START_US;
	model->random.state = model->seed;
	model->digest = UINT64_C(14695981039346656037);
	model->audit = audit_new(&model->plan.clusters[0], &model->plan.settings, &model->segment,
	    model->seed, model->now_us, &error);
	assert_non_null(model->audit);
}

/* One turn: sends what is due, goes to the next event or wake-up. False when the audit is over. */
static bool
turn(struct model *model)
{
	struct frame frame;
	size_t event;
	uint64_t wakeup_us;

	if (audit_finished(model->audit, model->now_us))
		return false;
	while (audit_next(model->audit, model->now_us, &frame))
		transmit(model, &frame);
	event = next_event(model);
	wakeup_us = audit_wakeup_us(model->audit, model->now_us);
	assert_true(wakeup_us != UINT64_MAX || event != SIZE_MAX);
	if (event != SIZE_MAX && model->event[event].time_us <= wakeup_us) {
		model->now_us = model->event[event].time_us;
		deliver(model, event);
	} else {
		assert_true(wakeup_us > model->now_us || audit_finished(model->audit, wakeup_us));
		model->now_us = wakeup_us;
	}
	assert_true(model->now_us < START_US + LIMIT_US);
	return true;
}

static void
finish(struct model *model)
{
	model->arena = arena_new();
	assert_non_null(model->arena);
	model->wire = (struct wire_result){.owner_restored = true};
	audit_result(model->audit, model->now_us, model->arena, &model->cluster, &model->wire);
}

static void
run(struct model *model)
{
	start(model);
	while (turn(model))
		;
	finish(model);
}

/* Begins a model: probe .1, VIP .100, hosts as in `hosts` (NULL: discover them). */
static struct model *
model_new(const char *hosts, uint64_t seed)
{
	struct model *model = calloc(1, sizeof(*model));
	struct plan_cluster *cluster;
	struct error error = {0};

	assert_non_null(model);
	model->seed = seed;
	model->vip = ip(100);
	model->segment = (struct audit_segment){
	    .interface = "eth0",
	    .mac = mac(1),
	    .own = {.address = ip(1), .length = 24},
	    .elicit_port = 61234,
	};
	plan_init(&model->plan);
	cluster = plan_add_cluster(&model->plan, "test");
	assert_non_null(cluster);
	assert_true(plan_add_vips(cluster, "10.77.0.100", &error));
	cluster->discover = hosts == NULL;
	if (hosts != NULL)
		assert_true(plan_add_hosts(cluster, hosts, &error));
	return model;
}

static void
model_free(struct model *model)
{
	audit_free(model->audit);
	arena_free(model->arena);
	plan_free(&model->plan);
	free(model);
}

static const struct host_result *
result_of(const struct model *model, uint8_t last)
{
	const struct vip_result *vip = &model->cluster.vips[0];
	const struct address rip = ip(last);

	for (size_t i = 0; i < vip->host_count; i++)
		if (address_equal(&vip->hosts[i].rip, &rip))
			return &vip->hosts[i];
	fail_msg("no result for 10.77.0.%u", last);
	return NULL;
}

static void
assert_outcome(
    const struct model *model, uint8_t last, enum check_id check, enum check_outcome outcome)
{
	assert_string_equal(
	    outcome_name(result_of(model, last)->checks[check].outcome), outcome_name(outcome));
}

static void
assert_verdict(const struct model *model, uint8_t last, enum verdict verdict)
{
	assert_string_equal(verdict_name(result_of(model, last)->verdict), verdict_name(verdict));
}

/* Lets a frame of a host's reach the probe, as if it had just sent it. */
static void
hear(struct model *model, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {.frame = *frame, .bytes = bytes, .length = sizeof(bytes)};

	audit_receive(model->audit, model->now_us, &capture);
}

static struct frame
claim(const struct model *model, uint8_t last, enum arp_operation operation,
    const struct address *tpa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = mac(last),
	    .destination = mac_broadcast,
	    .arp = {.operation = (uint16_t)operation,
		.sha = mac(last),
		.spa = model->vip,
		.tpa = *tpa},
	};
}

static void
sound_segment_is_compliant(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 1);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++)
		add_server(model, last);
	run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	for (uint8_t last = 11; last <= 13; last++) {
		const struct check_result *reply = &result_of(model, last)->checks[CHECK_VIP_REPLY];

		assert_verdict(model, last, VERDICT_COMPLIANT);
		assert_true(reply->false_pass_bound > 0 && reply->false_pass_bound <= 1e-6);
		assert_true(reply->confirmations >= 3);
		assert_outcome(model, last, CHECK_VIP_SOURCE, OUTCOME_PASS);
		assert_outcome(model, last, CHECK_VIP_BOUND, OUTCOME_PASS);
		assert_int_equal(result_of(model, last)->arp_ignore, 1 << 1 | 1 << 2);
		assert_int_equal(result_of(model, last)->arp_announce, 1 << 2);
	}
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_int_equal(model->decoys_answered, 0);
	/* All is decided before the lingering ends: the last broadcast who-has VIP and one second.
	 */
	assert_true(model->now_us <= START_US + 1500000);
	model_free(model);
}

static void
answering_server_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 2);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->answers_vip = true;
	run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_FAIL);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_PASS);
	assert_int_equal(result_of(model, 12)->arp_ignore, 1 << 0 | 1 << 3);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

static void
leak_is_found_answered_and_healed(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 3);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	run(model);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_FAIL);
	assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_PASS);
	assert_int_equal(result_of(model, 12)->arp_announce, 1 << 0 | 1 << 1);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->decoys_answered >= 1);
	assert_true(model->wire.owner_restored);
	/* Restored by a broadcast later than the bystanders' locktime. */
	assert_true(model->now_us > START_US + 1000000);
	model_free(model);
}

/* It answers ARP, but ignores every packet, as one with arp_announce 2 does not speak as the VIP:
 * then its reply is made a broadcast. */
static void
mute_director_is_restored_by_its_reply(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);

	(void)state;
	add_director(model, 3)->bound = false;
	add_server(model, 12)->speaks_as_vip = true;
	run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

static void
owner_that_is_not_restored_is_told(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);
	struct model_host *director;

	(void)state;
	director = add_director(model, 3);
	director->bound = false;
	director->ignores_group_sha = true;
	add_server(model, 12)->speaks_as_vip = true;
	run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_false(model->wire.owner_restored);
	model_free(model);
}

static void
absent_and_unbound_hosts_are_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 5);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_host(model, 12);
	add_server(model, 13)->down = true;
	add_host(model, 14)->forwards = true;
	run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 12, CHECK_VIP_BOUND, OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 13, VERDICT_INCONCLUSIVE);
	assert_false(result_of(model, 13)->has_mac);
	/* It asks for the decoy in its own name, as a sound server does, but does not hold the VIP.
	 */
	assert_verdict(model, 14, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 14, CHECK_VIP_BOUND, OUTCOME_INCONCLUSIVE);
	assert_outcome(model, 14, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* Its unicast requests carry the RIP at every arp_announce: they prove nothing. */
static void
cached_decoys_prove_nothing(void **state)
{
	struct model *model = model_new("10.77.0.12", 6);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->has_decoys = true;
	run(model);
	assert_outcome(model, 12, CHECK_VIP_BOUND, OUTCOME_PASS);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static void
segment_without_owner_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11", 7);

	(void)state;
	add_server(model, 11);
	run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_int_equal(model->cluster.vips[0].owner_count, 0);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* With two unlisted owners neither is the director, and nothing may leak. */
static void
owners_that_cannot_be_told_apart(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 8);

	(void)state;
	add_director(model, 3);
	add_director(model, 4);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	run(model);
	assert_int_equal(model->cluster.vips[0].owner_count, 2);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	for (size_t i = 0; i < model->cluster.vips[0].host_count; i++)
		assert_true(model->cluster.vips[0].hosts[i].verdict != VERDICT_COMPLIANT);
	model_free(model);
}

static void
named_director_tells_them_apart(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 9);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
	add_director(model, 3);
	add_director(model, 12);
	add_server(model, 11);
	run(model);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_FAIL);
	model_free(model);
}

static void
unexpected_director_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11", 10);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "02:00:0a:4d:00:77", &error));
	add_director(model, 3);
	add_server(model, 11);
	run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_false(model->cluster.vips[0].owners[0].expected);
	model_free(model);
}

static void
delayed_proxy_is_caught(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 11);
	struct model_host *listed, *unlisted;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	listed = add_host(model, 12);
	unlisted = add_host(model, 60);
	listed->answers_vip = unlisted->answers_vip = true;
	listed->proxy_delay_us = unlisted->proxy_delay_us = 790000;
	run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.vips[0].owner_count, 3);
	model_free(model);
}

static void
discovery_finds_the_holders(void **state)
{
	struct model *model = model_new(NULL, 12);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 200)->speaks_as_vip = true;
	add_host(model, 50);
	run(model);
	assert_int_equal(model->cluster.vips[0].host_count, 3);
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 200, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.hosts_alive, 4);
	model_free(model);
}

static void
no_elicit_sends_no_ip(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 13);

	(void)state;
	model->plan.settings.elicit = false;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	run(model);
	assert_int_equal(model->ip_packets, 0);
	assert_outcome(model, 11, CHECK_VIP_SOURCE, OUTCOME_SKIPPED);
	assert_outcome(model, 11, CHECK_VIP_BOUND, OUTCOME_SKIPPED);
	assert_outcome(model, 11, CHECK_VIP_REPLY, OUTCOME_PASS);
	model_free(model);
}

static void
deadline_leaves_the_rest_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11", 14);

	(void)state;
	model->plan.settings.timeout_us = 30000;
	add_director(model, 3);
	add_server(model, 11);
	run(model);
	assert_true(model->now_us <= START_US + 31000);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* What was not captured is observed again; if that never ends, silence proves nothing. */
static void
lost_captures_void_silences(void **state)
{
	struct model *model = model_new("10.77.0.11", 15);
	uint64_t quiet_us;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	start(model);
	while (turn(model) && model->now_us < START_US + 900000)
		;
	quiet_us = model->now_us;
	audit_capture_lost(model->audit, model->now_us);
	while (turn(model))
		;
	assert_true(model->now_us > quiet_us + 1000000);
	for (int i = 0; i < CAPTURE_LOSSES_MAX; i++) {
		finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		arena_free(model->arena);
		audit_capture_lost(model->audit, model->now_us);
		while (turn(model))
			;
	}
	finish(model);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static void
rates_are_kept(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 16);

	(void)state;
	model->plan.settings.rate = 400;
	model->plan.settings.broadcast_rate = 100;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	run(model);
	const double seconds = (double)(model->now_us - START_US) / 1e6;

	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_true((double)model->frames <= 400 * seconds + TRAIN_MAX);
	assert_true((double)model->broadcasts <= 100 * seconds + TRAIN_MAX);
	model_free(model);
}

static void
seed_replays_the_audit(void **state)
{
	uint64_t digest[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct model *model = model_new("10.77.0.11-13", i < 2 ? 17 : 18);

		model->loss = 0.1;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 13; last++)
			add_server(model, last);
		run(model);
		digest[i] = model->digest;
		model_free(model);
	}
	assert_true(digest[0] == digest[1]);
	assert_true(digest[0] != digest[2]);
}

/* Of two owners the one that advertises the VIP by VRRP is the director; not by advertising
 * another. */
static void
vrrp_tells_the_director(void **state)
{
	static const uint8_t addresses[2][4] = {{10, 77, 0, 99}, {10, 77, 0, 100}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 26);
		const struct frame advertisement = {
		    .kind = FRAME_VRRP,
		    .source = mac(3),
		    .destination = {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}},
		    .ip = {.source = ip(3),
			.destination = address_ipv4(0xe0000012u),
			.vrrp = {.version = 2,
			    .vrid = 51,
			    .priority = 100,
			    .address_count = 1,
			    .addresses = addresses[i]}},
		};

		add_director(model, 3);
		add_director(model, 4);
		add_server(model, 11);
		add_server(model, 12)->speaks_as_vip = true;
		start(model);
		hear(model, &advertisement);
		while (turn(model))
			;
		finish(model);
		assert_int_equal(model->cluster.vips[0].owner_count, 2);
		assert_verdict(model, 11, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
		assert_verdict(model, 12, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_VIOLATION);
		for (size_t k = 0; k < 2; k++) {
			const struct owner_result *owner = &model->cluster.vips[0].owners[k];

			assert_int_equal(owner->expected,
			    i == 1 && mac_equal(&owner->mac, &advertisement.source));
		}
		model_free(model);
	}
}

/* keepalived with use_vmac: the virtual router's MAC answers, and not that of the director's
 * address. */
static void
virtual_mac_of_a_named_director(void **state)
{
	static const uint8_t address[4] = {10, 77, 0, 100};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11", 27);
		struct error error = {0};
		struct model_host *virtual;

		assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
		add_host(model, 3);
		add_server(model, 11);
		virtual = add_director(model, 33);
		virtual->mac = (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, 0x33}};
		const struct frame advertisement = {
		    .kind = FRAME_VRRP,
		    .source = virtual->mac,
		    .ip = {.source = ip(3),
			.vrrp = {.vrid = 0x33, .address_count = 1, .addresses = address}},
		};

		start(model);
		if (i == 1)
			hear(model, &advertisement);
		while (turn(model))
			;
		finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_int_equal(
		    model->cluster.verdict, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* The host is not known by its MAC yet when it claims the VIP. */
static void
early_claim_counts(void **state)
{
	static const enum arp_operation operations[] = {ARP_REQUEST, ARP_REPLY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 19);
		struct address target = ip(77);
		struct frame frame;

		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12);
		start(model);
		frame = claim(model, 12, operations[i], &target);
		hear(model, &frame);
		while (turn(model))
			;
		finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A second master refreshes its claim for ever: the audit ends all the same. */
static void
contested_vip_does_not_keep_it_alive(void **state)
{
	static const enum arp_operation operations[] = {ARP_REQUEST, ARP_REPLY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 20);
		uint64_t next_us = START_US;

		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12);
		start(model);
		do {
			if (model->now_us < next_us)
				continue;
			const struct frame frame =
			    claim(model, 12, operations[i], &model->segment.own.address);

			hear(model, &frame);
			next_us = model->now_us + 300000;
		} while (turn(model));
		finish(model);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* The proxy answers after the deadline: nobody knows, so nobody may say compliant. */
static void
deadline_before_late_answers_is_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11", 21);

	(void)state;
	model->plan.settings.timeout_us = 900000;
	add_director(model, 3);
	add_server(model, 11);
	run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(model->cluster.vips[0].findings[0].id, "cut-short");
	model_free(model);
}

/* A conflict probe for the decoy says nothing of arp_announce: it has no SPA. */
static void
conflict_probe_does_not_clear(void **state)
{
	struct model *model = model_new("10.77.0.12", 22);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->probes_decoys = true;
	run(model);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	model_free(model);
}

/* Frames that no host can have sent make nobody an owner, and nothing is sent to their addresses.
 */
static void
impossible_senders_are_ignored(void **state)
{
	struct model *model = model_new("10.77.0.11", 23);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
	add_director(model, 3)->down = true;
	add_server(model, 11);
	start(model);
	for (size_t i = 0; i < 3; i++) {
		const struct mac sha[] = {mac_zero, mac_broadcast, model->segment.mac};
		struct frame frame = claim(model, 66, ARP_REPLY, &model->segment.own.address);

		frame.arp.sha = sha[i];
		hear(model, &frame);
		frame.arp.spa = ip(11);
		frame.destination = model->segment.mac;
		hear(model, &frame);
	}
	while (turn(model))
		;
	finish(model);
	assert_int_equal(model->cluster.vips[0].owner_count, 0);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_true(mac_equal(&result_of(model, 11)->mac, &model->host[1].mac));
	model_free(model);
}

/* One that dies half way is inconclusive, and only that one. */
static void
dying_host_spoils_no_other(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 24);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	start(model);
	while (turn(model))
		if (model->now_us > START_US + 100000)
			model->host[2].down = true;
	finish(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* Two addresses of one machine, each answered by both of its MACs. */
static void
shared_macs_are_walked_once(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 25);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 14; last++)
		add_server(model, last);
	start(model);
	for (uint8_t last = 11; last <= 14; last++) {
		for (uint8_t other = 14; other >= 11; other--) {
			struct frame frame =
			    claim(model, other, ARP_REPLY, &model->segment.own.address);

			frame.arp.spa = ip(last);
			frame.destination = model->segment.mac;
			hear(model, &frame);
		}
	}
	while (turn(model))
		;
	finish(model);
	for (uint8_t last = 11; last <= 14; last++)
		assert_outcome(model, last, CHECK_RIP_UNIQUE, OUTCOME_FAIL);
	model_free(model);
}

/* A bad segment, many times: no fault is ever passed, and no sound server accused. */
static void
loss_makes_no_verdict_wrong(void **state)
{
	size_t compliant = 0, violations = 0;

	(void)state;
	for (uint64_t seed = 100; seed < 400; seed++) {
		struct model *model = model_new("10.77.0.11-16", seed);

		model->loss = seed % 2 == 0 ? 0.05 : 0.2;
		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12)->answers_vip = true;
		add_server(model, 13)->speaks_as_vip = true;
		add_host(model, 14)->answers_vip = true;
		add_server(model, 15)->has_decoys = true;
		add_host(model, 16)->forwards = true;
		run(model);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		for (uint8_t last = 12; last <= 16; last++)
			assert_true(result_of(model, last)->verdict != VERDICT_COMPLIANT);
		compliant += result_of(model, 11)->verdict == VERDICT_COMPLIANT;
		violations += result_of(model, 12)->verdict == VERDICT_VIOLATION;
		model_free(model);
	}
	/* Caution must not make it useless. */
	assert_true(compliant >= 270);
	assert_true(violations >= 290);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sound_segment_is_compliant),
	    cmocka_unit_test(answering_server_is_a_violation),
	    cmocka_unit_test(leak_is_found_answered_and_healed),
	    cmocka_unit_test(mute_director_is_restored_by_its_reply),
	    cmocka_unit_test(owner_that_is_not_restored_is_told),
	    cmocka_unit_test(absent_and_unbound_hosts_are_inconclusive),
	    cmocka_unit_test(cached_decoys_prove_nothing),
	    cmocka_unit_test(segment_without_owner_is_a_violation),
	    cmocka_unit_test(owners_that_cannot_be_told_apart),
	    cmocka_unit_test(named_director_tells_them_apart),
	    cmocka_unit_test(unexpected_director_is_a_violation),
	    cmocka_unit_test(delayed_proxy_is_caught),
	    cmocka_unit_test(discovery_finds_the_holders),
	    cmocka_unit_test(no_elicit_sends_no_ip),
	    cmocka_unit_test(deadline_leaves_the_rest_inconclusive),
	    cmocka_unit_test(lost_captures_void_silences),
	    cmocka_unit_test(rates_are_kept),
	    cmocka_unit_test(seed_replays_the_audit),
	    cmocka_unit_test(vrrp_tells_the_director),
	    cmocka_unit_test(virtual_mac_of_a_named_director),
	    cmocka_unit_test(early_claim_counts),
	    cmocka_unit_test(contested_vip_does_not_keep_it_alive),
	    cmocka_unit_test(deadline_before_late_answers_is_inconclusive),
	    cmocka_unit_test(conflict_probe_does_not_clear),
	    cmocka_unit_test(impossible_senders_are_ignored),
	    cmocka_unit_test(dying_host_spoils_no_other),
	    cmocka_unit_test(shared_macs_are_walked_once),
	    cmocka_unit_test(loss_makes_no_verdict_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
