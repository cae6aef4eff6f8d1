/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rip-unique: does a single MAC answer for the host's own address?
 *
 * Two MACs are two machines with one address, or one machine that answers on several interfaces of
 * the segment (ARP flux). In both cases the claims of all of them count as the host's. A bond that
 * balances what it receives (balance-alb) is also one machine. It answers each asker with one MAC,
 * but with another one once that asker has asked it for another of its addresses: an entry of its
 * table is for an asker and an address (rlb_choose_channel()). So two MACs that were never heard to
 * answer the same request may be such a bond. They may also be two machines, if the replies of one
 * were always lost, or an address that moves to and fro.
 *
 * What else could cause a second MAC: a proxy (proxies.h tells; inconclusive until then), or one
 * damaged frame (a MAC counts from its second answer to the same kind of SPA), or an address that
 * moves to another MAC while the audit runs (then the first one does not answer again).
 *
 * An address may also move after the host was asked, while the audit listens. A MAC that announces
 * it then, and has not answered for it, makes the check inconclusive: the machine that has the
 * address now was not audited. One forged or damaged announcement does so, too.
 *
 * What else could cause a single one: the replies of the other were lost (the bound), or it does
 * not answer the probe. Then its claims of the VIP are a stranger's. A switch may answer in place
 * of both; if it sends from a MAC of its own, the check is skipped.
 */
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"

static const struct cause maybe_bond = {
    "rip-maybe-shared", ("several MACs answer ARP requests for the host's address: a bond that "
			 "balances, or two machines")};
static const struct cause moved = {
    "rip-moved", ("the host's address moved to another MAC during the audit")};
static const struct cause shared = {
    "rip-shared", ("several MACs answer ARP requests for the host's address")};

/* At or below this loss, one answered broadcast is enough. A duplicate that missed it would not be
 * reported as one, but its claims of the VIP would still be seen. Each further broadcast is work
 * for every host of the segment. */
#define LOSS_SMALL 0.01

/* A single answer by another MAC, for each kind of SPA, is not held against the host. */
static const struct cause maybe_proxied = {
    "maybe-proxied", ("a second MAC answers for the host: another machine, or a proxy")};

/* A second MAC's answer to one request of each kind of SPA may be a damaged frame. */
static double
bound(const struct pair *pair)
{
	const uint32_t answers = inquiry_of(pair->facts, pair->host)->broadcast_answers;
	const bool one_mac = host_of(pair->facts, pair->host)->mac_count < 2;
	const uint32_t spare = one_mac ? 0 : SPA_KINDS;

	return loss_all_lost(
	    &pair->facts->loss[PATH_BROADCAST], answers > spare ? answers - spare : 0);
}

static bool
is_sure(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const bool one_is_enough = host_of(facts, pair->host)->mac_count < 2 &&
				   loss_estimate(&facts->loss[PATH_BROADCAST]) <= LOSS_SMALL;

	return inquiry_of(facts, pair->host)->broadcast_answers > 0 &&
	       (one_is_enough || bound(pair) <= facts->settings->confidence);
}

/* Of two MACs, one may still turn out to be a proxy's. */
static bool
settled(const struct pair *pair)
{
	return inquiry_is_of_passer_by(pair->facts, pair->host, pair->vip) ||
	       ((host_has_rival(pair->facts, pair->host) || is_sure(pair)) &&
		   !proxy_may_be_found(pair->facts, pair->host));
}

static const char *
several(const struct pair *pair, const struct judgement *judgement)
{
	const unsigned macs = host_of(pair->facts, pair->host)->mac_count;

	if (!inquiry_hears_broadcasts(pair->facts, pair->host))
		return arena_format(judgement->arena,
		    "%u MACs answer ARP requests for %s, and a switch answers for one of them: "
		    "either "
		    "a bond that balances what it receives (balance-alb), or two machines",
		    macs, judgement->host);
	if (host_takes_turns(pair->facts, pair->host))
		return arena_format(judgement->arena,
		    "%u MACs answer ARP requests for %s by turns, but no two of them the same "
		    "request: a bond that balances what it receives (balance-alb), two machines, "
		    "or an address that moves to and fro",
		    macs, judgement->host);
	return arena_format(judgement->arena,
	    "%u MACs answer ARP requests for %s, but no two of them answer the same request: "
	    "either a bond that balances what it receives (balance-alb) or, with a probability of "
	    "%.1e, two machines",
	    macs, judgement->host, bound(pair));
}

