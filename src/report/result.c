/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/result.h"

#include "arpaudit/arena.h"

void
result_free(struct result *result)
{
	arena_free(result->arena);
	*result = (struct result){0};
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

const char *
check_name(enum check_id check)
{
	static const char *const names[CHECK_COUNT] = {
	    [CHECK_VIP_REPLY] = "vip-reply",
	    [CHECK_VIP_SOURCE] = "vip-source",
	    [CHECK_VIP_BOUND] = "vip-bound",
	    [CHECK_RIP_UNIQUE] = "rip-unique",
	    [CHECK_PROXY_ARP] = "proxy-arp",
	    [CHECK_SERVICE] = "service",
	};

	return names[check];
}

const char *
outcome_name(enum check_outcome outcome)
{
	static const char *const names[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASS] = "pass",
	    [OUTCOME_FAIL] = "fail",
	    [OUTCOME_INCONCLUSIVE] = "inconclusive",
	};

	return names[outcome];
}

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
	    [VERDICT_COMPLIANT] = "compliant",
	    [VERDICT_INCONCLUSIVE] = "inconclusive",
	    [VERDICT_VIOLATION] = "violation",
	};

	return names[verdict];
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {
	    [SEVERITY_NOTE] = "note",
	    [SEVERITY_INCONCLUSIVE] = "inconclusive",
	    [SEVERITY_VIOLATION] = "violation",
	};

	return names[severity];
}

const char *
role_name(enum host_role role)
{
	static const char *const names[] = {
	    [ROLE_REAL_SERVER] = "real-server",
	    [ROLE_DIRECTOR] = "director",
	    [ROLE_DIRECTOR_REAL_SERVER] = "director+real-server",
	    [ROLE_UNLISTED] = "unlisted",
	};

	return names[role];
}
