/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-reply: does the host answer who-has VIP? (arp_ignore)
 *
 * Any ARP reply for the VIP is a violation. A silence counts only if the host was there to hear the
 * request. A unicast silence counts if the fence right behind the request was answered. A broadcast
 * silence counts if it lies between two fences that were answered. Linux delays a proxied reply to
 * a broadcast by up to `proxy_delay` (0.8 s), which is longer than any fence, but replies to a
 * unicast request at once. So broadcast silences count only if the audit listens for that long, and
 * never without a unicast silence.
 *
 * What else could cause a reply:
 *
 * - The host is the director, or was until a hand-over: owner/ tells, or the check is inconclusive.
 * - A proxy answers for the host's RIP as well. It answers no ARP Probe for that (proxies.h). Until
 *   this is known, the check is inconclusive.
 * - Another machine sent it in the host's name, or the frame is damaged. A claim that was relayed
 *   once, or a MAC that answered for the host only once, is not held against the host. Nothing
 *   excludes that the SPA alone is damaged, that two machines have one MAC (clones, ipvlan), or
 *   that a switch answers from its table with the host's MAC. In the last case the caches get that
 *   MAC all the same. If the switch passes unicast questions on and the host leaves them
 *   unanswered, no remedy for the host is shown.
 *
 * What else could cause a silence:
 *
 * - The question or the answer was lost. The bound has the chance of that.
 * - The host is not there: the fence excludes it.
 * - The host does not hold the VIP, or did not when it was asked. Silences count only between two
 *   packets from the VIP (inquiries.h). If there is none, vip-bound is inconclusive.
 * - The host answers other askers. Both kinds of SPA are asked with. Nothing excludes a filter that
 *   treats the probe unlike the router.
 * - A switch answered the fence for the host. If it sends from another MAC than the host's, only
 *   unicast silences count (inquiry_hears_broadcasts()). Bridges of Linux leave ARP Probes alone,
 *   so fences alternate between both kinds. Nothing excludes a switch that answers these, too.
 * - Broadcasts are dropped after the first fence (storm control). Nothing excludes that, so they
 *   never clear a host without a unicast silence.
 * - The network drops who-has VIP, or its answers, and nothing else. Nothing excludes that.
 */
#include "audit/facts/arp_probe.h"
#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/doubt.h"
#include "audit/owner/eligible.h"
#include "audit/owner/handover.h"
#include "audit/owner/takeover.h"
#include "audit/owner/undecided.h"

static const struct cause answers = {"answers-for-vip",
    ("the host answers ARP requests for the VIP, so traffic for it bypasses the director")};
static const struct cause proxies = {"proxies-vip",
    ("the host answers ARP requests for the VIP, which it does not hold: it proxies ARP")};
static const struct cause answers_or_proxies = {"answers-or-proxies",
    ("the host answers ARP requests for the VIP, and no packet shows whether it holds it")};
static const struct cause by_broadcast = {"answers-by-broadcast",
    ("the VIP is answered with the host's MAC if it is asked for by broadcast, not by unicast")};
static const struct cause source_dropped = {
    "source-dropped", ("no machine answers ARP requests with this machine's address")};
static const struct cause handing_over = {
    "maybe-handed-over", ("the host may have handed the VIP over or taken it over")};
static const struct cause maybe_proxied = {
    "maybe-proxied", ("the host or a proxy that answers for it replies for the VIP")};
static const struct cause taking_over = {"maybe-took-over",
    ("the host announced the VIP, and may have taken it over as the audit ended")};
static const struct cause given_up = {
    "vip-maybe-given-up", ("the host was not seen to hold the VIP after it was last asked for it")};
static const struct cause one_path = {
    "one-path", ("the host was tested by broadcast or by unicast, but not by both")};
static const struct cause not_probed = {"not-probed",
    ("no machine was heard to use the VIP, so it was not asked for as conflict detection does")};

/* Unicast rounds that ask only with the probe's own address. They find a fault, but show no
 * silence that counts. */
#define ROUNDS_IN_PART 3

