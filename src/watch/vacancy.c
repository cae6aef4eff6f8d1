/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/vacancy.h"

/* A master is down after this many silent intervals (RFC 5798, section 6.1). */
#define INTERVALS_DOWN 3

/* When the master was gone, if it was not heard again. */
static uint64_t
gone_us(const struct router *router)
{
	const uint64_t down_us = router->heard_us + INTERVALS_DOWN * (uint64_t)router->interval_us;

	if (router->vrid == 0)
		return 0;
	return router->resigned && router->resigned_us < down_us ? router->resigned_us : down_us;
}

void
vacancy_end(struct vacancy *vacancy, const struct router *before, uint64_t now_us)
{
	if (now_us < gone_us(before))
		return;
	vacancy->from_us = gone_us(before);
	vacancy->until_us = now_us;
}

bool
vacancy_was(const struct vacancy *vacancy, const struct router *router, uint64_t at_us)
{
	return at_us >= gone_us(router) ||
	       (at_us >= vacancy->from_us && at_us < vacancy->until_us + ROUTER_CROSSING_US);
}
