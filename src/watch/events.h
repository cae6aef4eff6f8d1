/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of a watch: each once, then counted.
 *
 * Events are the same if they are of one kind, about one VIP, and of the same machines. The table
 * has a place for EVENTS_MAX. An event of a machine that may turn out to be another is held for
 * EVENTS_HOLD_US before it is told, and before it is told again. One that did not happen for an
 * hour is forgotten, so that it is told in full when it happens again.
 *
 * If all places are taken, the one that is told and was longest ago gives way; if none is told, the
 * oldest one of lower severity. Events of RIPs, of which anybody can make many, have
 * EVENTS_RIPS_MAX places, so that they leave room for claims. What is not told is counted.
 */
#ifndef ARPAUDIT_WATCH_EVENTS_H
#define ARPAUDIT_WATCH_EVENTS_H

#include "arpaudit/event.h"

#define EVENTS_MAX       256
#define EVENTS_RIPS_MAX  64
#define EVENTS_HOLD_US   UINT64_C(2000000)
#define EVENTS_FORGET_US UINT64_C(3600000000)

struct events;

struct events *events_new(void); /* NULL: out of memory */
void events_free(struct events *events);

/* Notes that an event happened, at its `last_us`. Sets `count` and `first_us` itself. */
void events_note(struct events *events, const struct event *event);
/* The machine with the MAC is known now. What was held because of it, and was not told, did not
 * happen. `kinds`: which of its events, 1 << enum event_kind. Returns whether there were any. */
bool events_withdraw(
    struct events *events, const struct address *vip, const struct mac *mac, unsigned kinds);
/* Takes the next one that is due. */
bool events_take(struct events *events, uint64_t now_us, struct event *event);
/* Makes all due: nothing more will be learnt. */
void events_release(struct events *events);
/* The occurrences that were not told, and will not be. */
uint64_t events_lost(const struct events *events);
/* When the next one is due; UINT64_MAX: none. */
uint64_t events_due_us(const struct events *events);

#endif
