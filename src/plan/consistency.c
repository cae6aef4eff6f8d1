/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks a cluster as a whole, and against the segment on which it will be audited.
 *
 * The rules keep two promises: the probe never sends from an address in use, and no address is
 * judged in two roles. The exception is a real server that is also a director (LVS LocalNode).
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
		    "%s is both a VIP and a real server: give each real server's own address (RIP)",
		    text);
	if (has_director(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a director: give each director's own address or MAC",
		    text);
	if (has_decoy(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a decoy: a decoy must be an unused address", text);
	if (has_gateway(cluster, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and a gateway: give each router's own address", text);
	if (address_equal(&cluster->source, vip))
		return error_set(error, EXIT_USAGE,
		    "%s is both a VIP and the source address: the probe must never use a VIP as "
		    "its sender address",
		    text);
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
	else if (has_gateway(cluster, decoy))
		role = "a gateway";
	else if (address_equal(&cluster->source, decoy))
		role = "the source address";
	if (role == NULL)
		return true;
	return error_set(error, EXIT_USAGE,
	    "%s is both a decoy and %s: a decoy must be an unused address",
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
	else if (has_gateway(cluster, &cluster->source))
		role = "a gateway";
	if (role == NULL)
		return true;
	return error_set(error, EXIT_USAGE,
	    "%s is both the source address and %s: give the probe an address of its own",
	    address_format(&cluster->source, text), role);
}

/* A named director is the only expected owner. */
static bool
check_owner(const struct plan_cluster *cluster, struct error *error)
{
	if (cluster->owner == OWNER_DIRECTOR || cluster->director_count == 0)
		return true;
	return error_set(error, EXIT_USAGE,
	    cluster->owner == OWNER_NONE
		? "a director is named, but nobody may own the VIPs: use either --director or "
		  "--no-owner"
		: "a director is named, but any machine may own the VIPs: use either --director or "
		  "--owner-any");
}

static bool
check_gateways(const struct plan_cluster *cluster, struct error *error)
{
	if (!cluster->gateways.off || cluster->gateways.count == 0)
		return true;
	return error_set(error, EXIT_USAGE,
	    "use either --gateway (these gateways are asked) or --no-gateway (none is)");
}

/* Why an address of a range is not audited as a real server, or NULL. `own` may be NULL. */
static const char *
other_role(
    const struct plan_cluster *cluster, const struct prefix *own, const struct address *address)
{
	if (has_vip(cluster, address))
		return "VIP";
	if (has_director(cluster, address))
		return "director";
	if (has_decoy(cluster, address))
		return "decoy";
	if (address_equal(&cluster->source, address) ||
	    (own != NULL && address_equal(&own->address, address)))
		return "probe";
	if (own != NULL && prefix_contains(own, address) && !prefix_is_host(own, address))
		return "network or broadcast address";
	return NULL;
}

/* Users give whole ranges, and mean the real servers in them. */
static bool
leave_out(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	bool good = true;
	size_t kept = 0;
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cluster->host_count; i++) {
		const struct plan_host host = cluster->hosts[i];
		const char *role = host.ranged ? other_role(cluster, own, &host.rip) : NULL;

		if (role == NULL)
			cluster->hosts[kept++] = host;
		else
			good = remarks_leave_out(&cluster->remarks, address_format(&host.rip, text),
				   role, error) &&
			       good;
	}
	if (good && kept == 0 && cluster->host_count > 0)
		error_set(error, EXIT_USAGE,
		    "no real servers to audit: the ranges hold nothing but VIPs, directors and the "
		    "probe");
	good = good && (kept > 0 || cluster->host_count == 0);
	cluster->host_count = kept;
	return good;
}

bool
plan_check(struct plan_cluster *cluster, struct error *error)
{
	hosts_sort(cluster);
	if (cluster->vip_count == 0)
		return error_set(error, EXIT_USAGE,
		    "no VIP to audit: name at least one (--vip; in a cluster file, vip)");
	if (!cluster->discover && cluster->host_count == 0)
		return error_set(error, EXIT_USAGE,
		    "no real servers to audit: list them with --rs (see --help)");
	if (!hosts_check_count(cluster, error) || !leave_out(cluster, NULL, error) ||
	    !check_source(cluster, error) || !check_owner(cluster, error) ||
	    !check_gateways(cluster, error))
		return false;
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (!check_vip(cluster, &cluster->vips[i].address, error))
			return false;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (!check_decoy(cluster, &cluster->decoys[i], error))
			return false;
	return true;
}

/* The probe may be a director: the audit can run on a standby director. */
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
		    "the real server %s is this machine, which can't audit itself: remove it from "
		    "--rs and audit it from another machine",
		    text);
	if (has_decoy(cluster, own))
		return error_set(error, EXIT_USAGE,
		    "the decoy %s is this machine's own address: a decoy must be an unused address",
		    text);
	if (has_gateway(cluster, own))
		return error_set(error, EXIT_USAGE,
		    "the gateway %s is this machine's own address: audit from another machine, or "
		    "omit --gateway",
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

/* No host can have a network or broadcast address: a packet from it, or an answer for it, says
 * nothing. `role` is "the VIP", for example. */
static bool
check_host_address(
    const char *role, const struct address *address, const struct prefix *own, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], subnet[SUBNET_TEXT_SIZE];

	if (!address_is_set(address) || !prefix_contains(own, address) ||
	    prefix_is_host(own, address))
		return true;
	return error_set(error, EXIT_USAGE,
	    "%s %s is the network or broadcast address of the subnet %s: correct it or this "
	    "machine's prefix length",
	    role, address_format(address, text), subnet_format(own, subnet));
}

static bool
check_host_addresses(
    const struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	bool good = check_host_address("the source address", &cluster->source, own, error);

	for (size_t i = 0; good && i < cluster->vip_count; i++)
		good = check_host_address("the VIP", &cluster->vips[i].address, own, error);
	for (size_t i = 0; good && i < cluster->host_count; i++)
		good = check_host_address("the real server", &cluster->hosts[i].rip, own, error);
	for (size_t i = 0; good && i < cluster->director_count; i++)
		good =
		    check_host_address("the director", &cluster->directors[i].address, own, error);
	for (size_t i = 0; good && i < cluster->gateways.count; i++)
		good = check_host_address("the gateway", &cluster->gateways.address[i], own, error);
	for (size_t i = 0; good && i < cluster->decoy_count; i++)
		good = check_host_address("the decoy", &cluster->decoys[i], own, error);
	return good;
}

/* Only if this subnet contains all servers is it known to be theirs. */
static bool
contains_servers(const struct prefix *own, const struct plan_cluster *cluster)
{
	for (size_t i = 0; i < cluster->host_count; i++)
		if (!prefix_contains(own, &cluster->hosts[i].rip))
			return false;
	return true;
}

/* A decoy must be on the servers' link. Otherwise a server would resolve its router instead. */
static bool
check_decoys_in_subnet(
    const struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], subnet[SUBNET_TEXT_SIZE];

	if (!contains_servers(own, cluster))
		return true;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (!prefix_is_host(own, &cluster->decoys[i]))
			return error_set(error, EXIT_USAGE,
			    "the decoy %s is not a host address in the servers' subnet %s: use "
			    "unused addresses of that subnet, or omit --decoy",
			    address_format(&cluster->decoys[i], text), subnet_format(own, subnet));
	return true;
}

/* Adds every address of the subnet that another machine can have, in order. */
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
		    "the subnet %s has %" PRIu64 " addresses, more than the %d that a sweep may "
		    "cover: list the real servers with --rs",
		    text, size, PLAN_SWEEP_MAX);
	for (uint32_t i = 0; i < size; i++) {
		const struct plan_host host = {.rip = address_ipv4(first + i)};

		if (prefix_is_host(own, &host.rip) && !address_equal(&host.rip, &own->address) &&
		    !address_equal(&host.rip, &cluster->source) && !has_vip(cluster, &host.rip) &&
		    !hosts_add(cluster, &host, error))
			return false;
	}
	if (cluster->host_count > 0)
		return true;
	return error_set(error, EXIT_USAGE,
	    "the subnet %s has no other host addresses to sweep: list the real servers with --rs",
	    text);
}

