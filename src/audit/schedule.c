/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stages of a host, see engine.h.
 *
 * A host has one thing out at a time, a fence or an attempt. Its task comes due when the answer has
 * come, or when the time for it is over.
 */
#include <assert.h>

#include "arpaudit/engine.h"

#define VIP_BROADCAST_GAP_US UINT64_C(60000)
/* Of the broadcast rate, who-has VIP may take a quarter. */
#define VIP_BROADCAST_SHARE 4
/* Of a sweep most addresses are nobody's. */
#define SWEEP_TRIES 3
/* Fence rounds that may go by without the host learning the probe's address. */
#define UNPLANTED_MAX 3
#define SOURCE_PROBES 3
/* Shorter than PROBE_MIN of RFC 5227 (1 s): who names an address has chosen it. */
#define SOURCE_GAP_US 200000
/* How often hosts that did not answer are asked again. */
#define REVIEWS_MAX 2
/* Attempts without an answer are further and further apart, up to 16 timeouts. */
#define ATTEMPT_BACKOFF_MAX 3

/* The host's further rounds, if any, can wait for it no longer: its first ones are in the estimate
 * of the loss, or it is slow. When that is so for all, the estimate is as good as it gets, and who
 * waited for it needs hardly any further round. */
static void
pool(struct audit *audit, struct host *host, uint64_t now_us)
{
	if (host->pooled)
		return;
	host->pooled = true;
	if (++audit->hosts_pooled == audit->host_count)
		schedule_waiting(audit, now_us);
}

static bool
pair_settled(const struct audit *audit, uint32_t host, uint32_t vip, enum path path)
{
	/* Those by broadcast are the host's, and have a cap there. */
	if (path == PATH_UNICAST && pair_of(audit, host, vip)->rounds >= ROUNDS_MAX)
		return true;
	for (size_t i = 0; checks[i] != NULL; i++)
		if (checks[i]->settled != NULL && checks[i]->path == path &&
		    !checks[i]->settled(audit, host, vip))
			return false;
	return true;
}

/* May the next round be the last that the pair needs? */
static bool
pair_settles_next(const struct audit *audit, uint32_t host, uint32_t vip)
{
	for (size_t i = 0; checks[i] != NULL; i++)
		if (checks[i]->settles_next != NULL && !checks[i]->settles_next(audit, host, vip))
			return false;
	return true;
}

static bool
host_settled(const struct audit *audit, uint32_t index, enum path path)
{
	if (path == PATH_BROADCAST && audit->hosts[index].resolves >= RESOLVES_MAX)
		return true;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (!pair_settled(audit, index, vip, path))
			return false;
	return true;
}

static uint64_t
gap_us(struct audit *audit)
{
	return ROUND_GAP_US + random_below(&audit->random, ROUND_GAP_US / 2);
}

static uint64_t
later_us(uint64_t a_us, uint64_t b_us)
{
	return a_us > b_us ? a_us : b_us;
}

/* Who-has VIP by broadcast comes in rounds for all hosts, of both kinds of SPA. */
static uint64_t
vip_gap_us(const struct audit *audit)
{
	const uint64_t rate = audit->settings->broadcast_rate;
	const uint64_t share_us =
	    rate == 0 ? 0 : UINT64_C(2000000) * audit->vip_count * VIP_BROADCAST_SHARE / rate;

	return later_us(share_us, VIP_BROADCAST_GAP_US);
}

void
schedule_vips(struct audit *audit, uint64_t now_us)
{
	const uint64_t due_us = audit->vip_asked_us + vip_gap_us(audit);

	if (audit->vips_due)
		return;
	audit->vips_due = true;
	task_schedule(audit, LANE_BROADCAST, task_vips(audit), later_us(now_us, due_us));
}

/* An owner that is none of the hosts hears who-has VIP by broadcast alone. Where the hosts need
 * fewer rounds of it, there are more until such an owner is unlikely to have been missed; but none
 * that could not make it so, where too many frames are lost or too few hosts tell how many are. */
static void
confirm_vips(struct audit *audit, uint64_t now_us)
{
	const uint32_t most =
	    audit->hosts_done < audit->host_count ? VIP_BROADCASTS_EARLY : VIP_BROADCASTS_MAX;

	if (audit->vips_void <= VOIDS_MAX && !owners_are_sure(audit) &&
	    owners_may_be_surer(audit, most))
		schedule_vips(audit, now_us);
}

