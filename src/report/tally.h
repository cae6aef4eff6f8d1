/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts of verdicts. A host counts once per VIP, because it has a verdict for each.
 */
#ifndef TALLY_H
#define TALLY_H

#include "arpaudit/result.h"

struct tally {
	size_t vips, hosts;
	size_t by_verdict[VERDICT_VIOLATION + 1]; /* of the hosts */
};

void tally_vip(struct tally *tally, const struct vip_result *vip);
struct tally tally_cluster(const struct cluster_result *cluster);
struct tally tally_result(const struct result *result);

/* The greatest chance that a passed check of the cluster should have failed; negative: no check has
 * passed. */
double tally_bound(const struct cluster_result *cluster);

#endif
