/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/judge/judgement.h"

#include <string.h>

#include "audit/facts/asked.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"

const struct cause judge_loss = {
    "frames-lost", "so many frames are lost that a fault may have been missed"};
static const struct cause silent = {
    "host-silent", ("the host does not answer for its own address: it is down, is not on this "
		    "segment, or has arp_ignore=8")};
static const struct cause lost = {
    "host-lost", ("the host stopped answering for its own address during the audit")};
static const struct cause unfinished = {"cut-short", ("the audit ended before this was decided")};
static const struct cause dropped = {"capture-lost",
    ("the kernel of this machine repeatedly dropped captured frames, so silence proves nothing")};
static const struct cause crowded_out = {
    "crowded-out", ("more machines claim the VIP than are told apart")};
static const struct cause relayed = {
    "relayed-claim", ("one claim of the VIP carries the host's MAC and another one: the frame was "
		      "damaged, forged or relayed")};
static const struct cause hidden = {"hidden-by-proxy",
    ("only a machine that answers for addresses of others answers for the host")};
static const struct cause undecided = {
    "maybe-director", ("the host answers for the VIP, and may be the director, which must do so")};
static const struct cause announces = {"announces-vip",
    ("the host announces the VIP by gratuitous ARP, so it takes the VIP from the director")};
static const struct cause doubtful = {
    "doubtful-mac", ("one reply for the host's address carried the MAC of a machine at fault: a "
		     "damaged frame, or a second interface")};

static void
fill_evidence(struct arena *arena, const struct kept_frame *kept, struct evidence *evidence)
{
	uint8_t *bytes = arena_alloc(arena, kept->length, 1);
	struct frame frame;
	char summary[FRAME_SUMMARY_SIZE];

	memcpy(bytes, kept->bytes, kept->length);
	if (frame_decode(bytes, kept->length, &frame) != FRAME_OK)
		frame.kind = FRAME_OTHER;
	*evidence = (struct evidence){
	    .time_us = kept->time_us,
	    .frame = kept->number,
	    .summary = arena_format(arena, "%s", frame_summary(&frame, summary)),
	    .bytes = bytes,
	    .length = kept->length,
	};
}

static struct finding *
next_finding(struct findings *findings, struct arena *arena)
{
	if (findings->count == findings->capacity) {
		const size_t capacity = findings->capacity == 0 ? 8 : 2 * findings->capacity;
		struct finding *larger = arena_alloc(arena, capacity, sizeof(*larger));

		if (findings->count > 0)
			memcpy(larger, findings->finding, findings->count * sizeof(*larger));
		findings->finding = larger;
		findings->capacity = capacity;
	}
	return &findings->finding[findings->count++];
}

/* Frames that are not there, or whose octets are not known, are left out. */
static void
add_finding(struct findings *findings, struct arena *arena, const struct finding *finding,
    const struct kept_frame *const *frames, size_t frame_count)
{
	struct evidence *evidence = NULL;
	struct finding *added = next_finding(findings, arena);

	*added = *finding;
	for (size_t i = 0; i < frame_count; i++) {
		if (frames[i] == NULL || frames[i]->length == 0)
			continue;
		if (evidence == NULL)
			evidence = arena_alloc(arena, frame_count, sizeof(*evidence));
		fill_evidence(arena, frames[i], &evidence[added->evidence_count++]);
	}
	added->evidence = evidence;
}

static void
set(struct judgement *judgement, enum check_outcome outcome, uint32_t confirmations, double bound,
    const char *reason)
{
	struct check_result *result = judgement->result;

	result->outcome = outcome;
	result->confirmations = confirmations;
	result->false_pass_bound = bound;
	result->reason = reason;
}

void
judge_skip(struct judgement *judgement, const char *reason)
{
	set(judgement, OUTCOME_SKIPPED, 0, -1, reason);
}

