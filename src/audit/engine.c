/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's life cycle, the way of a captured frame, and the next frame to send.
 *
 * Follow a frame from audit_receive() downwards. Each module that hears it returns news, and
 * react.c acts on the news at once. Verdicts are computed only at the end, from the facts: see
 * audit_result().
 */
#include "audit/engine.h"

#include <stdlib.h>

#include "audit/ask/attempts.h"
#include "audit/ask/decoys.h"
#include "audit/ask/fences.h"
#include "audit/ask/gateways.h"
#include "audit/ask/handover.h"
#include "audit/ask/hosts.h"
#include "audit/ask/rehearsal.h"
#include "audit/ask/restore.h"
#include "audit/ask/signature.h"
#include "audit/ask/source.h"
#include "audit/ask/vips.h"
#include "audit/end.h"
#include "audit/facts/advertised.h"
#include "audit/facts/arp_load.h"
#include "audit/facts/asked.h"
#include "audit/facts/check_states.h"
#include "audit/facts/claims.h"
#include "audit/facts/concern.h"
#include "audit/facts/decoys.h"
#include "audit/facts/evidence.h"
#include "audit/facts/gateways.h"
#include "audit/facts/heard.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/proxies.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "audit/judge/judge.h"
#include "audit/listening.h"
#include "audit/lost.h"
#include "audit/owner/director.h"

struct audit *
audit_new(const struct plan_cluster *cluster, const struct plan_settings *settings,
    const struct audit_segment *segment, const struct check_table *table, uint64_t seed,
    uint64_t now_us, struct error *error)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (audit == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
		return NULL;
	}
	audit->table = table;
	audit->started_us = now_us;
	crowds_init(&audit->crowds);
	if (settings->gentle && segment->gentle == NULL)
		audit->own_gentle = gentle_new(1);
	if (settings->gentle) {
		audit->pace.gentle = segment->gentle != NULL ? segment->gentle : audit->own_gentle;
		audit->pace.sharer = segment->sharer;
	}
	if ((settings->gentle && audit->pace.gentle == NULL) ||
	    !facts_init(&audit->facts, cluster, settings, segment, table->checks, seed) ||
	    !ask_init(&audit->ask, &audit->facts, &audit->pace, table->checks, seed) ||
	    (audit->arp_load = arp_load_new(&audit->facts)) == NULL) {
		error_set(error, EXIT_CANNOT_RUN,
		    "out of memory for %zu hosts and %zu VIPs: audit fewer at a time",
		    cluster->host_count, cluster->vip_count);
		audit_free(audit);
		return NULL;
	}
	/* The audit begins when its source address is known to be free: NEWS_BEGUN. */
	react(audit, now_us, ask_source_begin(&audit->ask, now_us));
	return audit;
}

void
audit_free(struct audit *audit)
{
	if (audit == NULL)
		return;
	ask_free(&audit->ask);
	facts_free(&audit->facts);
	arp_load_free(audit->arp_load);
	gentle_free(audit->own_gentle);
	free(audit);
}

/* ---- A captured frame --------------------------------------------------------------------- */

/* Claims that already came from a new MAC are the host's. They are taken over before this answer
 * counts for the MAC. */
static void
learn_mac(struct audit *audit, uint32_t host, const struct heard *heard)
{
	const struct mac *mac = &heard->frame->arp.sha;

	react(audit, heard->now_us, hosts_learn_mac(&audit->facts, host, mac));
	react(audit, heard->now_us, hosts_count_mac(&audit->facts, host, mac));
}

static void
hear_advertisement(struct audit *audit, const struct heard *heard)
{
	struct facts *facts = &audit->facts;
	size_t at = 0;
	uint32_t vip;

	while ((vip = advertised_next(facts, &heard->frame->ip, &at)) != NONE) {
		react(audit, heard->now_us, routers_hear(facts, vip, heard));
		react(audit, heard->now_us, claims_hear_advertisement(facts, vip, heard));
	}
}

static void
hear_claim(struct audit *audit, const struct heard *heard)
{
	struct facts *facts = &audit->facts;

	if (heard->frame->kind == FRAME_VRRP)
		hear_advertisement(audit, heard);
	else if (heard->arp && heard->vip != NONE)
		react(audit, heard->now_us, claims_hear(facts, heard));
	else if (heard->arp) {
		routers_hear_arp(facts, &heard->frame->arp);
		claims_hear_other_address(
		    facts, heard, decoy_find(facts, &heard->frame->arp.spa) != NONE);
	}
}

