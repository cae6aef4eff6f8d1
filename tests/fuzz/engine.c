/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for the engine. The input chooses a plan, and then, octet by octet, what
 * happens on the segment: time passes, sound machines do what they should, frames of all kinds
 * arrive, true and forged, the capture loses frames, a signal comes.
 *
 * Whatever happens: no assertion of the engine fails, the audit ends, no host is compliant that
 * sent nothing or that claimed the VIP, and the report can be written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/audit.h"
#include "arpaudit/checks.h"
#include "arpaudit/report.h"

#define START_US   UINT64_C(1700000000000000)
#define STEPS_MAX  100000 /* of the engine after the input's end; an audit takes some thousand */
#define TIMEOUT_US UINT64_C(20000000)
#define PROBE      1 /* 10.77.0.1 */
#define ASKED_MAX  64
#define MACHINES   16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct play {
	const uint8_t *data;
	size_t size, at;
	struct plan plan;
	struct audit *audit;
	uint64_t now_us;
	struct frame asked[ASKED_MAX]; /* the last frames of the engine, in a circle */
	size_t asked_count;
	size_t behaved;                 /* how many of them the sound machines have seen */
	struct frame pending[MACHINES]; /* what waits for the MAC of a decoy; FRAME_OTHER: none */
	bool heard[256];                /* the last octet of a MAC: it has sent something */
	bool claimed[MACHINES];         /* it bound 10.77.0.100 to its own MAC, in a sound frame */
	bool routed; /* VRRP was heard, which may give a claim to another machine */
};

static void
check(bool good)
{
	if (!good)
		abort();
}

/* The next octet; 0 at the end. */
static uint8_t
next(struct play *play)
{
	return play->at < play->size ? play->data[play->at++] : 0;
}

static struct address
ip(uint8_t last)
{
	return address_ipv4(0x0a4d0000U | last);
}

static struct mac
machine(uint8_t last)
{
	return (struct mac){{2, 0, 0, 0, 0, last}};
}

/* A machine of the plan, a stranger, or a MAC that no machine has. */
static struct mac
choose_mac(struct play *play)
{
	const uint8_t choice = next(play);

	if (choice < 0xf0)
		return machine(choice % MACHINES);
	switch (choice) {
	case 0xf0:
		return mac_broadcast;
	case 0xf1:
		return mac_zero;
	case 0xf2:
		return (struct mac){{0x01, 0, 0x5e, 0x7f, 0, 1}};
	case 0xf3:
		return machine(0xff);
	default:
		return mac_of_vrid((uint8_t)(choice & 3));
	}
}

static const struct frame *
choose_asked(struct play *play)
{
	static const struct frame nothing = {.kind = FRAME_OTHER};
	const size_t kept = play->asked_count < ASKED_MAX ? play->asked_count : ASKED_MAX;

	return kept == 0 ? &nothing : &play->asked[next(play) % kept];
}

static struct address
choose_address(struct play *play)
{
	static const uint8_t known[] = {PROBE, 3, 4, 11, 12, 13, 100, 101, 200, 0, 255};
	const uint8_t choice = next(play);
	const struct frame *asked;

	if (choice < 0xc0)
		return ip(known[choice % sizeof(known)]);
	if (choice == 0xc0)
		return address_unspecified(ADDRESS_IPV4);
	asked = choose_asked(play);
	if (asked->kind == FRAME_OTHER)
		return ip(choice);
	if (asked->kind == FRAME_ARP)
		return choice & 1 ? asked->arp.spa : asked->arp.tpa;
	return choice & 1 ? asked->ip.source : asked->ip.destination;
}

/* ---- What arrives -------------------------------------------------------------------------- */

static void
note_claim(struct play *play, const struct frame *frame)
{
	const struct address vip = ip(100);
	const struct mac *const mac = &frame->arp.sha;
	const struct mac itself = machine(mac->octet[5]);

	play->heard[mac->octet[5]] = true;
	if (mac->octet[5] < MACHINES && mac_equal(mac, &itself) && mac_equal(mac, &frame->source) &&
	    !frame->odd && frame->vlan == 0 && address_equal(&frame->arp.spa, &vip) &&
	    (frame->arp.operation == ARP_REQUEST || frame->arp.operation == ARP_REPLY))
		play->claimed[mac->octet[5]] = true;
}

