/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rip-unique: is the host's own address answered by one MAC?
 *
 * Two MACs are two machines with one address, or one machine that answers on several interfaces of
 * the segment (ARP flux). Either way the claims of all of them count as the host's. But a bond that
 * balances what it receives (balance-alb) is one machine, and answers each asker with one MAC: two
 * that were never heard to answer the same asker may be that, or one of them was always lost.
 */
#include "arpaudit/judge.h"

/* Where so few broadcasts are lost one answered broadcast is enough: a duplicate that it missed
 * would not be judged, but its claims of the VIP would be seen all the same. Each further one is
 * work for every host of the segment. */
#define LOSS_SMALL 0.01

/* One answer by another MAC, to each kind of SPA, is not held against the host. */
static double
bound(const struct audit *audit, uint32_t index)
{
	const struct host *host = &audit->hosts[index];
	const uint32_t answers = host->broadcast_answers;

	return loss_all_lost(&audit->loss[PATH_BROADCAST], host->mac_count < 2 ? answers
							   : answers > 2       ? answers - 2
									       : 0);
}

static bool
is_sure(const struct audit *audit, uint32_t host)
{
	const bool one_is_enough = audit->hosts[host].mac_count < 2 &&
				   loss_estimate(&audit->loss[PATH_BROADCAST]) <= LOSS_SMALL;

	return audit->hosts[host].broadcast_answers > 0 &&
	       (one_is_enough || bound(audit, host) <= audit->settings->confidence);
}

static bool
settled(const struct audit *audit, uint32_t host, uint32_t vip)
{
	return host_has_rival(&audit->hosts[host]) || is_sure(audit, host) ||
	       pair_is_passer_by(audit, host, vip);
}

static void
judge_unique(const struct audit *audit, uint32_t index, struct judgement *judgement)
{
	const struct host *host = &audit->hosts[index];

	if (judge_unheard(audit, index, judgement))
		return;
	if (is_sure(audit, index))
		judge_pass(judgement, host->broadcast_answers, bound(audit, index));
	else if (host->mac_count > 1)
		judge_inconclusive(judgement, host->broadcast_answers, bound(audit, index),
		    arena_format(judgement->arena,
			"%s is answered by %u MACs, never by two for one asker: a bond that "
			"balances what it receives, or with a chance of %.1e two machines",
			judgement->host, host->mac_count, bound(audit, index)),
		    judge_less_loss(audit));
	else
		judge_inconclusive(judgement, host->broadcast_answers, bound(audit, index),
		    judge_loss_reason(audit, judgement, PATH_BROADCAST, bound(audit, index)),
		    judge_less_loss(audit));
}

static void
judge(const struct audit *audit, uint32_t index, uint32_t vip, struct judgement *judgement)
{
	const struct host *host = &audit->hosts[index];
	char first[MAC_TEXT_SIZE], second[MAC_TEXT_SIZE];

	(void)vip;
	if (!host_has_rival(host)) {
		judge_unique(audit, index, judgement);
		return;
	}
	judge_fail(judgement,
	    arena_format(judgement->arena, "%s is answered by %u MACs, %s and %s among them",
		judgement->host, host->mac_count, mac_format(&host->mac[0], first),
		mac_format(&host->mac[1], second)),
	    remedy_flux(judgement->arena, judgement->segment), NULL);
}

const struct check check_rip_unique = {
    .id = CHECK_RIP_UNIQUE,
    .path = PATH_BROADCAST,
    .settled = settled,
    .judge = judge,
};
