/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signature of direct routing: which of several owners forwards VIP:port to others?
 *
 * By ARP a director and a leaking real server look the same; by TCP they do not. A SYN for
 * VIP:port, sent to a director's MAC, is answered from the MAC of the real server to which it was
 * forwarded, a real server's own from its own. A director that serves as well (LocalNode) answers
 * some of them itself, as its scheduler has it: so several are sent, each from a port of its own,
 * and two that were answered by another host are enough.
 *
 * The answer counts only if it comes from a host that is known by its RIP: an unknown MAC may be
 * another interface of the same machine. A router that proxies ARP for the VIP forwards too: an
 * owner that answers for several decoys, or for whose SYN an ICMP redirect or time exceeded comes,
 * has no signature.
 *
 * Like every packet of the probe, the SYN leaves nothing behind: a RST follows each, answered or
 * not. It waits until the hosts have been asked for their RIPs, and so have the probe in their
 * caches: the real server that answers does not have to ask for it, which a leaking one would do as
 * the VIP.
 */
#include "arpaudit/engine.h"

#define TRIES           16
#define TRIES_SILENT    7 /* that were not answered at all: the port is filtered */
#define FORWARDED       2
#define OWN             5 /* by none but itself: that is a real server */
#define POLL_US         20000
#define BACKOFF_MAX     3
#define ICMP_REDIRECT   5
#define ICMP_EXCEEDED   11
#define SIGNATURE_PORTS (AUDIT_ELICIT_PORTS - 1) /* the first is for the hosts' attempts */

bool
signature_pending(const struct audit *audit, uint32_t vip)
{
	return audit->vips[vip].signature == SIGNATURE_DUE;
}

static bool
is_possible(const struct audit *audit, uint32_t vip)
{
	return audit->settings->elicit && audit->cluster->director_count == 0 &&
	       vip_has_tcp_port(&audit->vips[vip]);
}

static void
set_due(struct audit *audit, uint32_t vip, uint64_t due_us)
{
	audit->vips[vip].signature = SIGNATURE_DUE;
	audit->vips[vip].director_known = false;
	task_schedule(audit, LANE_UNICAST, task_signature(audit, vip), due_us);
}

void
signature_start(struct audit *audit, uint64_t now_us)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (is_possible(audit, vip))
			set_due(audit, vip, now_us + POLL_US);
}

void
signature_consider(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	if (is_possible(audit, vip) && !signature_pending(audit, vip))
		set_due(audit, vip, now_us + POLL_US);
}

/* Do all hosts have the probe in their caches? They are not looked at twice: when one has to begin
 * anew, so does this. */
static bool
hosts_are_planted(struct audit *audit)
{
	while (audit->hosts_planted < audit->host_count &&
	       audit->hosts[audit->hosts_planted].stage > STAGE_FENCE)
		audit->hosts_planted++;
	return audit->hosts_planted == audit->host_count;
}

/* Is it known who answers for the VIP, and for the decoys, and has the probe been met? */
static bool
is_ready(struct audit *audit, uint32_t vip)
{
	return audit->decoys_decided && audit->vips_wanted == 0 && !handover_pending(audit, vip) &&
	       hosts_are_planted(audit);
}

/* Nothing else tells the director, or only that nobody else answers in a sweep. */
bool
signature_is_needed(const struct audit *audit, uint32_t vip)
{
	enum director_proof proof;
	const uint32_t director = owner_director(audit, vip, &proof);

	if (!signature_pending(audit, vip) || owner_count(audit, vip) == 0)
		return false;
	return director == NONE || (proof == DIRECTOR_SOLE_OWNER && audit->cluster->discover);
}

/* One decoy of several may be a further address of the director's own. */
bool
claimant_has_signature(const struct audit *audit, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;
	const uint32_t answered = decoys_answered_by(audit, &claimant->mac, 1);

	return signature->forwarded >= FORWARDED && !signature->routes &&
	       (answered == 0 || (answered == 1 && audit->decoy_count >= PROXY_ANSWERS_MIN));
}

bool
claimant_has_no_signature(const struct audit *audit, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;

	return signature->routes ||
	       decoys_answered_by(audit, &claimant->mac, 1) >= PROXY_ANSWERS_MIN ||
	       (signature->own >= OWN && signature->forwarded + signature->foreign == 0);
}

static bool
is_open(const struct audit *audit, const struct claimant *claimant)
{
	const struct signature *signature = &claimant->signature;
	const bool silent = signature->own + signature->forwarded + signature->foreign == 0;

	return claimant_is_owner(claimant) && signature->tries < (silent ? TRIES_SILENT : TRIES) &&
	       !claimant_has_signature(audit, claimant) &&
	       !claimant_has_no_signature(audit, claimant);
}

