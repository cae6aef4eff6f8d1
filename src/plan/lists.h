/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lists of a cluster: growing, sorting, membership.
 */
#ifndef LISTS_H
#define LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/plan.h"

/*
 * Returns `list`, of `count` elements of `size` octets, with room for one more; NULL with `error`
 * set when memory is short: then the old list stays. Growing costs linear time in all. Every
 * element must have been added by way of this function.
 */
void *list_grow(void *list, size_t count, size_t size, struct error *error);

/* Adds a host, whose name is then the list's, or freed on failure. An address may be there twice
 * until hosts_sort(), and until then a list may hold more than PLAN_HOSTS_MAX. */
bool hosts_add(struct plan_cluster *cluster, const struct plan_host *host, struct error *error);
/* By address. Of one that was given several times, one stays, with a name if it had any. */
void hosts_sort(struct plan_cluster *cluster);
/* "more than 65536 hosts", when that is so after hosts_sort(). */
bool hosts_check_count(const struct plan_cluster *cluster, struct error *error);

/* Is the address in the list? has_host() asks for sorted hosts. */
bool has_host(const struct plan_cluster *cluster, const struct address *address);
bool has_vip(const struct plan_cluster *cluster, const struct address *address);
bool has_director(const struct plan_cluster *cluster, const struct address *address);
bool has_decoy(const struct plan_cluster *cluster, const struct address *address);

#endif
