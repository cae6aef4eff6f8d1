/* SPDX-License-Identifier: BSD-2-Clause */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/checks.h"

#define LOCKTIME_US 1000000 /* Linux's default */

struct address
ip(uint8_t last)
{
	return address_ipv4(0x0a4d0000u | last);
}

struct mac
mac(uint8_t last)
{
	return (struct mac){{0x02, 0, 0x0a, 0x4d, 0, last}};
}

struct model_host *
add_host(struct model *model, uint8_t last)
{
	struct model_host *host = &model->host[model->host_count++];

	*host = (struct model_host){.rip = ip(last), .mac = mac(last)};
	return host;
}

struct model_host *
add_server(struct model *model, uint8_t last)
{
	struct model_host *host = add_host(model, last);

	host->bound = true;
	return host;
}

struct model_host *
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

/* Puts a host's frame on its way to the probe. */
static void
emit(struct model *model, const struct frame *frame, uint64_t delay_us)
{
	const bool lost = is_lost(model);

	if (lost && !mac_is_multicast(&frame->destination))
		return;
	assert_true(model->event_count < EVENTS_MAX);
	model->event[model->event_count] = (struct event){
	    .time_us = model->now_us + DELAY_US + delay_us, .frame = *frame, .lost = lost};
	model->event[model->event_count].frame.vlan = model->vlan;
	if (model->damage != NULL)
		model->damage(model, &model->event[model->event_count].frame);
	model->event_count++;
}

static void
emit_arp(struct model *model, const struct model_host *host, enum arp_operation operation,
    const struct address *spa, const struct frame_arp *asked, bool broadcast, uint64_t delay_us)
{
	const bool probe = address_is_unspecified(&asked->spa);
	const bool by_other = operation == ARP_REPLY && !mac_equal(&host->probes_mac, &mac_zero) &&
			      (host->takes_turns ? host->turn[probe].by_other : probe);
	const struct mac sha = by_other ? host->probes_mac : host->mac;
	const struct frame frame = {
	    .kind = FRAME_ARP,
	    .source = mac_equal(&host->sender, &mac_zero) ? sha : host->sender,
	    .destination = broadcast ? mac_broadcast : model->segment.mac,
	    .arp = {.operation = (uint16_t)operation,
		.sha = sha,
		.spa = *spa,
		.tha = operation == ARP_REPLY ? asked->sha : mac_zero,
		.tpa = asked->spa},
	};

	emit(model, &frame, delay_us);
}

static bool
is_free(const struct model *model, const struct address *address)
{
	for (size_t i = 0; i < model->host_count; i++)
		if (address_equal(&model->host[i].rip, address))
			return false;
	return !address_equal(&model->vip, address) &&
	       !address_equal(&model->segment.own.address, address);
}

/* rlb_choose_channel(): an entry is for an asker and an address. Others ask, too, so which port is
 * the next is chance. */
static void
take_turn(struct model *model, struct model_host *host, const struct frame_arp *asked)
{
	const bool probe = address_is_unspecified(&asked->spa);

	if (!host->takes_turns || address_equal(&host->turn[probe].of, &asked->tpa))
		return;
	host->turn[probe].of = asked->tpa;
	host->turn[probe].by_other = random_below(&model->random, 2) == 1;
	/* rlb_update_client() sends it twice, up to a tenth of a second later. */
	const uint64_t later_us = random_below(&model->random, 100000);

	for (int burst = 0; burst < 2; burst++)
		emit_arp(model, host, ARP_REPLY, &asked->tpa, asked, false, later_us);
}

static void
hear_who_has(struct model *model, struct model_host *host, const struct frame *frame)
{
	const bool broadcast = mac_is_multicast(&frame->destination);
	const bool reflected = mac_is_multicast(&frame->arp.sha);
	const bool probe = address_is_unspecified(&frame->arp.spa);
	const bool answers =
	    host->answers_vip && (probe ? !host->never_probes : !host->only_probes);

	if (reflected && host->ignores_group_sha)
		return;
	if (address_equal(&frame->arp.tpa, &host->rip) ||
	    (address_equal(&frame->arp.tpa, &model->vip) && answers))
		take_turn(model, host, &frame->arp);
	if (address_equal(&frame->arp.tpa, &host->rip))
		emit_arp(model, host, ARP_REPLY, &host->rip, &frame->arp, false, 0);
	else if (address_equal(&frame->arp.tpa, &model->vip) && answers)
		emit_arp(model, host, ARP_REPLY, &model->vip, &frame->arp, reflected,
		    broadcast ? host->proxy_delay_us : 0);
	else if ((host->has_all || (host->proxies && !probe)) && is_free(model, &frame->arp.tpa))
		emit_arp(model, host, ARP_REPLY, &frame->arp.tpa, &frame->arp, false,
		    host->proxy_delay_us);
}

