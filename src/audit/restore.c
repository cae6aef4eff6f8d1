/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doing no harm: bringing the segment's ARP caches back to the owner.
 *
 * A host that resolves a decoy with the VIP as SPA tells every bystander that the VIP is its own.
 * The decoy is answered at once, which stops the two repeats; then the owner is made to broadcast
 * as the VIP itself, by a decoy that nobody answers: it does so at 0, 1 and 2 s. Linux takes no new
 * MAC for an entry within `locktime` (1 s) of its last change (arp_process()), so only a broadcast
 * later than that restores.
 *
 * A mere reply for the VIP reaches the probe alone, whose kernel may have an entry for the VIP too:
 * one unicast question to the owner, after the same time, puts it right.
 *
 * The request that makes an owner with arp_announce 2 broadcast is the one frame of the probe whose
 * SHA is not its own: see ask().
 */
#include <math.h>

#include "arpaudit/engine.h"

#define LOCKTIME_US        1000000
#define LOCKTIME_MARGIN_US 50000
#define REPEATS_US         2200000 /* the owner's requests at 0, 1 and 2 s, and some */
#define PROVOKED_US        3000000 /* a host asks three times, a second apart */
#define RESTORE_TRIES      16
#define RESTORE_DOUBT      0.01 /* that a bystander has missed the owner's word */

/* When every cache has had the last claim for long enough: it may have reached some later than the
 * probe. */
static uint64_t
unlocked_us(const struct audit *audit, const struct vip *vip)
{
	/* Where frames get lost, so may the answer that stops its repeats, and what the probe hears
	 * of them. */
	const bool may_repeat = vip->leak_open && audit_loss(audit).lost > 0;

	return vip->last_claim_us + (may_repeat ? REPEATS_US : LOCKTIME_US) + LOCKTIME_MARGIN_US +
	       4 * audit->round_trip.variation_us;
}

bool
restore_pending(const struct audit *audit, uint32_t vip)
{
	return audit->vips[vip].restore == RESTORE_DUE || audit->vips[vip].restore == RESTORE_WAIT;
}

void
restore_provoked(struct audit *audit, uint32_t vip)
{
	audit->vips[vip].restore_owner = owner_to_restore(audit, vip);
}

/* The owner; when others have since turned up, so that it can't be told, the one that there was
 * when a leak was last risked: the caches had that one. */
static uint32_t
owner_of(const struct audit *audit, uint32_t vip)
{
	const uint32_t owner = owner_to_restore(audit, vip);

	return owner != NONE ? owner : audit->vips[vip].restore_owner;
}

bool
restore_possible(const struct audit *audit, uint32_t vip)
{
	return owner_count(audit, vip) == 0 || owner_to_restore(audit, vip) != NONE;
}

/* Requests to the owner so far. The many replies while hosts are asked shall leave some for a leak.
 */
static uint8_t *
requests(struct vip *of)
{
	return of->leak_open ? &of->restores : &of->reply_restores;
}

/* One that is claimed again and again is contested: asking its owner for ever would not help. */
static void
schedule_restore(struct audit *audit, uint32_t vip, uint64_t due_us)
{
	struct vip *of = &audit->vips[vip];

	if (restore_pending(audit, vip))
		return;
	if (*requests(of) >= RESTORES_MAX) {
		of->restore = RESTORE_OVER;
		return;
	}
	of->restore = RESTORE_DUE;
	of->restore_tries = of->restore_heard = 0;
	of->restore_decoy = NONE;
	task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip), due_us);
}

/* A decoy that is found to be in use is none any more: nobody answers for it but its holder. */
static bool
is_free_decoy(const struct audit *audit, const struct address *address)
{
	const uint32_t decoy = decoy_find(audit, address);

	return decoy != NONE && audit->decoys[decoy].state == DECOY_READY;
}

/* Did a packet of ours make it ask? For the decoy or the probe itself; or, in a host whose subnet
 * is smaller than it should be, for its gateway. No packet makes one announce itself. */
