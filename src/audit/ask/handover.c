/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/handover.h"

#include <stdlib.h>

#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/vips.h"
#include "audit/owner/handover.h"
#include "audit/pace/times.h"

#define INQUIRIES_MAX 3 /* per VIP */
/* The least gap between two rounds. The former owner must be silent for longer than a machine that
 * is busy, or a burst of loss, so it is longer than that of other rounds. */
#define ROUND_US_MIN 60000
/* Enough for the bound on a segment that loses a quarter of all frames. */
#define ROUNDS_MAX 40

/* The inquiry for a VIP. */
struct asked_handover {
	uint8_t inquiries, rounds;
	uint64_t start_us;
	/* When the successor was asked the question that is still open; 0: no question is open. */
	uint64_t asked_us;
	uint32_t successor; /* the claimant asked; another may have become the successor since */
	uint8_t path;
};

struct asked_handovers {
	struct asked_handover *vip;
};

bool
ask_handover_init(struct ask *ask)
{
	ask->handovers = calloc(1, sizeof(*ask->handovers));
	if (ask->handovers == NULL)
		return false;
	ask->handovers->vip = calloc(vip_count(ask->facts), sizeof(*ask->handovers->vip));
	return ask->handovers->vip != NULL;
}

void
ask_handover_free(struct ask *ask)
{
	if (ask->handovers != NULL)
		free(ask->handovers->vip);
	free(ask->handovers);
}

static uint64_t
gap_us(const struct ask *ask)
{
	return later_us(round_trip_gap_us(&ask->pace->round_trip), ROUND_US_MIN);
}

static bool
is_open(const struct ask *ask, uint32_t vip)
{
	return asked_of(ask->facts, vip)->handover_open;
}

/* Whether it is a candidate that does not count as a former owner yet. */
static bool
is_open_candidate(const struct ask *ask, uint32_t vip, uint32_t index)
{
	return !claimant_of(ask->facts, vip, index)->former &&
	       handover_is_candidate(ask->facts, vip, index);
}

static bool
has_candidate(const struct ask *ask, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (is_open_candidate(ask, vip, i))
			return true;
	return false;
}

static void
start(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct asked_handover *inquiry = &ask->handovers->vip[vip];

	asked_set_handover_open(ask->facts, vip, true);
	inquiry->rounds = 0;
	inquiry->start_us = now_us;
	inquiry->asked_us = 0;
	claims_forget_silence(ask->facts, vip);
	/* By then two steady owners will both have answered again. */
	ask_schedule(ask, LANE_BROADCAST, TASK_HANDOVER, vip, now_us + gap_us(ask));
}

/* Answers to one question arrive one after another. A single inquiry covers all of them. */
void
ask_handover_consider(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct asked_handover *inquiry = &ask->handovers->vip[vip];
	const bool begun = is_open(ask, vip) && inquiry->asked_us == 0 && inquiry->rounds == 0;

	if ((inquiry->inquiries == INQUIRIES_MAX && !begun) || asked_owners_are_void(ask->facts) ||
	    !has_candidate(ask, vip))
		return;
	if (!begun)
		inquiry->inquiries++;
	start(ask, vip, now_us);
}

/* Whether further questions may show that it handed the VIP over, or at least that this is
 * possible. */
static bool
is_worth_asking(const struct ask *ask, uint32_t vip, uint32_t index)
{
	return handover_is_announced(ask->facts, vip, index) ||
	       !handover_is_asked(claimant_of(ask->facts, vip, index));
}

/* Candidates that have been silent for long enough become former owners. True if others still
 * may. */
static bool
decide(struct ask *ask, uint32_t vip)
{
	const uint64_t start_us = ask->handovers->vip[vip].start_us;
	bool open = false;

	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++) {
		if (!is_open_candidate(ask, vip, i))
			continue;
		if (handover_is_silent(ask->facts, vip, i, start_us))
			claims_set_former(ask->facts, vip, i, true);
		else
			open = open || is_worth_asking(ask, vip, i);
	}
	return open;
}

/* The new owner. NONE if there is no candidate. */
static uint32_t
find_successor(const struct ask *ask, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (handover_is_candidate(ask->facts, vip, i))
			return handover_successor(ask->facts, vip, i);
	return NONE;
}

/* The time by which the last questions to candidates and successor should be answered. The
 * questions may not have left yet. */
static uint64_t
answered_us(const struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const struct asked_handover *inquiry = &ask->handovers->vip[vip];
	const uint32_t successor = find_successor(ask, vip);
	uint64_t asked_us = 0;

	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++) {
		const struct claimant *claimant = claimant_of(ask->facts, vip, i);

		if (!claimant->former && claimant->asked_us > asked_us &&
		    (i == successor || handover_is_candidate(ask->facts, vip, i)))
			asked_us = claimant->asked_us;
	}
	if (successor != NONE && successor == inquiry->successor &&
	    claimant_of(ask->facts, vip, successor)->asked_us < inquiry->asked_us)
		asked_us = now_us;
	return asked_us + round_trip_timeout_us(&ask->pace->round_trip, 0);
}