/* What was sure enough when it was settled may be so no more, now that more is known of the loss.
 */
static void
reopen(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->host_count; i++) {
		struct host *host = &audit->hosts[i];

		if (host->mac_count == 0 || host->lost ||
		    (host_settled(audit, i, PATH_BROADCAST) &&
			host_settled(audit, i, PATH_UNICAST)))
			continue;
		host->stage = STAGE_CONFIRM;
		host->cursor = 0;
		audit->hosts_done--;
		task_schedule(audit, LANE_UNICAST, i, now_us + gap_us(audit));
	}
	if (audit->hosts_done < audit->host_count)
		return;
	if (owner_may_be_unheard(audit))
		schedule_unheard(audit, now_us);
	decoys_confirm(audit, now_us);
	confirm_vips(audit, now_us);
}

void
schedule_waiting(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->host_count; i++) {
		if (!audit->hosts[i].waiting)
			continue;
		audit->hosts[i].waiting = false;
		task_schedule(audit, LANE_UNICAST, i, now_us);
	}
	/* A hand-over, too, tells more of the loss. */
	if (audit->hosts_done == audit->host_count)
		reopen(audit, now_us);
}

/* Somebody unknown claims a VIP: a host that has not answered may have come up since. */
void
schedule_unheard(struct audit *audit, uint64_t now_us)
{
	bool any = false;

	if (audit->cluster->discover || audit->reviews == REVIEWS_MAX)
		return;
	for (uint32_t i = 0; i < audit->host_count; i++) {
		struct host *host = &audit->hosts[i];

		if (host->stage != STAGE_DONE || host->mac_count > 0)
			continue;
		host->stage = STAGE_RESOLVE;
		host->tries = 0;
		audit->hosts_done--;
		task_schedule(audit, LANE_BROADCAST, i, now_us);
		any = true;
	}
	audit->reviews = (uint8_t)(audit->reviews + any);
}

static void
finish(struct audit *audit, struct host *host, uint64_t now_us)
{
	host->stage = STAGE_DONE;
	/* It may be known by its MAC no more: see host_is_known_by(). */
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		audit->vips[vip].director_known = false;
	pool(audit, host, now_us);
	if (++audit->hosts_done == audit->host_count)
		reopen(audit, now_us);
}

static void
enter(struct audit *audit, uint32_t index, enum stage stage, uint64_t due_us)
{
	struct host *host = &audit->hosts[index];

	host->stage = (uint8_t)stage;
	host->cursor = 0;
	host->attempt_tries = 0;
	/* Only who-has RIP from the probe's own address brings that into the host's cache. */
	if (stage == STAGE_FENCE)
		host->fence_spa = SPA_SOURCE;
	task_schedule(audit, LANE_UNICAST, index, due_us);
}

static bool
is_attempt_wanted(const struct audit *audit, uint32_t index)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		for (size_t i = 0; checks[i] != NULL; i++)
			if (checks[i]->wants != NULL &&
			    checks[i]->wants(audit, index, vip) == WANT_ATTEMPT)
				return true;
	return false;
}

/* Hosts went by without being elicited, for want of an owner to restore. */
void
schedule_passed_over(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->host_count; i++) {
		const struct host *host = &audit->hosts[i];

		if (host->stage != STAGE_DONE || host->mac_count == 0 || host->lost ||
		    !is_attempt_wanted(audit, i))
			continue;
		audit->hosts_done--;
		enter(audit, i, STAGE_ATTEMPT, now_us);
	}
}

/* Puts who-has RIP behind the probes that went before it on the path. */
static void
push_fence(struct audit *audit, uint32_t index, enum path path)
{
	struct host *host = &audit->hosts[index];
	const struct address spa = probe_spa(audit, host->fence_spa);
	struct frame frame;

	probe_who_has(audit, &host->rip, path == PATH_BROADCAST ? &mac_broadcast : &host->mac[0],
	    &spa, &frame);
	host->fence_path = (uint8_t)path;
	if (path == PATH_BROADCAST)
		host->resolves++;
	send_push(audit, path == PATH_BROADCAST ? LANE_BROADCAST : LANE_UNICAST, &frame,
	    PURPOSE_FENCE, index);
}

