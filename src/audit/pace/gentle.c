/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/pace/gentle.h"

#include <assert.h>
#include <stdlib.h>

#include "audit/pace/times.h"

#define BURST         3 /* units of a task that leave together */
#define BURST_URGENT  (BURST + 1)
#define URGENT_PER_S  (GENTLE_PER_S / 2)
#define TURN_US       UINT64_C(10000)
#define TURNS_MOST_US UINT64_C(100000)

struct gentle *
gentle_new(uint32_t sharers)
{
	struct gentle *gentle = calloc(1, sizeof(*gentle));

	assert(sharers > 0);
	if (gentle == NULL)
		return NULL;
	bucket_init(&gentle->all, GENTLE_PER_S, BURST);
	bucket_init(&gentle->urgent, URGENT_PER_S, BURST_URGENT);
	gentle->sharers = sharers;
	return gentle;
}

void
gentle_free(struct gentle *gentle)
{
	free(gentle);
}

uint32_t
gentle_cost(const struct frame *frame)
{
	if (frame->kind == FRAME_ARP)
		return 1;
	return frame->kind == FRAME_TCP && (frame->ip.tcp.flags & TCP_RST) != 0 ? 0 : GENTLE_PACKET;
}

/* The audit after the last one comes first, the last one itself comes last. Each waits a little
 * longer than the one before it, which may have nothing to send. */
uint64_t
gentle_begin_us(const struct gentle *gentle, uint32_t sharer)
{
	const uint32_t place =
	    (sharer + gentle->sharers - 1 - gentle->last % gentle->sharers) % gentle->sharers;
	const uint64_t turn_us =
	    TURN_US * gentle->sharers > TURNS_MOST_US ? TURNS_MOST_US / gentle->sharers : TURN_US;

	return bucket_ahead_us(&gentle->all, 0) + place * turn_us;
}

uint64_t
gentle_follow_us(const struct gentle *gentle, uint32_t cost)
{
	return bucket_ahead_us(&gentle->all, BURST - cost);
}

uint64_t
gentle_urgent_us(const struct gentle *gentle, uint32_t cost)
{
	if (cost == 0)
		return 0;
	return later_us(bucket_ahead_us(&gentle->all, BURST_URGENT - cost),
	    bucket_ahead_us(&gentle->urgent, BURST_URGENT - cost));
}

bool
gentle_urgent_is_over(const struct gentle *gentle, uint64_t now_us)
{
	return bucket_ahead_us(&gentle->urgent, BURST_URGENT - GENTLE_PACKET) > now_us;
}

void
gentle_take(struct gentle *gentle, uint32_t sharer, bool urgent, uint32_t cost, uint64_t now_us)
{
	bucket_take(&gentle->all, now_us, cost);
	if (urgent)
		bucket_take(&gentle->urgent, now_us, cost);
	else
		gentle->last = sharer;
}
