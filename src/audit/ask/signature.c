/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/signature.h"

#include <stdlib.h>

#include "audit/ask/rehearsal.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/owner/director.h"
#include "audit/owner/eligible.h"
#include "audit/owner/signature.h"

#define TRIES        16
#define TRIES_SILENT 7 /* without any answer the port is filtered */
#define TRIES_GUESS  4 /* for each guessed port */
#define POLL_US      20000
#define BACKOFF_MAX  3
/* Packets that nobody forwards: IPVS leaves these alone, and their TTL is 1. */
static const enum elicit_method self_methods[] = {ELICIT_ECHO, ELICIT_TCP_CLOSED, ELICIT_ECHO};
#define SELF_TRIES (sizeof(self_methods) / sizeof(self_methods[0]))
#define PORTS      (AUDIT_ELICIT_PORTS - 1) /* the first port is for the hosts' attempts */

/* Where the plan names no TCP port, the service may be at one of these. It is at the first one at
 * which an owner forwards. What owners answer themselves says nothing before that: they may have
 * services of their own. */
static const uint16_t guessed_ports[] = {443, 80};
#define TRIES_GUESSED (TRIES_GUESS * sizeof(guessed_ports) / sizeof(guessed_ports[0]))

/* The SYNs to a claimant. */
struct asked_owner {
	uint8_t self_tries; /* packets that only the owner itself answers, sent first */
	uint8_t tries;      /* SYNs */
	bool out;           /* the last question still waits for its answer */
	bool by_syn;        /* that question is a SYN for VIP:port */
	uint16_t port;      /* source port of the SYN */
	uint16_t service;   /* its destination port */
	uint16_t number;    /* packet number, in its sequence number */
};

/* The inquiry for a VIP. */
struct asked_signature {
	uint8_t silent; /* rounds in a row with unanswered SYNs */
	uint16_t port;  /* of the service, if the plan names none; 0: not known */
	uint16_t syns;
	struct asked_owner *owner; /* by the claimant's index */
};

struct asked_signatures {
	uint32_t planted; /* number of hosts, in the order of the table, known to have the probe
			   * in their caches */
	struct asked_signature *vip;
	struct asked_owner *owner; /* of all VIPs */
};

bool
ask_signature_init(struct ask *ask)
{
	const uint32_t owners = claims_capacity(ask->facts);
	struct asked_signatures *signatures = calloc(1, sizeof(*signatures));

	ask->signatures = signatures;
	if (signatures == NULL)
		return false;
	signatures->vip = calloc(vip_count(ask->facts), sizeof(*signatures->vip));
	signatures->owner =
	    calloc((size_t)vip_count(ask->facts) * owners, sizeof(*signatures->owner));
	if (signatures->vip == NULL || signatures->owner == NULL)
		return false;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		signatures->vip[vip].owner = &signatures->owner[(size_t)vip * owners];
	return true;
}

void
ask_signature_free(struct ask *ask)
{
	if (ask->signatures == NULL)
		return;
	free(ask->signatures->vip);
	free(ask->signatures->owner);
	free(ask->signatures);
}

static bool
is_possible(const struct ask *ask, uint32_t vip)
{
	const struct plan_cluster *cluster = ask->facts->cluster;

	return ask->facts->settings->elicit && cluster->director_count == 0 &&
	       (vip_has_tcp_port(ask->facts, vip) ||
		   (cluster->owner != OWNER_NONE && owner_count(ask->facts, vip) > 1));
}

static void
set_due(struct ask *ask, uint32_t vip, uint64_t due_us)
{
	asked_set_signature_open(ask->facts, vip, true);
	ask_schedule(ask, LANE_UNICAST, TASK_SIGNATURE, vip, due_us);
}

void
ask_signature_begin(struct ask *ask, uint64_t now_us)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		if (is_possible(ask, vip))
			set_due(ask, vip, now_us + POLL_US);
}

void
ask_signature_consider(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	if (is_possible(ask, vip) && !asked_of(ask->facts, vip)->signature_open)
		set_due(ask, vip, now_us + POLL_US);
}

/* Whether all hosts have the probe in their caches. Each host is looked at only once, until lost
 * captures restart the count. */
