/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gateway: where does the router send traffic for the VIP?
 *
 * Who-has VIP may be answered well while the router's own entry is wrong: it learnt a leaking
 * server once, or missed the announcement after a fail-over. So the probe sends the router an echo
 * request for the VIP, which the router passes on to the MAC of its entry. Whoever gets it answers
 * the probe directly, by its own MAC. A second echo request, straight to the director and with the
 * TTL that the router leaves, shows by which MAC the right machine answers.
 *
 * Passed: the answer's MAC is the director's. Failed: it is a listed server's, again and again,
 * while the director answers by another. What else can cause each of these:
 *
 * - A director that passes echo requests on to servers (IPVS does not). Then its own answer has a
 *   server's MAC as well, or none comes; no server is accused.
 * - A director that answers by another MAC than it owns the VIP by: a VRRP master, another
 *   interface. Its own answer has that MAC as well. It passes where the servers share the probe's
 *   subnet, so that no answer comes by way of a second router.
 * - The router itself holds the VIP, or answers come back by way of it, because the probe is in no
 *   subnet of the servers. Both show the router's MAC: inconclusive, unless it is the director.
 * - The audit provoked a claim of the VIP before: the router's entry may be wrong by that. The
 *   probe waits for the restoration; what is heard without it accuses nobody.
 * - A router that chooses the way by port or protocol. Nothing excludes that its traffic takes
 *   another way than the echo requests.
 * - A hand-over during the audit: the router may be right a moment later.
 * - Several ways (ECMP): the answers may differ, which is inconclusive; or agree, and then traffic
 *   does take that way.
 * - No answer: the router does not send packets back to the segment they came from, filters them,
 *   limits their rate, or leads to a machine that is gone. None of these can be told from the
 *   others. ICMP redirects say that it forwards, which the answer says better.
 *
 * If nobody answers echo requests, a SYN to a port of the VIP may be. Its answer comes from a real
 * server in any case. Answers from two servers show a director: one entry leads to one machine. One
 * server alone shows nothing.
 */
#include "audit/facts/asked.h"
#include "audit/facts/gateways.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/handover.h"
#include "audit/owner/master.h"
#include "audit/owner/signature.h"
#include "audit/owner/takeover.h"
#include "audit/owner/undecided.h"

#define CHECK "gateway"

#define ANSWERS_MIN 2 /* to accuse */

static const struct cause wrong_entry = {"gateway-misdirected",
    ("a router sends the VIP's traffic to a machine that is not the director")};
static const struct cause untold = {
    "gateway-untold", ("it is not known where a router sends the VIP's traffic")};

/* What is judged: one VIP by way of one gateway. */
struct way {
	const struct facts *facts;
	struct arena *arena;
	const struct vip_judgement *judgement;
	const struct gateway *gateway;
	const struct crossing *crossing;
	uint32_t vip, director; /* the claimant that is the director, or NONE */
	char ip[ADDRESS_TEXT_SIZE];
};

static bool
is_set(const struct mac *mac)
{
	return !mac_equal(mac, &mac_zero);
}

/* Whether the MAC is the director's, by its claim or by a host that is the director. */
static bool
is_director(const struct way *way, const struct mac *mac)
{
	const struct facts *facts = way->facts;

	if (way->director == NONE)
		return false;
	if (owner_is_own_mac(facts, claimant_of(facts, way->vip, way->director), mac))
		return true;
	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		if (host_is_known_by(facts, host, mac) &&
		    (owner_is_host(facts, host, way->vip) || master_is_host(facts, way->vip, host)))
			return true;
	return false;
}