/* Whether silences by broadcast count towards the bound. */
static bool
counts_broadcasts(const struct pair *pair)
{
	return asked_hears_proxies(pair->facts) &&
	       inquiry_hears_broadcasts(pair->facts, pair->host);
}

static double
bound(const struct pair *pair, const struct silence_counts *silences)
{
	return inquiry_all_lost(pair->facts, pair->host, silences->unicast,
	    counts_broadcasts(pair) ? silences->broadcast : 0);
}

/* Asks as a router that refreshes its entry, and, if that does no harm, as a host that detects
 * address conflicts (RFC 5227). */
static uint32_t
train(const struct pair *pair, struct frame *frames, uint8_t *asked)
{
	const struct probe *probe = &pair->facts->probe;
	const uint32_t count = arp_probe_may_ask_host(pair->facts, pair->host, pair->vip) ? 2 : 1;

	for (enum spa_kind kind = SPA_SOURCE; kind < count; kind++) {
		const struct address spa = probe_spa(probe, kind);

		probe_who_has(probe, vip_address(pair->facts, pair->vip),
		    &host_of(pair->facts, pair->host)->mac[0], &spa, &frames[kind]);
		*asked |= (uint8_t)(1u << kind);
	}
	return count;
}

/* Whether the VIP can't be asked for with both kinds of SPA, so that further rounds are useless. */
static bool
is_asked_in_part(const struct pair *pair)
{
	return !arp_probe_may_ask_vip(pair->facts, pair->vip) &&
	       !inquiries_show_probes_dropped(pair->facts) &&
	       pair->facts->cluster->owner != OWNER_NONE;
}

/* A host that answers broadcasts alone is asked again, since one answer may be lost. */
static bool
is_asked_by_unicast(const struct pair *pair)
{
	const struct silences *silences = silences_of(pair->facts, pair->host, pair->vip);

	return silences->rounds >=
	       (silences->ignored > 0 && inquiries_lose_little(pair->facts) ? ROUNDS_IN_PART : 1);
}

static bool
settled(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const struct silence_counts silences = inquiry_silences(facts, pair->host, pair->vip);

	if (holding_of(facts, pair->host, pair->vip)->replied)
		return (inquiry_is_complete(facts, pair->host, pair->vip) &&
			   is_asked_by_unicast(pair)) ||
		       owner_is_host(facts, pair->host, pair->vip);
	return (silences.unicast > 0 && silences.broadcast > 0 &&
		   bound(pair, &silences) <= facts->settings->confidence) ||
	       (is_asked_in_part(pair) &&
		   silences_of(facts, pair->host, pair->vip)->rounds >= ROUNDS_IN_PART) ||
	       inquiry_is_of_passer_by(facts, pair->host, pair->vip) ||
	       owner_is_host(facts, pair->host, pair->vip);
}

static uint32_t
rounds_needed(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	struct silence_counts silences = inquiry_confirmed_silences(facts, pair->host, pair->vip);
	const uint32_t most = silences.broadcast;

	if (holding_of(facts, pair->host, pair->vip)->replied ||
	    host_of(facts, pair->host)->mac_count == 0 ||
	    inquiry_is_of_passer_by(facts, pair->host, pair->vip) ||
	    owner_is_host(facts, pair->host, pair->vip))
		return 0;
	for (silences.broadcast = 1; silences.broadcast <= most; silences.broadcast++)
		if (bound(pair, &silences) <= facts->settings->confidence)
			return inquiry_rounds_first(facts, pair->host, pair->vip) +
			       silences.broadcast;
	return facts->asked->rounds;
}

static struct news
observe(const struct observation *observation)
{
	const struct heard *heard = observation->heard;
	struct facts *facts = observation->facts;
	uint8_t kinds = 0;

	if (!heard->arp || heard->request || heard->vip == NONE)
		return news_none();
	if (holding_hear_reply(facts, observation->host, heard)) {
		for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_UNSPECIFIED; kind++)
			if (probe_was_asked(&facts->probe, kind, &heard->frame->arp.tpa))
				kinds |= (uint8_t)(1u << kind);
		inquiry_vip_answered(facts, observation->host, heard->vip, kinds, heard->relayed);
	}
	return (struct news){
	    .kinds = NEWS_VIP_REPLIED, .vip = heard->vip, .mac = heard->frame->arp.sha};
}

