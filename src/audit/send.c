/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lanes: what is due is turned into frames, and frames leave as fast as the rates allow.
 *
 * A lane runs its next due task only when its ring is empty, so the frames of one task leave in a
 * row and in order, which is what a fence needs, and no more frames are made than can be sent.
 */
#include <assert.h>
#include <stdlib.h>

#include "arpaudit/engine.h"

/* The whole rate may come in bursts of 10 ms, never less than a train. Broadcasts come one by one:
 * each is work for every host of the segment, and so is what it makes a host send. */
#define BURST_PER_S     100
#define BROADCAST_BURST 1

static uint32_t
burst(uint32_t rate)
{
	const uint32_t frames = rate / BURST_PER_S;

	return frames > TRAIN_MAX ? frames : TRAIN_MAX;
}

bool
send_init(struct audit *audit)
{
	const uint32_t tasks = audit->host_count + 3 * audit->vip_count + 4;
	const uint32_t urgent = audit->host_count + 64;
	/* The most that one task puts there: the broadcasts for all VIPs, or for all decoys. */
	const uint32_t broadcast = 2 * audit->vip_count + audit->decoy_capacity + 1;
	/* A train, who-has RIP from outside and the fence; or two questions to each claimant. */
	const uint32_t unicast = 2 * CLAIMANTS_MAX;
	const uint32_t capacity[LANES] = {
	    [LANE_URGENT] = urgent < 4096 ? urgent : 4096,
	    [LANE_UNICAST] = unicast > TRAIN_MAX + 2 ? unicast : TRAIN_MAX + 2,
	    [LANE_BROADCAST] = broadcast,
	};

	for (size_t lane = 0; lane < LANES; lane++) {
		struct ring *ring = &audit->ring[lane];

		ring->capacity = capacity[lane];
		ring->slot = calloc(ring->capacity, sizeof(*ring->slot));
		if (ring->slot == NULL || !queue_init(&audit->queue[lane], tasks))
			return false;
	}
	bucket_init(&audit->rate, audit->settings->rate, burst(audit->settings->rate));
	bucket_init(&audit->broadcast_rate, audit->settings->broadcast_rate, BROADCAST_BURST);
	return true;
}

void
send_free(struct audit *audit)
{
	for (size_t lane = 0; lane < LANES; lane++) {
		free(audit->ring[lane].slot);
		queue_free(&audit->queue[lane]);
	}
}

void
send_push(struct audit *audit, enum lane lane, const struct frame *frame, enum purpose purpose,
    uint32_t host)
{
	struct ring *ring = &audit->ring[lane];

	if (ring->count == ring->capacity) {
		assert(lane == LANE_URGENT);
		return;
	}
	ring->slot[(ring->first + ring->count++) % ring->capacity] =
	    (struct outgoing){.frame = *frame, .purpose = (uint8_t)purpose, .host = host};
}

uint32_t
task_vips(const struct audit *audit)
{
	return audit->host_count;
}

uint32_t
task_restore(const struct audit *audit, uint32_t vip)
{
	return audit->host_count + 4 + vip;
}

uint32_t
task_handover(const struct audit *audit, uint32_t vip)
{
	return task_restore(audit, audit->vip_count) + vip;
}

uint32_t
task_signature(const struct audit *audit, uint32_t vip)
{
	return task_handover(audit, audit->vip_count) + vip;
}

uint32_t
task_decoys(const struct audit *audit)
{
	return audit->host_count + 1;
}

uint32_t
task_source(const struct audit *audit)
{
	return audit->host_count + 2;
}

uint32_t
task_master(const struct audit *audit)
{
	return audit->host_count + 3;
}

void
task_cancel(struct audit *audit, uint32_t task)
{
	for (size_t lane = 0; lane < LANES; lane++)
		queue_remove(&audit->queue[lane], task);
}

void
task_schedule(struct audit *audit, enum lane lane, uint32_t task, uint64_t due_us)
{
	task_cancel(audit, task);
	queue_set(&audit->queue[lane], task, due_us);
}

