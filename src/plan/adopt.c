/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps: each VIP becomes a cluster; the first cluster takes what has no VIP; clusters without
 * servers go; clusters with the same servers become one.
 */
#include "arpaudit/adopt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/address_set.h"
#include "element.h"
#include "lists.h"
#include "merge.h"

#define FWMARK "fwmark " /* begins the name of the cluster for all firewall marks */

/* Takes the message of a failed function as a mistake. False if memory is short. */
static bool
take_error(struct services *services, struct place place, struct error *error)
{
	if (error->status == EXIT_CANNOT_RUN)
		return false;
	services_mistake(services, place, "%s", error->text);
	*error = (struct error){0};
	return true;
}

/* ---- Names --------------------------------------------------------------------------------- */

static bool
resolve(struct services *services, struct place place, const char *name, struct address *address,
    struct error *error)
{
	char *copy;

	if (name == NULL)
		return true;
	if (!element_host(name, "a host name", address, &copy, error))
		return take_error(services, place, error);
	free(copy);
	return true;
}

static bool
resolve_names(struct services *services, struct error *error)
{
	for (size_t i = 0; i < services->service_count; i++) {
		struct service *const service = &services->services[i];

		if (!resolve(services, service->place, service->vip_name, &service->vip, error))
			return false;
		for (size_t j = 0; j < service->server_count; j++) {
			struct service_server *const server = &service->servers[j];

			if (!resolve(
				services, server->place, server->name, &server->address, error))
				return false;
		}
	}
	return true;
}

/* ---- Services ------------------------------------------------------------------------------ */

static bool
is_fwmark_cluster(const struct plan_cluster *cluster)
{
	return strncmp(cluster->name, FWMARK, strlen(FWMARK)) == 0;
}

static struct plan_cluster *
find_fwmark_cluster(struct plan *plan)
{
	for (size_t i = 1; i < plan->cluster_count; i++)
		if (is_fwmark_cluster(&plan->clusters[i]))
			return &plan->clusters[i];
	return NULL;
}

static struct plan_cluster *
find_cluster(struct plan *plan, const struct address *vip)
{
	for (size_t i = 1; i < plan->cluster_count; i++)
		if (has_vip(&plan->clusters[i], vip))
			return &plan->clusters[i];
	return NULL;
}

static struct plan_cluster *
new_cluster(struct plan *plan, const char *name, struct error *error)
{
	struct plan_cluster *const cluster = plan_add_cluster(plan, name);

	if (cluster == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	return cluster;
}

/* The cluster of a service; that of an IPv6 service is the first. NULL with `error` set, or if the
 * VIP is refused. */
static struct plan_cluster *
cluster_of(struct plan *plan, struct services *services, const struct service *service,
    struct error *error)
{
	struct plan_cluster *cluster;
	char text[ADDRESS_TEXT_SIZE];

	if (service->fwmark != 0) {
		cluster = find_fwmark_cluster(plan);
		return cluster != NULL
			   ? cluster
			   : new_cluster(plan, services_label(services, service), error);
	}
	if (service->vip.family != ADDRESS_IPV4)
		return &plan->clusters[0];
	cluster = find_cluster(plan, &service->vip);
	if (cluster != NULL)
		return cluster;
	address_format(&service->vip, text);
	cluster = new_cluster(plan, service->group != NULL ? service->group : text, error);
	if (cluster == NULL || plan_add_vips(cluster, text, error))
		return cluster;
	plan_drop_cluster(plan, plan->cluster_count - 1);
	(void)take_error(services, service->place, error);
	return NULL;
}

static bool
is_audited(const struct service *service, const struct service_server *server)
{
	return server->forwarding == FORWARDING_DIRECT && server->address.family == ADDRESS_IPV4 &&
	       address_is_unicast(&server->address) && service->vip.family != ADDRESS_IPV6;
}

/* 127.0.0.1 with direct routing is the director too (ipvsadm(8)). */
static bool
is_director(const struct service_server *server)
{
	return server->forwarding == FORWARDING_LOCAL ||
	       (server->forwarding == FORWARDING_DIRECT && server->address.family == ADDRESS_IPV4 &&
		   server->address.octet[0] == 127);
}

static const char *
reason_of(const struct service *service, const struct service_server *server)
{
	if (service->vip.family == ADDRESS_IPV6 || server->address.family == ADDRESS_IPV6)
		return "IPv6";
	if (server->forwarding == FORWARDING_MASQUERADE)
		return "NAT";
	return server->forwarding == FORWARDING_TUNNEL ? "TUN" : "no host can have this address";
}

static bool
take_server(struct services *services, struct plan_cluster *cluster, const struct service *service,
    const struct service_server *server, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];
	bool taken = true;

	if (!address_is_set(&server->address))
		return true; /* a name that does not resolve: that has been said */
	address_format(&server->address, text);
	if (is_audited(service, server))
		taken = plan_add_hosts(cluster, server->name != NULL ? server->name : text, error);
	else if (!is_director(server))
		return remarks_leave_out(
		    &cluster->remarks, text, reason_of(service, server), error);
	else if (address_is_unicast(&server->address))
		taken = plan_add_directors(cluster, text, error);
	return taken || take_error(services, server->place, error);
}

