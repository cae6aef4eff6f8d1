/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-source: does the host speak ARP as the VIP? (arp_announce)
 *
 * A packet for the VIP from a decoy makes a holder of the VIP answer, and to answer it must resolve
 * the decoy. The SPA of that request shows the policy. At arp_announce 0, arp_solicit() takes the
 * source of the packet that waits. At 1 it does so if that source is in the target's subnet.
 *
 * SPA = VIP is a violation however it comes about, be it elicited by another audit. What excuses it
 * is that the host is the director or the master, or may be, or was until a hand-over: owner/
 * tells. One damaged frame is not excluded, if only its SPA is. Another SPA clears the host only if
 * all of these hold; what else could cause such a request stands behind each:
 *
 * - It is a broadcast, and asks for a decoy not used with this host before. A host checks an entry
 *   that it already has by unicast requests. No packet is behind these, and they carry the RIP at
 *   every level.
 * - It comes while the audit's own packet is under way. Nobody else sends from a verified decoy. A
 *   second audit may draw the same one; then hosts are heard to ask for it unprompted, and the
 *   decoy is dropped (facts/decoys.h).
 * - A packet from the VIP to the decoy follows once the decoy is announced to the host. Otherwise
 *   the request may have been for a packet from the RIP: an ICMP error of a firewall, or of a host
 *   that forwards and does not hold the VIP. If a packet from another source comes first, the
 *   attempt does not count, and the next one uses another method.
 * - Its decoy is in the VIP's subnet, if the host has one there. At arp_announce 1 the host speaks
 * as the VIP only within that. A VIP outside of the probe's subnet may be in another subnet of the
 *   host. So the host is elicited from beside such a VIP as well. If that shows nothing, the report
 *   says what the pass covers (source_scope.c).
 * - Its SPA is the RIP, or was seen twice. An SPA seen once may be the VIP in a damaged frame.
 *
 * Nothing excludes that the host answers others by another interface, whose arp_announce is too
 * low, unless it claims the VIP by that while the audit listens. If an unknown MAC asks as the VIP
 * for the decoy under way, that may be such an interface, and the host does not pass.
 *
 * The probe's own address can't take the place of a decoy. The host has it in its cache, since it
 * has answered the probe for its RIP. To keep it out of there the RIP would have to be asked for
 * with SPA 0.0.0.0, which a host that is checking this address takes for a conflict.
 */
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
#include "audit/owner/master.h"
#include "audit/owner/takeover.h"
#include "audit/owner/undecided.h"

static const struct cause speaks = {"speaks-as-vip",
    ("the host sends ARP requests as the VIP, and each of them takes the VIP from the director")};
static const struct cause handing_over = {
    "maybe-handed-over", ("the host may have handed the VIP over or taken it over")};
static const struct cause taking_over = {"maybe-took-over",
    ("the host announced the VIP, and may have taken it over as the audit ended")};
static const struct cause maybe_master = {
    "maybe-master", ("the host sends ARP requests as the VIP, and may be the master of the virtual "
		     "router that owns it")};
static const struct cause unanswering_master = {"unanswering-master",
    ("the host is the master of the VIP's virtual router, but no director was heard to answer")};
static const struct cause maybe_former_master = {
    "maybe-master", ("the host sent an ARP request as the VIP before any VRRP advertisement was "
		     "heard, and may have been the master of the virtual router then")};
static const struct cause other_card = {"maybe-other-card",
    ("an unknown MAC asked as the VIP for the decoy from which the host was elicited")};
static const struct cause elsewhere = {"answers-elsewhere",
    ("the host asked for the decoy, but for packets that were not from the VIP")};
static const struct cause unheld = {"asked-but-not-bound",
    ("the host asked for the decoy with its own address, but was not seen to hold the VIP")};
static const struct cause unfollowed = {
    "decoy-not-used", ("the host asked for the decoy, but sent no packet to it")};
static const struct cause unasked_master = {"maybe-master",
    ("the host was not elicited: it may be the master of the virtual router that owns the VIP")};
static const struct cause not_undoable = {"leak-not-undoable",
    ("the host was not elicited: the rightful owner is not known, so a leak could not be undone")};
static const struct cause too_late = {
    "too-late", ("the host was not elicited: there was too little time left to undo a leak")};
