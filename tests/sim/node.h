/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A modelled Linux host on a segment: what its kernel makes of ARP, and what it answers by IP.
 *
 * The rules are the kernel's (net/ipv4/arp.c, net/core/neighbour.c, net/ipv4/devinet.c), each
 * beside the name of the function that has it. The same questions are put to the model and to the
 * kernel that runs the tests, and every answer has to be the same: see rules.c.
 *
 * IPv4 addresses are numbers in host byte order here; 0 is none.
 */
#ifndef ARPAUDIT_TESTS_NODE_H
#define ARPAUDIT_TESTS_NODE_H

#include "segment.h"

#define NODE_ADDRESSES  6
#define NODE_NEIGHBOURS 10
#define NODE_PROXIED    2
#define NODE_SERVERS    8
#define PENDING_MAX     3

enum node_interface {
	ON_NONE = 0,
	ON_ETH0, /* on the segment */
	ON_LO,
	ON_DUMMY0,
};

/* rtnetlink's scopes: how far an address is valid. */
enum scope {
	SCOPE_UNIVERSE = 0,
	SCOPE_LINK = 253,
	SCOPE_HOST = 254,
};

struct node_address {
	uint32_t address;
	uint8_t length;
	uint8_t interface; /* enum node_interface */
	uint8_t scope;     /* enum scope */
};

struct subnet {
	uint32_t address;
	uint8_t length;
};

/* The states of an entry (NUD_*). */
enum neighbour_state {
	NEIGHBOUR_NONE = 0,
	NEIGHBOUR_INCOMPLETE,
	NEIGHBOUR_REACHABLE,
	NEIGHBOUR_STALE,
	NEIGHBOUR_DELAY,
	NEIGHBOUR_PROBE,
	NEIGHBOUR_FAILED,
};

struct neighbour {
	uint32_t address;
	struct mac mac;
	uint8_t state; /* enum neighbour_state */
	uint8_t probes;
	uint8_t pending_count;
	uint32_t generation;   /* of its timer: an older one is void */
	uint64_t updated_us;   /* the last change, for locktime */
	uint64_t confirmed_us; /* the last reply to itself, for NEIGHBOUR_REACHABLE */
	uint64_t used_us;
	struct frame pending[PENDING_MAX]; /* IP packets that wait for the MAC */
};

struct node {
	struct segment *segment;
	uint32_t port;
	struct mac mac;
	struct node_address addresses[NODE_ADDRESSES];
	uint32_t address_count;
	uint8_t arp_ignore, arp_announce;
	/* Forwards, and answers by proxy for these (they are routed to another interface). */
	struct subnet proxied[NODE_PROXIED];
	uint32_t proxied_count;
	bool ignores_echo; /* icmp_echo_ignore_all */
	uint16_t tcp_port; /* open, 0: none */
	/* IPVS: TCP for tcp_port goes to these MACs in turn (its own: LocalNode). */
	struct mac servers[NODE_SERVERS];
	uint32_t server_count, server_next;
	struct neighbour neighbours[NODE_NEIGHBOURS];
	uint32_t syn_ack_generation;
};

void node_init(struct node *node, struct segment *segment, const struct mac *mac);
void node_add_address(struct node *node, uint32_t address, uint8_t length,
    enum node_interface interface, enum scope scope);
void node_remove_address(struct node *node, uint32_t address);

/* What reaches it from the segment: a frame, or a timer of its own. */
void node_event(struct node *node, const struct event *event);

/* arp.c: the rules of ARP. */
bool node_is_local(const struct node *node, uint32_t address); /* on any interface */
/* Routed to a subnet of eth0? */
bool node_is_onlink(const struct node *node, uint32_t address);
bool node_has_route(const struct node *node, uint32_t address); /* there, or elsewhere */
/* arp_process(): does it answer who-has `tpa` from `spa`, and how? */
enum answer {
	ANSWER_NONE = 0,
	ANSWER_OWN,
	ANSWER_PROXIED, /* later, when it was asked by broadcast */
};
enum answer node_answers(const struct node *node, uint32_t spa, uint32_t tpa);
/* The address that it has itself towards `target`, where nothing else decides. */
uint32_t node_source_for(const struct node *node, uint32_t target);
/* arp_solicit(): the SPA with which it asks for `target` to send a packet from `source` (0: there
 * is none). */
uint32_t node_solicits_as(const struct node *node, uint32_t target, uint32_t source);
void node_receive_arp(struct node *node, const struct frame *frame);
void node_answer_arp(struct node *node, const struct frame *asked);
/* Who-has: to a MAC that it knows, or (NULL) by broadcast. */
void node_ask(struct node *node, uint32_t target, uint32_t spa, const struct mac *known);
/* As keepalived, when it becomes master: a gratuitous request. */
void node_announce(struct node *node, uint32_t address);

/* neighbour.c: its cache. */
struct neighbour *neighbour_find(struct node *node, uint32_t address);
/* An entry as if it had been there before. */
void neighbour_set(
    struct node *node, uint32_t address, const struct mac *mac, enum neighbour_state state);
/* neigh_update(); creates it. */
void neighbour_learn(struct node *node, uint32_t address, const struct mac *mac,
    enum neighbour_state state, bool override);
/* neigh_resolve_output(): sends an IP packet to `target` of the segment, now or when its MAC is
 * known. */
void neighbour_send(struct node *node, uint32_t target, const struct frame *frame);
void neighbour_timer(struct node *node, const struct event *event);

/* ip.c: answers to IP packets. */
void node_receive_ip(struct node *node, const struct frame *frame);
void node_syn_ack_timer(struct node *node, const struct event *event);

#endif