/* Without an address on the segment, the user has to supply something: `remedy` says what. Such an
 * interface was not found by its subnet, so the user named it. */
static bool
refuse_addressless(const struct plan_cluster *cluster, enum exit_status status, const char *remedy,
    struct error *error)
{
	if (cluster->vlan != 0)
		return error_set(error, status,
		    "no interface for VLAN %u on the trunk is up and has an IPv4 address%s",
		    cluster->vlan, remedy);
	assert(cluster->interface != NULL);
	return error_set(
	    error, status, "interface %s has no IPv4 address%s", cluster->interface, remedy);
}

bool
plan_fit(struct plan_cluster *cluster, const struct prefix *own, struct error *error)
{
	const bool has_own = address_is_set(&own->address);

	if (!has_own && !address_is_set(&cluster->source))
		return refuse_addressless(
		    cluster, EXIT_CANNOT_RUN, ": give the probe one with --source", error);
	if (has_own &&
	    (!leave_out(cluster, own, error) || !check_own(cluster, &own->address, error) ||
		!check_decoys_in_subnet(cluster, own, error) ||
		!check_host_addresses(cluster, own, error)))
		return false;
	if (!cluster->discover)
		return true;
	assert(cluster->host_count == 0);
	if (!has_own)
		return refuse_addressless(cluster, EXIT_USAGE,
		    ", so there is no subnet to sweep: list the real servers with --rs", error);
	return sweep(cluster, own, error);
}
