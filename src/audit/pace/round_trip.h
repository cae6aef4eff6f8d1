/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The round trip time of the segment and its retransmission timeout, by RFC 6298, section 2. The
 * bounds suit a local segment.
 */
#ifndef ARPAUDIT_AUDIT_PACE_ROUND_TRIP_H
#define ARPAUDIT_AUDIT_PACE_ROUND_TRIP_H

#include <stdbool.h>
#include <stdint.h>

struct round_trip {
	uint64_t smoothed_us, variation_us;
	bool sampled;
};

#define TIMEOUT_INITIAL_US 100000
#define TIMEOUT_MIN_US     20000
#define TIMEOUT_MAX_US     1000000

/* The least gap between two rounds of questions: a burst of loss that is shorter takes only one. */
#define GAP_MIN_US 20000

void round_trip_sample(struct round_trip *round_trip, uint64_t sample_us);
/* The timeout after transmission number `attempt`, from 0. It doubles with each attempt (RFC 6298,
 * section 5.5). */
uint64_t round_trip_timeout_us(const struct round_trip *round_trip, unsigned attempt);
/* The gap between two rounds: the time for the answers, or the least gap if that is longer. */
uint64_t round_trip_gap_us(const struct round_trip *round_trip);

#endif
