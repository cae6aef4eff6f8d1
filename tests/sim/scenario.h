/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: a cluster on a segment, the misfortunes during its audit, and the truth about each
 * host. A seed decides all of it.
 *
 * The family decides the kind of misfortune. Cluster, policies and plan are drawn alike for all
 * families.
 */
#ifndef ARPAUDIT_TESTS_SCENARIO_H
#define ARPAUDIT_TESTS_SCENARIO_H

#include "arpaudit/plan.h"
#include "node.h"

#define CAST_MAX    80
#define ACTIONS_MAX 64
#define VIPS_MAX    3
#define START_US    UINT64_C(1700000000000000)

#define SEGMENT_NETWORK 0x0a4d0000u /* 10.77.0.0/24 */
#define SEGMENT_LENGTH  24

enum family {
	FAMILY_CLEAN = 0,
	FAMILY_LOSS,     /* every port loses broadcasts and unicast frames, at different rates */
	FAMILY_BAD_LINK, /* one port loses frames */
	FAMILY_BURST,
	FAMILY_DISORDER, /* duplicates and reordering */
	FAMILY_CRASH,    /* hosts go down */
	FAMILY_APPEAR,   /* hosts come up */
	FAMILY_FAILOVER, /* the director hands the VIP over */
	FAMILY_FLOOD,
	FAMILY_FORGE, /* a host that does not hold the VIP claims it */
	FAMILY_DROPS, /* the probe's capture loses frames and reports it */
	/* These came later. Their digests include which frames concern the audit. */
	FAMILY_VRRP,      /* the directors are a virtual router */
	FAMILY_MASTER,    /* the same, but the master also speaks as the VIP by its own MAC */
	FAMILY_RELAY,     /* relayed claims: Ethernet source and SHA differ */
	FAMILY_SOURCE,    /* plans with a source address and decoys of their own */
	FAMILY_DAMAGE,    /* frames to the probe with one wrong bit */
	FAMILY_PROXY,     /* a router that proxies for the segment, or for a part of it */
	FAMILY_GENTLE,    /* gentle audits, of segments whose ports count ARP frames */
	FAMILY_REJECT,    /* firewalls that answer packets by ICMP errors */
	FAMILY_MOVING,    /* servers get the VIP late, or lose it early */
	FAMILY_CARDS,     /* servers with a second network card on the segment */
	FAMILY_RIVAL,     /* another audit of the same hosts at the same time */
	FAMILY_INTERRUPT, /* the audit is ended by a deadline or a signal */
	FAMILY_SLOW,      /* slow or rationed answers to ARP */
	FAMILY_ADVERSARY, /* any of those above, and several of the last six at once */
	/* See changes.h. */
	FAMILY_TRANSLATED, /* services in containers behind their servers */
	FAMILY_REPLACED,   /* other machines take over the addresses of servers */
	FAMILY_STALE,      /* the switch answers for servers with older MACs */
	FAMILY_RETICENT,   /* directors that can't be made to claim the VIP by broadcast */
	FAMILIES,
};
extern const char *const family_names[FAMILIES];

enum part {
	PART_PROBE = 0,
	PART_DIRECTOR,
	PART_STANDBY,
	PART_SERVER,
	PART_BYSTANDER,
	PART_ROGUE,     /* holds the VIP like a director but is none */
	PART_PROXY,     /* a router that answers for the VIP */
	PART_CARD,      /* a server's second network card */
	PART_RIVAL,     /* the probe of another audit */
	PART_SUCCESSOR, /* takes over the addresses of a server */
};

/* The truth about a host. */
enum truth {
	TRUTH_OPEN = 0, /* no statement */
	TRUTH_SOUND,    /* holds the VIP and keeps silent: never a violation */
	TRUTH_FAULTY,   /* answers for the VIP or speaks as it: never compliant */
	TRUTH_UNBOUND,  /* does not hold the VIP: neither compliant nor a violation */
};

struct member {
	struct node node;
	enum part part;
	uint32_t rip;
	bool advertises; /* it is the virtual router's master and advertises */
	uint8_t priority;
	enum truth truth[VIPS_MAX];
	bool moves;               /* it gets a VIP late, or loses it early */
	struct member *card;      /* the second network card of a server; NULL: none */
	struct member *successor; /* takes over its addresses; NULL: none */
	bool mistaken;            /* the switch takes another host for it, or it for another */
	struct node_address parked[VIPS_MAX]; /* VIPs that it does not hold now; address 0: none */
};

