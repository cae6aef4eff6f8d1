/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/ask.h"

#include "audit/ask/attempts.h"
#include "audit/ask/decoys.h"
#include "audit/ask/fences.h"
#include "audit/ask/gateways.h"
#include "audit/ask/handover.h"
#include "audit/ask/hosts.h"
#include "audit/ask/master.h"
#include "audit/ask/rehearsal.h"
#include "audit/ask/restore.h"
#include "audit/ask/signature.h"
#include "audit/ask/source.h"
#include "audit/ask/vips.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/gateways.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

#define URGENT_MAX    4096
#define QUESTIONS_MAX 256

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static bool
lanes_begin(struct ask *ask)
{
	const struct facts *facts = ask->facts;
	const uint32_t hosts = host_count(facts);
	const uint32_t vips = vip_count(facts);
	const uint32_t train = ask_train_most(ask->checks);
	const struct lanes_plan plan = {
	    .tasks =
		{
		    [TASK_HOST] = hosts,
		    [TASK_VIPS] = 2,
		    [TASK_DECOYS] = 1,
		    [TASK_SOURCE] = 1,
		    [TASK_MASTER] = 1,
		    [TASK_NEW_MASTER] = vips,
		    [TASK_REHEARSAL] = vips,
		    [TASK_RESTORE] = vips,
		    [TASK_HANDOVER] = vips,
		    [TASK_SIGNATURE] = vips,
		    [TASK_GATEWAY] = gateway_count(facts) * (vips + 1),
		},
	    .frames =
		{
		    [LANE_URGENT] = smaller(hosts + 64, URGENT_MAX),
		    /* A train, who-has RIP from outside, and the fence. Or two questions to each
		     * claimant, as far as they have room: the others are asked later. */
		    [LANE_UNICAST] =
			larger(smaller(2 * claims_capacity(facts), QUESTIONS_MAX), train + 2),
		    /* The most frames of one task: the broadcasts for all VIPs, or for all
		     * decoys. */
		    [LANE_BROADCAST] = 2 * vips + decoys_capacity(facts) + 1 +
				       (uint32_t)facts->cluster->director_count,
		    [LANE_ELICIT] = 1,
		    [LANE_FIRST] = 1,
		},
	    .rate = facts->settings->rate,
	    .broadcast_rate = facts->settings->broadcast_rate,
	    .burst_least = train,
	    .gentle = ask->pace->gentle,
	    .sharer = ask->pace->sharer,
	    .rates = facts->segment.rates,
	};

	return lanes_init(&ask->pace->lanes, &plan);
}

bool
ask_init(struct ask *ask, struct facts *facts, struct pace *pace, const struct check *const *checks,
    uint64_t seed)
{
	ask->facts = facts;
	ask->pace = pace;
	ask->checks = checks;
	if (!lanes_begin(ask) || !ask_hosts_init(ask, seed) || !ask_decoys_init(ask) ||
	    !ask_handover_init(ask) || !ask_signature_init(ask) || !ask_rehearsals_init(ask) ||
	    !ask_restore_init(ask) || !ask_master_init(ask))
		return false;
	ask_vips_init(ask);
	return true;
}

void
ask_free(struct ask *ask)
{
	if (ask->pace != NULL)
		lanes_free(&ask->pace->lanes);
	ask_hosts_free(ask);
	ask_decoys_free(ask);
	ask_handover_free(ask);
	ask_signature_free(ask);
	ask_rehearsals_free(ask);
	ask_restore_free(ask);
	ask_master_free(ask);
}

struct news
ask_run(struct ask *ask, enum lane lane, struct task task, uint64_t now_us)
{
	if (ask->stopped && task.kind != TASK_RESTORE)
		return news_none();
	switch ((enum task_kind)task.kind) {
	case TASK_HOST:
		return ask_hosts_run(ask, lane, task.index, now_us);
	case TASK_VIPS:
		if (task.index == TASK_VIPS_LISTENED)
			return ask_vips_listened(ask, now_us);
		ask_vips_run(ask, now_us);
		break;
	case TASK_DECOYS:
		return ask_decoys_run(ask, now_us);
	case TASK_SOURCE:
		return ask_source_run(ask, now_us);
	case TASK_MASTER:
		return ask_master_run(ask);
	case TASK_NEW_MASTER:
		return ask_new_master_run(ask, task.index, now_us);
	case TASK_REHEARSAL:
		return ask_rehearsal_run(ask, task.index, now_us);
	case TASK_RESTORE:
		ask_restore_run(ask, task.index, now_us);
		break;
	case TASK_HANDOVER:
		return ask_handover_run(ask, lane, task.index, now_us);
	case TASK_SIGNATURE:
		return ask_signature_run(ask, task.index, now_us);
	case TASK_GATEWAY:
		return ask_gateways_run(ask, task.index, now_us);
	}
	return news_none();
}

void
ask_sent(struct ask *ask, const struct outgoing *outgoing, uint64_t now_us)
{
	claims_note_question(ask->facts, now_us, &outgoing->frame);
	hosts_note_question(ask->facts, &outgoing->frame);
	if (outgoing->purpose == PURPOSE_VIP || outgoing->purpose == PURPOSE_ROUND ||
	    outgoing->purpose == PURPOSE_INQUIRY || outgoing->purpose == PURPOSE_DECOY)
		ask->facts->asked->question_us = now_us;
	if (outgoing->purpose == PURPOSE_INQUIRY)
		ask->facts->asked->inquiry_us = now_us;
	if (outgoing->purpose == PURPOSE_DECOY)
		ask_decoys_sent(ask, outgoing->subject, now_us);
	if (outgoing->purpose == PURPOSE_REHEARSAL)
		ask_rehearsal_sent(ask, outgoing->subject, now_us);
	if (outgoing->purpose == PURPOSE_ROUND) {
		ask_vips_round_sent(ask, now_us);
		ask_hosts_round_sent(ask, now_us);
	}
	ask_hosts_sent(ask, outgoing, now_us);
}

void
ask_stop(struct ask *ask)
{
	ask->stopped = true;
	ask_attempts_stop(ask);
	ask_signature_stop(ask);
}

bool
ask_is_void(const struct ask *ask, enum lane lane, const struct outgoing *outgoing)
{
	const struct frame *frame = &outgoing->frame;
	uint32_t decoy;

	if (ask->stopped && lane != LANE_URGENT && outgoing->purpose != PURPOSE_RESTORE)
		return true;
	if (outgoing->purpose == PURPOSE_ATTEMPT)
		return ask_attempt_is_void(ask, outgoing);
	if (outgoing->purpose != PURPOSE_NONE && outgoing->purpose != PURPOSE_REHEARSAL &&
	    outgoing->purpose != PURPOSE_RESTORE)
		return false;
	/* Frames that restore an owner, end an attempt or stop a leak may come from a decoy too. */
	decoy =
	    decoy_find(ask->facts, frame->kind == FRAME_ARP ? &frame->arp.spa : &frame->ip.source);
	return decoy != NONE && decoy_of(ask->facts, decoy)->state == DECOY_TAKEN;
}