static bool
is_provoked(const struct audit *audit, uint64_t now_us, const struct frame_arp *arp)
{
	if (address_equal(&arp->spa, &arp->tpa))
		return false;
	if (is_free_decoy(audit, &arp->tpa) || address_equal(&arp->tpa, &audit->source))
		return true;
	for (uint32_t host = host_find_mac(audit, &arp->sha); host != NONE;
	     host = host_next_with_mac(audit, host, &arp->sha))
		if (audit->hosts[host].attempt_sent_us + PROVOKED_US > now_us)
			return true;
	return false;
}

/* A request with SPA = VIP by another than the owner: if it was for a decoy, it is answered. */
static void
observe_leak(struct audit *audit, uint32_t vip, uint64_t now_us, const struct frame_arp *arp)
{
	struct vip *of = &audit->vips[vip];

	if (!is_provoked(audit, now_us, arp))
		return;
	for (uint32_t i = 0; i < of->claimant_count; i++) {
		struct claimant *claimant = &of->claimant[i];

		if (!mac_equal(&claimant->mac, &arp->sha) || claimant->leaked)
			continue;
		claimant->leaked = true;
		audit->leaks++;
	}
	/* So it need not ask again; the owner, who shall, is never answered. */
	if (is_free_decoy(audit, &arp->tpa)) {
		struct frame frame;

		probe_answer(audit, &arp->tpa, &arp->sha, &of->address, &frame);
		send_push(audit, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
	}
	/* At once: before whatever else is due, a mere reply's restoration too. */
	if (!of->leak_open)
		of->restore = RESTORE_NONE;
	of->leaked = of->leak_open = true;
	of->last_claim_us = now_us;
	of->restore_heard = 0;
	schedule_restore(audit, vip, 0);
}

void
restore_reply(struct audit *audit, uint32_t vip, uint64_t now_us, const struct mac *mac)
{
	struct vip *of = &audit->vips[vip];
	const uint32_t owner = owner_of(audit, vip);

	if (owner == NONE || mac_equal(&of->claimant[owner].mac, mac))
		return;
	/* Such replies come again and again while hosts are asked. They reach no bystander, so the
	 * owner's broadcast, when it comes, is not late for that. */
	if (of->leak_open)
		return;
	of->last_claim_us = now_us;
	schedule_restore(audit, vip, unlocked_us(audit, of));
}

/* Hosts take their decoys from a random place on; the restoration takes them from the end, a
 * different one for each VIP and try. */
static uint32_t
restore_decoy(const struct audit *audit, uint32_t vip)
{
	const uint32_t start = vip + audit->vips[vip].restore_tries * audit->vip_count;

	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		const uint32_t decoy = audit->decoy_count - 1 - (start + i) % audit->decoy_count;

		if (audit->decoys[decoy].state == DECOY_READY)
			return decoy;
	}
	return NONE;
}

/* The owner of a virtual router's MAC asks for a decoy with its own (see master.c): that would be
 * one more claim that is not the owner's. */
static bool
is_elicited(const struct vip *vip, const struct claimant *owner)
{
	return mac_vrrp_vrid(&owner->mac) == 0 && vip->restore_decoy != NONE &&
	       (vip->restore_tries == 0 || vip->restore_speaks);
}

/*
 * Asks the owner; false when it is too early for that. After a leak it is elicited from a decoy. An
 * owner with arp_announce 2 does not speak as the VIP then; so the second time its answer is made a
 * broadcast: the reply to a request with SPA 0.0.0.0 goes to the SHA that the request names
 * (arp_process()), which for once is the broadcast address. Nobody but the owner gets that request.
 */
static bool
ask(struct audit *audit, uint32_t vip, const struct claimant *owner, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);
	struct frame frame;

	of->restore_decoy = restore_decoy(audit, vip);
	if (!of->leak_open) {
		probe_who_has(audit, &of->address, &owner->mac, &audit->source, &frame);
	} else if (is_elicited(of, owner)) {
		probe_elicit(audit, ELICIT_ECHO, &owner->mac,
		    &audit->decoys[of->restore_decoy].address, vip, audit->attempt_number++,
		    &frame);
	} else if (now_us >= unlocked_us(audit, of)) {
		probe_who_has(audit, &of->address, &owner->mac, &unspecified, &frame);
		frame.arp.sha = mac_broadcast;
	} else {
		return false;
	}
	send_push(audit, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	return true;
}

