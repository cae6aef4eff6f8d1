/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for the engine. The input chooses a plan, and then, octet by octet, what
 * happens on the segment: time passes, sound machines do what they should, frames of all kinds
 * arrive, true and forged, the capture loses frames, a signal comes.
 *
 * Whatever happens: no assertion of the engine fails, the audit ends, no host is compliant that
 * sent nothing or that claimed the VIP, and the report can be written.
 */
#include <stdlib.h>

#include "arpaudit/audit.h"
#include "arpaudit/checks.h"
#include "made.h"

#define START_US   UINT64_C(1700000000000000)
#define STEPS_MAX  100000 /* of the engine after the input's end; an audit takes some thousand */
#define TIMEOUT_US UINT64_C(20000000)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct play {
	struct made made; /* it keeps the last frames of the engine */
	struct plan plan;
	uint8_t seed;
	struct audit *audit;
	uint64_t now_us;
	size_t behaved; /* how many frames of the engine the sound machines have seen */
	struct frame pending[MACHINES]; /* what waits for the MAC of a decoy; FRAME_OTHER: none */
	bool heard[256];                /* the last octet of a MAC: it has sent something */
	bool claimed[MACHINES];         /* it bound 10.77.0.100 to its own MAC, in a sound frame */
	bool routed; /* VRRP was heard, which may give a claim to another machine */
};

/* libFuzzer gives the type.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	told_begin();
	return 0;
}

/* ---- What arrives -------------------------------------------------------------------------- */

static void
note_claim(struct play *play, const struct frame *frame)
{
	const uint8_t claimant = made_claimant(frame);

	play->heard[frame->arp.sha.octet[5]] = true;
	if (claimant < MACHINES)
		play->claimed[claimant] = true;
}

static void
receive(struct play *play, const struct frame *frame, const uint8_t *bytes, size_t length)
{
	struct capture capture = {.frame = *frame,
	    .bytes = bytes,
	    .length = length,
	    .wire_length = length,
	    .time_us = play->now_us};

	capture.number = audit_concerns(play->audit, &capture) ? made_next(&play->made) : 0;
	play->heard[frame->source.octet[5]] = true;
	play->routed = play->routed || frame->kind == FRAME_VRRP;
	if (frame->kind == FRAME_ARP)
		note_claim(play, frame);
	audit_receive(play->audit, play->now_us, &capture);
}

/* The bytes of a made frame matter only to the evidence. */
static void
receive_made(struct play *play, const struct frame *frame)
{
	static const uint8_t bytes[42];

	receive(play, frame, bytes, sizeof(bytes));
}

static void
receive_arp(struct play *play)
{
	const struct frame frame = made_arp(&play->made);

	receive_made(play, &frame);
}

static void
receive_advertisement(struct play *play)
{
	const struct frame frame = made_advertisement(&play->made);

	receive_made(play, &frame);
}

/* What answers a packet of the engine: from the address that it was for, or from another. */
static void
receive_packet(struct play *play)
{
	const struct frame *asked = made_choose_kept(&play->made);
	const uint8_t form = made_next(&play->made);
	struct frame frame = {
	    .source = made_choose_mac(&play->made), .destination = made_machine(PROBE)};

	if (asked->kind == FRAME_OTHER || asked->kind == FRAME_ARP)
		return;
	frame.ip.source = form & 1 ? asked->ip.destination : made_choose_address(&play->made);
	frame.ip.destination = form & 2 ? made_choose_address(&play->made) : asked->ip.source;
	frame.ip.ttl = made_next(&play->made);
	if ((form & 4) != 0 || asked->kind == FRAME_UDP) {
		frame.kind = FRAME_ICMP_ERROR;
		frame.ip.error = (struct frame_icmp_error){.type = ICMP_TYPE_UNREACHABLE,
		    .source = asked->ip.source,
		    .destination = asked->ip.destination,
		    .protocol = IP_PROTOCOL_ICMP};
	} else if (asked->kind == FRAME_TCP) {
		frame.kind = FRAME_TCP;
		frame.ip.tcp = (struct frame_tcp){.source_port = asked->ip.tcp.destination_port,
		    .destination_port = asked->ip.tcp.source_port,
		    .acknowledgement = asked->ip.tcp.sequence + 1,
		    .flags = form & 8 ? TCP_RST | TCP_ACK : TCP_SYN | TCP_ACK};
	} else {
		frame.kind = FRAME_ECHO_REPLY;
		frame.ip.echo = asked->ip.echo;
	}
	receive_made(play, &frame);
}