static bool
take_services(struct plan *plan, struct services *services, struct error *error)
{
	for (size_t i = 0; i < services->service_count; i++) {
		const struct service *const service = &services->services[i];
		struct plan_cluster *const cluster = cluster_of(plan, services, service, error);

		if (cluster == NULL && error->status != 0)
			return false;
		for (size_t j = 0; cluster != NULL && j < service->server_count; j++)
			if (!take_server(services, cluster, service, &service->servers[j], error))
				return false;
	}
	return true;
}

/* ---- Ports --------------------------------------------------------------------------------- */

static bool
is_same_port(const struct service *one, const struct service *other)
{
	return address_equal(&one->vip, &other->vip) && one->port == other->port &&
	       one->protocol == other->protocol;
}

static bool
add_servers(struct address_set *set, const struct service *service)
{
	for (size_t i = 0; i < service->server_count; i++)
		if (is_audited(service, &service->servers[i]) &&
		    !address_set_add(set, &service->servers[i].address))
			return false;
	return true;
}

/* Does every host of the VIP serve this port, by one of the services? */
static bool
all_serve(const struct services *services, const struct service *service,
    const struct plan_cluster *cluster, bool *all, struct error *error)
{
	struct address_set servers = {.address = NULL};
	bool good = true;

	for (size_t i = 0; i < services->service_count && good; i++)
		if (is_same_port(service, &services->services[i]))
			good = add_servers(&servers, &services->services[i]);
	address_set_sort(&servers);
	*all = true;
	for (size_t i = 0; i < cluster->host_count && *all; i++)
		*all = address_set_has(&servers, &cluster->hosts[i].rip);
	address_set_free(&servers);
	return good || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

static bool
add_port(struct services *services, struct plan_cluster *cluster, const struct service *service,
    struct error *error)
{
	char text[ADDRESS_TEXT_SIZE], word[ADDRESS_TEXT_SIZE + sizeof(":65535/tcp")];
	struct plan_vip *const vip = &cluster->vips[0];
	const size_t before = vip->port_count;
	bool all;

	if (service->port == 0)
		return true;
	address_format(&service->vip, text);
	if (service->protocol == SERVICE_PROTOCOL_SCTP)
		return remarks_warn(&cluster->remarks, error, "SCTP port %u of %s is not checked",
		    service->port, text);
	(void)snprintf(word, sizeof(word), "%s:%u%s", text, service->port,
	    service->protocol == SERVICE_PROTOCOL_UDP ? "/udp" : "/tcp");
	if (!plan_add_vips(cluster, word, error))
		return take_error(services, service->place, error);
	if (vip->port_count == before)
		return true;
	if (!all_serve(services, service, cluster, &all, error))
		return false;
	vip->ports[before].partial = !all;
	return true;
}

static bool
add_ports(struct plan *plan, struct services *services, struct error *error)
{
	for (size_t i = 1; i < plan->cluster_count; i++)
		hosts_sort(&plan->clusters[i]);
	for (size_t i = 0; i < services->service_count; i++) {
		const struct service *const service = &services->services[i];
		struct plan_cluster *const cluster = find_cluster(plan, &service->vip);

		if (service->vip.family == ADDRESS_IPV4 && cluster != NULL &&
		    !add_port(services, cluster, service, error))
			return false;
	}
	return true;
}

/* ---- The VIPs of the command line ---------------------------------------------------------- */

/* Drops the cluster of a VIP whose services have no server to audit, if firewall marks have. */
static bool
drop_unless_audited(struct plan *plan, const struct address *vip, struct error *error)
{
	struct plan_cluster *const cluster = find_cluster(plan, vip);
	struct plan_cluster *const marks = find_fwmark_cluster(plan);

	if (cluster == NULL || cluster->host_count > 0 || marks == NULL || marks->host_count == 0)
		return true;
	if (!remarks_add(&marks->remarks, &cluster->remarks, error))
		return false;
	plan_drop_cluster(plan, (size_t)(cluster - plan->clusters));
	return true;
}

/* VIPs that are services too belong to those, the others to the firewall marks. */
static bool
hand_over_vips(struct plan *plan, struct error *error)
{
	struct plan_cluster *const first = &plan->clusters[0];
	size_t kept = 0;

	for (size_t i = 0; i < first->vip_count; i++) {
		const struct plan_vip *const vip = &first->vips[i];
		struct plan_cluster *cluster;

		if (!drop_unless_audited(plan, &vip->address, error))
			return false;
		cluster = find_cluster(plan, &vip->address);
		if (cluster == NULL)
			cluster = find_fwmark_cluster(plan);
		if (cluster == NULL)
			first->vips[kept++] = *vip;
		else if (!cluster_add_vip(cluster, vip, error))
			return false;
	}
	first->vip_count = kept;
	return true;
}

/* Is there a server to audit, among those of this service? */
static bool
has_audited(const struct service *service)
{
	for (size_t i = 0; i < service->server_count; i++)
		if (is_audited(service, &service->servers[i]))
			return true;
	return false;
}

/* Has a service before this one the same firewall mark? */
static bool
is_repeated(const struct services *services, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (services->services[i].fwmark == services->services[at].fwmark &&
		    has_audited(&services->services[i]))
			return true;
	return false;
}

/* Without a VIP a firewall mark can't be audited; without servers a VIP can't. */
static void
check_vips(struct plan *plan, struct services *services)
{
	const struct plan_cluster *const first = &plan->clusters[0];
	const struct plan_cluster *const marks = find_fwmark_cluster(plan);
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < services->service_count; i++) {
		const struct service *const service = &services->services[i];

		if (service->fwmark == 0)
			continue;
		assert(marks != NULL); /* the first of these services has made it */
		if (marks->vip_count == 0 && has_audited(service) && !is_repeated(services, i))
			services_mistake(services, service->place,
			    "'fwmark %u': expected its VIP with --vip: the file does not say it",
			    (unsigned)service->fwmark);
	}
	for (size_t i = 0; i < first->vip_count && first->host_count == 0; i++)
		services_mistake(services, (struct place){.file = "--vip"},
		    "'%s': expected a service of the files with this VIP; name its real servers "
		    "with "
		    "--rs",
		    address_format(&first->vips[i].address, text));
}