/* Where frames get lost, what the probe has heard from the owner a bystander may have missed. A
 * frame goes one way only, of the two that the estimate is of. */
static bool
is_heard_by_all(const struct audit *audit, uint32_t heard)
{
	const struct loss loss = audit_loss(audit);
	const double all = (double)loss.answered + (double)loss.lost;
	const double lost = all == 0 ? 0 : (double)loss.lost / all;

	return pow(1 - sqrt(1 - lost), heard) <= RESTORE_DOUBT;
}

static void
finish(const struct audit *audit, struct vip *of)
{
	of->restore = RESTORE_OVER;
	if (of->restore_heard > 0 && is_heard_by_all(audit, of->restore_heard))
		of->leak_open = false;
}

void
restore_run(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	const uint32_t owner = owner_of(audit, vip);
	uint64_t wait_us = round_trip_timeout_us(&audit->round_trip, 2);

	if (owner == NONE || of->restore_tries == RESTORE_TRIES || *requests(of) > RESTORES_MAX) {
		finish(audit, of);
		return;
	}
	if (!of->leak_open && now_us < unlocked_us(audit, of) && *requests(of) < RESTORES_MAX) {
		/* It was claimed again meanwhile. */
		++*requests(of);
		task_schedule(
		    audit, LANE_BROADCAST, task_restore(audit, vip), unlocked_us(audit, of));
		return;
	}
	of->restore = RESTORE_WAIT;
	++*requests(of);
	if (!ask(audit, vip, &of->claimant[owner], now_us)) {
		wait_us = unlocked_us(audit, of) - now_us;
	} else {
		if (of->leak_open && (of->restore_tries == 0 || of->restore_speaks))
			wait_us = REPEATS_US;
		of->restore_tries++;
	}
	task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip), now_us + wait_us);
}

/* The owner's own word, late enough for every cache to take it. */
static void
observe_owner(struct audit *audit, uint32_t vip, uint64_t now_us, const struct frame *frame)
{
	struct vip *of = &audit->vips[vip];

	/* Elicited, it speaks as the VIP: so it will again. */
	of->restore_speaks = of->restore_speaks ||
			     (of->restore == RESTORE_WAIT && frame->arp.operation == ARP_REQUEST);
	if (of->restore != RESTORE_WAIT || now_us < unlocked_us(audit, of) ||
	    (of->leak_open && !mac_equal(&frame->destination, &mac_broadcast)))
		return;
	if (of->restore_heard == 0)
		of->restore_heard_us = now_us;
	if (of->restore_heard < UINT8_MAX)
		of->restore_heard++;
	const uint64_t again_us = of->restore_heard_us + LOCKTIME_US + LOCKTIME_MARGIN_US;
	/* A cache whose host has just used the entry, or checks it, takes no other MAC for as long
	 * as after a claim. Requests are repeated by the owner itself; a reply is asked for again.
	 */
	const bool once = frame->arp.operation == ARP_REPLY && now_us < again_us;

	if (of->leak_open && (once || !is_heard_by_all(audit, of->restore_heard))) {
		if (once)
			task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip), again_us);
		return;
	}
	finish(audit, of);
	task_cancel(audit, task_restore(audit, vip));
}

void
restore_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	const uint32_t vip = vip_find(audit, &arp->spa);

	if (vip == NONE)
		return;
	const uint32_t owner = owner_of(audit, vip);

	if (owner != NONE && mac_equal(&audit->vips[vip].claimant[owner].mac, &arp->sha))
		observe_owner(audit, vip, now_us, &capture->frame);
	else if (arp->operation == ARP_REQUEST)
		observe_leak(audit, vip, now_us, arp);
}
