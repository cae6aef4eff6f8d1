/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/decoys.h"

#include <math.h>
#include <string.h>

#include "audit/facts/asked.h"
#include "audit/facts/decoys_pool.h"

#define DECOY_PROBES 3 /* PROBE_NUM of RFC 5227 */

uint32_t
decoys_count(const struct facts *facts)
{
	return facts->decoys->count;
}

uint32_t
decoys_count_first(const struct facts *facts)
{
	return facts->decoys->first;
}

uint32_t
decoys_count_usable(const struct facts *facts)
{
	return facts->decoys->usable;
}

uint32_t
decoys_capacity(const struct facts *facts)
{
	return facts->decoys->capacity;
}

const struct decoy *
decoy_of(const struct facts *facts, uint32_t decoy)
{
	return &facts->decoys->decoy[decoy];
}

uint32_t
decoy_find(const struct facts *facts, const struct address *address)
{
	for (uint32_t i = 0; i < facts->decoys->count; i++)
		if (address_equal(&facts->decoys->decoy[i].address, address))
			return i;
	return NONE;
}

bool
decoys_are_decided(const struct facts *facts)
{
	return facts->decoys->decided;
}

uint32_t
decoys_ready(const struct facts *facts)
{
	uint32_t ready = 0;

	for (uint32_t i = 0; i < facts->decoys->count; i++)
		ready +=
		    facts->decoys->decoy[i].state == DECOY_READY && !facts->decoys->decoy[i].beside;
	return ready;
}

/* Three probes as in RFC 5227. On a lossy segment, as many as make it unlikely that all probes or
 * answers were lost. If even the maximum is not enough, the address is not known to be free. */
bool
decoy_is_probed(const struct facts *facts, uint32_t index)
{
	const struct decoy *decoy = decoy_of(facts, index);
	const struct loss *loss = &facts->loss[PATH_BROADCAST];
	/* The fewer hosts there are, the less certain is the loss. If nothing is lost, that must
	 * not delay the audit. */
	const double missed = loss->lost == 0 ? pow(loss_estimate(loss), decoy->rounds)
					      : loss_all_lost(loss, decoy->rounds);

	return decoy->rounds >= DECOY_PROBES && missed <= DECOY_DOUBT;
}

/* Nobody answers by proxy for an address that a machine has. */
static bool
may_be_proxied(const struct decoy *decoy)
{
	return !decoy->own[0] && !decoy->own[1];
}

static bool
enough_are_free(const struct facts *facts)
{
	uint32_t free = 0;

	for (uint32_t i = 0; i < facts->decoys->first && free < PROXY_ANSWERS_MIN; i++)
		free += facts->decoys->decoy[i].state != DECOY_TAKEN;
	return free == PROXY_ANSWERS_MIN;
}

/* One that was taken gets no more probes, and may yet turn out to be a machine's own address.
 * `free`: enough_are_free(), which looks at all of them. */
static bool
is_tested(const struct decoy *decoy, bool free)
{
	return may_be_proxied(decoy) && (decoy->state != DECOY_TAKEN || !free);
}

bool
decoy_is_tested(const struct facts *facts, uint32_t decoy)
{
	return decoy < facts->decoys->first &&
	       is_tested(decoy_of(facts, decoy), enough_are_free(facts));
}

uint32_t
decoys_count_tested(const struct facts *facts)
{
	const bool free = enough_are_free(facts);
	uint32_t tested = 0;

	for (uint32_t i = 0; i < facts->decoys->first; i++)
		tested += is_tested(decoy_of(facts, i), free);
	return tested;
}

uint32_t
decoys_rounds(const struct facts *facts)
{
	const bool free = enough_are_free(facts);
	uint32_t fewest = UINT32_MAX;

	for (uint32_t i = 0; i < facts->decoys->first; i++)
		if (is_tested(decoy_of(facts, i), free) && decoy_of(facts, i)->rounds < fewest)
			fewest = decoy_of(facts, i)->rounds;
	return fewest;
}

uint32_t
decoys_confirmations(const struct facts *facts)
{
	const uint32_t counted = facts->asked->counted.decoy_rounds;
	const uint32_t rounds = decoys_rounds(facts);

	if (!asked_hears_source(facts))
		return 0;
	return rounds < counted ? rounds : counted;
}

/* If a decoy that has fewer probes is tested again, the rounds after those are still to come.
 * Probes for decoys that are not tested, as for those that replace others, complete no round. */
void
decoys_note_sent(struct facts *facts, uint32_t decoy, uint64_t now_us)
{
	struct decoys *decoys = facts->decoys;
	const uint32_t rounds = decoys_rounds(facts);

	decoys->sent_us = now_us;
	if (!decoy_is_tested(facts, decoy) || decoys->decoy[decoy].rounds != rounds)
		return;
	for (uint32_t later = rounds; later <= DECOY_PROBES_MAX; later++)
		decoys->round_us[later] = 0;
	decoys->round_us[rounds] = now_us;
}

/* The rounds that a decoy completes by being taken are as old as the last probe at most. */
uint64_t
decoys_round_us(const struct facts *facts, uint32_t rounds)
{
	if (rounds == 0 || rounds > DECOY_PROBES_MAX)
		return 0;
	return facts->decoys->round_us[rounds] != 0 ? facts->decoys->round_us[rounds]
						    : facts->decoys->sent_us;
}

uint32_t
decoys_rounds_by(const struct facts *facts, uint64_t by_us)
{
	uint32_t rounds = decoys_rounds(facts);

	while (rounds > 0 && decoys_round_us(facts, rounds) > by_us)
		rounds--;
	return rounds;
}

void
decoy_count_round(struct facts *facts, uint32_t decoy)
{
	facts->decoys->decoy[decoy].rounds++;
}

void
decoy_set_state(struct facts *facts, uint32_t decoy, enum decoy_state state)
{
	facts->decoys->decoy[decoy].state = (uint8_t)state;
}

void
decoys_set_decided(struct facts *facts, bool decided)
{
	facts->decoys->decided = decided;
}

void
decoys_void(struct facts *facts, enum decoy_state state)
{
	memset(facts->decoys->round_us, 0, sizeof(facts->decoys->round_us));
	facts->decoys->sent_us = 0;
	for (uint32_t i = 0; i < facts->decoys->count; i++) {
		struct decoy *decoy = &facts->decoys->decoy[i];

		decoy->rounds = 0;
		if (decoy->state != DECOY_TAKEN)
			decoy->state = (uint8_t)state;
	}
}
