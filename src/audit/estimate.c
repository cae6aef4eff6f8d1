/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a gentle audit takes. The allowance decides, and the number of frames is known: decoys
 * and rounds of who-has VIP, then for each host the rounds for each VIP. The numbers fit the
 * simulator's audits without loss; half of them are within a fifth of the estimate.
 */
#include "audit/pace/gentle.h"

#define BASE_US       UINT64_C(15000000)
#define VIP_US        UINT64_C(14000000)
#define HOST_US       UINT64_C(1500000)
#define PAIR_US       UINT64_C(3000000)
#define SWEPT_US      UINT64_C(750000) /* an address of a sweep: most are free */
#define UNELICITED_US UINT64_C(1000000)

static uint64_t
host_us(const struct plan_cluster *cluster, const struct plan_settings *settings)
{
	if (cluster->discover)
		return SWEPT_US;
	return settings->elicit ? HOST_US + PAIR_US * cluster->vip_count : UNELICITED_US;
}

uint64_t
gentle_audit_us(const struct plan_cluster *cluster, const struct plan_settings *settings)
{
	const uint64_t whole_us = BASE_US + VIP_US * cluster->vip_count +
				  host_us(cluster, settings) * cluster->host_count;

	return settings->rate > 0 && settings->rate < GENTLE_PER_S
		   ? whole_us * GENTLE_PER_S / settings->rate
		   : whole_us;
}
