/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/fences.h"

#include <assert.h>

#include "audit/ask/asking.h"
#include "audit/facts/arp_probe.h"
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"

#define TRAIN_MAX 8 /* probes for VIPs before a fence, if one VIP does not take more */

/* Of the checks, for one VIP. */
static uint32_t
pair_most(const struct check *const *checks)
{
	uint32_t most = 0;

	for (size_t i = 0; checks[i] != NULL; i++)
		most += checks[i]->train != NULL ? TRAIN_CHECK_MAX : 0;
	return most;
}

uint32_t
ask_train_most(const struct check *const *checks)
{
	const uint32_t most = pair_most(checks);

	return most > TRAIN_MAX ? most : TRAIN_MAX;
}

static uint32_t
push_pair(struct ask *ask, uint32_t index, uint32_t vip)
{
	uint32_t pushed = 0;
	uint8_t kinds = 0;

	for (size_t i = 0; ask->checks[i] != NULL; i++) {
		struct frame frames[TRAIN_CHECK_MAX];
		const struct pair pair = asking_pair(ask, i, index, vip);
		const uint32_t added = ask->checks[i]->train == NULL
					   ? 0
					   : ask->checks[i]->train(&pair, frames, &kinds);

		assert(added <= TRAIN_CHECK_MAX);
		for (uint32_t k = 0; k < added; k++)
			ask_push(ask, LANE_UNICAST, &frames[k], PURPOSE_TRAIN, NONE);
		pushed += added;
	}
	inquiry_ask_vip(ask->facts, index, vip, kinds);
	return pushed;
}

uint32_t
ask_train_push(struct ask *ask, uint32_t index)
{
	struct asked_host *host = asking_of(ask, index);
	const uint32_t one_more = pair_most(ask->checks);
	/* In gentle mode a longer train would take so long that its fence says little of its first
	 * frame. */
	const uint32_t most = ask_is_gentle(ask) ? one_more : ask_train_most(ask->checks);
	uint32_t count = 0;

	for (; host->cursor < vip_count(ask->facts) && count + one_more <= most; host->cursor++)
		if (!asking_pair_is_settled(ask, index, host->cursor, PATH_UNICAST))
			count += push_pair(ask, index, host->cursor);
	return count;
}

/* The MAC that a unicast fence goes to. If several answer for the RIP, one may be a proxy, which
 * answers no ARP Probe. So ARP Probes go to each of them in turn, and then to the one that
 * answered.
 */
static const struct mac *
mac_to_ask(const struct ask *ask, uint32_t index, enum spa_kind spa)
{
	const struct host *host = host_of(ask->facts, index);

	if (spa != SPA_UNSPECIFIED)
		return &host->mac[0];
	if (host->spa[SPA_UNSPECIFIED].macs != 0)
		return &host->mac[host->spa[SPA_UNSPECIFIED].first];
	return &host->mac[inquiry_of(ask->facts, index)->probes_missed % host->mac_count];
}

/* First questions go last, so that the rounds do not wait for those to thousands of hosts. */
static enum lane
lane_of_broadcast(const struct ask *ask, uint32_t index)
{
	return inquiry_of(ask->facts, index)->stage == STAGE_RESOLVE ? ask_lane(ask, LANE_FIRST)
								     : LANE_BROADCAST;
}

void
ask_fence_push(struct ask *ask, uint32_t index, enum path path)
{
	const struct host *host = host_of(ask->facts, index);
	struct fence_out *fence = &asking_of(ask, index)->fence;
	const bool may_probe = path == PATH_UNICAST || arp_probe_may_ask_rip(ask->facts, index);
	struct address spa;
	struct frame frame;

	/* A host that is silent may be starting anew, and checking its address. */
	if (fence->tries > 0)
		fence->spa = SPA_SOURCE;
	/* Where a proxy may have answered for the RIP, an ARP Probe tells. */
	if (!may_probe && fence->spa == SPA_UNSPECIFIED && proxy_may_be_found(ask->facts, index))
		path = PATH_UNICAST;
	else if (!may_probe)
		fence->spa = SPA_SOURCE;
	const bool broadcast = path == PATH_BROADCAST;

	spa = probe_spa(&ask->facts->probe, (enum spa_kind)fence->spa);
	probe_who_has(&ask->facts->probe, &host->rip,
	    broadcast ? &mac_broadcast : mac_to_ask(ask, index, (enum spa_kind)fence->spa), &spa,
	    &frame);
	fence->path = (uint8_t)path;
	if (broadcast)
		inquiry_count_resolve(ask->facts, index);
	ask_push(ask, broadcast ? lane_of_broadcast(ask, index) : LANE_UNICAST, &frame,
	    PURPOSE_FENCE, index);
}

