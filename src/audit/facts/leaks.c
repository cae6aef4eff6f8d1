/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/leaks.h"

#include <stdlib.h>

#include "audit/facts/vips.h"

struct leak {
	bool leaked, misdirected;
	uint64_t latest_us;
};

struct leaks {
	uint32_t count;
	struct leak vip[];
};

bool
leaks_init(struct facts *facts)
{
	facts->leaks = calloc(1, sizeof(*facts->leaks) + vip_count(facts) * sizeof(struct leak));
	return facts->leaks != NULL;
}

void
leaks_free(struct facts *facts)
{
	free(facts->leaks);
}

bool
leaks_has(const struct facts *facts, uint32_t vip)
{
	return facts->leaks->vip[vip].leaked;
}

bool
leaks_caches_are_misdirected(const struct facts *facts, uint32_t vip)
{
	return facts->leaks->vip[vip].misdirected;
}

uint64_t
leaks_latest_us(const struct facts *facts, uint32_t vip)
{
	return facts->leaks->vip[vip].latest_us;
}

uint32_t
leaks_count(const struct facts *facts)
{
	return facts->leaks->count;
}

void
leaks_note_claimant(struct facts *facts)
{
	facts->leaks->count++;
}

void
leaks_note(struct facts *facts, uint32_t vip, uint64_t now_us)
{
	facts->leaks->vip[vip] =
	    (struct leak){.leaked = true, .misdirected = true, .latest_us = now_us};
}

void
leaks_note_restored(struct facts *facts, uint32_t vip)
{
	facts->leaks->vip[vip].misdirected = false;
}
