/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/hosts.h"

#include <stdlib.h>

#include "audit/ask/asking.h"
#include "audit/ask/attempts.h"
#include "audit/ask/fences.h"
#include "audit/ask/vips.h"
#include "audit/facts/asked.h"
#include "audit/facts/check_states.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "audit/pace/times.h"

#define RESOLVE_TRIES 5 /* unanswered broadcasts, then a host is down */
#define SWEEP_TRIES   3 /* fewer in a sweep, since most of its addresses are free */
/* The allowed chance that a sweep misses a live host, if so many tries achieve it. */
#define SWEEP_DOUBT      1e-3
#define SWEEP_TRIES_MOST 8
#define FENCE_TRIES      8 /* unanswered fences in a row, then a known host is lost */
#define REVIEWS_MAX      2 /* repeated probes of hosts that did not answer, or were passed over */
/* Each unanswered attempt doubles the next timeout, up to 16 times the first. */
#define ATTEMPT_BACKOFF_MAX 3
/* The last host shows after its first question that it holds a VIP. */
#define FIRST_ANSWERS_US 4000
#define ROUNDS_HELD      3 /* broadcast rounds for a host that was seen to hold a VIP */
/* So many hosts begin at once. Further ones begin more slowly if the frames of others are late. */
#define CROWD   1024
#define LATE_US UINT64_C(200000)
#define HOLD_US UINT64_C(100000) /* the longest for each */

bool
ask_hosts_init(struct ask *ask, uint64_t seed)
{
	struct asked_hosts *hosts = calloc(1, sizeof(*hosts));

	ask->hosts = hosts;
	if (hosts == NULL)
		return false;
	hosts->gaps = random_stream(seed, RANDOM_GAPS);
	hosts->host = calloc(host_count(ask->facts) + 1, sizeof(*hosts->host));
	if (hosts->host == NULL)
		return false;
	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		hosts->host[i].attempt_decoy = NONE;
		hosts->host[i].fence.spa = SPA_SOURCE;
	}
	return true;
}

void
ask_hosts_free(struct ask *ask)
{
	if (ask->hosts != NULL)
		free(ask->hosts->host);
	free(ask->hosts);
}

/* Whether the fences of all hosts are too few to be sure with one unicast round each. Then each
 * needs several rounds anyway, and nothing is gained by waiting. */
static bool
is_small(const struct ask *ask)
{
	const struct loss loss = {.answered = host_count(ask->facts)};

	return !ask->facts->cluster->discover && !ask_is_gentle(ask) &&
	       loss_all_lost(&loss, ROUNDS_HELD) * loss_all_lost(&loss, 1) >
		   ask->facts->settings->confidence;
}

/* Whether the hosts that have not begun take less time than to listen after the last round, so that
 * the rounds must not wait for them. Packets from decoys take longest, as they have a rate of their
 * own. */
static bool
listens_longest(const struct ask *ask)
{
	const struct plan_settings *settings = ask->facts->settings;
	const uint64_t hosts = host_count(ask->facts) - ask->hosts->begun;
	const uint64_t packets = hosts * vip_count(ask->facts);

	return asked_hears_proxies(ask->facts) && !ask_is_gentle(ask) &&
	       packets * 1000000 <= (uint64_t)settings->broadcast_rate * settings->linger_us &&
	       !is_small(ask);
}

/*
 * How long the next host waits before it begins, because the rate of all frames is behind: its
 * broadcast may leave sooner than what follows. If it did, it would be done no sooner, and the
 * hosts in progress would be too many for the processor's caches. What is late keeps that rate in
 * use.
 */
static uint64_t
hold_us(const struct ask *ask, uint64_t now_us)
{
	const uint64_t late_us = lanes_late_us(&ask->pace->lanes, LANE_UNICAST, now_us);

	if (ask->hosts->begun < CROWD || ask->begins_until_us > 0 || ask_is_gentle(ask) ||
	    late_us <= LATE_US)
		return 0;
	return late_us - LATE_US < HOLD_US ? late_us - LATE_US : HOLD_US;
}

