/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/probe.h"

#include <assert.h>

/* An eliciting packet must not be forwarded. Otherwise a host without the VIP might pass it to one
 * that holds the VIP, or return the answer in its own name. Local delivery ignores the TTL (in
 * Linux only ip_forward() checks it). A SYN to the VIP's port gets a further hop once the host
 * said that it ran out of hops (check/service.c). */
#define ELICIT_TTL 1
/* The SYN for the DR signature must be forwarded exactly once. IPVS decrements the TTL as a router
 * does, and drops packets with a TTL of 1 (decrement_ttl() in ip_vs_xmit.c). So the SYN reaches a
 * real server, but no director passes on a SYN that a router has forwarded before. */
#define SIGNATURE_TTL 2
/* An echo request by way of a router must be forwarded once, by the router: whoever gets it next
 * answers it or drops it. A SYN must be forwarded twice, as the director passes it on, too. */
#define CROSS_ECHO_TTL 2
#define CROSS_SYN_TTL  3

static void
arp(const struct probe *probe, enum arp_operation operation, const struct mac *destination,
    struct frame *frame)
{
	*frame = (struct frame){
	    .kind = FRAME_ARP,
	    .source = probe->mac,
	    .destination = *destination,
	    .vlan = probe->vlan,
	    .arp = {.operation = (uint16_t)operation, .sha = probe->mac},
	};
}

void
probe_who_has(const struct probe *probe, const struct address *target,
    const struct mac *destination, const struct address *spa, struct frame *frame)
{
	arp(probe, ARP_REQUEST, destination, frame);
	frame->arp.spa = *spa;
	frame->arp.tpa = *target;
}

void
probe_announce(const struct probe *probe, const struct address *address, const struct mac *mac,
    struct frame *frame)
{
	arp(probe, ARP_REQUEST, mac, frame);
	frame->arp.spa = frame->arp.tpa = *address;
}

void
probe_answer(const struct probe *probe, const struct address *address, const struct mac *mac,
    const struct address *tpa, struct frame *frame)
{
	arp(probe, ARP_REPLY, mac, frame);
	frame->arp.spa = *address;
	frame->arp.tha = *mac;
	frame->arp.tpa = *tpa;
}

/* TCP and UDP never go to a port where a service might accept unexpected data. The second echo
 * makes up for a lost first one. */
static const enum elicit_method methods[] = {
    ELICIT_ECHO, ELICIT_TCP_SERVICE, ELICIT_TCP_CLOSED, ELICIT_UDP, ELICIT_ECHO};

uint8_t
probe_method_count(bool serves)
{
	return (uint8_t)(sizeof(methods) / sizeof(methods[0]) - (serves ? 0 : 1));
}

enum elicit_method
probe_method(bool serves, uint8_t number)
{
	assert(number < probe_method_count(serves));
	if (!serves && number >= ELICIT_TCP_SERVICE)
		number++;
	return methods[number];
}

struct address
probe_spa(const struct probe *probe, enum spa_kind kind)
{
	return kind == SPA_SOURCE ? probe->source : address_unspecified(ADDRESS_IPV4);
}

bool
probe_was_asked(const struct probe *probe, enum spa_kind kind, const struct address *tpa)
{
	const struct address spa = probe_spa(probe, kind);

	return address_is_set(&spa) && address_equal(&spa, tpa);
}

/* Depends only on the packet's number, so the RST can be built later without state. */
uint32_t
probe_sequence(const struct probe *probe, uint16_t number)
{
	return (uint32_t)number << 16 | probe->elicit_port;
}

bool
probe_is_acknowledged(const struct probe *probe, uint32_t acknowledgement)
{
	return (uint16_t)(acknowledgement - 1) == probe->elicit_port;
}

static void
ip(const struct probe *probe, const struct elicitation *elicitation, uint8_t ttl,
    struct frame *frame)
{
	*frame = (struct frame){
	    .source = probe->mac,
	    .destination = elicitation->mac,
	    .vlan = probe->vlan,
	    .ip = {.source = elicitation->source,
		.destination = elicitation->vip,
		.ttl = ttl,
		.ds = PROBE_DS},
	};
}

/* RFC 9293, section 3.10.7.4: a receiver accepts a RST only with the next expected sequence
 * number. */
static void
tcp(const struct probe *probe, const struct elicitation *elicitation, uint8_t flags,
    struct frame *frame)
{
	const uint32_t sequence = probe_sequence(probe, elicitation->number);

	frame->kind = FRAME_TCP;
	frame->ip.tcp.source_port = probe->elicit_port;
	frame->ip.tcp.destination_port =
	    elicitation->method == ELICIT_TCP_SERVICE ? elicitation->port : probe->elicit_port;
	frame->ip.tcp.sequence = flags == TCP_RST ? sequence + 1 : sequence;
	frame->ip.tcp.flags = flags;
}

void
probe_elicit(const struct probe *probe, const struct elicitation *elicitation, struct frame *frame)
{
	ip(probe, elicitation, ELICIT_TTL + elicitation->hops, frame);
	switch (elicitation->method) {
	case ELICIT_ECHO:
		frame->kind = FRAME_ECHO_REQUEST;
		frame->ip.echo.identifier = probe->elicit_port;
		frame->ip.echo.sequence = elicitation->number;
		break;
	case ELICIT_TCP_SERVICE:
	case ELICIT_TCP_CLOSED:
		tcp(probe, elicitation, TCP_SYN, frame);
		break;
	case ELICIT_UDP:
		frame->kind = FRAME_UDP;
		frame->ip.udp.source_port = probe->elicit_port;
		frame->ip.udp.destination_port = probe->elicit_port;
		break;
	case ELICIT_METHODS:
		assert(false);
	}
}

void
probe_reset(const struct probe *probe, const struct elicitation *elicitation, struct frame *frame)
{
	ip(probe, elicitation, ELICIT_TTL + elicitation->hops, frame);
	tcp(probe, elicitation, TCP_RST, frame);
}

void
probe_signature(const struct probe *probe, const struct elicitation *elicitation,
    uint16_t source_port, uint8_t flags, struct frame *frame)
{
	ip(probe, elicitation, SIGNATURE_TTL, frame);
	tcp(probe, elicitation, flags, frame);
	frame->ip.tcp.source_port = source_port;
}

void
probe_cross(const struct probe *probe, const struct elicitation *elicitation, uint16_t source_port,
    bool forwarded, struct frame *frame)
{
	probe_elicit(probe, elicitation, frame);
	if (elicitation->method == ELICIT_TCP_SERVICE) {
		frame->ip.ttl = CROSS_SYN_TTL;
		frame->ip.tcp.source_port = source_port;
	} else {
		frame->ip.ttl = CROSS_ECHO_TTL - (forwarded ? 1 : 0);
	}
}

void
probe_cross_reset(const struct probe *probe, const struct elicitation *elicitation,
    uint16_t source_port, struct frame *frame)
{
	probe_reset(probe, elicitation, frame);
	frame->ip.ttl = CROSS_SYN_TTL;
	frame->ip.tcp.source_port = source_port;
}
