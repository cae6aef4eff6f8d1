/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <time.h>

#include "arpaudit/clock.h"

static uint64_t
read_us(clockid_t id)
{
	struct timespec time;
	const int result = clock_gettime(id, &time);

	assert(result == 0); /* both clocks exist on every Linux */
	(void)result;
	return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_nsec / 1000u;
}

void
clock_start(struct clock *clock)
{
	clock->offset_us = read_us(CLOCK_REALTIME) - read_us(CLOCK_MONOTONIC);
}

uint64_t
clock_now_us(const struct clock *clock)
{
	return read_us(CLOCK_MONOTONIC) + clock->offset_us;
}