static bool
hosts_are_planted(struct ask *ask)
{
	struct asked_signatures *signatures = ask->signatures;

	while (signatures->planted < host_count(ask->facts) &&
	       inquiry_of(ask->facts, signatures->planted)->stage > STAGE_FENCE)
		signatures->planted++;
	return signatures->planted == host_count(ask->facts);
}

/* Whether the owners and the decoys are decided, what an owner forwards can be undone, and all
 * hosts know the probe. */
static bool
is_ready(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	return decoys_are_decided(ask->facts) && ask->facts->asked->rounds_wanted == 0 &&
	       !asked_of(ask->facts, vip)->handover_open &&
	       ask_rehearsal_is_over(ask, vip, now_us) && hosts_are_planted(ask);
}

/* The TCP port of the service; 0: it is guessed. */
static uint16_t
known_port(const struct ask *ask, uint32_t vip)
{
	return vip_has_tcp_port(ask->facts, vip) ? vip_port(ask->facts, vip)
						 : ask->signatures->vip[vip].port;
}

static bool
is_open(const struct ask *ask, uint32_t vip, uint32_t index)
{
	const struct claimant *claimant = claimant_of(ask->facts, vip, index);
	const struct signature *seen = &claimant->signature;
	const bool silent = seen->own + seen->forwarded + seen->foreign == 0;
	const size_t tries = known_port(ask, vip) == 0 ? TRIES_GUESSED
			     : silent                  ? TRIES_SILENT
						       : TRIES;

	return claimant_is_owner(claimant) && heard_may_be_machine(ask->facts, &claimant->mac) &&
	       ask->signatures->vip[vip].owner[index].tries < tries &&
	       !owner_has_signature(ask->facts, claimant) &&
	       !owner_has_no_signature(ask->facts, claimant);
}

static bool
is_self_known(const struct ask *ask, uint32_t vip, uint32_t index)
{
	return !mac_equal(&claimant_of(ask->facts, vip, index)->signature.self, &mac_zero);
}

