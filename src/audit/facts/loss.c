/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/loss.h"

double
loss_estimate(const struct loss *loss)
{
	return ((double)loss->lost + 1) / ((double)loss->answered + (double)loss->lost + 2);
}

double
loss_all_lost(const struct loss *loss, uint32_t count)
{
	const double lost = (double)loss->lost + 1;
	const double all = (double)loss->answered + (double)loss->lost + 2;
	double chance = 1;

	for (uint32_t i = 0; i < count; i++)
		chance *= (lost + i) / (all + i);
	return chance;
}

struct loss
loss_sum(const struct loss loss[PATHS])
{
	return (struct loss){
	    .answered = loss[PATH_BROADCAST].answered + loss[PATH_UNICAST].answered,
	    .lost = loss[PATH_BROADCAST].lost + loss[PATH_UNICAST].lost,
	};
}
