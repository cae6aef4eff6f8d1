/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A few modelled hosts for the real engine, in virtual time.
 *
 * The model has what the tests need: hosts that answer and ask, a delay, and random loss in both
 * directions. It asserts that every frame of the engine is harmless, so none may speak for an
 * address in use. Tests can watch a bystander's ARP cache, which must return to the owner after a
 * leak.
 *
 *	struct model *model = model_new("10.77.0.11-12", SEED);
 *	add_director(model, 3);
 *	add_server(model, 11);
 *	model_run(model);
 *	assert_verdict(model, 11, VERDICT_COMPLIANT);
 *	model_free(model);
 */
#ifndef ARPAUDIT_TESTS_MODEL_H
#define ARPAUDIT_TESTS_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arpaudit/audit.h"
#include "arpaudit/random.h"

#define HOSTS_MAX  254
#define EVENTS_MAX 16384
#define DELAY_US   150
#define START_US   UINT64_C(1700000000000000)
#define LIMIT_US   UINT64_C(60000000) /* every audit in these tests ends within a minute */

struct model_host {
	struct address rip;
	struct mac mac;
	bool down;
	bool answers_vip;    /* arp_ignore too low */
	bool only_probes;    /* but only SPA 0.0.0.0, as at arp_ignore 2 */
	bool never_probes;   /* but not SPA 0.0.0.0, as a proxy */
	bool bound;          /* holds the VIP */
	bool speaks_as_vip;  /* arp_announce too low */
	bool has_decoys;     /* answers decoys from its cache, then checks the entry by unicast */
	bool forwards;       /* sends an ICMP error in its own name, without the VIP */
	bool drops_udp;      /* sends no ICMP errors */
	bool resets;         /* a filter resets TCP to the VIP and drops the rest */
	bool rejects_echo;   /* answers echo requests for the VIP by an ICMP error from its RIP */
	bool rejects_decoys; /* the same, but only those from decoys */
	bool ignores_announcements; /* a decoy that is announced to it gets no packet */
	bool ignores_requests;      /* nor does one that asks for its RIP */
	struct frame pending;       /* the packet from a decoy that it will answer once it has the
				     * decoy's MAC; FRAME_OTHER: none */
	uint64_t proxy_delay_us;    /* delay of its answers to a broadcast who-has VIP */
	bool probes_decoys;         /* asks for decoys with SPA 0.0.0.0 */
	bool ignores_group_sha;     /* as systems that check the SHA of a request */
	struct address speaks_as;   /* an address of its own other than its RIP */
	/* MAC in its answers to SPA 0.0.0.0, as a bond that balances by asker; mac_zero: its
	 * own. */
	struct mac probes_mac;
	/* Such a bond takes its other MAC when the asker, SPA 0.0.0.0 or not, asks for another of
	 * its addresses. */
	bool takes_turns;
	struct {
		struct address of; /* the last one asked for */
		bool by_other;
	} turn[2];
	struct mac sender;  /* another Ethernet source of its ARP frames; mac_zero: its MAC */
	bool proxies;       /* answers who-has for free addresses */
	bool has_all;       /* all these are its own: it answers SPA 0.0.0.0 as well */
	bool listens;       /* SYN-ACK instead of RST */
	uint8_t translates; /* machines to which it passes on what comes for the service */
	uint16_t refuses;   /* but RST on this port */
	uint16_t drops;     /* and nothing on this one */
	bool ignores_echo;  /* as with icmp_echo_ignore_all */
	bool guarded;       /* IP source guard: packets from decoys do not reach it */
	/* Forwards TCP for the VIP to these hosts in turn, with itself (LocalNode) or without. */
	uint8_t real_servers[4], real_server_count, real_server_next;
	bool routes; /* tells by ICMP that it forwards */
	/* A gateway: passes packets for the VIP on to this host; 0: it is none. */
	uint8_t leads_to;

	/* What reached the probe from this host: its claims of the VIP by ARP or VRRP (0: none),
	 * its answers to the probe among those, and the claims by broadcast. */
	uint64_t first_claim_us, last_claim_us;
	unsigned answers, broadcast_claims;
};

struct event {
	uint64_t time_us;
	struct frame frame;
	bool lost; /* lost on its way to the probe, though not to the bystander */
};

/* A frame that the engine sent. */
struct sent {
	uint64_t time_us;
	struct frame frame;
};