/* What a host that answers for the VIP may be. */
enum answerer {
	ANSWERER_HOLDS = 0, /* it holds the VIP, or is not known not to */
	ANSWERER_PROXIES,
	ANSWERER_BY_BROADCAST, /* no sysctl explains it: a switch or a program answers */
	ANSWERER_EITHER, /* no packet shows that it holds the VIP, but a firewall may drop them all
			  */
};

/*
 * Every attempt to make the host answer from the VIP may have failed. Only two things show that it
 * proxies: it answers for addresses that nobody uses, or it leaves SPA 0.0.0.0 unanswered for the
 * VIP but not for its RIP. arp_process() answers SPA 0.0.0.0 for local addresses alone, at every
 * arp_ignore at which it answers the probe's address.
 */
static enum answerer
answerer_of(const struct pair *pair, const struct host_result *result)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);
	const unsigned answered = silences_of(facts, pair->host, pair->vip)->answered;
	const unsigned silent = inquiry_silent_kinds(facts, pair->host, pair->vip);

	if (inquiry_ignores_unicast(facts, pair->host, pair->vip))
		return ANSWERER_BY_BROADCAST;
	if (holding->holds_vip || holding->spoke || (answered & 1u << SPA_UNSPECIFIED) != 0)
		return ANSWERER_HOLDS;
	if (judge_outcome(result, "proxy-arp") == OUTCOME_FAIL ||
	    ((silent & 1u << SPA_UNSPECIFIED) != 0 &&
		silences_of(facts, pair->host, pair->vip)->like_proxy))
		return ANSWERER_PROXIES;
	return facts->settings->elicit && inquiry_of(facts, pair->host)->stage == STAGE_DONE
		   ? ANSWERER_EITHER
		   : ANSWERER_HOLDS;
}

static void
explain_either(const struct pair *pair, const struct remedy_case *of, struct judgement *judgement)
{
	(void)pair;
	judge_explain(judgement, &answers_or_proxies,
	    arena_format(judgement->arena,
		"the host answers ARP requests for %s, so traffic for the VIP bypasses the "
		"director%s; or, since no packet shows that the host holds the VIP, it proxies ARP",
		judgement->vip, remedy_ignore_levels(judgement->arena, 1u << 0 | 1u << 3, false)),
	    arena_format(judgement->arena,
		"# if the host holds %s:\n%s\n# if it does not hold it, it proxies ARP:\n%s",
		judgement->vip, remedy_server(judgement->arena, of),
		remedy_proxy(judgement->arena, judgement->vip, judgement->segment)));
}

static void
explain(const struct pair *pair, const struct host_result *result, struct judgement *judgement)
{
	const struct remedy_case of = judge_remedy_case(pair, result, judgement);

	if (judge_explain_announcer(pair, true, &of, judgement))
		return;
	switch (answerer_of(pair, result)) {
	case ANSWERER_EITHER:
		explain_either(pair, &of, judgement);
		break;
	case ANSWERER_BY_BROADCAST:
		judge_explain(judgement, &by_broadcast,
		    arena_format(judgement->arena,
			"%s is answered with the host's MAC if it is asked for by broadcast, but "
			"not by unicast, which no arp_ignore explains: a switch answers by an old "
			"entry (ARP suppression), a program on the host does, or a filter drops "
			"the unicast requests",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the switches, look for an ARP entry of %s, and clear it;\n"
			"# if there is none: on %s, find the program that answers, or the filter:\n"
			"ss -0 -p\n"
			"nft list ruleset",
			judgement->vip, judgement->host));
		break;
	case ANSWERER_PROXIES:
		judge_explain(judgement, &proxies,
		    arena_format(judgement->arena,
			"the host answers ARP requests for %s, which it does not hold: it proxies "
			"ARP",
			judgement->vip),
		    remedy_proxy(judgement->arena, judgement->vip, judgement->segment));
		break;
	case ANSWERER_HOLDS:
		judge_explain(judgement, &answers,
		    arena_format(judgement->arena,
			"the host answers ARP requests for %s, so traffic for the VIP bypasses the "
			"director%s",
			judgement->vip,
			remedy_ignore_levels(
			    judgement->arena, result->arp_ignore, of.ignore_unfit)),
		    remedy_server(judgement->arena, &of));
	}
}

