/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arpaudit/random.h"

/* The published first numbers of SplitMix64 for seed 1234567. */
static void
test_known_numbers(void **state)
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
test_below(void **state)
{
	static const uint32_t limits[] = {1, 2, 3, 10, 1000, 0x80000000, 0xc0000000, UINT32_MAX};
	struct random random = {.state = 9};

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (unsigned round = 0; round < 1000; round++)
			assert_true(random_below(&random, limits[i]) < limits[i]);
}

/* With a plain remainder a limit of 3 × 2^30 would give numbers below 2^30 half of the time. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_numbers),
	    cmocka_unit_test(test_below),
	    cmocka_unit_test(test_below_is_uniform),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