static void
push(struct audit *audit, uint32_t vip, const struct claimant *owner, uint8_t flags)
{
	struct frame frame;

	probe_signature(audit, vip, owner, flags, &frame);
	send_push(audit, flags == TCP_SYN ? LANE_UNICAST : LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

static void
end(struct audit *audit, uint32_t vip, struct claimant *owner)
{
	owner->signature.out = false;
	push(audit, vip, owner, TCP_RST);
}

/* No two SYNs that are out share a port, or a real server would take them for one. */
static bool
ask(struct audit *audit, uint32_t vip)
{
	struct vip *of = &audit->vips[vip];
	bool asked = false;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		struct signature *signature = &of->claimant[i].signature;

		if (!is_open(audit, &of->claimant[i]))
			continue;
		signature->tries++;
		signature->out = true;
		signature->port = (uint16_t)(audit->segment.elicit_port + 1 +
					     of->signature_syns++ % SIGNATURE_PORTS);
		signature->number = audit->attempt_number++;
		push(audit, vip, &of->claimant[i], TCP_SYN);
		asked = true;
	}
	return asked;
}

static void
finish(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	audit->vips[vip].signature = SIGNATURE_IDLE;
	audit->vips[vip].director_known = false;
	schedule_waiting(audit, now_us);
}

/* One SYN to each owner that is not decided, then the answers, or the time for them. */
void
signature_run(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	bool silent = false;

	if (!is_ready(audit, vip)) {
		set_due(audit, vip, now_us + POLL_US);
		return;
	}
	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!of->claimant[i].signature.out)
			continue;
		end(audit, vip, &of->claimant[i]);
		silent = true;
	}
	if (!silent)
		of->signature_silent = 0;
	else if (of->signature_silent < BACKOFF_MAX)
		of->signature_silent++;
	if (!signature_is_needed(audit, vip) || !ask(audit, vip)) {
		finish(audit, vip, now_us);
		return;
	}
	set_due(audit, vip,
	    now_us + round_trip_timeout_us(&audit->round_trip, 1u + of->signature_silent));
}

static bool
is_out(const struct vip *vip)
{
	for (uint32_t i = 0; i < vip->claimant_count; i++)
		if (vip->claimant[i].signature.out)
			return true;
	return false;
}

static bool
is_same_host(const struct audit *audit, const struct mac *a, const struct mac *b)
{
	if (mac_equal(a, b))
		return true;
	for (uint32_t host = host_find_mac(audit, a); host != NONE;
	     host = host_next_with_mac(audit, host, a))
		if (host_has_mac(&audit->hosts[host], b))
			return true;
	return false;
}

/* Is the frame the answer to the SYN that is out? Says so in the owner's signature. */
static bool
take_answer(const struct audit *audit, const struct vip *vip, struct claimant *owner,
    const struct frame *frame)
{
	struct signature *signature = &owner->signature;
	const struct frame_ip *ip = &frame->ip;

	if (frame->kind == FRAME_ICMP_ERROR) {
		if (ip->error.protocol != IP_PROTOCOL_TCP ||
		    ip->error.source_port != signature->port ||
		    ip->error.destination_port != vip->port ||
		    !address_equal(&ip->error.destination, &vip->address))
			return false;
		signature->routes = signature->routes || ip->error.type == ICMP_REDIRECT ||
				    ip->error.type == ICMP_EXCEEDED;
		return true;
	}
	if (frame->kind != FRAME_TCP || !address_equal(&ip->source, &vip->address) ||
	    ip->tcp.source_port != vip->port || ip->tcp.destination_port != signature->port ||
	    (ip->tcp.flags & TCP_ACK) == 0 || (ip->tcp.flags & (TCP_SYN | TCP_RST)) == 0 ||
	    ip->tcp.acknowledgement != probe_signature_sequence(audit, signature) + 1)
		return false;
	if (is_same_host(audit, &frame->source, &owner->mac))
		signature->own++;
	else if (host_find_mac(audit, &frame->source) != NONE)
		signature->forwarded++;
	else
		signature->foreign++;
	return true;
}

/* Who has forwarded has forwarded; of the others, an answer may have been lost. */
void
signature_again(struct audit *audit, uint64_t now_us)
{
	audit->hosts_planted = 0;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++)
			audit->vips[vip].claimant[i].signature.tries = 0;
		if (audit->vips_void <= VOIDS_MAX)
			signature_consider(audit, vip, now_us);
	}
}

void
signature_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const enum frame_kind kind = capture->frame.kind;

	if (kind != FRAME_TCP && kind != FRAME_ICMP_ERROR)
		return;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct vip *of = &audit->vips[vip];

		if (of->signature != SIGNATURE_DUE)
			continue;
		for (uint32_t i = 0; i < of->claimant_count; i++) {
			struct claimant *owner = &of->claimant[i];

			if (!owner->signature.out ||
			    !take_answer(audit, of, owner, &capture->frame))
				continue;
			end(audit, vip, owner);
			if (!is_out(of))
				set_due(audit, vip, now_us);
			return;
		}
	}
}
