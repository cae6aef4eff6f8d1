/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/holdings.h"

#include <stdlib.h>

#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

struct holdings {
	struct holding *holding; /* [host × vip_count + vip] */
};

bool
holdings_init(struct facts *facts)
{
	facts->holdings = calloc(1, sizeof(*facts->holdings));
	if (facts->holdings == NULL)
		return false;
	facts->holdings->holding = calloc(
	    (size_t)host_count(facts) * vip_count(facts) + 1, sizeof(*facts->holdings->holding));
	facts->holding = facts->holdings->holding;
	return facts->holding != NULL;
}

void
holdings_free(struct facts *facts)
{
	if (facts->holdings != NULL)
		free(facts->holdings->holding);
	free(facts->holdings);
}

static struct holding *
holding_at(const struct facts *facts, uint32_t host, uint32_t vip)
{
	return &facts->holdings->holding[(size_t)host * vip_count(facts) + vip];
}

/* Counts a relayed claim. True if the claim counts as evidence: it is not relayed, or not the first
 * relayed one. */
static bool
counts(const struct heard *heard, uint8_t *relayed)
{
	if (!heard->relayed)
		return true;
	if (*relayed < UINT8_MAX)
		(*relayed)++;
	return *relayed > 1;
}

bool
holding_hear_reply(struct facts *facts, uint32_t host, const struct heard *heard)
{
	struct holding *holding = holding_at(facts, host, heard->vip);

	evidence_keep_frame(facts, &holding->reply_evidence, heard);
	if (!counts(heard, &holding->relayed_replies))
		return false;
	holding->replied = true;
	return true;
}

void
holding_hear_request(struct facts *facts, uint32_t host, const struct heard *heard)
{
	struct holding *holding = holding_at(facts, host, heard->vip);

	const struct kept_frame *kept = holding->spoke ? holding->request_evidence : NULL;

	holding->spoke_us = heard->now_us;
	if (counts(heard, &holding->relayed_requests)) {
		holding->spoke = true;
		holding->spoke_within =
		    holding->spoke_within || facts_own_subnet_has(facts, &heard->frame->arp.tpa);
	}
	/* A claim that counts is better evidence than a single relayed one before it. */
	evidence_keep_frame(facts, &kept, heard);
	if (kept != NULL)
		holding->request_evidence = kept;
}

void
holding_hear_packet(
    struct facts *facts, uint32_t host, uint32_t vip, enum elicit_method method, bool to_probe)
{
	struct holding *holding = holding_at(facts, host, vip);

	if (!holding->holds_vip || holding->holds_by == ELICIT_METHODS)
		holding->holds_by = (uint8_t)method;
	holding->holds_vip = true;
	holding->answers_probe = holding->answers_probe || to_probe;
}

void
holding_hear_reset(struct facts *facts, uint32_t host, uint32_t vip)
{
	holding_at(facts, host, vip)->resets = true;
}

void
holding_hear_unknown(struct facts *facts, uint32_t host, uint32_t vip)
{
	holding_at(facts, host, vip)->spoke_unknown = true;
}

void
holding_hear_beside(struct facts *facts, uint32_t host, uint32_t vip)
{
	holding_at(facts, host, vip)->asked_beside = true;
}

void
holding_take_replies(
    struct facts *facts, uint32_t host, uint32_t vip, bool alone, const struct kept_frame *evidence)
{
	struct holding *holding = holding_at(facts, host, vip);

	holding->relayed_replies = alone;
	holding->replied = holding->replied || !alone;
	holding->reply_evidence = evidence;
}

void
holding_take_requests(struct facts *facts, uint32_t host, uint32_t vip, bool alone,
    uint64_t spoke_us, const struct kept_frame *evidence)
{
	struct holding *holding = holding_at(facts, host, vip);

	if (spoke_us > holding->spoke_us)
		holding->spoke_us = spoke_us;

	holding->relayed_requests = alone;
	holding->spoke = holding->spoke || !alone;
	holding->request_evidence = evidence;
}

static void
take_relayed(uint8_t *relayed, const struct kept_frame **slot, const struct kept_frame *evidence)
{
	if (*relayed == 0)
		*relayed = 1;
	if (*slot == NULL)
		*slot = evidence;
}

void
holding_take_relayed(struct facts *facts, uint32_t host, uint32_t vip, bool replied, bool requested,
    const struct kept_frame *evidence)
{
	struct holding *holding = holding_at(facts, host, vip);

	if (replied)
		take_relayed(&holding->relayed_replies, &holding->reply_evidence, evidence);
	if (requested)
		take_relayed(&holding->relayed_requests, &holding->request_evidence, evidence);
}

void
holdings_forget(struct facts *facts, uint32_t host)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		*holding_at(facts, host, vip) = (struct holding){.replied = false};
}
