/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the check `gateway` found for a VIP: to whom each router passes packets for it. Texts are
 * those of a result (result.h).
 */
#ifndef ARPAUDIT_GATEWAY_RESULT_H
#define ARPAUDIT_GATEWAY_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/address.h"
#include "arpaudit/verdict.h"

struct router_result {
	struct address ip;
	struct mac mac; /* if has_mac; otherwise it did not answer */
	bool has_mac;
	enum check_outcome outcome;
	const char *reason;     /* never NULL; what was seen, also for a pass */
	struct mac answered_by; /* the source of the VIP's answer, if has_answer */
	bool has_answer;
};

struct gateway_result {
	enum check_outcome outcome; /* the worst of the routers; skipped if there are none */
	const char *reason;         /* of that router, or why it was skipped; never NULL */
	const struct router_result *routers;
	size_t router_count;
};

#endif
