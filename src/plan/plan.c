/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan's life cycle.
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

static void
free_cluster(struct plan_cluster *cluster)
{
	for (size_t i = 0; i < cluster->host_count; i++)
		free(cluster->hosts[i].name);
	for (size_t i = 0; i < cluster->director_count; i++)
		free(cluster->directors[i].name);
	free(cluster->vips);
	free(cluster->hosts);
	free(cluster->directors);
	free(cluster->decoys);
	free(cluster->name);
	free(cluster->interface);
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->cluster_count; i++)
		free_cluster(&plan->clusters[i]);
	free(plan->clusters);
	*plan = (struct plan){.clusters = NULL};
}

struct plan_cluster *
plan_add_cluster(struct plan *plan, const char *name)
{
	char *const copy = strdup(name);
	struct plan_cluster *const clusters =
	    reallocarray(plan->clusters, plan->cluster_count + 1, sizeof(*clusters));

	if (clusters != NULL)
		plan->clusters = clusters;
	if (clusters == NULL || copy == NULL) {
		free(copy);
		return NULL;
	}
	clusters[plan->cluster_count] = (struct plan_cluster){.name = copy};
	return &clusters[plan->cluster_count++];
}
