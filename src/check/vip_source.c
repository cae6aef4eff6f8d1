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
 */
#include "arpaudit/judge.h"

#define ATTEMPTS 4

static const enum elicit_method methods[ATTEMPTS] = {
    ELICIT_ECHO, ELICIT_TCP, ELICIT_UDP, ELICIT_ECHO};

/* A leak is provoked only if it can be undone: the owner must be known, or the VIP have none. */
static bool
can_restore(const struct audit *audit, uint32_t vip)
{
	return owner_count(audit, vip) == 0 || owner_to_restore(audit, vip) != NONE;
}

static enum want
wants(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (!audit->settings->elicit || pair->source != SOURCE_UNSEEN ||
	    pair->source_attempts == ATTEMPTS || host_is_director(audit, host, vip))
		return WANT_NOTHING;
	/* In a sweep, hosts that do not hold the VIP are only passers-by. */
	if (!pair->bound && !pair->replied && audit->cluster->discover)
		return WANT_NOTHING;
	if (!audit->decoys_decided)
		return WANT_DECOYS;
	if (!owners_decided(audit, vip))
		return WANT_OWNER;
	return decoy_available(audit, host) && can_restore(audit, vip) ? WANT_ATTEMPT
								       : WANT_NOTHING;
}

static struct attempt
attempt(struct audit *audit, uint32_t host, uint32_t vip)
{
	struct pair *pair = pair_of(audit, host, vip);
	const uint8_t number = pair->source_attempts++;

	return (struct attempt){
	    .method = pair->bound ? (enum elicit_method)pair->bound_by : methods[number],
	    .decoy = decoy_take(audit, host),
	};
}

static bool
was_elicited(const struct audit *audit, uint32_t host, const struct address *target)
{
	const struct host *sender = &audit->hosts[host];

	return sender->attempt_out && sender->attempt_source &&
	       address_equal(&audit->decoys[sender->attempt_decoy].address, target);
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
	pair->source = SOURCE_VIP;
	keep_evidence(audit, &pair->source_evidence, now_us, capture);
}

static void
observe_request(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	const uint32_t vip = vip_find(audit, &arp->spa);
	const bool elicited = was_elicited(audit, host, &arp->tpa);

	if (vip != NONE) {
		observe_vip(audit, host, vip, now_us, capture);
	} else if (elicited && address_is_unicast(&arp->spa) &&
		   mac_equal(&capture->frame.destination, &mac_broadcast)) {
		struct pair *pair = pair_of(audit, host, audit->hosts[host].cursor);

		if (pair->source == SOURCE_UNSEEN)
			pair->source = SOURCE_CLEAN;
		keep_evidence(audit, &pair->source_evidence, now_us, capture);
	} else {
		return;
	}
	if (elicited)
		schedule_attempt_over(audit, host, now_us);
}

/* An IP answer to the decoy with no request before it: the host had an entry for the decoy. */
static void
observe_answer(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct host *sender = &audit->hosts[host];

	if (!was_elicited(audit, host, &capture->frame.ip.destination) ||
	    vip_find(audit, &capture->frame.ip.source) != sender->cursor)
		return;
	pair_of(audit, host, sender->cursor)->unprompted_answers++;
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

/* Why it was not seen how the host sources its requests, and what to do about it. */
static void
judge_unseen(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const char *reason;
	const char *remedy = "";

	if (pair->source == SOURCE_CLEAN) {
		reason = "asked for the decoy, but gave no sign that it holds the VIP";
	} else if (!can_restore(audit, vip)) {
		reason = "not elicited: with several owners a leak could not be undone";
		remedy = "# name the director: --director IP|MAC";
	} else if (decoys_ready(audit) == 0) {
		reason = "no address of the segment is known to be free for a decoy";
		remedy = "# name unused addresses of the subnet: --decoy IP[,IP...]";
	} else if (pair->source_attempts < ATTEMPTS && !decoy_available(audit, host)) {
		reason = "no address of the segment is left for a fresh decoy";
		remedy =
		    "# audit fewer VIPs at a time, or name unused addresses: --decoy IP[,IP...]";
	} else if (pair->unprompted_answers > 0) {
		reason = "answered without asking for the decoy: it already had an entry for it";
		remedy = "# audit again, with other or more decoys: --decoy IP[,IP...]";
	} else if (pair->source_attempts == 0 && pair->bound) {
		reason = "the audit ended before the host was elicited";
		remedy = "# allow more time (--timeout)";
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
	else if (pair->source == SOURCE_VIP)
		judge_fail(judgement,
		    arena_format(judgement->arena,
			"speaks ARP as %s: each of its requests takes the VIP from the director",
			judgement->vip),
		    judge_sysctl_remedy(judgement), pair->source_evidence);
	else if (!audit->settings->elicit)
		judge_skip(judgement, "not asked for: --no-elicit");
	else if (pair->source == SOURCE_CLEAN && pair->bound)
		judge_pass(judgement, 1, 0);
	else if (!judge_unheard(audit, host, judgement))
		judge_unseen(audit, host, vip, judgement);
}

const struct check check_vip_source = {
    .id = CHECK_VIP_SOURCE,
    .lane = LANE_BROADCAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};
