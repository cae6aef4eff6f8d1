/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/asked.h"

#include <stdlib.h>

#include "audit/facts/vips.h"

bool
asked_init(struct facts *facts)
{
	facts->asked = calloc(1, sizeof(*facts->asked));
	if (facts->asked == NULL)
		return false;
	facts->asked->counted.rounds = facts->asked->counted.decoy_rounds = UINT32_MAX;
	facts->asked->vips = calloc(vip_count(facts), sizeof(*facts->asked->vips));
	return facts->asked->vips != NULL;
}

void
asked_free(struct facts *facts)
{
	if (facts->asked != NULL)
		free(facts->asked->vips);
	free(facts->asked);
}

void
asked_note_question(struct facts *facts, uint32_t vip, uint64_t now_us, bool broadcast)
{
	if (facts->asked->first_us == 0)
		facts->asked->first_us = now_us;
	facts->asked->vips[vip].asked_us = now_us;
	if (broadcast)
		facts->asked->vips[vip].broadcasts++;
}

void
asked_note_round_begun(struct facts *facts)
{
	facts->asked->round_open = true;
	facts->asked->round_void = false;
}

void
asked_note_round_sent(struct facts *facts, uint64_t now_us)
{
	struct asked *asked = facts->asked;

	asked->rounds += asked->round_void ? 0 : 1;
	asked->round_us[asked->rounds % ROUND_TIMES] = now_us;
	asked->round_open = asked->round_void = false;
}

void
asked_void_rounds(struct facts *facts)
{
	facts->asked->rounds_void = facts->asked->rounds;
	facts->asked->round_void = facts->asked->round_open;
}

void
asked_note_partial(struct facts *facts, uint32_t vip)
{
	facts->asked->vips[vip].rounds_partial = facts->asked->rounds + 1;
}

void
asked_count_anew(struct facts *facts, uint32_t vip)
{
	facts->asked->vips[vip].broadcasts = 0;
}

void
asked_set_handover_open(struct facts *facts, uint32_t vip, bool open)
{
	facts->asked->vips[vip].handover_open = open;
}

void
asked_set_master_open(struct facts *facts, uint32_t vip, bool open)
{
	facts->asked->vips[vip].master_open = open;
}

void
asked_set_signature_open(struct facts *facts, uint32_t vip, bool open)
{
	facts->asked->vips[vip].signature_open = open;
}

void
asked_set_rehearsal(struct facts *facts, uint32_t vip, enum rehearsal_state state,
    const struct mac *owner, uint64_t now_us)
{
	struct asked_vip *asked = &facts->asked->vips[vip];

	asked->rehearsal = (uint8_t)state;
	asked->rehearsed = *owner;
	asked->rehearsed_us = now_us;
}

bool
asked_owners_are_void(const struct facts *facts)
{
	return facts->asked->voids > VOIDS_MAX;
}

bool
asked_hears_source(const struct facts *facts)
{
	return address_is_set(&facts->probe.source) &&
	       (facts->asked->kinds_answered & 1u << SPA_SOURCE) != 0;
}

bool
asked_is_cut_short(const struct facts *facts, uint64_t since_us)
{
	return facts->asked->counted.cut_us != 0 &&
	       since_us + PROXY_DELAY_US > facts->asked->counted.cut_us;
}

bool
asked_hears_proxies(const struct facts *facts)
{
	return facts->settings->linger_us >= PROXY_DELAY_US;
}

uint64_t
asked_round_us(const struct facts *facts, uint32_t rounds)
{
	const struct asked *asked = facts->asked;
	const uint32_t oldest = asked->rounds < ROUND_TIMES ? 0 : asked->rounds - ROUND_TIMES + 1;

	return asked->round_us[(rounds > oldest ? rounds : oldest) % ROUND_TIMES];
}

uint32_t
asked_rounds_by(const struct facts *facts, uint64_t by_us)
{
	uint32_t rounds = facts->asked->rounds;

	for (uint32_t i = 0; i < ROUND_TIMES && rounds > 0; i++, rounds--)
		if (asked_round_us(facts, rounds) <= by_us)
			break;
	return rounds;
}
