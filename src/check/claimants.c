/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/claimants.h"

#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/owner/director.h"
#include "audit/owner/doubt.h"
#include "audit/owner/eligible.h"
#include "audit/owner/handover.h"
#include "audit/owner/master.h"
#include "audit/owner/takeover.h"
#include "audit/owner/unheard.h"

static const struct cause standby_claims = {
    "standby-claims", ("a director that is not the owner claims the VIP")};
static const struct cause unlisted_claims = {
    "unlisted-claims", ("a machine that is neither the director nor a listed host claims the VIP")};
static const struct cause many_claim = {
    "many-claim", ("more machines claim the VIP than can be listed")};
static const struct cause master_claims = {"master-claims",
    ("the master of the virtual router that owns the VIP claims it with its own MAC")};
static const struct cause maybe_master_claims = {"maybe-master-claims",
    ("a machine claims the VIP that may be the master of the virtual router that owns it")};
static const struct cause relayed = {
    "relayed-claims", ("claims of the VIP for one MAC come in frames from another: a proxy, or a "
		       "switch that answers for its hosts")};
static const struct cause unheard_director = {
    "unheard-director", ("a machine claims the VIP that may be the named director")};
static const struct cause taking_over = {
    "maybe-took-over", ("a machine that may be the director announced the VIP, and may have taken "
			"it over as the audit ended")};
static const struct cause unanswering = {"unanswering-master",
    ("a machine that may be the master of the VIP's virtual router claims the VIP, but was not "
     "heard to answer for it")};
static const struct cause handed_over = {
    "handed-over", ("the VIP was handed over during the audit")};

static const char *const kind_words[CLAIM_KINDS] = {
    [CLAIM_ANSWER] = "replies to ARP requests",
    [CLAIM_UNASKED] = "unsolicited ARP replies",
    [CLAIM_GRATUITOUS_REPLY] = "gratuitous ARP replies",
    [CLAIM_GRATUITOUS_REQUEST] = "gratuitous ARP requests",
    [CLAIM_REQUEST] = "ARP requests with the VIP as the sender",
    [CLAIM_ADVERTISEMENT] = "VRRP advertisements",
};

/* "answers, gratuitous ARP replies" */
static const char *
ways(struct arena *arena, const struct claimant *claimant)
{
	const char *list = "";

	for (size_t kind = 0; kind < CLAIM_KINDS; kind++)
		if (claimant->claims[kind] > 0)
			list = arena_format(
			    arena, "%s%s%s", list, *list == '\0' ? "" : ", ", kind_words[kind]);
	return list;
}

static bool
has_claimed(const struct claimant *claimant)
{
	return claimant_replies(claimant) + claimant_requests(claimant) > 0;
}

/* The frame that best shows what is wrong with the claimant. */
static const struct kept_frame *
evidence_of(const struct claimant *claimant)
{
	return claimant->relayed.frame != NULL ? claimant->relayed.frame : claimant->first;
}

/* A director that the user named, but that is not the owner. It must keep silent. */
static void
judge_standby(const struct facts *facts, uint32_t vip, const struct claimant *claimant,
    struct vip_judgement *judgement)
{
	const uint32_t director = owner_director(facts, vip, NULL);

	judge_vip(judgement, "standby-claim", &standby_claims, SEVERITY_VIOLATION,
	    director != NONE ? arena_format(judgement->arena,
				   "the standby director %s claims %s by %s, but the owner is %s",
				   judge_claimant_name(facts, judgement->arena, claimant),
				   judgement->vip, ways(judgement->arena, claimant),
				   judge_claimant_name(
				       facts, judgement->arena, claimant_of(facts, vip, director)))
			     : arena_format(judgement->arena,
				   "the director %s claims %s by %s, but is not its owner",
				   judge_claimant_name(facts, judgement->arena, claimant),
				   judgement->vip, ways(judgement->arena, claimant)),
	    remedy_director(judgement->arena, judgement->vip), evidence_of(claimant));
}

static void
judge_unlisted(
    const struct facts *facts, const struct claimant *claimant, struct vip_judgement *judgement)
{
	judge_vip(judgement, "unlisted-claimant", &unlisted_claims, SEVERITY_VIOLATION,
	    arena_format(judgement->arena,
		"%s claims %s by %s, but is neither the director nor a listed host",
		judge_claimant_name(facts, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant)),
	    remedy_unlisted(), evidence_of(claimant));
}

/* Never a violation: if the claimant is the master, traffic for the VIP still reaches the right
 * machine. */
static void
judge_master(const struct facts *facts, uint32_t vip, const struct claimant *claimant,
    struct vip_judgement *judgement)
{
	const bool told = master_is_claimant(facts, vip, claimant) == MASTERY_SHOWN;

	judge_vip(judgement, "master-claim", told ? &master_claims : &maybe_master_claims,
	    told ? SEVERITY_NOTE : SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s claims %s by %s, with its own MAC; %s the master of the virtual router that "
		"owns the VIP",
		judge_claimant_name(facts, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant),
		told ? "it is" : "no VRRP advertisement shows whether it is"),
	    told ? "" : "# run the audit from a host that hears the VRRP advertisements",
	    evidence_of(claimant));
}

/* The director was named by an address that has not been answered for. Until it is, nothing tells
 * its MAC. */
static void
judge_claim_of_unheard_director(
    const struct facts *facts, const struct claimant *claimant, struct vip_judgement *judgement)
{
	judge_vip(judgement, "unlisted-claimant", &unheard_director, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s claims %s by %s; it may be the named director, which was not heard to answer "
		"for its own address",
		judge_claimant_name(facts, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant)),
	    "# let the audit finish, or name the MAC of the director: --director MAC",
	    evidence_of(claimant));
}

