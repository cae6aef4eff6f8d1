/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A modelled Ethernet segment in virtual time: a switch, and on each of its ports a node.
 *
 * A frame crosses two ports, that of its sender and that of each receiver. Each direction of a port
 * has faults of its own: it loses (broadcasts and unicast frames differently, as switches do),
 * loses in bursts, duplicates, delays, and holds frames back so that later ones pass them. Without
 * reordering, frames keep their order on a port.
 *
 * The event queue holds frames on their way and timers. One seed decides everything.
 */
#ifndef ARPAUDIT_TESTS_SEGMENT_H
#define ARPAUDIT_TESTS_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/frame.h"
#include "arpaudit/random.h"

#define PER_MILLION 1000000u

/* Chances are per million, of one frame at one port. */
struct faults {
	uint32_t loss_unicast, loss_broadcast;
	uint32_t duplicate;
	uint32_t reorder;             /* held back by up to reorder_us */
	uint32_t burst_loss;          /* while a burst lasts */
	uint32_t delay_us, jitter_us; /* delay_us, and up to jitter_us more */
	uint32_t reorder_us;
	uint32_t burst_gap_us, burst_us; /* mean time between bursts (0: none), and of one */
};

enum direction {
	FROM_NODE = 0,
	TO_NODE,
	DIRECTIONS,
};

struct port {
	struct mac mac;
	struct faults faults[DIRECTIONS];
	uint64_t last_us[DIRECTIONS];  /* when the last frame in order arrived */
	uint64_t until_us[DIRECTIONS]; /* the burst, or the time without one, lasts till then */
	bool bursting[DIRECTIONS];
	bool down;
};

/* Timers, by what they are for; their argument and generation are their owner's business. */
enum event_kind {
	EVENT_FRAME = 0, /* reaches the node */
	EVENT_SWITCH,    /* a frame of the node reaches the switch */
	EVENT_NEIGHBOUR, /* timer of a neighbour entry */
	EVENT_PROXY,     /* a proxied answer that was held back */
	EVENT_SYN_ACK,   /* retransmission */
	EVENT_ACTION,    /* of the scenario */
};

struct event {
	uint64_t time_us, number; /* the number keeps events of one time in order */
	enum event_kind kind;
	uint32_t port, argument, generation;
	struct frame frame;
};

struct segment {
	uint64_t now_us;
	struct random random;
	struct port *ports;
	uint32_t port_count, port_capacity;
	struct event *events; /* all there is room for */
	uint32_t *heap;       /* of them, those that are queued, the next one first */
	uint32_t *unused;
	uint32_t event_count, event_capacity;
	uint64_t event_number;
	uint64_t digest; /* of all that happened, and when: equal for equal runs */
};

void segment_init(struct segment *segment, uint64_t seed, uint64_t now_us);
void segment_free(struct segment *segment);
uint32_t segment_add_port(struct segment *segment, const struct mac *mac);

/* Puts a node's frame on its way. A multicast goes to every other port; a unicast to the port that
 * has the MAC, and where none has it nowhere. */
void segment_transmit(struct segment *segment, uint32_t port, const struct frame *frame);
/* `frame` may be NULL. */
void segment_set_timer(struct segment *segment, uint64_t due_us, enum event_kind kind,
    uint32_t port, uint32_t argument, uint32_t generation, const struct frame *frame);

/* UINT64_MAX: there is no event. */
uint64_t segment_next_us(const struct segment *segment);
/* Takes the next event and goes to its time. Those of the switch are its own business: false. */
bool segment_step(struct segment *segment, struct event *event);

bool segment_chance(struct segment *segment, uint32_t per_million);
/* Uniform in first..last. */
uint32_t segment_between(struct segment *segment, uint32_t first, uint32_t last);

#endif