/* ---- Virtual routers ----------------------------------------------------------------------- */

static bool
add_router(struct services *services, struct plan_cluster *cluster,
    const struct service_router *router, struct error *error)
{
	const struct mac mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, router->vrid}};
	char text[MAC_TEXT_SIZE];

	if (!router->virtual_mac || router->vrid == 0)
		return true;
	return plan_add_directors(cluster, mac_format(&mac, text), error) ||
	       take_error(services, router->place, error);
}

static bool
take_router_address(struct plan *plan, struct services *services,
    const struct service_router *router, const struct address *address, struct error *error)
{
	struct plan_cluster *cluster = find_cluster(plan, address);
	char text[ADDRESS_TEXT_SIZE];

	if (cluster == NULL && has_vip(&plan->clusters[0], address))
		cluster = &plan->clusters[0];
	if (cluster != NULL)
		return add_router(services, cluster, router, error);
	services_warning(services, router->place,
	    "VRRP instance %s (VRID %u) holds %s, which no service has: it is not audited",
	    router->name, router->vrid, address_format(address, text));
	return true;
}

static bool
take_routers(struct plan *plan, struct services *services, struct error *error)
{
	for (size_t i = 0; i < services->router_count; i++) {
		const struct service_router *const router = &services->routers[i];

		for (size_t j = 0; j < router->address_count; j++)
			if (router->addresses[j].family == ADDRESS_IPV4 &&
			    !take_router_address(
				plan, services, router, &router->addresses[j], error))
				return false;
	}
	return true;
}

