/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Has the VIP been handed over while the audit ran? Owner A, then a claim or the first answer of B,
 * then only B: that is one owner at any time, and no fault.
 *
 * Two owners at once must never pass for it. So each two that may be directors must have claimed in
 * spans of time that do not touch, by whatever kind of claim: A, B, A is two owners for good. (Who
 * can't be the director, as a real server that leaks, is at fault in any case.) And A's silence
 * must be more than chance. When a claimant comes to a VIP that has an owner, all are asked anew,
 * in rounds, by broadcast and by unicast. A's silence by both paths is bound like that of a host in
 * vip-reply, with the same --confidence. Hosts wait for the outcome meanwhile, so B's answers to
 * the same questions, or their lack, are the samples of the loss. BROADCASTS silences have to agree
 * at least. The bound takes the segment's loss for that of A, whose own link may be worse, and loss
 * for independent; so at least UNICASTS questions are asked, over a second, however few the bound
 * asks for.
 *
 * A claimant that comes and goes again and again gets no more than CONTESTS_MAX such inquiries.
 */
#include "arpaudit/engine.h"

#define CONTESTS_MAX 3
#define ROUND_US     120000
#define BROADCASTS   4
#define UNICASTS     8
/* Enough for the bound on a segment that loses a quarter of all frames. */
#define CONTEST_ROUNDS 40

static bool
has_answered(const struct claimant *claimant)
{
	return claimant->claims[CLAIM_ANSWER] > 0;
}

/* Did the first stop before the second began? */
static bool
is_before(const struct claimant *first, const struct claimant *second)
{
	return first->last_claim_us < second->first_claim_us;
}

uint32_t
handover_successor(const struct audit *audit, uint32_t vip, uint32_t former)
{
	const struct vip *of = &audit->vips[vip];
	uint32_t found = NONE;

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (is_before(&of->claimant[former], &of->claimant[i]) &&
		    owner_is_eligible(audit, &of->claimant[i]) &&
		    (found == NONE ||
			of->claimant[i].first_claim_us < of->claimant[found].first_claim_us))
			found = i;
	return found;
}

/* By when it claimed: the claimant may have been an owner that handed the VIP over. */
static bool
is_candidate(const struct audit *audit, uint32_t vip, uint32_t index)
{
	const struct vip *of = &audit->vips[vip];
	const struct claimant *candidate = &of->claimant[index];

	if (!has_answered(candidate) || of->claimants_lost > 0 ||
	    !owner_is_eligible(audit, candidate))
		return false;
	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *other = &of->claimant[i];

		if (i != index && has_answered(other) && owner_is_eligible(audit, other) &&
		    !is_before(candidate, other) && !is_before(other, candidate))
			return false;
	}
	return handover_successor(audit, vip, index) != NONE;
}

double
handover_bound(const struct audit *audit, const struct claimant *former)
{
	return host_all_lost(audit, host_find_mac(audit, &former->mac), former->silent_unicasts,
	    former->silent_broadcasts);
}

static bool
is_silent(const struct audit *audit, uint32_t vip, uint32_t index)
{
	const struct vip *of = &audit->vips[vip];
	const struct claimant *candidate = &of->claimant[index];
	const struct claimant *successor = &of->claimant[handover_successor(audit, vip, index)];

	return has_answered(successor) && successor->last_answer_us > of->contest_us &&
	       candidate->silent_broadcasts >= BROADCASTS &&
	       candidate->silent_unicasts >= UNICASTS &&
	       handover_bound(audit, candidate) <= audit->settings->confidence;
}

/* All owners but one have been as silent as is asked for at the least, but not for long enough: of
 * all, or of those that may be directors. */
static bool
is_possible(const struct audit *audit, uint32_t vip, bool eligible_only)
{
	const struct vip *of = &audit->vips[vip];
	uint32_t others = 0;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *owner = &of->claimant[i];

		if (claimant_is_owner(owner) &&
		    (!eligible_only || owner_is_eligible(audit, owner)) &&
		    !(is_candidate(audit, vip, i) && owner->silent_broadcasts >= BROADCASTS &&
			owner->silent_unicasts >= UNICASTS))
			others++;
	}
	return others == 1;
}

/* Never two owners at once, and one of them may be a named director whose own address could not be
 * heard: nobody asked it whether it has handed the VIP over. */