/* Other machines' exchanges are visible too. A reply answers the probe only if it was sent to the
 * probe's MAC. */
static void
hear_reply(struct audit *audit, const struct heard *heard)
{
	struct facts *facts = &audit->facts;
	const struct frame_arp *reply = &heard->frame->arp;
	bool first;

	if (heard->rip_host == NONE || reply->operation != ARP_REPLY ||
	    !mac_equal(&heard->frame->destination, &facts->probe.mac))
		return;
	react(audit, heard->now_us, proxies_hear_probe_answer(facts, heard));
	if (!reply_is_of_host(facts, heard))
		return;
	learn_mac(audit, heard->rip_host, heard);
	first = hosts_hear_reply(facts, heard->rip_host, reply);
	if (first)
		react(audit, heard->now_us, ask_fence_hear(&audit->ask, heard->rip_host, heard));
	react(audit, heard->now_us, proxies_hear_reply(facts, heard->rip_host));
}

static void
hear_arp(struct audit *audit, const struct heard *heard)
{
	ask_source_hear(&audit->ask, heard);
	if (heard->vip != NONE) {
		ask_restore_hear(&audit->ask, heard);
		react(audit, heard->now_us, ask_rehearsal_hear(&audit->ask, heard));
	}
	ask_source_answer(&audit->ask, heard);
	if (heard->rip_host != NONE && heard->gratuitous)
		hosts_hear_announcement(&audit->facts, heard->rip_host, &heard->frame->arp.sha);
	hear_reply(audit, heard);
}

/* Whether the frame may show something about the host. A host may have a MAC from one damaged
 * frame, and what the machine with that MAC sends is not the host's. Claims count all the same:
 * whether they are doubtful, claims_are_doubtful() tells in the end. */
static bool
is_of_host(
    const struct facts *facts, uint32_t host, const struct mac *mac, const struct heard *heard)
{
	return (heard->arp && heard->vip != NONE) || host_is_known_by(facts, host, mac);
}

/* Shows the frame to the checks, for each host that has the MAC. */
static void
observe(struct audit *audit, const struct mac *mac, const struct heard *heard)
{
	struct facts *facts = &audit->facts;
	const struct check *const *checks = audit->table->checks;

	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac)) {
		/* Every check sees the attempt that the frame found, even if one check ends it. */
		const struct attempt_out attempt = ask_attempt_sent_to(&audit->ask, host);

		for (size_t i = 0; checks[i] != NULL && is_of_host(facts, host, mac, heard); i++) {
			if (checks[i]->observe == NULL)
				continue;
			struct observation observation = check_observation(facts, i, host);

			observation.heard = heard;
			observation.attempt = &attempt;
			react(audit, heard->now_us, checks[i]->observe(&observation));
		}
	}
}

/* A doubtful claim counts against the MAC that caches learn, and against the host that sent it. Any
 * other doubtful frame only shows that its sender's address is in use. The probe's own frames may
 * come back to it, and show nothing. */
static void
hear_doubtful(struct audit *audit, const struct heard *heard)
{
	const struct mac *probe = &audit->facts.probe.mac;
	const struct frame *frame = heard->frame;

	if (heard->arp && heard->vip != NONE) {
		react(audit, heard->now_us, claims_hear(&audit->facts, heard));
		ask_restore_hear(&audit->ask, heard);
		observe(audit, &frame->source, heard);
		if (heard->relayed)
			observe(audit, &frame->arp.sha, heard);
	} else if (frame->kind != FRAME_OTHER && !mac_equal(&frame->source, probe) &&
		   !(heard->arp && mac_equal(&frame->arp.sha, probe))) {
		react(audit, heard->now_us, decoys_hear_sender(&audit->facts, heard));
	}
}

/* Only a host that was sent a packet from a decoy has to ask for it. A MAC that no host is known by
 * may be another card of that host. An owner also asks for decoys, as it is made to claim the VIP
 * from these. */
static bool
may_be_elicited(const struct facts *facts, const struct heard *heard)
{
	const struct frame_arp *request = &heard->frame->arp;

	return heard->arp && heard->request && heard->vip != NONE &&
	       mac_is_multicast(&heard->frame->destination) &&
	       decoy_find(facts, &request->tpa) != NONE &&
	       host_find_mac(facts, &request->sha) == NONE;
}