void
judge_pass(struct judgement *judgement, uint32_t confirmations, double bound)
{
	set(judgement, OUTCOME_PASS, confirmations, bound, "");
}

void
judge_inconclusive(struct judgement *judgement, const struct cause *cause, uint32_t confirmations,
    double bound, const char *reason, const char *remedy)
{
	struct findings *findings = judgement->findings;

	set(judgement, OUTCOME_INCONCLUSIVE, confirmations, bound, reason);
	/* One cause makes several checks inconclusive. It is reported once. */
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->finding[i].message, reason) == 0)
			return;
	const struct finding finding = {
	    .id = judgement->id,
	    .severity = SEVERITY_INCONCLUSIVE,
	    .cause = cause,
	    .message = reason,
	    .remedy = remedy,
	};

	add_finding(findings, judgement->arena, &finding, NULL, 0);
}

void
judge_fail(struct judgement *judgement, const struct cause *cause, const char *message,
    const char *remedy, const struct kept_frame *kept)
{
	const struct finding finding = {
	    .id = judgement->id,
	    .severity = SEVERITY_VIOLATION,
	    .cause = cause,
	    .message = message,
	    .remedy = remedy,
	};

	set(judgement, OUTCOME_FAIL, 0, -1, message);
	judgement->failure = judgement->findings->count;
	add_finding(judgement->findings, judgement->arena, &finding, &kept, 1);
}

void
judge_fail_unexplained(struct judgement *judgement, const struct kept_frame *kept)
{
	judge_fail(judgement, NULL, "", "", kept);
}

void
judge_vip(struct vip_judgement *judgement, const char *id, const struct cause *cause,
    enum severity severity, const char *message, const char *remedy, const struct kept_frame *kept)
{
	judge_vip_exchange(judgement, id, cause, severity, message, remedy, NULL, kept);
}

void
judge_vip_exchange(struct vip_judgement *judgement, const char *id, const struct cause *cause,
    enum severity severity, const char *message, const char *remedy, const struct kept_frame *sent,
    const struct kept_frame *heard)
{
	const struct kept_frame *const frames[] = {sent, heard};
	const struct finding finding = {
	    .id = id,
	    .severity = severity,
	    .cause = cause,
	    .message = message,
	    .remedy = remedy,
	};

	add_finding(judgement->findings, judgement->arena, &finding, frames,
	    sizeof(frames) / sizeof(frames[0]));
}

const char *
judge_more_time(const struct facts *facts)
{
	return facts->settings->timeout_us > 0
		   ? "# let the audit finish: allow more time (--timeout)"
		   : "# let the audit finish";
}

const char *
judge_less_loss(const struct facts *facts)
{
	return facts->settings->timeout_us > 0
		   ? "# find out what loses frames, or allow more time (--timeout)"
		   : "# find out what loses frames, then run the audit again";
}

bool
judge_unheard(const struct facts *facts, uint32_t index, struct judgement *judgement)
{
	const struct inquiry *inquiry = inquiry_of(facts, index);
	const char *reason;
	const char *remedy;
	const struct cause *cause;

	if (host_of(facts, index)->mac_count == 0 && inquiry->stage == STAGE_DONE) {
		cause = &silent;
		reason = arena_format(judgement->arena,
		    "the host does not answer for %s: it is down, is not on this segment, or has "
		    "arp_ignore=8",
		    judgement->host);
		remedy =
		    "# check that the host is up, and that this is its segment\n"
		    "# no interface can lower arp_ignore 8 of net.ipv4.conf.all: change it there";
	} else if (inquiry->lost) {
		cause = &lost;
		reason = "the host stopped answering for its own address during the audit";
		remedy = "# run the audit again when the host is stable";
	} else if (inquiry->stage != STAGE_DONE) {
		cause = &unfinished;
		reason = "the audit ended before this was decided";
		remedy = judge_more_time(facts);
	} else if (inquiry->voids > VOIDS_MAX) {
		cause = &dropped;
		reason = "the kernel of this machine repeatedly dropped captured frames, so "
			 "silence proves nothing";
		remedy = "# run the audit from a less busy machine, or lower --rate";
	} else {
		return false;
	}
	judge_inconclusive(judgement, cause, 0, -1, reason, remedy);
	return true;
}