/* To the SHA, as Linux does: the owner's answer to an ARP Probe may be a broadcast. */
static void
reply(struct play *play, uint8_t last, const struct frame *asked)
{
	struct frame frame = {
	    .kind = FRAME_ARP, .source = made_machine(last), .destination = asked->arp.sha};

	frame.arp = (struct frame_arp){.operation = ARP_REPLY,
	    .sha = frame.source,
	    .spa = asked->arp.tpa,
	    .tha = asked->arp.sha,
	    .tpa = asked->arp.spa};
	receive_made(play, &frame);
}

/* Some machine answers what was asked. */
static void
answer(struct play *play)
{
	const struct frame *asked = made_choose_kept(&play->made);

	if (asked->kind == FRAME_ARP)
		reply(play, made_next(&play->made) % MACHINES, asked);
	else
		receive_packet(play);
}

/* ---- Sound machines ------------------------------------------------------------------------ */

/* 10.77.0.3 is the director, the others are real servers. All of them hold the VIPs. */
static const uint8_t sound[] = {3, 11, 12, 13};

static struct address
outside_vip(void)
{
	return address_ipv4(0x0a630064U); /* 10.99.0.100 */
}

static bool
is_vip(const struct address *address)
{
	const struct address one = made_ip(100), other = made_ip(101), outside = outside_vip();

	return address_equal(address, &one) || address_equal(address, &other) ||
	       address_equal(address, &outside);
}

/* The machine asks for the decoy from its own address, and its packet waits. */
static void
resolve(struct play *play, uint8_t last, const struct address *decoy)
{
	struct frame frame = {
	    .kind = FRAME_ARP, .source = made_machine(last), .destination = mac_broadcast};

	frame.arp = (struct frame_arp){
	    .operation = ARP_REQUEST, .sha = frame.source, .spa = made_ip(last), .tpa = *decoy};
	receive_made(play, &frame);
}

static void
take_packet(struct play *play, uint8_t last, const struct frame *asked)
{
	const struct address probe = made_ip(PROBE);
	struct frame *const packet = &play->pending[last];

	*packet = (struct frame){.source = made_machine(last), .destination = made_machine(PROBE)};
	packet->ip.source = asked->ip.destination;
	packet->ip.destination = asked->ip.source;
	packet->ip.ttl = 64;
	if (asked->kind == FRAME_TCP) {
		packet->kind = FRAME_TCP;
		packet->ip.tcp = (struct frame_tcp){.source_port = asked->ip.tcp.destination_port,
		    .destination_port = asked->ip.tcp.source_port,
		    .acknowledgement = asked->ip.tcp.sequence + 1,
		    .flags = TCP_SYN | TCP_ACK};
	} else {
		packet->kind = FRAME_ECHO_REPLY;
		packet->ip.echo = asked->ip.echo;
	}
	if (!address_equal(&asked->ip.source, &probe)) {
		resolve(play, last, &asked->ip.source);
		return;
	}
	receive_made(play, packet);
	packet->kind = FRAME_OTHER;
}

static void
behave(struct play *play, uint8_t last, const struct frame *asked)
{
	const struct address rip = made_ip(last);
	const struct mac mac = made_machine(last);
	struct frame *const packet = &play->pending[last];

	if (!mac_equal(&asked->destination, &mac) &&
	    !mac_equal(&asked->destination, &mac_broadcast))
		return;
	if (asked->kind == FRAME_TCP || asked->kind == FRAME_ECHO_REQUEST) {
		if (is_vip(&asked->ip.destination))
			take_packet(play, last, asked);
		return;
	}
	if (asked->kind != FRAME_ARP)
		return;
	if (asked->arp.operation == ARP_REQUEST &&
	    (address_equal(&asked->arp.tpa, &rip) || (last == 3 && is_vip(&asked->arp.tpa))))
		reply(play, last, asked);
	if (packet->kind != FRAME_OTHER &&
	    address_equal(&asked->arp.spa, &packet->ip.destination)) {
		receive_made(play, packet);
		packet->kind = FRAME_OTHER;
	}
}

