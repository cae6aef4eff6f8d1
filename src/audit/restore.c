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
 */
#include "arpaudit/engine.h"

#define LOCKTIME_US        1000000
#define LOCKTIME_MARGIN_US 10000
#define OWNER_REPEATS_US   2200000 /* the owner's requests at 0, 1 and 2 s, and some */
#define RESTORE_TRIES      3

static uint64_t
unlocked_us(const struct vip *vip)
{
	return vip->last_claim_us + LOCKTIME_US + LOCKTIME_MARGIN_US;
}

bool
restore_pending(const struct audit *audit, uint32_t vip)
{
	return audit->vips[vip].restore == RESTORE_DUE || audit->vips[vip].restore == RESTORE_WAIT;
}

void
restore_leak(struct audit *audit, uint32_t vip, uint64_t now_us, const struct mac *mac,
    const struct address *decoy)
{
	struct vip *leaked = &audit->vips[vip];

	leaked->leaked = true;
	leaked->last_claim_us = now_us;
	if (decoy_find(audit, decoy) != NONE) {
		struct frame frame;

		probe_answer(audit, decoy, mac, &leaked->address, &frame);
		send_push(audit, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
	}
	if (leaked->restore == RESTORE_WAIT)
		return;
	leaked->restore = RESTORE_DUE;
	leaked->restore_tries = 0;
	leaked->restore_decoy = NONE;
	task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip), now_us);
}

void
restore_reply(struct audit *audit, uint32_t vip, uint64_t now_us, const struct mac *mac)
{
	struct vip *of = &audit->vips[vip];
	const uint32_t owner = owner_to_restore(audit, vip);

	if (owner != NONE && mac_equal(&of->claimant[owner].mac, mac))
		return;
	of->last_claim_us = now_us;
	if (of->restore == RESTORE_WAIT || (of->restore == RESTORE_DUE && of->leaked))
		return;
	of->restore = RESTORE_DUE;
	of->restore_tries = 0;
	of->restore_decoy = NONE;
	task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip), unlocked_us(of));
}

/* Hosts take their decoys from a random place on; the restoration takes them from the end, a
 * different one for each VIP and try. */
static uint32_t
restore_decoy(const struct audit *audit, uint32_t vip)
{
	const uint32_t start = vip * RESTORE_TRIES + audit->vips[vip].restore_tries;

	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		const uint32_t decoy = audit->decoy_count - 1 - (start + i) % audit->decoy_count;

		if (audit->decoys[decoy].state == DECOY_READY)
			return decoy;
	}
	return NONE;
}

/* Asks the owner; false when that can't be done. */
static bool
ask(struct audit *audit, uint32_t vip, const struct claimant *owner)
{
	struct vip *of = &audit->vips[vip];
	struct frame frame;

	if (!of->leaked) {
		probe_who_has(audit, &of->address, &owner->mac, &audit->source, &frame);
	} else {
		of->restore_decoy = restore_decoy(audit, vip);
		if (of->restore_decoy == NONE)
			return false;
		probe_elicit(audit, (enum elicit_method)(of->restore_tries % ELICIT_METHODS),
		    &owner->mac, &audit->decoys[of->restore_decoy].address, vip,
		    audit->attempt_number++, &frame);
	}
	send_push(audit, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	return true;
}

void
restore_run(struct audit *audit, uint32_t vip, uint64_t now_us)
{
	struct vip *of = &audit->vips[vip];
	const uint32_t owner = owner_to_restore(audit, vip);

	if (owner == NONE || of->restore_tries == RESTORE_TRIES ||
	    !ask(audit, vip, &of->claimant[owner])) {
		of->restore = RESTORE_FAILED;
		return;
	}
	of->restore = RESTORE_WAIT;
	of->restore_tries++;
	task_schedule(audit, LANE_BROADCAST, task_restore(audit, vip),
	    now_us +
		(of->leaked ? OWNER_REPEATS_US : round_trip_timeout_us(&audit->round_trip, 1)));
}

/* The owner's own word, late enough for every cache to take it. */
void
restore_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	const uint32_t vip = vip_find(audit, &arp->spa);

	if (vip == NONE || audit->vips[vip].restore != RESTORE_WAIT)
		return;
	struct vip *of = &audit->vips[vip];
	const uint32_t owner = owner_to_restore(audit, vip);
	const bool broadcast = mac_is_multicast(&capture->frame.destination);

	if (owner == NONE || !mac_equal(&of->claimant[owner].mac, &arp->sha))
		return;
	if ((of->leaked && !broadcast) || now_us < unlocked_us(of))
		return;
	of->restore = RESTORED;
	task_cancel(audit, task_restore(audit, vip));
}
