/* SPDX-License-Identifier: BSD-2-Clause */
#include "shares.h"

static bool
is_on(const struct run_pair *pair, const struct run_segment *first)
{
	return pair->error.status == 0 && pair->segment->first == first;
}

/* 0 is no limit. */
static uint32_t
lower(uint32_t a, uint32_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

bool
shares_begin(struct run *run)
{
	for (size_t i = 0; i < run->segment_count; i++) {
		struct run_segment *const segment = &run->segments[i];
		uint32_t rate = 0, broadcast_rate = 0;

		for (size_t j = 0; j < run->pair_count && segment->first == segment; j++) {
			const struct plan_settings *settings = &run->pairs[j].cluster->settings;

			if (!is_on(&run->pairs[j], segment))
				continue;
			rate = lower(rate, settings->rate);
			broadcast_rate = lower(broadcast_rate, settings->broadcast_rate);
		}
		segment->rates = segment->first == segment ? rates_new(rate, broadcast_rate)
							   : segment->first->rates;
		if (segment->rates == NULL)
			return false;
	}
	return true;
}

static size_t
count_sharers(const struct run *run, const struct run_pair *pair)
{
	size_t sharers = 0;

	for (size_t i = 0; i < run->pair_count; i++)
		sharers += is_on(&run->pairs[i], pair->segment->first);
	return sharers;
}

struct rates *
shares_rates(const struct run *run, const struct run_pair *pair)
{
	return count_sharers(run, pair) > 1 ? pair->segment->rates : NULL;
}
