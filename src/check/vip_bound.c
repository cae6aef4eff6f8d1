/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-bound: does the host hold the VIP at all?
 *
 * Only an IP packet from the VIP and the host's MAC proves it. The packets that elicit one come
 * from the probe's own address. The host has that address in its ARP cache, because it answered the
 * probe for its RIP. So nothing leaks, whatever its arp_announce. An ARP request after a packet for
 * the VIP proves less. A host that merely forwards sends an ICMP error or redirect under its own
 * address, and resolves the target in the same way.
 *
 * What else could cause such a packet:
 *
 * - A filter that answers a SYN by a RST, on the host or on a bridge before it: its RST has the VIP
 *   as source and the host's MAC, whether the host holds the VIP or not (measured, nftables). So a
 *   RST shows the VIP only if it repeats the DS field of the SYN, as Linux itself makes it do and a
 *   filter does not. An ICMP error of a filter comes from the VIP only if the host holds it.
 * - A damaged frame: one with a wrong IP header checksum is dropped (wire/frame.c).
 * - A host that routes or translates the packets of others. Nothing excludes that of packets to
 *   another address than the probe's question came from; but vip_source.c clears nobody by these.
 * - A host that redirects packets for the VIP to an address of its own. Nothing excludes that. It
 *   serves the VIP, and can't claim it, whatever its sysctls are.
 * - A director or router that passes the packet on to a holder of the VIP. The packet's TTL is 1,
 *   so nobody does, and the answer would come from the holder's MAC.
 * - The VIP was held only for a part of the audit. So silences count only from this packet on
 *   (inquiries.h), and once they are enough, the host has to show the VIP again.
 */
#include "audit/facts/asked.h"
#include "audit/facts/holdings.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"

static const struct cause unbound = {"vip-not-seen",
    ("the host shows no sign of holding the VIP: it is not bound, or the replies are filtered")};
static const struct cause only_resets = {
    "vip-only-resets", ("only TCP resets come from the VIP, such as a filter sends whether the "
			"host holds it or not")};

#define CLOSINGS 8 /* unanswered packets in a row, then the host no longer holds the VIP */

static uint8_t
method_count(const struct pair *pair)
{
	return probe_method_count(vip_has_tcp_port(pair->facts, pair->vip));
}

/* Whether silences wait for another sign that the host holds the VIP. */
static bool
is_to_close(const struct pair *pair)
{
	const struct facts *facts = pair->facts;

	return inquiry_of(facts, pair->host)->stage == STAGE_CLOSE &&
	       !holding_of(facts, pair->host, pair->vip)->replied &&
	       silences_of(facts, pair->host, pair->vip)->closings < CLOSINGS &&
	       inquiry_is_unconfirmed(facts, pair->host, pair->vip);
}

static bool
is_wanted(const struct pair *pair)
{
	const struct facts *facts = pair->facts;

	return holding_of(facts, pair->host, pair->vip)->holds_vip
		   ? is_to_close(pair)
		   : silences_of(facts, pair->host, pair->vip)->attempts < method_count(pair);
}

static enum want
wants(const struct pair *pair)
{
	const struct facts *facts = pair->facts;

	if (!facts->settings->elicit || !is_wanted(pair) || proxy_hides_host(facts, pair->host) ||
	    owner_is_host(facts, pair->host, pair->vip))
		return WANT_NOTHING;
	return WANT_ATTEMPT;
}

static struct attempt
attempt(const struct pair *pair)
{
	const struct holding *holding = holding_of(pair->facts, pair->host, pair->vip);
	const uint8_t number = silences_of(pair->facts, pair->host, pair->vip)->attempts;
	const bool serves = vip_has_tcp_port(pair->facts, pair->vip);

	if (!holding->holds_vip)
		return (struct attempt){.method = probe_method(serves, number), .counts = true};
	const uint8_t closing = silences_of(pair->facts, pair->host, pair->vip)->closings;

	return (struct attempt){
	    .method = holding->holds_by < ELICIT_METHODS
			  ? (enum elicit_method)holding->holds_by
			  : probe_method(serves, closing % method_count(pair)),
	    .closes = true,
	};
}

