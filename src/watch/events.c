/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/events.h"

#include <stdlib.h>

#define BUCKETS 512
#define NO_SLOT UINT16_MAX

struct slot {
	struct event event;
	uint64_t told_us;   /* 0: never */
	uint64_t untold;    /* occurrences that were not told */
	uint64_t untold_us; /* the first of them */
	uint16_t next;      /* in the list of its bucket, or of the free slots */
};

struct events {
	uint64_t due_us;
	uint64_t lost;
	bool released;
	uint16_t bucket[BUCKETS]; /* the first slot of each list */
	uint16_t free;
	struct slot slot[EVENTS_MAX];
};

struct events *
events_new(void)
{
	struct events *events = calloc(1, sizeof(*events));

	if (events == NULL)
		return NULL;
	events->due_us = UINT64_MAX;
	for (size_t i = 0; i < BUCKETS; i++)
		events->bucket[i] = NO_SLOT;
	for (uint16_t i = 0; i < EVENTS_MAX; i++)
		events->slot[i].next = i + 1 < EVENTS_MAX ? (uint16_t)(i + 1) : NO_SLOT;
	return events;
}

void
events_free(struct events *events)
{
	free(events);
}

static uint32_t
mix(uint32_t value, const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		value = (value ^ octets[i]) * 16777619u; /* FNV-1a */
	return value;
}

static uint16_t *
bucket_of(struct events *events, const struct event *event)
{
	uint32_t value = 2166136261u ^ (uint32_t)event->kind;

	value = mix(value, event->vip.octet, sizeof(event->vip.octet));
	value = mix(value, event->mac.octet, sizeof(event->mac.octet));
	return &events->bucket[value % BUCKETS];
}

static bool
is_of_rip(const struct event *event)
{
	return event->kind == EVENT_RIP_MOVED || event->kind == EVENT_RIP_SHARED;
}

/* A RIP that moved is told by the RIP. */
static bool
is_same(const struct event *one, const struct event *other)
{
	return one->kind == other->kind && address_equal(&one->vip, &other->vip) &&
	       mac_equal(&one->mac, &other->mac) && mac_equal(&one->former, &other->former) &&
	       address_equal(&one->rival, &other->rival) &&
	       (!is_of_rip(one) || address_equal(&one->ip, &other->ip));
}

static struct slot *
find(struct events *events, const struct event *event)
{
	uint16_t at = *bucket_of(events, event);

	while (at != NO_SLOT && !is_same(&events->slot[at].event, event))
		at = events->slot[at].next;
	return at == NO_SLOT ? NULL : &events->slot[at];
}

static void
forget(struct events *events, uint16_t at)
{
	uint16_t *link = bucket_of(events, &events->slot[at].event);

	while (*link != at)
		link = &events->slot[*link].next;
	*link = events->slot[at].next;
	events->slot[at] = (struct slot){.next = events->free};
	events->free = at;
}

static bool
is_used(const struct slot *slot)
{
	return slot->event.count > 0;
}

/* That events were lost is told in any case. */
static unsigned
rank(const struct event *event)
{
	return event->kind == EVENT_EVENTS_LOST ? SEVERITY_VIOLATION + 1u
						: (unsigned)event->severity;
}

/* Whether `slot` gives way before `other`. */
static bool
gives_way(const struct slot *slot, const struct slot *other)
{
	const bool told = slot->untold == 0, other_told = other->untold == 0;

	return told != other_told ? told : slot->event.last_us < other->event.last_us;
}

/* The slot that gives way to the event. NO_SLOT: none of them is told or less severe. */
static uint16_t
find_victim(const struct events *events, const struct event *event, bool of_rips)
{
	uint16_t victim = NO_SLOT;

	for (uint16_t i = 0; i < EVENTS_MAX; i++) {
		const struct slot *slot = &events->slot[i];

		if (!is_used(slot) || (of_rips && !is_of_rip(&slot->event)) ||
		    (slot->untold > 0 && rank(&slot->event) >= rank(event)))
			continue;
		if (victim == NO_SLOT || gives_way(slot, &events->slot[victim]))
			victim = i;
	}
	return victim;
}

static bool
is_full_of_rips(const struct events *events)
{
	size_t count = 0;

	for (uint16_t i = 0; i < EVENTS_MAX; i++)
		count += is_used(&events->slot[i]) && is_of_rip(&events->slot[i].event);
	return count >= EVENTS_RIPS_MAX;
}

