/* SPDX-License-Identifier: BSD-2-Clause */
#include "node.h"

#include <assert.h>

void
node_init(struct node *node, struct segment *segment, const struct mac *mac)
{
	*node =
	    (struct node){.segment = segment, .port = segment_add_port(segment, mac), .mac = *mac};
}

/* __inet_insert_ifa(): of a subnet that the interface has already, it is a secondary address. */
static bool
is_secondary(const struct node *node, const struct node_address *added)
{
	for (uint32_t i = 0; i < node->address_count; i++) {
		const struct node_address *of = &node->addresses[i];

		if (of->interface == added->interface && of->length == added->length &&
		    (of->length == 0 || (of->address ^ added->address) >> (32 - of->length) == 0))
			return true;
	}
	return false;
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
	added.secondary = is_secondary(node, &added);
	node->addresses[node->address_count++] = added;
}

void
node_remove_address(struct node *node, uint32_t address)
{
	for (uint32_t i = 0; i < node->address_count; i++)
		if (node->addresses[i].address == address)
			node->addresses[i--] = node->addresses[--node->address_count];
}

static void
receive(struct node *node, const struct frame *frame)
{
	if (!mac_is_multicast(&frame->destination) && !mac_equal(&frame->destination, &node->mac))
		return;
	if (frame->kind == FRAME_ARP)
		node_receive_arp(node, frame);
	else if (frame->kind != FRAME_OTHER && frame->kind != FRAME_VRRP &&
		 !mac_is_multicast(&frame->destination))
		node_receive_ip(node, frame);
}

void
node_event(struct node *node, const struct event *event)
{
	switch (event->kind) {
	case EVENT_FRAME:
		receive(node, &event->frame);
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
