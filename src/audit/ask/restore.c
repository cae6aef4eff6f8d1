/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/restore.h"

#include <math.h>
#include <stdlib.h>

#include "audit/ask/attempts.h"
#include "audit/ask/provoke.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/vips.h"
#include "audit/owner/director.h"
#include "audit/pace/times.h"

#define LOCKTIME_US        1000000
#define LOCKTIME_MARGIN_US 50000
#define PROVOKED_US        3000000 /* a host sends three requests, a second apart */
#define OWNER_REPEATS_US   2000000 /* the owner's last repeat */
#define TRIES              16
#define REQUESTS_MAX       24   /* bursts to the owner of a VIP; a contested VIP is then given up */
#define DOUBT              0.01 /* allowed chance that a bystander missed the owner's claim */
#define BURST_MAX          8    /* packets to the owner */
#define BURST_GAP_US       60000      /* between them, longer than most bursts of loss */
#define LOOK_US            200000     /* a restoration that waits looks again so often */
#define UNSURE             UINT16_MAX /* it leaked for several decoys, and may repeat any of them */

enum restore_state {
	RESTORE_NONE = 0,  /* no leak */
	RESTORE_DUE,       /* about to elicit the owner */
	RESTORE_WAIT,      /* waiting for the owner's broadcast */
	RESTORE_OWNERLESS, /* there is no owner, or not yet */
	RESTORE_OVER,      /* leaks_caches_are_misdirected() tells the outcome */
};

/* The leaks of a claimant: requests as the VIP that a packet of the probe made it broadcast. */
struct leaker {
	bool leaked;
	/* The decoy that it asked for, plus one, as long as it may not have got the answer that
	 * stops its repeats; 0: it has. */
	uint16_t unstopped;
};

/* The restoration of a VIP. */
struct restoration {
	uint8_t state; /* enum restore_state */
	uint8_t tries;
	uint8_t leak_requests, reply_requests; /* bursts of packets to the owner after leaks and
						* after replies */
	uint8_t more;                          /* packets of the burst that are still to leave */
	bool speaks;                           /* the elicited owner has broadcast as the VIP */
	bool repeats;          /* a leak could not be answered, so its sender repeats it */
	uint8_t heard;         /* broadcasts of the owner that every cache could accept */
	uint64_t heard_us;     /* time of the first one */
	uint32_t elicited;     /* packets to the owner so far; each has a decoy of its own */
	uint64_t elicited_us;  /* time of the last one */
	uint32_t owner;        /* the owner when a leak was last risked; NONE: unknown */
	uint64_t claimed_us;   /* time of the last claim by another host */
	uint64_t replied_us;   /* time of the last reply of another owner to the probe */
	uint32_t unstopped;    /* leakers that may repeat their requests */
	struct leaker *leaker; /* by claimant index */
};

struct asked_restorations {
	struct restoration *vip;
	struct leaker *leaker; /* of all VIPs */
};

bool
ask_restore_init(struct ask *ask)
{
	const uint32_t claimants = claims_capacity(ask->facts);
	struct asked_restorations *restorations = calloc(1, sizeof(*restorations));

	ask->restorations = restorations;
	if (restorations == NULL)
		return false;
	restorations->vip = calloc(vip_count(ask->facts), sizeof(*restorations->vip));
	restorations->leaker =
	    calloc((size_t)vip_count(ask->facts) * claimants, sizeof(*restorations->leaker));
	if (restorations->vip == NULL || restorations->leaker == NULL)
		return false;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		restorations->vip[vip] = (struct restoration){
		    .owner = NONE,
		    .leaker = &restorations->leaker[(size_t)vip * claimants],
		};
	return true;
}

void
ask_restore_free(struct ask *ask)
{
	if (ask->restorations == NULL)
		return;
	free(ask->restorations->vip);
	free(ask->restorations->leaker);
	free(ask->restorations);
}

static struct restoration *
restoration_of(const struct ask *ask, uint32_t vip)
{
	return &ask->restorations->vip[vip];
}

/* In gentle mode, broadcasts that wait for their turn could hold it back for long. */
static enum lane
lane_of(const struct ask *ask)
{
	return ask_is_gentle(ask) ? LANE_URGENT : LANE_BROADCAST;
}

