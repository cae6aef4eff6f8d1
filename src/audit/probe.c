/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames of the audit, as descriptions; craft.h makes their bytes.
 *
 * No frame claims an address in use: the SPA of a who-has is the probe's own address, 0.0.0.0 or an
 * address that is in use nowhere, the source of an IP packet is the probe's own address or a decoy,
 * and the only addresses that an answer gives to the probe are decoys and a borrowed source.
 */
#include <assert.h>

#include "arpaudit/engine.h"

/* Eliciting packets may not travel: a host that does not hold the VIP but forwards must neither
 * carry them to one that does, nor bring its answer back in its own name. Local delivery does not
 * look at the TTL (Linux: only ip_forward() does). */
#define ELICIT_TTL 1
/* The SYN for the DR signature has to be forwarded once: IPVS takes one off as a router does, and
 * drops what has no more than 1 left (decrement_ttl() in ip_vs_xmit.c). So it comes as far as a
 * real server, and behind a router on the way no director passes it on. */
#define SIGNATURE_TTL 2

static void
arp(const struct audit *audit, enum arp_operation operation, const struct mac *destination,
    struct frame *frame)
{
	*frame = (struct frame){
	    .kind = FRAME_ARP,
	    .source = audit->segment.mac,
	    .destination = *destination,
	    .vlan = audit->cluster->vlan,
	    .arp = {.operation = (uint16_t)operation, .sha = audit->segment.mac},
	};
}

void
probe_who_has(const struct audit *audit, const struct address *target,
    const struct mac *destination, const struct address *spa, struct frame *frame)
{
	arp(audit, ARP_REQUEST, destination, frame);
	frame->arp.spa = *spa;
	frame->arp.tpa = *target;
}

void
probe_answer(const struct audit *audit, const struct address *address, const struct mac *mac,
    const struct address *tpa, struct frame *frame)
{
	assert(decoy_find(audit, address) != NONE || address_equal(address, &audit->source));
	arp(audit, ARP_REPLY, mac, frame);
	frame->arp.spa = *address;
	frame->arp.tha = *mac;
	frame->arp.tpa = *tpa;
}

static void
ip(const struct audit *audit, const struct mac *mac, const struct address *source, uint32_t vip,
    struct frame *frame)
{
	*frame = (struct frame){
	    .source = audit->segment.mac,
	    .destination = *mac,
	    .vlan = audit->cluster->vlan,
	    .ip = {.source = *source, .destination = audit->vips[vip].address, .ttl = ELICIT_TTL},
	};
}

/* TCP and UDP are never tried at a port that might take what nobody asked it to. The last echo is
 * for a lost first one. */
static const enum elicit_method methods[] = {
    ELICIT_ECHO, ELICIT_TCP_SERVICE, ELICIT_TCP_CLOSED, ELICIT_UDP, ELICIT_ECHO};

uint8_t
probe_method_count(const struct audit *audit, uint32_t vip)
{
	return (uint8_t)(sizeof(methods) / sizeof(methods[0]) -
			 (vip_has_tcp_port(&audit->vips[vip]) ? 0 : 1));
}

enum elicit_method
probe_method(const struct audit *audit, uint32_t vip, uint8_t number)
{
	assert(number < probe_method_count(audit, vip));
	if (!vip_has_tcp_port(&audit->vips[vip]) && number >= ELICIT_TCP_SERVICE)
		number++;
	return methods[number];
}

struct address
probe_spa(const struct audit *audit, enum spa_kind kind)
{
	switch (kind) {
	case SPA_SOURCE:
		return audit->source;
	case SPA_OUTSIDE:
		return audit->outside;
	case SPA_UNSPECIFIED:
		break;
	}
	return address_unspecified(ADDRESS_IPV4);
}

bool
probe_was_asked(const struct audit *audit, enum spa_kind kind, const struct address *tpa)
{
	const struct address spa = probe_spa(audit, kind);

	return address_is_set(&spa) && address_equal(&spa, tpa);
}

/* Of the attempt's number alone, so that the RST that follows can be built without state. */
static uint32_t
initial_sequence(const struct audit *audit, uint16_t number)
{
	return (uint32_t)number << 16 | audit->segment.elicit_port;
}

static void
tcp(const struct audit *audit, uint16_t port, uint32_t sequence, uint8_t flags, struct frame *frame)
{
	frame->kind = FRAME_TCP;
	frame->ip.tcp.source_port = audit->segment.elicit_port;
	frame->ip.tcp.destination_port = port;
	frame->ip.tcp.sequence = sequence;
	frame->ip.tcp.flags = flags;
}

void
probe_elicit(const struct audit *audit, enum elicit_method method, const struct mac *mac,
    const struct address *source, uint32_t vip, uint16_t number, struct frame *frame)
{
	ip(audit, mac, source, vip, frame);
	switch (method) {
	case ELICIT_ECHO:
		frame->kind = FRAME_ECHO_REQUEST;
		frame->ip.echo.identifier = audit->segment.elicit_port;
		frame->ip.echo.sequence = number;
		break;
	case ELICIT_TCP_SERVICE:
		tcp(audit, audit->vips[vip].port, initial_sequence(audit, number), TCP_SYN, frame);
		break;
	case ELICIT_TCP_CLOSED:
		tcp(audit, audit->segment.elicit_port, initial_sequence(audit, number), TCP_SYN,
		    frame);
		break;
	case ELICIT_UDP:
		frame->kind = FRAME_UDP;
		frame->ip.udp.source_port = audit->segment.elicit_port;
		frame->ip.udp.destination_port = audit->segment.elicit_port;
		break;
	case ELICIT_METHODS:
		assert(false);
	}
}

void
probe_reset(const struct audit *audit, enum elicit_method method, const struct mac *mac,
    const struct address *source, uint32_t vip, uint16_t number, struct frame *frame)
{
	const uint16_t port =
	    method == ELICIT_TCP_SERVICE ? audit->vips[vip].port : audit->segment.elicit_port;

	ip(audit, mac, source, vip, frame);
	/* RFC 9293 section 3.10.7.4: a RST counts only at the sequence number that comes next. */
	tcp(audit, port, initial_sequence(audit, number) + 1, TCP_RST, frame);
}

uint32_t
probe_signature_sequence(const struct audit *audit, const struct signature *signature)
{
	return initial_sequence(audit, signature->number);
}

void
probe_signature(const struct audit *audit, uint32_t vip, const struct claimant *owner,
    uint8_t flags, struct frame *frame)
{
	const uint32_t sequence = probe_signature_sequence(audit, &owner->signature);

	ip(audit, &owner->mac, &audit->source, vip, frame);
	frame->ip.ttl = SIGNATURE_TTL;
	tcp(audit, audit->vips[vip].port, flags == TCP_RST ? sequence + 1 : sequence, flags, frame);
	frame->ip.tcp.source_port = owner->signature.port;
}