/* The first question to a host starts the next host. So the queues hold only hosts in progress,
 * however many the plan has. */
static void
begin_next(struct ask *ask, uint64_t now_us)
{
	struct asked_hosts *hosts = ask->hosts;
	const uint32_t index = hosts->begun;
	const uint64_t hold = hold_us(ask, now_us);

	if (index == host_count(ask->facts)) {
		if (ask->begins_until_us == UINT64_MAX)
			ask_vips_begin(ask, now_us + FIRST_ANSWERS_US);
		return;
	}
	if (index >= CROWD && ask->begins_until_us == 0 && listens_longest(ask))
		ask_vips_begin(ask, UINT64_MAX);
	hosts->begun++;
	asking_schedule(ask, ask_lane(ask, LANE_FIRST), index,
	    hold > 0 ? now_us + hold : hosts->begun_us + 1 + index);
}

void
ask_hosts_begin(struct ask *ask, uint64_t now_us)
{
	ask->hosts->begun_us = now_us;
	if (listens_longest(ask))
		ask_vips_begin(ask, UINT64_MAX);
	begin_next(ask, now_us);
}

void
ask_hosts_wake(struct ask *ask, uint64_t now_us)
{
	asking_wake(ask, now_us);
}

bool
ask_hosts_any_waits(const struct ask *ask)
{
	return ask->hosts->waiting > 0;
}

/* Whether the host has answered and has not been lost since. */
static bool
is_there(const struct facts *facts, uint32_t host)
{
	return host_of(facts, host)->mac_count > 0 && !inquiry_of(facts, host)->lost;
}

static bool
is_settled(const struct ask *ask, uint32_t host)
{
	return asking_is_settled(ask, host, PATH_BROADCAST) &&
	       asking_is_settled(ask, host, PATH_UNICAST);
}

/* A proxy answers for every address of a sweep. If the host answers itself, it begins anew. */
static bool
is_passed_over(const struct facts *facts, uint32_t host)
{
	return facts->cluster->discover && host_of(facts, host)->hidden &&
	       !host_of(facts, host)->director;
}

bool
ask_hosts_reopen(struct ask *ask, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		if (!is_there(ask->facts, i) || is_passed_over(ask->facts, i) || is_settled(ask, i))
			continue;
		inquiry_set_stage(ask->facts, i, STAGE_CONFIRM);
		asking_of(ask, i)->cursor = 0;
		asking_schedule(ask, LANE_UNICAST, i, now_us + asking_gap_us(ask));
	}
	return inquiries_are_done(ask->facts);
}

void
ask_hosts_unheard(struct ask *ask, uint64_t now_us)
{
	bool any = false;

	if (ask->facts->cluster->discover || ask->hosts->reviews == REVIEWS_MAX)
		return;
	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		if (inquiry_of(ask->facts, i)->stage != STAGE_DONE ||
		    host_of(ask->facts, i)->mac_count > 0)
			continue;
		inquiry_set_stage(ask->facts, i, STAGE_RESOLVE);
		asking_of(ask, i)->fence.tries = 0;
		asking_schedule(ask, ask_lane(ask, LANE_FIRST), i, now_us);
		any = true;
	}
	ask->hosts->reviews = (uint8_t)(ask->hosts->reviews + any);
}

void
ask_hosts_passed_over(struct ask *ask, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++)
		if (inquiry_of(ask->facts, i)->stage == STAGE_DONE && is_there(ask->facts, i) &&
		    ask_attempt_is_wanted(ask, i))
			asking_enter(ask, i, STAGE_ATTEMPT, now_us);
}

void
ask_hosts_passed_over_last(struct ask *ask, uint64_t now_us)
{
	if (ask->hosts->last_passes == REVIEWS_MAX)
		return;
	ask_hosts_passed_over(ask, now_us);
	if (!inquiries_are_done(ask->facts))
		ask->hosts->last_passes++;
}

