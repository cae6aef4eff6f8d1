/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/vips.h"

#include "audit/facts/arp_probe.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/owner/rounds.h"
#include "audit/owner/takeover.h"
#include "audit/pace/times.h"

/* Who-has VIP may take a quarter of the broadcast rate. */
#define SHARE        4
#define SHARE_FEW_US 60000 /* if a round takes longer, a single one has to do */
/* The least time between two rounds while hosts begin, which need the broadcast rate. */
#define GAP_BEGINNING_US 60000
/* The minimum number of rounds; the minimum plus one that owners may need at once, before the
 * hosts' needs are known; and the maximum if only the owners need more. */
#define ROUNDS       3
#define ROUNDS_EARLY (ROUNDS + 1)
#define ROUNDS_MOST  64
/* A MAC that answered once for a director may be a damaged frame, and an answer may be lost. */
#define DIRECTOR_ROUNDS   3
#define DIRECTOR_SEARCHES 2

void
ask_vips_init(struct ask *ask)
{
	ask->facts->asked->rounds_wanted = ROUNDS;
}

/* The least time between two rounds of this many VIPs at the broadcast rate. */
static uint64_t
share_us(const struct ask *ask)
{
	const uint64_t rate = ask->facts->settings->broadcast_rate;

	return rate == 0 ? 0 : UINT64_C(2000000) * vip_count(ask->facts) * SHARE / rate;
}

static uint64_t
gap_us(const struct ask *ask, uint64_t now_us)
{
	const uint64_t least_us = now_us < ask->begins_until_us ? GAP_BEGINNING_US : 0;

	return later_us(
	    least_us, later_us(share_us(ask), round_trip_gap_us(&ask->pace->round_trip)));
}

bool
ask_vips_are_few(const struct ask *ask)
{
	return share_us(ask) <= SHARE_FEW_US;
}

void
ask_vips_schedule(struct ask *ask, uint64_t now_us)
{
	const uint64_t due_us = ask->vips_asked_us + GAP_MIN_US;

	if (ask->facts->asked->round_due)
		return;
	ask->facts->asked->round_due = true;
	ask_schedule(ask, LANE_BROADCAST, TASK_VIPS, 0, later_us(due_us, now_us));
}

void
ask_vips_begin(struct ask *ask, uint64_t until_us)
{
	const bool ends = ask->begins_until_us == UINT64_MAX;

	ask->begins_until_us = until_us;
	if (ends && ask->facts->asked->round_due)
		ask_schedule(ask, LANE_BROADCAST, TASK_VIPS, 0,
		    later_us(ask->vips_asked_us + GAP_MIN_US, until_us));
}

/* An owner outside the plan hears only the broadcast who-has VIP. If the hosts need fewer rounds,
 * further ones follow until a missed owner is unlikely. They are omitted if they could not achieve
 * that, because the loss is too high or too few hosts measure it. A director that has just
 * announced the VIP is asked as well. */
void
ask_vips_confirm(struct ask *ask, uint64_t now_us)
{
	const uint32_t most = inquiries_are_done(ask->facts) ? ROUNDS_MOST : ROUNDS_EARLY;

	if (asked_owners_are_void(ask->facts))
		return;
	if ((!owners_are_sure(ask->facts) && owners_may_be_surer(ask->facts, most)) ||
	    takeover_needs_round(ask->facts))
		ask_vips_schedule(ask, now_us);
}

static void
push_question(struct ask *ask, uint32_t vip, enum lane lane, enum spa_kind kind,
    const struct mac *destination, enum purpose purpose)
{
	const struct address spa = probe_spa(&ask->facts->probe, kind);
	struct frame frame;

	probe_who_has(&ask->facts->probe, vip_address(ask->facts, vip), destination, &spa, &frame);
	ask_push(ask, lane, &frame, purpose, NONE);
}

void
ask_vips_probe(struct ask *ask, uint32_t vip, const struct mac *mac)
{
	/* Many may answer at once. In gentle mode the rounds ask them, one after another. */
	if (ask_is_gentle(ask))
		return;
	if (!arp_probe_may_ask_vip(ask->facts, vip) && heard_may_be_machine(ask->facts, mac))
		push_question(ask, vip, LANE_URGENT, SPA_UNSPECIFIED, mac, PURPOSE_NONE);
}

/* An ARP Probe, by broadcast if it may. Otherwise each round asks another one of the machines that
 * have answered for the VIP, since the frame or its answer may have been lost. */
