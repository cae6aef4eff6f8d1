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

/* What the watch before knew of a VIP of the new plan. */
static void
remember_vip(
    const struct watch *before, struct watch *watch, const struct vip_result *vip, uint64_t now_us)
{
	struct mac owner;

	if (watch_owner(before, &vip->vip, &owner))
		watch_remember_owner(watch, &vip->vip, &owner, now_us);
	if (vip->verdict == VERDICT_VIOLATION)
		watch_remember_violation(watch, &vip->vip);
}

static void
remember(const struct run *run, struct run *fresh, const struct plan *plan)
{
	const uint64_t now_us = clock_now_us(&run->clock);

	for (size_t i = 0; i < fresh->pair_count; i++) {
		const struct run_pair *before = find_pair(run, plan->clusters[i].name);
		struct arena *arena = arena_new();
		struct cluster_result cluster = {.vip_count = 0};

		if (before != NULL && before->watch != NULL)
			watch_result(before->watch, now_us, arena, &cluster);
		for (size_t k = 0; k < cluster.vip_count; k++)
			remember_vip(
			    before->watch, fresh->pairs[i].watch, &cluster.vips[k], now_us);
		arena_free(arena);
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
	if (!listening->read_plan(listening->argc, listening->argv, &plan, error))
		return false;
	fresh.pairs = calloc(plan.cluster_count, sizeof(*fresh.pairs));
	if (fresh.pairs == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	if (fresh.pairs == NULL || !fill(run, &fresh, &plan, error)) {
		free_pairs(fresh.pairs, fresh.pair_count);
		plan_free(&plan);
		return false;
	}
	remember(run, &fresh, &plan);
	free_pairs(run->pairs, run->pair_count);
	run->pairs = fresh.pairs;
	run->pair_count = fresh.pair_count;
	plan_free(listening->plan);
	*listening->plan = plan;
	return true;
}
