/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-reply: does the host answer who-has VIP? (arp_ignore)
 *
 * Any ARP reply for the VIP is a violation. A silence counts only when a fence behind it was
 * answered. What clears a host are fenced silences on the unicast path: Linux holds back a proxied
 * answer to a broadcast for up to `proxy_delay` (0.8 s), longer than any fence, but answers a
 * unicast request at once. At least one fenced broadcast has to agree.
 */
#include "arpaudit/judge.h"

/* Loss is pooled over the segment, unless the host itself has missed fences: then it may have a bad
 * link of its own, and speaks for itself where that is worse. */
static double
bound(const struct audit *audit, uint32_t host, const struct pair *pair)
{
	const struct host *of = &audit->hosts[host];
	const struct loss own = {.answered = of->answered, .lost = of->missed};
	const double pooled = loss_all_lost(&audit->loss[PATH_UNICAST], pair->unicast_silences);
	const double alone = loss_all_lost(&own, pair->unicast_silences);

	return of->missed > 0 && alone > pooled ? alone : pooled;
}

/* As a router asks that refreshes its entry, and as a host that detects address conflicts. */
static uint32_t
train(const struct audit *audit, uint32_t host, uint32_t vip, struct frame *frames)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	const struct address *target = &audit->vips[vip].address;
	const struct mac *mac = &audit->hosts[host].mac[0];

	probe_who_has(audit, target, mac, &audit->source, &frames[0]);
	probe_who_has(audit, target, mac, &unspecified, &frames[1]);
	return 2;
}

static bool
settled(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	return pair->replied || host_is_director(audit, host, vip) ||
	       (pair->rounds >= ROUNDS_MIN &&
		   bound(audit, host, pair) <= audit->settings->confidence);
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

	pair->replied = true;
	keep_evidence(audit, &pair->reply_evidence, now_us, capture);
	restore_reply(audit, vip, now_us, &arp->sha);
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

	if (host_is_director(audit, host, vip))
		judge_skip(judgement, "is the director, which has to answer");
	else if (pair->replied)
		judge_fail(judgement, "", "", pair->reply_evidence); /* explain() has more */
	else if (judge_unheard(audit, host, judgement))
		return;
	else if (reached > audit->settings->confidence || pair->broadcast_silences == 0)
		judge_inconclusive(judgement, pair->unicast_silences, reached,
		    arena_format(judgement->arena,
			"no answer to who-has %s, but after %u fenced probes a false pass is only "
			"less likely than %.1e: the segment loses %.0f %% of the exchanges",
			judgement->vip, pair->unicast_silences, reached,
			100 * loss_estimate(&audit->loss[PATH_UNICAST])),
		    "# look for what loses frames, or allow more time (--timeout)");
	else
		judge_pass(judgement, pair->unicast_silences + pair->broadcast_silences, reached);
}

const struct check check_vip_reply = {
    .id = CHECK_VIP_REPLY,
    .train = train,
    .settled = settled,
    .observe = observe,
    .judge = judge,
    .explain = explain,
};