/* Answers like a host without services: echo reply, TCP reset, or ICMP port unreachable. */
static void
answer_ip(struct model *model, const struct model_host *host, const struct frame *asked)
{
	struct frame frame = {
	    .source = host->mac,
	    .destination = model->segment.mac,
	    .ip = {.source = model->vip, .destination = asked->ip.source},
	};
	bool open;

	switch (asked->kind) {
	case FRAME_ECHO_REQUEST:
		frame.kind = FRAME_ECHO_REPLY;
		frame.ip.echo.identifier = asked->ip.echo.identifier;
		frame.ip.echo.sequence = asked->ip.echo.sequence;
		break;
	case FRAME_TCP:
		open = host->listens && asked->ip.tcp.destination_port != host->refuses;
		if (host->drops != 0 && asked->ip.tcp.destination_port == host->drops)
			return;
		if ((asked->ip.tcp.flags & TCP_RST) != 0) {
			model->half_open -= open;
			return;
		}
		model->half_open += open;
		frame.kind = FRAME_TCP;
		frame.ip.tcp.source_port = asked->ip.tcp.destination_port;
		frame.ip.tcp.destination_port = asked->ip.tcp.source_port;
		frame.ip.tcp.acknowledgement = asked->ip.tcp.sequence + 1;
		frame.ip.tcp.flags = open ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK;
		frame.ip.ds = open || host->resets ? 0 : asked->ip.ds;
		break;
	default:
		frame.kind = FRAME_ICMP_ERROR;
		frame.ip.error.type = ICMP_TYPE_UNREACHABLE;
		frame.ip.error.code = 3;
		frame.ip.error.protocol = IP_PROTOCOL_UDP;
		frame.ip.error.destination = model->vip;
		break;
	}
	emit(model, &frame, 0);
}

/* Answers a packet for the VIP with an ICMP error, in the host's own name. */
static void
refuse(struct model *model, const struct model_host *host, const struct frame *asked, uint8_t type)
{
	struct frame error = {
	    .kind = FRAME_ICMP_ERROR,
	    .source = host->mac,
	    .destination = model->segment.mac,
	    .ip = {.source = host->rip,
		.destination = asked->ip.source,
		.error = {.type = type,
		    .protocol = IP_PROTOCOL_ICMP,
		    .source = asked->ip.source,
		    .destination = model->vip}},
	};

	if (asked->kind == FRAME_TCP) {
		error.ip.error.protocol = IP_PROTOCOL_TCP;
		error.ip.error.source_port = asked->ip.tcp.source_port;
		error.ip.error.destination_port = asked->ip.tcp.destination_port;
	}
	emit(model, &error, 0);
}

static bool
is_from_probe(const struct model *model, const struct frame *frame)
{
	return address_equal(&frame->ip.source, &model->segment.own.address);
}

/* Whether it answers with an ICMP error, which its RIP sends. */
static bool
rejects(const struct model *model, const struct model_host *host, const struct frame *asked)
{
	return !host->bound ||
	       (asked->kind == FRAME_ECHO_REQUEST &&
		   (host->rejects_echo || (host->rejects_decoys && !is_from_probe(model, asked))));
}

static void
answer_or_reject(struct model *model, const struct model_host *host, const struct frame *asked)
{
	if (asked->kind == FRAME_TCP && asked->ip.ttl <= host->translates)
		refuse(model, host, asked, ICMP_TYPE_TIME_EXCEEDED);
	else if (rejects(model, host, asked))
		refuse(model, host, asked, 3);
	else
		answer_ip(model, host, asked);
}