/* The host with that MAC that traffic for the VIP must not reach by ARP alone, or NONE. */
static uint32_t
find_server(const struct way *way, const struct mac *mac)
{
	const struct facts *facts = way->facts;
	const uint32_t host = host_find_known_by(facts, mac);

	if (host == NONE || proxy_is(facts, mac) || proxy_hides_host(facts, host) ||
	    owner_is_undecided_host(facts, way->vip, host) ||
	    master_may_be_host(facts, way->vip, host) || owner_was_host(facts, host, way->vip))
		return NONE;
	return host_of(facts, host)->listed || host_of(facts, host)->director ||
		       holding_of(facts, host, way->vip)->holds_vip
		   ? host
		   : NONE;
}

/* Whether all hosts are in the probe's subnet, so that they answer it directly. */
static bool
hosts_are_near(const struct facts *facts)
{
	if (!address_is_set(&facts->segment.own.address))
		return false;
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (!prefix_contains(&facts->segment.own, &host_of(facts, host)->rip))
			return false;
	return true;
}

/* Whether the answer comes from where the director's own answer does, which no listed host is. */
static bool
agrees_with_control(const struct way *way)
{
	const struct mac *by = &way->crossing->by;

	return mac_equal(by, &way->crossing->control) && hosts_are_near(way->facts) &&
	       host_find_mac(way->facts, by) == NONE && !mac_equal(by, &way->gateway->mac) &&
	       !proxy_is(way->facts, by);
}

static bool
was_handed_over(const struct way *way)
{
	for (uint32_t i = 0; i < claims_count(way->facts, way->vip); i++)
		if (claimant_of(way->facts, way->vip, i)->former)
			return true;
	return master_handed_over(way->facts, way->vip) ||
	       handover_possible(way->facts, way->vip) ||
	       takeover_is_possible_of_any(way->facts, way->vip);
}

static void
say(struct router_result *result, enum check_outcome outcome, const char *reason)
{
	result->outcome = outcome;
	result->reason = reason;
}

/* ---- Echo replies -------------------------------------------------------------------------- */

/* Why an answer that is not the director's accuses nobody, or NULL. */
static const char *
doubt(const struct way *way, uint32_t server)
{
	const struct crossing *crossing = way->crossing;
	char by[MAC_TEXT_SIZE];

	mac_format(&crossing->by, by);
	if (crossing->several)
		return "the answers to one echo request after another come from several MACs";
	if (way->director == NONE)
		return arena_format(way->arena,
		    "%s answers by way of it, but it is not known who the director is", by);
	if (mac_equal(&crossing->by, &way->gateway->mac))
		return "the answer comes from the gateway's own MAC: it answers itself, or the "
		       "answers come back by way of it";
	if (crossing->leaked)
		return "this audit provoked a claim of the VIP before, which may have misled it";
	if (was_handed_over(way))
		return "the VIP was handed over meanwhile";
	if (server == NONE)
		return arena_format(way->arena,
		    "the answer comes from %s, which is not known to be the director's, nor a "
		    "server's",
		    by);
	if (!is_set(&crossing->control))
		return arena_format(way->arena,
		    "%s answers by way of it, but the director answers no echo request to compare "
		    "with",
		    by);
	if (mac_equal(&crossing->control, &crossing->by))
		return arena_format(way->arena,
		    "%s also answers echo requests that are sent to the director: it passes them "
		    "on",
		    by);
	if (crossing->echoes < ANSWERS_MIN)
		return arena_format(
		    way->arena, "%s answers by way of it, but was heard only once", by);
	return NULL;
}

static const char *
remedy_router(const struct way *way)
{
	return arena_format(way->arena,
	    "# on the router %s, show its entry for the VIP and remove it (Cisco: show ip arp %s,\n"
	    "# clear ip arp %s); a static entry or a route must be corrected in its configuration, "
	    "too\n"
	    "ip neigh show to %s\n"
	    "ip neigh flush to %s nud all\n"
	    "# then announce the VIP on the director (IF is its interface):\n"
	    "arping -c 3 -U -I IF %s",
	    way->ip, way->judgement->vip, way->judgement->vip, way->judgement->vip,
	    way->judgement->vip, way->judgement->vip);
}