static void
run_vips(struct audit *audit, uint64_t now_us)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_UNSPECIFIED; kind++) {
			const struct address spa = probe_spa(audit, kind);
			struct frame frame;

			probe_who_has(
			    audit, &audit->vips[vip].address, &mac_broadcast, &spa, &frame);
			send_push(audit, LANE_BROADCAST, &frame, PURPOSE_VIP, NONE);
		}
	}
	audit->vips_due = false;
	audit->vip_asked++;
	audit->vip_asked_us = now_us;
	if (audit->vips_wanted > 0)
		audit->vips_wanted--;
	if (audit->vips_wanted > 0)
		schedule_vips(audit, now_us);
	confirm_vips(audit, now_us);
}

/* Each host that is asked for the first time brings the next one: so the queues hold no more than
 * the hosts that are being asked, however many there are. */
static void
begin_host(struct audit *audit)
{
	const uint32_t index = audit->hosts_begun;

	if (index == audit->host_count)
		return;
	audit->hosts_begun++;
	task_schedule(audit, LANE_BROADCAST, index, audit->begun_us + 1 + index);
}

static void
run_resolve(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];
	const uint8_t tries =
	    audit->cluster->discover && host->mac_count == 0 ? SWEEP_TRIES : RESOLVE_TRIES;

	if (index + 1 == audit->hosts_begun)
		begin_host(audit);
	if (host->tries == tries) {
		host->lost = host->mac_count > 0;
		finish(audit, host, now_us);
		return;
	}
	/* A host that is down shall not make us ask for the VIP, and listen on, again and again. */
	if (host->tries == 0)
		schedule_vips(audit, now_us);
	push_fence(audit, index, PATH_BROADCAST);
}

/* The train from host->cursor on: the probes of as many VIPs as fit. */
static uint32_t
push_train(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];
	uint32_t count = 0;

	for (; host->cursor < audit->vip_count && count + TRAIN_PAIR_MAX <= TRAIN_MAX;
	     host->cursor++) {
		struct frame frames[TRAIN_PAIR_MAX];
		uint32_t added = 0;
		uint8_t asked = 0;

		if (pair_settled(audit, index, host->cursor, PATH_UNICAST) ||
		    (host->stage == STAGE_SOURCE && pair_settles_next(audit, index, host->cursor)))
			continue;
		for (size_t i = 0; checks[i] != NULL; i++)
			if (checks[i]->train != NULL)
				added += checks[i]->train(
				    audit, index, host->cursor, &frames[added], &asked);
		assert(added <= TRAIN_PAIR_MAX);
		for (uint32_t i = 0; i < added; i++)
			send_push(audit, LANE_UNICAST, &frames[i], PURPOSE_TRAIN, NONE);
		pair_of(audit, index, host->cursor)->pending = asked;
		count += added;
	}
	return count;
}

static void
push_outside(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];
	struct frame frame;

	host->outside_asked = infer_wants_outside(audit, index);
	if (!host->outside_asked)
		return;
	probe_who_has(audit, &host->rip, &host->mac[0], &audit->outside, &frame);
	send_push(audit, LANE_UNICAST, &frame, PURPOSE_TRAIN, NONE);
}

static void
run_fence(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	if (host->tries == FENCE_TRIES) {
		host->lost = true;
		finish(audit, host, now_us);
		return;
	}
	if (push_train(audit, index) == 0 && host->planted) {
		enter(audit, index, STAGE_ATTEMPT, now_us);
		return;
	}
	push_outside(audit, index);
	push_fence(audit, index, PATH_UNICAST);
}

/* Further rounds, once all hosts have had their first ones: by broadcast, while the lane says so.
 */