/* Whether the MAC has answered for anybody else, or another MAC for the host. */
static bool
is_shared(const struct facts *facts, const struct host *host, const struct mac *mac)
{
	const uint32_t first = host_find_mac(facts, mac);

	return host->mac_count > 1 || decoys_answered_by(facts, mac, 1) > 0 ||
	       host_next_with_mac(facts, first, mac) != NONE;
}

/* Whether nothing that the host has done tells it from a proxy: it answered no ARP Probe, for its
 * RIP or the VIP, and sent nothing from the VIP. Where ARP Probes are dropped, that shows nothing.
 */
static bool
is_like_proxy(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);
	const unsigned answered = inquiry_of(facts, pair->host)->kinds_answered |
				  silences_of(facts, pair->host, pair->vip)->answered;

	return (answered & 1u << SPA_UNSPECIFIED) == 0 && !holding->holds_vip && !holding->spoke &&
	       !inquiries_show_probes_dropped(facts);
}

/* Whether a proxy may have replied in the host's place: the audit ended, or too much was lost,
 * before its MACs were told from a proxy's. A server is at fault if one that is its own has
 * replied, a director if another one is its own too. */
static bool
may_be_proxied(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const struct host *host = host_of(facts, pair->host);
	bool by_own = false, by_other = false;

	if (inquiry_of(facts, pair->host)->stage == STAGE_DONE &&
	    !proxy_may_be_found(facts, pair->host) && !is_like_proxy(pair))
		return false;
	for (uint32_t i = 0; i < claims_count(facts, pair->vip); i++) {
		const struct claimant *claimant = claimant_of(facts, pair->vip, i);

		if (claimant_replies(claimant) == 0 ||
		    !host_is_known_by(facts, pair->host, &claimant->mac))
			continue;
		if (host_answers_probes_by(facts, pair->host, &claimant->mac) ||
		    !is_shared(facts, host, &claimant->mac))
			by_own = true;
		else
			by_other = true;
	}
	return host->director ? by_other : !by_own;
}

static void
judge_maybe_proxied(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;

	if (inquiry_of(facts, pair->host)->stage == STAGE_DONE &&
	    !proxy_may_be_found(facts, pair->host))
		judge_inconclusive(judgement, &maybe_proxied, 0, -1,
		    "it is not known whether the host replies for the VIP, or a proxy that answers "
		    "for the host: it answered no ARP Probe, and sent no packet from the VIP",
		    "# find out whether this MAC is the host's or a proxy's");
	else
		judge_inconclusive(judgement, &maybe_proxied, 0, -1,
		    "it is not known whether the host replies for the VIP, or a proxy that answers "
		    "for the host: the audit ended too early, or frames are lost",
		    judge_more_time(facts));
}

/* The host has replied for the VIP. */
static void
judge_reply(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);

	if (owner_count(facts, pair->vip) > 1 && handover_possible_of(facts, pair->vip, pair->host))
		judge_inconclusive(judgement, &handing_over, 0, -1,
		    "the host may have handed the VIP over or taken it over",
		    "# run the audit again: after a hand-over, only the director answers");
	else if (holding->relayed_replies == 0 &&
		 takeover_is_possible_of_host(facts, pair->vip, pair->host))
		judge_inconclusive(judgement, &taking_over, 0, -1,
		    "the host announced the VIP, and may have taken it over as the audit ended",
		    "# run the audit again: after a hand-over, only the director claims the VIP");
	else if (holding->relayed_replies == 0 && may_be_proxied(pair))
		judge_maybe_proxied(pair, judgement);
	else if (owner_is_undecided_host(facts, pair->vip, pair->host))
		judge_may_be_director(pair, judgement, "answers ARP requests for");
	else if (owner_is_crowded_out(facts, pair->vip, pair->host))
		judge_crowded_out(judgement);
	else if (judge_unheard_director(facts, pair->host, judgement))
		return;
	else if (holding->relayed_replies == 0 &&
		 claims_are_doubtful(facts, pair->host, pair->vip, claimant_replies))
		judge_doubtful(
		    judgement, arena_format(judgement->arena, "claims %s", judgement->vip));
	else
		judge_fail_unexplained(judgement, holding->reply_evidence);
}

