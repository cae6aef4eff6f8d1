/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/leaks.h"

#include <stdlib.h>

#include "audit/facts/vips.h"

/* Of one VIP. */
struct leaks {
	bool misdirected;
	uint32_t count;
	struct mac first;
	uint64_t latest_us; /* 0: there was none */
};

bool
leaks_init(struct facts *facts)
{
	facts->leaks = calloc(vip_count(facts), sizeof(*facts->leaks));
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
	return facts->leaks[vip].latest_us != 0;
}

bool
leaks_caches_are_misdirected(const struct facts *facts, uint32_t vip)
{
	return facts->leaks[vip].misdirected;
}

uint64_t
leaks_latest_us(const struct facts *facts, uint32_t vip)
{
	return facts->leaks[vip].latest_us;
}

uint32_t
leaks_count(const struct facts *facts, uint32_t vip)
{
	return facts->leaks[vip].count;
}

const struct mac *
leaks_only_mac(const struct facts *facts, uint32_t vip)
{
	return facts->leaks[vip].count == 1 ? &facts->leaks[vip].first : NULL;
}

void
leaks_note_claimant(struct facts *facts, uint32_t vip, const struct mac *mac)
{
	struct leaks *leak = &facts->leaks[vip];

	if (leak->count++ == 0)
		leak->first = *mac;
}

void
leaks_note(struct facts *facts, uint32_t vip, uint64_t now_us)
{
	struct leaks *leak = &facts->leaks[vip];

	leak->misdirected = true;
	leak->latest_us = now_us;
}

void
leaks_note_restored(struct facts *facts, uint32_t vip)
{
	facts->leaks[vip].misdirected = false;
}
