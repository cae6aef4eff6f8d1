/* SPDX-License-Identifier: BSD-2-Clause */
#include "segment.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define FNV_PRIME UINT64_C(1099511628211)

static void *
grown(void *memory, uint32_t capacity, size_t size)
{
	void *more = realloc(memory, capacity * size);

	if (more == NULL)
		abort(); /* a test can do nothing better */
	return more;
}

void
segment_init(struct segment *segment, uint64_t seed, uint64_t now_us)
{
	*segment = (struct segment){
	    .now_us = now_us, .random.state = seed, .digest = UINT64_C(14695981039346656037)};
}

void
segment_free(struct segment *segment)
{
	free(segment->ports);
	free(segment->events);
	free(segment->heap);
	free(segment->unused);
}

uint32_t
segment_add_port(struct segment *segment, const struct mac *mac)
{
	if (segment->port_count == segment->port_capacity) {
		segment->port_capacity =
		    segment->port_capacity == 0 ? 16 : 2 * segment->port_capacity;
		segment->ports =
		    grown(segment->ports, segment->port_capacity, sizeof(*segment->ports));
	}
	segment->ports[segment->port_count] = (struct port){.mac = *mac};
	return segment->port_count++;
}

bool
segment_chance(struct segment *segment, uint32_t per_million)
{
	return per_million > 0 && random_below(&segment->random, PER_MILLION) < per_million;
}

uint32_t
segment_between(struct segment *segment, uint32_t first, uint32_t last)
{
	assert(first <= last);
	return first + random_below(&segment->random, last - first + 1);
}

/* ---- The event queue: a binary heap ---------------------------------------------------------- */

static bool
is_before(const struct segment *segment, uint32_t a, uint32_t b)
{
	const struct event *first = &segment->events[segment->heap[a]];
	const struct event *second = &segment->events[segment->heap[b]];

	return first->time_us != second->time_us ? first->time_us < second->time_us
						 : first->number < second->number;
}

static void
exchange(struct segment *segment, uint32_t a, uint32_t b)
{
	const uint32_t slot = segment->heap[a];

	segment->heap[a] = segment->heap[b];
	segment->heap[b] = slot;
}

static void
grow(struct segment *segment)
{
	const uint32_t old = segment->event_capacity;

	segment->event_capacity = old == 0 ? 256 : 2 * old;
	segment->events = grown(segment->events, segment->event_capacity, sizeof(*segment->events));
	segment->heap = grown(segment->heap, segment->event_capacity, sizeof(*segment->heap));
	segment->unused = grown(segment->unused, segment->event_capacity, sizeof(*segment->unused));
	/* The unused slots are a stack at the end of the heap's array. */
	for (uint32_t i = old; i < segment->event_capacity; i++)
		segment->unused[i - old] = i;
}

static void
insert(struct segment *segment, const struct event *event)
{
	if (segment->event_count == segment->event_capacity)
		grow(segment);
	const uint32_t free_count = segment->event_capacity - segment->event_count;
	const uint32_t slot = segment->unused[free_count - 1];
	uint32_t at = segment->event_count++;

	segment->events[slot] = *event;
	segment->events[slot].number = segment->event_number++;
	segment->heap[at] = slot;
	for (; at > 0 && is_before(segment, at, (at - 1) / 2); at = (at - 1) / 2)
		exchange(segment, at, (at - 1) / 2);
}

static void
sink(struct segment *segment)
{
	uint32_t at = 0;

	for (;;) {
		uint32_t least = at;

		for (uint32_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < segment->event_count && is_before(segment, child, least))
				least = child;
		if (least == at)
			return;
		exchange(segment, at, least);
		at = least;
	}
}

static void
take(struct segment *segment, struct event *event)
{
	const uint32_t slot = segment->heap[0];

	*event = segment->events[slot];
	segment->heap[0] = segment->heap[--segment->event_count];
	segment->unused[segment->event_capacity - segment->event_count - 1] = slot;
	sink(segment);
}

void
segment_set_timer(struct segment *segment, uint64_t due_us, enum event_kind kind, uint32_t port,
    uint32_t argument, uint32_t generation, const struct frame *frame)
{
	struct event event = {.time_us = due_us,
	    .kind = kind,
	    .port = port,
	    .argument = argument,
	    .generation = generation};

	if (frame != NULL)
		event.frame = *frame;
	insert(segment, &event);
}

uint64_t
segment_next_us(const struct segment *segment)
{
	return segment->event_count == 0 ? UINT64_MAX : segment->events[segment->heap[0]].time_us;
}

/* ---- The ports ------------------------------------------------------------------------------- */

/* A Gilbert-Elliott channel: the times with and without a burst both end at random. */
static uint64_t
exponential_us(struct segment *segment, uint32_t mean_us)
{
	const double uniform = (random_below(&segment->random, PER_MILLION) + 1.0) / PER_MILLION;

	return (uint64_t)(-log(uniform) * mean_us) + 1;
}

static bool
is_bursting(struct segment *segment, struct port *port, enum direction direction)
{
	const struct faults *faults = &port->faults[direction];

	if (faults->burst_gap_us == 0)
		return false;
	if (port->until_us[direction] == 0)
		port->until_us[direction] =
		    segment->now_us + exponential_us(segment, faults->burst_gap_us);
	while (port->until_us[direction] <= segment->now_us) {
		port->bursting[direction] = !port->bursting[direction];
		port->until_us[direction] += exponential_us(
		    segment, port->bursting[direction] ? faults->burst_us : faults->burst_gap_us);
	}
	return port->bursting[direction];
}

