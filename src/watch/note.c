/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes events with the frame that shows them.
 */
#include <stdio.h>
#include <string.h>

#include "audit/facts/evidence.h"
#include "audit/facts/vips.h"
#include "watch/inside.h"

static void
keep_octets(struct event_frame *kept, const struct heard *heard)
{
	const struct capture *capture = heard->capture;

	kept->time_us = capture->time_us != 0 ? capture->time_us : heard->now_us;
	kept->number = capture->number;
	kept->length =
	    (uint16_t)(capture->length < EVENT_FRAME_SIZE ? capture->length : EVENT_FRAME_SIZE);
	memcpy(kept->bytes, capture->bytes, kept->length);
}

void
watch_note(struct watch *watch, uint32_t vip, struct event *event, const struct heard *heard)
{
	event->cluster = watch->of.cluster->name;
	if (vip != NONE)
		event->vip = *vip_address(&watch->facts, vip);
	if (heard != NULL) {
		event->last_us = heard->now_us;
		keep_octets(&event->frame, heard);
	}
	events_note(watch->events, event);
}

static void
count_turn(struct watched_vip *vip, enum turn turn)
{
	vip->hand_overs += turn == TURN_HAND_OVER;
	vip->flip_flops += turn == TURN_FLIP_FLOP;
	vip->splits += turn == TURN_SPLIT;
}

void
watch_note_turn(struct watch *watch, uint32_t vip, enum turn turn, const char *now,
    const char *before, struct event *event, const struct heard *heard)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
	} events[] = {
	    [TURN_FIRST] = {EVENT_OWNER_HEARD, SEVERITY_NOTE},
	    [TURN_HAND_OVER] = {EVENT_OWNER_HANDED_OVER, SEVERITY_NOTE},
	    [TURN_FLIP_FLOP] = {EVENT_OWNER_FLIP_FLOPPED, SEVERITY_INCONCLUSIVE},
	    [TURN_SPLIT] = {EVENT_OWNERS_ALTERNATED, SEVERITY_VIOLATION},
	};
	char address[ADDRESS_TEXT_SIZE];

	if (turn == TURN_NONE)
		return;
	address_format(vip_address(&watch->facts, vip), address);
	count_turn(&watch->vip[vip], turn);
	event->kind = events[turn].kind;
	event->severity = events[turn].severity;
	if (turn == TURN_FIRST)
		(void)snprintf(event->message, sizeof(event->message), "%s owns %s", now, address);
	else if (turn == TURN_HAND_OVER)
		(void)snprintf(event->message, sizeof(event->message), "%s went from %s to %s",
		    address, before, now);
	else if (turn == TURN_FLIP_FLOP)
		(void)snprintf(event->message, sizeof(event->message), "%s went from %s back to %s",
		    address, before, now);
	else
		(void)snprintf(event->message, sizeof(event->message),
		    "%s and %s both own %s: split brain", before, now, address);
	if (turn == TURN_SPLIT)
		evidence_keep_frame(&watch->facts, &watch->vip[vip].split, heard);
	watch_note(watch, vip, event, heard);
}