enum action_kind {
	ACTION_DOWN = 0,
	ACTION_UP,
	ACTION_RELEASE,   /* drops the VIP */
	ACTION_ACQUIRE,   /* takes the VIP and announces it five times */
	ACTION_FLOOD,     /* sends `count` requests from and to random addresses */
	ACTION_FORGE,     /* claims the VIP `count` times, in a random way */
	ACTION_RELAY,     /* sends `count` relayed claims of a VIP: see relay.h */
	ACTION_TALK,      /* resolves a bystander to send it a packet from the VIP */
	ACTION_ADVERTISE, /* sends VRRP advertisements for as long as it is master */
	ACTION_RESIGN,    /* sends an advertisement of priority 0 and drops the VIP */
	ACTION_MUTE,      /* stops advertising but keeps the VIP: keepalived has crashed */
	ACTION_DEAF,      /* the capture loses all frames from now on */
	ACTION_HEARING,   /* the loss ends, and the engine is told */
	ACTION_UNBIND,    /* a server loses VIP number `count` */
	ACTION_BIND,      /* and gets it back */
};

struct action {
	uint64_t time_us; /* after the start */
	enum action_kind kind;
	uint32_t member, count;
};

#define ADVERTISED_MAX (VIPS_MAX + 1)

/* RFC 5798: the directors share the VIPs, and the master holds them. */
struct virtual_router {
	uint8_t vrid;    /* 0: there is none */
	bool shared_mac; /* the VIPs have the virtual router's MAC, else the master's own */
	bool base;       /* advertisements have the master's own MAC (vmac_xmit_base) */
	bool unicast;    /* advertisements go only to the other director (unicast_peer) */
	uint32_t interval_us, jitter_us;
	uint8_t address_count;
	uint8_t addresses[4 * ADVERTISED_MAX]; /* in the order of an advertisement */
};

/* Claims that one member sends with the SHA of another. */
struct relayed {
	uint32_t sender, claimed; /* members: the sender, and the SHA in its claims; 0: none */
	uint32_t vip;
	uint32_t way;
	uint32_t count;
};

/* Damage that no Ethernet checksum reveals, as in a switch's memory. */
struct damage {
	uint64_t frame;         /* number of the only damaged frame, from 1; 0: several */
	uint32_t per_million;   /* then the share of damaged frames */
	uint64_t seen, damaged; /* frames so far */
	struct random random;
};

struct scenario {
	uint64_t seed;
	enum family family;
	enum family
	    misfortune; /* the family, or that of which FAMILY_ADVERSARY has the misfortunes */
	uint32_t vips[VIPS_MAX];
	uint32_t vip_count;
	uint16_t port; /* of every VIP, 0: none */
	struct segment segment;
	struct member cast[CAST_MAX];
	uint32_t cast_count;
	struct action actions[ACTIONS_MAX];
	uint32_t action_count;
	struct virtual_router router;
	struct relayed relayed;
	struct damage damage;
	struct plan plan;
	uint32_t rival;        /* the member that audits as well; 0: none */
	uint64_t rival_us;     /* when it starts */
	uint64_t interrupt_us; /* when a signal ends the audit; 0: never */
	bool owned;            /* a director owns the VIPs all the time, undisputed */
	bool split;            /* two directors own them */
	bool lossless;         /* every frame arrives, unless its receiver is down */
	bool discover;
	bool addressless; /* the probe has no address on the segment */
	bool source_used; /* another host has the plan's source address */
};

/* Draws a scenario. Release it with scenario_free(). */
void scenario_draw(struct scenario *scenario, uint64_t seed, int family); /* -1: drawn too */
void scenario_free(struct scenario *scenario);
/* Whether its family is one of those that came later. */
bool scenario_is_explicit(const struct scenario *scenario);
/* Whether the member goes down or comes up. */
bool scenario_is_disturbed(const struct scenario *scenario, const struct member *member);
/* The member with that RIP, or NULL. */
const struct member *scenario_find(const struct scenario *scenario, const struct address *rip);
/* The truth about a host with these addresses and settings, by the kernel's rules alone. */
enum truth scenario_truth_of_card(
    const struct scenario *scenario, const struct member *member, uint32_t vip);
/* Index of the VIP with that address, or VIPS_MAX. */
uint32_t scenario_find_vip(const struct scenario *scenario, const struct address *address);
/* The MAC that bystanders have in their caches for the VIPs. */
const struct mac *scenario_owner(const struct scenario *scenario);
/* A random address of the segment. */
uint32_t scenario_address(struct random *random);

/* The parts, also for scenarios that are not drawn. */
void scenario_begin(struct scenario *scenario, uint64_t seed, enum family family);
struct member *scenario_add(struct scenario *scenario, enum part part, uint32_t last_octet);
/* Makes the member hold every VIP. */
void scenario_hold(const struct scenario *scenario, struct member *member,
    enum node_interface interface, uint8_t length);
/* Adds the director, .3: it holds every VIP, and the plan names it. */
struct member *scenario_add_director(struct scenario *scenario);
/* Adds machines that know every VIP at its owner. */
void scenario_add_bystanders(struct scenario *scenario, uint32_t count);
void scenario_set_faults(struct scenario *scenario, const struct faults *faults);
/* Makes every port lose that share of the frames. */
void scenario_lose(struct scenario *scenario, uint32_t percent);
/* Derives every member's truth from its policy, and the plan from the cast. */
void scenario_finish(struct scenario *scenario);

#endif
