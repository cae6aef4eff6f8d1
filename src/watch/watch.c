/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A watch's life cycle, and the way of a captured frame.
 */
#include "arpaudit/watch.h"

#include <stdlib.h>

#include "audit/facts/claims.h"
#include "audit/facts/concern.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "watch/inside.h"

#define SEED 1 /* of decoys, which a watch does not use */

struct watch *
watch_new(const struct watch_of *of, uint64_t now_us, struct error *error)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch != NULL) {
		watch->of = *of;
		watch->started_us = now_us;
		watch->silence_due_us = UINT64_MAX;
		crowds_init(&watch->crowds);
		watch->vip = calloc(of->cluster->vip_count, sizeof(*watch->vip));
		watch->events = events_new();
	}
	if (watch != NULL && watch->vip != NULL && watch->events != NULL &&
	    facts_init(
		&watch->facts, of->cluster, of->settings, of->segment, of->table->checks, SEED) &&
	    (watch->sightings = sightings_new(&watch->facts)) != NULL) {
		watch->of.segment = NULL; /* the facts have a copy */
		return watch;
	}
	watch_free(watch);
	error_set(error, EXIT_CANNOT_RUN, "out of memory for %zu hosts and %zu VIPs",
	    of->cluster->host_count, of->cluster->vip_count);
	return NULL;
}

void
watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	facts_free(&watch->facts);
	sightings_free(watch->sightings);
	events_free(watch->events);
	free(watch->vip);
	free(watch);
}

void
watch_remember_owner(
    struct watch *watch, const struct address *vip, const struct mac *owner, uint64_t then_us)
{
	const uint32_t index = vip_find(&watch->facts, vip);

	if (index != NONE)
		(void)turns_take(&watch->vip[index].claims, &(struct turns_owner){.mac = *owner},
		    false, TURNS_SPLIT_US, then_us);
}

void
watch_remember_violation(struct watch *watch, const struct address *vip)
{
	const uint32_t index = vip_find(&watch->facts, vip);

	if (index != NONE)
		watch->vip[index].violated_before = true;
}

bool
watch_owner(const struct watch *watch, const struct address *vip, struct mac *owner)
{
	const uint32_t index = vip_find(&watch->facts, vip);

	if (index == NONE || !watch->vip[index].claims.known)
		return false;
	*owner = watch->vip[index].claims.owner.mac;
	return true;
}

/* ---- The way of a frame ------------------------------------------------------------------- */

static void
describe_sighting(enum sighting sighting, const struct host *host, struct event *event)
{
	char rip[ADDRESS_TEXT_SIZE], now[MAC_TEXT_SIZE], before[MAC_TEXT_SIZE];

	address_format(&host->rip, rip);
	mac_format(&event->mac, now);
	mac_format(&event->former, before);
	if (sighting == SIGHTING_MOVED)
		(void)snprintf(event->message, sizeof(event->message),
		    "%s has the MAC %s, and had %s before", rip, now, before);
	else if (sighting == SIGHTING_ALTERNATES)
		(void)snprintf(event->message, sizeof(event->message),
		    "%s is used by %s and by %s: two machines, two interfaces of one machine, a "
		    "bond that balances, or a proxy",
		    rip, now, before);
	else
		(void)snprintf(event->message, sizeof(event->message),
		    "%s and %s both answer the same ARP requests for %s", now, before, rip);
}

static void
note_sighting(struct watch *watch, const struct heard *heard)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
	} events[] = {
	    [SIGHTING_MOVED] = {EVENT_RIP_MOVED, SEVERITY_NOTE},
	    [SIGHTING_ALTERNATES] = {EVENT_RIP_SHARED, SEVERITY_INCONCLUSIVE},
	    [SIGHTING_DUPLICATE] = {EVENT_RIP_SHARED, SEVERITY_VIOLATION},
	};
	const struct host *host = host_of(&watch->facts, heard->rip_host);
	struct event event = {.mac = heard->frame->arp.sha, .ip = host->rip, .name = host->name};
	const enum sighting sighting =
	    sightings_hear(watch->sightings, heard->rip_host, heard, &event.former);

	if (sighting == SIGHTING_NOTHING)
		return;
	event.kind = events[sighting].kind;
	event.severity = events[sighting].severity;
	describe_sighting(sighting, host, &event);
	watch_note(watch, NONE, &event, heard);
}

