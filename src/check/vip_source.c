/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-source: does the host speak ARP as the VIP? (arp_announce)
 *
 * A packet for the VIP from a decoy makes a host that holds the VIP answer, and to answer it must
 * ask for the decoy. The SPA of that request shows the policy: arp_solicit() takes the source of
 * the packet that waits at arp_announce 0, and at 1 if it is in the target's subnet.
 *
 * SPA = VIP is a violation however it comes. SPA = another address clears the host only if the
 * request is a broadcast, answers our own packet, and asks for a decoy not used with this host
 * before: the unicast requests with which a host checks an entry that it already has are made
 * without a packet, and carry the RIP at every level. And only a host that holds the VIP
 * (vip-bound) can be cleared.
 *
 * Where packets from decoys do not get through (IP source guard) the probe's own address does as
 * well, if the host does not have it in its cache yet: then it asks first, and answers after that.
 * So hosts are asked with SPA 0.0.0.0 until this is decided.
 */
#include "arpaudit/judge.h"

#define ATTEMPTS_MORE 3 /* with a host that turned out to hold the VIP */

/* From the probe's own address: the packets of vip-bound, sent before the host knows the probe. */
static bool
may_use_own_address(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	return audit->hosts[host].stage == STAGE_SOURCE && !audit->hosts[host].planted &&
	       !pair->bound && pair->bound_attempts < probe_method_count(audit, vip);
}

/* Decoys are used up by attempts that stay unanswered: only a holder is worth further ones. */
static bool
may_use_decoy(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const uint8_t methods = probe_method_count(audit, vip);

	return pair->source_attempts < (pair->bound ? methods + ATTEMPTS_MORE : methods);
}

static bool
is_decided(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (!audit->settings->elicit || pair->source != SOURCE_UNSEEN ||
	    host_is_director(audit, host, vip))
		return true;
	/* In a sweep, hosts that do not hold the VIP are only passers-by. */
	return audit->cluster->discover && !pair->bound && !pair->replied;
}

static enum want
wants(const struct audit *audit, uint32_t host, uint32_t vip)
{
	if (is_decided(audit, host, vip))
		return WANT_NOTHING;
	/* That is asked for when all hosts know the probe: only then is it known whom to restore.
	 */
	if (signature_is_needed(audit, vip))
		return audit->hosts[host].stage == STAGE_SOURCE ? WANT_NOTHING : WANT_OWNER;
	if (handover_pending(audit, vip) || master_pending(audit, vip, host))
		return WANT_OWNER;
	if (master_may_be_host(audit, vip, host) || master_was_host(audit, vip, host, 0))
		return WANT_NOTHING;
	const bool decoy = may_use_decoy(audit, host, vip);
	const bool available = decoy && decoy_available(audit, host);

	/* By the time that they are decided, more is known of the owners as well: one that is a
	 * listed server, say, may not have been heard yet. */
	if (decoy && !available && !audit->decoys_decided)
		return WANT_DECOYS;
	if (!restore_possible(audit, vip))
		return WANT_NOTHING;
	return available || may_use_own_address(audit, host, vip) ? WANT_ATTEMPT : WANT_NOTHING;
}

static struct attempt
attempt(struct audit *audit, uint32_t host, uint32_t vip)
{
	struct pair *pair = pair_of(audit, host, vip);

	if (!may_use_decoy(audit, host, vip) || !decoy_available(audit, host))
		return (struct attempt){
		    .method = probe_method(audit, vip, pair->bound_attempts++),
		    .decoy = NONE,
		};
	const uint8_t number = pair->source_attempts++ % probe_method_count(audit, vip);

	return (struct attempt){
	    .method = pair->bound && pair->bound_by < ELICIT_METHODS
			  ? (enum elicit_method)pair->bound_by
			  : probe_method(audit, vip, number),
	    .decoy = decoy_take(audit, host),
	};
}

/* By the attempt that is out, from a decoy or (NONE) from the probe's own address. */
static bool
was_elicited(const struct audit *audit, uint32_t host, const struct address *target)
{
	const struct host *sender = &audit->hosts[host];

	return sender->attempt_out && sender->attempt_source &&
	       address_equal(attempt_address(audit, sender), target);
}

