/* SPDX-License-Identifier: BSD-2-Clause */
#include "merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "lists.h"

static const char *
vip_text(const struct plan_vip *vip, const struct plan_port *port, char *text, size_t size)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&vip->address, address);
	if (port == NULL)
		(void)snprintf(text, size, "%s", address);
	else
		(void)snprintf(text, size, "%s:%u/%s", address, port->number,
		    port->protocol == IP_PROTOCOL_UDP ? "udp" : "tcp");
	return text;
}

bool
cluster_add_vip(struct plan_cluster *cluster, const struct plan_vip *vip, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE + sizeof(":65535/tcp")];

	if (!plan_add_vips(cluster, vip_text(vip, NULL, text, sizeof(text)), error))
		return false;
	for (size_t i = 0; i < vip->port_count; i++)
		if (!plan_add_vips(
			cluster, vip_text(vip, &vip->ports[i], text, sizeof(text)), error))
			return false;
	return true;
}

/* Adds what one cluster has to another: hosts, directors, decoys and left-out servers. */
static bool
add_hosts(struct plan_cluster *to, const struct plan_cluster *from, struct error *error)
{
	for (size_t i = 0; i < from->host_count; i++) {
		struct plan_host host = from->hosts[i];

		if (host.name != NULL && (host.name = strdup(host.name)) == NULL)
			return error_set(error, EXIT_CANNOT_RUN, "out of memory");
		if (!hosts_add(to, &host, error))
			return false;
	}
	hosts_sort(to);
	return true;
}

static bool
add_directors(struct plan_cluster *to, const struct plan_cluster *from, struct error *error)
{
	for (size_t i = 0; i < from->director_count; i++) {
		const struct plan_director *const director = &from->directors[i];
		char address[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

		if (!plan_add_directors(to,
			address_is_set(&director->address)
			    ? address_format(&director->address, address)
			    : mac_format(&director->mac, mac),
			error))
			return false;
	}
	return true;
}

static bool
add_decoys(struct plan_cluster *to, const struct plan_cluster *from, struct error *error)
{
	for (size_t i = 0; i < from->decoy_count; i++) {
		char text[ADDRESS_TEXT_SIZE];

		if (!plan_add_decoys(to, address_format(&from->decoys[i], text), error))
			return false;
	}
	return true;
}

static bool
inherit(struct plan_cluster *to, const struct plan_cluster *first, struct error *error)
{
	to->vlan = first->vlan;
	to->owner = first->owner;
	to->source = first->source;
	to->gateways = first->gateways;
	if (first->interface != NULL && (to->interface = strdup(first->interface)) == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < first->remarks.skip_count; i++)
		if (!remarks_skip(&to->remarks, first->remarks.skips[i].check,
			first->remarks.skips[i].reason, error))
			return false;
	return add_hosts(to, first, error) && add_directors(to, first, error) &&
	       add_decoys(to, first, error);
}

/* Takes a cluster out of the plan; what it leaves out goes to the first one that remains. */
static bool
drop(struct plan *plan, size_t at, struct error *error)
{
	const size_t heir = at == 0 ? 1 : 0;

	if (!remarks_add(&plan->clusters[heir].remarks, &plan->clusters[at].remarks, error))
		return false;
	plan_drop_cluster(plan, at);
	return true;
}

static bool
drop_empty(struct plan *plan, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE + sizeof(":65535/tcp")];

	for (size_t i = plan->cluster_count; i-- > 1;) {
		struct plan_cluster *const cluster = &plan->clusters[i];

		if (cluster->host_count > 0)
			continue;
		if (!remarks_warn(&cluster->remarks, error,
			"%s has no real server with direct routing: it is not audited",
			cluster->vip_count > 0
			    ? vip_text(&cluster->vips[0], NULL, text, sizeof(text))
			    : cluster->name) ||
		    !drop(plan, i, error))
			return false;
	}
	return true;
}

static bool
have_same_members(const struct plan_cluster *one, const struct plan_cluster *other)
{
	if (one->host_count != other->host_count || one->director_count != other->director_count)
		return false;
	for (size_t i = 0; i < one->host_count; i++)
		if (!address_equal(&one->hosts[i].rip, &other->hosts[i].rip))
			return false;
	for (size_t i = 0; i < one->director_count; i++)
		if (!has_same_director(other, &one->directors[i]))
			return false;
	return true;
}

static bool
can_join(const struct plan_cluster *one, const struct plan_cluster *other)
{
	return one->vip_count > 0 && other->vip_count > 0 && have_same_members(one, other) &&
	       one->vip_count + other->vip_count <= PLAN_VIPS_MAX;
}

static bool
join(struct plan *plan, size_t to, size_t from, struct error *error)
{
	struct plan_cluster *const cluster = &plan->clusters[to];

	for (size_t i = 0; i < plan->clusters[from].vip_count; i++) {
		const struct plan_vip *const vip = &plan->clusters[from].vips[i];

		if (!cluster_add_vip(cluster, vip, error))
			return false;
		cluster->vips[cluster->vip_count - 1] = *vip; /* with what is known of its ports */
	}
	if (!remarks_add(&cluster->remarks, &plan->clusters[from].remarks, error))
		return false;
	plan_drop_cluster(plan, from);
	return true;
}

static bool
join_equal(struct plan *plan, struct error *error)
{
	for (size_t i = 1; i < plan->cluster_count;) {
		size_t other = 0;

		while (other < i && !can_join(&plan->clusters[other], &plan->clusters[i]))
			other++;
		if (other == i)
			i++;
		else if (!join(plan, other, i, error))
			return false;
	}
	return true;
}

bool
merge_clusters(struct plan *plan, struct error *error)
{
	if (!drop_empty(plan, error))
		return false;
	hosts_sort(&plan->clusters[0]);
	for (size_t i = 1; i < plan->cluster_count; i++)
		if (!inherit(&plan->clusters[i], &plan->clusters[0], error))
			return false;
	/* The first cluster's own hosts are of no use without a VIP. */
	if (plan->cluster_count > 1 && plan->clusters[0].vip_count == 0 && !drop(plan, 0, error))
		return false;
	return join_equal(plan, error);
}