static const struct cause proxied_owner = {"leak-not-undoable",
    ("the host was not elicited: the owner of the VIP can't be made to claim it back")};
static const struct cause unprovoked = {"leak-not-undoable",
    ("the host was not elicited: the owner of the VIP did not claim it by broadcast when asked "
     "to")};
static const struct cause no_decoys = {
    "no-decoy", ("the host was not elicited: no unused address was found for it to ask for")};
static const struct cause known_decoy = {"decoy-known",
    ("the host answered without asking for the decoy: it already had an ARP entry for it")};
static const struct cause unelicited = {
    "cut-short", ("the audit ended before the host was elicited")};
static const struct cause filtered = {"decoy-not-asked",
    ("no packet made the host ask for a decoy: packets or its ARP requests are filtered")};
static const struct cause unseen = {"decoy-not-asked",
    ("no packet made the host ask for a decoy: the VIP is not bound, or frames are filtered")};

#define CLOSINGS_OWN  2 /* of vip-bound from the probe's own address, then decoys serve as well */
#define ATTEMPTS_MORE 3 /* for a host that turned out to hold the VIP */

struct state {
	uint8_t attempts;
	uint8_t unprompted; /* IP answers to a decoy with no broadcast before them */
	uint8_t elsewhere;  /* packets to a decoy that were not from the VIP */
	bool asked;         /* in this attempt, the host has broadcast a request with an SPA that is
			     * surely not the VIP */
	bool asked_ever;    /* the host has asked for a decoy */
	bool clean;         /* a packet from the VIP has followed such a request */
	uint8_t beside;     /* attempts from beside the VIP */
	uint8_t closings;   /* attempts that are to show the VIP once more */
};

static void
forget(void *state)
{
	((struct state *)state)->attempts = 0;
}

static uint8_t
method_count(const struct pair *pair)
{
	return probe_method_count(vip_has_tcp_port(pair->facts, pair->vip));
}

/* Unanswered attempts use up decoys, so only a host that may hold the VIP is worth further ones. */
static bool
may_use_decoy(const struct pair *pair)
{
	const struct state *state = pair->state;
	const bool holds = holding_of(pair->facts, pair->host, pair->vip)->holds_vip;

	return state->attempts <
	       method_count(pair) + (holds || state->asked_ever ? ATTEMPTS_MORE : 0);
}

/* The method that is known to bring a packet from the VIP. If it does not bring one to decoys, the
 * methods take turns. */
static enum elicit_method
decoy_method(const struct pair *pair, uint8_t number)
{
	const struct holding *holding = holding_of(pair->facts, pair->host, pair->vip);
	const struct state *state = pair->state;

	if (holding->holds_vip && holding->holds_by < ELICIT_METHODS && state->elsewhere == 0)
		return (enum elicit_method)holding->holds_by;
	return probe_method(
	    vip_has_tcp_port(pair->facts, pair->vip), (uint8_t)(number % method_count(pair)));
}

/* Whether the host spoke as the VIP when it could not be the master of the virtual router. */
static bool
has_spoken(const struct pair *pair)
{
	const struct holding *holding = holding_of(pair->facts, pair->host, pair->vip);

	return holding->spoke &&
	       !master_may_have_been_host(pair->facts, pair->vip, pair->host, holding->spoke_us);
}

/* Whether to elicit from beside the VIP, too. Only then does a host with arp_announce 1 speak as a
 * VIP that is outside of the probe's subnet, if it has a subnet there. */
static bool
wants_beside(const struct pair *pair)
{
	const struct state *state = pair->state;

	return state->clean && !holding_of(pair->facts, pair->host, pair->vip)->asked_beside &&
	       decoy_beside(pair->facts, pair->vip, state->beside) != NONE;
}

/* Whether silences wait for another sign that the host holds the VIP, and the probe's own address
 * brings none. The host may have no route to that. */
static bool
wants_closing(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);

	return inquiry_of(facts, pair->host)->stage == STAGE_CLOSE && holding->holds_vip &&
	       !holding->answers_probe &&
	       silences_of(facts, pair->host, pair->vip)->closings >= CLOSINGS_OWN &&
	       !holding->replied && !holding->spoke &&
	       ((const struct state *)pair->state)->closings < ATTEMPTS_MORE &&
	       decoy_is_available(facts, pair->host) &&
	       inquiry_is_unconfirmed(facts, pair->host, pair->vip);
}