static void
answer_decoy(struct model *model, struct model_host *host, const struct frame *asked)
{
	const struct frame_arp target = {.spa = asked->ip.source};
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	const struct address *spa =
	    host->speaks_as_vip && !rejects(model, host, asked) ? &model->vip : &host->rip;

	/* A RST gets no answer. It ends the connection of a SYN that was answered. */
	if (asked->kind == FRAME_TCP && (asked->ip.tcp.flags & TCP_RST) != 0) {
		if (host->pending.kind == FRAME_OTHER)
			answer_ip(model, host, asked);
		host->pending.kind = FRAME_OTHER;
		return;
	}
	if (host->has_decoys) {
		answer_ip(model, host, asked);
		emit_arp(model, host, ARP_REQUEST, &host->rip, &target, false, 1000);
		return;
	}
	if (address_is_set(&host->speaks_as))
		spa = &host->speaks_as;
	if (host->probes_decoys)
		spa = &unspecified;
	host->pending = *asked;
	for (uint64_t repeat = 0; repeat < 3; repeat++)
		emit_arp(model, host, ARP_REQUEST, spa, &target, true, repeat * 1000000);
}

struct model_host *
machine(struct model *model, uint8_t last)
{
	const struct address rip = ip(last);

	for (size_t i = 0; i < model->host_count; i++)
		if (address_equal(&model->host[i].rip, &rip))
			return &model->host[i];
	fail_msg("no host 10.77.0.%u", last);
	return NULL;
}

/* Forwards like IPVS: TTL decremented, to the next real server. Later packets of a connection
 * follow its SYN. The RST of an audit follows the last SYN. */
static void
forward(struct model *model, struct model_host *host, const struct frame *asked)
{
	const bool syn = (asked->ip.tcp.flags & TCP_SYN) != 0;
	struct model_host *to;

	if (asked->ip.ttl <= 1) {
		refuse(model, host, asked, ICMP_TYPE_TIME_EXCEEDED);
		return;
	}
	if (syn)
		host->real_server_next =
		    (uint8_t)((host->real_server_next + 1) % host->real_server_count);
	to = machine(model, host->real_servers[host->real_server_next]);
	model->forwarded += syn && to != host;
	if (host->routes && syn)
		refuse(model, host, asked, ICMP_TYPE_REDIRECT);
	if (!is_lost(model))
		answer_ip(model, to, asked);
}

static bool
has_mac(const struct model_host *host, const struct mac *mac)
{
	return mac_equal(&host->mac, mac) || mac_equal(&host->probes_mac, mac);
}

static void hear_ip(struct model *model, struct model_host *host, const struct frame *frame);

/* A router passes the packet on, with a smaller TTL. */
static void
lead(struct model *model, const struct model_host *router, const struct frame *asked)
{
	struct model_host *to = machine(model, router->leads_to);
	struct frame frame = *asked;

	assert_true(asked->ip.ttl > 1);
	frame.ip.ttl--;
	frame.destination = to->mac;
	if (!is_lost(model) && !to->down)
		hear_ip(model, to, &frame);
}

static void
hear_ip(struct model *model, struct model_host *host, const struct frame *frame)
{
	if (has_mac(host, &frame->destination) && host->leads_to != 0) {
		lead(model, host, frame);
		return;
	}
	if (!has_mac(host, &frame->destination) || (!host->bound && !host->forwards))
		return;
	if ((frame->kind == FRAME_ECHO_REQUEST && host->ignores_echo) ||
	    (frame->kind == FRAME_UDP && host->drops_udp) ||
	    (frame->kind != FRAME_TCP && host->resets))
		return;
	if (!is_from_probe(model, frame)) {
		if (!host->guarded)
			answer_decoy(model, host, frame);
	} else if (frame->kind == FRAME_TCP && host->real_server_count > 0) {
		forward(model, host, frame);
	} else if (host->bound) {
		answer_or_reject(model, host, frame);
	}
}

/* A host that is checking an address takes an ARP Probe of another host for a conflict (RFC 5227,
 * section 2.1.1). So an ARP Probe is broadcast only for an address that has answered one. */
static void
check_no_conflict(const struct model *model, const struct frame *frame)
{
	if (address_is_unspecified(&frame->arp.spa) && mac_is_multicast(&frame->destination))
		assert_true(model->answers_probes[frame->arp.tpa.octet[3]]);
}

/* An echo request may be forwarded by the gateway, a SYN by the director as well. */
static bool
is_for_gateway(const struct model *model, const struct frame *frame)
{
	for (size_t i = 0; i < model->host_count; i++)
		if (model->host[i].leads_to != 0 &&
		    mac_equal(&frame->destination, &model->host[i].mac))
			return is_from_probe(model, frame) &&
			       frame->ip.ttl == (frame->kind == FRAME_TCP ? 3 : 2);
	return false;
}

