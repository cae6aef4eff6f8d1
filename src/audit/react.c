/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of consequences: what the engine does about each kind of news, and in which order.
 *
 * The engine acts at once. If it acted later, its questions would change, since the next who-has
 * VIP leaves in the same microsecond.
 */
#include "audit/ask/attempts.h"
#include "audit/ask/decoys.h"
#include "audit/ask/fences.h"
#include "audit/ask/gateways.h"
#include "audit/ask/handover.h"
#include "audit/ask/hosts.h"
#include "audit/ask/master.h"
#include "audit/ask/restore.h"
#include "audit/ask/signature.h"
#include "audit/ask/vips.h"
#include "audit/engine.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"
#include "audit/owner/unheard.h"

static void
begin(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_vips_schedule(&audit->ask, now_us);
	ask_decoys_begin(&audit->ask, now_us);
	ask_signature_begin(&audit->ask, now_us);
	ask_master_begin(&audit->ask, now_us);
	ask_hosts_begin(&audit->ask, now_us);
	ask_gateways_begin(&audit->ask, now_us);
}

/* The claim was one too many to keep, so a hand-over may no longer be provable. */
static void
review_handover(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	ask_handover_review(&audit->ask, news->vip);
}

/* A claimant's MAC, or its host, is known better than before: it may be a director. */
static void
reconsider_handover(struct audit *audit, uint32_t vip)
{
	const struct facts *facts = &audit->facts;

	if (!asked_of(facts, vip)->handover_open)
		ask_handover_consider(&audit->ask, vip, claims_latest_us(facts, vip));
}

static void
review_all_handovers(struct audit *audit, uint64_t now_us, const struct news *news)
{
	const struct facts *facts = &audit->facts;

	(void)now_us;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		ask_handover_review(&audit->ask, vip);
		if (claimant_find(facts, vip, &news->mac) != NULL)
			reconsider_handover(audit, vip);
	}
}

static void
probe_unheard_hosts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_hosts_unheard(&audit->ask, now_us);
	ask_vips_find_directors(&audit->ask, now_us);
}

static void
probe_owner(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	ask_vips_probe(&audit->ask, news->vip, &news->mac);
}

static void
consider_handover(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_handover_consider(&audit->ask, news->vip, now_us);
}

static void
consider_takeover(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_vips_confirm(&audit->ask, now_us);
}

static void
consider_signature(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_signature_consider(&audit->ask, news->vip, now_us);
}

static void
elicit_passed_over_hosts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_hosts_passed_over(&audit->ask, now_us);
}

/* Claims from the new MAC become the host's. With this MAC the engine may recognize a director, so
 * hand-overs are reviewed. */
static void
take_over_claims(struct audit *audit, uint64_t now_us, const struct news *news)
{
	struct facts *facts = &audit->facts;

	(void)now_us;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		const struct claimant *claimant = claimant_find(facts, vip, &news->mac);

		claims_pass_relayed_to_host(facts, vip, news->host, &news->mac);
		if (claimant == NULL)
			continue;
		ask_handover_review(&audit->ask, vip);
		claims_pass_to_host(facts, vip, news->host, claimant);
		reconsider_handover(audit, vip);
	}
}

/* The host answers for itself, and a proxy spoke for it. So far both were taken for the host, which
 * begins anew. */
static void
leave_proxies(struct audit *audit, uint32_t host, uint64_t now_us)
{
	struct facts *facts = &audit->facts;

	if (!proxies_are_at_host(facts, host))
		return;
	/* The packet that ends an attempt goes to the same MAC as the attempt. */
	if (ask_attempt_of(&audit->ask, host)->out)
		ask_attempt_end(&audit->ask, host);
	proxies_leave_host(facts, host);
	ask_hosts_restart(&audit->ask, host, now_us);
	for (size_t i = 0; i < host_of(facts, host)->mac_count; i++)
		take_over_claims(audit, now_us,
		    &(struct news){.host = host, .mac = host_of(facts, host)->mac[i]});
}

