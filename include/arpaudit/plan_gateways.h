/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routers whose way to the VIPs is audited. A cluster has a few, named by the user or found.
 */
#ifndef ARPAUDIT_PLAN_GATEWAYS_H
#define ARPAUDIT_PLAN_GATEWAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/address.h"

#define PLAN_GATEWAYS_MAX 16

struct plan_gateways {
	struct address address[PLAN_GATEWAYS_MAX];
	size_t count;
	bool off;   /* the user wants none */
	bool found; /* it is the probe's default gateway, and not named: no answer is no fault */
	const char *absent; /* why there are none, a constant; NULL: nobody has looked */
};

#endif