static bool
is_possible_unheard(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	bool unheard = false;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *owner = &of->claimant[i];

		if (!claimant_is_owner(owner))
			continue;
		if (!owner_is_eligible(audit, owner)) {
			if (!owner_may_be_unheard_director(audit, vip, i))
				return false;
			unheard = true;
		}
		for (uint32_t k = 0; k < i; k++)
			if (claimant_is_owner(&of->claimant[k]) &&
			    !is_before(owner, &of->claimant[k]) &&
			    !is_before(&of->claimant[k], owner))
				return false;
	}
	return unheard && of->claimants_lost == 0 && owner_count(audit, vip) > 1;
}

bool
handover_possible(const struct audit *audit, uint32_t vip)
{
	return is_possible(audit, vip, false) || is_possible_unheard(audit, vip);
}

bool
handover_possible_of(const struct audit *audit, uint32_t vip, uint32_t host)
{
	const struct vip *of = &audit->vips[vip];

	if (!is_possible(audit, vip, true))
		return false;
	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (claimant_is_owner(&of->claimant[i]) &&
		    owner_is_eligible(audit, &of->claimant[i]) &&
		    host_is_known_by(&audit->hosts[host], &of->claimant[i].mac))
			return true;
	return false;
}

bool
handover_pending(const struct audit *audit, uint32_t vip)
{
	return audit->vips[vip].contested;
}

static bool
has_candidate(const struct audit *audit, uint32_t vip)
{
	for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++)
		if (!audit->vips[vip].claimant[i].former && is_candidate(audit, vip, i))
			return true;
	return false;
}

static void
start(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];

	of->contested = true;
	of->contest_rounds = 0;
	of->contest_us = now_us;
	of->contest_asked_us = 0;
	for (uint32_t i = 0; i < of->claimant_count; i++)
		of->claimant[i].silent_broadcasts = of->claimant[i].silent_unicasts = 0;
	/* Two steady owners will have answered once more by then. */
	task_schedule(audit, LANE_BROADCAST, task_handover(audit, vip), now_us + ROUND_US / 2);
}

/* Several answers to one question come one after another, too: one inquiry is for all of them. */
void
handover_consider(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	const bool begun = of->contested && of->contest_asked_us == 0 && of->contest_rounds == 0;

	if ((of->contests == CONTESTS_MAX && !begun) || audit->vips_void > VOIDS_MAX ||
	    !has_candidate(audit, vip))
		return;
	if (!begun)
		of->contests++;
	start(audit, vip, now_us);
}

static void
finish(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	audit->vips[vip].contested = false;
	audit->vips[vip].director_known = false;
	signature_consider(audit, vip, now_us);
	schedule_waiting(audit, now_us);
}

/* Those that have been silent for long enough are owners no more; true while others may be. */
static bool
decide(struct audit *audit, uint32_t vip)
{
	struct vip *of = &audit->vips[vip];
	bool open = false;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (of->claimant[i].former || !is_candidate(audit, vip, i))
			continue;
		of->claimant[i].former = is_silent(audit, vip, i);
		open = open || !of->claimant[i].former;
	}
	return open;
}

/* The owner that came, NONE while no other was a candidate. */
static uint32_t
find_successor(const struct audit *audit, uint32_t vip)
{
	for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++)
		if (is_candidate(audit, vip, i))
			return handover_successor(audit, vip, i);
	return NONE;
}

/* When the last question to a candidate, and to its successor, will have been answered; it may not
 * have left yet. */
static uint64_t
answered_us(const struct audit *audit, uint32_t vip, uint64_t now_us)
{
	const struct vip *of = &audit->vips[vip];
	const uint32_t successor = find_successor(audit, vip);
	uint64_t asked_us = 0;

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (!of->claimant[i].former && (i == successor || is_candidate(audit, vip, i)) &&
		    of->claimant[i].asked_us > asked_us)
			asked_us = of->claimant[i].asked_us;
	if (successor != NONE && successor == of->contest_successor &&
	    of->claimant[successor].asked_us < of->contest_asked_us)
		asked_us = now_us;
	return asked_us + round_trip_timeout_us(&audit->round_trip, 0);
}