static void
receive(struct play *play, const struct frame *frame, const uint8_t *bytes, size_t length)
{
	struct capture capture = {.frame = *frame,
	    .bytes = bytes,
	    .length = length,
	    .wire_length = length,
	    .time_us = play->now_us};

	capture.number = audit_concerns(play->audit, &capture) ? next(play) : 0;
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
	struct frame frame = {.kind = FRAME_ARP};
	const uint8_t form = next(play);

	frame.odd = (form & 0x40) != 0;
	frame.arp.operation = form & 1 ? ARP_REPLY : ARP_REQUEST;
	frame.arp.sha = choose_mac(play);
	frame.source = form & 2 ? choose_mac(play) : frame.arp.sha;
	frame.destination = form & 4 ? mac_broadcast : machine(PROBE);
	frame.arp.tha = form & 8 ? machine(PROBE) : mac_zero;
	frame.arp.spa = choose_address(play);
	frame.arp.tpa = form & 16 ? frame.arp.spa : choose_address(play);
	receive_made(play, &frame);
}

static void
receive_advertisement(struct play *play)
{
	uint8_t addresses[8] = {10, 77, 0, 100, 10, 77, 0, 101};
	struct frame frame = {.kind = FRAME_VRRP};
	const uint8_t form = next(play);

	frame.source = choose_mac(play);
	frame.destination = (struct mac){{1, 0, 0x5e, 0, 0, 0x12}};
	frame.ip.source = choose_address(play);
	frame.ip.destination = address_ipv4(0xe0000012U);
	frame.ip.ttl = 255;
	frame.ip.vrrp = (struct frame_vrrp){.carp = (form & 1) != 0,
	    .version = form & 2 ? 2 : 3,
	    .vrid = (uint8_t)(form & 3),
	    .priority = next(play),
	    .interval_us = UINT32_C(10000) * next(play),
	    .address_count = (uint8_t)(form >> 2 & 1) + 1,
	    .addresses = addresses};
	receive_made(play, &frame);
}