/* All but some of the sound machines do what they should, about all frames since the last time. */
static void
behave_all(struct play *play)
{
	const uint8_t without = made_next(&play->made);

	if (play->behaved + KEPT_MAX < play->made.kept_count)
		play->behaved = play->made.kept_count - KEPT_MAX;
	for (; play->behaved < play->made.kept_count; play->behaved++) {
		const struct frame asked = play->made.kept[play->behaved % KEPT_MAX];

		for (size_t i = 0; i < sizeof(sound); i++)
			if ((without >> i & 1) == 0)
				behave(play, sound[i], &asked);
	}
}

/* ---- Arbitrary octets ---------------------------------------------------------------------- */

static void
receive_octets(struct play *play)
{
	size_t length;
	uint8_t *const bytes = made_octets(&play->made, &length);
	struct frame frame = {0};

	if (frame_decode(bytes, length, &frame) == FRAME_OK)
		receive(play, &frame, bytes, length);
	free(bytes);
}

/* ---- The audit ----------------------------------------------------------------------------- */

static void
tell_sent(struct play *play, const struct frame *frame)
{
	static const uint8_t bytes[42];
	const struct capture sent = {.frame = *frame,
	    .bytes = bytes,
	    .length = sizeof(bytes),
	    .wire_length = sizeof(bytes),
	    .time_us = play->now_us};

	audit_sent(play->audit, &sent);
	check(audit_progress(play->audit).frames_sent > 0);
}

static void
send_due(struct play *play)
{
	struct frame frame;

	while (audit_next(play->audit, play->now_us, &frame)) {
		made_keep(&play->made, &frame);
		tell_sent(play, &frame);
	}
}

static void
wait(struct play *play)
{
	const uint8_t form = made_next(&play->made);
	const uint64_t due_us = audit_wakeup_us(play->audit, play->now_us);

	if ((form & 0x80) == 0 && due_us != UINT64_MAX)
		play->now_us = due_us;
	else
		play->now_us += (uint64_t)(form & 15) << (form >> 4 & 7) << 6;
	send_due(play);
}

/* Frames of the capture, the file of the evidence, or the user's patience. */
static void
lose(struct play *play)
{
	const uint8_t what = made_next(&play->made);

	if (what == 7)
		audit_stop(play->audit, play->now_us);
	else if (what == 8)
		audit_evidence_lost(play->audit);
	else
		audit_capture_lost(play->audit,
		    play->now_us - UINT64_C(1000) * made_next(&play->made), play->now_us);
}

static void
happen(struct play *play)
{
	switch (made_next(&play->made) % 8) {
	case 0:
		receive_arp(play);
		break;
	case 1:
		receive_advertisement(play);
		break;
	case 2:
		receive_packet(play);
		break;
	case 3:
		receive_octets(play);
		break;
	case 4:
		lose(play);
		break;
	case 5:
		answer(play);
		break;
	case 6:
		behave_all(play);
		break;
	default:
		wait(play);
		break;
	}
}

/* What a plan may have besides. */
static void
add_to_plan(struct plan_cluster *cluster, uint8_t form)
{
	struct error error = {0};

	check((form & 0x10) == 0 || plan_add_gateways(cluster, "10.77.0.2,10.77.0.4", &error));
	check((form & 0x20) == 0 || plan_set_source(cluster, "10.77.0.9", &error));
	check((form & 0x40) == 0 ||
	      plan_add_decoys(cluster, "10.77.0.5,10.77.0.6,10.77.0.7", &error));
	check((form & 0x80) == 0 || plan_add_vips(cluster, "10.99.0.100:53/udp", &error));
}

