/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/inquiries.h"

#include <stdlib.h>

#include "audit/facts/asked.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

/* A single fenced silence supports an inference only if frames are hardly ever lost. */
#define ANSWERED_PER_LOST 20
/* So many missed fences with SPA 0.0.0.0, and none answered, are no accident. */
#define PROBES_MISSED_MIN  3
#define PROBES_MISSED_MOST 1000 /* that are counted */
#define PROBES_LOST_DOUBT  1e-4 /* allowed chance that all of them were lost */

struct inquiries {
	struct inquiry *host;
	struct silences *silences; /* [host × vip_count + vip] */
	uint32_t done;
	/* Fences with SPA 0.0.0.0 that were answered, and that were missed. */
	uint64_t probes_answered, probes_missed;
};

bool
inquiries_init(struct facts *facts)
{
	struct inquiries *inquiries = calloc(1, sizeof(*inquiries));

	facts->inquiries = inquiries;
	if (inquiries == NULL)
		return false;
	inquiries->host = calloc(host_count(facts) + 1, sizeof(*inquiries->host));
	inquiries->silences =
	    calloc((size_t)host_count(facts) * vip_count(facts) + 1, sizeof(*inquiries->silences));
	facts->inquiry = inquiries->host;
	facts->silences = inquiries->silences;
	return inquiries->host != NULL && inquiries->silences != NULL;
}

void
inquiries_free(struct facts *facts)
{
	if (facts->inquiries == NULL)
		return;
	free(facts->inquiries->host);
	free(facts->inquiries->silences);
	free(facts->inquiries);
}

static struct silences *
silences(const struct facts *facts, uint32_t host, uint32_t vip)
{
	return &facts->inquiries->silences[(size_t)host * vip_count(facts) + vip];
}

uint32_t
inquiries_done(const struct facts *facts)
{
	return facts->inquiries->done;
}

bool
inquiries_are_done(const struct facts *facts)
{
	return facts->inquiries->done == host_count(facts);
}

bool
inquiries_show_probes_dropped(const struct facts *facts)
{
	return facts->inquiries->probes_answered == 0 &&
	       facts->inquiries->probes_missed >= PROBES_MISSED_MIN;
}

/* The ARP Probes that a host missed, by the only MAC that it has, and that no other host has. A
 * proxy misses them for all the hosts that it answers for. */
static uint32_t
missed_alone(const struct facts *facts, uint32_t host)
{
	const struct inquiry *inquiry = inquiry_of(facts, host);
	const struct mac *mac = &host_of(facts, host)->mac[0];

	if (host_of(facts, host)->mac_count != 1 || host_find_mac(facts, mac) != host ||
	    host_next_with_mac(facts, host, mac) != NONE)
		return 0;
	return inquiry->probes_missed + (inquiry->kinds_missed >> SPA_UNSPECIFIED & 1u);
}

/* The loss that they are weighed against must not be their own. */
bool
inquiries_prove_probes_dropped(const struct facts *facts)
{
	const uint64_t all = facts->inquiries->probes_missed;
	struct loss loss = loss_sum(facts->loss);
	uint32_t missed = 0;

	if (!inquiries_show_probes_dropped(facts))
		return false;
	for (uint32_t host = 0; host < host_count(facts) && missed < PROBES_MISSED_MOST; host++)
		missed += missed_alone(facts, host);
	loss.lost -= all < loss.lost ? all : loss.lost;
	return loss_all_lost(&loss, missed) <= PROBES_LOST_DOUBT;
}

bool
inquiries_may_show_probes_dropped(const struct facts *facts)
{
	return facts->inquiries->probes_answered == 0 &&
	       facts->inquiries->probes_missed < PROBES_MISSED_MIN;
}

uint32_t
inquiry_rounds_first(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const bool one_kind =
	    inquiries_show_probes_dropped(facts) || facts->cluster->owner == OWNER_NONE;
	uint32_t first = inquiry_of(facts, host)->rounds_first;

	if (silences_of(facts, host, vip)->rounds_from > first)
		first = silences_of(facts, host, vip)->rounds_from;
	if (!one_kind && asked_of(facts, vip)->rounds_partial > first)
		first = asked_of(facts, vip)->rounds_partial;
	return first;
}

