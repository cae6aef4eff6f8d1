/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A few modelled hosts for the real engine, in virtual time.
 *
 * The model knows what the tests need: who answers and asks what, a delay, and random loss each
 * way. Every frame that the engine sends has to be harmless: it speaks for no address in use. A
 * bystander's ARP cache can be watched: what leaks turn away has to come back.
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
#include "arpaudit/engine.h"

#define HOSTS_MAX  254
#define EVENTS_MAX 16384
#define DELAY_US   150
#define START_US   UINT64_C(1700000000000000)
#define LIMIT_US   UINT64_C(60000000) /* no audit here takes a minute */

struct model_host {
	struct address rip;
	struct mac mac;
	bool down;
	bool answers_vip;   /* arp_ignore too low */
	bool only_probes;   /* but only to SPA 0.0.0.0, as at arp_ignore 2 */
	bool never_probes;  /* but not to SPA 0.0.0.0, as a proxy */
	bool bound;         /* holds the VIP */
	bool speaks_as_vip; /* arp_announce too low */
	bool has_decoys;    /* answers decoys from its cache, then checks the entry by unicast */
	bool forwards;      /* without the VIP: an ICMP error, in its own name */
	uint64_t proxy_delay_us;  /* holds back answers to a broadcast who-has VIP */
	bool probes_decoys;       /* asks for decoys with SPA 0.0.0.0 */
	bool ignores_group_sha;   /* as systems that look at the SHA of a request */
	struct address speaks_as; /* an address of its own, when that is not its RIP */
	/* Answers SPA 0.0.0.0 with this MAC, as a bond that balances by asker; mac_zero: does not.
	 */
	struct mac probes_mac;
	struct mac sender;   /* another Ethernet source of its ARP frames; mac_zero: none */
	bool proxies;        /* answers who-has for what nobody has */
	bool listens;        /* SYN-ACK instead of RST */
	bool ignores_echo;   /* as with icmp_echo_ignore_all */
	bool guarded;        /* by IP source guard: no packet from a decoy gets to it */
	bool asks_for_probe; /* before it answers by IP, while it does not know the probe */
	bool knows_probe;
	/* Forwards TCP for the VIP to these hosts in turn, itself among them (LocalNode) or not. */
	uint8_t real_servers[4], real_server_count, real_server_next;
	bool routes; /* says so, by ICMP, when it forwards */
};

struct event {
	uint64_t time_us;
	struct frame frame;
	bool lost; /* on its way to the probe; the bystander may hear it all the same */
};

struct model {
	struct address vip;
	struct model_host host[HOSTS_MAX];
	size_t host_count;
	struct event event[EVENTS_MAX];
	size_t event_count;
	uint16_t vlan; /* the tag of all that the hosts send, 0: none */
	double loss;   /* of one frame */
	struct random random;
	uint64_t seed;
	void (*damage)(struct model *model, struct frame *frame); /* of a host; NULL: none is */

	/* What the tests look at. */
	uint64_t now_us, frames, broadcasts, ip_packets;
	uint64_t digest; /* of all that was sent, and when */
	size_t decoys_answered;
	size_t forwarded; /* SYNs by directors */
	int half_open;    /* SYN-ACKs sent, less the RSTs that removed them */
	/* A bystander's entry for the VIP, when it last took another MAC, and what it misses.
	 * mac_zero: it has none. */
	struct mac cached;
	uint64_t cached_us;
	struct random missed;

	struct plan plan;
	struct audit_segment segment;
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
/* One turn: sends what is due, goes to the next event or wake-up. False when the audit is over. */
bool model_turn(struct model *model);
void model_start(struct model *model);
void model_finish(struct model *model);
/* All turns, from start to finish. */
void model_run(struct model *model);
/* Behind the audit: the bystander hears what hosts had yet to send. */
void model_run_on(struct model *model);
/* Begins a model: probe .1, VIP .100, hosts as in `hosts` (NULL: discover them). */
struct model *model_new(const char *hosts, uint64_t seed);
/* A sound segment: directors .3 (the owner) and .4 (standby), servers .11 and .12. */
struct model *sound(const char *hosts, uint64_t seed);
void model_free(struct model *model);
const struct host_result *result_of(const struct model *model, uint8_t last);
void assert_outcome(
    const struct model *model, uint8_t last, enum check_id check, enum check_outcome outcome);
void assert_verdict(const struct model *model, uint8_t last, enum verdict verdict);
/* Lets a frame of a host's reach the probe, as if it had just sent it. */
void hear(struct model *model, const struct frame *frame);
void name_directors(struct model *model, const char *text);
/* Decoys that are nobody's: where many frames are lost, one that is in use may be taken for free.
 */
void name_decoys(struct model *model);
/* The VIP has a TCP port. */
void set_port(struct model *model, uint16_t port);
/* Its finding with that id, NULL for none; and with that text in its message. */
const struct finding *finding_of(const struct model *model, const char *id);
void assert_finding(
    const struct model *model, const char *id, enum severity severity, const char *text);
/* The host that has that last octet. */
struct model_host *host_of(struct model *model, uint8_t last);
/* A VRRP advertisement of the VIP by a host; the addresses are the model's own. */
struct frame advertisement(const struct model *model, uint8_t last);
struct frame claim(const struct model *model, uint8_t last, enum arp_operation operation,
    const struct address *tpa);

#endif
