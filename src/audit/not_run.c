/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The results of clusters that could not be audited, or not to the end.
 */
#include "audit/judge/judge.h"

static const struct cause cluster_error = {
    "cluster-error", ("the cluster could not be audited, or not to the end")};

void
audit_not_run(const struct plan_cluster *plan, struct arena *arena, struct cluster_result *cluster)
{
	struct vip_result *vips = arena_alloc(arena, plan->vip_count, sizeof(*vips));

	*cluster = (struct cluster_result){
	    .name = plan->name,
	    .interface = plan->interface == NULL ? "" : plan->interface,
	    .vlan = plan->vlan,
	    .vips = vips,
	    .vip_count = plan->vip_count,
	    .discovered = plan->discover,
	    .sweep_bound = -1,
	};
	for (size_t i = 0; i < plan->vip_count; i++) {
		vips[i].owner_bound = -1;
		judge_plan_of_vip(plan, i, arena, &vips[i]);
	}
}

/* The finding comes first, because it explains the others. */
static void
add_finding(const struct finding *finding, struct arena *arena, struct vip_result *vip)
{
	struct finding *findings = arena_alloc(arena, vip->finding_count + 1, sizeof(*findings));

	findings[0] = *finding;
	for (size_t i = 0; i < vip->finding_count; i++)
		findings[i + 1] = vip->findings[i];
	vip->findings = findings;
	vip->finding_count++;
	if (vip->verdict == VERDICT_COMPLIANT)
		vip->verdict = VERDICT_INCONCLUSIVE;
}

void
audit_failed(const char *reason, struct arena *arena, struct cluster_result *cluster)
{
	struct vip_result *vips = arena_alloc(arena, cluster->vip_count, sizeof(*vips));
	const struct finding finding = {
	    .id = "cluster-error",
	    .severity = SEVERITY_INCONCLUSIVE,
	    .cause = &cluster_error,
	    .message = arena_format(arena, "%s could not be audited: %s", cluster->name, reason),
	    .remedy = "",
	};

	for (size_t i = 0; i < cluster->vip_count; i++) {
		vips[i] = cluster->vips[i];
		add_finding(&finding, arena, &vips[i]);
	}
	cluster->vips = vips;
	cluster->error = arena_format(arena, "%s", reason);
	if (cluster->verdict == VERDICT_COMPLIANT)
		cluster->verdict = VERDICT_INCONCLUSIVE;
}
