/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/rates.h"

/* The full rate allows bursts of 10 ms. Broadcasts leave one by one, because each costs every host
 * on the segment time, and so do the answers it provokes. */
#define BURST_PER_S     100
#define BROADCAST_BURST 1

void
rates_init(struct rates *rates, uint32_t rate, uint32_t broadcast_rate, uint32_t burst_least)
{
	const uint32_t burst = rate / BURST_PER_S;

	*rates = (struct rates){
	    .rate = rate,
	    .broadcast_rate = broadcast_rate,
	    .burst = burst > burst_least ? burst : burst_least,
	};
	bucket_init(&rates->all, rate, rates->burst);
	bucket_init(&rates->broadcasts, broadcast_rate, BROADCAST_BURST);
	bucket_init(&rates->elicited, broadcast_rate, BROADCAST_BURST);
}

void
rates_widen(struct rates *rates, uint32_t burst_least)
{
	const uint64_t arrival_ns = rates->all.arrival_ns;

	if (burst_least <= rates->burst)
		return;
	rates->burst = burst_least;
	bucket_init(&rates->all, rates->rate, burst_least);
	rates->all.arrival_ns = arrival_ns;
}