/* Whether the network drops requests with the probe's own address: nobody answers one, though this
 * host was asked. Where others answer them, the host heard its own ones too, or lost a few. */
static bool
are_dropped(const struct facts *facts, uint32_t host)
{
	return !asked_hears_source(facts) &&
	       (inquiry_of(facts, host)->kinds_missed & 1u << SPA_SOURCE) != 0;
}

static void
judge_silence(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct silence_counts all = inquiry_silences(facts, pair->host, pair->vip);
	const struct silence_counts confirmed =
	    inquiry_confirmed_silences(facts, pair->host, pair->vip);
	const double reached = bound(pair, &confirmed);
	const uint32_t unicast = confirmed.unicast, broadcast = confirmed.broadcast;
	const bool sure = unicast > 0 && broadcast > 0 && reached <= facts->settings->confidence;

	if (are_dropped(facts, pair->host))
		judge_inconclusive(judgement, &source_dropped, unicast + broadcast, reached,
		    "no machine answers ARP requests with this machine's address, so the host's "
		    "silence about the VIP says nothing of ordinary requests",
		    "# find out what drops ARP requests with this machine's address, or name "
		    "another: --source IP");
	else if (!sure && (all.unicast > unicast || all.broadcast > broadcast))
		judge_inconclusive(judgement, &given_up, unicast + broadcast, reached,
		    "the host was not seen to hold the VIP after it was last asked: it may have "
		    "given the VIP up during the audit, or frames are lost",
		    "# run the audit again");
	else if (!sure && is_asked_in_part(pair))
		judge_inconclusive(judgement, &not_probed, unicast + broadcast, reached,
		    arena_format(judgement->arena,
			"no machine was heard to use %s, so it was not asked for as address "
			"conflict detection does: a host that is just taking %s would give it up",
			judgement->vip, judgement->vip),
		    "# run the audit again when the director has the VIP");
	else if (unicast == 0 || broadcast == 0)
		judge_inconclusive(judgement, &one_path, unicast + broadcast, reached,
		    "the host was tested by broadcast or by unicast, but not by both: the control "
		    "replies of the other were missing",
		    "# run the audit again; if this persists, check what filters ARP between the "
		    "host and this machine");
	else if (!sure)
		judge_inconclusive(judgement, &judge_loss, unicast + broadcast, reached,
		    judge_loss_reason(facts, judgement, PATH_UNICAST, reached),
		    judge_less_loss(facts));
	else
		judge_pass(judgement, unicast + (counts_broadcasts(pair) ? broadcast : 0), reached);
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct holding *holding = holding_of(pair->facts, pair->host, pair->vip);

	if (owner_is_host(pair->facts, pair->host, pair->vip))
		judge_skip(judgement, "the host is the director, which must answer");
	else if (holding->replied)
		judge_reply(pair, judgement);
	else if (holding->relayed_replies > 0)
		judge_relayed(judgement);
	else if (!judge_unheard(pair->facts, pair->host, judgement))
		judge_silence(pair, judgement);
}

const struct check check_vip_reply = {
    .title = {.name = "vip-reply", .heading = "REPLY", .column = COLUMN_ALWAYS},
    .exemption = EXEMPT_FORMER_DIRECTOR,
    .claims = claimant_replies,
    .train = train,
    .path = PATH_UNICAST,
    .settled = settled,
    .rounds_needed = rounds_needed,
    .observe = observe,
    .judge = judge,
    .explain = explain,
};
