/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/round_trip.h"

#include "audit/pace/times.h"

#define GAP_UNKNOWN_US 60000

void
round_trip_sample(struct round_trip *round_trip, uint64_t sample_us)
{
	if (!round_trip->sampled) {
		round_trip->smoothed_us = sample_us;
		round_trip->variation_us = sample_us / 2;
		round_trip->sampled = true;
		return;
	}
	const uint64_t smoothed = round_trip->smoothed_us;
	const uint64_t deviation =
	    smoothed > sample_us ? smoothed - sample_us : sample_us - smoothed;

	round_trip->variation_us = (3 * round_trip->variation_us + deviation) / 4;
	round_trip->smoothed_us = (7 * smoothed + sample_us) / 8;
}

uint64_t
round_trip_timeout_us(const struct round_trip *round_trip, unsigned attempt)
{
	uint64_t timeout_us = TIMEOUT_INITIAL_US;

	if (round_trip->sampled)
		timeout_us = round_trip->smoothed_us + 4 * round_trip->variation_us;
	if (timeout_us < TIMEOUT_MIN_US)
		timeout_us = TIMEOUT_MIN_US;
	for (unsigned i = 0; i < attempt && timeout_us < TIMEOUT_MAX_US; i++)
		timeout_us *= 2;
	return timeout_us < TIMEOUT_MAX_US ? timeout_us : TIMEOUT_MAX_US;
}

uint64_t
round_trip_gap_us(const struct round_trip *round_trip)
{
	const uint64_t answer_us =
	    round_trip->sampled ? round_trip_timeout_us(round_trip, 0) : GAP_UNKNOWN_US;

	return later_us(answer_us, GAP_MIN_US);
}