static void
suspect_elicited(struct audit *audit, const struct heard *heard)
{
	struct facts *facts = &audit->facts;
	const struct frame_arp *request = &heard->frame->arp;

	if (!may_be_elicited(facts, heard))
		return;
	const struct claimant *claimant = claimant_find(facts, heard->vip, &request->sha);

	if (claimant == NULL || claimant_is_owner(claimant) || claimant->vrrp)
		return;
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (ask_attempt_of(&audit->ask, host)->vip == heard->vip &&
		    ask_attempt_made_ask(&audit->ask, host, request))
			holding_hear_unknown(facts, host, heard->vip);
}

/* Whether the checks learn anything from the frame: it claims a VIP, or a packet of the probe may
 * have made a host send it. */
static bool
shows_anything(const struct facts *facts, const struct heard *heard)
{
	const struct address *target = &heard->frame->arp.tpa;

	return heard->vip != NONE || !heard->arp ||
	       (heard->request && (decoy_find(facts, target) != NONE ||
				      address_equal(target, &facts->probe.source)));
}

/* How many hosts it takes time for. */
static uint32_t
hosts_concerned(const struct facts *facts, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	uint32_t hosts = hosts_with_mac(facts, &frame->source, CROWDS_FREE + 1);

	if (heard->relayed)
		hosts += hosts_with_mac(facts, &frame->arp.sha, CROWDS_FREE + 1);
	return may_be_elicited(facts, heard) ? hosts + host_count(facts) : hosts;
}

void
audit_receive(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;
	struct facts *facts = &audit->facts;

	if (frame->vlan != facts->probe.vlan)
		return;
	const struct kept_frame *kept = NULL;
	const struct heard heard = heard_classify(facts, now_us, capture, &kept);

	arp_load_hear(audit->arp_load, facts, &heard);
	const bool shows = shows_anything(facts, &heard);

	if (shows && !crowds_have_time(&audit->crowds, now_us, hosts_concerned(facts, &heard))) {
		lost_pass_over(audit, now_us);
		return;
	}
	if (heard.doubtful) {
		hear_doubtful(audit, &heard);
		return;
	}
	/* Only the host itself requests the decoy of its attempt from its RIP: learn the MAC. */
	if (heard.rip_host != NONE && heard.request &&
	    ask_attempt_made_ask(&audit->ask, heard.rip_host, &frame->arp))
		learn_mac(audit, heard.rip_host, &heard);
	hear_claim(audit, &heard);
	suspect_elicited(audit, &heard);
	/* A sender that uses a decoy takes it before the target is looked up, because a fresh decoy
	 * may be drawn for it. */
	if (frame->kind != FRAME_OTHER)
		react(audit, now_us, decoys_hear_sender(facts, &heard));
	react(audit, now_us, proxies_hear_decoy(facts, &heard));
	react(audit, now_us, decoys_hear_target(facts, &heard));
	if (heard.arp)
		hear_arp(audit, &heard);
	else
		ask_restore_hear_packet(&audit->ask, &heard);
	ask_signature_hear(&audit->ask, &heard);
	ask_gateways_hear(&audit->ask, &heard);
	/* The checks come last: by now the hosts have learnt the frame's MAC. */
	if (shows)
		observe(audit, &frame->source, &heard);
	/* A relayed claim concerns the host whose MAC is its SHA as well as its sender. */
	if (shows && heard.relayed)
		observe(audit, &frame->arp.sha, &heard);
}

/* ---- The next frame -----------------------------------------------------------------------
 */

static void
drop_void(struct audit *audit, enum lane lane)
{
	struct lanes *lanes = &audit->pace.lanes;
	const struct outgoing *head;

	while ((head = lanes_head(lanes, lane)) != NULL && ask_is_void(&audit->ask, lane, head))
		lanes_drop_head(lanes, lane);
}

/* Runs the due tasks of a lane until one has made a frame. True if any task ran. */
static bool
run_lane(struct audit *audit, enum lane lane, uint64_t now_us)
{
	struct lanes *lanes = &audit->pace.lanes;
	bool ran = false;

	drop_void(audit, lane);
	while (lanes_is_due(lanes, lane, now_us)) {
		react(audit, now_us, ask_run(&audit->ask, lane, lanes_pop(lanes, lane), now_us));
		ran = true;
	}
	return ran;
}