static void
run_confirm(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];
	const bool broadcast = lane == LANE_BROADCAST;

	pool(audit, host, now_us);
	if (host->tries == FENCE_TRIES) {
		host->lost = true;
		finish(audit, host, now_us);
	} else if (!broadcast && host_settled(audit, index, PATH_UNICAST)) {
		if (is_attempt_wanted(audit, index))
			enter(audit, index, STAGE_ATTEMPT, now_us);
		else
			finish(audit, host, now_us);
	} else if (audit->hosts_pooled < audit->host_count) {
		host->waiting = true;
	} else if (host->cursor == 0 && now_us < host->round_due_us) {
		task_schedule(audit, lane, index, host->round_due_us);
	} else if (broadcast) {
		host->cursor = audit->vip_count;
		schedule_vips(audit, now_us);
		push_fence(audit, index, PATH_BROADCAST);
	} else {
		if (push_train(audit, index) == 0) {
			/* The rest of the VIPs is settled: the next round begins. */
			enter(audit, index, STAGE_CONFIRM, now_us);
			return;
		}
		/* It has to have heard a broadcast as well. */
		if (host_broadcast_silences(audit, index) == 0)
			schedule_vips(audit, now_us);
		push_outside(audit, index);
		push_fence(audit, index, PATH_UNICAST);
	}
}

static void
push_attempt(struct audit *audit, uint32_t index, const struct check *check)
{
	struct host *host = &audit->hosts[index];
	const struct attempt attempt = check->attempt(audit, index, host->cursor);
	struct frame frame;

	host->attempt_out = true;
	host->attempt_source = check->early;
	host->attempt_asked = false;
	host->attempt_method = (uint8_t)attempt.method;
	host->attempt_decoy = attempt.decoy;
	host->attempt_number = audit->attempt_number++;
	if (check->early)
		restore_provoked(audit, host->cursor);
	probe_elicit(audit, attempt.method, &host->mac[0], attempt_address(audit, host),
	    host->cursor, host->attempt_number, &frame);
	send_push(audit, check->lane, &frame, PURPOSE_ATTEMPT, index);
}

/* A SYN may have left a half-open connection behind: whatever came of it, it is removed. */
void
schedule_end_attempt(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];
	const enum elicit_method method = (enum elicit_method)host->attempt_method;
	struct frame frame;

	host->attempt_out = false;
	if (method != ELICIT_TCP_SERVICE && method != ELICIT_TCP_CLOSED)
		return;
	probe_reset(audit, method, &host->mac[0], attempt_address(audit, host), host->cursor,
	    host->attempt_number, &frame);
	send_push(audit, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

void
schedule_void_attempt(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	host->attempt_out = false;
	pair_of(audit, index, host->cursor)->source_attempts--;
	task_schedule(audit, LANE_UNICAST, index, now_us);
}

/*
 * While a host waits for the decoys it has rounds by unicast that would come later: but those only
 * that can't be its last, which makes the probe known to it. Of these it learns nothing, since all
 * of their fences have SPA 0.0.0.0: where no decoy gets through, the probe's own address still may.
 * A reply to the fence before is taken for one to this if it is late by the whole gap.
 */
static void
wait_for_decoys(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	host->waiting = true;
	/* One that has missed a fence may never answer those with 0.0.0.0. */
	if (host->stage != STAGE_SOURCE || host->tries + host->missed > 0)
		return;
	if (lane != LANE_UNICAST || now_us < host->round_due_us) {
		task_schedule(audit, LANE_UNICAST, index, later_us(now_us, host->round_due_us));
		return;
	}
	host->cursor = 0;
	if (push_train(audit, index) > 0) {
		host->waiting = false;
		host->fence_spa = SPA_UNSPECIFIED;
		push_fence(audit, index, PATH_UNICAST);
	}
	host->cursor = 0;
}

static void
run_attempt(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];
	const bool early = host->stage == STAGE_SOURCE;

	if (host->attempt_out) {
		schedule_end_attempt(audit, index);
		pool(audit, host, now_us);
		if (host->attempt_tries < ATTEMPT_BACKOFF_MAX)
			host->attempt_tries++;
	}
	for (; host->cursor < audit->vip_count; host->cursor++) {
		for (size_t i = 0; checks[i] != NULL; i++) {
			const enum want want =
			    checks[i]->wants == NULL || (early && !checks[i]->early)
				? WANT_NOTHING
				: checks[i]->wants(audit, index, host->cursor);

			if (want == WANT_NOTHING)
				continue;
			if (want == WANT_OWNER)
				host->waiting = true;
			else if (want == WANT_DECOYS)
				wait_for_decoys(audit, lane, index, now_us);
			else if (checks[i]->lane != lane)
				task_schedule(audit, checks[i]->lane, index, now_us);
			else
				push_attempt(audit, index, checks[i]);
			return;
		}
	}
	if (early)
		enter(audit, index, STAGE_FENCE, later_us(now_us, host->round_due_us));
	else
		enter(audit, index, STAGE_CONFIRM, now_us);
}

