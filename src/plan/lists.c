/* SPDX-License-Identifier: BSD-2-Clause */
#include "lists.h"

#include <stdlib.h>
#include <string.h>

void *
list_grow(void *list, size_t count, size_t size, struct error *error)
{
	void *grown = list;

	/* The capacity is a power of two. When it is full, double it. */
	if ((count & (count - 1)) == 0)
		grown = reallocarray(list, count == 0 ? 1 : 2 * count, size);
	if (grown == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	return grown;
}

static int
compare_rips(const void *a, const void *b)
{
	const struct plan_host *const one = a, *const other = b;

	return address_compare(&one->rip, &other->rip);
}

/* Of hosts with the same address, those named by themselves come first, and of these, those with a
 * name: hosts_sort() keeps the first. */
static int
compare_hosts(const void *a, const void *b)
{
	const struct plan_host *const one = a, *const other = b;
	const int order = compare_rips(a, b);

	if (order != 0)
		return order;
	if (one->ranged != other->ranged)
		return (int)one->ranged - (int)other->ranged;
	if (one->name == NULL || other->name == NULL)
		return (one->name == NULL) - (other->name == NULL);
	return strcmp(one->name, other->name);
}

void
hosts_sort(struct plan_cluster *cluster)
{
	struct plan_host *const hosts = cluster->hosts;
	size_t kept = 0;

	if (cluster->host_count == 0)
		return;
	qsort(hosts, cluster->host_count, sizeof(*hosts), compare_hosts);
	for (size_t i = 1; i < cluster->host_count; i++) {
		if (address_equal(&hosts[i].rip, &hosts[kept].rip))
			free(hosts[i].name);
		else
			hosts[++kept] = hosts[i];
	}
	cluster->host_count = kept + 1;
}

bool
hosts_check_count(const struct plan_cluster *cluster, struct error *error)
{
	if (cluster->host_count <= PLAN_HOSTS_MAX)
		return true;
	return error_set(error, EXIT_USAGE, "more than %d hosts: split them into several audits",
	    PLAN_HOSTS_MAX);
}

/* Removes duplicates only when the list has twice the allowed number of hosts, so that even a long
 * list of duplicates costs O(n log n). */
static bool
make_room(struct plan_cluster *cluster, struct error *error)
{
	struct plan_host *grown;

	if (cluster->host_count == (size_t)2 * PLAN_HOSTS_MAX) {
		hosts_sort(cluster);
		if (!hosts_check_count(cluster, error))
			return false;
	}
	grown = list_grow(cluster->hosts, cluster->host_count, sizeof(*grown), error);
	if (grown == NULL)
		return false;
	cluster->hosts = grown;
	return true;
}

bool
hosts_add(struct plan_cluster *cluster, const struct plan_host *host, struct error *error)
{
	if (!make_room(cluster, error)) {
		free(host->name);
		return false;
	}
	cluster->hosts[cluster->host_count++] = *host;
	return true;
}

bool
has_host(const struct plan_cluster *cluster, const struct address *address)
{
	const struct plan_host key = {.rip = *address};

	return cluster->host_count > 0 && bsearch(&key, cluster->hosts, cluster->host_count,
					      sizeof(key), compare_rips) != NULL;
}

bool
has_vip(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].address, address))
			return true;
	return false;
}

bool
has_director(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->director_count; i++)
		if (address_equal(&cluster->directors[i].address, address))
			return true;
	return false;
}

bool
has_same_director(const struct plan_cluster *cluster, const struct plan_director *director)
{
	for (size_t i = 0; i < cluster->director_count; i++)
		if (address_equal(&cluster->directors[i].address, &director->address) &&
		    mac_equal(&cluster->directors[i].mac, &director->mac))
			return true;
	return false;
}

bool
has_decoy(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (address_equal(&cluster->decoys[i], address))
			return true;
	return false;
}
