/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/pace/round_trip.h"
/* RFC 6298 section 2, worked out by hand: R = 1000: SRTT 1000, RTTVAR 500. R' = 2000:
 * RTTVAR = 3/4 × 500 + 1/4 × 1000 = 625; SRTT = 7/8 × 1000 + 1/8 × 2000 = 1125. */
static void
round_trip_follows_the_rfc(void **state)
{
	struct round_trip round_trip = {0};

	(void)state;
	assert_int_equal(round_trip_timeout_us(&round_trip, 0), TIMEOUT_INITIAL_US);
	round_trip_sample(&round_trip, 1000);
	assert_int_equal(round_trip.smoothed_us, 1000);
	assert_int_equal(round_trip.variation_us, 500);
	round_trip_sample(&round_trip, 2000);
	assert_int_equal(round_trip.variation_us, 625);
	assert_int_equal(round_trip.smoothed_us, 1125);
	assert_int_equal(round_trip_timeout_us(&round_trip, 0), TIMEOUT_MIN_US);
	round_trip_sample(&round_trip, 81125); /* 3/4 × 625 + 1/4 × 80000 = 20468; 1125 + 10000 */
	assert_int_equal(round_trip.variation_us, 20468);
	assert_int_equal(round_trip.smoothed_us, 11125);
	assert_int_equal(round_trip_timeout_us(&round_trip, 0), 11125 + 4 * 20468);
	assert_int_equal(round_trip_timeout_us(&round_trip, 1), 2 * (11125 + 4 * 20468));
	assert_int_equal(round_trip_timeout_us(&round_trip, 20), TIMEOUT_MAX_US);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trip_follows_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
