/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rip-unique: is the host's own address answered by one MAC?
 *
 * Two MACs are two machines with one address, or one machine that answers on several interfaces of
 * the segment (ARP flux). Either way the claims of all of them count as the host's.
 */
#include "arpaudit/judge.h"

static void
judge(const struct audit *audit, uint32_t index, uint32_t vip, struct judgement *judgement)
{
	const struct host *host = &audit->hosts[index];
	char first[MAC_TEXT_SIZE], second[MAC_TEXT_SIZE];

	(void)vip;
	if (host->mac_count == 0) {
		judge_unheard(audit, index, judgement);
		return;
	}
	if (host->mac_count == 1) {
		judge_pass(judgement, 1, -1);
		return;
	}
	judge_fail(judgement,
	    arena_format(judgement->arena, "%s is answered by %u MACs, %s and %s among them",
		judgement->host, host->mac_count, mac_format(&host->mac[0], first),
		mac_format(&host->mac[1], second)),
	    remedy_flux(judgement->arena, judgement->segment), NULL);
}

const struct check check_rip_unique = {.id = CHECK_RIP_UNIQUE, .judge = judge};