/* NULL: there is no place for the event. */
static struct slot *
add(struct events *events, const struct event *event)
{
	const bool of_rips = is_of_rip(event) && is_full_of_rips(events);

	if (of_rips || events->free == NO_SLOT) {
		const uint16_t victim = find_victim(events, event, of_rips);

		if (victim == NO_SLOT)
			return NULL;
		events->lost += events->slot[victim].untold;
		forget(events, victim);
	}
	uint16_t *const bucket = bucket_of(events, event);
	const uint16_t at = events->free;
	struct slot *slot = &events->slot[at];

	events->free = slot->next;
	*slot = (struct slot){.event = *event, .next = *bucket};
	slot->event.first_us = event->last_us;
	*bucket = at;
	return slot;
}

static uint64_t
slot_due_us(const struct events *events, const struct slot *slot)
{
	if (!is_used(slot) || slot->untold == 0)
		return UINT64_MAX;
	if (events->released)
		return 0;
	const uint64_t known_us = slot->event.tentative ? slot->untold_us + EVENTS_HOLD_US : 0;
	const uint64_t again_us = slot->told_us != 0 ? slot->told_us + EVENT_REPEAT_US : 0;

	return known_us > again_us ? known_us : again_us;
}

static bool
is_forgotten(const struct slot *slot, uint64_t now_us)
{
	return slot->untold == 0 && now_us > slot->event.last_us + EVENTS_FORGET_US;
}

void
events_note(struct events *events, const struct event *event)
{
	struct slot *slot = find(events, event);

	if (slot != NULL && is_forgotten(slot, event->last_us)) {
		forget(events, (uint16_t)(slot - events->slot));
		slot = NULL;
	}
	if (slot == NULL)
		slot = add(events, event);
	if (slot == NULL) {
		events->lost++;
		return;
	}
	const uint64_t first_us = slot->event.first_us, count = slot->event.count + 1;
	const enum severity worst = slot->event.severity;

	slot->event = *event;
	slot->event.first_us = first_us;
	slot->event.count = count;
	if (slot->event.severity < worst)
		slot->event.severity = worst;
	else if (slot->event.severity > worst)
		slot->told_us = 0; /* it is worse than what was told */
	if (slot->untold++ == 0)
		slot->untold_us = event->last_us;
	if (slot_due_us(events, slot) < events->due_us)
		events->due_us = slot_due_us(events, slot);
}

/* Of those that are due, the one that happened first. Finds when the next one is, too. */
static uint16_t
find_due(struct events *events, uint64_t now_us)
{
	uint16_t found = NO_SLOT;

	events->due_us = UINT64_MAX;
	for (uint16_t i = 0; i < EVENTS_MAX; i++) {
		const struct slot *slot = &events->slot[i];
		const uint64_t due_us = slot_due_us(events, slot);

		if (is_used(slot) && is_forgotten(slot, now_us)) {
			forget(events, i);
			continue;
		}
		if (due_us < events->due_us)
			events->due_us = due_us;
		if (due_us <= now_us &&
		    (found == NO_SLOT || slot->event.last_us < events->slot[found].event.last_us))
			found = i;
	}
	return found;
}

static bool
is_held(const struct slot *slot, const struct address *vip, const struct mac *mac)
{
	return is_used(slot) && slot->untold > 0 && slot->event.tentative &&
	       address_equal(&slot->event.vip, vip) &&
	       (mac_equal(&slot->event.mac, mac) || mac_equal(&slot->event.former, mac));
}

bool
events_withdraw(
    struct events *events, const struct address *vip, const struct mac *mac, unsigned kinds)
{
	bool any = false;

	for (uint16_t i = 0; i < EVENTS_MAX; i++) {
		struct slot *slot = &events->slot[i];

		if (!is_held(slot, vip, mac) || (kinds & 1u << slot->event.kind) == 0)
			continue;
		any = true;
		if (slot->told_us == 0) {
			forget(events, i);
			continue;
		}
		slot->event.count -= slot->untold;
		slot->untold = 0;
	}
	return any;
}

void
events_release(struct events *events)
{
	events->released = true;
	events->due_us = 0;
}

bool
events_take(struct events *events, uint64_t now_us, struct event *event)
{
	uint16_t at;

	if (events->due_us > now_us)
		return false;
	at = find_due(events, now_us);
	if (at == NO_SLOT)
		return false;
	*event = events->slot[at].event;
	events->slot[at].told_us = now_us;
	events->slot[at].untold = 0;
	return true;
}

uint64_t
events_lost(const struct events *events)
{
	return events->lost;
}

uint64_t
events_due_us(const struct events *events)
{
	return events->due_us;
}
