/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service: does the host serve VIP:port, for each TCP port of the plan? The probe sends a SYN to
 * the host's MAC, from its own address. The host must answer with a SYN-ACK. A RST follows. The
 * check passes if all ports are open. It fails if one of them is refused.
 *
 * A host may translate the VIP and pass the SYN on, to a container that serves the port: docker and
 * kube-proxy do that. As the SYN has a TTL of 1, the host says that the time is exceeded. Then the
 * next SYN has a TTL of 2, or at last 3 where any node may own the VIP, since kube-proxy chooses
 * among the containers of all nodes. A host that does not translate returns that SYN to the
 * segment, for the VIP's owner. A director of IPVS drops it, or another machine than the host
 * answers (inquiry_hear_exceeded()).
 *
 * What else could cause a SYN-ACK: the director passed on another SYN of the probe. It was served
 * all the same. Or a host without the VIP passes the SYN on to its owner, in its own name: nothing
 * excludes that if the owner serves the port itself. The host shows the VIP by that, but no check
 * of ARP passes for it. What else could cause a RST: a filter on the host, or on a bridge before
 * it, that resets the probe's connections and not those of clients. The host's own RST has the DS
 * field of the SYN (tcp_v4_send_reset()), a filter's has none (nf_reject_iphdr_put()). Other
 * systems than Linux may repeat none either. So a RST without it is inconclusive.
 */
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/undecided.h"

static const struct cause refused = {
    "service-refused", ("the host refuses connections to the VIP's port")};
static const struct cause reset = {
    "service-reset", ("connections to the VIP's port are reset, by the host or by a filter")};
static const struct cause passed_on = {"service-passed-on",
    ("the host passes connections to the VIP's port on to another machine, which did not answer")};
static const struct cause unanswered = {"service-silent", ("no reply came from the VIP's port")};

#define ATTEMPTS 3 /* for each port */

/* The outcome of the SYNs to the VIP's ports. Ports are asked one after another. */
struct state {
	uint8_t port;     /* the index of the port that is being asked */
	uint8_t attempts; /* to ask it */
	/* Bits 1 << index. Refused: the RST was the host's own; reset: it may be a filter's;
	 * passed: the host passes SYNs on. */
	uint32_t open, refused, reset, passed;
};
_Static_assert(PLAN_PORTS_MAX <= 32, "a port has a bit");

static void
forget(void *state)
{
	((struct state *)state)->port = 0;
	((struct state *)state)->attempts = 0;
}

static bool
is_asked(const struct pair *pair)
{
	return pair->facts->settings->elicit && vip_has_tcp_port(pair->facts, pair->vip) &&
	       !owner_is_host(pair->facts, pair->host, pair->vip) &&
	       !owner_is_undecided_host(pair->facts, pair->vip, pair->host);
}

/* The next port to ask: the present one until it is decided or has had its attempts, then the next
 * undecided one. NONE if there is no more. */
static uint32_t
next_port(const struct pair *pair)
{
	const struct state *state = pair->state;

	for (uint32_t i = state->port; vip_tcp_port(pair->facts, pair->vip, i) != 0; i++)
		if (((state->open | state->refused) >> i & 1) == 0 &&
		    (i != state->port || state->attempts < ATTEMPTS))
			return i;
	return NONE;
}

static enum want
wants(const struct pair *pair)
{
	if ((!holding_of(pair->facts, pair->host, pair->vip)->holds_vip &&
		inquiry_of(pair->facts, pair->host)->hops == 0) ||
	    !is_asked(pair) || next_port(pair) == NONE)
		return WANT_NOTHING;
	return WANT_ATTEMPT;
}

static struct attempt
attempt(const struct pair *pair)
{
	const uint32_t port = next_port(pair);
	struct state *state = pair->state;

	if (port != state->port)
		state->attempts = 0;
	state->port = (uint8_t)port;
	state->attempts++;
	return (struct attempt){
	    .method = ELICIT_TCP_SERVICE,
	    .port = vip_tcp_port(pair->facts, pair->vip, port),
	};
}

/* Whether the segment acknowledges a SYN of the probe. A client of the service on this machine gets
 * other segments, and a damaged one has other flags or ports. */
static bool
is_answer(const struct facts *facts, const struct frame_ip *ip)
{
	return (ip->tcp.flags & TCP_ACK) != 0 &&
	       probe_is_acknowledged(&facts->probe, ip->tcp.acknowledgement);
}

/* The SYN under way, or one of another VIP, ran out of hops at the host or behind it. */
static struct news
observe_exceeded(const struct observation *observation)
{
	const struct facts *facts = observation->facts;
	const struct heard *heard = observation->heard;
	const struct frame_icmp_error *error = &heard->frame->ip.error;
	const struct attempt_out *attempt = observation->attempt;
	const uint32_t vip = vip_find(facts, &error->destination);

	if (error->type != ICMP_TYPE_TIME_EXCEEDED || error->protocol != IP_PROTOCOL_TCP ||
	    !attempt->out || attempt->from_decoy || attempt->vip != vip ||
	    attempt->port != error->destination_port ||
	    !address_equal(&error->source, &attempt->source))
		return news_none();
	struct state *state = observed_state(observation, vip);
	const uint32_t port = vip_find_tcp_port(facts, vip, error->destination_port);

	if (port == NONE)
		return news_none();
	state->passed |= 1u << port;
	if (inquiry_hear_exceeded(observation->facts, observation->host))
		state->attempts = 0;
	/* An error from the VIP ends the attempt in vip_bound.c. */
	if (heard->vip != NONE)
		return news_none();
	return (struct news){.kinds = NEWS_ATTEMPT_ANSWERED, .host = observation->host};
}

