/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the readers of a plan tell the user about a cluster: servers that are not audited, and
 * warnings. A cluster owns its remarks.
 */
#ifndef ARPAUDIT_PLAN_REMARKS_H
#define ARPAUDIT_PLAN_REMARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/address.h"
#include "arpaudit/error.h"

/* A server of a configuration that is not audited. */
struct plan_left_out {
	char rip[ADDRESS_TEXT_SIZE];
	const char *reason; /* a constant: "NAT", "TUN", "IPv6", ... */
};

/* A check that the user does not want judged. */
struct plan_skip {
	char *check, *reason;
};

struct plan_remarks {
	struct plan_left_out *left_out;
	size_t left_out_count;
	char **warnings; /* one line each */
	size_t warning_count;
	struct plan_skip *skips;
	size_t skip_count;
};

/* Adds a server once. These fail with EXIT_CANNOT_RUN if memory is short. */
bool remarks_leave_out(
    struct plan_remarks *remarks, const char *rip, const char *reason, struct error *error);
bool remarks_warn(struct plan_remarks *remarks, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool remarks_skip(
    struct plan_remarks *remarks, const char *check, const char *reason, struct error *error);
/* Why the check is not judged, or NULL. */
const char *remarks_skipped(const struct plan_remarks *remarks, const char *check);
/* Adds all remarks of another cluster. */
bool remarks_add(
    struct plan_remarks *remarks, const struct plan_remarks *others, struct error *error);
void remarks_free(struct plan_remarks *remarks);

#endif
