/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's ARP rules, from net/ipv4/arp.c and net/ipv4/devinet.c.
 */
#include <assert.h>

#include "node.h"

#define PROXY_DELAY_US 800000 /* net.ipv4.neigh.*.proxy_delay */
#define LOCKTIME_US    1000000

static bool
matches(uint32_t address, const struct node_address *of)
{
	return of->length == 0 || (address ^ of->address) >> (32 - of->length) == 0;
}

bool
node_is_local(const struct node *node, uint32_t address)
{
	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].address == address)
			return true;
	return false;
}

/* Routing takes the longest prefix: a subnet of eth0, or a route elsewhere. Two prefixes are never
 * equal, since the kernel refuses the second one. */
static bool
is_proxied(const struct node *node, uint32_t address)
{
	uint8_t onlink = 0;
	bool proxied = false;

	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].interface == ON_ETH0 &&
		    matches(address, &node->addresses[i]) && node->addresses[i].length > onlink)
			onlink = node->addresses[i].length;
	for (uint32_t i = 0; i < node->proxied_count; i++) {
		const struct subnet *subnet = &node->proxied[i];

		proxied = proxied || (subnet->length > onlink &&
					 (address ^ subnet->address) >> (32 - subnet->length) == 0);
	}
	return proxied;
}

bool
node_is_onlink(const struct node *node, uint32_t address)
{
	if (is_proxied(node, address))
		return false;
	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].interface == ON_ETH0 &&
		    matches(address, &node->addresses[i]))
			return true;
	return false;
}

bool
node_has_route(const struct node *node, uint32_t address)
{
	return is_proxied(node, address) || node_is_onlink(node, address);
}

/* confirm_addr_indev() with a given `local`. `peer` 0 matches any. */
static bool
is_confirmed_on(const struct node *node, enum node_interface interface, uint32_t peer,
    uint32_t local, enum scope scope)
{
	bool found = false;
	bool same_subnet = false;

	for (uint32_t i = 0; i < node->address_count && !(found && same_subnet); i++) {
		const struct node_address *of = &node->addresses[i];

		if (of->interface != interface)
			continue;
		found = found || (of->address == local && of->scope <= scope);
		same_subnet =
		    same_subnet || (matches(local, of) && (peer == 0 || matches(peer, of)));
	}
	return found && same_subnet;
}

/* arp_ignore() */
static bool
is_ignored(const struct node *node, uint32_t spa, uint32_t tpa)
{
	switch (node->arp_ignore) {
	case 1:
		return !is_confirmed_on(node, ON_ETH0, 0, tpa, SCOPE_HOST);
	case 2:
		return !is_confirmed_on(node, ON_ETH0, spa, tpa, SCOPE_HOST);
	case 3:
		for (enum node_interface on = ON_ETH0; on <= ON_DUMMY0; on++)
			if (is_confirmed_on(node, on, 0, tpa, SCOPE_LINK))
				return false;
		return true;
	case 8:
		return true;
	default:
		return false;
	}
}

enum answer
node_answers(const struct node *node, uint32_t spa, uint32_t tpa)
{
	const bool local = node_is_local(node, tpa);

	/* Duplicate address detection (SPA 0.0.0.0) gets an answer for local addresses, never by
	 * proxy. A sender with one of the host's own addresses is a martian source and fails the
	 * routing. */
	if (spa == 0)
		return local && !is_ignored(node, 0, tpa) ? ANSWER_OWN : ANSWER_NONE;
	if (node_is_local(node, spa))
		return ANSWER_NONE;
	if (local)
		return is_ignored(node, spa, tpa) ? ANSWER_NONE : ANSWER_OWN;
	return is_proxied(node, tpa) ? ANSWER_PROXIED : ANSWER_NONE;
}

/* inet_addr_onlink() */
static bool
is_same_link(const struct node *node, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < node->address_count; i++) {
		const struct node_address *of = &node->addresses[i];

		if (of->interface == ON_ETH0 && matches(a, of) && matches(b, of))
			return true;
	}
	return false;
}

/* inet_select_addr() for eth0, RT_SCOPE_LINK */
uint32_t
node_source_for(const struct node *node, uint32_t target)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < node->address_count; i++) {
		const struct node_address *of = &node->addresses[i];

		if (of->interface != ON_ETH0 || of->scope > SCOPE_LINK)
			continue;
		if (matches(target, of))
			return of->address;
		if (first == 0)
			first = of->address;
	}
	return first;
}

uint32_t
node_solicits_as(const struct node *node, uint32_t target, uint32_t source)
{
	if (source != 0 && node_is_local(node, source) &&
	    (node->arp_announce == 0 ||
		(node->arp_announce == 1 && is_same_link(node, target, source))))
		return source;
	return node_source_for(node, target);
}

