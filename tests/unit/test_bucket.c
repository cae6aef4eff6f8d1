/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/pace/bucket.h"
/* Takes as many frames as the bucket gives in a second of virtual time, looking every `step_us`. */
static uint32_t
drain(struct bucket *bucket, uint64_t start_us, uint64_t step_us)
{
	uint32_t taken = 0;

	for (uint64_t now_us = start_us; now_us < start_us + 1000000; now_us += step_us) {
		while (bucket_ready_us(bucket) <= now_us && taken < 1000000) {
			bucket_take(bucket, now_us, 1);
			taken++;
		}
	}
	return taken;
}

static void
bucket_is_exact(void **state)
{
	static const uint32_t rates[] = {1, 3, 500, 5000, 33333};
	static const uint64_t steps_us[] = {1, 7, 1000, 10000};
	struct bucket bucket;

	(void)state;
	for (size_t rate = 0; rate < 5; rate++) {
		for (size_t step = 0; step < 4; step++) {
			/* A burst that holds what comes due between two looks loses nothing. */
			const uint32_t burst = rates[rate] / 100 + 1;
			const uint64_t start_us = 1700000000000000;

			bucket_init(&bucket, rates[rate], burst);
			const uint32_t taken = drain(&bucket, start_us, steps_us[step]);

			assert_in_range(taken, rates[rate] - rates[rate] / 50, rates[rate] + burst);
		}
	}
}

static void
bucket_bursts_once(void **state)
{
	struct bucket bucket;
	uint32_t burst = 0;

	(void)state;
	bucket_init(&bucket, 1000, 8);
	for (; bucket_ready_us(&bucket) <= 5000000; burst++)
		bucket_take(&bucket, 5000000, 1);
	assert_int_equal(burst, 8);
	assert_int_equal(bucket_ready_us(&bucket), 5001000);
}

/* The caller takes each frame a little late. */
static void
bucket_keeps_its_rate_though_late(void **state)
{
	struct bucket bucket;
	uint64_t last_us = 5000000;

	(void)state;
	bucket_init(&bucket, 1000, 1);
	bucket_take(&bucket, last_us, 1);
	for (int i = 0; i < 1000; i++) {
		last_us = bucket_ready_us(&bucket) + 400;
		bucket_take(&bucket, last_us, 1);
	}
	assert_int_equal(last_us, 6000400);
	/* Later than that it is idle, which gives no credit. */
	bucket_take(&bucket, 7000000, 1);
	assert_int_equal(bucket_ready_us(&bucket), 7001000);
}

static void
bucket_without_rate_is_open(void **state)
{
	struct bucket bucket;

	(void)state;
	bucket_init(&bucket, 0, 8);
	for (int i = 0; i < 100000; i++) {
		assert_true(bucket_ready_us(&bucket) <= 1000);
		bucket_take(&bucket, 1000, 1);
	}
}

/* It may take more than it has. Then it tells when it is back at any lead. */
static void
bucket_runs_ahead(void **state)
{
	struct bucket bucket;

	(void)state;
	bucket_init(&bucket, 4, 3);
	assert_int_equal(bucket_ahead_us(&bucket, 0), 0);
	bucket_take(&bucket, 5000000, 5);
	assert_int_equal(bucket_ahead_us(&bucket, 0), 6250000);
	assert_int_equal(bucket_ahead_us(&bucket, 2), 5750000);
	assert_int_equal(bucket_ahead_us(&bucket, 5), 5000000);
	assert_int_equal(bucket_ready_us(&bucket), 5750000);
	bucket_take(&bucket, 7000000, 1);
	assert_int_equal(bucket_ahead_us(&bucket, 0), 7250000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bucket_is_exact),
	    cmocka_unit_test(bucket_bursts_once),
	    cmocka_unit_test(bucket_keeps_its_rate_though_late),
	    cmocka_unit_test(bucket_without_rate_is_open),
	    cmocka_unit_test(bucket_runs_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