static bool
is_decided(const struct pair *pair)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);
	const struct state *state = pair->state;

	if (!facts->settings->elicit || facts->asked->elicit_over || has_spoken(pair) ||
	    (state->clean && !wants_beside(pair) && !wants_closing(pair)) ||
	    proxy_hides_host(facts, pair->host) || owner_is_host(facts, pair->host, pair->vip))
		return true;
	/* In a sweep, hosts that do not hold the VIP are only passers-by. */
	return facts->cluster->discover && !holding->holds_vip && !holding->replied;
}

/* A packet may leave, if a leak could be undone. */
static enum want
elicits(const struct pair *pair)
{
	if (owner_needs_rehearsal(pair->facts, pair->vip))
		return WANT_REHEARSAL;
	return owner_can_be_restored(pair->facts, pair->vip) ? WANT_ATTEMPT : WANT_NOTHING;
}

static enum want
wants(const struct pair *pair)
{
	const struct facts *facts = pair->facts;

	if (is_decided(pair))
		return WANT_NOTHING;
	/* The signature is asked for once all hosts know the probe. Only then is it known which
	 * owner is to be restored. */
	if (owner_signature_is_needed(facts, pair->vip))
		return inquiry_of(facts, pair->host)->stage == STAGE_SOURCE ? WANT_NOTHING
									    : WANT_OWNER;
	if (asked_of(facts, pair->vip)->handover_open || asked_of(facts, pair->vip)->master_open ||
	    owner_advertisement_is_needed(facts, pair->vip, pair->host))
		return WANT_OWNER;
	if (master_may_be_host(facts, pair->vip, pair->host) ||
	    master_was_host(facts, pair->vip, pair->host, 0))
		return WANT_NOTHING;
	if (wants_beside(pair) || wants_closing(pair))
		return elicits(pair);
	const bool decoy = may_use_decoy(pair);
	const bool available = decoy && decoy_is_available(facts, pair->host);

	/* Once the decoys are decided, more is known about the owners as well. An owner that is a
	 * listed server, for example, may not have been heard yet. */
	if (decoy && !available && !decoys_are_decided(facts))
		return WANT_DECOYS;
	const enum want want = elicits(pair);

	if (want == WANT_NOTHING)
		return owner_may_be_restorable(facts, pair->vip) ? WANT_OWNER : WANT_NOTHING;
	return available ? want : WANT_NOTHING;
}

static struct attempt
attempt(const struct pair *pair)
{
	struct state *state = pair->state;

	state->asked = false;
	if (wants_beside(pair)) {
		state->beside++;
		return (struct attempt){
		    .method = decoy_method(pair, state->beside),
		    .from_decoy = true,
		    .beside = state->beside,
		};
	}
	if (wants_closing(pair)) {
		state->closings++;
		return (struct attempt){
		    .method = decoy_method(pair, 0),
		    .from_decoy = true,
		};
	}
	return (struct attempt){
	    .method = decoy_method(pair, state->attempts++),
	    .from_decoy = true,
	};
}

static void
take_back(const struct pair *pair)
{
	((struct state *)pair->state)->attempts--;
}

/* Whether the pending attempt came from `target`, a decoy. */
static bool
was_elicited(const struct attempt_out *attempt, const struct address *target)
{
	return attempt->out && attempt->from_decoy && address_equal(&attempt->source, target);
}

static struct news
attempt_answered(const struct observation *observation)
{
	return (struct news){.kinds = NEWS_ATTEMPT_ANSWERED, .host = observation->host};
}

/* The host asks before it answers, with an SPA other than the VIP. Only the packet that follows
 * shows what it asked for. A host may speak as another address of its own. But an address that is
 * heard only once may be the VIP in a damaged frame, so the host is elicited again. */
static struct news
observe_asking(const struct observation *observation)
{
	const struct attempt_out *attempt = observation->attempt;
	const struct frame_arp *arp = &observation->heard->frame->arp;
	struct state *state = observed_state(observation, attempt->vip);
	const bool sure = hosts_hear_sender(observation->facts, observation->host, &arp->spa);

	state->asked = state->asked || sure;
	state->asked_ever = true;
	return (struct news){.kinds = NEWS_DECOY_ASKED, .host = observation->host, .mac = arp->sha};
}

