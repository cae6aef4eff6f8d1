/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/rehearsal.h"

#include <stdlib.h>

#include "audit/ask/provoke.h"
#include "audit/facts/asked.h"
#include "audit/facts/loss.h"
#include "audit/facts/vips.h"
#include "audit/owner/director.h"

#define TRIES       8 /* more if so many may all have been lost */
#define TRIES_MOST  24
#define DOUBT       1e-3
#define BACKOFF_MAX 2
#define BEGUN_MOST  8 /* for a VIP whose owners come and go */

/* The rehearsal of a VIP. */
struct rehearsal {
	bool due;         /* its task is scheduled */
	bool silent;      /* the owner was not heard since it began: it may not be there any more */
	uint8_t begun;    /* how often it began */
	uint8_t tries;    /* packets to the owner */
	uint8_t echoes;   /* of these, from decoys */
	struct mac owner; /* to whom */
};

bool
ask_rehearsals_init(struct ask *ask)
{
	ask->rehearsals = calloc(vip_count(ask->facts), sizeof(*ask->rehearsals));
	return ask->rehearsals != NULL;
}

void
ask_rehearsals_free(struct ask *ask)
{
	free(ask->rehearsals);
}

void
ask_rehearsal_want(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	if (ask->rehearsals[vip].due)
		return;
	ask->rehearsals[vip].due = true;
	ask_schedule(ask, LANE_BROADCAST, TASK_REHEARSAL, vip, now_us);
}

static struct news
end(struct ask *ask, uint32_t vip)
{
	ask->rehearsals[vip].due = false;
	return (struct news){.kinds = NEWS_REHEARSED, .vip = vip};
}

bool
ask_rehearsal_is_over(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	if (!owner_needs_rehearsal(ask->facts, vip))
		return true;
	ask_rehearsal_want(ask, vip, now_us);
	return false;
}

static void
begin(struct rehearsal *rehearsal, const struct mac *owner)
{
	rehearsal->owner = *owner;
	rehearsal->silent = true;
	rehearsal->tries = 0;
	rehearsal->begun++;
}

static bool
is_over(const struct ask *ask, const struct rehearsal *rehearsal)
{
	const struct loss loss = loss_sum(ask->facts->loss);

	return rehearsal->tries >= TRIES_MOST || rehearsal->begun > BEGUN_MOST ||
	       (rehearsal->tries >= TRIES && loss_all_lost(&loss, rehearsal->tries) <= DOUBT);
}

/* Most owners answer the first packet. From the third on, the two kinds take turns. */
static void
push(struct ask *ask, uint32_t vip)
{
	struct rehearsal *rehearsal = &ask->rehearsals[vip];
	const uint32_t decoy =
	    provoke_choose_decoy(ask, vip + rehearsal->echoes * vip_count(ask->facts));
	const bool echo = rehearsal->tries >= 2 && rehearsal->tries % 2 == 0 && decoy != NONE &&
			  mac_vrrp_vrid(&rehearsal->owner) == 0;
	struct frame frame;

	rehearsal->tries++;
	if (echo) {
		rehearsal->echoes++;
		provoke_by_echo(ask, vip, decoy, &rehearsal->owner, &frame);
	} else {
		provoke_by_probe(ask, vip, &rehearsal->owner, &frame);
	}
	ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_REHEARSAL, vip);
}

static void
wait_for_claim(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const uint8_t tries = ask->rehearsals[vip].tries;

	ask_schedule(ask, LANE_BROADCAST, TASK_REHEARSAL, vip,
	    now_us + round_trip_timeout_us(
			 &ask->pace->round_trip, tries < BACKOFF_MAX ? tries : BACKOFF_MAX));
}

/* The packet may have waited for its turn. */
void
ask_rehearsal_sent(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	if (ask->rehearsals[vip].due)
		wait_for_claim(ask, vip, now_us);
}

struct news
ask_rehearsal_run(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	struct rehearsal *rehearsal = &ask->rehearsals[vip];
	const struct claimant *owner;

	if (!owner_needs_rehearsal(ask->facts, vip))
		return end(ask, vip);
	owner = claimant_of(ask->facts, vip, owner_to_restore(ask->facts, vip));
	if (!mac_equal(&owner->mac, &rehearsal->owner) || rehearsal->tries == 0)
		begin(rehearsal, &owner->mac);
	if (is_over(ask, rehearsal)) {
		asked_set_rehearsal(ask->facts, vip, REHEARSAL_FAILED, &rehearsal->owner, now_us);
		return end(ask, vip);
	}
	push(ask, vip);
	wait_for_claim(ask, vip, now_us);
	return news_none();
}

/* Whether the frame is the claim that the rehearsal is to bring. An announcement is none: nobody
 * can be made to send one. A doubtful frame proves nothing. */
static bool
is_rehearsed(const struct ask *ask, const struct heard *heard)
{
	const struct rehearsal *rehearsal = &ask->rehearsals[heard->vip];
	const struct mac *mac = &heard->frame->arp.sha;

	return rehearsal->tries > 0 && !heard->doubtful && !heard->gratuitous &&
	       mac_equal(&heard->frame->destination, &mac_broadcast) &&
	       (mac_equal(mac, &rehearsal->owner) || owner_is_by_mac(ask->facts, heard->vip, mac));
}

static void
forget(struct ask *ask, uint32_t vip)
{
	ask->rehearsals[vip].tries = 0;
	asked_set_rehearsal(ask->facts, vip, REHEARSAL_NONE, &mac_zero, 0);
}

/* The owner speaks otherwise. If it was silent all through a failed rehearsal, it was not there, or
 * another master has its MAC now: it is tried again. */
static struct news
hear_owner(struct ask *ask, uint32_t vip)
{
	struct rehearsal *rehearsal = &ask->rehearsals[vip];
	const bool again = rehearsal->silent && rehearsal->begun < BEGUN_MOST &&
			   asked_of(ask->facts, vip)->rehearsal == REHEARSAL_FAILED;

	rehearsal->silent = false;
	if (!again)
		return news_none();
	forget(ask, vip);
	return end(ask, vip);
}

/* The claim may come late, after the rehearsal was given up. */
struct news
ask_rehearsal_hear(struct ask *ask, const struct heard *heard)
{
	struct rehearsal *rehearsal = &ask->rehearsals[heard->vip];

	if (asked_of(ask->facts, heard->vip)->rehearsal == REHEARSAL_HEARD)
		return news_none();
	if (!is_rehearsed(ask, heard))
		return mac_equal(&heard->frame->arp.sha, &rehearsal->owner)
			   ? hear_owner(ask, heard->vip)
			   : news_none();
	asked_set_rehearsal(
	    ask->facts, heard->vip, REHEARSAL_HEARD, &rehearsal->owner, heard->now_us);
	ask_cancel(ask, TASK_REHEARSAL, heard->vip);
	return end(ask, heard->vip);
}

void
ask_rehearsals_void(struct ask *ask)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++) {
		if (asked_of(ask->facts, vip)->rehearsal == REHEARSAL_FAILED)
			forget(ask, vip);
	}
}
