/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens and closes a run's links and audits.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "arpaudit/run.h"
#include "gentle.h"
#include "pairs.h"
#include "segments.h"
#include "shares.h"
#include "used.h"

static bool
draw_seed(uint64_t *seed, struct error *error)
{
	if (getrandom(seed, sizeof(*seed), 0) == (ssize_t)sizeof(*seed))
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "no random numbers: %s", strerror(errno));
}

static bool
vips_are_elsewhere(const struct plan_cluster *cluster, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cluster->vip_count; i++)
		if (link_address_is_local(&cluster->vips[i].address))
			return error_set(error, EXIT_USAGE,
			    "the VIP %s is this machine's own address: audit from another machine",
			    address_format(&cluster->vips[i].address, text));
	return true;
}

static bool
find_interface(struct run_pair *pair, struct error *error)
{
	const struct plan_cluster *cluster = pair->cluster;
	struct address *rips = calloc(cluster->host_count + 1, sizeof(*rips));
	bool found;

	if (rips == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < cluster->host_count; i++)
		rips[i] = cluster->hosts[i].rip;
	found = link_find(cluster->interface, cluster->vlan, &cluster->vips[0].address, rips,
	    cluster->host_count, &pair->interface, error);
	free(rips);
	return found;
}

/* A VIP in the subnet of another interface is on another segment. */
static bool
check_segments_of_vips(const struct run_pair *pair, const struct link_subnets *subnets,
    const struct plan_cluster *cluster, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], other[LINK_NAME_SIZE];

	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct address *vip = &cluster->vips[i].address;

		if (!link_subnets_hold(subnets, vip) &&
		    link_find_other(&pair->interface, vip, other))
			return error_set(error, EXIT_USAGE,
			    "the VIP %s is in the subnet of %s, not of %s: audit it by itself, "
			    "with "
			    "-i %s",
			    address_format(vip, text), other, pair->interface.name, other);
	}
	return true;
}

/* Such a server may be on the segment all the same, but is more likely a mistake. */
static bool
warn_of_strangers(const struct run_pair *pair, const struct link_subnets *subnets,
    struct plan_cluster *cluster, struct error *error)
{
	char first[ADDRESS_TEXT_SIZE] = "", more[40] = "";
	size_t count = 0;

	for (size_t i = 0; i < cluster->host_count; i++)
		if (!link_subnets_hold(subnets, &cluster->hosts[i].rip) && count++ == 0)
			address_format(&cluster->hosts[i].rip, first);
	if (count > 1)
		(void)snprintf(more, sizeof(more), " (and %zu more)", count - 1);
	return count == 0 ||
	       remarks_warn(&cluster->remarks, error,
		   "the real server %s%s is in no subnet of %s: it can only be judged if it is on "
		   "that segment",
		   first, more, pair->interface.name);
}

static bool
is_vip(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].address, address))
			return true;
	return false;
}

/* An interface without an address tells nothing of its subnets. */
static bool
check_subnets(const struct run_pair *pair, struct plan_cluster *cluster, struct error *error)
{
	struct link_subnets subnets;

	if (!link_subnets(&pair->interface, &subnets, error))
		return false;
	return subnets.count == 0 || (check_segments_of_vips(pair, &subnets, cluster, error) &&
					 warn_of_strangers(pair, &subnets, cluster, error));
}

/* Without a named gateway, the check takes this machine's own. A VIP or the probe itself is none.
 */
static void
find_gateway(const struct run_pair *pair, struct plan_cluster *cluster)
{
	struct plan_gateways *const gateways = &cluster->gateways;
	struct address address;

	if (gateways->count > 0)
		return;
	if (gateways->off) {
		gateways->absent = "no gateway was to be asked (--no-gateway)";
	} else if (!link_default_gateway(&pair->interface, &address)) {
		gateways->absent = "this machine has no default gateway on the segment, and none "
				   "was named (--gateway)";
	} else if (is_vip(cluster, &address)) {
		gateways->absent = "the default gateway of this machine is a VIP";
	} else {
		gateways->found = true;
		gateways->address[gateways->count++] = address;
	}
}

/* The audit can run on a standby director. It can't hear itself, so that is no host of the audit,
 * but if it owns the VIP, its MAC is expected. */
static bool
name_own_director(const struct run_pair *pair, struct plan_cluster *cluster, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cluster->director_count; i++) {
		struct plan_director *const director = &cluster->directors[i];

		if (!address_is_set(&director->address) ||
		    !address_equal(&director->address, &pair->interface.own.address))
			continue;
		if (!remarks_warn(&cluster->remarks, error,
			"the director %s is this machine, which can't audit itself",
			address_format(&director->address, text)))
			return false;
		director->address = (struct address){.family = ADDRESS_NONE};
		director->mac = pair->interface.mac;
	}
	return true;
}

static bool
fit_pair(struct run *run, struct run_pair *pair, struct plan_cluster *cluster, struct error *error)
{
	pair->cluster = cluster;
	if (run->purpose == RUN_LISTENS) {
		if (!draw_seed(&pair->seed, error) || !find_interface(pair, error))
			return false;
		segments_join(run, pair);
		return true;
	}
	if (!draw_seed(&pair->seed, error) || !vips_are_elsewhere(cluster, error) ||
	    !find_interface(pair, error) || !plan_fit(cluster, &pair->interface.own, error) ||
	    !check_subnets(pair, cluster, error) || !name_own_director(pair, cluster, error))
		return false;
	find_gateway(pair, cluster);
	segments_join(run, pair);
	return true;
}

bool
run_open(struct run *run, struct plan *plan, struct error *error)
{
	run->pairs = calloc(plan->cluster_count, sizeof(*run->pairs));
	run->segments = calloc(plan->cluster_count, sizeof(*run->segments));
	if (run->pairs == NULL || run->segments == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	run->pair_count = plan->cluster_count;
	for (size_t i = 0; i < run->pair_count; i++) {
		struct error *const own = &run->pairs[i].error;

		if (!fit_pair(run, &run->pairs[i], &plan->clusters[i], own) &&
		    own->status == EXIT_USAGE)
			return error_set(error, own->status, "%s", own->text);
	}
	segments_open(run);
	return pairs_go_on(run, error);
}

bool
run_start(struct run *run, const struct check_table *table, struct error *error)
{
	run->table = table;
	clock_start(&run->clock);
	run->started_us = clock_now_us(&run->clock);
	for (size_t i = 0; i < run->pair_count; i++)
		run->pairs[i].settings = run->pairs[i].cluster->settings;
	return (shares_begin(run) && gentle_begin(run) && used_collect(run, &run->used)) ||
	       error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

void
run_close(struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++) {
		audit_free(run->pairs[i].audit);
		watch_free(run->pairs[i].watch);
	}
	segments_close(run);
	address_set_free(&run->used);
	for (size_t i = 0; i < run->pair_count; i++)
		gentle_free(run->pairs[i].gentle);
	free(run->pairs);
	*run = (struct run){.pairs = NULL};
}