/* What answers a packet of the engine: from the address that it was for, or from another. */
static void
receive_packet(struct play *play)
{
	const struct frame *asked = choose_asked(play);
	const uint8_t form = next(play);
	struct frame frame = {.source = choose_mac(play), .destination = machine(PROBE)};

	if (asked->kind == FRAME_OTHER || asked->kind == FRAME_ARP)
		return;
	frame.ip.source = form & 1 ? asked->ip.destination : choose_address(play);
	frame.ip.destination = form & 2 ? choose_address(play) : asked->ip.source;
	frame.ip.ttl = next(play);
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

static void
reply(struct play *play, uint8_t last, const struct frame *asked)
{
	struct frame frame = {
	    .kind = FRAME_ARP, .source = machine(last), .destination = asked->source};

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
	const struct frame *asked = choose_asked(play);

	if (asked->kind == FRAME_ARP)
		reply(play, next(play) % MACHINES, asked);
	else
		receive_packet(play);
}

/* ---- Sound machines ------------------------------------------------------------------------ */

/* 10.77.0.3 is the director, the others are real servers. All of them hold the VIPs. */
static const uint8_t sound[] = {3, 11, 12, 13};

static bool
is_vip(const struct address *address)
{
	const struct address one = ip(100), other = ip(101);

	return address_equal(address, &one) || address_equal(address, &other);
}

/* The machine asks for the decoy from its own address, and its packet waits. */
static void
resolve(struct play *play, uint8_t last, const struct address *decoy)
{
	struct frame frame = {
	    .kind = FRAME_ARP, .source = machine(last), .destination = mac_broadcast};

	frame.arp = (struct frame_arp){
	    .operation = ARP_REQUEST, .sha = frame.source, .spa = ip(last), .tpa = *decoy};
	receive_made(play, &frame);
}

static void
take_packet(struct play *play, uint8_t last, const struct frame *asked)
{
	const struct address probe = ip(PROBE);
	struct frame *const packet = &play->pending[last];

	*packet = (struct frame){.source = machine(last), .destination = machine(PROBE)};
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
	const struct address rip = ip(last);
	const struct mac mac = machine(last);
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
	const uint8_t without = next(play);

	if (play->behaved + ASKED_MAX < play->asked_count)
		play->behaved = play->asked_count - ASKED_MAX;
	for (; play->behaved < play->asked_count; play->behaved++) {
		const struct frame asked = play->asked[play->behaved % ASKED_MAX];

		for (size_t i = 0; i < sizeof(sound); i++)
			if ((without >> i & 1) == 0)
				behave(play, sound[i], &asked);
	}
}

/* ---- Arbitrary octets ---------------------------------------------------------------------- */

static void
receive_octets(struct play *play)
{
	const size_t wanted = next(play);
	const size_t left = play->size - play->at;
	const size_t length = wanted < left ? wanted : left;
	uint8_t *const bytes = malloc(length + 1); /* of its own, so that ASan knows its end */
	struct frame frame = {0};

	check(bytes != NULL);
	memcpy(bytes, play->data + play->at, length);
	play->at += length;
	if (frame_decode(bytes, length, &frame) == FRAME_OK)
		receive(play, &frame, bytes, length);
	free(bytes);
}

/* ---- The audit ----------------------------------------------------------------------------- */

static void
send_due(struct play *play)
{
	struct frame frame;

	while (audit_next(play->audit, play->now_us, &frame))
		play->asked[play->asked_count++ % ASKED_MAX] = frame;
}

static void
wait(struct play *play)
{
	const uint8_t form = next(play);
	const uint64_t due_us = audit_wakeup_us(play->audit, play->now_us);

	if ((form & 0x80) == 0 && due_us != UINT64_MAX)
		play->now_us = due_us;
	else
		play->now_us += (uint64_t)(form & 15) << (form >> 4 & 7) << 6;
	send_due(play);
}

static void
happen(struct play *play)
{
	switch (next(play) % 8) {
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
		if (next(play) == 7)
			audit_stop(play->audit, play->now_us);
		else
			audit_capture_lost(
			    play->audit, play->now_us - UINT64_C(1000) * next(play), play->now_us);
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

static void
make_plan(struct play *play)
{
	const uint8_t form = next(play);
	struct error error = {0};
	struct plan_cluster *cluster;

	plan_init(&play->plan);
	cluster = plan_add_cluster(&play->plan, "fuzz");
	check(cluster != NULL &&
	      plan_add_vips(
		  cluster, form & 1 ? "10.77.0.100:80,10.77.0.101" : "10.77.0.100", &error));
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
	check(plan_check(cluster, &error));
}

static void
begin(struct play *play)
{
	const struct audit_segment segment = {.interface = "eth0",
	    .mac = machine(PROBE),
	    .own = {.address = ip(PROBE), .length = 28},
	    .elicit_port = 61234};
	struct plan_cluster *const cluster = &play->plan.clusters[0];
	const uint64_t seed = next(play);
	struct error error = {0};

	play->now_us = START_US;
	play->audit = audit_new(
	    cluster, &cluster->settings, &segment, &check_table, seed, play->now_us, &error);
	check(play->audit != NULL);
}

/* Where the director is named, a listed server that claims the VIP is not compliant. */
static bool
is_guilty(const struct play *play, const struct vip_result *vip, const struct host_result *host)
{
	const struct plan_cluster *const cluster = &play->plan.clusters[0];
	const struct mac itself = machine(host->mac.octet[5]);
	const struct address first = ip(100);

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
report(struct play *play)
{
	struct cluster_result cluster;
	struct result result = {.clusters = &cluster, .cluster_count = 1, .arena = arena_new()};
	const struct report_style style = {.verbose = 1, .width = 80};
	FILE *const sink = fopen("/dev/null", "we");

	check(sink != NULL && result.arena != NULL);
	audit_result(play->audit, play->now_us, result.arena, &cluster, &result.wire);
	check_result(play, &cluster);
	check(report_text.write(&result, &style, sink));
	check(report_json.write(&result, &style, sink));
	(void)fclose(sink);
	result_free(&result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = {.data = data, .size = size};

	make_plan(&play);
	begin(&play);
	send_due(&play);
	while (play.at < play.size)
		happen(&play);
	for (size_t step = 0; !audit_finished(play.audit, play.now_us); step++) {
		check(step < STEPS_MAX);
		play.now_us = audit_wakeup_us(play.audit, play.now_us);
		check(play.now_us != UINT64_MAX);
		send_due(&play);
	}
	report(&play);
	audit_free(play.audit);
	plan_free(&play.plan);
	return 0;
}
