/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/listening.h"

#include "audit/facts/asked.h"
#include "audit/facts/check_states.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "audit/owner/eligible.h"
#include "audit/owner/rounds.h"
#include "audit/pace/times.h"

/* The longest interval of advertisements that is waited for. */
#define MASTERS_WAIT_MAX_US 2000000

/* Everything that may change the answer once all hosts are done. */
static uint64_t
version_of(const struct facts *facts)
{
	const struct loss loss = loss_sum(facts->loss);

	return (uint64_t)facts->asked->rounds << 32 ^ (uint64_t)decoys_count_tested(facts) << 48 ^
	       decoys_round_us(facts, decoys_rounds(facts)) << 16 ^ (loss.answered + loss.lost);
}

static bool
is_known(const struct audit *audit)
{
	return audit->listening.known && audit->listening.version == version_of(&audit->facts);
}

static uint32_t
rounds_of_host(const struct audit *audit, uint32_t host)
{
	const struct check *const *checks = audit->table->checks;
	uint32_t needed = 0;

	for (uint32_t vip = 0; vip < vip_count(&audit->facts); vip++)
		for (size_t i = 0; checks[i] != NULL; i++) {
			if (checks[i]->rounds_needed == NULL)
				continue;
			const struct pair pair = check_pair(&audit->facts, i, host, vip);
			const uint32_t rounds = checks[i]->rounds_needed(&pair);

			needed = rounds > needed ? rounds : needed;
		}
	return needed;
}

void
listening_review(struct audit *audit)
{
	const struct facts *facts = &audit->facts;
	struct listening *listening = &audit->listening;
	uint32_t needed;

	if (is_known(audit))
		return;
	needed = owner_rounds_needed(facts);
	for (uint32_t host = 0; host < host_count(facts); host++) {
		const uint32_t rounds = rounds_of_host(audit, host);

		needed = rounds > needed ? rounds : needed;
	}
	listening->known = true;
	listening->version = version_of(facts);
	listening->from_us = later_us(
	    asked_round_us(facts, needed), decoys_round_us(facts, decoys_rounds_needed(facts)));
}

/* Whether a VIP seems to have no owner, which is a violation. Its owner may just be slow. */
static bool
is_any_ownerless(const struct facts *facts)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (owner_count(facts, vip) == 0)
			return facts->cluster->owner != OWNER_NONE;
	return false;
}

/* Two masters that share a MAC are told apart only by the advertisements of both: the second one's
 * was heard, and the first one's next follows within an interval if it has not given up. */
static uint64_t
masters_until_us(const struct facts *facts)
{
	uint64_t until_us = 0;

	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		const struct router *router = router_of(facts, vip);
		const uint64_t interval_us = router->interval_us < MASTERS_WAIT_MAX_US
						 ? router->interval_us
						 : MASTERS_WAIT_MAX_US;

		if (address_is_set(&router->former) && !router->handed_over && !router->contended)
			until_us =
			    later_us(until_us, router->since_us + interval_us + ROUTER_CROSSING_US);
	}
	return until_us;
}

uint64_t
listening_until_us(const struct audit *audit)
{
	const struct facts *facts = &audit->facts;
	uint64_t from_us = facts->asked->question_us;
	uint64_t linger_us = facts->settings->linger_us;

	if (linger_us < PLAN_LINGER_US_DEFAULT && is_any_ownerless(facts))
		linger_us = PLAN_LINGER_US_DEFAULT;
	/* If broadcast silences do not count, none is needed more than another. */
	if (asked_hears_proxies(facts) && is_known(audit))
		from_us = later_us(audit->listening.from_us, facts->asked->inquiry_us);
	return later_us(from_us + linger_us, masters_until_us(facts));
}

struct facts
listening_facts(const struct audit *audit, uint64_t now_us, struct asked *asked)
{
	const uint64_t linger_us = audit->facts.settings->linger_us;
	struct facts facts = audit->facts;

	*asked = *facts.asked;
	if (asked_hears_proxies(&facts) && now_us > linger_us) {
		asked->counted.rounds = asked_rounds_by(&facts, now_us - linger_us);
		asked->counted.decoy_rounds = decoys_rounds_by(&facts, now_us - linger_us);
	}
	facts.asked = asked;
	return facts;
}

struct facts
listening_cut_short(const struct audit *audit, uint64_t now_us, struct asked *asked)
{
	struct facts facts = audit->facts;

	*asked = *facts.asked;
	asked->counted.cut_us = now_us;
	facts.asked = asked;
	return facts;
}
