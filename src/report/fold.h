/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of hosts in few words: "10.77.0.11-13, 10.77.0.20 (web9), and 4 more".
 */
#ifndef FOLD_H
#define FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/arena.h"
#include "arpaudit/result.h"

/* From how many hosts on they are given as ranges, without their names if they have any. */
#define FOLD_FROM 5

/* Orders pointers to hosts by address, then by MAC, for qsort(3). Those without address come last.
 */
int fold_compare(const void *one, const void *other);

/* The name of a host: "10.77.0.12 (rs2)", or its MAC if no address is known. Safe to print. */
const char *fold_host(struct arena *arena, const struct host_result *host);

/*
 * Lists hosts that are in the order of fold_compare(), none of them twice. Consecutive addresses
 * become a range. The list ends with ", and N more" rather than pass `width` characters; its first
 * element is there in any case. In the arena.
 */
const char *fold_hosts(
    struct arena *arena, const struct host_result *const *hosts, size_t count, size_t width);

/* The hosts that are compliant for all VIPs of the cluster, other than directors, in the order of
 * fold_compare(). Sets `count`. */
const struct host_result *const *fold_sound(
    struct arena *arena, const struct cluster_result *cluster, size_t *count);

/* Lists VIPs like hosts, which must be in the order of their addresses. */
const char *fold_vips(
    struct arena *arena, const struct vip_result *const *vips, size_t count, size_t width);

#endif