/* What may be the director announced the VIP when it could hardly be asked any more. */
static void
judge_takeover(
    const struct facts *facts, const struct claimant *claimant, struct vip_judgement *judgement)
{
	const bool known = claimant->vrrp || claimant_is_named(facts, claimant);

	judge_vip(judgement, known ? "standby-claim" : "unlisted-claimant", &taking_over,
	    SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s%s claims %s by %s; it may have taken it over, since no other owner was heard "
		"afterwards, but too few questions followed to hear it answer",
		known ? "the director " : "",
		judge_claimant_name(facts, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant)),
	    "# run the audit again: after a hand-over, only the director claims the VIP",
	    evidence_of(claimant));
}

/* Two of its signs contradict each other, so a remedy on it may take the VIP from the director. */
static void
judge_unanswering(
    const struct facts *facts, const struct claimant *claimant, struct vip_judgement *judgement)
{
	judge_vip(judgement, "standby-claim", &unanswering, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s claims %s by %s, and may be the VRRP master; no director was heard to "
		"answer ARP requests for %s",
		judge_claimant_name(facts, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant), judgement->vip),
	    "# on the master, find out what keeps it from answering ARP for the VIP",
	    evidence_of(claimant));
}

/* Reports the claimant and returns true, unless something else covers it. A host of the plan has a
 * verdict of its own, and vip-owner reports several owners. */
static bool
judge_claimant(
    const struct facts *facts, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *claimant = claimant_of(facts, vip, index);
	const uint32_t director = owner_director(facts, vip, NULL);

	if (index == director || claimant->former || !has_claimed(claimant))
		return false;
	/* vip-owner reports another card of the director. */
	if (owner_is_by_mac(facts, vip, &claimant->mac))
		return false;
	if (proxy_is_network(facts, &claimant->mac))
		return false;
	/* vip-owner reports a sole owner, and a possible hand-over. */
	if (owner_is_in_doubt(facts, vip, index) &&
	    owner_may_be_unheard_director(facts, vip, index) &&
	    !(claimant_is_owner(claimant) &&
		(owner_count(facts, vip) == 1 || handover_possible(facts, vip)))) {
		judge_claim_of_unheard_director(facts, claimant, judgement);
		return true;
	}
	if (takeover_is_possible(facts, vip, index)) {
		judge_takeover(facts, claimant, judgement);
		return true;
	}
	if ((director == NONE && claimant_is_owner(claimant) &&
		(owner_count(facts, vip) == 1 || !proxy_is(facts, &claimant->mac))) ||
	    owner_is_in_doubt(facts, vip, index))
		return false;
	if (master_is_claimant(facts, vip, claimant) != MASTERY_NONE) {
		if (claimant_is_owner(claimant))
			return false;
		judge_master(facts, vip, claimant, judgement);
	} else if (master_is_unanswering(facts, vip, claimant))
		judge_unanswering(facts, claimant, judgement);
	else if (claimant_is_named(facts, claimant))
		judge_standby(facts, vip, claimant, judgement);
	else if (!host_any_is_known_by(facts, &claimant->mac))
		judge_unlisted(facts, claimant, judgement);
	else
		return false;
	return true;
}

/* Caches learn the SHA, but another MAC sent the frame. A relayed claim that was heard only once
 * counts against no host (claim_counts()), but it is still a violation of the VIP. */
static void
judge_relay(
    const struct facts *facts, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *claimant = claimant_of(facts, vip, index);
	const bool alone = claimant_replies(claimant) + claimant_requests(claimant) == 1 &&
			   index != owner_director(facts, vip, NULL) && !claimant->former;
	char mac[MAC_TEXT_SIZE], sender[MAC_TEXT_SIZE];

	judge_vip(judgement, "relayed-claim", &relayed, alone ? SEVERITY_VIOLATION : SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"claims of %s for the MAC %s come in frames from %s: a proxy, or a switch that "
		"answers for its hosts; the claims count for both MACs",
		judgement->vip, mac_format(&claimant->mac, mac),
		mac_format(&claimant->relayed.sender, sender)),
	    "", claimant->relayed.frame);
}

static void
judge_handover(
    const struct facts *facts, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *former = claimant_of(facts, vip, index);
	const uint32_t next = handover_successor(facts, vip, index);
	const struct claimant *successor;

	if (!former->former || next == NONE)
		return;
	successor = claimant_of(facts, vip, next);
	judge_vip(judgement, "hand-over", &handed_over, SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"%s handed %s over to %s during the audit: the first of the new owner's %s came "
		"%.3f s after the old owner's last claim, and the old owner has since left %u "
		"broadcast and %u unicast ARP requests unanswered (wrong with a probability of at "
		"most %.1e)",
		judge_claimant_name(facts, judgement->arena, former), judgement->vip,
		judge_claimant_name(facts, judgement->arena, successor),
		kind_words[successor->first_kind],
		(double)(successor->first_claim_us - former->last_claim_us) / 1e6,
		former->silent_broadcasts, former->silent_unicasts, handover_bound(facts, former)),
	    "", successor->first);
}

void
judge_claimants(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{

	if (claims_lost(facts, vip) > 0)
		judge_vip(judgement, "unlisted-claimant", &many_claim, SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"more than %u MACs claim %s; %u further claims are not listed by MAC",
			claims_count(facts, vip), judgement->vip, claims_lost(facts, vip)),
		    "", NULL);
	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		judge_handover(facts, vip, i, judgement);
		if (!judge_claimant(facts, vip, i, judgement) &&
		    claimant_of(facts, vip, i)->relayed.frame != NULL)
			judge_relay(facts, vip, i, judgement);
	}
}