static struct news
observe_request(const struct observation *observation)
{
	const struct heard *heard = observation->heard;
	const struct frame_arp *arp = &heard->frame->arp;
	const struct attempt_out *attempt = observation->attempt;
	const bool elicited = was_elicited(attempt, &arp->tpa);

	if (heard->vip != NONE) {
		if (!owner_is_host(observation->facts, observation->host, heard->vip))
			holding_hear_request(observation->facts, observation->host, heard);
		return elicited ? attempt_answered(observation) : news_none();
	}
	if (elicited && address_is_unicast(&arp->spa) &&
	    mac_equal(&heard->frame->destination, &mac_broadcast))
		return observe_asking(observation);
	return news_none();
}

/* The host's packet to the address that asked. If no request came before it, the host already had
 * an entry for that address. If it is not from the VIP, the request was for this packet. */
static struct news
observe_packet(const struct observation *observation)
{
	const struct heard *heard = observation->heard;
	const struct attempt_out *attempt = observation->attempt;

	if (!was_elicited(attempt, &heard->frame->ip.destination))
		return news_none();
	struct state *state = observed_state(observation, attempt->vip);

	if (attempt->beside) {
		if (heard->vip == attempt->vip && state->asked)
			holding_hear_beside(observation->facts, observation->host, attempt->vip);
	} else if (heard->vip != attempt->vip) {
		state->elsewhere++;
	} else if (!state->asked) {
		state->unprompted++;
	} else {
		state->clean = true;
	}
	return attempt_answered(observation);
}

static struct news
observe(const struct observation *observation)
{
	switch (observation->heard->frame->kind) {
	case FRAME_ARP:
		return observation->heard->request ? observe_request(observation) : news_none();
	case FRAME_ECHO_REPLY:
	case FRAME_TCP:
	case FRAME_ICMP_ERROR:
		return observe_packet(observation);
	default:
		return news_none();
	}
}

/* Why there is no decoy to elicit from. One decoy that is in use is enough of an example, because a
 * user may have named thousands. */
