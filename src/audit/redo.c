/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lost captures. Frames that the kernel dropped may have been answers, so what was taken for
 * silence around that time is void, and is observed again; after the fourth time it is
 * inconclusive. What was seen stands.
 */
#include "arpaudit/engine.h"

static void
forget_silence(struct pair *pair)
{
	pair->silences = pair->rounds = 0;
	pair->pending = pair->silent = 0;
	pair->bound_attempts = pair->source_attempts = pair->service_attempts = 0;
}

static void
restart(struct audit *audit, uint32_t index, uint64_t now_us)
{
	struct host *host = &audit->hosts[index];

	if (host->attempt_out)
		schedule_end_attempt(audit, index);
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		forget_silence(pair_of(audit, index, vip));
	audit->hosts_done -= host->stage == STAGE_DONE ? 1 : 0;
	audit->hosts_pooled -= host->pooled ? 1 : 0;
	host->stage = STAGE_RESOLVE;
	host->fence_out = host->waiting = host->pooled = false;
	host->outside_asked = host->outside_silent = false;
	host->cursor = 0;
	host->tries = host->attempt_tries = host->resolves = host->unplanted = 0;
	host->vips_first = host->vips_last = host->broadcast_answers = 0;
	task_schedule(audit, LANE_BROADCAST, index, now_us);
}

/* When the host was asked last. */
static uint64_t
asked_us(const struct host *host)
{
	return host->fence_sent_us > host->attempt_sent_us ? host->fence_sent_us
							   : host->attempt_sent_us;
}

static bool
were_vips_asked(const struct audit *audit, uint64_t from_us)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (audit->vips[vip].asked_us >= from_us)
			return true;
	return false;
}

static void
restart_vips(struct audit *audit, uint64_t from_us, uint64_t now_us)
{
	if (!were_vips_asked(audit, from_us) || audit->vips_void > VOIDS_MAX)
		return;
	audit->vip_void = audit->vip_asked;
	if (++audit->vips_void <= VOIDS_MAX) {
		audit->vips_wanted = VIP_BROADCASTS;
		schedule_vips(audit, now_us);
	}
	handover_again(audit, now_us);
	signature_again(audit, now_us);
}

static void
restart_decoys(struct audit *audit, uint64_t from_us, uint64_t now_us)
{
	if (audit->decoys_asked_us < from_us || audit->decoys_void > VOIDS_MAX)
		return;
	if (++audit->decoys_void <= VOIDS_MAX)
		decoys_again(audit, now_us);
	else
		decoys_give_up(audit, now_us);
}

void
audit_capture_lost(struct audit *audit, uint64_t since_us, uint64_t now_us)
{
	/* A proxied answer may come so late. */
	const uint64_t from_us =
	    since_us > PROXY_DELAY_US ? since_us - PROXY_DELAY_US : 1; /* 0: not asked */

	for (uint32_t i = 0; i < audit->host_count; i++) {
		struct host *host = &audit->hosts[i];

		if (asked_us(host) < from_us || host->voids > VOIDS_MAX)
			continue;
		if (++host->voids <= VOIDS_MAX)
			restart(audit, i, now_us);
	}
	restart_vips(audit, from_us, now_us);
	restart_decoys(audit, from_us, now_us);
}
