/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a switch may have shut a port while the audit ran.
 *
 * Dynamic ARP inspection does so when a port sends too many ARP frames. If that is the probe's
 * port, all hosts and all owners fall silent at once. Lost frames, or a host that restarts, silence
 * one host while others still answer. Where many frames are lost, a long silence may be chance.
 */
#include "audit/facts/claims.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"

#define LOST_MIN 2
#define ONCE_US  UINT64_C(50000) /* an answer may still be on its way */

static const struct cause silent_at_once = {
    "silent-at-once", ("all hosts fell silent at once: a switch may have shut a port")};

struct silence {
	uint32_t lost, answered; /* hosts that fell silent; hosts that had answered */
	uint64_t since_us;       /* when the first of them had been asked in vain */
	uint64_t heard_us;       /* when any host or owner was last heard */
};

/* An owner that still answers is heard by the same port of the probe. */
static void
add_owners(const struct facts *facts, struct silence *silence)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		for (uint32_t i = 0; i < claims_count(facts, vip); i++)
			if (claimant_of(facts, vip, i)->last_claim_us > silence->heard_us)
				silence->heard_us = claimant_of(facts, vip, i)->last_claim_us;
}

static struct silence
silence_of(const struct facts *facts)
{
	struct silence silence = {.since_us = UINT64_MAX};

	for (uint32_t host = 0; host < host_count(facts); host++) {
		const struct inquiry *inquiry = inquiry_of(facts, host);

		if (host_of(facts, host)->mac_count == 0 || inquiry->answered_us == 0)
			continue;
		silence.answered++;
		if (inquiry->answered_us > silence.heard_us)
			silence.heard_us = inquiry->answered_us;
		if (!inquiry->lost || inquiry->silent_us == 0)
			continue;
		silence.lost++;
		if (inquiry->silent_us < silence.since_us)
			silence.since_us = inquiry->silent_us;
	}
	add_owners(facts, &silence);
	return silence;
}

static void
judge(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const struct silence silence = silence_of(facts);

	(void)vip;
	/* A host that was done before was not asked after it. Most must have been. */
	if (silence.lost < LOST_MIN || 4 * silence.lost < 3 * silence.answered ||
	    !inquiries_lose_little(facts) || silence.heard_us > silence.since_us + ONCE_US)
		return;
	judge_vip(judgement, "port-shut", &silent_at_once, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%u of %u hosts that had answered fell silent at once, and none was heard after "
		"that: a switch that limits ARP may have shut a port",
		silence.lost, silence.answered),
	    facts->settings->gentle
		? "# look for a port that the switch has shut, and for its ARP limit: --gentle "
		  "keeps to 10 frames a second"
		: "# look for a port that the switch has shut (Cisco: show interfaces status "
		  "err-disabled), then run the audit again with --gentle",
	    NULL);
}

const struct vip_check check_port_shut = {.judge = judge};
