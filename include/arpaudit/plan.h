/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to audit: the clusters and the settings of the audit. A cluster is a set of VIPs on one
 * segment, with their real servers and directors.
 *
 * A plan owns everything that it points to; plan_free() releases it. Only the functions below add
 * to its arrays. They validate their input and report mistakes with the file, line and word.
 */
#ifndef ARPAUDIT_PLAN_H
#define ARPAUDIT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"
#include "arpaudit/error.h"
#include "arpaudit/plan_gateways.h"
#include "arpaudit/plan_remarks.h"
#include "arpaudit/plan_settings.h"

struct plan_port {
	uint16_t number;  /* 1 to 65535 */
	uint8_t protocol; /* IP_PROTOCOL_TCP or IP_PROTOCOL_UDP */
	bool partial;     /* only some of the hosts serve it, so no host is asked for it */
};

struct plan_vip {
	struct address address;
	struct plan_port ports[PLAN_PORTS_MAX]; /* in the order given, without duplicates */
	size_t port_count;                      /* 0: no port is known */
};

struct plan_host {
	struct address rip;
	char *name;  /* as the user wrote it; NULL if the user gave an address */
	bool ranged; /* it comes from a range or subnet, and was not named by itself */
};

/* An expected owner, identified by address or MAC. */
struct plan_director {
	struct address address; /* ADDRESS_NONE if the user gave a MAC */
	struct mac mac;         /* mac_zero if the user gave an address or a name */
	char *name;             /* as in struct plan_host */
};

/* Who may answer for the VIPs: the director, any one machine (then it is the director), or nobody
 * (the VIPs are routed). */
enum plan_owner { OWNER_DIRECTOR = 0, OWNER_ANY, OWNER_NONE };

struct plan_cluster {
	char *name;
	char *interface; /* NULL: found by its subnet */
	uint16_t vlan;   /* 802.1Q VLAN ID, 0: untagged */
	enum plan_owner owner;
	struct address source; /* SPA of who-has probes; ADDRESS_NONE: the interface's address */

	struct plan_vip *vips;
	size_t vip_count;
	struct plan_host *hosts;
	size_t host_count;
	bool discover; /* no hosts were given: sweep the segment for them */
	struct plan_director *directors;
	size_t director_count;
	struct address *decoys; /* the user's pool; if empty, decoys are drawn from the subnet */
	size_t decoy_count;
	struct mac *ignored; /* machines that a watch does not hear */
	size_t ignored_count;
	struct plan_gateways gateways;
	struct plan_remarks remarks;
	struct plan_settings settings; /* of its audit */
};

struct plan {
	struct plan_settings settings;
	struct plan_cluster *clusters;
	size_t cluster_count;
};

void plan_init(struct plan *plan); /* no clusters, default settings */
void plan_free(struct plan *plan);

/* Adds an empty cluster. Valid until the next one is added; NULL if out of memory. */
struct plan_cluster *plan_add_cluster(struct plan *plan, const char *name);
/* Removes and releases one. The ones behind it move. */
void plan_drop_cluster(struct plan *plan, size_t at);
/* Moves all clusters of `from` behind those of `plan`. They get the name `name`; several get it
 * with a slash before their own. */
bool plan_move_clusters(
    struct plan *plan, struct plan *from, const char *name, struct error *error);

/*
 * Add the elements in `text`, which are separated by commas:
 *   VIPs       VIP[:PORT[/tcp|udp]], VIP an address or a name; the default protocol is tcp
 *   hosts      IP, name, A-B (a range, inclusive; B may be just the last octet), CIDR (host bits
 * may be set; the network and broadcast addresses are excluded), @FILE, or - (standard input, once)
 *   directors  IP, name or MAC
 *   decoys, gateways   IP
 *   ignored    MAC
 * plan_set_source() takes a single IP. A name must resolve to exactly one IPv4 address.
 *
 * A file has one or more elements per line, separated by blanks or commas; `#` starts a comment. A
 * file cannot include another. Duplicates count once. A VIP with several ports is one VIP.
 *
 * On failure the status is EXIT_USAGE, or EXIT_CANNOT_RUN if out of memory. The message quotes the
 * word, after "FILE:LINE: " if it comes from a file. Those before it have been added.
 */
bool plan_add_vips(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_hosts(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_directors(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_decoys(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_gateways(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_ignored(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_set_source(struct plan_cluster *cluster, const char *text, struct error *error);

/*
 * Checks that the cluster is complete and consistent, once everything has been read; fails with
 * EXIT_USAGE. There must be a VIP, and hosts or `discover`. VIPs, RIPs, directors, decoys and the
 * source are different addresses; only a RIP may also be a director. A gateway
 * is no VIP, decoy or source. An address of a range that has
 * another role is left out, with a remark. Directors are named only if one is to own the VIPs
 * (OWNER_DIRECTOR). Afterwards the hosts are sorted by address without duplicates, each with its
 * name if one was given.
 */
bool plan_check(struct plan_cluster *cluster, struct error *error);

/* Asks /etc/hosts and DNS for the names of hosts that have none. EXIT_CANNOT_RUN if out of memory.
 */
bool plan_resolve(struct plan *plan, struct error *error);

/*
 * Fits the cluster to the segment on which it will be audited. Call it once, after plan_check().
 * `own` is the probe's address and prefix length on the interface, or ADDRESS_NONE.
 * - The probe's own address may be a director, since the audit can run on a standby director, but
 *   not a host, VIP or decoy (EXIT_USAGE). Nothing may be the subnet's network or broadcast address
 *   (EXIT_USAGE). All of these are left out of a range.
 * - If the subnet contains all listed hosts, or none are listed, each decoy must be a host address
 *   of the subnet (EXIT_USAGE).
 * - With `discover` set, the hosts become the subnet's other host addresses that are no VIPs. If
 *   there are none, or more than PLAN_SWEEP_MAX, the message asks for --rs (EXIT_USAGE).
 * - Without an address of its own, the probe needs `source` (EXIT_CANNOT_RUN).
 * Afterwards the hosts are sorted by address.
 */
bool plan_fit(struct plan_cluster *cluster, const struct prefix *own, struct error *error);

#endif