static struct news
finish(struct ask *ask, uint32_t host, uint64_t now_us)
{
	/* This comes first because it wakes other hosts, which must not find all hosts done. */
	asking_pool(ask, host, now_us);
	inquiry_set_stage(ask->facts, host, STAGE_DONE);
	return (struct news){
	    .kinds = inquiries_are_done(ask->facts) ? (uint32_t)NEWS_HOSTS_DONE : 0};
}

static struct news
lose(struct ask *ask, uint32_t host, uint64_t now_us)
{
	inquiry_set_lost(ask->facts, host);
	return finish(ask, host, now_us);
}

/* How often a sweep asks an address that does not answer: as often as the loss of those that do
 * demands. While none has answered, nothing is known of it. */
static uint8_t
sweep_tries(const struct ask *ask)
{
	const struct loss *loss = &ask->facts->loss[PATH_BROADCAST];
	uint8_t tries = 1;

	if (loss->answered == 0 || ask_is_gentle(ask))
		return SWEEP_TRIES;
	while (tries < SWEEP_TRIES_MOST && loss_all_lost(loss, tries) > SWEEP_DOUBT)
		tries++;
	return tries;
}

static struct news
run_resolve(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const bool heard = host_of(ask->facts, index)->mac_count > 0;
	const uint8_t tries =
	    ask->facts->cluster->discover && !heard ? sweep_tries(ask) : RESOLVE_TRIES;
	const uint8_t tried = asking_of(ask, index)->fence.tries;

	if (tried >= tries)
		return heard ? lose(ask, index, now_us) : finish(ask, index, now_us);
	ask_fence_push(ask, index, PATH_BROADCAST);
	return news_none();
}

/* How many rounds a host awaits that holds a VIP: as many as make one unicast round enough if
 * nothing is lost. */
static uint32_t
rounds_held(const struct ask *ask)
{
	const struct loss loss = {.answered = host_count(ask->facts)};
	uint32_t rounds = 1;

	if (!asked_hears_proxies(ask->facts) || !ask_vips_are_few(ask))
		return 1;
	while (rounds < ROUNDS_HELD && loss_all_lost(&loss, rounds) * loss_all_lost(&loss, 1) >
					   ask->facts->settings->confidence)
		rounds++;
	return rounds;
}

/*
 * Once the host is seen to hold a VIP, it has to hear who-has VIP by broadcast again. Its unicast
 * round waits for that, because the fence of the round serves for both. If broadcasts count, a few
 * of them make further unicast rounds needless. With many VIPs a round of broadcasts takes long, so
 * one is enough.
 */
static bool
awaits_broadcasts(const struct ask *ask, uint32_t index)
{
	const uint32_t wanted = rounds_held(ask);

	if (is_small(ask))
		return false;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++) {
		const struct silences *silences = silences_of(ask->facts, index, vip);

		if (silences->held && silences->rounds == 0 &&
		    ask->facts->asked->rounds < silences->rounds_from + wanted)
			return true;
	}
	return false;
}

static void
set_awaiting(struct ask *ask, uint32_t index, bool awaits)
{
	struct asked_host *host = asking_of(ask, index);

	if (host->awaits_round == awaits)
		return;
	host->awaits_round = awaits;
	if (awaits && index < ask->hosts->awaiting_from)
		ask->hosts->awaiting_from = index;
	if (awaits)
		ask->hosts->awaiting++;
	else
		ask->hosts->awaiting--;
}

static bool
await_broadcasts(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const bool awaits = awaits_broadcasts(ask, index);

	set_awaiting(ask, index, awaits);
	if (awaits)
		ask_vips_schedule(ask, now_us);
	return awaits;
}

/* Its next unicast round, after the broadcasts that it awaits. */
static void
fence_when_due(struct ask *ask, uint32_t index, uint64_t now_us)
{
	if (!await_broadcasts(ask, index, now_us))
		asking_schedule(ask, LANE_UNICAST, index,
		    later_us(now_us, asking_of(ask, index)->round_due_us));
}

void
ask_hosts_round_sent(struct ask *ask, uint64_t now_us)
{
	const uint32_t from = ask->hosts->awaiting_from;
	uint32_t left = ask->hosts->awaiting;

	ask->hosts->awaiting_from = host_count(ask->facts);
	for (uint32_t i = from; i < host_count(ask->facts) && left > 0; i++) {
		if (!asking_of(ask, i)->awaits_round)
			continue;
		left--;
		set_awaiting(ask, i, false);
		fence_when_due(ask, i, now_us);
	}
}