/* Fences with the two kinds of SPA take turns; but a host that never answers one kind (arp_filter
 * ignores 0.0.0.0) is asked with the other. */
static void
turn_spa(struct host *host)
{
	const unsigned other = host->fence_spa == SPA_SOURCE ? SPA_UNSPECIFIED : SPA_SOURCE;
	const bool useless = (host->fences_missed & ~host->fences_answered & 1u << other) != 0;

	if (!useless || (host->fences_answered & 1u << host->fence_spa) == 0)
		host->fence_spa = (uint8_t)other;
}

/* The fence or attempt that was out has not been answered in time. */
static void
note_timeout(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	if (!host->fence_out)
		return;
	host->fence_out = false;
	host->outside_asked = false;
	host->fences_missed |= (uint8_t)(1u << host->fence_spa);
	turn_spa(host);
	host->tries++;
	pool(audit, host, now_us);
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		pair_of(audit, index, vip)->pending = 0;
	if (host->stage != STAGE_RESOLVE)
		host->cursor = 0;
}

/* The lane of what the host's stage does next; that of an attempt its check knows. */
static enum lane
lane_of(const struct audit *audit, uint32_t index, enum lane lane)
{
	switch ((enum stage)audit->hosts[index].stage) {
	case STAGE_RESOLVE:
		return LANE_BROADCAST;
	case STAGE_FENCE:
		return LANE_UNICAST;
	case STAGE_CONFIRM:
		return host_settled(audit, index, PATH_BROADCAST) ? LANE_UNICAST : LANE_BROADCAST;
	default:
		return lane;
	}
}

static void
run_host(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	host->waiting = false;
	note_timeout(audit, index, now_us);
	const enum lane wanted = lane_of(audit, index, lane);

	if (wanted != lane) {
		task_schedule(audit, wanted, index, now_us);
		return;
	}
	switch ((enum stage)host->stage) {
	case STAGE_RESOLVE:
		run_resolve(audit, index, now_us);
		break;
	case STAGE_SOURCE:
	case STAGE_ATTEMPT:
		run_attempt(audit, lane, index, now_us);
		break;
	case STAGE_FENCE:
		run_fence(audit, index, now_us);
		break;
	case STAGE_CONFIRM:
		run_confirm(audit, lane, index, now_us);
		break;
	case STAGE_DONE:
		break;
	}
}

/* All that the audit is about. */
static void
begin(struct audit *audit, uint64_t now_us)
{
	schedule_vips(audit, now_us);
	/* The queue gives the lowest time first: owners, then the decoys, then the hosts in order.
	 */
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
	signature_start(audit, now_us);
	master_start(audit, now_us);
	audit->begun_us = now_us;
	begin_host(audit);
}

/* A source address that is not the interface's own must be nobody's: first that is asked. */
static void
run_source(struct audit *audit, uint64_t now_us)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	struct frame frame;

	if (audit->source_rounds == SOURCE_PROBES) {
		begin(audit, now_us);
		return;
	}
	probe_who_has(audit, &audit->source, &mac_broadcast, &unspecified, &frame);
	send_push(audit, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	audit->source_rounds++;
	task_schedule(audit, LANE_BROADCAST, task_source(audit), now_us + SOURCE_GAP_US);
}

void
schedule_run(struct audit *audit, enum lane lane, uint32_t task, uint64_t now_us)
{
	if (task < audit->host_count)
		run_host(audit, lane, task, now_us);
	else if (task == task_vips(audit))
		run_vips(audit, now_us);
	else if (task == task_decoys(audit))
		decoys_run(audit, now_us);
	else if (task == task_source(audit))
		run_source(audit, now_us);
	else if (task == task_master(audit))
		master_run(audit, now_us);
	else if (task < task_handover(audit, 0))
		restore_run(audit, task - task_restore(audit, 0), now_us);
	else if (task < task_signature(audit, 0))
		handover_run(audit, lane, task - task_handover(audit, 0), now_us);
	else
		signature_run(audit, task - task_signature(audit, 0), now_us);
}

void
schedule_start(struct audit *audit, uint64_t now_us)
{
	if (source_is_borrowed(audit))
		task_schedule(audit, LANE_BROADCAST, task_source(audit), now_us);
	else
		begin(audit, now_us);
}

