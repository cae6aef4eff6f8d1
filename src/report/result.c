/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/result.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "arpaudit/arena.h"

void
result_free(struct result *result)
{
	arena_free(result->arena);
	*result = (struct result){0};
}

void
result_describe(struct result *result, const char *const *options, size_t option_count)
{
	char host[HOST_NAME_MAX + 1] = "";

	/* A name that is cut need not be terminated. */
	if (gethostname(host, sizeof(host) - 1) == 0 && *host != '\0')
		result->host = arena_format(result->arena, "%s", host);
	result->options = options;
	result->option_count = option_count;
}

const struct check_result *
result_check(const struct host_result *host, const char *name)
{
	for (size_t i = 0; i < host->check_count; i++)
		if (strcmp(host->checks[i].title->name, name) == 0)
			return &host->checks[i];
	return NULL;
}

size_t
result_count_findings(const struct cluster_result *cluster)
{
	size_t count = 0;

	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct vip_result *vip = &cluster->vips[i];

		count += vip->finding_count;
		for (size_t k = 0; k < vip->host_count; k++)
			count += vip->hosts[k].finding_count;
	}
	return count;
}

static bool
judged_any_host(const struct result *result)
{
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			if (result->clusters[i].vips[k].host_count > 0)
				return true;
	return false;
}

enum verdict
result_verdict(const struct result *result)
{
	if (result->verdict == VERDICT_COMPLIANT && (!result->complete || !judged_any_host(result)))
		return VERDICT_INCONCLUSIVE;
	return result->verdict;
}
