/* SPDX-License-Identifier: BSD-2-Clause */
#include "tally.h"

void
tally_vip(struct tally *tally, const struct vip_result *vip)
{
	tally->vips++;
	tally->hosts += vip->host_count;
	for (size_t i = 0; i < vip->host_count; i++)
		tally->by_verdict[vip->hosts[i].verdict]++;
}

static void
add_cluster(struct tally *tally, const struct cluster_result *cluster)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		tally_vip(tally, &cluster->vips[i]);
}

struct tally
tally_cluster(const struct cluster_result *cluster)
{
	struct tally tally = {0};

	add_cluster(&tally, cluster);
	return tally;
}

struct tally
tally_result(const struct result *result)
{
	struct tally tally = {0};

	for (size_t i = 0; i < result->cluster_count; i++)
		add_cluster(&tally, &result->clusters[i]);
	return tally;
}

double
tally_bound(const struct cluster_result *cluster)
{
	double worst = -1;

	for (size_t i = 0; i < cluster->vip_count; i++)
		for (size_t k = 0; k < cluster->vips[i].host_count; k++) {
			const struct host_result *host = &cluster->vips[i].hosts[k];

			for (size_t c = 0; c < host->check_count; c++)
				if (host->checks[c].outcome == OUTCOME_PASS &&
				    host->checks[c].false_pass_bound > worst)
					worst = host->checks[c].false_pass_bound;
		}
	return worst;
}
