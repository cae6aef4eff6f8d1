/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/heard.h"

#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

bool
heard_may_be_machine(const struct facts *facts, const struct mac *mac)
{
	return !mac_is_multicast(mac) && !mac_equal(mac, &mac_zero) &&
	       !mac_equal(mac, &facts->probe.mac);
}

/* Linux takes any SHA into its cache: neither arp_process() nor neigh_update() looks at it. */
static bool
is_doubtful(const struct facts *facts, const struct frame *frame)
{
	return frame->odd || mac_equal(&frame->source, &facts->probe.mac) ||
	       (frame->kind == FRAME_ARP && !heard_may_be_machine(facts, &frame->arp.sha));
}

struct heard
heard_classify(const struct facts *facts, uint64_t now_us, const struct capture *capture,
    const struct kept_frame **kept)
{
	const struct frame *const frame = &capture->frame;
	struct heard heard = {
	    .kept = kept,
	    .capture = capture,
	    .frame = frame,
	    .now_us = now_us,
	    .doubtful = is_doubtful(facts, frame),
	    .arp = frame->kind == FRAME_ARP,
	    .vip = NONE,
	    .rip_host = NONE,
	};

	if (frame->kind == FRAME_OTHER)
		return heard;
	heard.vip = vip_find(facts, heard.arp ? &frame->arp.spa : &frame->ip.source);
	if (!heard.arp)
		return heard;
	heard.request = frame->arp.operation == ARP_REQUEST;
	heard.gratuitous = address_equal(&frame->arp.spa, &frame->arp.tpa);
	heard.relayed = !mac_equal(&frame->source, &frame->arp.sha);
	heard.rip_host = host_find(facts, &frame->arp.spa);
	return heard;
}
