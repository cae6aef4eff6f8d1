/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proxy-arp: does the host answer for addresses that nobody uses? It would answer for the VIP too.
 *
 * The probes are those that verify the decoys. One address alone may be a further address of the
 * host's; of several drawn at random from the subnet, that is no explanation. They are broadcasts,
 * and proxied answers to those are held back: without lingering none is waited for.
 */
#include "arpaudit/judge.h"

static void
judge_silence(const struct audit *audit, uint32_t index, struct judgement *judgement)
{
	const uint32_t confirmations = decoys_confirmations(audit);
	const double bound = decoys_bound(audit);

	if (!audit_hears_proxies(audit))
		judge_skip(judgement, "not asked: with so short a --linger proxied answers are not "
				      "waited for");
	else if (judge_unheard(audit, index, judgement))
		return;
	else if (bound <= audit->settings->confidence)
		judge_pass(judgement, confirmations, bound);
	else
		judge_inconclusive(judgement, confirmations, bound,
		    judge_loss_reason(audit, judgement, PATH_BROADCAST, bound),
		    judge_less_loss(audit));
}

static void
judge(const struct audit *audit, uint32_t index, uint32_t vip, struct judgement *judgement)
{
	const struct host *host = &audit->hosts[index];
	struct mac known[HOST_MACS];
	size_t known_count = 0;

	for (size_t i = 0; i < host->mac_count; i++)
		if (host_is_known_by(host, &host->mac[i]))
			known[known_count++] = host->mac[i];
	const uint32_t answered = decoys_answered_by(audit, known, known_count);

	(void)vip;
	if (audit->decoys_first < PROXY_ANSWERS_MIN) {
		judge_skip(judgement, "not asked: too few unused addresses to ask for");
		return;
	}
	if (answered < PROXY_ANSWERS_MIN &&
	    decoys_answered_by(audit, host->mac, host->mac_count) >= PROXY_ANSWERS_MIN) {
		judge_doubtful(judgement, "proxies ARP");
		return;
	}
	if (answered < PROXY_ANSWERS_MIN) {
		judge_silence(audit, index, judgement);
		return;
	}
	judge_fail(judgement,
	    arena_format(judgement->arena,
		"answers for %u of %u addresses drawn at random: it proxies ARP", answered,
		audit->decoy_count),
	    remedy_proxy(judgement->arena, NULL, judgement->segment), NULL);
}

const struct check check_proxy_arp = {.id = CHECK_PROXY_ARP, .judge = judge};
