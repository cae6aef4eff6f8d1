/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/handover.h"

#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/routers.h"
#include "audit/owner/eligible.h"
#include "audit/owner/unheard.h"

static bool
is_announcement(uint8_t kind)
{
	return kind == CLAIM_GRATUITOUS_REQUEST || kind == CLAIM_GRATUITOUS_REPLY ||
	       kind == CLAIM_ADVERTISEMENT;
}

/* Whether `first` stopped claiming before `second` began. A question reaches all owners at once. So
 * if `second` began with an answer to a question that `first` may have answered as well, both owned
 * the VIP when they were asked, whichever answer came first. One that began by announcing itself
 * may have preempted the other, which gives the VIP up when it has heard of that. */
static bool
is_before(const struct claimant *first, const struct claimant *second)
{
	if (is_announcement(second->first_kind))
		return first->first_claim_us < second->first_claim_us &&
		       first->last_claim_us < second->first_claim_us + ROUTER_CROSSING_US;
	return first->last_claim_us < second->first_claim_us &&
	       (second->first_kind != CLAIM_ANSWER ||
		   first->last_claim_us < second->first_asked_us);
}

static bool
are_apart(const struct claimant *a, const struct claimant *b)
{
	return is_before(a, b) || is_before(b, a);
}

uint32_t
handover_successor(const struct facts *facts, uint32_t vip, uint32_t former)
{
	const struct claimant *from = claimant_of(facts, vip, former);
	uint32_t found = NONE;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *to = claimant_of(facts, vip, i);

		if (is_before(from, to) && owner_is_eligible(facts, to) &&
		    (found == NONE ||
			to->first_claim_us < claimant_of(facts, vip, found)->first_claim_us))
			found = i;
	}
	return found;
}

bool
handover_is_candidate(const struct facts *facts, uint32_t vip, uint32_t index)
{
	const struct claimant *candidate = claimant_of(facts, vip, index);

	if (!claimant_has_answered(candidate) || claims_lost(facts, vip) > 0 ||
	    !owner_is_eligible(facts, candidate))
		return false;
	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *other = claimant_of(facts, vip, i);

		if (i != index && claimant_has_answered(other) && !are_apart(candidate, other) &&
		    owner_is_eligible(facts, other))
			return false;
	}
	return handover_successor(facts, vip, index) != NONE;
}

double
handover_bound(const struct facts *facts, const struct claimant *former)
{
	return inquiry_all_lost(facts, host_find_mac(facts, &former->mac), former->silent_unicasts,
	    former->silent_broadcasts);
}

/* A new owner announces itself. One that only answers may have owned the VIP before, and its
 * earlier answers were lost, delayed by proxy_delay, or withheld by a rate limit. */
bool
handover_is_announced(const struct facts *facts, uint32_t vip, uint32_t former)
{
	const uint32_t successor = handover_successor(facts, vip, former);
	const uint8_t kind =
	    successor == NONE ? CLAIM_ANSWER : claimant_of(facts, vip, successor)->first_kind;

	return is_announcement(kind);
}

bool
handover_is_asked(const struct claimant *owner)
{
	return owner->silent_broadcasts >= HANDOVER_BROADCASTS &&
	       owner->silent_unicasts >= HANDOVER_UNICASTS;
}

bool
handover_is_silent(const struct facts *facts, uint32_t vip, uint32_t index, uint64_t since_us)
{
	const struct claimant *candidate = claimant_of(facts, vip, index);
	const struct claimant *successor =
	    claimant_of(facts, vip, handover_successor(facts, vip, index));

	return handover_is_announced(facts, vip, index) && claimant_has_answered(successor) &&
	       successor->last_answer_us > since_us && handover_is_asked(candidate) &&
	       handover_bound(facts, candidate) <= facts->settings->confidence;
}

/* Whether its silence is too short to say anything: the minimum was not asked, because the audit
 * was ended while it was being asked. */
static bool
is_cut_short(const struct facts *facts, uint32_t vip)
{
	return asked_of(facts, vip)->handover_open;
}

/* Whether all owners but one have been silent for the minimum, though not yet long enough, or the
 * audit was ended before that. Looks at all owners, or at those that may be directors. */
static bool
is_possible(const struct facts *facts, uint32_t vip, bool eligible_only)
{
	uint32_t silent = 0, others = 0;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *owner = claimant_of(facts, vip, i);

		if (!claimant_is_owner(owner) ||
		    (eligible_only && !owner_is_eligible(facts, owner)))
			continue;
		if ((handover_is_asked(owner) || is_cut_short(facts, vip)) &&
		    handover_is_candidate(facts, vip, i))
			silent++;
		else
			others++;
	}
	return silent > 0 && others == 1;
}

/* Whether an owner of a lower index claimed during the same time. */
static bool
overlaps(const struct facts *facts, uint32_t vip, uint32_t index)
{
	const struct claimant *owner = claimant_of(facts, vip, index);

	for (uint32_t i = 0; i < index; i++) {
		const struct claimant *other = claimant_of(facts, vip, i);

		if (claimant_is_owner(other) && !are_apart(owner, other))
			return true;
	}
	return false;
}

/* Whether owners never overlapped, and one of them may be a named director whose own address was
 * not heard. The engine could not ask that one about a hand-over. */
static bool
is_possible_unheard(const struct facts *facts, uint32_t vip)
{
	bool unheard = false;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *owner = claimant_of(facts, vip, i);

		if (!claimant_is_owner(owner))
			continue;
		if (!owner_is_eligible(facts, owner)) {
			if (!owner_may_be_unheard_director(facts, vip, i))
				return false;
			unheard = true;
		}
		if (overlaps(facts, vip, i))
			return false;
	}
	return unheard && claims_lost(facts, vip) == 0 && owner_count(facts, vip) > 1;
}

bool
handover_possible(const struct facts *facts, uint32_t vip)
{
	return is_possible(facts, vip, false) || is_possible_unheard(facts, vip);
}

bool
handover_possible_of_directors(const struct facts *facts, uint32_t vip)
{
	return is_possible(facts, vip, true) || handover_possible(facts, vip);
}

bool
handover_possible_of(const struct facts *facts, uint32_t vip, uint32_t host)
{
	if (!is_possible(facts, vip, true) && !is_possible_unheard(facts, vip))
		return false;
	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *owner = claimant_of(facts, vip, i);

		if (claimant_is_owner(owner) && owner_is_eligible(facts, owner) &&
		    host_is_known_by(facts, host, &owner->mac))
			return true;
	}
	return false;
}
