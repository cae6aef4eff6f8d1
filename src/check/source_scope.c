/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a pass of vip-source covers, for a VIP outside of the probe's subnet.
 *
 * At arp_announce 1 a host speaks as the VIP only within a subnet of its own that contains the VIP.
 * vip_source.c elicits from beside such a VIP as well. A host that asks for that address with its
 * RIP has shown level 2. One that does not ask may have no such subnet, or one too small to contain
 * the address, or frames were lost.
 */
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"

static const struct cause scope = {"source-scope",
    ("hosts did not ask for an address beside the VIP: vip-source covers one subnet only")};

static void
judge(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	uint32_t holders = 0, silent = 0;

	if (!facts->settings->elicit || !vip_is_outside(facts, vip))
		return;
	for (uint32_t host = 0; host < host_count(facts); host++) {
		const struct holding *holding = holding_of(facts, host, vip);

		if (!holding->holds_vip || holding->spoke || owner_is_host(facts, host, vip))
			continue;
		holders++;
		silent += !holding->asked_beside;
	}
	if (silent == 0)
		return;
	judge_vip(judgement, "source-scope", &scope, SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"%s is outside of this machine's subnet, and %u of %u hosts that hold it asked for "
		"no address beside it: vip-source covers requests in %s; with arp_announce 1, "
		"a host sends requests as the VIP in a subnet of its own that contains it",
		judgement->vip, silent, holders, judgement->segment),
	    "# if a server has a subnet that contains the VIP, set its arp_announce to 2", NULL);
}

const struct vip_check check_source_scope = {.judge = judge};
