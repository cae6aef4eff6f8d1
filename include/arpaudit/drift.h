/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What changed from one result to the next: verdicts, owners and their MACs, findings, hosts and
 * VIPs that are new or gone. Notes, times, counts and frames are no changes.
 */
#ifndef ARPAUDIT_DRIFT_H
#define ARPAUDIT_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "arpaudit/result.h"

struct drift {
	uint64_t since_us; /* when the earlier audit ended */
	const char *const *lines;
	size_t line_count; /* 0: nothing changed */
};

/* Compares two results. The lines are in the arena of `now`, and are safe to print. Clusters are
 * matched by name, VIPs by address, hosts by address or else by MAC. */
struct drift drift_between(const struct result *before, const struct result *now);

#endif
