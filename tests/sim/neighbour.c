/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The neighbour cache of net/core/neighbour.c. An unknown neighbour gets three broadcast requests,
 * a second apart, then the entry fails. A stale entry is used at once. Five seconds later, three
 * unicast requests check it, with no packet waiting for them.
 */
#include <string.h>

#include "node.h"

#define RETRANSMIT_US UINT64_C(1000000)
#define DELAY_US      UINT64_C(5000000)
#define REACHABLE_US  UINT64_C(30000000)
#define SOLICITS      3 /* mcast_solicit and ucast_solicit */

struct neighbour *
neighbour_find(struct node *node, uint32_t address)
{
	for (uint32_t i = 0; i < NODE_NEIGHBOURS; i++)
		if (node->neighbours[i].state != NEIGHBOUR_NONE &&
		    node->neighbours[i].address == address)
			return &node->neighbours[i];
	return NULL;
}

/* A new entry replaces the least recently used one. */
static struct neighbour *
create(struct node *node, uint32_t address)
{
	struct neighbour *oldest = &node->neighbours[0];

	for (uint32_t i = 1; i < NODE_NEIGHBOURS; i++)
		if (node->neighbours[i].used_us < oldest->used_us)
			oldest = &node->neighbours[i];
	*oldest = (struct neighbour){
	    .address = address,
	    .generation = oldest->generation + 1,
	    .used_us = node->segment->now_us,
	};
	return oldest;
}

static void
set_timer(struct node *node, struct neighbour *entry, uint64_t after_us)
{
	segment_set_timer(node->segment, node->segment->now_us + after_us, EVENT_NEIGHBOUR,
	    node->port, (uint32_t)(entry - node->neighbours), ++entry->generation, NULL);
}

void
neighbour_set(
    struct node *node, uint32_t address, const struct mac *mac, enum neighbour_state state)
{
	struct neighbour *entry = neighbour_find(node, address);

	if (entry == NULL)
		entry = create(node, address);
	entry->mac = *mac;
	entry->state = (uint8_t)state;
}

/* neigh_event_send(): the first use of a stale entry. */
static void
check_later(struct node *node, struct neighbour *entry)
{
	entry->state = NEIGHBOUR_DELAY;
	entry->updated_us = node->segment->now_us;
	set_timer(node, entry, DELAY_US);
}

static void
flush(struct node *node, struct neighbour *entry)
{
	const uint8_t count = entry->pending_count;

	if (count > 0 && entry->state == NEIGHBOUR_STALE)
		check_later(node, entry);
	entry->pending_count = 0;
	for (uint8_t i = 0; i < count; i++) {
		entry->pending[i].destination = entry->mac;
		segment_transmit(node->segment, node->port, &entry->pending[i]);
	}
}

static bool
has_mac(const struct neighbour *entry)
{
	return entry->state >= NEIGHBOUR_REACHABLE && entry->state <= NEIGHBOUR_PROBE;
}

void
neighbour_learn(struct node *node, uint32_t address, const struct mac *mac,
    enum neighbour_state state, bool override)
{
	struct neighbour *entry = neighbour_find(node, address);

	if (entry == NULL)
		entry = create(node, address);
	const bool other = !has_mac(entry) || !mac_equal(&entry->mac, mac);

	if (other && has_mac(entry) && !override)
		return;
	if (state == NEIGHBOUR_REACHABLE)
		entry->confirmed_us = node->segment->now_us;
	/* A frame that only confirms the entry changes nothing and does not restart locktime. */
	if (!other && (state == NEIGHBOUR_STALE || state == entry->state))
		return;
	entry->mac = *mac;
	entry->state = (uint8_t)state;
	entry->generation++;
	entry->updated_us = entry->used_us = node->segment->now_us;
	flush(node, entry);
}

/* neigh_probe(): the last waiting packet decides the SPA. */
static void
solicit(struct node *node, struct neighbour *entry)
{
	const uint32_t source =
	    entry->pending_count == 0
		? 0
		: address_ipv4_number(&entry->pending[entry->pending_count - 1].ip.source);

	entry->probes++;
	node_ask(node, entry->address, node_solicits_as(node, entry->address, source),
	    entry->state == NEIGHBOUR_PROBE ? &entry->mac : NULL);
}

static void
wait_for_mac(struct node *node, struct neighbour *entry, const struct frame *frame)
{
	if (entry->pending_count == PENDING_MAX)
		memmove(&entry->pending[0], &entry->pending[1],
		    --entry->pending_count * sizeof(entry->pending[0]));
	entry->pending[entry->pending_count++] = *frame;
	if (entry->state == NEIGHBOUR_INCOMPLETE)
		return;
	entry->state = NEIGHBOUR_INCOMPLETE;
	entry->probes = 0;
	solicit(node, entry);
	set_timer(node, entry, RETRANSMIT_US);
}

void
neighbour_send(struct node *node, uint32_t target, const struct frame *frame)
{
	struct neighbour *entry = neighbour_find(node, target);
	struct frame sent = *frame;

	if (entry == NULL)
		entry = create(node, target);
	entry->used_us = node->segment->now_us;
	if (!has_mac(entry)) {
		wait_for_mac(node, entry, frame);
		return;
	}
	if (entry->state == NEIGHBOUR_STALE ||
	    (entry->state == NEIGHBOUR_REACHABLE &&
		entry->confirmed_us + REACHABLE_US < node->segment->now_us))
		check_later(node, entry);
	sent.destination = entry->mac;
	segment_transmit(node->segment, node->port, &sent);
}

void
neighbour_timer(struct node *node, const struct event *event)
{
	struct neighbour *entry = &node->neighbours[event->argument];

	if (entry->generation != event->generation)
		return;
	if (entry->state == NEIGHBOUR_DELAY) {
		entry->state = NEIGHBOUR_PROBE;
		entry->updated_us = node->segment->now_us;
		entry->probes = 0;
	}
	if (entry->probes == SOLICITS) {
		entry->state = NEIGHBOUR_FAILED;
		entry->pending_count = 0;
		entry->updated_us = node->segment->now_us;
		return;
	}
	solicit(node, entry);
	set_timer(node, entry, RETRANSMIT_US);
}
