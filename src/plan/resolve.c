/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names for hosts that the plan gives by address only.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "arpaudit/plan.h"

/* Leaves the host as it is if it has a name, or none is known. */
static bool
resolve_host(struct plan_host *host, struct error *error)
{
	const struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(address_ipv4_number(&host->rip)),
	};
	char name[NI_MAXHOST];

	if (host->name != NULL || host->rip.family != ADDRESS_IPV4 ||
	    getnameinfo((const struct sockaddr *)&address, sizeof(address), name, sizeof(name),
		NULL, 0, NI_NAMEREQD) != 0)
		return true;
	host->name = strdup(name);
	return host->name != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

bool
plan_resolve(struct plan *plan, struct error *error)
{
	for (size_t i = 0; i < plan->cluster_count; i++)
		for (size_t k = 0; k < plan->clusters[i].host_count; k++)
			if (!resolve_host(&plan->clusters[i].hosts[k], error))
				return false;
	return true;
}
