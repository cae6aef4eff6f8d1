/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stages of a host: resolve, fence, attempt, done.
 *
 * A host has one thing out at a time, a fence or an attempt. Its task comes due when the answer has
 * come, or when the time for it is over.
 */
#include <assert.h>

#include "arpaudit/engine.h"

#define VIP_BROADCAST_GAP_US UINT64_C(60000)
/* A broadcast fence vouches for the broadcast who-has VIP before it only if they went out together.
 */
#define VIP_BROADCAST_FRESH_US 50000
/* Of a sweep most addresses are nobody's. */
#define SWEEP_TRIES   3
#define SOURCE_PROBES 3
/* Shorter than PROBE_MIN of RFC 5227 (1 s): who names an address has chosen it. */
#define SOURCE_GAP_US 200000
/* Attempts without an answer are further and further apart, up to 16 timeouts. */
#define ATTEMPT_BACKOFF_MAX 3

static void
finish(struct audit *audit, struct host *host)
{
	host->stage = STAGE_DONE;
	audit->hosts_done++;
}

/* Puts who-has RIP behind the probes that went before it on the path. */
static void
push_fence(struct audit *audit, uint32_t index, enum path path)
{
	struct host *host = &audit->hosts[index];
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	struct frame frame;

	probe_who_has(audit, &host->rip, path == PATH_BROADCAST ? &mac_broadcast : &host->mac[0],
	    host->fence_unspecified ? &unspecified : &audit->source, &frame);
	host->fence_path = (uint8_t)path;
	send_push(audit, path == PATH_BROADCAST ? LANE_BROADCAST : LANE_UNICAST, &frame,
	    PURPOSE_FENCE, index);
}

static void
push_vips(struct audit *audit, const struct address *spa)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct frame frame;

		probe_who_has(audit, &audit->vips[vip].address, &mac_broadcast, spa, &frame);
		send_push(audit, LANE_BROADCAST, &frame, PURPOSE_VIP, NONE);
	}
}

static bool
has_broadcast_silence(const struct audit *audit, uint32_t index)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		const struct pair *pair = pair_of(audit, index, vip);

		if (pair->broadcast_silences == 0 && !pair->replied)
			return false;
	}
	return true;
}

static void
run_resolve(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];
	const uint8_t tries =
	    audit->cluster->discover && host->mac_count == 0 ? SWEEP_TRIES : RESOLVE_TRIES;

	if (host->tries == tries) {
		host->lost = host->mac_count > 0;
		finish(audit, host);
		return;
	}
	/* Only the first try is a fence: a host that is down shall not make us ask for the VIP, and
	 * listen on, again and again. One that does answer later is asked once more. */
	if (host->tries == 0 || host->mac_count > 0) {
		if (audit->hosts_since_vip++ % VIP_REPEAT == 0 ||
		    now_us > audit->last_vip_broadcast_us + VIP_BROADCAST_FRESH_US) {
			audit->hosts_since_vip = 1;
			push_vips(audit, &audit->source);
		}
		for (uint32_t vip = 0; vip < audit->vip_count; vip++)
			pair_of(audit, index, vip)->pending = 1;
	}
	host->resolves++;
	push_fence(audit, index, PATH_BROADCAST);
}

static bool
pair_settled(const struct audit *audit, uint32_t host, uint32_t vip)
{
	if (pair_of(audit, host, vip)->rounds >= ROUNDS_MAX)
		return true;
	for (size_t i = 0; checks[i] != NULL; i++)
		if (checks[i]->settled != NULL && !checks[i]->settled(audit, host, vip))
			return false;
	return true;
}

/* The train from host->cursor on: the probes of as many VIPs as fit. */
static uint32_t
push_train(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];
	uint32_t count = 0;

	for (; host->cursor < audit->vip_count; host->cursor++) {
		struct frame frames[TRAIN_MAX];
		uint32_t added = 0;

		if (pair_settled(audit, index, host->cursor))
			continue;
		for (size_t i = 0; checks[i] != NULL; i++)
			if (checks[i]->train != NULL)
				added +=
				    checks[i]->train(audit, index, host->cursor, &frames[added]);
		assert(added <= TRAIN_MAX);
		if (count + added > TRAIN_MAX)
			break;
		for (uint32_t i = 0; i < added; i++)
			send_push(audit, LANE_UNICAST, &frames[i], PURPOSE_NONE, NONE);
		pair_of(audit, index, host->cursor)->pending = (uint16_t)added;
		count += added;
	}
	return count;
}

