/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distinct faults of a cluster: findings that say the same of several hosts and VIPs, and have
 * the same remedy, are one fault. So are the findings of one host that share a remedy.
 *
 * Remedies count as the same if they differ in the address of the host and of the VIP only.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/arena.h"
#include "arpaudit/result.h"

#define FAULT_CAUSES 4 /* further findings that share a remedy become a fault of their own */

struct fault {
	enum severity severity;
	bool of_hosts; /* false: of VIPs as a whole */
	/* The findings of the first host and VIP, in the order of the checks. All others have the
	 * same ids and causes. */
	const struct finding *findings[FAULT_CAUSES];
	size_t finding_count;
	const struct host_result *first;        /* the host of these findings; NULL: none */
	const struct host_result *const *hosts; /* by address, none twice */
	size_t host_count;
	const struct vip_result *const *vips; /* by address, none twice */
	size_t vip_count;
	bool alike; /* their remedies differ, but in addresses only */
};

struct faults {
	const struct fault *fault; /* the worst first, then in the order of the findings */
	size_t count;
};

/* In the arena. Takes n log n for n findings. */
struct faults faults_of(const struct cluster_result *cluster, struct arena *arena);

/* The ids of the fault's findings, each once: "vip-reply, vip-source". */
const char *fault_ids(const struct fault *fault, struct arena *arena);

/* The hosts and VIPs to which the fault of the one in `findings` applies. */
size_t fault_subjects(const struct fault *fault);

#endif
