/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arpaudit/pacing.h"
#include "arpaudit/random.h"

/* Takes as many frames as the bucket gives in a second of virtual time, looking every `step_us`. */
static uint32_t
drain(struct bucket *bucket, uint64_t start_us, uint64_t step_us)
{
	uint32_t taken = 0;

	for (uint64_t now_us = start_us; now_us < start_us + 1000000; now_us += step_us) {
		while (bucket_ready_us(bucket) <= now_us && taken < 1000000) {
			bucket_take(bucket, now_us);
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
		bucket_take(&bucket, 5000000);
	assert_int_equal(burst, 8);
	assert_int_equal(bucket_ready_us(&bucket), 5001000);
}

static void
bucket_without_rate_is_open(void **state)
{
	struct bucket bucket;

	(void)state;
	bucket_init(&bucket, 0, 8);
	for (int i = 0; i < 100000; i++) {
		assert_true(bucket_ready_us(&bucket) <= 1000);
		bucket_take(&bucket, 1000);
	}
}

static void
queue_gives_the_earliest(void **state)
{
	enum { TASKS = 500 };
	struct random random = {.state = 7};
	struct queue queue;
	uint64_t due[TASKS], last = 0;
	bool queued[TASKS] = {false};
	uint32_t left = 0;

	(void)state;
	assert_true(queue_init(&queue, TASKS));
	assert_true(queue_due_us(&queue) == UINT64_MAX);
	for (int i = 0; i < 5000; i++) {
		const uint32_t task = random_below(&random, TASKS);

		if (random_below(&random, 4) == 0) {
			queue_remove(&queue, task);
			queued[task] = false;
		} else {
			due[task] = random_below(&random, 100000);
			queue_set(&queue, task, due[task]);
			queued[task] = true;
		}
	}
	for (int i = 0; i < TASKS; i++)
		left += queued[i];
	assert_int_equal(queue.count, left);
	for (; left > 0; left--) {
		const uint64_t due_us = queue_due_us(&queue);
		const uint32_t task = queue_pop(&queue);

		assert_true(queued[task]);
		assert_true(due[task] == due_us && due_us >= last);
		queued[task] = false;
		last = due_us;
	}
	assert_int_equal(queue.count, 0);
	queue_free(&queue);
}

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

/* Beta(1, 1): with no sample, k losses in a row have the chance 1/(k+1) (Laplace's rule); with n
 * answered and none lost it is 1/C(n+k+1, k). */
static void
loss_is_the_posterior_predictive(void **state)
{
	struct loss loss = {0};

	(void)state;
	assert_true(loss_all_lost(&loss, 0) == 1);
	assert_float_equal(loss_all_lost(&loss, 1), 0.5, 1e-12);
	assert_float_equal(loss_all_lost(&loss, 4), 0.2, 1e-12);
	loss.answered = 3;
	assert_float_equal(loss_estimate(&loss), 0.2, 1e-12);
	assert_float_equal(loss_all_lost(&loss, 2), 1.0 / 15, 1e-12); /* C(6,2) */
	loss.answered = 8;
	assert_float_equal(loss_all_lost(&loss, 16) * 2042975, 1.0, 1e-9); /* C(25,16) */
	loss.lost = 1;                                                     /* 2/11 × 3/12 */
	assert_float_equal(loss_all_lost(&loss, 2), 6.0 / 132, 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bucket_is_exact),
	    cmocka_unit_test(bucket_bursts_once),
	    cmocka_unit_test(bucket_without_rate_is_open),
	    cmocka_unit_test(queue_gives_the_earliest),
	    cmocka_unit_test(round_trip_follows_the_rfc),
	    cmocka_unit_test(loss_is_the_posterior_predictive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
