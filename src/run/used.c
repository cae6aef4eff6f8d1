/* SPDX-License-Identifier: BSD-2-Clause */
#include "used.h"

static bool
add_cluster(const struct plan_cluster *cluster, struct address_set *used)
{
	bool good = address_set_add(used, &cluster->source);

	for (size_t i = 0; i < cluster->vip_count; i++)
		good = good && address_set_add(used, &cluster->vips[i].address);
	for (size_t i = 0; i < cluster->host_count && !cluster->discover; i++)
		good = good && address_set_add(used, &cluster->hosts[i].rip);
	for (size_t i = 0; i < cluster->director_count; i++)
		good = good && address_set_add(used, &cluster->directors[i].address);
	for (size_t i = 0; i < cluster->gateways.count; i++)
		good = good && address_set_add(used, &cluster->gateways.address[i]);
	return good;
}

bool
used_collect(const struct run *run, struct address_set *used)
{
	bool good = true;

	for (size_t i = 0; i < run->pair_count; i++)
		good = good && add_cluster(run->pairs[i].cluster, used);
	address_set_sort(used);
	return good;
}