/* Counts whether the new owner answered the last question. */
static void
sample_loss(struct ask *ask, uint32_t vip)
{
	struct asked_handover *inquiry = &ask->handovers->vip[vip];
	const uint32_t successor = find_successor(ask, vip);

	if (inquiry->asked_us != 0 && successor != NONE && successor == inquiry->successor &&
	    claimant_has_answered(claimant_of(ask->facts, vip, successor))) {
		if (claimant_of(ask->facts, vip, successor)->last_answer_us >= inquiry->asked_us)
			ask->facts->loss[inquiry->path].answered++;
		else
			ask->facts->loss[inquiry->path].lost++;
	}
	inquiry->asked_us = 0;
}

static void
note_question(struct ask *ask, uint32_t vip, enum path path, uint64_t now_us)
{
	struct asked_handover *inquiry = &ask->handovers->vip[vip];

	inquiry->asked_us = now_us;
	inquiry->path = (uint8_t)path;
	inquiry->successor = find_successor(ask, vip);
	if (inquiry->successor != NONE && claimant_of(ask->facts, vip, inquiry->successor)->former)
		inquiry->successor = NONE;
}

static void
push_question(struct ask *ask, uint32_t vip, enum lane lane, const struct mac *mac,
    const struct address *spa, enum purpose purpose)
{
	struct frame frame;

	probe_who_has(&ask->facts->probe, vip_address(ask->facts, vip), mac, spa, &frame);
	ask_push(ask, lane, &frame, purpose, NONE);
}

/* Asks as a router that refreshes its cache entry, and as a host that detects address conflicts. */
static void
ask_candidates(struct ask *ask, uint32_t vip)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	const uint32_t successor = find_successor(ask, vip);

	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++) {
		const struct claimant *claimant = claimant_of(ask->facts, vip, i);

		if (claimant->former ||
		    (i != successor && !handover_is_candidate(ask->facts, vip, i)))
			continue;
		/* A claimant that is not asked has no silence that counts. */
		if (lanes_room(&ask->pace->lanes, LANE_UNICAST) < 2)
			break;
		push_question(ask, vip, LANE_UNICAST, &claimant->mac, &ask->facts->probe.source,
		    PURPOSE_NONE);
		push_question(ask, vip, LANE_UNICAST, &claimant->mac, &unspecified, PURPOSE_NONE);
	}
}

/* Whether a claimant has not answered yet. Its answer may have been lost. */
static bool
has_unheard(const struct ask *ask, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (!claimant_has_answered(claimant_of(ask->facts, vip, i)))
			return true;
	return false;
}

/* A round is a broadcast, if still needed, then the unicast questions. */
static void
ask_round(struct ask *ask, enum lane lane, uint32_t vip, uint64_t now_us)
{
	struct asked_handover *inquiry = &ask->handovers->vip[vip];

	if (lane == LANE_BROADCAST) {
		push_question(ask, vip, LANE_BROADCAST, &mac_broadcast, &ask->facts->probe.source,
		    PURPOSE_INQUIRY);
		note_question(ask, vip, PATH_BROADCAST, now_us);
		ask_schedule(ask, LANE_UNICAST, TASK_HANDOVER, vip, now_us);
		return;
	}
	ask_candidates(ask, vip);
	note_question(ask, vip, PATH_UNICAST, now_us);
	inquiry->rounds++;
	ask_schedule(ask, inquiry->rounds < HANDOVER_BROADCASTS ? LANE_BROADCAST : LANE_UNICAST,
	    TASK_HANDOVER, vip, now_us + gap_us(ask));
}

struct news
ask_handover_run(struct ask *ask, enum lane lane, uint32_t vip, uint64_t now_us)
{
	const uint64_t ready_us = answered_us(ask, vip, now_us);
	struct asked_handover *inquiry = &ask->handovers->vip[vip];

	if (now_us < ready_us) {
		ask_schedule(ask, lane, TASK_HANDOVER, vip, ready_us);
		return news_none();
	}
	sample_loss(ask, vip);
	if (!decide(ask, vip) && (inquiry->rounds >= HANDOVER_BROADCASTS || !has_unheard(ask, vip)))
		inquiry->rounds = ROUNDS_MAX;
	if (inquiry->rounds < ROUNDS_MAX) {
		ask_round(ask, lane, vip, now_us);
		return news_none();
	}
	asked_set_handover_open(ask->facts, vip, false);
	return (struct news){.kinds = NEWS_INQUIRY_OVER, .vip = vip};
}

void
ask_handover_review(struct ask *ask, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (claimant_of(ask->facts, vip, i)->former &&
		    !handover_is_candidate(ask->facts, vip, i))
			claims_set_former(ask->facts, vip, i, false);
}

/* Claims stay; silences are void. */
struct news
ask_handover_void(struct ask *ask, uint64_t now_us)
{
	struct news news = news_none();

	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++) {
		for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
			claims_set_former(ask->facts, vip, i, false);
		claims_forget_silence(ask->facts, vip);
		if (asked_owners_are_void(ask->facts)) {
			/* Hosts must not wait for a decision that will never come. */
			ask_cancel(ask, TASK_HANDOVER, vip);
			asked_set_handover_open(ask->facts, vip, false);
			news.kinds = NEWS_HANDOVERS_VOID;
		} else if (has_candidate(ask, vip)) {
			start(ask, vip, now_us);
		}
	}
	return news;
}