/* The number of broadcast rounds up to `last` that the host heard, and that may count. */
static uint32_t
rounds_heard(const struct facts *facts, uint32_t host, uint32_t vip, uint32_t last)
{
	const uint32_t first = inquiry_rounds_first(facts, host, vip);
	const uint32_t counted = facts->asked->counted.rounds;

	if (last > counted)
		last = counted;
	return last > first ? last - first : 0;
}

bool
inquiry_hears_broadcasts(const struct facts *facts, uint32_t host)
{
	const struct inquiry *inquiry = inquiry_of(facts, host);

	return (inquiry->paths_relayed & 1u << PATH_BROADCAST) == 0 ||
	       (inquiry->paths_direct & 1u << PATH_UNICAST) == 0;
}

struct silence_counts
inquiry_silences(const struct facts *facts, uint32_t host, uint32_t vip)
{
	return (struct silence_counts){
	    .unicast = silences_of(facts, host, vip)->count,
	    .broadcast = rounds_heard(facts, host, vip, inquiry_of(facts, host)->rounds_last),
	};
}

struct silence_counts
inquiry_confirmed_silences(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silences *silences = silences_of(facts, host, vip);
	const struct host *asked = host_of(facts, host);

	/* A director need not hold the VIP: it gives it up when it hands it over. */
	if (!silences->held || (asked->director && !asked->listed))
		return inquiry_silences(facts, host, vip);
	return (struct silence_counts){
	    .unicast = silences->count_confirmed,
	    .broadcast = rounds_heard(facts, host, vip, silences->rounds_confirmed),
	};
}

bool
inquiry_is_unconfirmed(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silence_counts all = inquiry_silences(facts, host, vip);
	const struct silence_counts confirmed = inquiry_confirmed_silences(facts, host, vip);

	return all.unicast > confirmed.unicast || all.broadcast > confirmed.broadcast;
}

bool
inquiry_is_complete(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silences *silences = silences_of(facts, host, vip);
	unsigned wanted = 1u << SPA_SOURCE | 1u << SPA_UNSPECIFIED;

	/* A kind of SPA whose fences the host never answered says nothing about the VIP. */
	wanted &= ~((unsigned)inquiry_of(facts, host)->kinds_missed &
		    ~(unsigned)inquiry_of(facts, host)->kinds_answered);
	return (wanted & ~((unsigned)silences->answered | silences->silent)) == 0;
}

bool
inquiry_is_of_passer_by(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct holding *holding = holding_of(facts, host, vip);

	return facts->cluster->discover && !host_of(facts, host)->director &&
	       inquiry_of(facts, host)->stage >= STAGE_CONFIRM && !holding->holds_vip &&
	       !holding->replied && !holding->spoke;
}

double
inquiries_sweep_bound(const struct facts *facts)
{
	uint32_t fewest = UINT32_MAX;

	if (!facts->cluster->discover || facts->asked->first_us == 0)
		return -1;
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (host_of(facts, host)->mac_count == 0 &&
		    inquiry_of(facts, host)->resolves < fewest)
			fewest = inquiry_of(facts, host)->resolves;
	return fewest == UINT32_MAX ? 0 : loss_all_lost(&facts->loss[PATH_BROADCAST], fewest);
}

double
inquiry_all_lost(const struct facts *facts, uint32_t host, uint32_t unicast, uint32_t broadcast)
{
	const struct inquiry *inquiry = host == NONE ? NULL : inquiry_of(facts, host);
	const double pooled = loss_all_lost(&facts->loss[PATH_UNICAST], unicast) *
			      loss_all_lost(&facts->loss[PATH_BROADCAST], broadcast);

	if (inquiry == NULL || inquiry->missed == 0)
		return pooled;
	const struct loss own = {.answered = inquiry->answered, .lost = inquiry->missed};
	const double alone = loss_all_lost(&own, unicast + broadcast);

	return alone > pooled ? alone : pooled;
}

bool
inquiries_lose_little(const struct facts *facts)
{
	const struct loss *loss = &facts->loss[PATH_UNICAST];

	return loss->lost * ANSWERED_PER_LOST <= loss->answered;
}

bool
inquiry_ignores_unicast(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silences *silences = silences_of(facts, host, vip);

	return inquiries_lose_little(facts) && silences->ignored > 1 &&
	       2 * silences->ignored > silences->rounds &&
	       (silences->answered & 1u << SPA_SOURCE) != 0;
}