static struct news
run_fence(struct ask *ask, uint32_t index, uint64_t now_us)
{
	if (asking_of(ask, index)->fence.tries == FENCE_TRIES)
		return lose(ask, index, now_us);
	if (await_broadcasts(ask, index, now_us))
		return news_none();
	/* A host that has answered only once may be a damaged frame. */
	if (ask_train_push(ask, index) == 0 && inquiry_of(ask->facts, index)->answered > 1) {
		asking_enter(ask, index, STAGE_ATTEMPT, now_us);
		return news_none();
	}
	ask_fence_push(ask, index, PATH_UNICAST);
	return news_none();
}

static void
confirm_by_broadcast(struct ask *ask, uint32_t index, uint64_t now_us)
{
	asking_of(ask, index)->cursor = vip_count(ask->facts);
	ask_vips_schedule(ask, now_us);
	ask_fence_push(ask, index, PATH_BROADCAST);
}

/* The host must hear a broadcast as well. */
static bool
needs_broadcast(const struct ask *ask, uint32_t index)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		if (!asking_pair_is_settled(ask, index, vip, PATH_UNICAST) &&
		    inquiry_silences(ask->facts, index, vip).broadcast == 0)
			return true;
	return false;
}

static void
confirm_by_unicast(struct ask *ask, uint32_t index, uint64_t now_us)
{
	if (ask_train_push(ask, index) == 0) {
		/* The other VIPs are settled, so the next round begins. */
		asking_enter(ask, index, STAGE_CONFIRM, now_us);
		return;
	}
	if (needs_broadcast(ask, index))
		ask_vips_schedule(ask, now_us);
	ask_fence_push(ask, index, PATH_UNICAST);
}

/* Runs further rounds, once all hosts have had their first ones. The lane tells the path. */
static struct news
run_confirm(struct ask *ask, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	const bool broadcast = lane == LANE_BROADCAST;

	asking_pool(ask, index, now_us);
	if (host->fence.tries == FENCE_TRIES)
		return lose(ask, index, now_us);
	if (!broadcast && asking_is_settled(ask, index, PATH_UNICAST)) {
		asking_enter(ask, index, STAGE_CLOSE, now_us);
	} else if (ask->hosts->pooled < host_count(ask->facts)) {
		asking_set_waiting(ask, index, true);
	} else if (host->cursor == 0 && now_us < host->round_due_us) {
		asking_schedule(ask, lane, index, host->round_due_us);
	} else if (broadcast) {
		confirm_by_broadcast(ask, index, now_us);
	} else {
		confirm_by_unicast(ask, index, now_us);
	}
	return news_none();
}

static void
end_unanswered(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);

	ask_attempt_end(ask, index);
	asking_pool(ask, index, now_us);
	if (host->attempt_tries < ATTEMPT_BACKOFF_MAX)
		host->attempt_tries++;
}

static struct news
end_attempts(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const enum stage stage = (enum stage)inquiry_of(ask->facts, index)->stage;

	if (stage == STAGE_CLOSE && is_settled(ask, index))
		return finish(ask, index, now_us);
	if (stage != STAGE_SOURCE) {
		asking_enter(ask, index, STAGE_CONFIRM, now_us);
		return news_none();
	}
	asking_set_stage(ask, index, STAGE_FENCE);
	fence_when_due(ask, index, now_us);
	return news_none();
}

static struct news
run_attempt(struct ask *ask, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	struct news news = news_none();

	if (host->attempt.out)
		end_unanswered(ask, index, now_us);
	switch (ask_attempt_next(ask, lane, index, now_us, &news)) {
	case ATTEMPT_PUSHED:
	case ATTEMPT_MOVED:
		break;
	case ATTEMPT_WAITS:
		asking_set_waiting(ask, index, true);
		break;
	case ATTEMPT_NONE:
		return end_attempts(ask, index, now_us);
	}
	return news;
}

