/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of checks. Each check is listed once. The order is that of the attempts and of the
 * report.
 */
#include "arpaudit/checks.h"

#include <string.h>

#include "audit/facts/check.h"

#define CHECKS(CHECK)     \
	CHECK(vip_reply)  \
	CHECK(vip_source) \
	CHECK(vip_bound)  \
	CHECK(rip_unique) \
	CHECK(proxy_arp)  \
	CHECK(service)

#define DECLARE(name) extern const struct check check_##name;
#define ENTER(name)   &check_##name,

CHECKS(DECLARE)
extern const struct vip_check check_vip_owner, check_source_scope, check_gateway, check_port_shut;

static const struct check *const checks[] = {CHECKS(ENTER) NULL};
static const struct vip_check *const vip_checks[] = {
    &check_vip_owner, &check_source_scope, &check_gateway, &check_port_shut, NULL};

const struct check_table check_table = {.checks = checks, .vip_checks = vip_checks};

const struct check_title *
check_title_find(const char *name)
{
	for (size_t i = 0; checks[i] != NULL; i++)
		if (strcmp(checks[i]->title.name, name) == 0)
			return &checks[i]->title;
	return NULL;
}

/* The other checks of VIPs say what the rest of the report rests on. */
bool
check_can_be_skipped(const char *name)
{
	return check_title_find(name) != NULL || strcmp(name, "gateway") == 0;
}