static void
judge_echo(const struct way *way, struct vip_judgement *judgement, struct router_result *result)
{
	const struct crossing *crossing = way->crossing;
	const uint32_t server = find_server(way, &crossing->by);
	const char *reason;
	char by[MAC_TEXT_SIZE], rip[ADDRESS_TEXT_SIZE], control[MAC_TEXT_SIZE];

	result->has_answer = true;
	result->answered_by = crossing->by;
	mac_format(&crossing->by, by);
	if (!crossing->several && (is_director(way, &crossing->by) || agrees_with_control(way))) {
		say(result, OUTCOME_PASS,
		    arena_format(way->arena, "by way of it the director answers (%s)", by));
		return;
	}
	reason = doubt(way, server);
	if (reason != NULL) {
		say(result, OUTCOME_INCONCLUSIVE, reason);
		return;
	}
	say(result, OUTCOME_FAIL,
	    arena_format(way->arena,
		"the gateway %s sends traffic for %s to %s (%s) and not to the director, which "
		"answers by %s: its ARP entry for the VIP is wrong",
		way->ip, judgement->vip, address_format(&host_of(way->facts, server)->rip, rip), by,
		mac_format(&crossing->control, control)));
	judge_vip_exchange(judgement, CHECK, &wrong_entry, SEVERITY_VIOLATION, result->reason,
	    remedy_router(way), &crossing->out, &crossing->heard);
}

/* ---- SYNs, and no answer ------------------------------------------------------------------- */

static void
judge_syns(const struct way *way, struct router_result *result)
{
	const struct crossing *crossing = way->crossing;
	uint32_t hosts = 0;
	char by[MAC_TEXT_SIZE];

	result->has_answer = true;
	result->answered_by = crossing->server[0];
	for (uint8_t i = 0; i < crossing->servers; i++) {
		if (is_director(way, &crossing->server[i]))
			hosts = GATEWAY_SERVERS;
		hosts += find_server(way, &crossing->server[i]) != NONE;
	}
	if (hosts >= GATEWAY_SERVERS && !mac_equal(&crossing->server[0], &way->gateway->mac)) {
		say(result, OUTCOME_PASS,
		    "by way of it the director answers connections, or passes them on to several "
		    "servers");
		return;
	}
	say(result, OUTCOME_INCONCLUSIVE,
	    arena_format(way->arena,
		"no echo request is answered by way of it, and of the servers only %s answers "
		"connections, with the director's help or without",
		mac_format(&crossing->server[0], by)));
}

static const char *
silence(const struct way *way)
{
	const struct crossing *crossing = way->crossing;
	char from[ADDRESS_TEXT_SIZE];

	if (!is_set(&way->gateway->mac))
		return "it does not answer ARP requests: it is down, or not on this segment";
	if (crossing->error == ICMP_TYPE_TIME_EXCEEDED)
		return "it passes packets for the VIP to another router";
	if (crossing->error != 0)
		return arena_format(way->arena,
		    "it has no way to the VIP, or refuses it (ICMP from %s)",
		    address_format(&crossing->error_from, from));
	return "no packet for the VIP is answered by way of it: it does not send packets back to "
	       "this segment, filters them, or leads to a machine that is gone";
}