static void
run_fence(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	if (host->tries == FENCE_TRIES) {
		host->lost = true;
		finish(audit, host);
		return;
	}
	if (push_train(audit, index) > 0) {
		push_fence(audit, index, PATH_UNICAST);
		return;
	}
	/* Nothing is left to ask. */
	host->stage = STAGE_ATTEMPT;
	host->cursor = 0;
	task_schedule(audit, LANE_UNICAST, index, now_us);
}

static void
push_attempt(struct audit *audit, uint32_t index, const struct check *check)
{
	struct host *host = &audit->hosts[index];
	const struct attempt attempt = check->attempt(audit, index, host->cursor);
	const bool decoy = attempt.decoy != NONE;
	struct frame frame;

	host->attempt_out = true;
	host->attempt_source = decoy;
	host->attempt_method = (uint8_t)attempt.method;
	host->attempt_decoy = attempt.decoy;
	host->attempt_number = audit->attempt_number++;
	probe_elicit(audit, attempt.method, &host->mac[0],
	    decoy ? &audit->decoys[attempt.decoy].address : &audit->source, host->cursor,
	    host->attempt_number, &frame);
	send_push(audit, check->lane, &frame, PURPOSE_ATTEMPT, index);
}

/* A SYN may have left a half-open connection behind: whatever came of it, it is removed. */
static void
end_attempt(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];
	struct frame frame;

	host->attempt_out = false;
	if (host->attempt_method != ELICIT_TCP)
		return;
	probe_reset(audit, &host->mac[0],
	    host->attempt_source ? &audit->decoys[host->attempt_decoy].address : &audit->source,
	    host->cursor, host->attempt_number, &frame);
	send_push(audit, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

static void
run_attempt(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	if (host->attempt_out) {
		end_attempt(audit, index);
		if (host->attempt_tries < ATTEMPT_BACKOFF_MAX)
			host->attempt_tries++;
	}
	for (; host->cursor < audit->vip_count; host->cursor++) {
		for (size_t i = 0; checks[i] != NULL; i++) {
			const enum want want = checks[i]->wants == NULL
						   ? WANT_NOTHING
						   : checks[i]->wants(audit, index, host->cursor);

			if (want == WANT_NOTHING)
				continue;
			if (want == WANT_DECOYS || want == WANT_OWNER)
				host->waiting = true;
			else if (checks[i]->lane != lane)
				task_schedule(audit, checks[i]->lane, index, now_us);
			else
				push_attempt(audit, index, checks[i]);
			return;
		}
	}
	finish(audit, host);
}

/* The fence or attempt that was out has not been answered in time. */
static void
note_timeout(struct audit *audit, uint32_t index)
{
	struct host *host = &audit->hosts[index];

	if (!host->fence_out)
		return;
	host->fence_out = false;
	host->fence_unspecified = !host->fence_unspecified;
	host->tries++;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		pair_of(audit, index, vip)->pending = 0;
	if (host->stage == STAGE_FENCE)
		host->cursor = 0;
}

static void
run_host(struct audit *audit, enum lane lane, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	note_timeout(audit, index);
	switch ((enum stage)host->stage) {
	case STAGE_RESOLVE:
		run_resolve(audit, index, now_us);
		break;
	case STAGE_FENCE:
		run_fence(audit, index, now_us);
		break;
	case STAGE_ATTEMPT:
		run_attempt(audit, lane, index, now_us);
		break;
	case STAGE_DONE:
		break;
	}
}

/* The first broadcast goes out both ways: as from a router, and as from a host that wants to know
 * whether the address is free. */
static void
run_vips(struct audit *audit, uint64_t now_us)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);

	if (audit->vip_rounds == 0)
		push_vips(audit, &unspecified);
	push_vips(audit, &audit->source);
	audit->vip_rounds++;
	if (audit->vip_rounds < VIP_BROADCASTS)
		task_schedule(audit, LANE_BROADCAST, task_vips(audit),
		    now_us + audit->vip_rounds * VIP_BROADCAST_GAP_US);
}

/* All that the audit is about. */
static void
begin(struct audit *audit, uint64_t now_us)
{
	task_schedule(audit, LANE_BROADCAST, task_vips(audit), now_us);
	/* The queue gives the lowest time first: owners, then the decoys, then the hosts in order.
	 */
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
	signature_start(audit, now_us);
	for (uint32_t host = 0; host < audit->host_count; host++)
		task_schedule(audit, LANE_BROADCAST, host, now_us + 1 + host);
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
	if (address_equal(&audit->source, &audit->segment.own.address))
		begin(audit, now_us);
	else
		task_schedule(audit, LANE_BROADCAST, task_source(audit), now_us);
}