static bool
is_leak(const struct ask *ask, uint32_t vip)
{
	return leaks_caches_are_misdirected(ask->facts, vip);
}

/* The time from which the last claim locks no cache. The claim may have reached some caches later
 * than the probe. */
static uint64_t
unlocked_us(const struct ask *ask, uint32_t vip)
{
	const struct restoration *restoration = restoration_of(ask, vip);
	/* If frames get lost, so may the answer that stops the host's repeats, or the repeats
	 * themselves on their way to the probe. Then a host may also leak unheard. */
	const bool loses = is_leak(ask, vip) && loss_sum(ask->facts->loss).lost > 0;
	const bool may_repeat =
	    is_leak(ask, vip) && (restoration->repeats || (loses && restoration->unstopped > 0));
	uint64_t last_us = restoration->claimed_us + (may_repeat ? REPEATS_US : LOCKTIME_US);

	if (loses && ask->unheard > 0)
		last_us = later_us(last_us, ask->unheard_us + REPEATS_US);
	return last_us + LOCKTIME_MARGIN_US + 4 * ask->pace->round_trip.variation_us;
}

static uint64_t
until_unlocked_us(const struct ask *ask, uint32_t vip, uint64_t now_us)
{
	return unlocked_us(ask, vip) > now_us ? unlocked_us(ask, vip) - now_us : 0;
}

bool
ask_restore_is_pending(const struct ask *ask, uint32_t vip)
{
	const uint8_t state = restoration_of(ask, vip)->state;

	return state == RESTORE_DUE || state == RESTORE_WAIT;
}

bool
ask_restore_is_ownerless(const struct ask *ask, uint32_t vip)
{
	return restoration_of(ask, vip)->state == RESTORE_OWNERLESS && is_leak(ask, vip);
}

/* The owner, unless it may yet turn out to be a server. */
static uint32_t
unless_server(const struct ask *ask, uint32_t vip, uint32_t owner)
{
	return owner == NONE || owner_may_be_server(ask->facts, vip, owner) ? NONE : owner;
}

void
ask_restore_risk(struct ask *ask, uint32_t vip)
{
	restoration_of(ask, vip)->owner =
	    unless_server(ask, vip, owner_to_restore(ask->facts, vip));
}

/* The owner. If it is ambiguous because others have appeared, the owner at the time when a leak was
 * last risked, because the caches pointed to that one. */
static uint32_t
owner_of(const struct ask *ask, uint32_t vip)
{
	const uint32_t owner = owner_to_restore(ask->facts, vip);

	return unless_server(ask, vip, owner != NONE ? owner : restoration_of(ask, vip)->owner);
}

/* Whether the MAC is the owner's, or that of another card of the director. */
static bool
is_of_owner(const struct ask *ask, uint32_t vip, const struct mac *mac)
{
	const uint32_t owner = owner_of(ask, vip);

	return owner != NONE && (mac_equal(&claimant_of(ask->facts, vip, owner)->mac, mac) ||
				    owner_is_by_mac(ask->facts, vip, mac));
}

/* Two budgets, so that the many replies during the inquiries leave enough requests for a leak. */
static uint8_t *
requests(struct ask *ask, uint32_t vip)
{
	struct restoration *restoration = restoration_of(ask, vip);

	return is_leak(ask, vip) ? &restoration->leak_requests : &restoration->reply_requests;
}

/* A VIP that is claimed again and again is contested. More requests to its owner would not help. */
static void
start(struct ask *ask, uint32_t vip, uint64_t due_us)
{
	struct restoration *restoration = restoration_of(ask, vip);

	if (ask_restore_is_pending(ask, vip))
		return;
	if (*requests(ask, vip) >= REQUESTS_MAX) {
		restoration->state = RESTORE_OVER;
		return;
	}
	restoration->state = RESTORE_DUE;
	restoration->tries = restoration->heard = restoration->more = 0;
	ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip, due_us);
}

/* Whether it is a decoy that is still free. If it is in use, only its holder may answer for it. */
static bool
is_free_decoy(const struct ask *ask, const struct address *address)
{
	const uint32_t decoy = decoy_find(ask->facts, address);

	return decoy != NONE && decoy_of(ask->facts, decoy)->state == DECOY_READY;
}