void
ask_fence_sent(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct fence_out *fence = &asking_of(ask, index)->fence;

	fence->out = true;
	fence->rounds = ask->facts->asked->rounds;
	fence->sent_us = ask->facts->asked->fence_us = now_us;
	asking_schedule(ask, LANE_UNICAST, index,
	    now_us + round_trip_timeout_us(&ask->pace->round_trip, fence->tries));
}

/* Whether the host ignores a kind of SPA that others answer, as it does 0.0.0.0 with arp_filter; or
 * the segment drops it. */
static bool
is_useless(const struct ask *ask, uint32_t index, unsigned spa)
{
	const struct inquiry *inquiry = inquiry_of(ask->facts, index);

	if ((inquiry->kinds_missed & ~inquiry->kinds_answered & 1u << spa) == 0)
		return false;
	return spa == SPA_SOURCE || !inquiries_may_show_probes_dropped(ask->facts);
}

/* Fences alternate between the two kinds of SPA, unless one is useless. */
static void
turn_spa(struct ask *ask, uint32_t index)
{
	const struct inquiry *inquiry = inquiry_of(ask->facts, index);
	struct fence_out *fence = &asking_of(ask, index)->fence;
	const unsigned other = fence->spa == SPA_SOURCE ? SPA_UNSPECIFIED : SPA_SOURCE;

	if (!is_useless(ask, index, other) || (inquiry->kinds_answered & 1u << fence->spa) == 0)
		fence->spa = (uint8_t)other;
}

void
ask_fence_timed_out(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);

	if (!host->fence.out)
		return;
	host->fence.out = false;
	inquiry_fence_missed(ask->facts, index, (enum spa_kind)host->fence.spa);
	inquiry_note_fence(ask->facts, index, false, host->fence.sent_us);
	turn_spa(ask, index);
	host->fence.tries++;
	asking_pool(ask, index, now_us);
	if (inquiry_of(ask->facts, index)->stage != STAGE_RESOLVE)
		host->cursor = 0;
}

/* A host that answers unicast fences by its own MAC does not answer one by another: that is the
 * late answer of a switch to a broadcast fence. */
static bool
is_late_broadcast(const struct ask *ask, uint32_t index, const struct heard *reply)
{
	return reply->relayed && asking_of(ask, index)->fence.path == PATH_UNICAST &&
	       (inquiry_of(ask->facts, index)->paths_direct & 1u << PATH_UNICAST) != 0;
}

struct news
ask_fence_hear(struct ask *ask, uint32_t index, const struct heard *reply)
{
	struct fence_out *fence = &asking_of(ask, index)->fence;
	struct news news = {.kinds = NEWS_FENCE_ANSWERED, .host = index};
	const uint64_t now_us = reply->now_us;

	if (!fence->out ||
	    !probe_was_asked(&ask->facts->probe, (enum spa_kind)fence->spa, &reply->frame->arp.tpa))
		return news_none();
	if (is_late_broadcast(ask, index, reply))
		return news_none();
	fence->out = false;
	inquiry_fence_answered(ask->facts, index,
	    &(struct fence){.path = (enum path)fence->path,
		.spa = (enum spa_kind)fence->spa,
		.tries = fence->tries,
		.rounds = fence->rounds,
		.relayed = reply->relayed});
	inquiry_note_fence(ask->facts, index, true, now_us);
	if (fence->path == PATH_BROADCAST && fence->tries > 0)
		news.kinds |= NEWS_BROADCAST_LOST;
	round_trip_sample(&ask->pace->round_trip, now_us - fence->sent_us);
	fence->tries = 0;
	turn_spa(ask, index);
	return news;
}

void
ask_fence_go_on(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	const enum stage stage = (enum stage)inquiry_of(ask->facts, index)->stage;

	host->round_due_us = now_us + asking_gap_us(ask);
	/* Broadcasts count only when the host is shown to hold the VIP. If the time to listen after
	 * the last of them is the longest, this goes before the unicast rounds of others. */
	if (stage == STAGE_RESOLVE) {
		asking_enter(ask, index, STAGE_SOURCE, ask->begins_until_us > 0 ? 0 : now_us);
		return;
	}
	asking_pool(ask, index, now_us);
	if (host->cursor < vip_count(ask->facts))
		asking_schedule(ask, LANE_UNICAST, index, now_us);
	else if (stage == STAGE_FENCE)
		asking_enter(ask, index, STAGE_ATTEMPT, now_us);
	else
		asking_enter(ask, index, stage, host->round_due_us);
}