static struct news
observe(const struct observation *observation)
{
	const struct heard *heard = observation->heard;
	const struct frame *frame = heard->frame;

	if (frame->kind == FRAME_ICMP_ERROR)
		return observe_exceeded(observation);
	if (frame->kind != FRAME_TCP || heard->vip == NONE ||
	    !is_answer(observation->facts, &frame->ip))
		return news_none();
	struct state *state = observed_state(observation, heard->vip);
	const uint32_t port =
	    vip_find_tcp_port(observation->facts, heard->vip, frame->ip.tcp.source_port);

	if (port == NONE)
		return news_none();
	if ((frame->ip.tcp.flags & TCP_SYN) != 0)
		state->open |= 1u << port;
	else if ((frame->ip.tcp.flags & TCP_RST) != 0 && frame->ip.ds == PROBE_DS)
		state->refused |= 1u << port;
	else if ((frame->ip.tcp.flags & TCP_RST) != 0)
		state->reset |= 1u << port;
	return news_none();
}

/* "port 80", or "ports 80, 443": the ports whose bit in `which` is set. */
static const char *
list_ports(const struct pair *pair, struct arena *arena, uint32_t which)
{
	const char *list = "";
	uint16_t port;

	for (uint32_t i = 0; (port = vip_tcp_port(pair->facts, pair->vip, i)) != 0; i++)
		if ((which >> i & 1) != 0)
			list = arena_format(
			    arena, "%s%s%u", list, *list == '\0' ? "" : ", ", (unsigned)port);
	return arena_format(arena, "port%s %s", (which & (which - 1)) != 0 ? "s" : "", list);
}

/* A filter of ss(8) for the same ports: "sport = :80 or sport = :443". */
static const char *
filter_ports(const struct pair *pair, struct arena *arena, uint32_t which)
{
	const char *filter = "";
	uint16_t port;

	for (uint32_t i = 0; (port = vip_tcp_port(pair->facts, pair->vip, i)) != 0; i++)
		if ((which >> i & 1) != 0)
			filter = arena_format(arena, "%s%ssport = :%u", filter,
			    *filter == '\0' ? "" : " or ", (unsigned)port);
	return filter;
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct state *state = pair->state;
	const uint32_t closed = state->refused & ~state->open;
	const uint32_t maybe_closed = state->reset & ~state->open;
	const uint32_t passed = state->passed & ~state->open;
	uint32_t all = 0, count = 0;

	while (vip_tcp_port(pair->facts, pair->vip, count) != 0)
		all |= 1u << count++;
	if (!is_asked(pair))
		judge_skip(
		    judgement, count > 0 ? "the service was not tested" : "no TCP port was named");
	else if (state->open == all)
		judge_pass(judgement, count, 0);
	else if (closed != 0 && !host_is_known(pair->facts, pair->host))
		judge_doubtful(judgement, "refuses connections to the VIP");
	else if (closed != 0)
		judge_fail(judgement, &refused,
		    arena_format(judgement->arena, "the host refuses connections to %s %s",
			judgement->vip, list_ports(pair, judgement->arena, closed)),
		    arena_format(judgement->arena,
			"# on %s, check what listens on the port:\nss -ltn '%s'", judgement->host,
			filter_ports(pair, judgement->arena, closed)),
		    NULL);
	else if (maybe_closed != 0)
		judge_inconclusive(judgement, &reset, 0, -1,
		    arena_format(judgement->arena,
			"connections to %s %s are reset: nothing listens there, or a filter resets "
			"what comes from this machine",
			judgement->vip, list_ports(pair, judgement->arena, maybe_closed)),
		    arena_format(judgement->arena,
			"# on %s, check what listens on the port, and what filters it:\n"
			"ss -ltn '%s'\nnft list ruleset",
			judgement->host, filter_ports(pair, judgement->arena, maybe_closed)));
	else if (passed != 0)
		judge_inconclusive(judgement, &passed_on, 0, -1,
		    arena_format(judgement->arena,
			"the host passes connections to %s %s on to another machine, from which no "
			"reply came",
			judgement->vip, list_ports(pair, judgement->arena, passed)),
		    arena_format(judgement->arena,
			"# on %s, check where the port leads, and what serves it there:\n"
			"nft list ruleset",
			judgement->host));
	else if (!judge_unheard(pair->facts, pair->host, judgement))
		judge_inconclusive(judgement, &unanswered, 0, -1,
		    arena_format(judgement->arena, "no reply came from %s %s", judgement->vip,
			list_ports(pair, judgement->arena, all & ~state->open)),
		    arena_format(judgement->arena,
			"# on %s, check what filters the port:\nnft list ruleset",
			judgement->host));
}

const struct check check_service = {
    .title = {.name = "service", .heading = "SERVICE", .column = COLUMN_IF_IT_WAS_MADE},
    .exemption = EXEMPT_STANDBY,
    .state_size = sizeof(struct state),
    .forget = forget,
    .lane = LANE_UNICAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};
