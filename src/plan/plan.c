/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life cycle of a plan.
 */
#include "arpaudit/plan.h"

#include <stdio.h>
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
	remarks_free(&cluster->remarks);
	free(cluster->vips);
	free(cluster->hosts);
	free(cluster->directors);
	free(cluster->decoys);
	free(cluster->ignored);
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

void
plan_drop_cluster(struct plan *plan, size_t at)
{
	free_cluster(&plan->clusters[at]);
	memmove(&plan->clusters[at], &plan->clusters[at + 1],
	    (plan->cluster_count - at - 1) * sizeof(*plan->clusters));
	plan->cluster_count--;
}

static char *
moved_name(const char *name, const char *own, bool alone)
{
	char *text = NULL;

	if (alone)
		return strdup(name);
	return asprintf(&text, "%s/%s", name, own) < 0 ? NULL : text;
}

bool
plan_move_clusters(struct plan *plan, struct plan *from, const char *name, struct error *error)
{
	const size_t count = from->cluster_count;
	struct plan_cluster *const clusters =
	    reallocarray(plan->clusters, plan->cluster_count + count, sizeof(*clusters));

	if (clusters == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	plan->clusters = clusters;
	for (size_t i = 0; i < count; i++) {
		struct plan_cluster *const cluster = &from->clusters[i];
		char *const text = moved_name(name, cluster->name, count == 1);

		if (text == NULL)
			return error_set(error, EXIT_CANNOT_RUN, "out of memory");
		free(cluster->name);
		cluster->name = text;
	}
	memcpy(clusters + plan->cluster_count, from->clusters, count * sizeof(*clusters));
	plan->cluster_count += count;
	from->cluster_count = 0;
	return true;
}
