/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arpaudit/random.h"

/* The published first outputs of SplitMix64 for the seed 1234567. */
static void
test_published_sequence(void **state)
{
	static const uint64_t expected[] = {UINT64_C(6457827717110365317),
	    UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
	    UINT64_C(4593380528125082431), UINT64_C(16408922859458223821)};
	struct random random = {.state = 1234567};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_true(random_next(&random) == expected[i]);
}

static void
test_below_the_limit(void **state)
{
	static const uint32_t limits[] = {1, 2, 3, 10, 1000, 0x80000000, 0xc0000000, UINT32_MAX};
	struct random random = {.state = 9};

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (unsigned round = 0; round < 1000; round++)
			assert_true(random_below(&random, limits[i]) < limits[i]);
}

/* With a plain remainder, half of the numbers below 3 × 2^30 would be below 2^30. */
static void
test_below_is_uniform(void **state)
{
	struct random random = {.state = 11};
	unsigned low = 0;

	(void)state;
	for (unsigned round = 0; round < 30000; round++)
		if (random_below(&random, UINT32_C(3) << 30) < UINT32_C(1) << 30)
			low++;
	assert_in_range(low, 9500, 10500);
}

/* No stream is another one some steps further on. */
static void
test_streams_are_apart(void **state)
{
	enum { STREAMS = 4, STEPS = 200 };
	uint64_t seen[STREAMS * STEPS];
	size_t count = 0;

	(void)state;
	for (uint32_t number = 0; number < STREAMS; number++) {
		struct random stream = random_stream(5, number), again = random_stream(5, number);

		for (size_t step = 0; step < STEPS; step++) {
			const uint64_t drawn = random_next(&stream);

			assert_true(random_next(&again) == drawn);
			for (size_t i = 0; i < count; i++)
				assert_true(seen[i] != drawn);
			seen[count++] = drawn;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_published_sequence),
	    cmocka_unit_test(test_below_the_limit),
	    cmocka_unit_test(test_below_is_uniform),
	    cmocka_unit_test(test_streams_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