/* The ARP Probes so far went to another MAC, which may be a proxy's. */
static void
forget_missed_probes(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	inquiry_forget_missed_probes(&audit->facts, news->host);
}

static void
separate_proxy(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	for (uint32_t host = 0; host < host_count(&audit->facts); host++)
		leave_proxies(audit, host, now_us);
}

/* What it says for hosts counts again, so those hosts are asked again. */
static void
hear_spoken_for_again(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	for (uint32_t host = 0; host < host_count(&audit->facts); host++) {
		if (!host_of(&audit->facts, host)->spoken_for)
			continue;
		host_set_spoken_for(&audit->facts, host, false);
		ask_hosts_repeat(&audit->ask, host, now_us);
	}
}

static void
separate_host(struct audit *audit, uint64_t now_us, const struct news *news)
{
	leave_proxies(audit, news->host, now_us);
}

static void
void_attempts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_attempts_void(&audit->ask, news->decoy, now_us);
}

static void
replace_decoy(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	(void)news;
	ask_decoys_replace(&audit->ask);
}

static void
tell_decoys(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	(void)news;
	ask_decoys_tell(&audit->ask);
}

static void
restart_counts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	asked_count_anew(&audit->facts, news->vip);
	claims_count_anew(&audit->facts, news->vip);
}

static void
give_time_to_masters(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_master_changed(&audit->ask, news->vip, now_us);
}

static void
adopt_master(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	claims_adopt_master(&audit->facts, news->vip);
}

/* All hosts are done. Reopens every result that is no longer sure enough, since the loss estimate
 * may have risen. By now the owner that a leak would need may be known as well. */
static void
reopen_hosts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_hosts_passed_over_last(&audit->ask, now_us);
	if (!ask_hosts_reopen(&audit->ask, now_us))
		return;
	if (owner_may_be_unheard(&audit->facts))
		ask_hosts_unheard(&audit->ask, now_us);
	ask_decoys_confirm(&audit->ask, now_us);
	ask_vips_confirm(&audit->ask, now_us);
}

/* From now on the VIP is asked for with both kinds of SPA. Rounds so far were not complete. */
static void
complete_rounds(struct audit *audit, uint64_t now_us, const struct news *news)
{
	const struct facts *facts = &audit->facts;

	if (asked_of(facts, news->vip)->rounds_partial < facts->asked->rounds)
		return;
	ask_vips_schedule(&audit->ask, now_us);
	if (inquiries_are_done(facts))
		reopen_hosts(audit, now_us, news);
}

/* A slow proxy may answer for a host that is done, or fewer decoys are left to test with. */
static void
reopen_done_hosts(struct audit *audit, uint64_t now_us, const struct news *news)
{
	if (inquiries_are_done(&audit->facts))
		reopen_hosts(audit, now_us, news);
}

/* Waiting hosts continue. If all are done, their results are reviewed, since even a hand-over
 * inquiry adds to the loss estimate. */
static void
wake(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_hosts_wake(&audit->ask, now_us);
	if (inquiries_are_done(&audit->facts))
		reopen_hosts(audit, now_us, news);
}

static void
wake_any(struct audit *audit, uint64_t now_us, const struct news *news)
{
	if (ask_hosts_any_waits(&audit->ask))
		wake(audit, now_us, news);
}

static void
review_decoys(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)news;
	ask_decoys_review(&audit->ask, now_us);
}

static void
continue_fence(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_fence_go_on(&audit->ask, news->host, now_us);
}

static void
end_attempt(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_attempt_answered(&audit->ask, news->host, now_us);
}

static void
announce_decoy(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_attempt_announce(&audit->ask, news->host, &news->mac, now_us);
}

static void
note_risk(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	ask_restore_risk(&audit->ask, news->vip);
}

static void
restore_found_owner(struct audit *audit, uint64_t now_us, const struct news *news)
{
	(void)now_us;
	(void)news;
	ask_restore_consider(&audit->ask);
}