/* The first law: the probe speaks for no address in use, and sends only on the audited VLAN. */
static void
check_harmless(const struct model *model, const struct frame *frame)
{
	const struct address *speaks =
	    frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source;

	const uint8_t most = model->plan.clusters[0].owner == OWNER_ANY ? 3 : 2;

	assert_true(mac_equal(&frame->source, &model->segment.mac));
	assert_int_equal(frame->vlan, model->plan.clusters[0].vlan);
	assert_false(address_equal(speaks, &model->vip));
	for (size_t i = 0; i < model->host_count; i++)
		assert_false(address_equal(speaks, &model->host[i].rip));
	/* Only a SYN for the DR signature or for the service may be forwarded, and only from the
	 * probe's own address; and what goes by way of a gateway. */
	if (frame->kind != FRAME_ARP && !is_for_gateway(model, frame))
		assert_true(
		    frame->ip.ttl == 1 || (frame->ip.ttl <= most && frame->kind == FRAME_TCP &&
					      address_equal(speaks, &model->segment.own.address)));
	if (frame->kind == FRAME_ARP)
		check_no_conflict(model, frame);
	if (frame->kind != FRAME_ARP || mac_equal(&frame->arp.sha, &model->segment.mac))
		return;
	/* The only other SHA makes an owner's reply a broadcast. It goes to the owner alone, as a
	 * probe for the VIP. */
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

/* A host that learns the MAC of the address that it asks for sends what waits for it. */
static void
learn_decoy(struct model *model, const struct frame *frame)
{
	const bool reply = frame->arp.operation == ARP_REPLY;
	const bool gratuitous = address_equal(&frame->arp.spa, &frame->arp.tpa);

	model->decoys_answered += reply;
	model->decoys_announced += !reply;
	for (size_t i = 0; i < model->host_count; i++) {
		struct model_host *host = &model->host[i];
		const struct frame pending = host->pending;

		if (!has_mac(host, &frame->destination) || is_lost(model) ||
		    pending.kind == FRAME_OTHER ||
		    (!reply &&
			(gratuitous ? host->ignores_announcements : host->ignores_requests)) ||
		    !address_equal(&pending.ip.source, &frame->arp.spa))
			continue;
		stop_asking(model, &frame->destination, &frame->arp.spa);
		host->pending.kind = FRAME_OTHER;
		answer_or_reject(model, host, &pending);
	}
}

static void
log_sent(struct model *model, const struct frame *frame)
{
	if (model->sent_count == model->sent_capacity) {
		model->sent_capacity = 2 * model->sent_capacity + 256;
		model->sent = realloc(model->sent, model->sent_capacity * sizeof(*model->sent));
		assert_non_null(model->sent);
	}
	model->sent[model->sent_count++] = (struct sent){.time_us = model->now_us, .frame = *frame};
}

static void
transmit(struct model *model, const struct frame *frame)
{
	const struct address *target =
	    frame->kind == FRAME_ARP ? &frame->arp.tpa : &frame->ip.source;

	check_harmless(model, frame);
	log_sent(model, frame);
	model->broadcasts += mac_is_multicast(&frame->destination);
	model->ip_packets += frame->kind != FRAME_ARP;
	model->digest = (model->digest ^ model->now_us ^ frame->kind ^ target->octet[3]) *
			UINT64_C(1099511628211);
	if (frame->kind == FRAME_ARP && (frame->arp.operation == ARP_REPLY ||
					    address_equal(&frame->arp.spa, &frame->arp.tpa))) {
		learn_decoy(model, frame);
		return;
	}
	if (frame->kind == FRAME_ARP && !address_is_unspecified(&frame->arp.spa) &&
	    !address_equal(&frame->arp.spa, &model->segment.own.address))
		learn_decoy(model, frame);
	for (size_t i = 0; i < model->host_count; i++) {
		struct model_host *host = &model->host[i];
		const bool addressed =
		    mac_is_multicast(&frame->destination) || has_mac(host, &frame->destination);

		if (host->down || !addressed || is_lost(model))
			continue;
		if (frame->kind == FRAME_ARP)
			hear_who_has(model, host, frame);
		else
			hear_ip(model, host, frame);
	}
}

/* Index of the earliest event. Events of the same time keep the order in which they were
 * emitted. */
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

/* Updates the bystander's entry like arp_process(): within locktime after a change, only a
 * gratuitous frame updates it again. */
static void
overhear(struct model *model, const struct frame *frame)
{
	const bool gratuitous = address_equal(&frame->arp.spa, &frame->arp.tpa);

	if (frame->kind != FRAME_ARP || !mac_is_multicast(&frame->destination) ||
	    !address_equal(&frame->arp.spa, &model->vip) || mac_equal(&model->cached, &mac_zero) ||
	    mac_equal(&model->cached, &frame->arp.sha))
		return;
	if (model->loss > 0 &&
	    random_below(&model->missed, 1000000) < (uint32_t)(model->loss * 1e6))
		return;
	if (!gratuitous && model->now_us <= model->cached_us + LOCKTIME_US)
		return;
	model->cached = frame->arp.sha;
	model->cached_us = model->now_us;
}

/* Removes the event and advances the clock to its time. */
static struct event
take(struct model *model, size_t index)
{
	const struct event event = model->event[index];

	model->event_count--;
	memmove(&model->event[index], &model->event[index + 1],
	    (model->event_count - index) * sizeof(model->event[0]));
	model->now_us = event.time_us;
	overhear(model, &event.frame);
	return event;
}

/* Counts the claim that the frame makes, if any. */
static void
count_claim(struct model *model, const struct frame *frame)
{
	const bool arp = frame->kind == FRAME_ARP && address_equal(&frame->arp.spa, &model->vip);
	const struct mac *by = arp ? &frame->arp.sha : &frame->source;
	struct model_host *host = model->host;

	while (host < model->host + model->host_count && !has_mac(host, by))
		host++;
	if ((!arp && frame->kind != FRAME_VRRP) || host == model->host + model->host_count)
		return;
	if (host->first_claim_us == 0)
		host->first_claim_us = model->now_us;
	host->last_claim_us = model->now_us;
	host->answers += arp && frame->arp.operation == ARP_REPLY &&
			 mac_equal(&frame->destination, &model->segment.mac);
	host->broadcast_claims += arp && mac_is_multicast(&frame->destination);
}

static void
deliver(struct model *model, size_t index)
{
	static const uint8_t bytes[60];
	const struct event event = take(model, index);
	const struct capture capture = {
	    .frame = event.frame, .bytes = bytes, .length = sizeof(bytes)};

	if (event.lost)
		return;
	count_claim(model, &event.frame);
	if (event.frame.kind == FRAME_ARP && event.frame.arp.operation == ARP_REPLY &&
	    address_is_unspecified(&event.frame.arp.tpa))
		model->answers_probes[event.frame.arp.spa.octet[3]] = true;
	audit_receive(model->audit, model->now_us, &capture);
}

void
model_start(struct model *model)
{
	struct error error = {0};

	assert_true(plan_check(&model->plan.clusters[0], &error));
	assert_true(plan_fit(&model->plan.clusters[0], &model->segment.own, &error));
	model->now_us = START_US;
	model->random.state = model->seed;
	model->missed.state = ~model->seed;
	model->digest = UINT64_C(14695981039346656037);
	model->audit = audit_new(&model->plan.clusters[0], &model->plan.settings, &model->segment,
	    model->table == NULL ? &check_table : model->table, model->seed, model->now_us, &error);
	assert_non_null(model->audit);
}

bool
model_turn(struct model *model)
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
		deliver(model, event);
	} else {
		assert_true(wakeup_us > model->now_us || audit_finished(model->audit, wakeup_us));
		model->now_us = wakeup_us;
	}
	assert_true(model->now_us < START_US + LIMIT_US);
	return true;
}

