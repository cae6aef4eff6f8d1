/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service: does the host serve VIP:port? A SYN by the host's MAC, from the probe's own address, has
 * to be answered with SYN-ACK; a RST follows.
 */
#include "arpaudit/judge.h"

#define ATTEMPTS 3

static bool
is_asked(const struct audit *audit, uint32_t host, uint32_t vip)
{
	return audit->settings->elicit && vip_has_tcp_port(&audit->vips[vip]) &&
	       !host_is_director(audit, host, vip);
}

static enum want
wants(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	if (!is_asked(audit, host, vip) || !pair->bound || pair->service != SERVICE_UNSEEN ||
	    pair->service_attempts == ATTEMPTS)
		return WANT_NOTHING;
	return WANT_ATTEMPT;
}

static struct attempt
attempt(struct audit *audit, uint32_t host, uint32_t vip)
{
	pair_of(audit, host, vip)->service_attempts++;
	return (struct attempt){.method = ELICIT_TCP_SERVICE, .decoy = NONE};
}

static void
observe(struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;

	(void)now_us;
	if (frame->kind != FRAME_TCP)
		return;
	const uint32_t vip = vip_find(audit, &frame->ip.source);

	if (vip == NONE || frame->ip.tcp.source_port != audit->vips[vip].port)
		return;
	struct pair *pair = pair_of(audit, host, vip);

	if ((frame->ip.tcp.flags & TCP_SYN) != 0)
		pair->service = SERVICE_OPEN;
	else if ((frame->ip.tcp.flags & TCP_RST) != 0 && pair->service == SERVICE_UNSEEN)
		pair->service = SERVICE_REFUSED;
}

static void
judge(const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement)
{
	const struct pair *pair = pair_of(audit, host, vip);
	const unsigned port = audit->vips[vip].port;

	if (!is_asked(audit, host, vip))
		judge_skip(judgement, vip_has_tcp_port(&audit->vips[vip])
					  ? "not asked for"
					  : "no TCP port was named");
	else if (pair->service == SERVICE_OPEN)
		judge_pass(judgement, 1, 0);
	else if (pair->service == SERVICE_REFUSED)
		judge_fail(judgement,
		    arena_format(judgement->arena, "refuses connections to %s port %u",
			judgement->vip, port),
		    arena_format(judgement->arena,
			"# on %s, see what listens there:\nss -ltn 'sport = :%u'", judgement->host,
			port),
		    NULL);
	else if (!judge_unheard(audit, host, judgement))
		judge_inconclusive(judgement, 0, -1,
		    arena_format(
			judgement->arena, "no answer from %s port %u", judgement->vip, port),
		    arena_format(judgement->arena,
			"# on %s, see what filters it:\nnft list ruleset", judgement->host));
}

const struct check check_service = {
    .id = CHECK_SERVICE,
    .lane = LANE_UNICAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};
