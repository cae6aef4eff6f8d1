/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/bucket.h"

#include <assert.h>

#define NS_PER_US 1000u
#define NS_PER_S  1000000000u

void
bucket_init(struct bucket *bucket, uint32_t rate, uint32_t burst)
{
	assert(burst >= 1);
	bucket->interval_ns = rate == 0 ? 0 : NS_PER_S / rate;
	bucket->tolerance_ns = bucket->interval_ns * (burst - 1);
	bucket->arrival_ns = 0;
}

void
bucket_take(struct bucket *bucket, uint64_t now_us, uint32_t frames)
{
	const uint64_t now_ns = now_us * NS_PER_US;

	/* A caller that waits for its frame's time wakes up a little late. That must not add up, so
	 * the next frame does not wait longer for it. Time in which none was wanted counts for
	 * nothing. */
	if (bucket->arrival_ns + bucket->interval_ns / 2 < now_ns)
		bucket->arrival_ns = now_ns;
	bucket->arrival_ns += bucket->interval_ns * frames;
}