static void
restore_after_reply(struct audit *audit, uint64_t now_us, const struct news *news)
{
	ask_restore_hear_reply(&audit->ask, news->vip, &news->mac, now_us);
}

/* Each line is a consequence. The lines that match the news run from top to bottom. */
static const struct {
	uint32_t kinds; /* any of these enum news_kind */
	void (*act)(struct audit *audit, uint64_t now_us, const struct news *news);
} consequences[] = {
    {NEWS_BEGUN, begin},
    {NEWS_TOO_MANY_CLAIMANTS, review_handover},
    {NEWS_STRANGER_CLAIMED, probe_unheard_hosts},
    {NEWS_ANSWERED_FIRST, probe_owner},
    {NEWS_PROBE_ANSWERED, complete_rounds},
    {NEWS_CLAIMED_FIRST, consider_handover},
    {NEWS_CLAIMED_FIRST | NEWS_ADVERTISED_FIRST, consider_takeover},
    {NEWS_ANSWERED_FIRST, consider_signature},
    {NEWS_ANSWERED_FIRST | NEWS_ADVERTISED_FIRST | NEWS_MASTER_SETTLED | NEWS_PROBE_ANSWERED |
	    NEWS_REHEARSED,
	elicit_passed_over_hosts},
    {NEWS_MAC_LEARNT, forget_missed_probes},
    {NEWS_MAC_LEARNT, take_over_claims},
    {NEWS_MAC_LEARNT, separate_host},
    {NEWS_PROXY_FOUND, separate_proxy},
    {NEWS_PROXY_WITHDRAWN, hear_spoken_for_again},
    {NEWS_MAC_COUNTED, review_all_handovers},
    {NEWS_MAC_LEARNT | NEWS_MAC_COUNTED, reopen_done_hosts},
    {NEWS_DECOY_TAKEN, void_attempts},
    {NEWS_DECOY_LOST, replace_decoy},
    {NEWS_DECOY_TAKEN, tell_decoys},
    {NEWS_DECOY_LOST, reopen_done_hosts},
    {NEWS_MASTER_CHANGED, restart_counts},
    {NEWS_MASTER_FIRST_HEARD | NEWS_MASTER_CHANGED, give_time_to_masters},
    {NEWS_MASTER_HEARD, adopt_master},
    {NEWS_INQUIRY_OVER, consider_signature},
    {NEWS_DECOYS_DECIDED | NEWS_INQUIRY_OVER | NEWS_HANDOVERS_VOID | NEWS_SIGNATURE_OVER |
	    NEWS_MASTER_FIRST_HEARD | NEWS_MASTER_SETTLED | NEWS_REHEARSED,
	wake},
    {NEWS_MASTERS_LISTENED | NEWS_OWNERS_LISTENED | NEWS_PROBE_ANSWERED, wake_any},
    {NEWS_BROADCAST_LOST, review_decoys},
    {NEWS_FENCE_ANSWERED, continue_fence},
    {NEWS_DECOY_ASKED, announce_decoy},
    {NEWS_ATTEMPT_ANSWERED, end_attempt},
    {NEWS_LEAK_RISKED, note_risk},
    {NEWS_VIP_REPLIED, restore_after_reply},
    {NEWS_ANSWERED_FIRST | NEWS_ADVERTISED_FIRST | NEWS_MAC_LEARNT | NEWS_MAC_COUNTED |
	    NEWS_INQUIRY_OVER | NEWS_SIGNATURE_OVER | NEWS_MASTER_HEARD | NEWS_FENCE_ANSWERED,
	restore_found_owner},
    {NEWS_HOSTS_DONE, reopen_hosts},
};

void
react(struct audit *audit, uint64_t now_us, struct news news)
{
	if (news.kinds == 0)
		return;
	for (size_t i = 0; i < sizeof(consequences) / sizeof(consequences[0]); i++)
		if ((news.kinds & consequences[i].kinds) != 0)
			consequences[i].act(audit, now_us, &news);
}
