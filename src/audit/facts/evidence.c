/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "audit/facts/claims.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

/* A faulty host has two findings that show a frame, and so has a stranger. In a huge plan hardly
 * any host is faulty, and a pool for all hosts would take a third of the engine's memory. */
#define OF_HOST     2
#define OF_STRANGER 2
#define STRANGERS   16
#define FRAMES_MAX  32768

struct evidence_pool {
	uint32_t count, capacity;
	struct kept_frame frame[];
};

bool
evidence_pool_init(struct facts *facts)
{
	const uint64_t wanted =
	    (uint64_t)vip_count(facts) *
	    (OF_HOST * (uint64_t)host_count(facts) + OF_STRANGER * (uint64_t)STRANGERS);
	const uint32_t capacity = wanted < FRAMES_MAX ? (uint32_t)wanted : FRAMES_MAX;
	/* Not zeroed, because a kept frame is written as a whole and most slots stay unused. */
	struct evidence_pool *pool =
	    malloc(sizeof(*pool) + (size_t)capacity * sizeof(pool->frame[0]));

	if (pool == NULL)
		return false;
	*pool = (struct evidence_pool){.capacity = capacity};
	facts->evidence = pool;
	return true;
}

void
evidence_pool_free(struct facts *facts)
{
	free(facts->evidence);
}

static const struct kept_frame *
keep(struct evidence_pool *pool, const struct heard *heard)
{
	const struct capture *capture = heard->capture;
	struct kept_frame *kept;

	if (pool->count == pool->capacity)
		return NULL;
	kept = &pool->frame[pool->count++];
	kept->time_us = capture->time_us != 0 ? capture->time_us : heard->now_us;
	kept->number = capture->number;
	kept->length =
	    (uint16_t)(capture->length < EVIDENCE_OCTETS ? capture->length : EVIDENCE_OCTETS);
	memcpy(kept->bytes, capture->bytes, kept->length);
	return kept;
}

void
evidence_keep_frame(
    const struct facts *facts, const struct kept_frame **slot, const struct heard *heard)
{
	if (*slot != NULL)
		return;
	if (*heard->kept == NULL)
		*heard->kept = keep(facts->evidence, heard);
	*slot = *heard->kept;
}

void
evidence_forget_numbers(const struct facts *facts)
{
	for (uint32_t i = 0; i < facts->evidence->count; i++)
		facts->evidence->frame[i].number = 0;
}
