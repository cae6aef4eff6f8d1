/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/drift.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/arena.h"
#include "arpaudit/printable.h"
#include "fold.h"

struct changes {
	struct arena *arena;
	const char **lines;
	size_t count, capacity;
	const char *subject; /* the cluster and VIP of the lines */
};

static void
add(struct changes *changes, const char *text)
{
	const size_t size = strlen(changes->subject) + strlen(": ") + strlen(text) + 1;
	char *line = arena_format(changes->arena, "%s: %s", changes->subject, text);

	if (changes->count == changes->capacity) {
		const size_t capacity = changes->capacity == 0 ? 16 : 2 * changes->capacity;
		const char **larger = arena_alloc(changes->arena, capacity, sizeof(const char *));

		for (size_t i = 0; i < changes->count; i++)
			larger[i] = changes->lines[i];
		changes->lines = larger;
		changes->capacity = capacity;
	}
	changes->lines[changes->count++] =
	    printable(line, arena_alloc(changes->arena, size, 1), size);
}

static void
add_change(struct changes *changes, const char *what, const char *before, const char *now)
{
	if (strcmp(before, now) != 0)
		add(changes, arena_format(changes->arena, "%s%s, was %s", what, now, before));
}

static int
compare_texts(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Joins texts, sorted, so that their order does not matter. */
static const char *
joined(struct arena *arena, const char **texts, size_t count)
{
	size_t kept = 0;

	if (count > 0)
		qsort(texts, count, sizeof(const char *), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(texts[i], texts[kept - 1]) != 0)
			texts[kept++] = texts[i];
	return kept == 0 ? "none" : arena_join(arena, texts, kept, ", ");
}

static const char *
owners_text(struct arena *arena, const struct vip_result *vip)
{
	const char **texts = arena_alloc(arena, vip->owner_count, sizeof(const char *));
	char mac[MAC_TEXT_SIZE], ip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < vip->owner_count; i++) {
		const struct owner_result *owner = &vip->owners[i];

		texts[i] = arena_format(arena, "%s (%s%s)", mac_format(&owner->mac, mac),
		    address_format(&owner->ip, ip), owner->expected ? ", director" : "");
	}
	return joined(arena, texts, vip->owner_count);
}

/* "vip-reply (answers-for-vip)" for each finding that is no note. */
static const char *
findings_text(struct arena *arena, const struct finding *findings, size_t count)
{
	const char **texts = arena_alloc(arena, count, sizeof(const char *));
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (findings[i].severity != SEVERITY_NOTE)
			texts[kept++] =
			    arena_format(arena, "%s (%s)", findings[i].id, findings[i].cause->code);
	return joined(arena, texts, kept);
}

static const char *
mac_text(struct arena *arena, const struct host_result *host)
{
	char mac[MAC_TEXT_SIZE];

	return host->has_mac ? arena_format(arena, "%s", mac_format(&host->mac, mac)) : "unknown";
}

static void
compare_hosts(
    struct changes *changes, const struct host_result *before, const struct host_result *now)
{
	struct arena *arena = changes->arena;
	const char *name = fold_host(arena, now);

	add_change(changes, arena_format(arena, "%s is ", name), verdict_name(before->verdict),
	    verdict_name(now->verdict));
	add_change(changes, arena_format(arena, "%s has the findings ", name),
	    findings_text(arena, before->findings, before->finding_count),
	    findings_text(arena, now->findings, now->finding_count));
	/* A host that was not heard has no MAC, and that is a finding already. */
	if (before->has_mac && now->has_mac)
		add_change(changes, arena_format(arena, "%s has the MAC ", name),
		    mac_text(arena, before), mac_text(arena, now));
}

/* By address; by MAC only if there is no address. */
static int
by_identity(const void *one, const void *other)
{
	const struct host_result *a = *(const struct host_result *const *)one;
	const struct host_result *b = *(const struct host_result *const *)other;
	const int order = address_compare(&a->rip, &b->rip);

	if (order != 0 || address_is_set(&a->rip))
		return order;
	return memcmp(a->mac.octet, b->mac.octet, sizeof(a->mac.octet));
}

static const struct host_result **
sorted_hosts(struct arena *arena, const struct vip_result *vip)
{
	const struct host_result **hosts =
	    arena_alloc(arena, vip->host_count, sizeof(struct host_result *));

	for (size_t i = 0; i < vip->host_count; i++)
		hosts[i] = &vip->hosts[i];
	if (vip->host_count > 0)
		qsort(hosts, vip->host_count, sizeof(struct host_result *), by_identity);
	return hosts;
}