/* When the lane's next frame may leave. */
static uint64_t
lane_ready_us(const struct audit *audit, enum lane lane)
{
	uint64_t ready_us = 0;

	if (lane != LANE_URGENT)
		ready_us = bucket_ready_us(&audit->rate);
	if (lane == LANE_BROADCAST && bucket_ready_us(&audit->broadcast_rate) > ready_us)
		ready_us = bucket_ready_us(&audit->broadcast_rate);
	return ready_us;
}

static void
take(struct audit *audit, enum lane lane, uint64_t now_us, struct frame *frame)
{
	struct ring *ring = &audit->ring[lane];
	const struct outgoing outgoing = ring->slot[ring->first];

	ring->first = (ring->first + 1) % ring->capacity;
	ring->count--;
	bucket_take(&audit->rate, now_us);
	/* What goes ahead of a packet that makes a host broadcast costs the segment nothing. */
	if (lane == LANE_BROADCAST && outgoing.purpose != PURPOSE_TRAIN)
		bucket_take(&audit->broadcast_rate, now_us);
	audit->frames_sent++;
	if (mac_is_multicast(&outgoing.frame.destination))
		audit->broadcasts_sent++;
	*frame = outgoing.frame;
	claim_asked(audit, now_us, frame);
	schedule_sent(audit, &outgoing, now_us);
}

/* The attempt was given up while its packet waited here: its decoy has turned out to be in use. */
static bool
is_void(const struct audit *audit, const struct outgoing *outgoing)
{
	const struct frame *frame = &outgoing->frame;
	const struct host *host;

	/* What restores an owner, and what ends an attempt or a leak, may come from a decoy too. */
	if (outgoing->purpose == PURPOSE_NONE) {
		const uint32_t decoy = decoy_find(
		    audit, frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source);

		return decoy != NONE && audit->decoys[decoy].state == DECOY_TAKEN;
	}
	if (outgoing->purpose != PURPOSE_ATTEMPT)
		return false;
	host = &audit->hosts[outgoing->host];
	return !host->attempt_out ||
	       !address_equal(attempt_address(audit, host), &outgoing->frame.ip.source);
}

static void
drop_void(struct audit *audit, struct ring *ring)
{
	while (ring->count > 0 && is_void(audit, &ring->slot[ring->first])) {
		ring->first = (ring->first + 1) % ring->capacity;
		ring->count--;
	}
}

/* Runs what is due in one lane until it has a frame; says whether anything ran. */
static bool
run_lane(struct audit *audit, enum lane lane, uint64_t now_us)
{
	bool ran = false;

	drop_void(audit, &audit->ring[lane]);
	while (audit->ring[lane].count == 0 && lane_ready_us(audit, lane) <= now_us &&
	       queue_due_us(&audit->queue[lane]) <= now_us) {
		schedule_run(audit, lane, queue_pop(&audit->queue[lane]), now_us);
		ran = true;
	}
	return ran;
}

bool
audit_next(struct audit *audit, uint64_t now_us, struct frame *frame)
{
	bool ran;

	/* What runs in one lane can come due in another. */
	do {
		ran = false;
		for (enum lane lane = 0; lane < LANES; lane++)
			ran = run_lane(audit, lane, now_us) || ran;
	} while (ran);
	for (enum lane lane = 0; lane < LANES; lane++) {
		if (audit->ring[lane].count > 0 && lane_ready_us(audit, lane) <= now_us) {
			take(audit, lane, now_us, frame);
			return true;
		}
	}
	return false;
}

uint64_t
send_due_us(const struct audit *audit)
{
	uint64_t wakeup_us = UINT64_MAX;

	for (enum lane lane = 0; lane < LANES; lane++) {
		uint64_t lane_us =
		    audit->ring[lane].count > 0 ? 0 : queue_due_us(&audit->queue[lane]);

		if (lane_us != UINT64_MAX && lane_ready_us(audit, lane) > lane_us)
			lane_us = lane_ready_us(audit, lane);
		if (lane_us < wakeup_us)
			wakeup_us = lane_us;
	}
	return wakeup_us;
}