static struct frame
arp_frame(const struct mac *by, enum arp_operation operation, const struct mac *destination)
{
	return (struct frame){.kind = FRAME_ARP,
	    .source = *by,
	    .destination = *destination,
	    .arp = {.operation = (uint16_t)operation, .sha = *by}};
}

static void
answer_by(struct node *node, const struct mac *by, const struct frame *asked)
{
	struct frame reply = arp_frame(by, ARP_REPLY, &asked->arp.sha);
	struct quirks *quirks = &node->quirks;

	if (quirks->gap_us > 0 && quirks->answered_us != 0 &&
	    node->segment->now_us < quirks->answered_us + quirks->gap_us)
		return;
	quirks->answered_us = node->segment->now_us;
	reply.arp.spa = asked->arp.tpa;
	reply.arp.tpa = asked->arp.spa;
	reply.arp.tha = asked->arp.sha;
	segment_transmit(node->segment, node->port, &reply);
}

void
node_answer_arp(struct node *node, const struct frame *asked)
{
	answer_by(node, &node->mac, asked);
}

static void
ask_by(
    struct node *node, const struct mac *by, uint32_t target, uint32_t spa, const struct mac *known)
{
	struct frame request = arp_frame(by, ARP_REQUEST, known == NULL ? &mac_broadcast : known);

	request.arp.spa = address_ipv4(spa);
	request.arp.tpa = address_ipv4(target);
	segment_transmit(node->segment, node->port, &request);
}

void
node_ask(struct node *node, uint32_t target, uint32_t spa, const struct mac *known)
{
	ask_by(node, &node->mac, target, spa, known);
}

static bool
is_virtual(const struct node *node, uint32_t address)
{
	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].interface == ON_VIRTUAL &&
		    (address == 0 || node->addresses[i].address == address))
			return true;
	return false;
}

bool
node_has_virtual(const struct node *node)
{
	return is_virtual(node, 0);
}

void
node_announce(struct node *node, uint32_t address)
{
	ask_by(node, is_virtual(node, address) ? &node->virtual_mac : &node->mac, address, address,
	    NULL);
}

void
node_receive_virtual_arp(struct node *node, const struct frame *frame)
{
	const uint32_t spa = address_ipv4_number(&frame->arp.spa);
	const uint32_t tpa = address_ipv4_number(&frame->arp.tpa);

	if (frame->arp.operation == ARP_REQUEST && tpa != 0 && is_virtual(node, tpa) &&
	    !node_is_local(node, spa))
		answer_by(node, &node->virtual_mac, frame);
}

/* The end of arp_process(): updates an existing entry. */
static void
update_neighbour(struct node *node, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	const uint32_t spa = address_ipv4_number(&arp->spa);
	const struct neighbour *entry = neighbour_find(node, spa);
	const bool gratuitous = address_equal(&arp->spa, &arp->tpa) &&
				(arp->operation == ARP_REQUEST || mac_equal(&arp->tha, &arp->sha));

	if (entry == NULL || spa == 0)
		return;
	neighbour_learn(node, spa, &arp->sha,
	    arp->operation == ARP_REPLY && !mac_is_multicast(&frame->destination)
		? NEIGHBOUR_REACHABLE
		: NEIGHBOUR_STALE,
	    gratuitous || node->segment->now_us > entry->updated_us + LOCKTIME_US);
}

void
node_receive_arp(struct node *node, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	const uint32_t spa = address_ipv4_number(&arp->spa);
	const uint32_t tpa = address_ipv4_number(&arp->tpa);
	const bool request = arp->operation == ARP_REQUEST;
	const enum answer answer = request ? node_answers(node, spa, tpa) : ANSWER_NONE;

	if (arp->operation != ARP_REQUEST && arp->operation != ARP_REPLY)
		return;
	/* neigh_event_ns(): a sender whose question is answered gets an entry. */
	if (answer != ANSWER_NONE && spa != 0)
		neighbour_learn(node, spa, &arp->sha, NEIGHBOUR_STALE, true);
	if (answer == ANSWER_PROXIED && mac_is_multicast(&frame->destination) &&
	    !node->proxies_at_once)
		segment_set_timer(node->segment,
		    node->segment->now_us + segment_between(node->segment, 0, PROXY_DELAY_US),
		    EVENT_PROXY, node->port, 0, 0, frame);
	else if (answer != ANSWER_NONE)
		node_answer_arp(node, frame);
	/* An unanswered question for a local address updates no entry. */
	else if (!(request &&
		     (spa == 0 || (node_is_local(node, tpa) && !node_is_local(node, spa)))))
		update_neighbour(node, frame);
}