static void
make_plan(struct play *play, const struct prefix *own)
{
	const uint8_t form = made_next(&play->made);
	struct error error = {0};
	struct plan_cluster *cluster;

	plan_init(&play->plan);
	cluster = plan_add_cluster(&play->plan, "fuzz");
	check(cluster != NULL &&
	      plan_add_vips(
		  cluster, form & 1 ? "10.77.0.100:80,10.77.0.101" : "10.77.0.100", &error));
	play->seed = made_next(&play->made);
	add_to_plan(cluster, play->seed);
	cluster->discover = (form & 2) != 0;
	check(cluster->discover || plan_add_hosts(cluster, "10.77.0.11-13", &error));
	check((form & 4) == 0 || plan_add_directors(cluster, "10.77.0.3", &error));
	if ((form & 12) == 8)
		cluster->owner = form & 16 ? OWNER_ANY : OWNER_NONE;
	cluster->settings = play->plan.settings;
	cluster->settings.elicit = (form & 0xe0) != 0x20 || cluster->discover;
	cluster->settings.gentle = (form & 0xe0) == 0x40;
	if ((form & 0xe0) == 0x60)
		cluster->settings.linger_us = 0;
	cluster->settings.timeout_us = TIMEOUT_US;
	check(plan_check(cluster, &error) && plan_fit(cluster, own, &error));
}

static void
begin(struct play *play)
{
	const struct audit_segment segment = {.interface = "eth0",
	    .mac = made_machine(PROBE),
	    .own = {.address = made_ip(PROBE), .length = 28},
	    .elicit_port = 61234};
	const struct plan_cluster *cluster;
	struct error error = {0};

	make_plan(play, &segment.own);
	cluster = &play->plan.clusters[0];
	play->now_us = START_US;
	play->audit = audit_new(
	    cluster, &cluster->settings, &segment, &check_table, play->seed, play->now_us, &error);
	check(play->audit != NULL);
}

/* Where the director is named, a listed server that claims the VIP is not compliant. */
static bool
is_guilty(const struct play *play, const struct vip_result *vip, const struct host_result *host)
{
	const struct plan_cluster *const cluster = &play->plan.clusters[0];
	const struct mac itself = made_machine(host->mac.octet[5]);
	const struct address first = made_ip(100);

	return cluster->director_count > 0 && !cluster->discover && !play->routed &&
	       host->role == ROLE_REAL_SERVER && address_equal(&vip->vip, &first) &&
	       host->mac.octet[5] < MACHINES && mac_equal(&host->mac, &itself) &&
	       play->claimed[host->mac.octet[5]];
}

/* A host is compliant only by what it said, and only if it did not claim the VIP. */
static void
check_result(const struct play *play, const struct cluster_result *cluster)
{
	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct vip_result *const vip = &cluster->vips[i];

		for (size_t k = 0; k < vip->host_count; k++) {
			const struct host_result *const host = &vip->hosts[k];

			check(host->verdict != VERDICT_COMPLIANT ||
			      (play->heard[host->mac.octet[5]] && !is_guilty(play, vip, host)));
		}
	}
}

static void
judge(struct play *play)
{
	struct cluster_result cluster;
	struct result result = {.clusters = &cluster, .cluster_count = 1, .arena = arena_new()};

	audit_result(play->audit, play->now_us, result.arena, &cluster, &result.wire);
	check_result(play, &cluster);
	if (play->made.size % REPORTED == 0)
		told_report(&result);
	result_free(&result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = {.made = {.data = data, .size = size}};

	begin(&play);
	send_due(&play);
	while (made_is_left(&play.made))
		happen(&play);
	for (size_t step = 0; !audit_finished(play.audit, play.now_us); step++) {
		check(step < STEPS_MAX);
		play.now_us = audit_wakeup_us(play.audit, play.now_us);
		check(play.now_us != UINT64_MAX);
		send_due(&play);
	}
	judge(&play);
	audit_free(play.audit);
	plan_free(&play.plan);
	return 0;
}
