/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must hold of a cluster as a whole, and on the segment that it is audited on.
 *
 * The rules keep two promises: the probe never speaks from an address in use, and no address is
 * judged in two roles. A real server that is a director as well ("LocalNode") is fine.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "arpaudit/plan.h"
#include "lists.h"

#define SUBNET_TEXT_SIZE (ADDRESS_TEXT_SIZE + sizeof("/128") - 1)

static bool
check_vip(const struct plan_cluster *cluster, const struct address *vip, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(vip, text);
	if (has_host(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a real server: name real servers by their own addresses",
		    text);
	if (has_director(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a director: name directors by their own addresses or "
		    "MACs",
		    text);
	if (has_decoy(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a decoy: a decoy must be an address that nobody uses",
		    text);
	if (address_equal(&cluster->source, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and the source: a probe must never speak as the VIP", text);
	return true;
}

static bool
check_decoy(const struct plan_cluster *cluster, const struct address *decoy, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *role = NULL;

	if (has_host(cluster, decoy))
		role = "a real server";
	else if (has_director(cluster, decoy))
		role = "a director";
	else if (address_equal(&cluster->source, decoy))
		role = "the source";
	return role == NULL ||
	       error_set(error, EXIT_USAGE,
		   "%s is both a decoy and %s: a decoy must be an address that nobody uses",
		   address_format(decoy, text), role);
}

static bool
check_source(const struct plan_cluster *cluster, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *role = NULL;

	if (!address_is_set(&cluster->source))
		return true;
	if (has_host(cluster, &cluster->source))
		role = "a real server";
	else if (has_director(cluster, &cluster->source))
		role = "a director";
	return role == NULL ||
	       error_set(error, EXIT_USAGE,
		   "%s is both the source and %s: the source must be an address of the probe's own",
		   address_format(&cluster->source, text), role);
}

bool
plan_check(struct plan_cluster *cluster, struct error *error)
{
	hosts_sort(cluster);
	if (cluster->vip_count == 0)
		return error_set(
		    error, EXIT_USAGE, "no VIP to audit: name one with --vip (see --help)");
	if (!cluster->discover && cluster->host_count == 0)
		return error_set(error, EXIT_USAGE,
		    "no real servers to audit: name them with --rs (see --help)");
	if (!hosts_check_count(cluster, error) || !check_source(cluster, error))
		return false;
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (!check_vip(cluster, &cluster->vips[i].address, error))
			return false;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (!check_decoy(cluster, &cluster->decoys[i], error))
			return false;
	return true;
}

/* A standby director may well be the probe, so a director is no mistake here. */
static bool
check_own(const struct plan_cluster *cluster, const struct address *own, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(own, text);
	if (has_vip(cluster, own))
		return error_set(error, EXIT_USAGE,
		    "the VIP %s is this machine's own address: audit from another machine", text);
	if (has_host(cluster, own))
		return error_set(error, EXIT_USAGE,
		    "the real server %s is this machine, which can't audit itself: leave it out "
		    "of --rs, and audit it from another machine",
		    text);
	if (has_decoy(cluster, own))
		return error_set(error, EXIT_USAGE,
		    "the decoy %s is this machine's own address: a decoy must be an address that "
		    "nobody uses",
		    text);
	return true;
}

static const char *
subnet_format(const struct prefix *subnet, char text[SUBNET_TEXT_SIZE])
{
	const struct prefix network = prefix_network(subnet);
	char address[ADDRESS_TEXT_SIZE];

	(void)snprintf(text, SUBNET_TEXT_SIZE, "%s/%u", address_format(&network.address, address),
	    network.length);
	return text;
}

/* Nobody can hold these, and who answers for them is no thief. */
static bool
check_vips_on(const struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], subnet[SUBNET_TEXT_SIZE];

	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct address *const vip = &cluster->vips[i].address;

		if (prefix_contains(own, vip) && !prefix_is_host(own, vip))
			return error_set(error, EXIT_USAGE,
			    "the VIP %s is the network or broadcast address of the subnet %s: "
			    "correct it, or the length of this machine's prefix",
			    address_format(vip, text), subnet_format(own, subnet));
	}
	return true;
}

/* Only if all servers are in this subnet is it known that theirs is no other. */
static bool
holds_servers(const struct prefix *own, const struct plan_cluster *cluster)
{
	for (size_t i = 0; i < cluster->host_count; i++)
		if (!prefix_contains(own, &cluster->hosts[i].rip))
			return false;
	return true;
}

/* What a server has to route is no decoy: it would ask for its router instead. */
static bool
check_decoys_on(const struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], subnet[SUBNET_TEXT_SIZE];

	if (!holds_servers(own, cluster))
		return true;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (!prefix_is_host(own, &cluster->decoys[i]))
			return error_set(error, EXIT_USAGE,
			    "no host of the servers' subnet %s can have the decoy %s: name unused "
			    "addresses of the subnet, or leave out --decoy",
			    subnet_format(own, subnet), address_format(&cluster->decoys[i], text));
	return true;
}

/* Every address of the subnet that another machine may have, in order. */
static bool
sweep(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	const struct prefix network = prefix_network(own);
	const uint32_t first = address_ipv4_number(&network.address);
	const uint64_t size = prefix_size(own);
	char text[SUBNET_TEXT_SIZE];

	subnet_format(own, text);
	if (size > PLAN_SWEEP_MAX)
		return error_set(error, EXIT_USAGE,
		    "the subnet %s has %" PRIu64 " addresses, and more than %d are not swept: "
		    "name the real servers with --rs",
		    text, size, PLAN_SWEEP_MAX);
	for (uint32_t i = 0; i < size; i++) {
		const struct plan_host host = {.rip = address_ipv4(first + i)};

		if (prefix_is_host(own, &host.rip) && !address_equal(&host.rip, &own->address) &&
		    !address_equal(&host.rip, &cluster->source) && !has_vip(cluster, &host.rip) &&
		    !hosts_add(cluster, &host, error))
			return false;
	}
	return cluster->host_count > 0 ||
	       error_set(error, EXIT_USAGE,
		   "the subnet %s has no other hosts to find: name the real servers with --rs",
		   text);
}

/* There is no own address on the segment, and so something that the user has to give. An interface
 * without one was not found by its subnet: it was named. */
static bool
refuse_addressless(const struct plan_cluster *cluster, enum exit_status status, const char *wanted,
    struct error *error)
{
	if (cluster->vlan != 0)
		return error_set(error, status,
		    "no interface of VLAN %u on the trunk is up and has an IPv4 address%s",
		    cluster->vlan, wanted);
	assert(cluster->interface != NULL);
	return error_set(
	    error, status, "interface %s has no IPv4 address%s", cluster->interface, wanted);
}

bool
plan_fit(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	const bool has_own = address_is_set(&own->address);

	if (!has_own && !address_is_set(&cluster->source))
		return refuse_addressless(
		    cluster, EXIT_CANNOT_RUN, ": give the probe one with --source", error);
	if (has_own &&
	    (!check_own(cluster, &own->address, error) || !check_vips_on(cluster, own, error) ||
		!check_decoys_on(cluster, own, error)))
		return false;
	if (!cluster->discover)
		return true;
	assert(cluster->host_count == 0);
	if (!has_own)
		return refuse_addressless(cluster, EXIT_USAGE,
		    ", so no subnet to find real servers in: name them with --rs", error);
	return sweep(cluster, own, error);
}