bool
audit_next(struct audit *audit, uint64_t now_us, struct frame *frame)
{
	struct outgoing outgoing;
	bool ran;

	lost_review(audit, now_us, false);
	end_watch_deadline(audit, now_us);
	/* A task of one lane may make a task due in another lane. */
	do {
		ran = false;
		for (enum lane lane = 0; lane < LANES; lane++)
			ran = run_lane(audit, lane, now_us) || ran;
	} while (ran);
	if (!lanes_take(&audit->pace.lanes, now_us, &outgoing)) {
		end_watch_quiet(audit);
		return false;
	}
	ask_sent(&audit->ask, &outgoing, now_us);
	*frame = outgoing.frame;
	return true;
}

void
audit_sent(struct audit *audit, const struct capture *sent)
{
	gateways_note_octets(&audit->facts, sent);
}

/* ---- What the caller reads ---------------------------------------------------------------- */

uint64_t
audit_wakeup_us(const struct audit *audit, uint64_t now_us)
{
	const uint64_t task_us = lanes_due_us(&audit->pace.lanes);
	const uint64_t end_us = end_due_us(audit);
	const uint64_t lost_us = lost_due_us(audit);
	uint64_t wakeup_us = task_us < end_us ? task_us : end_us;

	if (lost_us < wakeup_us)
		wakeup_us = lost_us;

	return wakeup_us > now_us ? wakeup_us : now_us;
}

bool
audit_concerns(const struct audit *audit, const struct capture *capture)
{
	return facts_are_concerned(&audit->facts, &capture->frame);
}

void
audit_evidence_lost(struct audit *audit)
{
	evidence_forget_numbers(&audit->facts);
	gateways_forget_numbers(&audit->facts);
}

static void
fill_leaks(const struct facts *facts, uint32_t vip, struct wire_result *wire)
{
	if (owner_alone_leaked(facts, vip))
		return;
	wire->leaks_provoked += leaks_count(facts, vip);
	if (leaks_caches_are_misdirected(facts, vip))
		wire->owner_restored = false;
}

static void
fill_wire(const struct audit *audit, struct wire_result *wire)
{
	const struct loss loss = loss_sum(audit->facts.loss);

	wire->frames_sent += audit->pace.lanes.frames_sent;
	wire->broadcasts_sent += audit->pace.lanes.broadcasts_sent;
	wire->kernel_drops += audit->crowds.passed_over;
	if (arp_load_peak(audit->arp_load) > wire->peak_host_arp_per_s)
		wire->peak_host_arp_per_s = arp_load_peak(audit->arp_load);
	wire->loss_estimate = loss.answered + loss.lost == 0
				  ? 0
				  : (double)loss.lost / (double)(loss.answered + loss.lost);
	for (uint32_t vip = 0; vip < vip_count(&audit->facts); vip++)
		fill_leaks(&audit->facts, vip, wire);
}

void
audit_result(const struct audit *audit, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster, struct wire_result *wire)
{
	const bool complete = end_is_complete(audit, now_us);
	struct asked asked;
	const struct facts listened = complete ? listening_facts(audit, now_us, &asked)
					       : listening_cut_short(audit, now_us, &asked);
	const struct facts *facts = &listened;
	struct vip_result *vips = arena_alloc(arena, vip_count(facts), sizeof(*vips));

	*cluster = (struct cluster_result){
	    .name = facts->cluster->name,
	    .interface = facts->segment.interface,
	    .vlan = facts->cluster->vlan,
	    .probe_mac = facts->segment.mac,
	    .probe_ip = facts->probe.source,
	    .vips = vips,
	    .vip_count = vip_count(facts),
	    .hosts_asked = host_count(facts),
	    .discovered = facts->cluster->discover,
	    .sweep_bound = inquiries_sweep_bound(facts),
	    .listened_us = facts->asked->first_us == 0 ? 0 : now_us - facts->asked->first_us,
	};
	for (uint32_t host = 0; host < host_count(facts); host++)
		cluster->hosts_alive += host_of(facts, host)->mac_count > 0;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		judge_one_vip(facts, audit->table, vip, complete, arena, &vips[vip]);
		if (vips[vip].verdict > cluster->verdict)
			cluster->verdict = vips[vip].verdict;
	}
	fill_wire(audit, wire);
}