bool
judge_unheard_director(const struct facts *facts, uint32_t host, struct judgement *judgement)
{
	return host_of(facts, host)->director && !host_is_known(facts, host) &&
	       judge_unheard(facts, host, judgement);
}

void
judge_crowded_out(struct judgement *judgement)
{
	judge_inconclusive(judgement, &crowded_out, 0, -1,
	    arena_format(judgement->arena,
		"more machines claim %s than are told apart, and the named director may be one of "
		"those that were not",
		judgement->vip),
	    "# find the machines that claim it, by their Ethernet sources, then run the audit "
	    "again");
}

void
judge_relayed(struct judgement *judgement)
{
	judge_inconclusive(judgement, &relayed, 0, -1,
	    arena_format(judgement->arena,
		"one claim of %s carries the host's MAC and another one: the frame was damaged on "
		"the way, forged or relayed",
		judgement->vip),
	    "# run the audit again; if this recurs, find out what answers or forwards in place of "
	    "the host");
}

void
judge_doubtful(struct judgement *judgement, const char *does)
{
	judge_inconclusive(judgement, &doubtful, 0, -1,
	    arena_format(judgement->arena,
		"one ARP reply for %s carried the MAC of a machine that %s: either the frame of "
		"another machine was damaged on the way, or the host has a second interface",
		judgement->host, does),
	    "# run the audit again; if this recurs, find the machine with that MAC");
}

bool
judge_hidden(const struct facts *facts, uint32_t host, struct judgement *judgement)
{
	char mac[MAC_TEXT_SIZE];

	if (!proxy_hides_host(facts, host))
		return false;
	judge_inconclusive(judgement, &hidden, 0, -1,
	    arena_format(judgement->arena,
		"only %s answers for %s, and it answers for addresses of others too: the host is "
		"down, or hidden behind a proxy or the network",
		mac_format(&host_of(facts, host)->mac[0], mac), judgement->host),
	    proxies_own_segment(facts)
		? "# audit from a machine that the hosts answer directly: a private VLAN or a "
		  "cloud's\n"
		  "# network answers ARP itself"
		: "# check that the host is up, and that this is its segment");
	return true;
}

void
judge_may_be_director(const struct pair *pair, struct judgement *judgement, const char *does)
{
	judge_inconclusive(judgement, &undecided, 0, -1,
	    arena_format(judgement->arena,
		"the host %s %s, and may be the director, which must do so", does, judgement->vip),
	    remedy_undecided(
		judgement->arena, judgement->vip, vip_has_tcp_port(pair->facts, pair->vip)));
}

void
judge_explain(
    struct judgement *judgement, const struct cause *cause, const char *message, const char *remedy)
{
	struct finding *finding = &judgement->findings->finding[judgement->failure];

	judgement->result->reason = message;
	finding->cause = cause;
	finding->message = message;
	finding->remedy = remedy;
}

const char *
judge_loss_reason(
    const struct facts *facts, struct judgement *judgement, enum path path, double reached)
{
	return arena_format(judgement->arena,
	    "the segment loses %.0f%% of the %s exchanges: a fault may be missed with a "
	    "probability of %.1e",
	    100 * loss_estimate(&facts->loss[path]),
	    path == PATH_BROADCAST ? "broadcast" : "unicast", reached);
}

static bool
is_carp(const struct facts *facts, uint8_t vrid)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (router_of(facts, vip)->carp && router_of(facts, vip)->vrid == vrid)
			return true;
	return false;
}

