/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The results of an audit: what the reports are written from.
 *
 * Times are microseconds since the epoch (UTC). All texts are one line without control characters,
 * except remedies, which have one command per line. A result owns all that it points to, in one
 * arena (result_free() releases everything); strings may be shared.
 */
#ifndef ARPAUDIT_RESULT_H
#define ARPAUDIT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"

struct arena;

/* Ordered from best to worst: the verdict of a whole is the greatest of its parts'. */
enum verdict {
	VERDICT_COMPLIANT = 0,
	VERDICT_INCONCLUSIVE,
	VERDICT_VIOLATION,
};

/* The checks of a host, in the order of every report. */
enum check_id {
	CHECK_VIP_REPLY = 0, /* does it answer who-has VIP? (arp_ignore) */
	CHECK_VIP_SOURCE,    /* does it speak ARP as the VIP? (arp_announce) */
	CHECK_VIP_BOUND,     /* does it hold the VIP at all? */
	CHECK_RIP_UNIQUE,    /* is its RIP answered by one MAC? */
	CHECK_PROXY_ARP,     /* does it answer for addresses that nobody uses? */
	CHECK_SERVICE,       /* does it serve VIP:port? */
	CHECK_COUNT,
};

enum check_outcome {
	OUTCOME_SKIPPED = 0, /* not asked for, or not applicable: the reason says why */
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_INCONCLUSIVE,
};

struct check_result {
	enum check_outcome outcome;
	uint32_t confirmations; /* independent observations that agree with a pass */
	/* The chance that a faulty host would have looked like this, by lost frames alone: 0 where
	 * the pass rests on what was seen and not on silence, negative where it does not apply. */
	double false_pass_bound;
	const char *reason; /* never NULL; "" for a plain pass */
};

enum severity {
	SEVERITY_NOTE = 0,
	SEVERITY_INCONCLUSIVE,
	SEVERITY_VIOLATION,
};

struct evidence {
	uint64_t time_us;
	uint64_t frame; /* number in the evidence file, from 1; 0: none was kept */
	const char *summary;
	const uint8_t *bytes; /* the frame's first octets */
	size_t length;
};

struct finding {
	const char *id; /* the check's name, or of a finding without one: "vip-owner",
			   "unlisted-claimant", ... */
	enum severity severity;
	const char *message;
	const char *remedy; /* "" when there is nothing to do */
	const struct evidence *evidence;
	size_t evidence_count;
};

enum host_role {
	ROLE_REAL_SERVER = 0,
	ROLE_DIRECTOR,
	ROLE_DIRECTOR_REAL_SERVER, /* LVS "LocalNode" */
	ROLE_UNLISTED,
};

struct host_result {
	struct address rip; /* ADDRESS_NONE: only the MAC is known */
	const char *name;   /* or NULL */
	struct mac mac;
	bool has_mac;
	enum host_role role;
	enum verdict verdict;
	struct check_result checks[CHECK_COUNT];
	/* Bit N: level N agrees with what was seen; 0: nothing is known. arp_ignore 0..3 and 8,
	 * arp_announce 0..2. */
	uint16_t arp_ignore, arp_announce;
	const struct finding *findings;
	size_t finding_count;
};

struct owner_result {
	struct mac mac;
	struct address ip; /* ADDRESS_NONE when not known */
	uint8_t vrrp_vrid; /* of a VRRP virtual router MAC, else 0 */
	bool expected;     /* told to be the director, by what the user said or by its behaviour */
};

struct vip_result {
	struct address vip;
	enum verdict verdict;
	const struct owner_result *owners;
	size_t owner_count;
	const struct finding *findings; /* for the VIP as a whole */
	size_t finding_count;
	const struct host_result *hosts;
	size_t host_count;
};

struct cluster_result {
	const char *name;
	const char *interface;
	uint16_t vlan; /* 0: none */
	struct mac probe_mac;
	struct address probe_ip; /* the SPA of the who-has probes */
	enum verdict verdict;
	const struct vip_result *vips;
	size_t vip_count;
	size_t hosts_asked; /* hosts of the plan, or addresses swept */
	size_t hosts_alive; /* of them, those that answered for their RIP */
	bool discovered;    /* the hosts were found by a sweep */
};

struct wire_result {
	uint64_t frames_sent, broadcasts_sent, frames_captured, kernel_drops;
	double loss_estimate;    /* 0..1: of one exchange, request and reply */
	uint32_t leaks_provoked; /* claims of the VIP that our own packets elicited */
	bool owner_restored;     /* true as well when no leak was provoked */
};

struct result {
	uint64_t started_us, finished_us;
	bool complete;        /* false: interrupted by a signal or an error */
	enum verdict verdict; /* the worst of its clusters'; tell result_verdict() instead */
	const struct cluster_result *clusters;
	size_t cluster_count;
	struct wire_result wire;
	struct arena *arena;
};

void result_free(struct result *result);

/*
 * The verdict to tell, in reports and by the exit status: `verdict`, but never compliant for an
 * audit that was interrupted or that judged no host. Neither is a success.
 */
enum verdict result_verdict(const struct result *result);

/* The words of the reports: "vip-reply", "pass", "violation", "note", "real-server". */
const char *check_name(enum check_id check);
const char *outcome_name(enum check_outcome outcome);
const char *verdict_name(enum verdict verdict);
const char *severity_name(enum severity severity);
const char *role_name(enum host_role role);

#endif
