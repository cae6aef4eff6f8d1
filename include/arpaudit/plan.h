/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to audit: clusters, each a set of VIPs on one segment with their real servers and directors,
 * and the settings of the audit.
 *
 * A plan owns everything that it points to; plan_free() releases it. The arrays grow only through
 * the functions below, which also validate. Readers (options, files) turn text into a plan and
 * report mistakes with the file, line and word.
 */
#ifndef ARPAUDIT_PLAN_H
#define ARPAUDIT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"
#include "arpaudit/error.h"

/* A subnet of more addresses than this is not swept; the user has to name the hosts. */
#define PLAN_SWEEP_MAX 4096
/* The most of each in one cluster. */
#define PLAN_HOSTS_MAX     65536
#define PLAN_VIPS_MAX      1024
#define PLAN_DIRECTORS_MAX 256
#define PLAN_DECOYS_MAX    4096

struct plan_vip {
	struct address address;
	uint16_t port;    /* 0: not known */
	uint8_t protocol; /* IP_PROTOCOL_TCP or IP_PROTOCOL_UDP; 0 when port is 0 */
};

struct plan_host {
	struct address rip;
	char *name; /* as the user gave it, when that was not an address; else NULL */
};

/* An expected owner: by IP, by MAC, or by name (which gives the IP). */
struct plan_director {
	struct address address; /* ADDRESS_NONE when named by MAC */
	struct mac mac;         /* mac_zero when named by address */
	char *name;             /* as plan_host.name */
};

struct plan_cluster {
	char *name;
	char *interface;       /* NULL: to be found */
	uint16_t vlan;         /* 802.1Q VLAN ID, 0: untagged */
	struct address source; /* SPA of who-has probes; ADDRESS_NONE: the interface's own */

	struct plan_vip *vips;
	size_t vip_count;
	struct plan_host *hosts;
	size_t host_count;
	bool discover; /* no hosts were named: they are to be found on the segment */
	struct plan_director *directors;
	size_t director_count;
	struct address *decoys; /* the pool given by the user; none: drawn from the subnet */
	size_t decoy_count;
};

/* Every rate and time of an audit. */
struct plan_settings {
	uint32_t rate;           /* frames per second, 0: unlimited */
	uint32_t broadcast_rate; /* broadcasts per second, 0: unlimited */
	double confidence;       /* false-pass bound per host and VIP, 0 < P < 1 */
	uint64_t linger_us;      /* after the last broadcast who-has VIP */
	uint64_t timeout_us;     /* overall deadline, 0: none */
	bool elicit;             /* false: never send an IP packet */
};

struct plan {
	struct plan_settings settings;
	struct plan_cluster *clusters;
	size_t cluster_count;
};

#define PLAN_RATE_DEFAULT           5000
#define PLAN_BROADCAST_RATE_DEFAULT 500
#define PLAN_CONFIDENCE_DEFAULT     1e-6
#define PLAN_LINGER_US_DEFAULT      1000000

void plan_init(struct plan *plan); /* no clusters, default settings */
void plan_free(struct plan *plan);

/* Adds an empty cluster and returns it; the pointer is good until the next cluster is added. */
struct plan_cluster *plan_add_cluster(struct plan *plan, const char *name);

/*
 * Adds what the text says. `text` is one element or several separated by commas:
 *   VIP       VIP[:PORT[/tcp|udp]], tcp when it is not said
 *   hosts     IP, name, A-B (range, both ends included; B may be the last octet alone), CIDR (host
 *             bits may be set; network and broadcast address are left out), @FILE, - (standard
 *             input, once)
 *   director  IP, name or MAC
 *   decoy     IP
 * The source is one IP. A name must have just one IPv4 address.
 *
 * A file has one element or more per line, separated by blanks or commas; `#` starts a comment. It
 * can't name another file. An address given twice counts once; one VIP with two ports is refused.
 *
 * Errors quote the offending word, behind "FILE:LINE: " when it is from a file: EXIT_USAGE, or
 * EXIT_CANNOT_RUN when memory is short. The cluster then holds what was read before.
 */
bool plan_add_vips(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_hosts(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_directors(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_add_decoys(struct plan_cluster *cluster, const char *text, struct error *error);
bool plan_set_source(struct plan_cluster *cluster, const char *text, struct error *error);

/*
 * The cluster is complete and consistent: at least one VIP, hosts or `discover`, no VIP among the
 * RIPs, directors, source or decoys, no decoy among the RIPs, directors or source, and a source
 * that is no RIP and no director. A RIP may be a director too. Call it when everything has been
 * read. EXIT_USAGE. Hosts end up sorted by address, each once, with a name if one was given.
 */
bool plan_check(struct plan_cluster *cluster, struct error *error);

/*
 * Fits the cluster, which has passed plan_check(), to the segment that it will be audited on. `own`
 * is the probe's address on the interface with its prefix length (ADDRESS_NONE: the interface has
 * none).
 * - A named host, VIP or decoy that is the probe's own address is an error (EXIT_USAGE); a director
 *   may be, as a standby director can be the probe.
 * - A VIP that is the subnet's network or broadcast address is an error (EXIT_USAGE).
 * - So is a decoy that no host of the subnet can have, if all named hosts are in it, or none are
 *   named.
 * - With `discover` set, fills the hosts with the subnet's addresses (without network, broadcast,
 *   own, source and VIP addresses). None, and more than PLAN_SWEEP_MAX addresses, are errors
 *   (EXIT_USAGE) that ask for --rs.
 * - Without an own address, `source` must be set, else EXIT_CANNOT_RUN.
 * Hosts end up sorted by address. Call it once.
 */
bool plan_fit(struct plan_cluster *cluster, const struct prefix *own, struct error *error);

#endif