static void
judge_way(const struct way *way, struct vip_judgement *judgement, struct router_result *result)
{
	const struct crossing *crossing = way->crossing;

	*result = (struct router_result){
	    .ip = way->gateway->address,
	    .mac = way->gateway->mac,
	    .has_mac = is_set(&way->gateway->mac),
	};
	if (crossing->echoes > 0)
		judge_echo(way, judgement, result);
	else if (!crossing->over || (crossing->sent[CROSSING_ECHO] == 0 && result->has_mac))
		say(result, OUTCOME_INCONCLUSIVE, "the audit ended before this was decided");
	else if (crossing->servers > 0)
		judge_syns(way, result);
	else
		say(result, OUTCOME_INCONCLUSIVE, silence(way));
	if (result->outcome != OUTCOME_INCONCLUSIVE)
		return;
	/* Nobody asked for the default gateway to be judged, so its silence changes no verdict. */
	judge_vip(judgement, CHECK, &untold,
	    way->facts->cluster->gateways.found ? SEVERITY_NOTE : SEVERITY_INCONCLUSIVE,
	    arena_format(way->arena,
		"it is not known where the gateway %s sends traffic for %s: %s", way->ip,
		judgement->vip, result->reason),
	    arena_format(way->arena,
		"# on the router %s, look at its entry for the VIP:\nip neigh show to %s", way->ip,
		judgement->vip),
	    crossing->heard.length > 0 ? &crossing->heard : NULL);
}

/* ---- The VIP ------------------------------------------------------------------------------- */

/* Why no gateway is judged, or NULL. */
static const char *
skipped(const struct facts *facts)
{
	const char *skip = remarks_skipped(&facts->cluster->remarks, CHECK);

	if (skip != NULL)
		return skip;
	if (facts->cluster->gateways.count == 0)
		return facts->cluster->gateways.absent;
	if (!facts->settings->elicit)
		return "no IP packet was to be sent (--no-elicit)";
	if (facts->cluster->owner == OWNER_NONE)
		return "nobody may answer ARP requests for the VIP, so no router has an entry";
	if (!address_is_set(&facts->probe.source))
		return "this machine has no address on the segment";
	return NULL;
}

/* Gateways that were named are to be judged, so it is said if they can't be. */
static void
judge_unasked(const struct facts *facts, const char *reason, struct vip_judgement *judgement)
{
	if (facts->cluster->gateways.count == 0 || facts->cluster->gateways.found ||
	    facts->cluster->owner == OWNER_NONE ||
	    remarks_skipped(&facts->cluster->remarks, CHECK) != NULL)
		return;
	judge_vip(judgement, CHECK, &untold, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"it is not known where the gateways send traffic for %s: %s", judgement->vip,
		reason),
	    "# run the audit so that they can be asked, or omit them (--no-gateway)", NULL);
}

static bool
is_worse(enum check_outcome one, enum check_outcome other)
{
	static const int rank[] = {
	    [OUTCOME_SKIPPED] = 0,
	    [OUTCOME_PASS] = 1,
	    [OUTCOME_INCONCLUSIVE] = 2,
	    [OUTCOME_FAIL] = 3,
	};

	return rank[one] > rank[other];
}

static void
judge(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const uint32_t count = gateway_count(facts);
	const char *const reason = skipped(facts);
	struct gateway_result *result;
	struct router_result *routers;

	if (reason == NULL && count == 0)
		return; /* nobody has looked for one */
	result = arena_alloc(judgement->arena, 1, sizeof(*result));
	routers = arena_alloc(judgement->arena, count, sizeof(*routers));
	*result = (struct gateway_result){.outcome = OUTCOME_SKIPPED, .reason = reason};
	judgement->gateway = result;
	if (reason != NULL)
		judge_unasked(facts, reason, judgement);
	for (uint32_t i = 0; reason == NULL && i < count; i++) {
		struct way way = {
		    .facts = facts,
		    .arena = judgement->arena,
		    .judgement = judgement,
		    .gateway = gateway_of(facts, i),
		    .crossing = crossing_of(facts, i, vip),
		    .vip = vip,
		    .director = owner_director(facts, vip, NULL),
		};

		address_format(&way.gateway->address, way.ip);
		judge_way(&way, judgement, &routers[i]);
		if (!is_worse(routers[i].outcome, result->outcome))
			continue;
		result->outcome = routers[i].outcome;
		result->reason = routers[i].reason;
	}
	result->routers = routers;
	result->router_count = reason == NULL ? count : 0;
}

const struct vip_check check_gateway = {.judge = judge};