struct model {
	struct address vip;
	struct model_host host[HOSTS_MAX];
	size_t host_count;
	struct event event[EVENTS_MAX];
	size_t event_count;
	uint16_t vlan; /* the tag of all frames of hosts, 0: none */
	double loss;   /* chance of losing a frame */
	struct random random;
	uint64_t seed;
	void (*damage)(struct model *model, struct frame *frame); /* changes a host's frame;
								   * NULL: no damage */

	/* By the last octet of an address: whether it has answered an ARP Probe. */
	bool answers_probes[256];

	/* What the tests read. */
	uint64_t now_us, broadcasts, ip_packets;
	struct sent *sent; /* all frames, in the order in which they were sent */
	size_t sent_count, sent_capacity;
	uint64_t digest;                          /* of everything sent, and of the times */
	size_t decoys_answered, decoys_announced; /* by replies, and by gratuitous requests */
	size_t forwarded;                         /* SYNs by directors */
	int half_open; /* SYN-ACKs sent, less the RSTs that removed their connections */
	/* A bystander's cache entry for the VIP, when its MAC last changed, and the chance that the
	 * bystander misses a frame. mac_zero: no entry. */
	struct mac cached;
	uint64_t cached_us;
	struct random missed;

	struct plan plan;
	struct audit_segment segment;
	const struct check_table *table; /* NULL: the program's own */
	struct audit *audit;
	struct arena *arena;
	struct cluster_result cluster;
	struct wire_result wire;
};

/* 10.77.0.LAST, and the MAC of the host with that address. */
struct address ip(uint8_t last);
struct mac mac(uint8_t last);
struct model_host *add_host(struct model *model, uint8_t last);
/* A sound real server. */
struct model_host *add_server(struct model *model, uint8_t last);
struct model_host *add_director(struct model *model, uint8_t last);
/* One turn: sends what is due and goes to the next event or wake-up. False when the audit has
 * ended. */
bool model_turn(struct model *model);
void model_start(struct model *model);
void model_finish(struct model *model);
/* All turns, from start to finish. */
void model_run(struct model *model);
/* Runs on after the audit: the bystander hears the frames still under way. */
void model_run_on(struct model *model);
/* Creates a model: probe .1, VIP .100, hosts as in `hosts` (NULL: discover them). */
struct model *model_new(const char *hosts, uint64_t seed);
/* A sound segment: directors .3 (the owner) and .4 (standby), servers .11 and .12. */
struct model *sound(const char *hosts, uint64_t seed);
void model_free(struct model *model);
const struct host_result *result_of(const struct model *model, uint8_t last);
void assert_outcome(
    const struct model *model, uint8_t last, const char *check, enum check_outcome outcome);
void assert_verdict(const struct model *model, uint8_t last, enum verdict verdict);
/* Delivers a host's frame to the probe, as if the host had just sent it. */
void hear(struct model *model, const struct frame *frame);
void name_directors(struct model *model, const char *text);
/* Names free addresses as decoys. At high loss the engine might take an address in use for free. */
void name_decoys(struct model *model);
/* Gives the VIP a TCP port. */
void set_port(struct model *model, uint16_t port);
/* Gives it one more. */
void add_port(struct model *model, uint16_t port, uint8_t protocol);
/* Finds the VIP's finding with that id, or NULL. assert_finding() also checks its severity and a
 * part of its message. */
const struct finding *finding_of(const struct model *model, const char *id);
void assert_finding(
    const struct model *model, const char *id, enum severity severity, const char *text);
/* Whether the engine asked who has 10.77.0.LAST, by broadcast (`to` is mac_broadcast) or by
 * unicast. */
bool is_question(const struct sent *sent, uint8_t last, const struct mac *to);
/* Number of such questions by broadcast. */
size_t questions_for(const struct model *model, uint8_t last);
/* Number of broadcast rounds of who-has VIP. The second and last question of a round has SPA
 * 0.0.0.0. */
size_t vip_rounds(const struct model *model);
/* Whether it is a packet from an address other than the probe's. */
bool is_from_decoy(const struct model *model, const struct sent *sent);
/* Runs until the first such packet, when decoys are known to be free. Returns its index in
 * `sent`. */
size_t run_until_decoys_are_used(struct model *model);
/* The host with that last octet. */
struct model_host *machine(struct model *model, uint8_t last);
/* A VRRP advertisement of the VIP by a host, with the model's addresses. */
struct frame advertisement(const struct model *model, uint8_t last);
struct frame claim(const struct model *model, uint8_t last, enum arp_operation operation,
    const struct address *tpa);

#endif
