/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/source.h"

#include "audit/facts/hosts.h"

#define PROBES 3
/* Shorter than PROBE_MIN of RFC 5227 (1 s), since the user chose the address. */
#define GAP_US 200000

struct news
ask_source_begin(struct ask *ask, uint64_t now_us)
{
	if (!ask->facts->probe.borrowed)
		return (struct news){.kinds = NEWS_BEGUN};
	ask_schedule(ask, LANE_BROADCAST, TASK_SOURCE, 0, now_us);
	return news_none();
}

struct news
ask_source_run(struct ask *ask, uint64_t now_us)
{
	const struct probe *probe = &ask->facts->probe;
	const struct address *own = &ask->facts->segment.own.address;
	const struct address spa = address_is_set(own) ? *own : address_unspecified(ADDRESS_IPV4);
	struct frame frame;

	if (ask->source.rounds == PROBES)
		return (struct news){.kinds = NEWS_BEGUN};
	probe_who_has(probe, &probe->source, &mac_broadcast, &spa, &frame);
	ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	ask->source.rounds++;
	ask_schedule(ask, LANE_BROADCAST, TASK_SOURCE, 0, now_us + GAP_US);
	return news_none();
}

void
ask_source_hear(struct ask *ask, const struct heard *heard)
{
	const struct probe *probe = &ask->facts->probe;

	/* The probe's own kernel may speak for the interface's own address. */
	if (probe->borrowed && address_equal(&heard->frame->arp.spa, &probe->source))
		ask->source.owner = heard->frame->arp.sha;
}

void
ask_source_answer(struct ask *ask, const struct heard *heard)
{
	const struct probe *probe = &ask->facts->probe;
	const struct frame_arp *arp = &heard->frame->arp;
	struct frame frame;

	/* The director forwards a SYN to a server that the engine may not know. Without a reply,
	 * the server repeats its request, and its SYN-ACK, beyond the end of the audit. */
	if (!probe->borrowed || !heard->request || !address_equal(&arp->tpa, &probe->source) ||
	    (host_find_mac(ask->facts, &arp->sha) == NONE && heard->vip == NONE))
		return;
	probe_answer(probe, &probe->source, &arp->sha, &arp->spa, &frame);
	ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}
