/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan's life cycle, and what must hold of a cluster as a whole.
 */
#include "arpaudit/plan.h"

#include <stdlib.h>
#include <string.h>

void
plan_init(struct plan *plan)
{
	*plan = (struct plan){
	    .settings =
		{
		    .rate = PLAN_RATE_DEFAULT,
		    .broadcast_rate = PLAN_BROADCAST_RATE_DEFAULT,
		    .confidence = PLAN_CONFIDENCE_DEFAULT,
		    .linger_us = PLAN_LINGER_US_DEFAULT,
		    .elicit = true,
		},
	};
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->cluster_count; i++) {
		struct plan_cluster *cluster = &plan->clusters[i];

		for (size_t host = 0; host < cluster->host_count; host++)
			free(cluster->hosts[host].name);
		for (size_t director = 0; director < cluster->director_count; director++)
			free(cluster->directors[director].name);
		free(cluster->vips);
		free(cluster->hosts);
		free(cluster->directors);
		free(cluster->decoys);
		free(cluster->name);
		free(cluster->interface);
	}
	free(plan->clusters);
	*plan = (struct plan){0};
}

struct plan_cluster *
plan_add_cluster(struct plan *plan, const char *name)
{
	struct plan_cluster *clusters =
	    reallocarray(plan->clusters, plan->cluster_count + 1, sizeof(*clusters));
	char *copy = strdup(name);

	if (clusters != NULL)
		plan->clusters = clusters;
	if (clusters == NULL || copy == NULL) {
		free(copy);
		return NULL;
	}
	clusters[plan->cluster_count] = (struct plan_cluster){.name = copy};
	return &clusters[plan->cluster_count++];
}

static int
compare_hosts(const void *a, const void *b)
{
	return address_compare(
	    &((const struct plan_host *)a)->rip, &((const struct plan_host *)b)->rip);
}

static bool
is_host(const struct plan_cluster *cluster, const struct address *address)
{
	const struct plan_host key = {.rip = *address};

	return cluster->host_count > 0 && bsearch(&key, cluster->hosts, cluster->host_count,
					      sizeof(key), compare_hosts) != NULL;
}

/* Sorts the hosts; of an address given twice one stays, with its name if it had one. */
static void
sort_hosts(struct plan_cluster *cluster)
{
	size_t kept = 0;

	if (cluster->host_count == 0)
		return;
	qsort(cluster->hosts, cluster->host_count, sizeof(*cluster->hosts), compare_hosts);
	for (size_t i = 1; i < cluster->host_count; i++) {
		struct plan_host *host = &cluster->hosts[i];
		struct plan_host *last = &cluster->hosts[kept];

		if (!address_equal(&host->rip, &last->rip)) {
			cluster->hosts[++kept] = *host;
		} else if (last->name == NULL) {
			last->name = host->name;
		} else {
			free(host->name);
		}
	}
	cluster->host_count = kept + 1;
}

static bool
check_vip(const struct plan_cluster *cluster, const struct address *vip, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(vip, text);
	if (is_host(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is given as a VIP and as a real server: --rs takes the servers' own "
		    "addresses",
		    text);
	if (address_equal(vip, &cluster->source))
		return error_set(error, EXIT_USAGE,
		    "--source %s is a VIP: the probe must not speak as one", text);
	for (size_t i = 0; i < cluster->director_count; i++)
		if (address_equal(vip, &cluster->directors[i].address))
			return error_set(error, EXIT_USAGE,
			    "%s is given as a VIP and as a director: -d takes the director's own "
			    "address or MAC",
			    text);
	return true;
}

static bool
check_decoy(const struct plan_cluster *cluster, const struct address *decoy, struct error *error)
{
	bool used = is_host(cluster, decoy) || address_equal(decoy, &cluster->source);
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cluster->vip_count; i++)
		used = used || address_equal(decoy, &cluster->vips[i].address);
	for (size_t i = 0; i < cluster->director_count; i++)
		used = used || address_equal(decoy, &cluster->directors[i].address);
	return !used || error_set(error, EXIT_USAGE,
			    "--decoy %s is in use in this plan: a decoy is nobody's",
			    address_format(decoy, text));
}

bool
plan_check(struct plan_cluster *cluster, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	sort_hosts(cluster);
	if (cluster->vip_count == 0)
		return error_set(error, EXIT_USAGE, "no VIP to audit: name it with --vip");
	if (address_is_set(&cluster->source) && is_host(cluster, &cluster->source))
		return error_set(error, EXIT_USAGE, "--source %s is a real server's address",
		    address_format(&cluster->source, text));
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (!check_vip(cluster, &cluster->vips[i].address, error))
			return false;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (!check_decoy(cluster, &cluster->decoys[i], error))
			return false;
	return true;
}

static bool
is_vip(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].address, address))
			return true;
	return false;
}

/* The hosts of a sweep: every address of the subnet that another machine may have. */
static bool
fill_sweep(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	const struct prefix network = prefix_network(own);
	const uint64_t size = prefix_size(own);
	char text[ADDRESS_TEXT_SIZE];

	if (size > PLAN_SWEEP_MAX)
		return error_set(error, EXIT_USAGE,
		    "the subnet %s/%u has %llu addresses, too many to sweep (%d): name the real "
		    "servers with --rs",
		    address_format(&network.address, text), network.length,
		    (unsigned long long)size, PLAN_SWEEP_MAX);
	cluster->hosts = calloc(size, sizeof(*cluster->hosts));
	if (cluster->hosts == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (uint64_t i = 0; i < size; i++) {
		const struct address address =
		    address_ipv4(address_ipv4_number(&network.address) + (uint32_t)i);

		if (prefix_is_host(own, &address) && !address_equal(&address, &own->address) &&
		    !address_equal(&address, &cluster->source) && !is_vip(cluster, &address))
			cluster->hosts[cluster->host_count++].rip = address;
	}
	return true;
}

bool
plan_fit(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	const bool has_own = address_is_set(&own->address);
	char text[ADDRESS_TEXT_SIZE];

	address_format(&own->address, text);
	if (!has_own && !address_is_set(&cluster->source))
		return error_set(error, EXIT_CANNOT_RUN,
		    "the interface has no IPv4 address: give the probes one with --source");
	if (has_own && is_vip(cluster, &own->address))
		return error_set(error, EXIT_USAGE,
		    "the VIP %s is this machine's own address: audit from another machine", text);
	if (has_own && is_host(cluster, &own->address))
		return error_set(error, EXIT_USAGE,
		    "%s is this machine's own address: it can't audit itself, leave it out of --rs",
		    text);
	if (!cluster->discover)
		return true;
	if (!has_own)
		return error_set(error, EXIT_USAGE,
		    "the interface has no subnet to sweep: name the real servers with --rs");
	return fill_sweep(cluster, own, error);
}
