/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of a watch.
 *
 *	watch.c      life cycle, and the way of a frame
 *	claims.c     a claim: what it is, and which event
 *	note.c       events, with the frames that show them
 *	masters.c    the masters of virtual routers
 *	roles        what a claimant is
 *	turns        who owns a VIP after whom
 *	vacancy      when it had no master
 *	questions    for a VIP, and their answers
 *	sightings    the MACs of each RIP
 *	askers       to whom answers can be heard
 *	provokers    who sent packets to the VIPs
 *	events       each event once, then counted
 *	audits.c     audits that took place meanwhile
 *	results.c    what it all comes to
 */
#ifndef ARPAUDIT_WATCH_INSIDE_H
#define ARPAUDIT_WATCH_INSIDE_H

#include "arpaudit/watch.h"
#include "audit/facts/crowds.h"
#include "audit/facts/facts.h"
#include "audit/facts/heard.h"
#include "watch/askers.h"
#include "watch/events.h"
#include "watch/provokers.h"
#include "watch/questions.h"
#include "watch/sightings.h"
#include "watch/turns.h"
#include "watch/vacancy.h"

struct claimant; /* audit/facts/claims.h */

/* What became of a VIP. Events are forgotten; these stay. */
struct watched_vip {
	struct turns claims;  /* of the machines that own it by ARP */
	struct turns masters; /* of its virtual router */
	struct vacancies vacancies;
	uint32_t hand_overs, flip_flops, splits, silences, strangers;
	const struct kept_frame *split; /* the first claim that showed a split; NULL: none */
	bool violated_before;           /* a watch before this one has heard a violation */
	bool silent;                    /* the advertisements have ceased */
	uint64_t advertised_us;         /* the last one */
	uint64_t last_claim_us;         /* of anybody; 0: none */
	uint32_t audits, bad_audits;    /* that took place meanwhile, and found a violation */
	/* Strangers that were told in the minute that began at minute_us. */
	uint32_t strangers_told;
	uint64_t minute_us;
	struct questions asked;
};

struct watch {
	struct watch_of of;
	struct facts facts;
	uint64_t started_us;
	uint64_t lost;        /* frames of the capture */
	uint64_t events_lost; /* as far as it has been told */
	struct watched_vip *vip;
	struct crowds crowds;
	struct sightings *sightings;
	struct events *events;
	struct provokers provokers;
	struct askers askers;
	uint64_t silence_due_us; /* when advertisements may have ceased; UINT64_MAX: none heard */
};

/* What happened, and was not told or not counted for each host. */
uint64_t watch_events_lost(const struct watch *watch);

/* Notes an event of a VIP (NONE: of none). `event` has its kind, severity, machines and message. */
void watch_note(struct watch *watch, uint32_t vip, struct event *event, const struct heard *heard);

/* An ARP frame with the VIP as its SPA. */
void watch_hear_claim(struct watch *watch, const struct heard *heard);
/* The MAC turned out to be the host's: claims that it made before are the host's. */
void watch_pass_claims(struct watch *watch, uint32_t host, const struct heard *heard);
/* The VIP has another master than before, or its first one. What this machine, or another one,
 * claimed before may be no fault of it now. */
void watch_review_claims(struct watch *watch, uint32_t vip, const struct heard *heard);
/* A request for a VIP. */
void watch_hear_question(struct watch *watch, const struct heard *heard);
/* An advertisement by VRRP or CARP. */
void watch_hear_advertisement(struct watch *watch, const struct heard *heard);
/* Time passes: advertisements that ceased. */
void watch_miss_masters(struct watch *watch, uint64_t now_us);

/* A VIP went to another owner, or did so too often. `event` has the machines, and gets the rest.
 * `now`, `before`: their names. */
void watch_note_turn(struct watch *watch, uint32_t vip, enum turn turn, const char *now,
    const char *before, struct event *event, const struct heard *heard);

#define WATCH_NAME_SIZE 96 /* of a machine's name in a message */

#endif