uint8_t
inquiry_silent_kinds(const struct facts *facts, uint32_t host, uint32_t vip)
{
	const struct silences *silences = silences_of(facts, host, vip);
	const struct inquiry *inquiry = inquiry_of(facts, host);

	if (!inquiries_lose_little(facts))
		return 0;
	return (uint8_t)(silences->silent & ~silences->answered & inquiry->kinds_answered);
}

void
inquiry_set_stage(struct facts *facts, uint32_t host, enum stage stage)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	facts->inquiries->done -= inquiry->stage == STAGE_DONE ? 1 : 0;
	facts->inquiries->done += stage == STAGE_DONE ? 1 : 0;
	inquiry->stage = (uint8_t)stage;
}

void
inquiry_set_lost(struct facts *facts, uint32_t host)
{
	facts->inquiries->host[host].lost = true;
}

/* The host translates the VIP to the address of a container behind it, or of one on another node
 * where any node may own the VIP. No director of IPVS lets a SYN through that comes so far. */
bool
inquiry_hear_exceeded(struct facts *facts, uint32_t host)
{
	const uint8_t most = facts->cluster->owner == OWNER_ANY ? 2 : 1;

	if (facts->inquiries->host[host].hops >= most)
		return false;
	facts->inquiries->host[host].hops++;
	return true;
}

void
inquiry_count_attempt(struct facts *facts, uint32_t host, uint32_t vip)
{
	silences(facts, host, vip)->attempts++;
}

void
inquiry_count_closing(struct facts *facts, uint32_t host, uint32_t vip)
{
	silences(facts, host, vip)->closings++;
}

void
inquiry_ask_vip(struct facts *facts, uint32_t host, uint32_t vip, uint8_t kinds)
{
	silences(facts, host, vip)->pending = kinds;
	silences(facts, host, vip)->replies = silences(facts, host, vip)->relayed = 0;
}

void
inquiry_note_elicited(struct facts *facts, uint32_t host, uint64_t now_us)
{
	facts->inquiries->host[host].elicited_us = now_us;
}

void
inquiry_count_resolve(struct facts *facts, uint32_t host)
{
	facts->inquiries->host[host].resolves++;
}

/* The kinds of SPA that the host itself has answered since it was asked. If it answered the fence
 * by its own MAC, a frame from another one is the late answer of a switch to a broadcast. */
static uint8_t
own_replies(const struct silences *of_vip, const struct fence *fence)
{
	return of_vip->replies | (fence->relayed ? of_vip->relayed : 0);
}

/* An unanswered question before an answered fence is a silence that counts. */
static void
count_silences(struct facts *facts, uint32_t host, const struct fence *fence)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		struct silences *of_vip = silences(facts, host, vip);
		const uint8_t replies = own_replies(of_vip, fence);

		if (of_vip->pending == 0)
			continue;
		of_vip->silent |= (uint8_t)(of_vip->pending & ~of_vip->answered);
		/* Without the other answer, it may have given the VIP up. */
		if ((of_vip->pending & 1u << SPA_UNSPECIFIED) != 0 && replies == 1u << SPA_SOURCE)
			of_vip->like_proxy = true;
		if (!holding_of(facts, host, vip)->replied &&
		    ((of_vip->pending & 1u << SPA_UNSPECIFIED) != 0 ||
			inquiries_show_probes_dropped(facts)))
			of_vip->count++;
		of_vip->rounds++;
		if ((of_vip->pending & ~replies & 1u << SPA_SOURCE) != 0)
			of_vip->ignored++;
		of_vip->pending = 0;
	}
	if (inquiry->broadcast_answers == 0)
		return;
	if (inquiry->broadcast_answers == 1 && fence->path == PATH_BROADCAST)
		inquiry->rounds_first = fence->rounds;
	inquiry->rounds_last = fence->rounds;
}

