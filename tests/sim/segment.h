/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A modelled Ethernet segment in virtual time: a switch with a node on each port.
 *
 * A frame crosses the port of its sender and the port of each receiver. Each direction of a port
 * has faults of its own. It loses frames (broadcasts and unicast frames at different rates, as
 * switches do), loses them in bursts, duplicates, delays, and holds frames back so that later ones
 * pass them. Without reordering, a port keeps the order of frames.
 *
 * The event queue holds frames under way and timers. A seed decides everything.
 */
#ifndef ARPAUDIT_TESTS_SEGMENT_H
#define ARPAUDIT_TESTS_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/frame.h"
#include "arpaudit/random.h"

#define PER_MILLION 1000000u
#define ARP_RING    64

/* Chances are per million, for one frame at one port. */
struct faults {
	uint32_t loss_unicast, loss_broadcast;
	uint32_t duplicate;
	uint32_t reorder;             /* held back by up to reorder_us */
	uint32_t burst_loss;          /* chance of loss during a burst */
	uint32_t delay_us, jitter_us; /* each frame takes delay_us and up to jitter_us more */
	uint32_t reorder_us;
	uint32_t burst_gap_us, burst_us; /* mean time between bursts (0: no bursts), and mean
					  * length of one */
};

enum direction {
	FROM_NODE = 0,
	TO_NODE,
	DIRECTIONS,
};

struct port {
	struct mac mac;
	struct mac relay; /* MAC of a bridge in front of the node that makes itself the source of
			   * its ARP frames; mac_zero: no bridge */
	struct faults faults[DIRECTIONS];
	uint64_t last_us[DIRECTIONS];  /* arrival of the last frame in order */
	uint64_t until_us[DIRECTIONS]; /* end of the current burst, or of the time without one */
	bool bursting[DIRECTIONS];
	bool down;
	/* When the last ARP frames of the node left, a ring; and the most in any one second. */
	uint64_t arp_us[ARP_RING];
	uint32_t arp_count, arp_peak;
};

/* Purposes of events. Argument and generation belong to the timer's owner. */
enum event_kind {
	EVENT_FRAME = 0, /* reaches the node */
	EVENT_SWITCH,    /* a frame of the node reaches the switch */
	EVENT_NEIGHBOUR, /* timer of a neighbour entry */
	EVENT_PROXY,     /* a delayed answer by proxy */
	EVENT_SYN_ACK,   /* retransmission */
	EVENT_ACTION,    /* a step of the scenario */
	EVENT_SLOW,      /* a slow node handles an ARP frame */
};

struct event {
	uint64_t time_us, number; /* `number` keeps events of the same time in order */
	enum event_kind kind;
	uint32_t port, argument, generation;
	struct frame frame;
};

#define BINDINGS_MAX 90

/* ARP suppression: the switch answers requests for addresses that it knows. */
struct suppression {
	uint32_t count; /* number of bindings; 0: no suppression */
	struct {
		uint32_t address;
		struct mac mac;
	} bindings[BINDINGS_MAX];
	struct mac mac; /* source MAC of its answers; mac_zero: the host's MAC */
	bool forwards;  /* the request reaches the hosts too */
	bool probes;    /* it also answers requests with SPA 0.0.0.0 */
};

struct segment {
	uint64_t now_us;
	struct suppression suppression;
	struct random random;
	/* A MAC without a fixed port, as a virtual router's. Its port is the one that it last sent
	 * from. mac_zero: none. */
	struct mac virtual_mac;
	uint32_t virtual_port;
	struct port *ports;
	uint32_t port_count, port_capacity;
	struct event *events; /* all slots */
	uint32_t *heap;       /* indices of the queued ones, the next event first */
	uint32_t *unused;
	uint32_t event_count, event_capacity;
	uint64_t event_number;
	uint64_t digest; /* of all events and their times; equal runs have equal digests */
};

void segment_init(struct segment *segment, uint64_t seed, uint64_t now_us);
void segment_free(struct segment *segment);
uint32_t segment_add_port(struct segment *segment, const struct mac *mac);

/* Puts a node's frame on its way. A multicast goes to every other port. A unicast goes to the port
 * of its MAC, or is dropped if no port has it. */
void segment_transmit(struct segment *segment, uint32_t port, const struct frame *frame);
/* `frame` may be NULL. */
void segment_set_timer(struct segment *segment, uint64_t due_us, enum event_kind kind,
    uint32_t port, uint32_t argument, uint32_t generation, const struct frame *frame);

/* Time of the next event, or UINT64_MAX. */
uint64_t segment_next_us(const struct segment *segment);
/* Takes the next event and advances the clock to it. False if the switch has handled the event
 * itself. */
bool segment_step(struct segment *segment, struct event *event);

bool segment_chance(struct segment *segment, uint32_t per_million);
/* Uniform from `first` to `last`, both included. */
uint32_t segment_between(struct segment *segment, uint32_t first, uint32_t last);

#endif
