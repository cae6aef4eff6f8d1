/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proxy-arp: does the host answer for addresses that nobody uses? Such a host would answer for the
 * VIP too.
 *
 * The requests that verify the decoys serve as probes. A single address may be another address of
 * the host. A host may even have a hundred. So if it answers for several, it is asked for each with
 * SPA 0.0.0.0: Linux answers that for its own addresses, never by proxy. The requests are
 * broadcasts, and Linux delays proxied replies to broadcasts. The audit waits for these replies
 * only if it lingers.
 *
 * What else could cause silence: lost replies (the bound), or a proxy for fewer addresses. Nothing
 * excludes that; such a one shows itself at the VIP. One that answers ARP Probes for all addresses
 * looks as if it had them. It is told by what it answers for the RIPs of others (proxies.h).
 */
#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/judge/judgement.h"

static const struct cause proxies = {
    "proxies-arp", ("the host answers for addresses drawn at random: it proxies ARP")};

static const struct cause takes = {
    "takes-addresses", ("the host takes addresses of others for its own")};

static const struct cause own_or_proxied = {"own-or-proxied",
    ("the host answers for addresses drawn at random: they are its own, or it proxies ARP")};

static void
judge_silence(const struct pair *pair, struct judgement *judgement)
{
	const uint32_t confirmations = decoys_confirmations(pair->facts);
	const double bound = decoys_bound(pair->facts);

	if (!asked_hears_proxies(pair->facts))
		judge_skip(judgement, "--linger is too short for the delayed replies of a proxy");
	else if (judge_unheard(pair->facts, pair->host, judgement))
		return;
	else if (bound <= pair->facts->settings->confidence)
		judge_pass(judgement, confirmations, bound);
	else
		judge_inconclusive(judgement, &judge_loss, confirmations, bound,
		    judge_loss_reason(pair->facts, judgement, PATH_BROADCAST, bound),
		    judge_less_loss(pair->facts));
}

/* The MACs that the host is known by. Returns their number. */
static size_t
list_known(const struct facts *facts, uint32_t index, struct mac known[HOST_MACS])
{
	const struct host *host = host_of(facts, index);
	size_t count = 0;

	for (size_t i = 0; i < host->mac_count; i++)
		if (host_is_known_by(facts, index, &host->mac[i]))
			known[count++] = host->mac[i];
	return count;
}

/* Whether the host answers SPA 0.0.0.0 at all, which tells own addresses from proxied ones. */
static bool
hears_unspecified(const struct facts *facts, uint32_t host)
{
	return (inquiry_of(facts, host)->kinds_answered & 1u << SPA_UNSPECIFIED) != 0;
}

/* Whether a MAC that the host is known by has shown itself, by its answers for RIPs, as what the
 * test says. */
static bool
is_any(const struct facts *facts, uint32_t index,
    bool (*test)(const struct facts *, const struct mac *))
{
	const struct host *host = host_of(facts, index);

	for (size_t i = 0; i < host->mac_count; i++)
		if (test(facts, &host->mac[i]) && host_is_known_by(facts, index, &host->mac[i]))
			return true;
	return false;
}

static void
judge_taker(struct judgement *judgement)
{
	judge_fail(judgement, &takes,
	    "the host answers for addresses of other hosts as if they were its own: an address on "
	    "lo has too short a prefix, or a local route is too wide",
	    arena_format(judgement->arena,
		"# on %s, look for an address with a prefix that covers the segment, mostly the "
		"VIP\n"
		"# on lo, and give it prefix length 32; or for a local route that does:\n"
		"ip -4 addr show dev lo\nip -4 route show table local type local",
		judgement->host),
	    NULL);
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct host *host = host_of(facts, pair->host);
	struct mac known[HOST_MACS] = {{{0}}};
	const size_t count = list_known(facts, pair->host, known);
	const uint32_t answered = decoys_proxied_by(facts, known, count);

	if (is_any(facts, pair->host, proxy_takes_addresses))
		judge_taker(judgement);
	else if (answered < PROXY_ANSWERS_MIN && is_any(facts, pair->host, proxy_is))
		judge_fail(judgement, &proxies,
		    "the host answers for addresses of other hosts: it proxies ARP",
		    remedy_proxy(judgement->arena, NULL, judgement->segment), NULL);
	else if (answered < PROXY_ANSWERS_MIN && decoys_count_tested(facts) < PROXY_ANSWERS_MIN)
		judge_skip(judgement, "too few unused addresses were found to test with");
	else if (answered >= PROXY_ANSWERS_MIN &&
		 !(decoys_show_proxy(facts, known, count) && hears_unspecified(facts, pair->host)))
		judge_inconclusive(judgement, &own_or_proxied, 0, -1,
		    arena_format(judgement->arena,
			"the host answers for %u of %u addresses drawn at random: they are its "
			"own, or it proxies ARP; its answers to SPA 0.0.0.0, which would tell, are "
			"missing",
			answered, decoys_count(facts)),
		    arena_format(judgement->arena, "# on %s, list its addresses:\nip -4 addr show",
			judgement->host));
	else if (answered >= PROXY_ANSWERS_MIN)
		judge_fail(judgement, &proxies,
		    arena_format(judgement->arena,
			"the host answers for %u of %u addresses drawn at random: it proxies ARP",
			answered, decoys_count(facts)),
		    remedy_proxy(judgement->arena, NULL, judgement->segment), NULL);
	else if (decoys_proxied_by(facts, host->mac, host->mac_count) >= PROXY_ANSWERS_MIN)
		judge_doubtful(judgement, "proxies ARP");
	else
		judge_silence(pair, judgement);
}

const struct check check_proxy_arp = {
    .title = {.name = "proxy-arp", .heading = "PROXY"},
    .judge = judge,
};