void
inquiry_fence_answered(struct facts *facts, uint32_t host, const struct fence *fence)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	inquiry->lost = false;
	inquiry->kinds_answered |= (uint8_t)(1u << fence->spa);
	if (fence->relayed)
		inquiry->paths_relayed |= (uint8_t)(1u << fence->path);
	else
		inquiry->paths_direct |= (uint8_t)(1u << fence->path);
	facts->asked->kinds_answered |= (uint8_t)(1u << fence->spa);
	facts->inquiries->probes_answered += fence->spa == SPA_UNSPECIFIED;
	/* Only now do the missed fences before count as lost. A host that is down says nothing
	 * about loss. */
	facts->loss[fence->path].lost += fence->tries;
	facts->loss[fence->path].answered++;
	inquiry->missed = (uint16_t)(inquiry->missed + fence->tries);
	inquiry->answered++;
	if (fence->path == PATH_BROADCAST)
		inquiry->broadcast_answers++;
	/* One that a switch answered was not heard by another machine with the address. */
	if (fence->path == PATH_BROADCAST && fence->spa == SPA_UNSPECIFIED && !fence->relayed &&
	    inquiry->probes_answered < UINT8_MAX)
		inquiry->probes_answered++;
	count_silences(facts, host, fence);
}

void
inquiry_fence_missed(struct facts *facts, uint32_t host, enum spa_kind spa)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	facts->inquiries->probes_missed += spa == SPA_UNSPECIFIED;
	/* A host that ignores SPA 0.0.0.0 does so every time. */
	if (spa != SPA_UNSPECIFIED || inquiry->probes_missed == PROBES_MISSED_MIN - 1)
		inquiry->kinds_missed |= (uint8_t)(1u << spa);
	else
		inquiry->probes_missed++;
	facts->asked->kinds_missed |= (uint8_t)(1u << spa);
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		silences(facts, host, vip)->pending = 0;
}

void
inquiry_forget_missed_probes(struct facts *facts, uint32_t host)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	inquiry->probes_missed = 0;
	inquiry->kinds_missed &= (uint8_t) ~(1u << SPA_UNSPECIFIED);
}

void
inquiry_note_fence(struct facts *facts, uint32_t host, bool answered, uint64_t time_us)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	if (answered)
		inquiry->answered_us = time_us;
	if (answered || inquiry->silent_us == 0)
		inquiry->silent_us = answered ? 0 : time_us;
}

void
inquiry_vip_answered(struct facts *facts, uint32_t host, uint32_t vip, uint8_t kinds, bool relayed)
{
	struct silences *of_vip = silences(facts, host, vip);

	of_vip->answered |= kinds;
	if (relayed)
		of_vip->relayed |= kinds;
	else
		of_vip->replies |= kinds;
}

void
inquiry_vip_held(struct facts *facts, uint32_t host, uint32_t vip, bool elicited)
{
	struct silences *of_vip = silences(facts, host, vip);

	of_vip->closings = 0;
	if (of_vip->held && !elicited)
		return;
	if (!of_vip->held)
		*of_vip = (struct silences){
		    .answered = of_vip->answered,
		    .attempts = of_vip->attempts,
		    .held = true,
		    .rounds_from = facts->asked->rounds,
		};
	of_vip->count_confirmed = of_vip->count;
	of_vip->rounds_confirmed = inquiry_of(facts, host)->rounds_last;
}

void
inquiry_count_void(struct facts *facts, uint32_t host)
{
	facts->inquiries->host[host].voids++;
}

void
inquiry_void(struct facts *facts, uint32_t host)
{
	struct inquiry *inquiry = &facts->inquiries->host[host];

	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		struct silences *of_vip = silences(facts, host, vip);

		*of_vip = (struct silences){
		    .answered = of_vip->answered,
		    .held = of_vip->held,
		    .rounds_from = of_vip->rounds_from,
		};
	}
	inquiry_set_stage(facts, host, STAGE_RESOLVE);
	inquiry->resolves = 0;
	inquiry->rounds_first = inquiry->rounds_last = 0;
	inquiry->broadcast_answers = 0;
	inquiry->paths_direct = inquiry->paths_relayed = 0;
}

void
inquiry_forget(struct facts *facts, uint32_t host)
{
	inquiry_set_stage(facts, host, STAGE_RESOLVE);
	facts->inquiries->host[host] = (struct inquiry){
	    .stage = STAGE_RESOLVE,
	    .voids = facts->inquiries->host[host].voids,
	    .elicited_us = facts->inquiries->host[host].elicited_us,
	};
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		*silences(facts, host, vip) = (struct silences){.count = 0};
}