static void
observe_vip(struct audit *audit, uint32_t host, uint32_t vip, uint64_t now_us,
    const struct capture *capture)
{
	struct pair *pair = pair_of(audit, host, vip);

	if (host_is_director(audit, host, vip))
		return;
	if (pair->source != SOURCE_VIP)
		pair->source_evidence = NULL; /* that of a clean request, if any */
	if (claim_counts(&capture->frame, &pair->relayed_requests))
		pair->source = SOURCE_VIP;
	keep_evidence(audit, &pair->source_evidence, now_us, capture);
}

/* As itself. A host may speak as another address of its own; but one that is heard once may be the
 * VIP in a frame that was damaged on its way, as ARP has no checksum: it is elicited again. */
static bool
is_sure(struct host *sender, const struct address *spa)
{
	const bool again = address_equal(&sender->asked_as, spa);

	if (address_equal(&sender->rip, spa))
		return true;
	sender->asked_as = *spa;
	return again;
}

/* It asks before it answers. For the probe's own address that alone is not enough: only the answer
 * that follows shows that there was a packet behind the request. */
static void
observe_clean(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	struct host *sender = &audit->hosts[host];
	struct pair *pair = pair_of(audit, host, sender->cursor);

	if (sender->attempt_decoy == NONE) {
		if (!is_sure(sender, &capture->frame.arp.spa))
			return;
		keep_evidence(audit, &pair->source_evidence, now_us, capture);
		sender->attempt_asked = true;
		return;
	}
	if (is_sure(sender, &capture->frame.arp.spa)) {
		keep_evidence(audit, &pair->source_evidence, now_us, capture);
		if (pair->source == SOURCE_UNSEEN)
			pair->source = SOURCE_CLEAN;
	}
	schedule_attempt_over(audit, host, now_us);
}

static void
observe_request(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	const uint32_t vip = vip_find(audit, &arp->spa);
	const bool elicited = was_elicited(audit, host, &arp->tpa);

	if (vip != NONE) {
		observe_vip(audit, host, vip, now_us, capture);
		if (elicited && audit->hosts[host].attempt_decoy != NONE)
			schedule_attempt_over(audit, host, now_us);
	} else if (elicited && address_is_unicast(&arp->spa) &&
		   mac_equal(&capture->frame.destination, &mac_broadcast)) {
		observe_clean(audit, host, now_us, capture);
	}
}

/* An IP answer with no request before it: the host had an entry for the address that asked. */
static void
observe_answer(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct host *sender = &audit->hosts[host];
	struct pair *pair;

	if (!was_elicited(audit, host, &capture->frame.ip.destination) ||
	    vip_find(audit, &capture->frame.ip.source) != sender->cursor)
		return;
	pair = pair_of(audit, host, sender->cursor);
	if (!sender->attempt_asked)
		pair->unprompted_answers++;
	else if (pair->source == SOURCE_UNSEEN)
		pair->source = SOURCE_CLEAN;
	/* What comes to the probe's own address is vip-bound's as well: that ends the attempt. */
	if (sender->attempt_decoy != NONE)
		schedule_attempt_over(audit, host, now_us);
}

static void
observe(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	switch (capture->frame.kind) {
	case FRAME_ARP:
		if (capture->frame.arp.operation == ARP_REQUEST)
			observe_request(audit, host, now_us, capture);
		break;
	case FRAME_ECHO_REPLY:
	case FRAME_TCP:
	case FRAME_ICMP_ERROR:
		observe_answer(audit, host, now_us, capture);
		break;
	default:
		break;
	}
}

/* Why there is no decoy to elicit from. One of those in use is enough of an example: a user may
 * have named thousands. */
