/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The masters of the virtual routers that advertise the VIPs.
 */
#include <stdio.h>

#include "audit/facts/advertised.h"
#include "audit/facts/claims.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "watch/inside.h"

/* A master is down after three silent intervals (RFC 5798, section 6.1). One more, for frames that
 * this machine may have missed. */
#define INTERVALS_SILENT 4
/* Two masters take four turns within this. */
#define INTERVALS_SPLIT 6

/* A master that gives the VIP up gives its successor time, too. */
static uint64_t
silence_due_us(const struct watch *watch, uint32_t vip)
{
	return watch->vip[vip].advertised_us +
	       INTERVALS_SILENT * (uint64_t)router_of(&watch->facts, vip)->interval_us;
}

static void
note_silence(struct watch *watch, uint32_t vip, uint64_t now_us)
{
	const struct router *router = router_of(&watch->facts, vip);
	struct event event = {
	    .kind = EVENT_OWNER_FELL_SILENT,
	    .severity = SEVERITY_INCONCLUSIVE,
	    .last_us = now_us,
	    .mac = router->mac,
	    .ip = router->master,
	};
	char master[ADDRESS_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];

	watch->vip[vip].silent = true;
	watch->vip[vip].silences++;
	(void)snprintf(event.message, sizeof(event.message),
	    "%s does not advertise %s any more, %s, and no other machine does",
	    address_format(&router->master, master),
	    address_format(vip_address(&watch->facts, vip), address),
	    router->resigned ? "after it gave it up" : "without giving it up");
	watch_note(watch, vip, &event, NULL);
}

void
watch_miss_masters(struct watch *watch, uint64_t now_us)
{
	if (now_us < watch->silence_due_us)
		return;
	watch->silence_due_us = UINT64_MAX;
	for (uint32_t vip = 0; vip < vip_count(&watch->facts); vip++) {
		const struct router *router = router_of(&watch->facts, vip);

		if (router->vrid == 0 || watch->vip[vip].silent)
			continue;
		if (now_us >= silence_due_us(watch, vip))
			note_silence(watch, vip, now_us);
		else if (silence_due_us(watch, vip) < watch->silence_due_us)
			watch->silence_due_us = silence_due_us(watch, vip);
	}
}

/* "10.77.0.3, virtual router 51" */
static const char *
master_name(const struct router *router, const struct address *master, char text[WATCH_NAME_SIZE])
{
	char address[ADDRESS_TEXT_SIZE];

	(void)snprintf(text, WATCH_NAME_SIZE, "%s (%s %u)", address_format(master, address),
	    router->carp ? "CARP virtual host" : "virtual router", router->vrid);
	return text;
}

static void
hear_master(struct watch *watch, uint32_t vip, bool announced, const struct heard *heard)
{
	const struct router *router = router_of(&watch->facts, vip);
	struct watched_vip *watched = &watch->vip[vip];
	const struct turns_owner owner = {.ip = router->master};
	const struct address before = watched->masters.owner.ip;
	const uint64_t window_us = INTERVALS_SPLIT * (uint64_t)router->interval_us;
	const enum turn turn = turns_take(&watched->masters, &owner, announced,
	    window_us > TURNS_SPLIT_US ? window_us : TURNS_SPLIT_US, heard->now_us);
	struct event event = {.mac = router->mac, .ip = router->master};
	char now_name[WATCH_NAME_SIZE], before_name[WATCH_NAME_SIZE];

	if (turn != TURN_FIRST)
		event.rival = before;
	watched->silent = false;
	watch_note_turn(watch, vip, turn, master_name(router, &router->master, now_name),
	    master_name(router, &before, before_name), &event, heard);
	if (silence_due_us(watch, vip) < watch->silence_due_us)
		watch->silence_due_us = silence_due_us(watch, vip);
}

static void
hear_of(struct watch *watch, uint32_t vip, const struct heard *heard)
{
	struct facts *facts = &watch->facts;
	const struct router before = *router_of(facts, vip);

	watch->vip[vip].advertised_us = heard->now_us;
	watch->vip[vip].asked.unanswered = 0;
	const struct news news = routers_hear(facts, vip, heard);

	(void)claims_hear_advertisement(facts, vip, heard);
	if ((news.kinds & NEWS_MASTER_HEARD) == 0)
		return;
	vacancy_end(&watch->vip[vip].vacancies, &before, heard->now_us);
	claims_adopt_master(facts, vip);
	if ((news.kinds & (NEWS_MASTER_FIRST_HEARD | NEWS_MASTER_CHANGED)) != 0)
		watch_review_claims(watch, vip, heard);
	hear_master(watch, vip, before.resigned, heard);
}

void
watch_hear_advertisement(struct watch *watch, const struct heard *heard)
{
	size_t at = 0;
	uint32_t vip;

	while ((vip = advertised_next(&watch->facts, &heard->frame->ip, &at)) != NONE)
		hear_of(watch, vip, heard);
}
