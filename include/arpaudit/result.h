/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The results of an audit. The reports are written from them.
 *
 * Times (`_us`) are microseconds since the epoch, UTC. Every text is one line without control
 * characters, except a remedy, which has one command per line. A result owns everything that it
 * points to, in one arena: result_free() releases it all. Strings may be shared.
 */
#ifndef ARPAUDIT_RESULT_H
#define ARPAUDIT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"
#include "arpaudit/ending.h"
#include "arpaudit/finding.h"
#include "arpaudit/gateway_result.h"
#include "arpaudit/verdict.h"

struct check_title {
	const char *name;    /* in every report: "vip-reply" */
	const char *heading; /* of its column in a table: "REPLY" */
	enum check_column column;
};

struct check_result {
	const struct check_title *title;
	enum check_outcome outcome;
	uint32_t confirmations; /* independent observations that agree with a pass */
	/* The probability that frame loss alone made a faulty host look like this. 0 if the pass
	 * rests on observed frames rather than on silence; negative if it does not apply. */
	double false_pass_bound;
	const char *reason; /* never NULL; "" for a pass that needs none */
};

struct host_result {
	struct address rip; /* ADDRESS_NONE if only the MAC is known */
	const char *name;   /* or NULL */
	struct mac mac;
	bool has_mac;
	enum host_role role;
	enum verdict verdict;
	const struct check_result *checks; /* in the order of every report */
	size_t check_count;
	/* Bit N is set if level N of the sysctl (ip-sysctl) fits the observed behaviour; 0: nothing
	 * is known. arp_ignore has levels 0..3 and 8, arp_announce 0..2. */
	uint16_t arp_ignore, arp_announce;
	const struct finding *findings;
	size_t finding_count;
};

struct owner_result {
	struct mac mac;
	struct address ip; /* ADDRESS_NONE if unknown */
	uint8_t vrrp_vrid; /* VRID of a VRRP virtual router MAC (RFC 5798, section 7.3), else 0 */
	bool expected;     /* it is the director, as named by the user or by its behaviour */
	bool may_be_expected; /* it may be, but it cannot be told: ROLE_MAYBE_DIRECTOR */
};

/* A director that the user named: an address, a MAC, or a name with its address. */
struct expected_director {
	struct address ip; /* ADDRESS_NONE if a MAC was named */
	struct mac mac;    /* mac_zero if an address or a name was named */
	const char *name;  /* or NULL */
};

/* A host that a sweep found alive, but about which nothing can be said. */
struct unjudged_result {
	struct address ip;
	struct mac mac;
	const char *reason;
};

struct vip_result {
	struct address vip;
	const char *const *ports; /* of the plan: "80" for TCP, "53/udp" for UDP */
	size_t port_count;
	enum verdict verdict;
	const struct expected_director *directors; /* none: any sole owner may be the director */
	size_t director_count;
	const struct owner_result *owners;
	size_t owner_count;
	double owner_bound; /* chance that lost frames hid a further owner; negative: unknown */
	const struct finding *findings; /* about the VIP as a whole */
	size_t finding_count;
	const struct host_result *hosts;
	size_t host_count;
	const struct unjudged_result *unjudged;
	size_t unjudged_count;
	const struct gateway_result *gateway; /* NULL: nobody has looked for a gateway */
};

struct cluster_result {
	const char *name;
	const char *interface; /* "": none was found */
	uint16_t vlan;         /* 0: none */
	struct mac probe_mac;
	struct address probe_ip; /* SPA of the who-has probes */
	const char *probe_host;  /* the name of the machine that audited; NULL: result.host */
	/* Why it could not run, or not to its end; NULL: it did. Then no VIP is compliant. */
	const char *error;
	enum verdict verdict;
	const struct vip_result *vips;
	size_t vip_count;
	uint64_t listened_us; /* since the first question for a VIP; 0: none was asked */
	size_t hosts_asked;   /* hosts of the plan, or swept addresses */
	size_t hosts_alive;   /* hosts that answered for their RIP, out of these */
	bool discovered;      /* the hosts were found by a sweep */
	double sweep_bound;   /* chance that the sweep missed a live host; negative: unknown */
};

struct wire_result {
	uint64_t frames_sent, broadcasts_sent, frames_captured, kernel_drops;
	double loss_estimate;         /* 0..1, for one exchange of request and reply */
	uint32_t leaks_provoked;      /* claims of the VIP elicited by our own packets */
	bool owner_restored;          /* also true if no leak was provoked */
	uint32_t peak_host_arp_per_s; /* most ARP frames of one host: facts/arp_load.h */
	uint64_t evidence_omitted;    /* frames that are not in the evidence file: it is full */
};

struct result {
	uint64_t started_us, finished_us;
	struct ending ending;
	bool complete;        /* it ended by itself: ENDED_DONE */
	enum verdict verdict; /* the worst of the clusters; report result_verdict() instead */
	const struct cluster_result *clusters;
	size_t cluster_count;
	struct wire_result wire;
	const char *host;           /* the name of the machine that made the result, or NULL */
	const char *const *options; /* the arguments of the command line; borrowed */
	size_t option_count;
	int exit_status; /* of the process, as far as it is known when the report is written */
	struct arena *arena;
};

void result_free(struct result *result);

/* Adds the name of this machine and the arguments, which are borrowed. */
void result_describe(struct result *result, const char *const *options, size_t option_count);

/* The host's check with that name, NULL when it has none. */
const struct check_result *result_check(const struct host_result *host, const char *name);
size_t result_count_findings(const struct cluster_result *cluster); /* of VIPs and hosts */

/* The verdict of reports and exit status: no success if interrupted, or if no host was judged. */
enum verdict result_verdict(const struct result *result);

#endif
