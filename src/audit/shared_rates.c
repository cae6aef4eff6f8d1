/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "arpaudit/rates.h"
#include "audit/pace/rates.h"

/* Several audits wake up for the same broadcast. One that is late must not cost all of them a turn,
 * so they may catch up on 31 ms. */
#define BURST_PER_S 32

struct rates *
rates_new(uint32_t rate, uint32_t broadcast_rate)
{
	struct rates *const rates = malloc(sizeof(*rates));

	if (rates == NULL)
		return NULL;
	rates_init(rates, rate, broadcast_rate, 1);
	if (broadcast_rate <= BURST_PER_S)
		return rates;
	bucket_init(&rates->broadcasts, broadcast_rate, broadcast_rate / BURST_PER_S);
	bucket_init(&rates->elicited, broadcast_rate, broadcast_rate / BURST_PER_S);
	return rates;
}

void
rates_free(struct rates *rates)
{
	free(rates);
}
