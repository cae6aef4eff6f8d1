/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/provokers.h"

#include "audit/facts/vips.h"

void
provokers_hear(struct provokers *provokers, const struct facts *facts, uint64_t now_us,
    const struct frame *frame)
{
	if (frame->kind == FRAME_OTHER || frame->kind == FRAME_ARP || frame->kind == FRAME_VRRP ||
	    vip_find(facts, &frame->ip.destination) == NONE)
		return;
	const uint32_t at = provokers->next++ % PROVOKERS_KEPT;

	provokers->sent[at].sender = frame->ip.source;
	provokers->sent[at].at_us = now_us;
}

bool
provokers_have(const struct provokers *provokers, const struct address *address, uint64_t now_us)
{
	for (size_t i = 0; i < PROVOKERS_KEPT; i++)
		if (address_equal(&provokers->sent[i].sender, address) &&
		    now_us < provokers->sent[i].at_us + PROVOKED_US)
			return true;
	return false;
}
