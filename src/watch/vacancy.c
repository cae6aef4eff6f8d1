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
vacancy_end(struct vacancies *vacancies, const struct router *before, uint64_t now_us)
{
	if (now_us < gone_us(before))
		return;
	const uint32_t at = vacancies->count++ % VACANCIES_KEPT;

	vacancies->kept[at].from_us = gone_us(before);
	vacancies->kept[at].until_us = now_us;
}

bool
vacancy_was(const struct vacancies *vacancies, const struct router *router, uint64_t at_us)
{
	const uint32_t oldest = vacancies->count % VACANCIES_KEPT;

	if (at_us >= gone_us(router) ||
	    (vacancies->count > VACANCIES_KEPT && at_us < vacancies->kept[oldest].from_us))
		return true;
	for (uint32_t i = 0; i < VACANCIES_KEPT && i < vacancies->count; i++)
		if (at_us >= vacancies->kept[i].from_us &&
		    at_us < vacancies->kept[i].until_us + ROUTER_CROSSING_US)
			return true;
	return false;
}