static void
match_hosts(struct changes *changes, const struct vip_result *before, const struct vip_result *now)
{
	struct arena *arena = changes->arena;
	const struct host_result **old = sorted_hosts(arena, before);
	const struct host_result **new = sorted_hosts(arena, now);
	size_t i = 0, k = 0;

	while (i < before->host_count || k < now->host_count) {
		const int order = i == before->host_count ? 1
				  : k == now->host_count  ? -1
							  : by_identity(&old[i], &new[k]);

		if (order == 0)
			compare_hosts(changes, old[i], new[k]);
		else if (order < 0)
			add(changes, arena_format(arena, "%s is gone", fold_host(arena, old[i])));
		else
			add(changes, arena_format(arena, "%s is new: %s", fold_host(arena, new[k]),
					 verdict_name(new[k]->verdict)));
		i += order <= 0;
		k += order >= 0;
	}
}

static void
compare_vips(struct changes *changes, const struct vip_result *before, const struct vip_result *now,
    bool hosts)
{
	struct arena *arena = changes->arena;

	add_change(changes, "", verdict_name(before->verdict), verdict_name(now->verdict));
	add_change(changes, "owner ", owners_text(arena, before), owners_text(arena, now));
	add_change(changes, "findings ",
	    findings_text(arena, before->findings, before->finding_count),
	    findings_text(arena, now->findings, now->finding_count));
	if (hosts)
		match_hosts(changes, before, now);
}

static const struct vip_result *
find_vip(const struct cluster_result *cluster, const struct address *vip)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].vip, vip))
			return &cluster->vips[i];
	return NULL;
}

static const struct cluster_result *
find_cluster(const struct result *result, const char *name)
{
	for (size_t i = 0; i < result->cluster_count; i++)
		if (strcmp(result->clusters[i].name, name) == 0)
			return &result->clusters[i];
	return NULL;
}

/* Names the VIP in the lines to come; the cluster as well, if there are several. */
static void
set_subject(struct changes *changes, const struct result *result,
    const struct cluster_result *cluster, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&vip->vip, address);
	changes->subject = result->cluster_count == 1
			       ? arena_format(changes->arena, "VIP %s", address)
			       : arena_format(changes->arena, "%s, VIP %s", cluster->name, address);
}

/* Compares each VIP of `now` that was there before, and tells which are new. */
static void
compare_all(struct changes *changes, const struct result *before, const struct result *now)
{
	for (size_t i = 0; i < now->cluster_count; i++) {
		const struct cluster_result *cluster = &now->clusters[i];
		const struct cluster_result *old = find_cluster(before, cluster->name);

		for (size_t k = 0; k < cluster->vip_count; k++) {
			const struct vip_result *vip = &cluster->vips[k];
			const struct vip_result *was =
			    old == NULL ? NULL : find_vip(old, &vip->vip);

			set_subject(changes, now, cluster, vip);
			/* An audit that failed does not know its hosts, so none of them is gone. */
			if (was != NULL)
				compare_vips(changes, was, vip,
				    old->error == NULL && cluster->error == NULL);
			else
				add(changes, arena_format(changes->arena, "is new: %s",
						 verdict_name(vip->verdict)));
		}
	}
}

static void
tell_gone(struct changes *changes, const struct result *before, const struct result *now)
{
	for (size_t i = 0; i < before->cluster_count; i++) {
		const struct cluster_result *old = &before->clusters[i];
		const struct cluster_result *cluster = find_cluster(now, old->name);

		for (size_t k = 0; k < old->vip_count; k++) {
			if (cluster != NULL && find_vip(cluster, &old->vips[k].vip) != NULL)
				continue;
			set_subject(changes, before, old, &old->vips[k]);
			add(changes, "is gone");
		}
	}
}

struct drift
drift_between(const struct result *before, const struct result *now)
{
	struct changes changes = {.arena = now->arena, .subject = "the audit"};

	/* An audit that was interrupted has the verdict of its clusters nowhere else. */
	add_change(
	    &changes, "", verdict_name(result_verdict(before)), verdict_name(result_verdict(now)));
	compare_all(&changes, before, now);
	tell_gone(&changes, before, now);
	return (struct drift){
	    .since_us = before->finished_us,
	    .lines = changes.lines,
	    .line_count = changes.count,
	};
}