/* Whether a packet from the decoy may have made a host ask for it. It may have been given up since,
 * because several machines asked: a host with several interfaces asks by another than was elicited.
 */
static bool
is_used_decoy(const struct ask *ask, const struct address *address)
{
	const uint32_t decoy = decoy_find(ask->facts, address);

	return decoy != NONE && decoy_of(ask->facts, decoy)->used;
}

/* Whether a packet of the probe made the host send the request: it asks for a decoy, for the probe,
 * or, if its subnet is configured too small, for its gateway. No packet makes a host announce
 * itself. */
static bool
is_provoked(const struct ask *ask, const struct heard *heard)
{
	const struct facts *facts = ask->facts;
	const struct frame_arp *arp = &heard->frame->arp;

	if (heard->gratuitous)
		return false;
	if (is_free_decoy(ask, &arp->tpa) || is_used_decoy(ask, &arp->tpa) ||
	    address_equal(&arp->tpa, &facts->probe.source))
		return true;
	for (uint32_t host = host_find_mac(facts, &arp->sha); host != NONE;
	     host = host_next_with_mac(facts, host, &arp->sha))
		if (inquiry_of(facts, host)->elicited_us + PROVOKED_US > heard->now_us)
			return true;
	return false;
}

/* Its record, or NULL if the table of claimants is full. */
static struct leaker *
find_leaker(const struct ask *ask, uint32_t vip, const struct mac *mac)
{
	for (uint32_t i = 0; i < claims_count(ask->facts, vip); i++)
		if (mac_equal(&claimant_of(ask->facts, vip, i)->mac, mac))
			return &restoration_of(ask, vip)->leaker[i];
	return NULL;
}

/* `decoy`: the one that it asked for, or NONE. */
static void
note_leaker(struct ask *ask, uint32_t vip, const struct mac *mac, uint32_t decoy)
{
	struct restoration *restoration = restoration_of(ask, vip);
	struct leaker *leaker = find_leaker(ask, vip, mac);

	if (leaker == NULL) {
		restoration->repeats = true;
		return;
	}
	if (!leaker->leaked)
		leaks_note_claimant(ask->facts, vip, mac);
	leaker->leaked = true;
	if (decoy == NONE)
		return;
	restoration->unstopped += leaker->unstopped == 0 ? 1 : 0;
	leaker->unstopped = leaker->unstopped == 0 || leaker->unstopped == decoy + 1
				? (uint16_t)(decoy + 1)
				: UNSURE;
}

/* A host that sends a packet to a decoy, by the probe's MAC, has got the answer to its request, and
 * does not repeat it. */
void
ask_restore_hear_packet(struct ask *ask, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	struct leaker *leaker;
	uint32_t decoy;

	if (heard->doubtful || heard->vip == NONE || !is_leak(ask, heard->vip) ||
	    restoration_of(ask, heard->vip)->unstopped == 0 ||
	    !mac_equal(&frame->destination, &ask->facts->probe.mac))
		return;
	decoy = decoy_find(ask->facts, &frame->ip.destination);
	leaker = find_leaker(ask, heard->vip, &frame->source);
	if (decoy == NONE || leaker == NULL || leaker->unstopped != decoy + 1)
		return;
	leaker->unstopped = 0;
	restoration_of(ask, heard->vip)->unstopped--;
}

/* When to elicit the owner after a leak. It repeats its request a second later, which is not sooner
 * than every cache accepts it. So one repeat is enough, where nothing is lost. */
static uint64_t
elicit_us(const struct ask *ask, uint64_t leaked_us)
{
	return leaked_us + LOCKTIME_MARGIN_US + 4 * ask->pace->round_trip.variation_us;
}

/* Whether an owner that speaks repeats its request, as elicited by then, when every cache accepts
 * it. */
static bool
repeats_in_time(const struct ask *ask, uint32_t vip, uint64_t by_us)
{
	return by_us + OWNER_REPEATS_US >= unlocked_us(ask, vip);
}

