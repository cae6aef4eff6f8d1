/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens and closes a run's links and audits.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "arpaudit/run.h"
#include "pairs.h"

#define ELICIT_PORT_FIRST 61000 /* above Linux's local port range, so no service listens there */
#define ELICIT_PORT_COUNT 4000  /* choices for the first of AUDIT_ELICIT_PORTS */

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

/* The audits of one run take windows of ports side by side, as far as there are any. */
static uint16_t
choose_ports(const struct run *run, const struct run_pair *pair)
{
	const uint64_t first = run->pairs[0].seed % ELICIT_PORT_COUNT;
	const uint64_t window = (uint64_t)(pair - run->pairs) * AUDIT_ELICIT_PORTS;

	return (uint16_t)(ELICIT_PORT_FIRST + (first + window) % ELICIT_PORT_COUNT);
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

static bool
open_pair(struct run *run, struct run_pair *pair, struct plan_cluster *cluster, struct error *error)
{
	pair->cluster = cluster;
	if (!draw_seed(&pair->seed, error) || !vips_are_elsewhere(cluster, error) ||
	    !find_interface(pair, error) || !plan_fit(cluster, &pair->interface.own, error) ||
	    !check_subnets(pair, cluster, error))
		return false;
	find_gateway(pair, cluster);
	pair->elicit_port = choose_ports(run, pair);
	pair->link = link_open(&pair->interface, pair->elicit_port, AUDIT_ELICIT_PORTS, error);
	return pair->link != NULL;
}

bool
run_open(struct run *run, struct plan *plan, struct error *error)
{
	run->pairs = calloc(plan->cluster_count, sizeof(*run->pairs));
	if (run->pairs == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	run->pair_count = plan->cluster_count;
	for (size_t i = 0; i < run->pair_count; i++) {
		struct error *const own = &run->pairs[i].error;

		if (!open_pair(run, &run->pairs[i], &plan->clusters[i], own) &&
		    own->status == EXIT_USAGE)
			return error_set(error, own->status, "%s", own->text);
	}
	return pairs_go_on(run, error);
}

/* How many audits share the interface with this one, itself included. */
static uint32_t
sharers(const struct run *run, const struct run_pair *pair)
{
	uint32_t count = 0;

	for (size_t i = 0; i < run->pair_count; i++)
		count += run->pairs[i].error.status == 0 &&
			 strcmp(run->pairs[i].interface.name, pair->interface.name) == 0;
	return count;
}

/* Rates are per interface. 0 is no limit, so a share is at least 1. */
static uint32_t
share(uint32_t rate, uint32_t sharers)
{
	assert(sharers > 0);
	return rate > 0 && rate < sharers ? 1 : rate / sharers;
}

static bool
is_on_same_port(const struct run_pair *a, const struct run_pair *b)
{
	return a->error.status == 0 && b->error.status == 0 &&
	       mac_equal(&a->interface.mac, &b->interface.mac);
}

/*
 * A switch counts the ARP frames of a port. Interfaces with the same MAC, as those of VLANs, are on
 * one port. If one audit there is gentle, all are, and share an allowance, which the first pair
 * owns.
 */
static bool
be_gentle(struct run *run, struct run_pair *pair, struct audit_segment *segment)
{
	struct run_pair *first = NULL;
	uint32_t sharers = 0;

	for (size_t i = 0; i < run->pair_count; i++) {
		struct run_pair *const other = &run->pairs[i];

		if (!is_on_same_port(pair, other))
			continue;
		first = first == NULL ? other : first;
		segment->sharer += other < pair;
		pair->settings.gentle = pair->settings.gentle || other->cluster->settings.gentle;
		sharers++;
	}
	if (!pair->settings.gentle)
		return true;
	if (first->gentle == NULL)
		first->gentle = gentle_new(sharers);
	segment->gentle = first->gentle;
	return first->gentle != NULL;
}

static bool
start_audit(
    struct run *run, struct run_pair *pair, const struct check_table *table, struct error *error)
{
	struct audit_segment segment = {
	    .interface = pair->interface.name,
	    .mac = pair->interface.mac,
	    .own = pair->interface.own,
	    .elicit_port = pair->elicit_port,
	};
	const uint32_t count = sharers(run, pair);

	pair->settings = pair->cluster->settings;
	pair->settings.rate = share(pair->settings.rate, count);
	pair->settings.broadcast_rate = share(pair->settings.broadcast_rate, count);
	if (!be_gentle(run, pair, &segment))
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	pair->audit = audit_new(
	    pair->cluster, &pair->settings, &segment, table, pair->seed, run->started_us, error);
	return pair->audit != NULL;
}

bool
run_start(struct run *run, const struct check_table *table, struct error *error)
{
	clock_start(&run->clock);
	run->started_us = clock_now_us(&run->clock);
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].error.status == 0 &&
		    !start_audit(run, &run->pairs[i], table, error))
			return false;
	return true;
}

void
run_close(struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++) {
		audit_free(run->pairs[i].audit);
		link_close(run->pairs[i].link);
	}
	for (size_t i = 0; i < run->pair_count; i++)
		gentle_free(run->pairs[i].gentle);
	free(run->pairs);
	*run = (struct run){.pairs = NULL};
}