static enum elicit_method
method_of_port(const struct facts *facts, uint32_t vip, uint16_t port)
{
	return vip_find_tcp_port(facts, vip, port) != NONE ? ELICIT_TCP_SERVICE : ELICIT_TCP_CLOSED;
}

static enum elicit_method
method_of(const struct facts *facts, uint32_t vip, const struct frame *frame)
{
	switch (frame->kind) {
	case FRAME_TCP:
		return method_of_port(facts, vip, frame->ip.tcp.source_port);
	case FRAME_ICMP_ERROR:
		return frame->ip.error.protocol != IP_PROTOCOL_TCP
			   ? ELICIT_UDP
			   : method_of_port(facts, vip, frame->ip.error.destination_port);
	default:
		return ELICIT_ECHO;
	}
}

static bool
is_packet(enum frame_kind kind)
{
	return kind == FRAME_ECHO_REPLY || kind == FRAME_TCP || kind == FRAME_ICMP_ERROR ||
	       kind == FRAME_UDP;
}

/* Whether a filter may have sent it. */
static bool
may_be_filters(const struct frame *frame, bool elicited)
{
	return frame->kind == FRAME_TCP && (frame->ip.tcp.flags & TCP_RST) != 0 &&
	       !(elicited && frame->ip.ds == PROBE_DS);
}

/* A host may answer a client of the VIP even if it answers none of the probe's packets. So a packet
 * to any destination counts. */
static struct news
observe(const struct observation *observation)
{
	const struct heard *heard = observation->heard;
	const struct frame *frame = heard->frame;
	const struct attempt_out *attempt = observation->attempt;

	if (!is_packet(frame->kind) || heard->vip == NONE)
		return news_none();
	const bool out = attempt->out && attempt->vip == heard->vip;
	const bool elicited = out && address_equal(&attempt->source, &frame->ip.destination);

	if (may_be_filters(frame, elicited)) {
		holding_hear_reset(observation->facts, observation->host, heard->vip);
	} else {
		inquiry_vip_held(observation->facts, observation->host, heard->vip, elicited);
		holding_hear_packet(observation->facts, observation->host, heard->vip,
		    elicited ? method_of(observation->facts, heard->vip, frame) : ELICIT_METHODS,
		    elicited && !attempt->from_decoy);
	}
	if (!out || attempt->from_decoy)
		return news_none();
	return (struct news){.kinds = NEWS_ATTEMPT_ANSWERED, .host = observation->host};
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct holding *holding = holding_of(pair->facts, pair->host, pair->vip);

	if (owner_is_host(pair->facts, pair->host, pair->vip))
		judge_skip(judgement, "the host is the director");
	else if (holding->holds_vip || holding->spoke)
		judge_pass(judgement, 1, 0);
	else if (!pair->facts->settings->elicit)
		judge_skip(judgement, "--no-elicit turns this test off");
	else if (!judge_unheard(pair->facts, pair->host, judgement))
		judge_inconclusive(judgement, holding->resets ? &only_resets : &unbound, 0, -1,
		    arena_format(judgement->arena,
			holding->resets
			    ? "only TCP resets came from %s, such as a filter sends whether the "
			      "host holds the VIP or not"
			    : "the host shows no sign of holding %s: the VIP is not bound, or the "
			      "replies are filtered",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on %s, check whether the VIP is configured:\n"
			"ip -4 addr show to %s\n"
			"# if it is, allow ICMP echo to it, or name its TCP port: --vip %s:PORT\n"
			"# if not, set arp_ignore=1 and arp_announce=2 before it is added to lo",
			judgement->host, judgement->vip, judgement->vip));
}

const struct check check_vip_bound = {
    .title = {.name = "vip-bound", .heading = "BOUND", .column = COLUMN_ALWAYS},
    .exemption = EXEMPT_STANDBY,
    .lane = LANE_UNICAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};