static void
push(struct ask *ask, uint32_t vip, uint32_t index, uint8_t flags)
{
	const struct asked_owner *owner = &ask->signatures->vip[vip].owner[index];
	const struct elicitation syn = {
	    .method = ELICIT_TCP_SERVICE,
	    .mac = claimant_of(ask->facts, vip, index)->mac,
	    .source = ask->facts->probe.source,
	    .vip = *vip_address(ask->facts, vip),
	    .port = owner->service,
	    .number = owner->number,
	};
	struct frame frame;

	probe_signature(&ask->facts->probe, &syn, owner->port, flags, &frame);
	ask_push(ask, flags == TCP_SYN ? LANE_UNICAST : LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

/* The last packet that only the owner itself answers. */
static struct elicitation
self_question(const struct ask *ask, uint32_t vip, uint32_t index)
{
	const struct asked_owner *owner = &ask->signatures->vip[vip].owner[index];

	return (struct elicitation){
	    .method = self_methods[owner->self_tries - 1],
	    .mac = claimant_of(ask->facts, vip, index)->mac,
	    .source = ask->facts->probe.source,
	    .vip = *vip_address(ask->facts, vip),
	    .number = owner->number,
	};
}

static void
ask_self(struct ask *ask, uint32_t vip, uint32_t index)
{
	struct asked_owner *owner = &ask->signatures->vip[vip].owner[index];
	struct elicitation question;
	struct frame frame;

	owner->by_syn = false;
	owner->self_tries++;
	owner->number = ask->pace->next_number++;
	question = self_question(ask, vip, index);
	probe_elicit(&ask->facts->probe, &question, &frame);
	ask_push(ask, LANE_UNICAST, &frame, PURPOSE_NONE, NONE);
}

static void
ask_by_syn(struct ask *ask, uint32_t vip, uint32_t index)
{
	struct asked_signature *asked = &ask->signatures->vip[vip];
	struct asked_owner *owner = &asked->owner[index];

	owner->by_syn = true;
	owner->service = known_port(ask, vip);
	if (owner->service == 0)
		owner->service = guessed_ports[owner->tries / TRIES_GUESS];
	owner->tries++;
	owner->port = (uint16_t)(ask->facts->probe.elicit_port + 1 + asked->syns++ % PORTS);
	owner->number = ask->pace->next_number++;
	push(ask, vip, index, TCP_SYN);
}

/* Ends the question under way. A RST follows each SYN. */
static void
end(struct ask *ask, uint32_t vip, uint32_t index)
{
	struct asked_owner *owner = &ask->signatures->vip[vip].owner[index];
	struct frame frame;

	owner->out = false;
	if (owner->by_syn) {
		push(ask, vip, index, TCP_RST);
		return;
	}
	const struct elicitation question = self_question(ask, vip, index);

	if (question.method != ELICIT_TCP_CLOSED)
		return;
	probe_reset(&ask->facts->probe, &question, &frame);
	ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

/* Two open SYNs must not share a port, or a real server would take them for one connection. So a
 * round asks as many owners as there are ports; the others follow when these are decided. */
static bool
ask_owners(struct ask *ask, uint32_t vip)
{
	struct asked_signature *asked = &ask->signatures->vip[vip];
	uint32_t count = 0;

	for (uint32_t i = 0; i < claims_count(ask->facts, vip) && count < PORTS &&
			     lanes_room(&ask->pace->lanes, LANE_UNICAST) > 0;
	     i++) {
		struct asked_owner *owner = &asked->owner[i];

		if (!is_open(ask, vip, i))
			continue;
		owner->out = true;
		if (is_self_known(ask, vip, i) || owner->self_tries == SELF_TRIES)
			ask_by_syn(ask, vip, i);
		else
			ask_self(ask, vip, i);
		count++;
	}
	return count > 0;
}

/* Ends the SYNs that got no answer in time. True if there were any. */
static bool
end_round(struct ask *ask, uint32_t vip)
{
	struct asked_signature *asked = &ask->signatures->vip[vip];
	bool silent = false;

	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++) {
		if (!asked->owner[i].out)
			continue;
		end(ask, vip, i);
		silent = true;
	}
	return silent;
}

/* Runs a round: a question to each undecided owner, then the answers or a timeout. */
struct news
ask_signature_run(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct asked_signature *asked = &ask->signatures->vip[vip];

	if (!is_ready(ask, vip, now_us)) {
		set_due(ask, vip, now_us + POLL_US);
		return news_none();
	}
	if (!end_round(ask, vip))
		asked->silent = 0;
	else if (asked->silent < BACKOFF_MAX)
		asked->silent++;
	if (!owner_signature_is_needed(ask->facts, vip) || owner_is_unprovoked(ask->facts, vip) ||
	    !ask_owners(ask, vip)) {
		asked_set_signature_open(ask->facts, vip, false);
		return (struct news){.kinds = NEWS_SIGNATURE_OVER, .vip = vip};
	}
	set_due(
	    ask, vip, now_us + round_trip_timeout_us(&ask->pace->round_trip, 1u + asked->silent));
	return news_none();
}

static bool
is_any_out(const struct ask *ask, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (ask->signatures->vip[vip].owner[i].out)
			return true;
	return false;
}

static bool
is_error_about(
    const struct ask *ask, uint32_t vip, const struct asked_owner *owner, const struct frame *frame)
{
	return frame->kind == FRAME_ICMP_ERROR && frame->ip.error.protocol == IP_PROTOCOL_TCP &&
	       frame->ip.error.source_port == owner->port &&
	       frame->ip.error.destination_port == owner->service &&
	       address_equal(&frame->ip.error.destination, vip_address(ask->facts, vip));
}

static bool
is_answer(
    const struct ask *ask, uint32_t vip, const struct asked_owner *owner, const struct frame *frame)
{
	const struct frame_ip *ip = &frame->ip;

	return frame->kind == FRAME_TCP &&
	       address_equal(&ip->source, vip_address(ask->facts, vip)) &&
	       ip->tcp.source_port == owner->service && ip->tcp.destination_port == owner->port &&
	       (ip->tcp.flags & TCP_ACK) != 0 && (ip->tcp.flags & (TCP_SYN | TCP_RST)) != 0 &&
	       ip->tcp.acknowledgement == probe_sequence(&ask->facts->probe, owner->number) + 1;
}

static bool
is_self_answer(const struct ask *ask, uint32_t vip, uint32_t index, const struct frame *frame)
{
	const struct elicitation question = self_question(ask, vip, index);
	const struct probe *probe = &ask->facts->probe;
	const struct frame_ip *ip = &frame->ip;

	if (!address_equal(&ip->source, &question.vip) ||
	    !address_equal(&ip->destination, &probe->source))
		return false;
	if (question.method == ELICIT_ECHO)
		return frame->kind == FRAME_ECHO_REPLY &&
		       ip->echo.identifier == probe->elicit_port &&
		       ip->echo.sequence == question.number;
	return frame->kind == FRAME_TCP && ip->tcp.source_port == probe->elicit_port &&
	       ip->tcp.acknowledgement == probe_sequence(probe, question.number) + 1;
}

static void
count_forwarder(struct signature *signature, const struct mac *mac)
{
	if (signature->forwarders == 0)
		signature->forwarder = *mac;
	if (signature->forwarders == 0 ||
	    (signature->forwarders == 1 && !mac_equal(&signature->forwarder, mac)))
		signature->forwarders++;
	signature->forwarded++;
}

/* An owner forwards at that port. So each owner is asked there. */
static void
learn_port(struct ask *ask, uint32_t vip, uint16_t port)
{
	ask->signatures->vip[vip].port = port;
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		ask->signatures->vip[vip].owner[i].tries = 0;
}

/* Whether the frame answers the open question. If so, updates the claimant's signature. */
static bool
take_answer(struct ask *ask, uint32_t vip, uint32_t index, const struct frame *frame)
{
	const struct asked_owner *owner = &ask->signatures->vip[vip].owner[index];
	const struct claimant *claimant = claimant_of(ask->facts, vip, index);
	struct signature signature = claimant->signature;

	if (!owner->by_syn) {
		if (!is_self_answer(ask, vip, index, frame))
			return false;
		signature.self = frame->source;
	} else if (is_error_about(ask, vip, owner, frame)) {
		signature.routes = signature.routes || frame->ip.error.type == ICMP_TYPE_REDIRECT ||
				   frame->ip.error.type == ICMP_TYPE_TIME_EXCEEDED;
	} else if (!is_answer(ask, vip, owner, frame)) {
		return false;
	} else if (owner_is_own_mac(ask->facts, claimant, &frame->source)) {
		if (owner->service == known_port(ask, vip)) {
			signature.own++;
			if ((frame->ip.tcp.flags & TCP_SYN) != 0)
				signature.accepted++;
		}
	} else if (host_find_mac(ask->facts, &frame->source) != NONE) {
		count_forwarder(&signature, &frame->source);
		if (known_port(ask, vip) == 0)
			learn_port(ask, vip, owner->service);
	} else {
		signature.foreign++;
	}
	claims_set_signature(ask->facts, vip, index, &signature);
	return true;
}

static bool
hear_of(struct ask *ask, uint32_t vip, const struct heard *heard)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++) {
		if (!ask->signatures->vip[vip].owner[i].out ||
		    !take_answer(ask, vip, i, heard->frame))
			continue;
		end(ask, vip, i);
		if (!is_any_out(ask, vip))
			set_due(ask, vip, heard->now_us);
		return true;
	}
	return false;
}

void
ask_signature_hear(struct ask *ask, const struct heard *heard)
{
	const enum frame_kind kind = heard->frame->kind;

	if (kind != FRAME_TCP && kind != FRAME_ICMP_ERROR && kind != FRAME_ECHO_REPLY)
		return;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		if (asked_of(ask->facts, vip)->signature_open && hear_of(ask, vip, heard))
			return;
}

void
ask_signature_stop(struct ask *ask)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		(void)end_round(ask, vip);
}

/* Forwarded answers stay valid. For the other owners, an answer may have been lost. */
void
ask_signature_void(struct ask *ask, uint64_t now_us)
{
	ask->signatures->planted = 0;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++) {
		for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
			ask->signatures->vip[vip].owner[i].tries = 0;
		if (!asked_owners_are_void(ask->facts))
			ask_signature_consider(ask, vip, now_us);
	}
}
