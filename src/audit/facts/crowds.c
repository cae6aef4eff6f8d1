/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/crowds.h"

void
crowds_init(struct crowds *crowds)
{
	bucket_init(&crowds->bucket, CROWDS_RATE, CROWDS_BURST);
	crowds->passed_over = 0;
}

bool
crowds_have_time(struct crowds *crowds, uint64_t now_us, uint32_t hosts)
{
	if (hosts <= CROWDS_FREE)
		return true;
	if (bucket_ready_us(&crowds->bucket) > now_us) {
		crowds->passed_over++;
		return false;
	}
	bucket_take(&crowds->bucket, now_us, 1);
	return true;
}