static const char *
no_decoy(const struct facts *facts, struct arena *arena)
{
	char address[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	if (facts->cluster->decoy_count == 0)
		return "no address of the segment is known to be free for use as a decoy";
	for (uint32_t i = 0; i < decoys_count_usable(facts); i++) {
		const struct decoy *decoy = decoy_of(facts, i);

		if (!mac_equal(&decoy->answered_by[0], &mac_zero))
			return arena_format(arena,
			    "none of the named decoys is known to be free: %s is in use by %s",
			    address_format(&decoy->address, address),
			    mac_format(&decoy->answered_by[0], mac));
	}
	return "none of the named decoys is known to be free";
}

/* Whether the host would have been elicited, had there been the time. */
static bool
is_too_late(const struct pair *pair)
{
	const struct state *state = pair->state;

	return pair->facts->asked->elicit_over && state->attempts == 0;
}

static bool
owner_is_proxy(const struct facts *facts, uint32_t vip)
{
	const uint32_t owner = owner_to_restore(facts, vip);

	return owner != NONE && claimant_is_owner(claimant_of(facts, vip, owner)) &&
	       !claimant_answers_probes(facts, vip, owner);
}

static bool
owner_is_maybe_server(const struct facts *facts, uint32_t vip)
{
	const uint32_t owner = owner_to_restore(facts, vip);

	return owner != NONE && owner_may_be_server(facts, vip, owner);
}

/* Why it was not seen which SPA the host uses, and what to do about it. */
static void
judge_unseen(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct state *state = pair->state;
	const bool holds = holding_of(facts, pair->host, pair->vip)->holds_vip;
	const struct cause *cause;
	const char *reason;
	const char *remedy = "";

	if (state->clean) {
		cause = &unheld;
		reason = "the host asked for the decoy with its own address, but was not seen to "
			 "hold the VIP, so that says nothing of its requests as the VIP";
	} else if (master_may_be_host(facts, pair->vip, pair->host)) {
		cause = &unasked_master;
		reason = "the host was not elicited: it may be the master of the virtual router "
			 "that owns the VIP, and no VRRP advertisement shows whether it is";
		remedy = "# run the audit from a host that hears the VRRP advertisements";
	} else if (is_too_late(pair)) {
		cause = &too_late;
		reason = "the host was not elicited: --timeout left too little time to undo a leak";
		remedy = "# allow more time (--timeout)";
	} else if (owner_is_proxy(facts, pair->vip)) {
		cause = &proxied_owner;
		reason = "the host was not elicited: the owner of the VIP answers no ARP probe, as "
			 "a router that proxies the VIP, so a leak could not be undone";
		remedy = "# run the audit on the segment where the director itself holds the VIP";
	} else if (owner_is_unprovoked(facts, pair->vip)) {
		cause = &unprovoked;
		reason = "the host was not elicited: the owner of the VIP was asked to claim it by "
			 "broadcast, and did not, so a leak could not be undone";
		remedy = "# read the setting on the host: sysctl -ar "
			 "'conf\\.[^.]+\\.arp_announce' (2 is right)";
	} else if (owner_is_ambiguous(facts, pair->vip)) {
		cause = &not_undoable;
		reason = owner_count(facts, pair->vip) == 1
			     ? "the host was not elicited: the only owner is not known to be the "
			       "director, so a leak could not be undone"
			     : "the host was not elicited: with several owners, a leak could not "
			       "be undone";
		remedy = facts->cluster->owner == OWNER_NONE || facts->cluster->director_count > 0
			     ? "# make sure that the VIP has no more owners than it may, then run "
			       "the audit again"
			     : "# name the director: --director IP|MAC";
	} else if (owner_is_maybe_server(facts, pair->vip)) {
		cause = &not_undoable;
		reason = "the host was not elicited: the owner may be another card of a listed "
			 "server, so a leak could not be undone";
		remedy = "# name the director: --director IP|MAC";
	} else if (decoys_ready(facts) == 0) {
		cause = &no_decoys;
		reason = no_decoy(facts, judgement->arena);
		remedy = "# name unused addresses of the subnet: --decoy IP[,IP...]";
	} else if (may_use_decoy(pair) && !decoy_is_available(facts, pair->host)) {
		cause = &no_decoys;
		reason = "the host was asked from each address that is known to be unused: the "
			 "subnet has too few, or the host left too many attempts unanswered";
		remedy =
		    "# audit fewer VIPs at a time, or name unused addresses: --decoy IP[,IP...]";
	} else if (state->unprompted > 0) {
		cause = &known_decoy;
		reason = "the host answered without asking for the decoy: it already had an ARP "
			 "entry for it";
		remedy = "# run the audit again with other or more decoys: --decoy IP[,IP...]";
	} else if (state->elsewhere > 0) {
		cause = &elsewhere;
		reason =
		    "the host asked for the decoy, but for packets that were not from the VIP: "
		    "a filter rejects packets for the VIP, or the VIP is not bound and the "
		    "host forwards";
		remedy = "# let one kind of packet for the VIP through to the host: ICMP echo, or "
			 "its TCP port\n# (then name that: --vip VIP:PORT)";
	} else if (state->asked_ever) {
		cause = &unfollowed;
		reason = "the host asked for the decoy, but sent no packet from the VIP to it: "
			 "frames are lost, or a switch drops ARP from addresses that are not this "
			 "machine's own (ARP inspection)";
		remedy = "# name unused addresses that the network allows this machine to use: "
			 "--decoy IP[,IP...]";
	} else if (state->attempts == 0 && holds) {
		cause = &unelicited;
		reason = "the audit ended before the host was elicited";
		remedy = judge_more_time(facts);
	} else if (holds) {
		cause = &filtered;
		reason = "no packet made the host ask for a decoy: either the packets are dropped "
			 "on the way (IP source guard), or its ARP requests are filtered";
		remedy =
		    "# if the switch passes only certain sources from this port, have it pass an "
		    "unused address as well, and name that address: --decoy IP";
	} else {
		cause = &unseen;
		reason = "no packet made the host ask for a decoy: the VIP is not bound, or frames "
			 "are filtered";
	}
	judge_inconclusive(judgement, cause, 0, -1, reason, remedy);
}

/* The host has sent an ARP request as the VIP. */
static void
judge_request(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);

	if (owner_count(facts, pair->vip) > 1 && handover_possible_of(facts, pair->vip, pair->host))
		judge_inconclusive(judgement, &handing_over, 0, -1,
		    "the host may have handed the VIP over or taken it over",
		    "# run the audit again: after a hand-over, only the director speaks as the "
		    "VIP");
	else if (master_may_be_host(facts, pair->vip, pair->host))
		judge_inconclusive(judgement, &maybe_master, 0, -1,
		    "the host sends ARP requests as the VIP, and may be the master of the virtual "
		    "router that owns it",
		    "# run the audit from a host that hears the VRRP advertisements");
	else if (!holding->replied &&
		 master_is_unanswering_host(facts, pair->vip, pair->host, holding->spoke_us))
		judge_inconclusive(judgement, &unanswering_master, 0, -1,
		    "the host sends ARP requests as the VIP, and is or was the master of its "
		    "virtual router, but no director was heard to answer for the VIP",
		    "# on the master, find out what keeps it from answering ARP for the VIP");
	else if (holding->relayed_requests == 0 &&
		 takeover_is_possible_of_host(facts, pair->vip, pair->host))
		judge_inconclusive(judgement, &taking_over, 0, -1,
		    "the host announced the VIP, and may have taken it over as the audit ended",
		    "# run the audit again: after a hand-over, only the director claims the VIP");
	else if (owner_is_undecided_host(facts, pair->vip, pair->host))
		judge_may_be_director(pair, judgement, "answers for, and sends ARP requests as");
	else if (!has_spoken(pair))
		judge_inconclusive(judgement, &maybe_former_master, 0, -1,
		    "the host sent an ARP request as the VIP before any VRRP advertisement was "
		    "heard, and may have been the master of the virtual router then",
		    "# run the audit again");
	else if (owner_is_crowded_out(facts, pair->vip, pair->host))
		judge_crowded_out(judgement);
	else if (judge_unheard_director(facts, pair->host, judgement))
		return;
	else if (holding->relayed_requests == 0 &&
		 claims_are_doubtful(facts, pair->host, pair->vip, claimant_requests))
		judge_doubtful(
		    judgement, arena_format(judgement->arena, "claims %s", judgement->vip));
	else
		judge_fail_unexplained(judgement, holding->request_evidence);
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);
	const struct state *state = pair->state;

	if (owner_is_host(facts, pair->host, pair->vip))
		judge_skip(
		    judgement, "the host is the director, which may send ARP requests as the VIP");
	else if (holding->spoke)
		judge_request(pair, judgement);
	else if (holding->relayed_requests > 0)
		judge_relayed(judgement);
	else if (!facts->settings->elicit)
		judge_skip(judgement, "--no-elicit turns this test off");
	else if (holding->spoke_unknown)
		judge_inconclusive(judgement, &other_card, 0, -1,
		    "an unknown MAC asked as the VIP for the decoy from which this host was "
		    "elicited: it may be another card of the host",
		    "# on the host, see which interfaces are on the segment (ip -br link), and set "
		    "arp_announce for each");
	else if (state->clean && holding->holds_vip)
		judge_pass(judgement, 1, 0);
	else if (!judge_unheard(facts, pair->host, judgement))
		judge_unseen(pair, judgement);
}

static void
explain(const struct pair *pair, const struct host_result *result, struct judgement *judgement)
{
	const struct remedy_case of = judge_remedy_case(pair, result, judgement);

	if (judge_explain_announcer(pair, false, &of, judgement))
		return;
	judge_explain(judgement, &speaks,
	    arena_format(judgement->arena,
		"the host sends ARP requests as %s, and each of them takes the VIP from the "
		"director%s",
		judgement->vip,
		remedy_announce_levels(judgement->arena, result->arp_announce, of.announce_unfit)),
	    remedy_server(judgement->arena, &of));
}

const struct check check_vip_source = {
    .title = {.name = "vip-source", .heading = "SOURCE", .column = COLUMN_ALWAYS},
    .exemption = EXEMPT_SILENT_STANDBY,
    .claims = claimant_requests,
    .state_size = sizeof(struct state),
    .forget = forget,
    .lane = LANE_ELICIT,
    .wants = wants,
    .attempt = attempt,
    .take_back = take_back,
    .observe = observe,
    .judge = judge,
    .explain = explain,
};
