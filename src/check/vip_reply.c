/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-reply: does the host answer who-has VIP? (arp_ignore)
 *
 * Any ARP reply for the VIP is a violation. A silence counts only when the host was there to hear:
 * by unicast, when the fence right behind it was answered; by broadcast, between two fences that
 * were. Linux holds back a proxied answer to a broadcast for up to `proxy_delay` (0.8 s), longer
 * than any fence, but answers a unicast request at once: so silences by broadcast count only if the
 * audit listens on for that long, and never without one by unicast.
 */
#include "arpaudit/judge.h"

static double
bound(const struct audit *audit, uint32_t host, const struct pair *pair)
{
	return host_all_lost(audit, host, pair->silences,
	    audit_hears_proxies(audit) ? host_broadcast_silences(audit, host) : 0);
}

/* As a router asks that refreshes its entry, and as a host that detects address conflicts; and one
 * that answers from outside as well: that tells levels of arp_ignore apart. */
static uint32_t
train(const struct audit *audit, uint32_t host, uint32_t vip, struct frame *frames, uint8_t *asked)
{
	const bool outside = pair_of(audit, host, vip)->replied && address_is_set(&audit->outside);
	const uint32_t count = outside ? 3 : 2;

	for (enum spa_kind kind = SPA_SOURCE; kind < count; kind++) {
		const struct address spa = probe_spa(audit, kind);

		probe_who_has(audit, &audit->vips[vip].address, &audit->hosts[host].mac[0], &spa,
		    &frames[kind]);
		*asked |= (uint8_t)(1u << kind);
	}
	return count;
}

static bool
settled(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (pair->replied)
		return infer_is_complete(audit, host, vip) || host_is_director(audit, host, vip);
	return host_is_director(audit, host, vip) || pair_is_passer_by(audit, host, vip) ||
	       (pair->silences > 0 && host_broadcast_silences(audit, host) > 0 &&
		   bound(audit, host, pair) <= audit->settings->confidence);
}

/* Where silences by broadcast count, few more are needed, if any; and there is time for them, since
 * the audit listens on. */
static bool
settles_next(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	return pair->replied || audit_hears_proxies(audit) ||
	       hosts_all_lost_at_best(audit, pair->silences + 1u) <= audit->settings->confidence;
}

static void
observe(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;

	if (capture->frame.kind != FRAME_ARP || arp->operation == ARP_REQUEST)
		return;
	const uint32_t vip = vip_find(audit, &arp->spa);

	if (vip == NONE)
		return;
	struct pair *pair = pair_of(audit, host, vip);

	keep_evidence(audit, &pair->reply_evidence, now_us, capture);
	restore_reply(audit, vip, now_us, &arp->sha);
	if (!claim_counts(&capture->frame, &pair->relayed_replies))
		return;
	pair->replied = true;
	for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_OUTSIDE; kind++)
		if (probe_was_asked(audit, kind, &arp->tpa))
			pair->answered |= (uint8_t)(1u << kind);
}

static void
explain(const struct audit *audit, uint32_t host, uint32_t vip, const struct host_result *result,
    struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const struct remedy_case of = judge_remedy_case(audit, host, vip, result, judgement);
	/* All ways to make it answer from the VIP have failed: it is not the VIP's holder. */
	const bool proxied = audit->settings->elicit && !pair->bound &&
			     pair->source != SOURCE_VIP && audit->hosts[host].stage == STAGE_DONE;

	if (proxied)
		judge_explain(judgement,
		    arena_format(judgement->arena,
			"answers who-has %s, which it does not seem to hold: it proxies ARP",
			judgement->vip),
		    remedy_proxy(judgement->arena, judgement->vip, judgement->segment));
	else
		judge_explain(judgement,
		    arena_format(judgement->arena,
			"answers who-has %s: it takes the VIP's traffic past the director%s",
			judgement->vip,
			remedy_ignore_levels(
			    judgement->arena, result->arp_ignore, of.ignore_unfit)),
		    remedy_server(judgement->arena, &of));
}

static void
judge(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const double reached = bound(audit, host, pair);
	const uint32_t broadcast = host_broadcast_silences(audit, host);
	const uint32_t silences = pair->silences + broadcast;

	if (host_is_director(audit, host, vip))
		judge_skip(judgement, "is the director, which has to answer");
	else if (pair->replied && handover_possible_of(audit, vip, host))
		judge_inconclusive(judgement, 0, -1, "may have handed the VIP over, or got it",
		    "# audit again: after a hand-over only the director answers");
	else if (pair->replied && pair->relayed_replies == 0 &&
		 claims_are_doubtful(audit, host, vip, claimant_replies))
		judge_doubtful(
		    judgement, arena_format(judgement->arena, "claims %s", judgement->vip));
	else if (pair->replied)
		judge_fail(judgement, "", "", pair->reply_evidence); /* explain() has more */
	else if (pair->relayed_replies > 0)
		judge_relayed(judgement);
	else if (judge_unheard(audit, host, judgement))
		return;
	else if (pair->silences == 0 || broadcast == 0)
		judge_inconclusive(judgement, silences, reached,
		    "asked by one path only: it answered no fence by the other",
		    "# audit again; if it stays so, see what filters ARP between it and this "
		    "machine");
	else if (reached > audit->settings->confidence)
		judge_inconclusive(judgement, silences, reached,
		    judge_loss_reason(audit, judgement, PATH_UNICAST, reached),
		    judge_less_loss(audit));
	else
		judge_pass(judgement, silences, reached);
}

const struct check check_vip_reply = {
    .id = CHECK_VIP_REPLY,
    .train = train,
    .path = PATH_UNICAST,
    .settled = settled,
    .settles_next = settles_next,
    .observe = observe,
    .judge = judge,
    .explain = explain,
};
