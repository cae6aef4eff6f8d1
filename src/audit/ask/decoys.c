/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/decoys.h"

#include <stdlib.h>

#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/pace/times.h"

/* Questions in a round that tell own addresses from proxied ones. A proxy may answer for all. */
#define TELLINGS_MAX 16

struct asked_decoys {
	uint64_t asked_us; /* time of the last round */
	bool confirming;   /* the next round is for proxy-arp, of all tested decoys */
	uint8_t voids;     /* lost captures that voided their silence */
};

bool
ask_decoys_init(struct ask *ask)
{
	ask->decoys = calloc(1, sizeof(*ask->decoys));
	return ask->decoys != NULL;
}

void
ask_decoys_free(struct ask *ask)
{
	free(ask->decoys);
}

void
ask_decoys_begin(struct ask *ask, uint64_t now_us)
{
	ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, now_us);
}

static bool
is_due(const struct ask *ask, uint32_t index)
{
	const struct decoy *decoy = decoy_of(ask->facts, index);

	if (decoy->rounds >= DECOY_PROBES_MAX)
		return false;
	if (ask->decoys->confirming)
		return decoy_is_tested(ask->facts, index);
	return decoy->state == DECOY_CANDIDATE && !decoy_is_probed(ask->facts, index);
}

/* The gap leaves time for the answers, even on a slow segment. It is shorter than PROBE_MIN of RFC
 * 5227 (1 s), since the probes run beside the audit. */
static uint64_t
gap_us(const struct ask *ask)
{
	return later_us(round_trip_timeout_us(&ask->pace->round_trip, 0), GAP_MIN_US);
}

static void
push_probe(struct ask *ask, uint32_t index)
{
	const struct probe *probe = &ask->facts->probe;
	struct frame frame;

	probe_who_has(
	    probe, &decoy_of(ask->facts, index)->address, &mac_broadcast, &probe->source, &frame);
	ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_DECOY, index);
	decoy_count_round(ask->facts, index);
}

/* Asks the machine that answers for the decoy whether it is its own address. */
static void
push_telling(struct ask *ask, uint32_t index, size_t answerer)
{
	const struct decoy *decoy = decoy_of(ask->facts, index);
	const struct address spa = address_unspecified(ADDRESS_IPV4);
	struct frame frame;

	probe_who_has(
	    &ask->facts->probe, &decoy->address, &decoy->answered_by[answerer], &spa, &frame);
	ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	decoy_count_telling(ask->facts, index, answerer);
}

/* A candidate with enough unanswered probes is free. */
static void
decide(struct ask *ask, uint32_t index)
{
	if (decoy_of(ask->facts, index)->state == DECOY_CANDIDATE &&
	    decoy_is_probed(ask->facts, index))
		decoy_set_state(ask->facts, index,
		    index < decoys_count_usable(ask->facts) ? DECOY_READY : DECOY_SPARE);
}

/* The round trip may have been measured only during the gap, so the gap is checked when it ends. */
struct news
ask_decoys_run(struct ask *ask, uint64_t now_us)
{
	const uint64_t due_us = ask->decoys->asked_us + gap_us(ask);
	bool asked = false;
	uint32_t tellings = 0;
	size_t answerer;

	if (now_us < due_us) {
		ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, due_us);
		return news_none();
	}
	for (uint32_t i = 0; i < decoys_count(ask->facts); i++) {
		if (is_due(ask, i)) {
			push_probe(ask, i);
			asked = true;
		} else if (tellings < TELLINGS_MAX &&
			   decoy_wants_telling(ask->facts, i, &answerer)) {
			push_telling(ask, i, answerer);
			tellings++;
			asked = true;
		} else {
			decide(ask, i);
		}
	}
	ask->decoys->confirming = false;
	if (asked) {
		ask->decoys->asked_us = now_us;
		ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, now_us + GAP_MIN_US);
		return news_none();
	}
	decoys_set_decided(ask->facts, true);
	return (struct news){.kinds = NEWS_DECOYS_DECIDED};
}

void
ask_decoys_sent(struct ask *ask, uint32_t decoy, uint64_t now_us)
{
	decoys_note_sent(ask->facts, decoy, now_us);
	ask->decoys->asked_us = now_us;
}

void
ask_decoys_replace(struct ask *ask)
{
	if (decoys_draw_another(ask->facts))
		ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, 0);
}

void
ask_decoys_tell(struct ask *ask)
{
	bool due = false;
	size_t answerer;

	for (uint32_t i = 0; i < decoys_count(ask->facts) && !due; i++)
		due = decoy_wants_telling(ask->facts, i, &answerer);
	if (!due || ask->decoys->voids > VOIDS_MAX)
		return;
	decoys_set_decided(ask->facts, false);
	ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, 0);
}

void
ask_decoys_review(struct ask *ask, uint64_t now_us)
{
	bool due = false;

	for (uint32_t i = 0; i < decoys_count(ask->facts); i++) {
		if (decoy_of(ask->facts, i)->state != DECOY_READY || decoy_is_probed(ask->facts, i))
			continue;
		decoy_set_state(ask->facts, i, DECOY_CANDIDATE);
		due = true;
	}
	if (!due || !decoys_are_decided(ask->facts))
		return;
	decoys_set_decided(ask->facts, false);
	ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, now_us);
}

void
ask_decoys_confirm(struct ask *ask, uint64_t now_us)
{
	const struct facts *facts = ask->facts;

	if (!decoys_are_decided(facts) || decoys_count_tested(facts) < PROXY_ANSWERS_MIN ||
	    !asked_hears_proxies(facts) || !asked_hears_source(facts) ||
	    ask->decoys->voids > VOIDS_MAX || decoys_rounds(facts) >= DECOY_PROBES_MAX ||
	    decoys_bound(facts) <= facts->settings->confidence)
		return;
	decoys_set_decided(ask->facts, false);
	ask->decoys->confirming = true;
	ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, now_us);
}

struct news
ask_decoys_void(struct ask *ask, uint64_t from_us, uint64_t now_us)
{
	if (ask->decoys->asked_us < from_us || ask->decoys->voids > VOIDS_MAX)
		return news_none();
	ask->decoys->confirming = false;
	if (++ask->decoys->voids <= VOIDS_MAX) {
		decoys_void(ask->facts, DECOY_CANDIDATE);
		decoys_set_decided(ask->facts, false);
		ask_schedule(ask, LANE_BROADCAST, TASK_DECOYS, 0, now_us);
		return news_none();
	}
	/* No decoy is known to be free. */
	decoys_void(ask->facts, DECOY_TAKEN);
	ask_cancel(ask, TASK_DECOYS, 0);
	decoys_set_decided(ask->facts, true);
	return (struct news){.kinds = NEWS_DECOYS_DECIDED};
}