void
model_finish(struct model *model)
{
	model->arena = arena_new();
	assert_non_null(model->arena);
	model->wire = (struct wire_result){.owner_restored = true};
	audit_result(model->audit, model->now_us, model->arena, &model->cluster, &model->wire);
}

void
model_run(struct model *model)
{
	model_start(model);
	while (model_turn(model))
		;
	model_finish(model);
}

void
model_run_on(struct model *model)
{
	while (model->event_count > 0)
		take(model, next_event(model));
}

bool
is_question(const struct sent *sent, uint8_t last, const struct mac *to)
{
	const struct address target = ip(last);

	return sent->frame.kind == FRAME_ARP && sent->frame.arp.operation == ARP_REQUEST &&
	       address_equal(&sent->frame.arp.tpa, &target) &&
	       mac_equal(&sent->frame.destination, to);
}

size_t
questions_for(const struct model *model, uint8_t last)
{
	size_t count = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		count += is_question(&model->sent[i], last, &mac_broadcast);
	return count;
}

size_t
vip_rounds(const struct model *model)
{
	size_t count = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		count += is_question(&model->sent[i], model->vip.octet[3], &mac_broadcast) &&
			 address_equal(&model->sent[i].frame.arp.spa, &model->segment.own.address);
	return count;
}

bool
is_from_decoy(const struct model *model, const struct sent *sent)
{
	return sent->frame.kind != FRAME_ARP &&
	       !address_equal(&sent->frame.ip.source, &model->segment.own.address);
}