/* Has the owner that came answered the last question? */
static void
sample_loss(struct audit *audit, uint32_t vip)
{
	struct vip *of = &audit->vips[vip];
	const uint32_t successor = find_successor(audit, vip);

	if (of->contest_asked_us != 0 && successor != NONE && successor == of->contest_successor &&
	    has_answered(&of->claimant[successor])) {
		if (of->claimant[successor].last_answer_us >= of->contest_asked_us)
			audit->loss[of->contest_path].answered++;
		else
			audit->loss[of->contest_path].lost++;
	}
	of->contest_asked_us = 0;
}

static void
note_question(struct audit *audit, uint32_t vip, enum path path, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];

	of->contest_asked_us = now_us;
	of->contest_path = (uint8_t)path;
	of->contest_successor = find_successor(audit, vip);
	if (of->contest_successor != NONE && of->claimant[of->contest_successor].former)
		of->contest_successor = NONE;
}

/* As a router asks that refreshes its entry, and as a host that detects address conflicts. */
static void
ask_candidates(struct audit *audit, uint32_t vip)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	const struct vip *of = &audit->vips[vip];
	const uint32_t successor = find_successor(audit, vip);
	struct frame frame;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct mac *mac = &of->claimant[i].mac;

		if (of->claimant[i].former || (i != successor && !is_candidate(audit, vip, i)))
			continue;
		probe_who_has(audit, &of->address, mac, &audit->source, &frame);
		send_push(audit, LANE_UNICAST, &frame, PURPOSE_NONE, NONE);
		probe_who_has(audit, &of->address, mac, &unspecified, &frame);
		send_push(audit, LANE_UNICAST, &frame, PURPOSE_NONE, NONE);
	}
}

/* A claim that nobody asked for, and no answer yet: it may have been lost. */
static bool
has_unheard(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (!has_answered(&of->claimant[i]))
			return true;
	return false;
}

/* A round is a broadcast, where one is still needed, and then the unicast questions. */
void
handover_run(struct audit *audit, enum lane lane, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	const uint64_t ready_us = answered_us(audit, vip, now_us);
	struct frame frame;

	if (now_us < ready_us) {
		task_schedule(audit, lane, task_handover(audit, vip), ready_us);
		return;
	}
	sample_loss(audit, vip);
	if (!decide(audit, vip) && (of->contest_rounds >= BROADCASTS || !has_unheard(audit, vip)))
		of->contest_rounds = CONTEST_ROUNDS;
	if (of->contest_rounds == CONTEST_ROUNDS) {
		finish(audit, vip, now_us);
		return;
	}
	if (lane == LANE_BROADCAST) {
		probe_who_has(audit, &of->address, &mac_broadcast, &audit->source, &frame);
		send_push(audit, LANE_BROADCAST, &frame, PURPOSE_VIP, NONE);
		note_question(audit, vip, PATH_BROADCAST, now_us);
		task_schedule(audit, LANE_UNICAST, task_handover(audit, vip), now_us);
		return;
	}
	ask_candidates(audit, vip);
	note_question(audit, vip, PATH_UNICAST, now_us);
	of->contest_rounds++;
	task_schedule(audit, of->contest_rounds < BROADCASTS ? LANE_BROADCAST : LANE_UNICAST,
	    task_handover(audit, vip), now_us + ROUND_US);
}

void
handover_review(struct audit *audit, uint32_t vip)
{
	struct vip *of = &audit->vips[vip];

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!of->claimant[i].former || is_candidate(audit, vip, i))
			continue;
		of->claimant[i].former = false;
		of->director_known = false;
	}
}

/* What was heard stands, what was not does not. */
void
handover_again(struct audit *audit, uint64_t now_us)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct vip *of = &audit->vips[vip];

		of->director_known = false;
		for (uint32_t i = 0; i < of->claimant_count; i++) {
			of->claimant[i].former = false;
			of->claimant[i].silent_broadcasts = of->claimant[i].silent_unicasts = 0;
		}
		if (audit->vips_void > VOIDS_MAX) {
			task_cancel(audit, task_handover(audit, vip));
			of->contested = false;
			/* Hosts may wait for what will never be told. */
			schedule_waiting(audit, now_us);
		} else if (has_candidate(audit, vip)) {
			start(audit, vip, now_us);
		}
	}
}
