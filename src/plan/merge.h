/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts the clusters of a configuration together.
 */
#ifndef MERGE_H
#define MERGE_H

#include "arpaudit/plan.h"

/* Adds a VIP, or its ports if the cluster has it. */
bool cluster_add_vip(struct plan_cluster *cluster, const struct plan_vip *vip, struct error *error);

/*
 * What the first cluster says counts for all: interface, VLAN, source, servers, directors and
 * decoys. Then it goes, unless it has VIPs of its own. So do clusters without servers, each with a
 * warning. Clusters with the same servers and directors become one. At least one cluster remains.
 */
bool merge_clusters(struct plan *plan, struct error *error);

#endif