static void
push_probe(struct ask *ask, uint32_t vip)
{
	const uint32_t count = claims_count(ask->facts, vip);

	if (arp_probe_may_ask_vip(ask->facts, vip)) {
		push_question(
		    ask, vip, LANE_BROADCAST, SPA_UNSPECIFIED, &mac_broadcast, PURPOSE_VIP);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct claimant *claimant =
		    claimant_of(ask->facts, vip, (ask->facts->asked->rounds + i) % count);

		if (!claimant_has_answered(claimant) ||
		    !heard_may_be_machine(ask->facts, &claimant->mac))
			continue;
		push_question(
		    ask, vip, LANE_BROADCAST, SPA_UNSPECIFIED, &claimant->mac, PURPOSE_NONE);
		return;
	}
}

void
ask_vips_find_directors(struct ask *ask, uint64_t now_us)
{
	if (ask->facts->cluster->director_count == 0 || ask->directors_asked == DIRECTOR_SEARCHES)
		return;
	ask->directors_asked++;
	ask->directors_due = DIRECTOR_ROUNDS;
	ask_vips_schedule(ask, now_us);
}

static void
push_directors(struct ask *ask)
{
	const struct address spa = probe_spa(&ask->facts->probe, SPA_SOURCE);
	struct frame frame;

	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		if (!host_of(ask->facts, i)->director)
			continue;
		probe_who_has(
		    &ask->facts->probe, &host_of(ask->facts, i)->rip, &mac_broadcast, &spa, &frame);
		ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	}
	ask->directors_due--;
}

/* Each round begins with another VIP. An owner that limits its replies would otherwise answer for
 * the first one only. */
void
ask_vips_run(struct ask *ask, uint64_t now_us)
{
	struct asked *asked = ask->facts->asked;
	const uint32_t count = vip_count(ask->facts);
	const uint64_t due_us = ask->vips_asked_us + gap_us(ask, now_us);

	/* The round trip may have been measured only during the gap. */
	if (now_us < due_us) {
		ask_schedule(ask, LANE_BROADCAST, TASK_VIPS, 0, due_us);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t vip = (asked->rounds + i) % count;

		push_probe(ask, vip);
		push_question(ask, vip, LANE_BROADCAST, SPA_SOURCE, &mac_broadcast,
		    i + 1 == count ? PURPOSE_ROUND : PURPOSE_VIP);
		if (!arp_probe_may_ask_vip(ask->facts, vip))
			asked_note_partial(ask->facts, vip);
	}
	asked_note_round_begun(ask->facts);
	asked->round_due = false;
	ask->vips_asked_us = now_us;
	if (ask->directors_due > 0)
		push_directors(ask);
	if (asked->rounds_wanted > 0)
		asked->rounds_wanted--;
	if (asked->rounds_wanted > 0 || ask->directors_due > 0)
		ask_vips_schedule(ask, now_us);
	else if (ask->vips_listen_us == 0)
		ask_schedule(ask, LANE_BROADCAST, TASK_VIPS, TASK_VIPS_LISTENED, now_us);
}

void
ask_vips_round_sent(struct ask *ask, uint64_t now_us)
{
	asked_note_round_sent(ask->facts, now_us);
	ask_vips_confirm(ask, now_us);
}

/* A task of this lane runs when the frames before it have left. */
struct news
ask_vips_listened(struct ask *ask, uint64_t now_us)
{
	if (ask->vips_listen_us == 0)
		ask->vips_listen_us =
		    now_us + PROXY_DELAY_US + round_trip_timeout_us(&ask->pace->round_trip, 0);
	if (now_us < ask->vips_listen_us) {
		ask_schedule(
		    ask, LANE_BROADCAST, TASK_VIPS, TASK_VIPS_LISTENED, ask->vips_listen_us);
		return news_none();
	}
	ask->facts->asked->owners_listened = true;
	return (struct news){.kinds = NEWS_OWNERS_LISTENED};
}

static bool
was_any_asked(const struct facts *facts, uint64_t from_us)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (asked_of(facts, vip)->asked_us >= from_us)
			return true;
	return false;
}

bool
ask_vips_void(struct ask *ask, uint64_t from_us, uint64_t now_us)
{
	struct asked *asked = ask->facts->asked;

	if (!was_any_asked(ask->facts, from_us) || asked_owners_are_void(ask->facts))
		return false;
	asked_void_rounds(ask->facts);
	if (++asked->voids <= VOIDS_MAX) {
		asked->rounds_wanted = ROUNDS;
		asked->owners_listened = false;
		ask->vips_listen_us = 0;
		ask_vips_schedule(ask, now_us);
	}
	return true;
}
