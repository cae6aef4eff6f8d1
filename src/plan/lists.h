/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lists of a cluster: growth, sorting and membership.
 */
#ifndef LISTS_H
#define LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/plan.h"

/*
 * Makes room for one more element in `list`, which has `count` elements of `size` octets. Returns
 * the list, which may have moved. Returns NULL with `error` set if out of memory; the old list is
 * still valid. Every element must have been added with this function. Growth costs linear time in
 * total.
 */
void *list_grow(void *list, size_t count, size_t size, struct error *error);

/* Adds a host and takes ownership of its name; frees the name on failure. Until hosts_sort() the
 * list may contain duplicates and exceed PLAN_HOSTS_MAX. */
bool hosts_add(struct plan_cluster *cluster, const struct plan_host *host, struct error *error);
/* Sorts the hosts by address and removes duplicates, keeping a name if there is one. */
void hosts_sort(struct plan_cluster *cluster);
/* Fails if there are more than PLAN_HOSTS_MAX hosts. Call it after hosts_sort(). */
bool hosts_check_count(const struct plan_cluster *cluster, struct error *error);

/* Is the address in the list? has_host() requires sorted hosts. */
bool has_host(const struct plan_cluster *cluster, const struct address *address);
bool has_vip(const struct plan_cluster *cluster, const struct address *address);
bool has_director(const struct plan_cluster *cluster, const struct address *address);
/* Is a director named in the same way, by the same address or MAC? */
bool has_same_director(const struct plan_cluster *cluster, const struct plan_director *director);
bool has_decoy(const struct plan_cluster *cluster, const struct address *address);
bool has_gateway(const struct plan_cluster *cluster, const struct address *address);

#endif