/* The share of frames that one way loses. The estimate is for an exchange. */
static double
frames_lost(const struct ask *ask)
{
	const struct loss loss = loss_sum(ask->facts->loss);
	const double all = (double)loss.answered + (double)loss.lost;

	return all == 0 ? 0 : 1 - sqrt(1 - (double)loss.lost / all);
}

/* Whether all bystanders have probably heard the owner. If frames get lost, a bystander may miss
 * what the probe hears. */
static bool
is_heard_by_all(const struct ask *ask, uint32_t heard)
{
	return pow(frames_lost(ask), heard) <= DOUBT;
}

/* How many packets to the owner make the probe hear as many of its broadcasts as all bystanders
 * need, most likely. Each packet and each broadcast may get lost. */
static uint8_t
burst(const struct ask *ask)
{
	const double arrives = (1 - frames_lost(ask)) * (1 - frames_lost(ask));
	uint32_t needed = 1;

	while (needed < BURST_MAX && !is_heard_by_all(ask, needed))
		needed++;
	if (needed == 1 || ask_is_gentle(ask))
		return 1;
	return needed + 1 < BURST_MAX * arrives ? (uint8_t)ceil((needed + 1) / arrives) : BURST_MAX;
}

/* A machine other than the owner has claimed the VIP by broadcast. */
static void
open_leak(struct ask *ask, uint32_t vip, uint64_t claimed_us)
{
	struct restoration *restoration = restoration_of(ask, vip);

	/* It replaces a restoration after a mere reply. */
	if (!is_leak(ask, vip))
		restoration->state = RESTORE_NONE;
	leaks_note(ask->facts, vip, claimed_us);
	restoration->claimed_us = claimed_us;
	restoration->heard = 0;
	/* One restoration is for all leaks. The owner is elicited again if its repeats come too
	 * early for this one. */
	if (restoration->state == RESTORE_WAIT && restoration->speaks &&
	    !repeats_in_time(ask, vip, restoration->elicited_us)) {
		restoration->more = 0;
		restoration->tries = 1;
		ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip, elicit_us(ask, claimed_us));
	}
	start(ask, vip, elicit_us(ask, claimed_us));
}

/* A host other than the owner sent a request as the VIP. If the request is for a decoy, the probe
 * answers it. */
static void
hear_leak(struct ask *ask, const struct heard *heard)
{
	const struct frame_arp *arp = &heard->frame->arp;
	struct restoration *restoration = restoration_of(ask, heard->vip);
	const bool answers = is_free_decoy(ask, &arp->tpa);

	if (!is_provoked(ask, heard))
		return;
	note_leaker(ask, heard->vip, &arp->sha, answers ? decoy_find(ask->facts, &arp->tpa) : NONE);
	/* The answer stops the host's repeats. The owner must repeat its requests, so it never gets
	 * an answer. A doubtful SHA may be a group's, so the sender gets it then. */
	if (answers) {
		const struct mac *asker = heard->doubtful ? &heard->frame->source : &arp->sha;
		struct frame frame;

		probe_answer(&ask->facts->probe, &arp->tpa, asker,
		    vip_address(ask->facts, heard->vip), &frame);
		ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
	} else if (is_used_decoy(ask, &arp->tpa)) {
		restoration->repeats = true;
	}
	open_leak(ask, heard->vip, heard->now_us);
}

/* The machine that rehearsed the owner's claim turned out not to be the owner, nor to have been it.
 * So its claim was a leak. */
static void
review_rehearsed(struct ask *ask, uint32_t vip)
{
	const struct asked_vip *asked = asked_of(ask->facts, vip);
	const struct mac mac = asked->rehearsed;
	const uint64_t claimed_us = asked->rehearsed_us;
	const struct claimant *claimant;

	if (asked->rehearsal != REHEARSAL_HEARD || owner_of(ask, vip) == NONE ||
	    is_of_owner(ask, vip, &mac))
		return;
	asked_set_rehearsal(ask->facts, vip, REHEARSAL_NONE, &mac_zero, 0);
	claimant = claimant_find(ask->facts, vip, &mac);
	if (claimant == NULL || claimant->former)
		return;
	note_leaker(ask, vip, &mac, NONE);
	open_leak(ask, vip, claimed_us);
}

