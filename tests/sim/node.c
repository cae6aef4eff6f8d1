/* SPDX-License-Identifier: BSD-2-Clause */
#include "node.h"

#include <assert.h>
#include <string.h>

void
node_init(struct node *node, struct segment *segment, const struct mac *mac)
{
	*node =
	    (struct node){.segment = segment, .port = segment_add_port(segment, mac), .mac = *mac};
}

/* __inet_insert_ifa(): a new address goes behind the last one of its own or a narrower scope. The
 * kernel also puts secondary addresses at the end. That makes no difference here, since their
 * subnet is never the first choice. */
static uint32_t
place_of(const struct node *node, const struct node_address *added)
{
	uint32_t place = 0;

	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].interface == added->interface &&
		    added->scope <= node->addresses[i].scope)
			place = i + 1;
	return place;
}

void
node_add_address(struct node *node, uint32_t address, uint8_t length, enum node_interface interface,
    enum scope scope)
{
	struct node_address added = {.address = address,
	    .length = length,
	    .interface = (uint8_t)interface,
	    .scope = (uint8_t)scope};

	assert(node->address_count < NODE_ADDRESSES);
	const uint32_t place = place_of(node, &added);

	memmove(&node->addresses[place + 1], &node->addresses[place],
	    (node->address_count++ - place) * sizeof(added));
	node->addresses[place] = added;
}

void
node_remove_address(struct node *node, uint32_t address)
{
	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].address == address)
			node->addresses[i--] = node->addresses[--node->address_count];
}

static void
receive_arp(struct node *node, const struct frame *frame, bool own, bool virtual)
{
	if (node->quirks.drops_group_sha && mac_is_multicast(&frame->arp.sha))
		return;
	if (virtual)
		node_receive_virtual_arp(node, frame);
	if (own)
		node_receive_arp(node, frame);
}

static void
receive(struct node *node, const struct frame *frame, bool late)
{
	const bool multicast = mac_is_multicast(&frame->destination);
	const bool own = multicast || mac_equal(&frame->destination, &node->mac);
	const bool virtual = node_has_virtual(node) &&
			     (multicast || mac_equal(&frame->destination, &node->virtual_mac));

	if (!own && !virtual)
		return;
	if (frame->kind == FRAME_ARP && node->quirks.slow_us > 0 && !late)
		segment_set_timer(node->segment, node->segment->now_us + node->quirks.slow_us,
		    EVENT_SLOW, node->port, 0, 0, frame);
	else if (frame->kind == FRAME_ARP)
		receive_arp(node, frame, own, virtual);
	else if (frame->kind != FRAME_OTHER && frame->kind != FRAME_VRRP &&
		 !mac_is_multicast(&frame->destination))
		node_receive_ip(node->quirks.first != NULL ? node->quirks.first : node, frame);
}

void
node_event(struct node *node, const struct event *event)
{
	switch (event->kind) {
	case EVENT_FRAME:
	case EVENT_SLOW:
		receive(node, &event->frame, event->kind == EVENT_SLOW);
		break;
	case EVENT_NEIGHBOUR:
		neighbour_timer(node, event);
		break;
	case EVENT_PROXY:
		node_answer_arp(node, &event->frame);
		break;
	case EVENT_SYN_ACK:
		node_syn_ack_timer(node, event);
		break;
	default:
		assert(false);
	}
}