void
schedule_sent(struct audit *audit, const struct outgoing *outgoing, uint64_t now_us)
{
	struct host *host;
	uint64_t timeout_us;

	if (outgoing->purpose == PURPOSE_VIP)
		audit->last_vip_broadcast_us = now_us;
	if (outgoing->host == NONE)
		return;
	host = &audit->hosts[outgoing->host];
	if (outgoing->purpose == PURPOSE_FENCE) {
		host->fence_out = true;
		host->fence_sent_us = now_us;
		timeout_us = round_trip_timeout_us(&audit->round_trip, host->tries);
	} else {
		host->attempt_sent_us = now_us;
		timeout_us = round_trip_timeout_us(&audit->round_trip, 1u + host->attempt_tries);
	}
	task_schedule(audit,
	    host->stage == STAGE_RESOLVE || host->attempt_source ? LANE_BROADCAST : LANE_UNICAST,
	    outgoing->host, now_us + timeout_us);
}

/* The fence has been answered: what was asked before it and not answered is a silence that counts.
 */
static void
count_silences(struct audit *audit, uint32_t index)
{
	const struct host *host = &audit->hosts[index];

	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct pair *pair = pair_of(audit, index, vip);

		if (pair->pending == 0)
			continue;
		if (host->fence_path == PATH_BROADCAST)
			pair->broadcast_silences++;
		else
			pair->unicast_silences = (uint16_t)(pair->unicast_silences + pair->pending);
		pair->rounds++;
		pair->pending = 0;
	}
}

static void
continue_after_fence(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];
	uint64_t due_us = now_us;

	if (host->stage == STAGE_RESOLVE && !has_broadcast_silence(audit, index) &&
	    host->resolves < RESOLVES_MAX) {
		task_schedule(audit, LANE_BROADCAST, index, now_us);
		return;
	}
	if (host->stage == STAGE_RESOLVE) {
		host->stage = STAGE_FENCE;
		host->cursor = 0;
	} else if (host->cursor == audit->vip_count) {
		host->cursor = 0;
		due_us += ROUND_GAP_US + random_below(&audit->random, ROUND_GAP_US / 2);
	}
	task_schedule(audit, LANE_UNICAST, index, due_us);
}

void
schedule_answered(
    struct audit *audit, uint32_t index, uint64_t now_us, const struct frame_arp *reply)
{
	struct host *host = &audit->hosts[index];

	host_add_mac(audit, index, &reply->sha);
	if (!host->fence_out || address_is_unspecified(&reply->tpa) != host->fence_unspecified ||
	    !mac_equal(&host->mac[0], &reply->sha))
		return;
	host->fence_out = false;
	host->fence_unspecified = !host->fence_unspecified;
	host->lost = false;
	/* Only now it is known that the host was there when the fences before were missed: one that
	 * is down says nothing about the loss on the segment. */
	audit->loss[host->fence_path].lost += host->tries;
	audit->loss[host->fence_path].answered++;
	host->missed = (uint16_t)(host->missed + host->tries);
	host->answered++;
	round_trip_sample(&audit->round_trip, now_us - host->fence_sent_us);
	host->tries = 0;
	count_silences(audit, index);
	continue_after_fence(audit, index, now_us);
}

void
schedule_attempt_over(struct audit *audit, uint32_t index, uint64_t now_us)
{
	end_attempt(audit, index);
	audit->hosts[index].attempt_tries = 0;
	task_schedule(audit, LANE_UNICAST, index, now_us);
}

/* Those that wait look again; what they wait for may be still to come. */
static void
wake(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->host_count; i++) {
		if (!audit->hosts[i].waiting)
			continue;
		audit->hosts[i].waiting = false;
		task_schedule(audit, LANE_UNICAST, i, now_us);
	}
}

void
schedule_decoys_decided(struct audit *audit, uint64_t now_us)
{
	wake(audit, now_us);
}

void
schedule_owners_decided(struct audit *audit, uint64_t now_us)
{
	wake(audit, now_us);
}

void
schedule_again(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->host_count; i++) {
		struct host *host = &audit->hosts[i];

		for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
			struct pair *pair = pair_of(audit, i, vip);

			pair->unicast_silences = pair->broadcast_silences = 0;
			pair->pending = pair->rounds = 0;
		}
		if (host->attempt_out)
			end_attempt(audit, i);
		if (host->stage == STAGE_DONE)
			audit->hosts_done--;
		host->stage = STAGE_RESOLVE;
		host->fence_out = host->waiting = host->attempt_source = false;
		host->tries = host->resolves = 0;
		task_schedule(audit, LANE_BROADCAST, i, now_us);
	}
	audit->vip_rounds = 0;
	task_schedule(audit, LANE_BROADCAST, task_vips(audit), now_us);
	decoys_again(audit);
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
}