uint32_t
judge_named_host(const struct facts *facts, const struct mac *mac)
{
	uint32_t host = host_find_mac(facts, mac);

	while (host != NONE && proxy_hides_host(facts, host))
		host = host_next_with_mac(facts, host, mac);
	return host;
}

/* A proxy sends from addresses that are not its own. */
struct address
judge_claimant_ip(const struct facts *facts, const struct claimant *claimant)
{
	const uint32_t host = judge_named_host(facts, &claimant->mac);

	if (host != NONE)
		return host_of(facts, host)->rip;
	if (proxy_is(facts, &claimant->mac))
		return (struct address){.family = ADDRESS_NONE};
	return claimant_ip(facts, claimant);
}

const char *
judge_claimant_name(const struct facts *facts, struct arena *arena, const struct claimant *claimant)
{
	const struct address known = judge_claimant_ip(facts, claimant);
	const uint8_t vrid = mac_vrrp_vrid(&claimant->mac);
	char mac[MAC_TEXT_SIZE], sender[MAC_TEXT_SIZE], ip[ADDRESS_TEXT_SIZE];
	const char *name = arena_format(arena, "%s", mac_format(&claimant->mac, mac));

	address_format(&known, ip);
	if (vrid != 0)
		name = arena_format(arena, "%s (%s %u%s%s)", name,
		    is_carp(facts, vrid) ? "CARP virtual host" : "VRRP virtual router", vrid,
		    address_is_set(&known) ? ", " : "", address_is_set(&known) ? ip : "");
	else if (address_is_set(&known))
		name = arena_format(arena, "%s (%s)", name, ip);
	if (mac_equal(&claimant->relayed.sender, &mac_zero))
		return name;
	return arena_format(
	    arena, "%s in frames from %s", name, mac_format(&claimant->relayed.sender, sender));
}

bool
judge_explain_announcer(
    const struct pair *pair, bool reply, const struct remedy_case *of, struct judgement *judgement)
{
	if (!claims_are_gratuitous(pair->facts, pair->host, pair->vip, reply))
		return false;
	judge_explain(judgement, &announces,
	    arena_format(judgement->arena,
		"the host announces %s by gratuitous ARP %s, and each of them takes the VIP from "
		"the director; no level of arp_ignore or arp_announce makes it do so",
		judgement->vip, reply ? "replies" : "requests"),
	    remedy_server(judgement->arena, of));
	return true;
}

/* The outcome of one of the host's checks; skipped if the check is not in the table. */
enum check_outcome
judge_outcome(const struct host_result *result, const char *name)
{
	const struct check_result *check = result_check(result, name);

	return check == NULL ? OUTCOME_SKIPPED : check->outcome;
}

struct remedy_case
judge_remedy_case(
    const struct pair *pair, const struct host_result *result, const struct judgement *judgement)
{
	const struct facts *facts = pair->facts;
	const struct host *host = host_of(facts, pair->host);
	const struct holding *holding = holding_of(facts, pair->host, pair->vip);
	/* No levels are inferred for a host that does not show that it holds the VIP. */
	const bool known = holding->holds_vip;
	const bool reply = claims_are_gratuitous(facts, pair->host, pair->vip, true);
	const bool request = claims_are_gratuitous(facts, pair->host, pair->vip, false);
	const bool answers = judge_outcome(result, "vip-reply") == OUTCOME_FAIL;
	const bool speaks = judge_outcome(result, "vip-source") == OUTCOME_FAIL;

	return (struct remedy_case){
	    .vip = judgement->vip,
	    .rip = judgement->host,
	    .segment = judgement->segment,
	    .ignore_levels = known ? result->arp_ignore : 0,
	    .answers = answers && !reply,
	    .speaks = speaks && !request,
	    .announces = (answers && reply) || (speaks && request),
	    .director = host->director,
	    .only_director = host->director && !host->listed,
	    .ignore_unfit = known && result->arp_ignore == 0,
	    .announce_unfit = known && result->arp_announce == 0,
	};
}
