/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to send next: state machines that ask, wait and ask again.
 *
 *	ask/hosts       the stages of each host: fences, attempts, further rounds
 *	ask/vips        broadcast who-has VIP, for all hosts together
 *	ask/decoys      verifies that decoys are free
 *	ask/source      verifies that a borrowed source is free, before anything else
 *	ask/handover    asks the owners again when a second one appears
 *	ask/signature   asks owners for the DR signature
 *	ask/rehearsal   shows that the owner can be made to claim the VIP, before a leak is risked
 *	ask/restore     restores the segment's caches to the owner after a leak
 *	ask/gateways    sends packets for a VIP by way of a router
 *	ask/master      listens for VRRP advertisements, and asks for the master's MAC
 *
 * Each has a state of its own and tasks in the lanes. They do not call each other, except that
 * hosts schedule rounds of who-has VIP, and whoever risks a leak schedules rehearsals. What
 * concerns another one is returned as news (news.h).
 */
#ifndef ARPAUDIT_AUDIT_ASK_ASK_H
#define ARPAUDIT_AUDIT_ASK_ASK_H

#include "audit/facts/check.h"
#include "audit/facts/facts.h"
#include "audit/facts/news.h"
#include "audit/pace/pace.h"

/* Of two tasks due at the same time, the lower kind runs first. */
enum task_kind {
	TASK_HOST = 0,
	TASK_VIPS, /* index 0, or TASK_VIPS_LISTENED */
	TASK_DECOYS,
	TASK_SOURCE,
	TASK_MASTER,
	TASK_NEW_MASTER, /* index: the VIP */
	TASK_REHEARSAL,  /* index: the VIP */
	TASK_RESTORE,    /* index: the VIP */
	TASK_HANDOVER,   /* index: the VIP */
	TASK_SIGNATURE,  /* index: the VIP */
	TASK_GATEWAY,    /* index: the gateway, or one of its VIPs behind these: ask/gateways.h */
};

#define TASK_VIPS_LISTENED 1

/* Why a frame is sent. This decides what happens when it has left. */
enum purpose {
	PURPOSE_NONE = 0,
	PURPOSE_FENCE,     /* starts the host's fence timer */
	PURPOSE_ATTEMPT,   /* starts the host's attempt timer */
	PURPOSE_TRAIN,     /* precedes a fence or an attempt */
	PURPOSE_VIP,       /* broadcast who-has VIP; a proxy may answer late */
	PURPOSE_ROUND,     /* the last of a round of these */
	PURPOSE_INQUIRY,   /* broadcast who-has VIP beside the rounds */
	PURPOSE_DECOY,     /* broadcast who-has decoy; a proxy may answer late */
	PURPOSE_REHEARSAL, /* asks an owner to claim its VIP, to see whether it does */
	PURPOSE_RESTORE,   /* asks an owner to claim its VIP back */
};

/* ask/source: probes sent, and the owner heard. */
struct asked_source {
	uint8_t rounds;
	struct mac owner;
};

struct ask {
	struct facts *facts;
	struct pace *pace;
	const struct check *const *checks; /* ends with NULL */
	struct asked_hosts *hosts;
	struct asked_decoys *decoys;
	struct asked_handovers *handovers;
	struct asked_signatures *signatures;
	struct rehearsal *rehearsals; /* by VIP */
	struct asked_restorations *restorations;
	struct asked_masters *masters;
	uint64_t vips_asked_us;  /* ask/vips: time of the last round */
	uint64_t vips_listen_us; /* ask/vips: when every owner has had its time; 0: not known yet */
	uint8_t directors_due;   /* ask/vips: rounds that ask for the directors' addresses, too */
	uint8_t directors_asked; /* how often that began */
	uint64_t begins_until_us; /* ask/vips: rounds are rare until then; 0: they never are */
	uint64_t elicited_us;     /* ask/attempts: when a packet that may provoke a leak left */
	/* ask/attempts: hosts whose requests may not have been heard, and when the last packet left
	 * that made them ask. */
	uint32_t unheard;
	uint64_t unheard_us;
	bool stopped; /* nothing is asked any more, except to restore owners */
	struct asked_source source;
};

/* Everything passed is borrowed and must outlive `ask`, which must be zeroed. False: out of memory;
 * call ask_free() nevertheless. */
bool ask_init(struct ask *ask, struct facts *facts, struct pace *pace,
    const struct check *const *checks, uint64_t seed);
void ask_free(struct ask *ask);
/* Runs a due task of a lane. */
struct news ask_run(struct ask *ask, enum lane lane, struct task task, uint64_t now_us);
/* Records that a frame has left. */
void ask_sent(struct ask *ask, const struct outgoing *outgoing, uint64_t now_us);
/* Whether a waiting frame must not leave: its attempt has been given up, its source decoy is in
 * use, or nothing is asked any more. */
bool ask_is_void(const struct ask *ask, enum lane lane, const struct outgoing *outgoing);
/* Ends the auditing. From here on nothing is asked, except to restore owners. */
void ask_stop(struct ask *ask);

static inline void
ask_schedule(struct ask *ask, enum lane lane, enum task_kind kind, uint32_t index, uint64_t due_us)
{
	lanes_schedule(
	    &ask->pace->lanes, lane, (struct task){.kind = (uint8_t)kind, .index = index}, due_us);
}

static inline void
ask_cancel(struct ask *ask, enum task_kind kind, uint32_t index)
{
	lanes_cancel(&ask->pace->lanes, (struct task){.kind = (uint8_t)kind, .index = index});
}

/* In gentle mode the allowance orders all broadcasts, and those of others as well. */
static inline enum lane
ask_lane(const struct ask *ask, enum lane lane)
{
	return ask->pace->gentle != NULL && lane > LANE_BROADCAST ? LANE_BROADCAST : lane;
}

static inline void
ask_push(
    struct ask *ask, enum lane lane, const struct frame *frame, enum purpose purpose, uint32_t host)
{
	lanes_push(&ask->pace->lanes, lane, frame, (uint8_t)purpose, host);
}

static inline bool
ask_is_gentle(const struct ask *ask)
{
	return ask->pace->gentle != NULL;
}

#endif