static bool
is_lost(
    struct segment *segment, struct port *port, enum direction direction, const struct frame *frame)
{
	const struct faults *faults = &port->faults[direction];

	if (port->down)
		return true;
	if (is_bursting(segment, port, direction) && segment_chance(segment, faults->burst_loss))
		return true;
	return segment_chance(segment,
	    mac_is_multicast(&frame->destination) ? faults->loss_broadcast : faults->loss_unicast);
}

/* Sends one copy of a frame through a port. */
static void
pass(struct segment *segment, uint32_t index, enum direction direction, const struct frame *frame)
{
	struct port *port = &segment->ports[index];
	const struct faults *faults = &port->faults[direction];
	uint64_t due_us = segment->now_us + faults->delay_us;

	if (faults->jitter_us > 0)
		due_us += random_below(&segment->random, faults->jitter_us);
	if (segment_chance(segment, faults->reorder)) {
		due_us += random_below(&segment->random, faults->reorder_us + 1);
	} else {
		if (due_us < port->last_us[direction])
			due_us = port->last_us[direction];
		port->last_us[direction] = due_us;
	}
	segment_set_timer(segment, due_us, direction == FROM_NODE ? EVENT_SWITCH : EVENT_FRAME,
	    index, 0, 0, frame);
}

static void
cross(struct segment *segment, uint32_t index, enum direction direction, const struct frame *frame)
{
	struct port *port = &segment->ports[index];

	if (is_lost(segment, port, direction, frame))
		return;
	pass(segment, index, direction, frame);
	if (segment_chance(segment, port->faults[direction].duplicate))
		pass(segment, index, direction, frame);
}

/* A switch that limits ARP counts what comes into the port, in any second. */
static void
count_arp(struct segment *segment, struct port *port)
{
	uint32_t count = 1;

	while (count <= port->arp_count && count < ARP_RING &&
	       port->arp_us[(port->arp_count - count) % ARP_RING] + 1000000 > segment->now_us)
		count++;
	port->arp_us[port->arp_count++ % ARP_RING] = segment->now_us;
	if (count > port->arp_peak)
		port->arp_peak = count;
}

void
segment_transmit(struct segment *segment, uint32_t port, const struct frame *frame)
{
	const struct mac *relay = &segment->ports[port].relay;
	struct frame relayed = *frame;

	if (frame->kind == FRAME_ARP)
		count_arp(segment, &segment->ports[port]);
	if (frame->kind == FRAME_ARP && !mac_equal(relay, &mac_zero))
		relayed.source = *relay;
	cross(segment, port, FROM_NODE, &relayed);
}

static const struct mac *
bound_to(const struct suppression *suppression, const struct frame_arp *arp)
{
	for (uint32_t i = 0; i < suppression->count; i++) {
		const struct address address = address_ipv4(suppression->bindings[i].address);

		if (address_equal(&address, &arp->tpa))
			return &suppression->bindings[i].mac;
	}
	return NULL;
}

/* True if the switch has answered for the host, and the request must not go further. */
static bool
suppress(struct segment *segment, uint32_t from, const struct frame *frame)
{
	const struct suppression *suppression = &segment->suppression;
	const struct frame_arp *arp = &frame->arp;
	const struct mac *mac;

	if (suppression->count == 0 || frame->kind != FRAME_ARP || arp->operation != ARP_REQUEST ||
	    !mac_is_multicast(&frame->destination) || address_equal(&arp->spa, &arp->tpa) ||
	    (address_is_unspecified(&arp->spa) && !suppression->probes))
		return false;
	mac = bound_to(suppression, arp);
	if (mac == NULL || mac_equal(mac, &segment->ports[from].mac))
		return false;
	const struct frame reply = {
	    .kind = FRAME_ARP,
	    .source = mac_equal(&suppression->mac, &mac_zero) ? *mac : suppression->mac,
	    .destination = frame->source,
	    .arp = {.operation = ARP_REPLY,
		.sha = *mac,
		.spa = arp->tpa,
		.tha = arp->sha,
		.tpa = arp->spa},
	};

	cross(segment, from, TO_NODE, &reply);
	return !suppression->forwards;
}

static bool
is_virtual(const struct segment *segment, const struct mac *mac)
{
	return !mac_equal(mac, &mac_zero) && mac_equal(mac, &segment->virtual_mac);
}

static bool
leads_to(const struct segment *segment, uint32_t port, const struct mac *mac)
{
	return is_virtual(segment, mac) ? port == segment->virtual_port
					: mac_equal(&segment->ports[port].mac, mac);
}

static void
forward(struct segment *segment, uint32_t from, const struct frame *frame)
{
	const bool multicast = mac_is_multicast(&frame->destination);

	if (is_virtual(segment, &frame->source))
		segment->virtual_port = from;
	if (suppress(segment, from, frame))
		return;
	for (uint32_t port = 0; port < segment->port_count; port++)
		if (port != from && (multicast || leads_to(segment, port, &frame->destination)))
			cross(segment, port, TO_NODE, frame);
}

bool
segment_step(struct segment *segment, struct event *event)
{
	take(segment, event);
	assert(event->time_us >= segment->now_us);
	segment->now_us = event->time_us;
	segment->digest = (segment->digest ^ event->time_us) * FNV_PRIME;
	segment->digest =
	    (segment->digest ^ (uint64_t)event->kind ^ (uint64_t)event->port << 8) * FNV_PRIME;
	if (event->kind == EVENT_SWITCH) {
		forward(segment, event->port, &event->frame);
		return false;
	}
	return event->kind != EVENT_FRAME || !segment->ports[event->port].down;
}