static const char *
no_decoy(const struct audit *audit, struct arena *arena)
{
	char address[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	if (audit->cluster->decoy_count == 0)
		return "no address of the segment is known to be free for a decoy";
	for (uint32_t i = 0; i < audit->decoys_usable; i++) {
		const struct decoy *decoy = &audit->decoys[i];

		if (!mac_equal(&decoy->answered_by[0], &mac_zero))
			return arena_format(arena,
			    "none of the named decoys is known to be free: %s is in use by %s",
			    address_format(&decoy->address, address),
			    mac_format(&decoy->answered_by[0], mac));
	}
	return "none of the named decoys is known to be free";
}

/* Why it was not seen how the host sources its requests, and what to do about it. */
static void
judge_unseen(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const char *reason;
	const char *remedy = "";

	if (pair->source == SOURCE_CLEAN) {
		reason = "asked for the decoy, but gave no sign that it holds the VIP";
	} else if (master_may_be_host(audit, vip, host)) {
		reason = "not elicited: it may be the master of the virtual router that owns the "
			 "VIP, and no VRRP advertisement told";
		remedy = "# audit from where VRRP advertisements are heard";
	} else if (!restore_possible(audit, vip)) {
		reason = "not elicited: with several owners a leak could not be undone";
		remedy = audit->cluster->director_count > 0
			     ? "# see to it that the VIP has one owner, and audit again"
			     : "# name the director: --director IP|MAC";
	} else if (decoys_ready(audit) == 0) {
		reason = no_decoy(audit, judgement->arena);
		remedy = "# name unused addresses of the subnet: --decoy IP[,IP...]";
	} else if (may_use_decoy(audit, host, vip) && !decoy_available(audit, host)) {
		reason = "no address of the segment is left for a fresh decoy";
		remedy =
		    "# audit fewer VIPs at a time, or name unused addresses: --decoy IP[,IP...]";
	} else if (pair->unprompted_answers > 0) {
		reason = "answered without asking for the decoy: it already had an entry for it";
		remedy = "# audit again, with other or more decoys: --decoy IP[,IP...]";
	} else if (pair->source_attempts == 0 && pair->bound) {
		reason = "the audit ended before the host was elicited";
		remedy = judge_more_time(audit);
	} else if (pair->bound) {
		reason =
		    "no packet made it ask for a decoy: those are dropped on their way (IP source "
		    "guard), or its requests are (a filter of ARP)";
	} else {
		reason = "no packet made it ask for a decoy: VIP not bound, or filtered";
	}
	judge_inconclusive(judgement, 0, -1, reason, remedy);
}

static void
judge(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (host_is_director(audit, host, vip))
		judge_skip(judgement, "is the director, which may speak as the VIP");
	else if (pair->source == SOURCE_VIP && handover_possible_of(audit, vip, host))
		judge_inconclusive(judgement, 0, -1, "may have handed the VIP over, or got it",
		    "# audit again: after a hand-over only the director speaks as the VIP");
	else if (pair->source == SOURCE_VIP && master_may_be_host(audit, vip, host))
		judge_inconclusive(judgement, 0, -1,
		    "speaks as the VIP, and may be the master of the virtual router that owns it",
		    "# audit from where VRRP advertisements are heard");
	else if (pair->source == SOURCE_VIP && pair->relayed_requests == 0 &&
		 claims_are_doubtful(audit, host, vip, claimant_requests))
		judge_doubtful(
		    judgement, arena_format(judgement->arena, "claims %s", judgement->vip));
	else if (pair->source == SOURCE_VIP)
		judge_fail(judgement, "", "", pair->source_evidence); /* explain() has more */
	else if (!audit->settings->elicit)
		judge_skip(judgement, "not asked for: --no-elicit");
	else if (pair->relayed_requests > 0)
		judge_relayed(judgement);
	else if (pair->source == SOURCE_CLEAN && pair->bound)
		judge_pass(judgement, 1, 0);
	else if (!judge_unheard(audit, host, judgement))
		judge_unseen(audit, host, vip, judgement);
}

static void
explain(const struct audit *audit, uint32_t host, uint32_t vip, const struct host_result *result,
    struct judgement *judgement)
{
	const struct remedy_case of = judge_remedy_case(audit, host, vip, result, judgement);

	judge_explain(judgement,
	    arena_format(judgement->arena,
		"speaks ARP as %s: each of its requests takes the VIP from the director%s",
		judgement->vip,
		remedy_announce_levels(judgement->arena, result->arp_announce, of.announce_unfit)),
	    remedy_server(judgement->arena, &of));
}

const struct check check_vip_source = {
    .id = CHECK_VIP_SOURCE,
    .lane = LANE_BROADCAST,
    .early = true,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
    .explain = explain,
};
