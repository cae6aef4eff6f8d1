/* SPDX-License-Identifier: BSD-2-Clause */
#include "headline.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/printable.h"
#include "faults.h"
#include "fold.h"

#define LEAST_WIDTH 24 /* that a list of hosts gets */

struct line {
	struct arena *arena;
	size_t width;
	const char *text;
	enum severity severity; /* of the faults that it names */
	size_t named;
	bool full;
};

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* Adds the ids of a fault and the hosts that have it, and returns true, if there is room. */
static void
name_hosts(struct line *line, const char *ids, const struct host_result *const *hosts, size_t count)
{
	const size_t used = printable_width(line->text) + strlen(ids) + strlen("; ") + 1;
	const size_t room = line->width > used ? line->width - used : 0;
	const char *list;

	if (line->full)
		return;
	if (line->named > 0 && room < LEAST_WIDTH && count > 0) {
		line->full = true;
		line->text = arena_format(line->arena, "%s; ...", line->text);
		return;
	}
	list = count == 0
		   ? ""
		   : fold_hosts(line->arena, hosts, count, room < LEAST_WIDTH ? LEAST_WIDTH : room);
	line->text = arena_format(line->arena, "%s%s%s%s%s", line->text,
	    line->named == 0 ? ": " : "; ", ids, count == 0 ? "" : " ", list);
	line->named++;
}

/* The checks of a host that explain its verdict. */
static const char *
ids_of(struct arena *arena, const struct host_result *host)
{
	const enum check_outcome outcome =
	    host->verdict == VERDICT_VIOLATION ? OUTCOME_FAIL : OUTCOME_INCONCLUSIVE;
	const char **ids = arena_alloc(arena, host->check_count, sizeof(const char *));
	size_t count = 0;

	for (size_t i = 0; i < host->check_count; i++)
		if (host->checks[i].outcome == outcome)
			ids[count++] = host->checks[i].title->name;
	return arena_join(arena, ids, count, ", ");
}

static bool
has_finding(const struct host_result *host, enum severity severity)
{
	for (size_t i = 0; i < host->finding_count; i++)
		if (host->findings[i].severity == severity)
			return true;
	return false;
}

/* Names hosts at fault that have no finding of their own: a finding of the VIP tells of them. */
static void
name_claimants(struct line *line, const struct cluster_result *cluster, enum verdict verdict)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		for (size_t k = 0; k < cluster->vips[i].host_count; k++) {
			const struct host_result *host = &cluster->vips[i].hosts[k];

			if (host->verdict == verdict && !has_finding(host, line->severity))
				name_hosts(line, ids_of(line->arena, host), &host, 1);
		}
}

static void
name_faults(struct line *line, const struct cluster_result *cluster, bool of_hosts)
{
	const struct faults faults = faults_of(cluster, line->arena);

	for (size_t i = 0; i < faults.count; i++) {
		const struct fault *fault = &faults.fault[i];

		if (fault->severity == line->severity && fault->of_hosts == of_hosts)
			name_hosts(
			    line, fault_ids(fault, line->arena), fault->hosts, fault->host_count);
	}
}

/* The distinct hosts of a result: how many there are, and those that have its verdict. */
struct culprits {
	const struct host_result **list; /* by address in each cluster */
	size_t count, all;
};

static void
add_culprits(struct culprits *culprits, struct arena *arena, const struct cluster_result *cluster,
    enum verdict verdict)
{
	const struct host_result **list;
	size_t count = 0;

	for (size_t i = 0; i < cluster->vip_count; i++)
		count += cluster->vips[i].host_count;
	list = arena_alloc(arena, count, sizeof(struct host_result *));
	count = 0;
	for (size_t i = 0; i < cluster->vip_count; i++)
		for (size_t k = 0; k < cluster->vips[i].host_count; k++)
			list[count++] = &cluster->vips[i].hosts[k];
	if (count > 0)
		qsort(list, count, sizeof(struct host_result *), fold_compare);
	for (size_t i = 0, end = 0; i < count; i = end) {
		bool found = false;

		for (; end < count && fold_compare(&list[i], &list[end]) == 0; end++)
			found = found || list[end]->verdict == verdict;
		culprits->all++;
		if (found)
			culprits->list[culprits->count++] = list[i];
	}
}