/* The host itself sends its requests. A proxy may send its replies. */
static void
hear_rip(struct watch *watch, const struct heard *heard)
{
	struct facts *facts = &watch->facts;
	const struct mac *mac = &heard->frame->arp.sha;
	const bool was_own = sighting_is_own(facts, heard->rip_host, mac);

	sighting_learn(facts, heard);
	if (!was_own && sighting_is_own(facts, heard->rip_host, mac))
		watch_pass_claims(watch, heard->rip_host, heard);
	note_sighting(watch, heard);
}

static void
hear_arp(struct watch *watch, const struct heard *heard)
{
	const struct frame_arp *arp = &heard->frame->arp;

	routers_hear_arp(&watch->facts, arp);
	claims_hear_other_address(&watch->facts, heard, false);
	if (heard->rip_host != NONE && !heard->relayed)
		hear_rip(watch, heard);
	if (heard->request && vip_find(&watch->facts, &arp->tpa) != NONE)
		watch_hear_question(watch, heard);
	askers_hear_reply(&watch->askers, heard);
}

static bool
is_ignored(const struct watch *watch, const struct frame *frame)
{
	for (size_t i = 0; i < watch->of.ignored_count; i++) {
		const struct mac *mac = &watch->of.ignored[i];

		if (mac_equal(&frame->source, mac) ||
		    (frame->kind == FRAME_ARP && mac_equal(&frame->arp.sha, mac)))
			return true;
	}
	return false;
}

/* This machine's own frames are heard only for what they provoke and ask. */
static bool
is_own(const struct watch *watch, const struct frame *frame)
{
	const struct mac *own = &watch->facts.probe.mac;

	return !mac_equal(own, &mac_zero) && mac_equal(&frame->source, own);
}

/* Whoever asks, its question has its own answers. */
static void
count_question(struct watch *watch, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	uint32_t vip;

	if (frame->kind != FRAME_ARP || arp->operation != ARP_REQUEST ||
	    address_equal(&arp->spa, &arp->tpa))
		return;
	vip = vip_find(&watch->facts, &arp->tpa);
	if (vip != NONE)
		questions_hear(&watch->vip[vip].asked);
}

void
watch_receive(struct watch *watch, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;
	const struct kept_frame *kept = NULL;

	if (frame->vlan != watch->facts.probe.vlan || frame->kind == FRAME_OTHER)
		return;
	provokers_hear(&watch->provokers, &watch->facts, now_us, frame);
	count_question(watch, frame);
	if (is_own(watch, frame) || is_ignored(watch, frame))
		return;
	const struct heard heard = heard_classify(&watch->facts, now_us, capture, &kept);

	if (frame->kind == FRAME_VRRP && !heard.doubtful)
		watch_hear_advertisement(watch, &heard);
	else if (heard.arp && heard.vip != NONE)
		watch_hear_claim(watch, &heard);
	else if (heard.arp && !heard.doubtful)
		hear_arp(watch, &heard);
}

bool
watch_concerns(const struct watch *watch, const struct capture *capture)
{
	return facts_are_concerned(&watch->facts, &capture->frame);
}

void
watch_capture_lost(struct watch *watch, uint64_t now_us, uint64_t count)
{
	struct event event = {
	    .kind = EVENT_CAPTURE_LOST, .severity = SEVERITY_INCONCLUSIVE, .last_us = now_us};

	watch->lost += count;
	(void)snprintf(event.message, sizeof(event.message),
	    "the kernel of this machine dropped captured frames: %llu so far",
	    (unsigned long long)watch->lost);
	watch_note(watch, NONE, &event, NULL);
}

uint64_t
watch_events_lost(const struct watch *watch)
{
	return events_lost(watch->events) + watch->crowds.passed_over;
}

/* The table tells it at most once a minute, as any event. */
static void
tell_lost(struct watch *watch, uint64_t now_us)
{
	struct event event = {
	    .kind = EVENT_EVENTS_LOST, .severity = SEVERITY_INCONCLUSIVE, .last_us = now_us};

	if (watch_events_lost(watch) == watch->events_lost)
		return;
	watch->events_lost = watch_events_lost(watch);
	(void)snprintf(event.message, sizeof(event.message),
	    "more happened at once than can be told: %llu events were not told so far",
	    (unsigned long long)watch->events_lost);
	watch_note(watch, NONE, &event, NULL);
}

bool
watch_next(struct watch *watch, uint64_t now_us, struct event *event)
{
	watch_miss_masters(watch, now_us);
	tell_lost(watch, now_us);
	return events_take(watch->events, now_us, event);
}

void
watch_end(struct watch *watch)
{
	events_release(watch->events);
}

uint64_t
watch_wakeup_us(const struct watch *watch)
{
	const uint64_t event_us = events_due_us(watch->events);

	return event_us < watch->silence_due_us ? event_us : watch->silence_due_us;
}