void
ask_restore_consider(struct ask *ask)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++) {
		review_rehearsed(ask, vip);
		if (ask_restore_is_ownerless(ask, vip) && owner_of(ask, vip) != NONE)
			start(ask, vip, 0);
	}
}

void
ask_restore_hear_reply(struct ask *ask, uint32_t vip, const struct mac *mac, uint64_t now_us)
{
	if (owner_of(ask, vip) == NONE || is_of_owner(ask, vip, mac))
		return;
	/* Such replies keep coming while hosts are asked. They reach no bystander, so they need not
	 * delay the owner's broadcast. */
	restoration_of(ask, vip)->replied_us = now_us;
	if (is_leak(ask, vip))
		return;
	restoration_of(ask, vip)->claimed_us = now_us;
	start(ask, vip, unlocked_us(ask, vip));
}

/* Whether to elicit the owner from a decoy: provoke.h. */
static bool
is_elicited(const struct restoration *restoration, const struct claimant *owner)
{
	return mac_vrrp_vrid(&owner->mac) == 0 && (restoration->tries <= 1 || restoration->speaks);
}

/*
 * Asks the owner. False if that is too early. After a leak it is first elicited from a decoy. With
 * arp_announce 2 it does not speak as the VIP then. So the second time its reply is made a
 * broadcast (provoke.h).
 */
static bool
ask_owner(struct ask *ask, uint32_t vip, const struct claimant *owner, uint64_t now_us)
{
	const struct probe *probe = &ask->facts->probe;
	struct restoration *restoration = restoration_of(ask, vip);
	const uint32_t decoy =
	    provoke_choose_decoy(ask, vip + restoration->elicited * vip_count(ask->facts));
	struct frame frame;

	if (!is_leak(ask, vip)) {
		probe_who_has(
		    probe, vip_address(ask->facts, vip), &owner->mac, &probe->source, &frame);
	} else if (decoy != NONE && is_elicited(restoration, owner)) {
		restoration->elicited_us = now_us;
		restoration->elicited++;
		provoke_by_echo(ask, vip, decoy, &owner->mac, &frame);
	} else if (now_us >= unlocked_us(ask, vip)) {
		provoke_by_probe(ask, vip, &owner->mac, &frame);
	} else {
		return false;
	}
	ask_push(ask, lane_of(ask), &frame, PURPOSE_RESTORE, NONE);
	return true;
}

static void
finish(struct ask *ask, uint32_t vip)
{
	struct restoration *restoration = restoration_of(ask, vip);

	restoration->state = owner_of(ask, vip) == NONE ? RESTORE_OWNERLESS : RESTORE_OVER;
	if (restoration->heard == 0 || !is_heard_by_all(ask, restoration->heard))
		return;
	leaks_note_restored(ask->facts, vip);
	/* In gentle mode leaks come one by one, and each needs a restoration of its own. */
	if (ask_is_gentle(ask))
		restoration->leak_requests = 0;
}

/* Before every cache accepts the owner, one packet tells whether it speaks. */
static void
begin_burst(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct restoration *restoration = restoration_of(ask, vip);

	++*requests(ask, vip);
	restoration->tries++;
	restoration->more = is_leak(ask, vip) && repeats_in_time(ask, vip, now_us) ? burst(ask) : 1;
}

/* How long to wait for the broadcasts of an owner that speaks. */
static uint64_t
speaks_within_us(const struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const uint64_t wait_us = until_unlocked_us(ask, vip, now_us);

	if (repeats_in_time(ask, vip, restoration_of(ask, vip)->elicited_us))
		return REPEATS_US;
	/* It was not elicited now, as no decoy is free. */
	if (wait_us == 0)
		return round_trip_timeout_us(&ask->pace->round_trip, 2);
	return wait_us < LOOK_US ? wait_us : LOOK_US;
}

/* How long to wait after a burst. */
static uint64_t
answers_within_us(const struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const struct restoration *restoration = restoration_of(ask, vip);
	const uint64_t wait_us = round_trip_timeout_us(&ask->pace->round_trip, 2);

	if (is_leak(ask, vip) && restoration->speaks)
		return speaks_within_us(ask, vip, now_us);
	if (is_leak(ask, vip) && restoration->tries == 1)
		return later_us(wait_us, until_unlocked_us(ask, vip, now_us));
	return wait_us;
}