void
schedule_sent(struct audit *audit, const struct outgoing *outgoing, uint64_t now_us)
{
	struct host *host;
	uint64_t timeout_us;

	if (outgoing->purpose == PURPOSE_VIP || outgoing->purpose == PURPOSE_DECOY)
		audit->last_question_us = now_us;
	if (outgoing->host == NONE)
		return;
	host = &audit->hosts[outgoing->host];
	if (outgoing->purpose == PURPOSE_FENCE) {
		host->fence_out = true;
		host->fence_vips = audit->vip_asked;
		host->fence_sent_us = audit->last_fence_us = now_us;
		timeout_us = round_trip_timeout_us(&audit->round_trip, host->tries);
	} else {
		host->attempt_sent_us = now_us;
		timeout_us = round_trip_timeout_us(&audit->round_trip, 1u + host->attempt_tries);
	}
	task_schedule(audit, LANE_UNICAST, outgoing->host, now_us + timeout_us);
}

/* The fence has been answered: what was asked ahead of it, and was not answered, is a silence that
 * counts. */
static void
count_silences(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];

	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct pair *pair = pair_of(audit, index, vip);

		if (pair->pending == 0)
			continue;
		pair->silent |= (uint8_t)(pair->pending & ~pair->answered);
		pair->silences = (uint16_t)(pair->silences + (pair->replied ? 0 : 1));
		pair->rounds++;
		pair->pending = 0;
	}
	host->outside_silent =
	    host->outside_silent || (host->outside_asked && !host->outside_answered);
	host->outside_asked = false;
	if (host->broadcast_answers == 0)
		return;
	if (host->broadcast_answers == 1 && host->fence_path == PATH_BROADCAST)
		host->vips_first = host->fence_vips;
	host->vips_last = host->fence_vips;
}

static void
continue_after_fence(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	host->round_due_us = now_us + gap_us(audit);
	if (host->stage == STAGE_RESOLVE) {
		/* By then the owners have been heard as well. */
		enter(audit, index, STAGE_SOURCE, host->round_due_us);
		return;
	}
	pool(audit, host, now_us);
	if (host->cursor < audit->vip_count) {
		task_schedule(audit, LANE_UNICAST, index, now_us);
	} else if (host->stage == STAGE_FENCE &&
		   (host->planted || ++host->unplanted == UNPLANTED_MAX)) {
		enter(audit, index, STAGE_ATTEMPT, now_us);
	} else {
		enter(audit, index, (enum stage)host->stage, host->round_due_us);
	}
}

static void
note_answer(struct audit *audit, struct host *host, uint64_t now_us)
{
	host->fence_out = false;
	host->lost = false;
	host->fences_answered |= (uint8_t)(1u << host->fence_spa);
	host->planted = host->planted || host->fence_spa == SPA_SOURCE;
	/* Only now it is known that the host was there when the fences before were missed: one that
	 * is down says nothing about the loss on the segment. */
	audit->loss[host->fence_path].lost += host->tries;
	audit->loss[host->fence_path].answered++;
	if (host->fence_path == PATH_BROADCAST && host->tries > 0)
		decoys_review(audit, now_us);
	host->missed = (uint16_t)(host->missed + host->tries);
	host->answered++;
	if (host->fence_path == PATH_BROADCAST)
		host->broadcast_answers++;
	round_trip_sample(&audit->round_trip, now_us - host->fence_sent_us);
	host->tries = 0;
	turn_spa(host);
}

void
schedule_answered(
    struct audit *audit, uint32_t index, uint64_t now_us, const struct frame_arp *reply)
{
	struct host *host = &audit->hosts[index];
	const bool first = host_answered(audit, index, reply);

	if (probe_was_asked(audit, SPA_OUTSIDE, &reply->tpa))
		host->outside_answered = true;
	if (!first || !host->fence_out ||
	    !probe_was_asked(audit, (enum spa_kind)host->fence_spa, &reply->tpa))
		return;
	note_answer(audit, host, now_us);
	count_silences(audit, index);
	continue_after_fence(audit, index, now_us);
}

void
schedule_attempt_over(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	schedule_end_attempt(audit, index);
	host->attempt_tries = 0;
	task_schedule(audit, LANE_UNICAST, index, now_us);
}
