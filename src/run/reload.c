/* SPDX-License-Identifier: BSD-2-Clause */
#include "reload.h"

#include <stdlib.h>
#include <string.h>

#include "watches.h"

static bool
is_segment_of(const struct run_segment *segment, const struct plan_cluster *cluster)
{
	const struct prefix *own = &segment->interface.own;

	if (segment->link == NULL || segment->interface.vlan != cluster->vlan)
		return false;
	if (cluster->interface != NULL)
		return strcmp(segment->interface.name, cluster->interface) == 0;
	return address_is_set(&own->address) && prefix_contains(own, &cluster->vips[0].address);
}

static const struct run_pair *
find_pair(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (strcmp(run->pairs[i].cluster->name, name) == 0)
			return &run->pairs[i];
	return NULL;
}

/* The segment that the cluster is on; without an interface, perhaps where it was before. */
static struct run_segment *
find_segment(const struct run *run, const struct plan_cluster *cluster)
{
	const struct run_pair *before = find_pair(run, cluster->name);

	for (size_t i = 0; i < run->segment_count; i++)
		if (is_segment_of(&run->segments[i], cluster))
			return &run->segments[i];
	return before != NULL && cluster->interface == NULL &&
		       before->segment->interface.vlan == cluster->vlan
		   ? before->segment
		   : NULL;
}

static bool
fill(const struct run *run, struct run *fresh, struct plan *plan, struct error *error)
{
	fresh->pair_count = plan->cluster_count;
	for (size_t i = 0; i < plan->cluster_count; i++) {
		struct run_pair *const pair = &fresh->pairs[i];

		pair->cluster = &plan->clusters[i];
		pair->segment = find_segment(run, pair->cluster);
		if (pair->segment == NULL)
			return error_set(error, EXIT_USAGE,
			    "the cluster %s is on no interface that is listened on: restart the "
			    "watch",
			    pair->cluster->name);
		pair->interface = pair->segment->interface;
	}
	return watches_begin(fresh, clock_now_us(&run->clock), error);
}

static void
remember_owners(const struct run *run, struct run *fresh)
{
	for (size_t i = 0; i < fresh->pair_count; i++) {
		const struct plan_cluster *cluster = fresh->pairs[i].cluster;
		const struct run_pair *before = find_pair(run, cluster->name);

		for (size_t k = 0; before != NULL && k < cluster->vip_count; k++) {
			const struct address *vip = &cluster->vips[k].address;
			struct mac owner;

			if (before->watch != NULL && watch_owner(before->watch, vip, &owner))
				watch_remember_owner(
				    fresh->pairs[i].watch, vip, &owner, clock_now_us(&run->clock));
		}
	}
}

static void
free_pairs(struct run_pair *pairs, size_t count)
{
	for (size_t i = 0; pairs != NULL && i < count; i++)
		watch_free(pairs[i].watch);
	free(pairs);
}

bool
reload(struct run *run, struct listening *listening, struct error *error)
{
	struct plan plan;
	struct run fresh = {.purpose = run->purpose, .table = run->table, .clock = run->clock};
	if (run->purpose == RUN_LISTENS_AUDITS)
		return error_set(error, EXIT_USAGE,
		    "a watch that audits in between reads no new plan: restart it");
	if (!listening->read_plan(listening->options, &plan, error))
		return false;
	fresh.pairs = calloc(plan.cluster_count, sizeof(*fresh.pairs));
	if (fresh.pairs == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	if (fresh.pairs == NULL || !fill(run, &fresh, &plan, error)) {
		free_pairs(fresh.pairs, fresh.pair_count);
		plan_free(&plan);
		return false;
	}
	remember_owners(run, &fresh);
	free_pairs(run->pairs, run->pair_count);
	run->pairs = fresh.pairs;
	run->pair_count = fresh.pair_count;
	plan_free(listening->plan);
	*listening->plan = plan;
	return true;
}