void
ask_restore_run(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct restoration *restoration = restoration_of(ask, vip);
	const uint32_t owner = owner_of(ask, vip);

	if (owner == NONE || (restoration->more == 0 && (restoration->tries == TRIES ||
							    *requests(ask, vip) > REQUESTS_MAX))) {
		finish(ask, vip);
		return;
	}
	if (!is_leak(ask, vip) && now_us < unlocked_us(ask, vip) &&
	    *requests(ask, vip) < REQUESTS_MAX) {
		/* Another host has claimed the VIP again meanwhile. */
		++*requests(ask, vip);
		ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip, unlocked_us(ask, vip));
		return;
	}
	restoration->state = RESTORE_WAIT;
	if (restoration->more == 0 && is_leak(ask, vip) && restoration->speaks &&
	    !repeats_in_time(ask, vip, now_us)) {
		/* Sooner than it seemed, the leaks may turn out to be over. */
		ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip,
		    now_us + speaks_within_us(ask, vip, now_us));
		return;
	}
	if (restoration->more == 0)
		begin_burst(ask, vip, now_us);
	if (!ask_owner(ask, vip, claimant_of(ask->facts, vip, owner), now_us)) {
		restoration->more = 0;
		restoration->tries--;
		--*requests(ask, vip);
		ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip, unlocked_us(ask, vip));
		return;
	}
	restoration->more--;
	ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip,
	    now_us + (restoration->more > 0 ? BURST_GAP_US : answers_within_us(ask, vip, now_us)));
}

/* The owner has claimed the VIP, late enough for every cache to accept it. */
static void
hear_owner(struct ask *ask, const struct heard *heard)
{
	const uint32_t vip = heard->vip;
	const bool leak = is_leak(ask, vip);
	struct restoration *restoration = restoration_of(ask, vip);

	/* The elicited owner speaks as the VIP, so it will do so again. An announcement of a
	 * virtual router's master, which is not elicited, shows nothing of the kind. */
	if (restoration->state == RESTORE_WAIT && heard->request && !heard->gratuitous &&
	    restoration->elicited_us != 0 && !restoration->speaks) {
		restoration->speaks = true;
		if (leak && restoration->more == 0)
			ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip,
			    heard->now_us + speaks_within_us(ask, vip, heard->now_us));
	}
	if (restoration->state != RESTORE_WAIT || heard->now_us < unlocked_us(ask, vip) ||
	    (leak && !mac_equal(&heard->frame->destination, &mac_broadcast)))
		return;
	if (restoration->heard == 0)
		restoration->heard_us = heard->now_us;
	if (restoration->heard < UINT8_MAX)
		restoration->heard++;
	const uint64_t again_us = restoration->heard_us + LOCKTIME_US + LOCKTIME_MARGIN_US;
	/* A cache that has just used or checked the entry rejects another MAC for a whole locktime,
	 * as after a claim. The owner repeats requests by itself, but a reply must be asked for
	 * again. */
	const bool once = heard->frame->arp.operation == ARP_REPLY && heard->now_us < again_us;

	if (leak && (once || !is_heard_by_all(ask, restoration->heard))) {
		if (once) {
			restoration->more = 0;
			ask_schedule(ask, lane_of(ask), TASK_RESTORE, vip, again_us);
		}
		return;
	}
	finish(ask, vip);
	ask_cancel(ask, TASK_RESTORE, vip);
	/* The probe's own cache may have rejected the owner, since it took another's reply. */
	if (leak && !is_leak(ask, vip) && restoration->replied_us + LOCKTIME_US > heard->now_us) {
		restoration->claimed_us = restoration->replied_us;
		start(ask, vip, unlocked_us(ask, vip));
	}
}

void
ask_restore_hear(struct ask *ask, const struct heard *heard)
{
	if (is_of_owner(ask, heard->vip, &heard->frame->arp.sha)) {
		if (!heard->doubtful)
			hear_owner(ask, heard);
	} else if (heard->request) {
		hear_leak(ask, heard);
	}
}