/* ---- What the user should know ------------------------------------------------------------- */

/* A host that is a VIP of the same cluster can't be judged: it is left out. */
static bool
leave_out_vips(struct plan_cluster *cluster, struct error *error)
{
	size_t kept = 0;

	for (size_t i = 0; i < cluster->host_count; i++) {
		struct plan_host *const host = &cluster->hosts[i];
		char text[ADDRESS_TEXT_SIZE];

		if (!has_vip(cluster, &host->rip)) {
			cluster->hosts[kept++] = *host;
			continue;
		}
		address_format(&host->rip, text);
		free(host->name);
		if (!remarks_leave_out(&cluster->remarks, text, "VIP", error) ||
		    !remarks_warn(&cluster->remarks, error,
			"%s is both a VIP and a real server: correct the file", text))
			return false;
	}
	cluster->host_count = kept;
	return true;
}

/* LocalNode: the director serves too. */
static bool
warn_of_directors(struct plan_cluster *cluster, struct error *error)
{
	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct address *const address = &cluster->directors[i].address;
		char text[ADDRESS_TEXT_SIZE];

		if (address_is_set(address) && has_host(cluster, address) &&
		    !remarks_warn(&cluster->remarks, error,
			"%s is both a director and a real server", address_format(address, text)))
			return false;
	}
	return true;
}

/* A typing error in a RIP often gives an address far from the others. */
static bool
warn_of_far_hosts(struct plan_cluster *cluster, struct error *error)
{
	for (size_t i = 0; i < cluster->host_count && cluster->vip_count > 0; i++) {
		const struct prefix near = {.address = cluster->vips[0].address, .length = 16};
		char rip[ADDRESS_TEXT_SIZE], vip[ADDRESS_TEXT_SIZE];

		if (prefix_contains(&near, &cluster->hosts[i].rip))
			continue;
		return remarks_warn(&cluster->remarks, error,
		    "the real server %s and the VIP %s are in different networks: is that meant?",
		    address_format(&cluster->hosts[i].rip, rip),
		    address_format(&cluster->vips[0].address, vip));
	}
	return true;
}

static bool
warn(struct plan *plan, const struct services *services, struct error *error)
{
	for (size_t i = 0; i < services->warning_count; i++)
		if (!remarks_warn(&plan->clusters[0].remarks, error, "%s", services->warnings[i]))
			return false;
	for (size_t i = 0; i < plan->cluster_count; i++)
		if (!leave_out_vips(&plan->clusters[i], error) ||
		    !warn_of_directors(&plan->clusters[i], error) ||
		    !warn_of_far_hosts(&plan->clusters[i], error))
			return false;
	return true;
}

/* ---- All ----------------------------------------------------------------------------------- */

static bool
has_hosts(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cluster_count; i++)
		if (plan->clusters[i].host_count > 0)
			return true;
	return false;
}

static bool
check_clusters(struct plan *plan, struct services *services, struct error *error)
{
	if (!has_hosts(plan) && services->mistake_count == 0)
		services_mistake(services, (struct place){.file = "the plan"},
		    "no service has a real server with direct routing: there is nothing to audit");
	/* What follows from a mistake is none of its own. */
	for (size_t i = 0; i < plan->cluster_count && services->mistake_count == 0; i++) {
		struct plan_cluster *const cluster = &plan->clusters[i];

		if (!plan_check(cluster, error) &&
		    !take_error(services, (struct place){.file = cluster->name}, error))
			return false;
	}
	return true;
}

bool
plan_adopt(struct plan *plan, struct services *services, struct error *error)
{
	assert(plan->cluster_count == 1);
	plan->clusters[0].discover = false;
	if (!resolve_names(services, error) || !take_services(plan, services, error) ||
	    !add_ports(plan, services, error) || !hand_over_vips(plan, error))
		return false;
	check_vips(plan, services);
	return take_routers(plan, services, error) && merge_clusters(plan, error) &&
	       warn(plan, services, error) && check_clusters(plan, services, error);
}