/* The lane for the next step of the host's stage. For an attempt its check decides later. */
static enum lane
lane_of(const struct ask *ask, uint32_t host, enum lane lane)
{
	switch ((enum stage)inquiry_of(ask->facts, host)->stage) {
	case STAGE_RESOLVE:
		return ask_lane(ask, LANE_FIRST);
	case STAGE_FENCE:
		return LANE_UNICAST;
	case STAGE_CONFIRM:
		return asking_is_settled(ask, host, PATH_BROADCAST) ? LANE_UNICAST : LANE_BROADCAST;
	default:
		return lane;
	}
}

struct news
ask_hosts_run(struct ask *ask, enum lane lane, uint32_t index, uint64_t now_us)
{
	asking_set_waiting(ask, index, false);
	set_awaiting(ask, index, false);
	ask_fence_timed_out(ask, index, now_us);
	/* Each host begins the next one, also if it was asked out of turn before. */
	if (index + 1 == ask->hosts->begun)
		begin_next(ask, now_us);
	/* Its first question shows whether it is passed over. */
	if (inquiry_of(ask->facts, index)->stage != STAGE_RESOLVE &&
	    is_passed_over(ask->facts, index)) {
		if (ask_attempt_of(ask, index)->out)
			ask_attempt_end(ask, index);
		return finish(ask, index, now_us);
	}
	const enum lane wanted = lane_of(ask, index, lane);

	if (wanted != lane) {
		asking_schedule(ask, wanted, index, now_us);
		return news_none();
	}
	switch ((enum stage)inquiry_of(ask->facts, index)->stage) {
	case STAGE_RESOLVE:
		return run_resolve(ask, index, now_us);
	case STAGE_SOURCE:
	case STAGE_ATTEMPT:
	case STAGE_CLOSE:
		return run_attempt(ask, lane, index, now_us);
	case STAGE_FENCE:
		return run_fence(ask, index, now_us);
	case STAGE_CONFIRM:
		return run_confirm(ask, lane, index, now_us);
	case STAGE_DONE:
		break;
	}
	return news_none();
}

void
ask_hosts_sent(struct ask *ask, const struct outgoing *outgoing, uint64_t now_us)
{
	if (outgoing->purpose == PURPOSE_FENCE)
		ask_fence_sent(ask, outgoing->subject, now_us);
	else if (outgoing->purpose == PURPOSE_ATTEMPT)
		ask_attempt_sent(ask, outgoing->subject, now_us);
}

static void
begin_anew(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);

	ask->hosts->pooled -= host->pooled ? 1 : 0;
	set_awaiting(ask, index, false);
	asking_set_waiting(ask, index, false);
	host->fence.out = host->pooled = false;
	host->cursor = 0;
	host->fence.tries = host->attempt_tries = 0;
	asking_schedule(ask, ask_lane(ask, LANE_FIRST), index, now_us);
}

void
ask_hosts_repeat(struct ask *ask, uint32_t index, uint64_t now_us)
{
	if (asking_of(ask, index)->attempt.out)
		ask_attempt_end(ask, index);
	inquiry_void(ask->facts, index);
	check_states_forget(ask->facts, index);
	begin_anew(ask, index, now_us);
}

void
ask_hosts_restart(struct ask *ask, uint32_t index, uint64_t now_us)
{
	inquiry_forget(ask->facts, index);
	holdings_forget(ask->facts, index);
	check_states_clear(ask->facts, index);
	begin_anew(ask, index, now_us);
}

void
ask_hosts_void(struct ask *ask, uint64_t from_us, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		const struct asked_host *host = asking_of(ask, i);
		const uint64_t asked_us = later_us(host->fence.sent_us, host->attempt_sent_us);

		if (asked_us < from_us || inquiry_of(ask->facts, i)->voids > VOIDS_MAX)
			continue;
		inquiry_count_void(ask->facts, i);
		if (inquiry_of(ask->facts, i)->voids <= VOIDS_MAX)
			ask_hosts_repeat(ask, i, now_us);
	}
}
