/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-bound: does the host hold the VIP at all?
 *
 * Only an IP packet from the VIP and the host's MAC shows it. The packets that ask for one come
 * from the probe's own address, which the host has in its cache since it answered for its RIP: so
 * nothing leaks, whatever its arp_announce. An ARP request that follows a packet for the VIP proves
 * less: a host that merely forwards sends an ICMP error or redirect in its own name, and asks for
 * its target just the same.
 */
#include "arpaudit/judge.h"

static enum want
wants(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (!audit->settings->elicit || host_is_director(audit, host, vip) || pair->bound ||
	    pair->bound_attempts == probe_method_count(audit, vip))
		return WANT_NOTHING;
	return audit->hosts[host].planted || restore_possible(audit, vip) ? WANT_ATTEMPT
									  : WANT_NOTHING;
}

static struct attempt
attempt(struct audit *audit, uint32_t host, uint32_t vip)
{
	return (struct attempt){
	    .method = probe_method(audit, vip, pair_of(audit, host, vip)->bound_attempts++),
	    .decoy = NONE,
	};
}

static enum elicit_method
method_of(const struct frame *frame, const struct vip *vip)
{
	const bool serves = vip_has_tcp_port(vip);

	switch (frame->kind) {
	case FRAME_TCP:
		return serves && frame->ip.tcp.source_port == vip->port ? ELICIT_TCP_SERVICE
									: ELICIT_TCP_CLOSED;
	case FRAME_ICMP_ERROR:
		if (frame->ip.error.protocol != IP_PROTOCOL_TCP)
			return ELICIT_UDP;
		return serves && frame->ip.error.destination_port == vip->port ? ELICIT_TCP_SERVICE
									       : ELICIT_TCP_CLOSED;
	default:
		return ELICIT_ECHO;
	}
}

/* To a client of the VIP, the host may send what it sends for none of the probe's packets. */
static bool
is_elicited(const struct audit *audit, uint32_t host, uint32_t vip, const struct frame *frame)
{
	const struct host *sender = &audit->hosts[host];

	return sender->attempt_out && sender->cursor == vip &&
	       address_equal(attempt_address(audit, sender), &frame->ip.destination);
}

static void
observe(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;
	uint32_t vip;

	if (frame->kind != FRAME_ECHO_REPLY && frame->kind != FRAME_TCP &&
	    frame->kind != FRAME_ICMP_ERROR && frame->kind != FRAME_UDP)
		return;
	vip = vip_find(audit, &frame->ip.source);
	if (vip == NONE)
		return;
	struct pair *pair = pair_of(audit, host, vip);
	const struct host *sender = &audit->hosts[host];

	if (!pair->bound || pair->bound_by == ELICIT_METHODS)
		pair->bound_by = is_elicited(audit, host, vip, frame)
				     ? (uint8_t)method_of(frame, &audit->vips[vip])
				     : ELICIT_METHODS;
	pair->bound = true;
	if (sender->attempt_out && sender->attempt_decoy == NONE && sender->cursor == vip)
		schedule_attempt_over(audit, host, now_us);
}

static void
judge(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (host_is_director(audit, host, vip))
		judge_skip(judgement, "is the director");
	else if (pair->bound || pair->source == SOURCE_VIP)
		judge_pass(judgement, 1, 0);
	else if (!audit->settings->elicit)
		judge_skip(judgement, "not asked for: --no-elicit");
	else if (!judge_unheard(audit, host, judgement))
		judge_inconclusive(judgement, 0, -1,
		    arena_format(judgement->arena,
			"no sign that it holds %s: not bound, or its answers are filtered",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on %s, see whether the VIP is there:\n"
			"ip -4 addr show to %s\n"
			"# if it is, let ICMP echo for it through, or name its TCP port: --vip "
			"%s:PORT",
			judgement->host, judgement->vip, judgement->vip));
}

const struct check check_vip_bound = {
    .id = CHECK_VIP_BOUND,
    .lane = LANE_UNICAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};
