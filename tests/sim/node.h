/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A modelled Linux host on a segment: how its kernel handles ARP, and its IP answers.
 *
 * The rules are the kernel's (net/ipv4/arp.c, net/core/neighbour.c, net/ipv4/devinet.c). Each
 * stands beside the name of its kernel function. rules.c asks the model the same questions that
 * tests/lab/rules.test asks the running kernel, and the answers must agree.
 *
 * IPv4 addresses are numbers in host byte order; 0 is none.
 */
#ifndef ARPAUDIT_TESTS_NODE_H
#define ARPAUDIT_TESTS_NODE_H

#include "quirks.h"
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
	ON_VIRTUAL, /* keepalived's use_vmac: a macvlan of eth0 with the virtual router's MAC */
};

/* The scopes of rtnetlink: how far an address is valid. */
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

/* The states of an entry, NUD_* in the kernel. */
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
	uint32_t generation;   /* of its timer; an older timer is void */
	uint64_t updated_us;   /* last change, for locktime */
	uint64_t confirmed_us; /* last reply to the host itself, for NEIGHBOUR_REACHABLE */
	uint64_t used_us;
	struct frame pending[PENDING_MAX]; /* IP packets waiting for the MAC */
};

struct node {
	struct segment *segment;
	uint32_t port;
	struct mac mac;
	struct mac virtual_mac; /* of ON_VIRTUAL, which answers while it has an address */
	struct node_address addresses[NODE_ADDRESSES];
	uint32_t address_count;
	uint8_t arp_ignore, arp_announce;
	/* The host forwards to these subnets on another interface, and answers for them by
	 * proxy. */
	struct subnet proxied[NODE_PROXIED];
	uint32_t proxied_count;
	bool proxies_at_once; /* proxy_delay is 0 */
	bool ignores_echo;    /* icmp_echo_ignore_all */
	uint16_t tcp_port;    /* open, 0: none */
	/* IPVS: connections to tcp_port go to these MACs in turn. The host's own MAC is
	 * LocalNode. */
	struct mac servers[NODE_SERVERS];
	uint32_t server_count, server_next;
	struct neighbour neighbours[NODE_NEIGHBOURS];
	uint32_t syn_ack_generation;
	struct quirks quirks;
};

void node_init(struct node *node, struct segment *segment, const struct mac *mac);
void node_add_address(struct node *node, uint32_t address, uint8_t length,
    enum node_interface interface, enum scope scope);
void node_remove_address(struct node *node, uint32_t address);

/* Handles a frame from the segment or a timer of the node. */
void node_event(struct node *node, const struct event *event);

/* arp.c: the rules of ARP. */
bool node_is_local(const struct node *node, uint32_t address); /* on any interface */
/* Whether the address is routed to a subnet of eth0. */
bool node_is_onlink(const struct node *node, uint32_t address);
bool node_has_route(const struct node *node, uint32_t address); /* through eth0 or elsewhere */
/* arp_process(): the answer to who-has `tpa` tell `spa`. */
enum answer {
	ANSWER_NONE = 0,
	ANSWER_OWN,
	ANSWER_PROXIED, /* after a delay if asked by broadcast */
};
enum answer node_answers(const struct node *node, uint32_t spa, uint32_t tpa);
/* inet_select_addr(): the host's address towards `target`, if no rule decides otherwise. */
uint32_t node_source_for(const struct node *node, uint32_t target);
/* arp_solicit(): the SPA of the request for `target` when a packet from `source` (0: none)
 * waits. */
uint32_t node_solicits_as(const struct node *node, uint32_t target, uint32_t source);
void node_receive_arp(struct node *node, const struct frame *frame);
/* Handles a frame to ON_VIRTUAL. keepalived sets its arp_ignore to 1. */
void node_receive_virtual_arp(struct node *node, const struct frame *frame);
bool node_has_virtual(const struct node *node); /* it has an address there */
void node_answer_arp(struct node *node, const struct frame *asked);
/* Sends who-has, to a known MAC or (NULL) by broadcast. */
void node_ask(struct node *node, uint32_t target, uint32_t spa, const struct mac *known);
/* Announces an address by a gratuitous request, as keepalived does when it becomes master. */
void node_announce(struct node *node, uint32_t address);

/* neighbour.c: the cache. */
struct neighbour *neighbour_find(struct node *node, uint32_t address);
/* Sets an entry as if it had existed before. */
void neighbour_set(
    struct node *node, uint32_t address, const struct mac *mac, enum neighbour_state state);
/* neigh_update(); creates the entry if there is none. */
void neighbour_learn(struct node *node, uint32_t address, const struct mac *mac,
    enum neighbour_state state, bool override);
/* neigh_resolve_output(): sends an IP packet to `target` on the segment, at once or when its MAC is
 * known. */
void neighbour_send(struct node *node, uint32_t target, const struct frame *frame);
void neighbour_timer(struct node *node, const struct event *event);

/* ip.c: IP answers. */
void node_receive_ip(struct node *node, const struct frame *frame);
void node_syn_ack_timer(struct node *node, const struct event *event);

#endif
