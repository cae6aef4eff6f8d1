/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: a cluster on a segment, what befalls it during the audit, and what is true of each of
 * its hosts. All of it is drawn from a seed.
 *
 * The families give the misfortune; cluster, policies and plan are drawn in the same way for all.
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
	FAMILY_LOSS,     /* every port loses, broadcasts and unicast frames differently */
	FAMILY_BAD_LINK, /* one port does */
	FAMILY_BURST,
	FAMILY_DISORDER, /* duplicated and reordered */
	FAMILY_CRASH,    /* hosts go down */
	FAMILY_APPEAR,   /* hosts come up */
	FAMILY_FAILOVER, /* the director hands the VIP over */
	FAMILY_FLOOD,
	FAMILY_FORGE, /* somebody claims the VIP, who does not hold it */
	FAMILY_DROPS, /* the probe's own capture loses frames, and says so */
	FAMILIES,
};
extern const char *const family_names[FAMILIES];

enum part {
	PART_PROBE = 0,
	PART_DIRECTOR,
	PART_STANDBY,
	PART_SERVER,
	PART_BYSTANDER,
	PART_ROGUE, /* holds the VIP as a director does, and is none */
	PART_PROXY, /* a router that answers for the VIP */
};

/* What is true of a host. */
enum truth {
	TRUTH_OPEN = 0, /* nothing is claimed */
	TRUTH_SOUND,    /* holds the VIP, and keeps silent: never a violation */
	TRUTH_FAULTY,   /* answers for the VIP or speaks as it: never compliant */
	TRUTH_UNBOUND,  /* does not hold the VIP: neither of the two */
};

struct member {
	struct node node;
	enum part part;
	uint32_t rip;
	enum truth truth[VIPS_MAX];
};

enum action_kind {
	ACTION_DOWN = 0,
	ACTION_UP,
	ACTION_RELEASE, /* the VIP */
	ACTION_ACQUIRE, /* the VIP, and announces it, five times */
	ACTION_FLOOD,   /* sends `count` requests for and from any address */
	ACTION_FORGE,   /* claims the VIP, `count` times, in a drawn way */
	ACTION_TALK,    /* resolves a bystander to send it something from the VIP */
	ACTION_DEAF,    /* the capture loses all frames from now on, */
	ACTION_HEARING, /* and here it ends, and is told */
};

struct action {
	uint64_t time_us; /* after the start */
	enum action_kind kind;
	uint32_t member, count;
};

struct scenario {
	uint64_t seed;
	enum family family;
	uint32_t vips[VIPS_MAX];
	uint32_t vip_count;
	uint16_t port; /* of every VIP, 0: none */
	struct segment segment;
	struct member cast[CAST_MAX];
	uint32_t cast_count;
	struct action actions[ACTIONS_MAX];
	uint32_t action_count;
	struct plan plan;
	bool owned;    /* the VIPs are, throughout, by a director that nobody else disputes */
	bool split;    /* two directors own them */
	bool lossless; /* no frame gets lost, but what is sent to hosts that are down */
	bool discover;
};

/* The caller frees it by scenario_free(). */
void scenario_draw(struct scenario *scenario, uint64_t seed, int family); /* -1: drawn too */
void scenario_free(struct scenario *scenario);
/* The one that has the RIP, NULL for none. */
const struct member *scenario_find(const struct scenario *scenario, const struct address *rip);
/* The VIP with that address, VIPS_MAX for none. */
uint32_t scenario_find_vip(const struct scenario *scenario, const struct address *address);
/* Any address of the segment. */
uint32_t scenario_address(struct random *random);

/* The parts, for scenarios that are not drawn. */
void scenario_begin(struct scenario *scenario, uint64_t seed, enum family family);
struct member *scenario_add(struct scenario *scenario, enum part part, uint32_t last_octet);
/* It holds every VIP. */
void scenario_hold(const struct scenario *scenario, struct member *member,
    enum node_interface interface, uint8_t length);
void scenario_set_faults(struct scenario *scenario, const struct faults *faults);
/* Derives the truth of every member from its policy; the plan from the cast. */
void scenario_finish(struct scenario *scenario);

#endif