static struct culprits
find_culprits(const struct result *result, struct arena *arena)
{
	struct culprits culprits = {.list = NULL};
	size_t most = 0;

	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			most += result->clusters[i].vips[k].host_count;
	culprits.list = arena_alloc(arena, most, sizeof(struct host_result *));
	for (size_t i = 0; i < result->cluster_count; i++)
		add_culprits(&culprits, arena, &result->clusters[i], result->verdict);
	return culprits;
}

static const char *
subject(const struct result *result, struct arena *arena)
{
	const struct vip_result *vip = NULL;
	char address[ADDRESS_TEXT_SIZE];
	size_t vips = 0;

	for (size_t i = 0; i < result->cluster_count; i++) {
		vips += result->clusters[i].vip_count;
		if (result->clusters[i].vip_count > 0)
			vip = &result->clusters[i].vips[0];
	}
	if (vip == NULL)
		return "no VIPs";
	if (vips == 1)
		return arena_format(arena, "VIP %s", address_format(&vip->vip, address));
	if (result->cluster_count == 1)
		return arena_format(arena, "%zu VIPs", vips);
	return arena_format(arena, "%zu VIPs in %zu clusters", vips, result->cluster_count);
}

static const char *
hosts_text(struct arena *arena, size_t all, size_t at_fault)
{
	if (all == 0)
		return "no hosts";
	if (at_fault == 0 || at_fault == all)
		return arena_format(arena, "%zu host%s", all, plural(all));
	return arena_format(arena, "%zu of %zu hosts", at_fault, all);
}

/* The VIP, and the number of hosts. Sets up the line for more. */
static struct line
begin(
    const struct result *result, struct arena *arena, const struct culprits *culprits, size_t width)
{
	struct line line = {
	    .arena = arena,
	    .width = width,
	    .text = subject(result, arena),
	    .severity =
		result->verdict == VERDICT_VIOLATION ? SEVERITY_VIOLATION : SEVERITY_INCONCLUSIVE,
	};

	if (result->cluster_count > 0)
		line.text = arena_format(
		    arena, "%s, %s", line.text, hosts_text(arena, culprits->all, culprits->count));
	return line;
}

const char *
headline(const struct result *result, struct arena *arena, size_t width)
{
	const struct culprits culprits = find_culprits(result, arena);
	struct line line = begin(result, arena, &culprits, width);

	if (result->verdict == VERDICT_COMPLIANT)
		return line.text;
	for (size_t i = 0; i < result->cluster_count; i++)
		name_faults(&line, &result->clusters[i], true);
	for (size_t i = 0; i < result->cluster_count; i++)
		name_claimants(&line, &result->clusters[i], result->verdict);
	for (size_t i = 0; i < result->cluster_count; i++)
		name_faults(&line, &result->clusters[i], false);
	return line.text;
}

const char *
headline_culprits(const struct result *result, struct arena *arena, size_t width)
{
	const struct culprits culprits = find_culprits(result, arena);
	struct line line = begin(result, arena, &culprits, width);

	if (result->verdict == VERDICT_COMPLIANT)
		return line.text;
	if (culprits.count > 0) {
		const size_t used = strlen(line.text) + strlen(": ");

		return arena_format(arena, "%s: %s", line.text,
		    fold_hosts(
			arena, culprits.list, culprits.count, width > used ? width - used : 1));
	}
	for (size_t i = 0; i < result->cluster_count; i++)
		name_faults(&line, &result->clusters[i], false);
	return line.text;
}

const char *
headline_verdict(const struct result *result)
{
	static const char *const incomplete[] = {
	    [VERDICT_COMPLIANT] = "compliant, INCOMPLETE", /* never: see result_verdict() */
	    [VERDICT_INCONCLUSIVE] = "inconclusive, INCOMPLETE",
	    [VERDICT_VIOLATION] = "violation, INCOMPLETE",
	};
	const enum verdict verdict = result_verdict(result);

	return result->complete ? verdict_name(verdict) : incomplete[verdict];
}
