/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
#include <assert.h>

#include "arpaudit/random.h"

uint64_t
random_next(struct random *random)
{
	uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

struct random
random_stream(uint64_t seed, uint32_t number)
{
	struct random parent = {.state = seed};
	struct random stream = {.state = random_next(&parent)};

	/* Each begins at a mixed number: so no two walk the same states one step apart. */
	for (uint32_t i = 0; i < number; i++)
		stream.state = random_next(&parent);
	return stream;
}

uint32_t
random_below(struct random *random, uint32_t limit)
{
	assert(limit >= 1);
	/* 2^32 modulo `limit`. With that many of the smallest numbers rejected, the count of the
	 * rest is a multiple of `limit`, so their remainders are uniform. */
	const uint32_t rejected = (UINT32_MAX - limit + 1) % limit;
	uint32_t number;

	do {
		number = (uint32_t)(random_next(random) >> 32);
	} while (number < rejected);
	return number % limit;
}