size_t
run_until_decoys_are_used(struct model *model)
{
	for (size_t i = 0;; i++) {
		while (i == model->sent_count)
			assert_true(model_turn(model));
		if (is_from_decoy(model, &model->sent[i]))
			return i;
	}
}

struct model *
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

struct model *
sound(const char *hosts, uint64_t seed)
{
	struct model *model = model_new(hosts, seed);

	add_director(model, 3);
	add_host(model, 4);
	add_server(model, 11);
	add_server(model, 12);
	return model;
}

void
model_free(struct model *model)
{
	audit_free(model->audit);
	arena_free(model->arena);
	plan_free(&model->plan);
	free(model->sent);
	free(model);
}

const struct host_result *
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

void
assert_outcome(
    const struct model *model, uint8_t last, const char *check, enum check_outcome outcome)
{
	const struct check_result *result = result_check(result_of(model, last), check);

	assert_non_null(result);
	assert_string_equal(outcome_name(result->outcome), outcome_name(outcome));
}

void
assert_verdict(const struct model *model, uint8_t last, enum verdict verdict)
{
	assert_string_equal(verdict_name(result_of(model, last)->verdict), verdict_name(verdict));
}

void
hear(struct model *model, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {.frame = *frame, .bytes = bytes, .length = sizeof(bytes)};

	overhear(model, frame);
	count_claim(model, frame);
	audit_receive(model->audit, model->now_us, &capture);
}

struct frame
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

void
name_directors(struct model *model, const char *text)
{
	struct error error = {0};

	assert_true(plan_add_directors(&model->plan.clusters[0], text, &error));
}

void
name_decoys(struct model *model)
{
	struct error error = {0};

	assert_true(plan_add_decoys(&model->plan.clusters[0],
	    "10.77.0.200,10.77.0.201,10.77.0.202,10.77.0.203,10.77.0.204,10.77.0.205,10.77.0.206,"
	    "10.77.0.207",
	    &error));
}

void
set_port(struct model *model, uint16_t port)
{
	model->plan.clusters[0].vips[0].port_count = 0;
	add_port(model, port, IP_PROTOCOL_TCP);
}

void
add_port(struct model *model, uint16_t port, uint8_t protocol)
{
	struct plan_vip *vip = &model->plan.clusters[0].vips[0];

	vip->ports[vip->port_count++] = (struct plan_port){.number = port, .protocol = protocol};
}

const struct finding *
finding_of(const struct model *model, const char *id)
{
	const struct vip_result *vip = &model->cluster.vips[0];

	for (size_t i = 0; i < vip->finding_count; i++)
		if (strcmp(vip->findings[i].id, id) == 0)
			return &vip->findings[i];
	return NULL;
}

void
assert_finding(const struct model *model, const char *id, enum severity severity, const char *text)
{
	const struct vip_result *vip = &model->cluster.vips[0];

	for (size_t i = 0; i < vip->finding_count; i++)
		if (strcmp(vip->findings[i].id, id) == 0 && vip->findings[i].severity == severity &&
		    strstr(vip->findings[i].message, text) != NULL)
			return;
	for (size_t i = 0; i < vip->finding_count; i++)
		print_message("%s: %s\n", vip->findings[i].id, vip->findings[i].message);
	fail_msg("no finding %s with \"%s\"", id, text);
}

struct frame
advertisement(const struct model *model, uint8_t last)
{
	return (struct frame){
	    .kind = FRAME_VRRP,
	    .source = mac(last),
	    .destination = {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}},
	    .ip = {.source = ip(last),
		.ttl = 255,
		.destination = address_ipv4(0xe0000012u),
		.vrrp = {.version = 2,
		    .vrid = 51,
		    .priority = 100,
		    .address_count = 1,
		    .addresses = model->vip.octet}},
	};
}