static void
judge_unique(const struct pair *pair, struct judgement *judgement)
{
	const uint32_t answers = inquiry_of(pair->facts, pair->host)->broadcast_answers;
	const bool hears = inquiry_hears_broadcasts(pair->facts, pair->host);

	if (judge_unheard(pair->facts, pair->host, judgement))
		return;
	if (hears && is_sure(pair) && !host_takes_turns(pair->facts, pair->host))
		judge_pass(judgement, answers, bound(pair));
	else if (host_of(pair->facts, pair->host)->mac_count > 1)
		judge_inconclusive(judgement, &maybe_bond, answers, hears ? bound(pair) : -1,
		    several(pair, judgement), judge_less_loss(pair->facts));
	else if (!hears)
		judge_skip(judgement,
		    "a switch answers ARP requests for the host, so a second machine with its "
		    "address would not hear them");
	else
		judge_inconclusive(judgement, &judge_loss, answers, bound(pair),
		    judge_loss_reason(pair->facts, judgement, PATH_BROADCAST, bound(pair)),
		    judge_less_loss(pair->facts));
}

/* Whether two MACs have answered ARP Probes (SPA 0.0.0.0), so that neither is a proxy's. Where the
 * segment drops these, nothing tells a proxy. */
static bool
are_told(const struct pair *pair)
{
	const unsigned macs = host_of(pair->facts, pair->host)->spa[SPA_UNSPECIFIED].macs;

	return (macs & (macs - 1)) != 0 || inquiries_prove_probes_dropped(pair->facts);
}

static void
judge_maybe_proxied(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const bool answered = (facts->asked->kinds_answered & 1u << SPA_UNSPECIFIED) != 0;

	judge_inconclusive(judgement, &maybe_proxied, 0, -1,
	    arena_format(judgement->arena,
		"%u MACs answer ARP requests for %s, and %s answer ARP Probes: two machines, or "
		"a proxy",
		host_of(facts, pair->host)->mac_count, judgement->host,
		answered ? "one of them was not heard to" : "no machine was heard to"),
	    answered ? judge_less_loss(facts)
		     : "# find out which machines have these MACs, and whether one proxies ARP");
}

/* A director must go on answering for its VIPs, so nothing is switched off there. */
static const char *
remedy(const struct pair *pair, const struct judgement *judgement)
{
	if (host_of(pair->facts, pair->host)->director ||
	    owner_is_host(pair->facts, pair->host, pair->vip))
		return "# two machines with this address: change one of them\n"
		       "# one machine, the director, with two interfaces on the segment: leave one "
		       "of them there, or bond them";
	return arena_format(judgement->arena, "%s%s",
	    remedy_flux(judgement->arena, judgement->segment),
	    pair->facts->cluster->discover ? "# if the address is another VIP: audit it as one "
					     "(--vip), and do nothing of this\n"
					   : "");
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct host *host = host_of(pair->facts, pair->host);
	const struct mac *elsewhere = host_announced_elsewhere(pair->facts, pair->host);
	char first[MAC_TEXT_SIZE], second[MAC_TEXT_SIZE];

	if (host_find_proxied(pair->facts, pair->host) < HOST_MACS ||
	    (host_has_rival(pair->facts, pair->host) && !are_told(pair))) {
		judge_maybe_proxied(pair, judgement);
		return;
	}
	if (host_has_moved(pair->facts, pair->host))
		judge_inconclusive(judgement, &moved, 0, -1,
		    arena_format(judgement->arena,
			"%u MACs answer ARP requests for %s, one after the other: the address "
			"moved during the audit",
			host->mac_count, judgement->host),
		    "# run the audit again");
	else if (!host_has_rival(pair->facts, pair->host) && elsewhere != NULL)
		judge_inconclusive(judgement, &moved, 0, -1,
		    arena_format(judgement->arena,
			"%s announced %s, and answered no request for it: the address moved during "
			"the audit, or two machines have it",
			mac_format(elsewhere, first), judgement->host),
		    "# run the audit again");
	else if (!host_has_rival(pair->facts, pair->host))
		judge_unique(pair, judgement);
	else
		judge_fail(judgement, &shared,
		    arena_format(judgement->arena,
			"%u MACs answer ARP requests for %s, including %s and %s", host->mac_count,
			judgement->host, mac_format(&host->mac[0], first),
			mac_format(&host->mac[1], second)),
		    remedy(pair, judgement), NULL);
}

const struct check check_rip_unique = {
    .title = {.name = "rip-unique", .heading = "UNIQUE"},
    .path = PATH_BROADCAST,
    .settled = settled,
    .judge = judge,
};
