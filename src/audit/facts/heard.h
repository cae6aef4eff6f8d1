/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A captured frame, classified once for all modules.
 *
 * Two lookups are left to the modules, since earlier modules change their results: the host of a
 * MAC, because hosts learn MACs from the frame, and the decoy of the TPA, because a new decoy may
 * be drawn.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_HEARD_H
#define ARPAUDIT_AUDIT_FACTS_HEARD_H

#include "audit/facts/facts.h"

struct kept_frame; /* evidence.h */

struct heard {
	/* The frame's copy in the evidence, shared by all that show it; NULL: not kept yet. */
	const struct kept_frame **kept;
	const struct capture *capture;
	const struct frame *frame; /* of the capture */
	uint64_t now_us;
	/* Caches may learn from the frame, but no sound host need have sent it: it is odd
	 * (frame.h), it has the probe's MAC as source or SHA, or its SHA is zero or a group. It is
	 * evidence against hosts, and shows that an address is in use. It is evidence for nothing.
	 */
	bool doubtful;
	bool arp;          /* an ARP frame; then also: */
	bool request;      /* false: a reply, or another operation, which counts as a reply */
	bool gratuitous;   /* SPA = TPA */
	bool relayed;      /* the Ethernet source is not the SHA */
	uint32_t vip;      /* the VIP that is its SPA or IP source, or NONE */
	uint32_t rip_host; /* the host whose RIP is its SPA, or NONE */
};

/* Whether the MAC may be a machine's: it is no group, not zero, and not the probe's own. */
bool heard_may_be_machine(const struct facts *facts, const struct mac *mac);

/* `*kept` must be NULL. The caller keeps `kept` for as long as the result is used. */
struct heard heard_classify(const struct facts *facts, uint64_t now_us,
    const struct capture *capture, const struct kept_frame **kept);

#endif
