/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/asked.h"
#include "audit/facts/decoys_pool.h"

/* The most questions that tell one own address from a proxied one. Where little is known of the
 * loss (two exchanges), it takes 37 unanswered ones to show a proxy, which may answer for
 * PROXY_ANSWERS_MIN decoys only. */
#define TELLINGS 13

void
decoy_note_answer(struct facts *facts, uint32_t index, const struct mac *mac, bool own)
{
	struct decoy *const decoy = &facts->decoys->decoy[index];

	facts->decoys->answered = true;
	for (size_t i = 0; i < 2; i++) {
		if (mac_equal(&decoy->answered_by[i], &mac_zero))
			decoy->answered_by[i] = *mac;
		if (!mac_equal(&decoy->answered_by[i], mac))
			continue;
		decoy->own[i] = decoy->own[i] || own;
		return;
	}
}

/* A proxy that answers for all decoys goes unnoticed if fewer than PROXY_ANSWERS_MIN of them get an
 * answer through. Then the answers for all but two decoys were lost each time. `choices` counts the
 * pairs that those two may be. */
static double
bound_by(const struct facts *facts, uint32_t rounds)
{
	const uint32_t count = decoys_count_tested(facts);

	if (count < PROXY_ANSWERS_MIN)
		return 1;
	const double choices = (double)count * (count - 1) / 2;
	const uint32_t asked = rounds * (count - (PROXY_ANSWERS_MIN - 1));
	const double bound = choices * loss_all_lost(&facts->loss[PATH_BROADCAST], asked);

	return bound < 1 ? bound : 1;
}

double
decoys_bound(const struct facts *facts)
{
	return bound_by(facts, decoys_confirmations(facts));
}

uint32_t
decoys_rounds_needed(const struct facts *facts)
{
	const uint32_t most = decoys_confirmations(facts);

	/* Without decoys there is no end of rounds, and none would be enough. */
	for (uint32_t rounds = 1; rounds < most && rounds <= DECOY_PROBES_MAX; rounds++)
		if (bound_by(facts, rounds) <= facts->settings->confidence)
			return rounds;
	return most;
}

/* How these MACs answer for a decoy. */
struct answers {
	bool any, own;
	uint32_t told; /* questions that would have shown that the address is own */
};

static struct answers
answers_by(const struct decoy *decoy, const struct mac *macs, size_t count)
{
	struct answers answers = {.any = false};

	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < 2; i++) {
			if (!mac_equal(&decoy->answered_by[i], &macs[k]))
				continue;
			answers.any = true;
			answers.own = answers.own || decoy->own[i];
			answers.told += decoy->told[i];
		}
	return answers;
}

uint32_t
decoys_answered_by(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t answered = 0;

	for (uint32_t i = 0; i < facts->decoys->count && facts->decoys->answered; i++)
		answered += answers_by(&facts->decoys->decoy[i], macs, count).any;
	return answered;
}

uint32_t
decoys_proxied_by(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t proxied = 0;

	for (uint32_t i = 0; i < facts->decoys->count && facts->decoys->answered; i++) {
		const struct answers answers = answers_by(&facts->decoys->decoy[i], macs, count);

		proxied += answers.any && !answers.own;
	}
	return proxied;
}

/* If nobody at all answers SPA 0.0.0.0, such questions are dropped on the way and tell nothing. */
bool
decoys_show_proxy(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < facts->decoys->count && facts->decoys->answered; i++) {
		const struct answers answers = answers_by(&facts->decoys->decoy[i], macs, count);

		if (answers.any && !answers.own)
			told += answers.told;
	}
	return decoys_proxied_by(facts, macs, count) >= PROXY_ANSWERS_MIN &&
	       (facts->asked->kinds_answered & 1u << SPA_UNSPECIFIED) != 0 &&
	       loss_all_lost(&facts->loss[PATH_UNICAST], told) <= DECOY_DOUBT;
}

/* A single decoy may be an own address of anybody. Only a MAC that answers for several looks like a
 * proxy. */
bool
decoy_wants_telling(const struct facts *facts, uint32_t index, size_t *answerer)
{
	const struct decoy *decoy = decoy_of(facts, index);

	for (size_t i = 0; i < 2; i++) {
		const struct mac *mac = &decoy->answered_by[i];

		if (mac_equal(mac, &mac_zero) || decoy->own[i] || decoy->told[i] == TELLINGS ||
		    !heard_may_be_machine(facts, mac) ||
		    decoys_proxied_by(facts, mac, 1) < PROXY_ANSWERS_MIN ||
		    decoys_show_proxy(facts, mac, 1))
			continue;
		*answerer = i;
		return true;
	}
	return false;
}

void
decoy_count_telling(struct facts *facts, uint32_t decoy, size_t answerer)
{
	facts->decoys->decoy[decoy].told[answerer]++;
}
