/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared by hosts.c, fences.c and attempts.c, and included only there: the state of each host's
 * inquiry, and whether it is settled.
 */
#ifndef ARPAUDIT_AUDIT_ASK_ASKING_H
#define ARPAUDIT_AUDIT_ASK_ASKING_H

#include "arpaudit/random.h"
#include "audit/ask/ask.h"
#include "audit/facts/inquiries.h"

#define UNHEARD_SEVERAL UINT32_MAX /* attempts for several VIPs had no answer */

#define RESOLVES_MAX 64 /* most broadcast fences for a host that answers */

/* The fence under way. Its SPA alternates between 0.0.0.0 and the probe's address, and the reply
 * returns it as TPA. So a late or duplicate reply to the fence before is not taken for a reply to
 * this one. */
struct fence_out {
	bool out;
	uint8_t path;    /* enum path */
	uint8_t spa;     /* enum spa_kind: SPA_UNSPECIFIED or SPA_SOURCE */
	uint8_t tries;   /* unanswered fences in a row */
	uint32_t rounds; /* broadcast rounds of who-has VIP before it was sent */
	uint64_t sent_us;
};

/* Whether the host takes the announcements of decoys. If not, a decoy asks for its RIP instead. */
enum announcements {
	ANNOUNCEMENTS_UNKNOWN = 0,
	ANNOUNCEMENTS_TAKEN,   /* a packet has followed one */
	ANNOUNCEMENTS_DROPPED, /* none has followed the first one */
};

struct asked_host {
	struct fence_out fence;
	struct attempt_out attempt;
	uint8_t attempt_check;   /* position of its check in the table */
	uint8_t attempt_method;  /* enum elicit_method */
	uint8_t attempt_tries;   /* unanswered attempts in a row */
	uint8_t attempt_hops;    /* machines that may pass its packet on */
	bool attempt_waits;      /* its packet has not left yet */
	bool attempt_announced;  /* its decoy was announced, and no packet has followed */
	uint8_t announcements;   /* enum announcements: what became of the first one */
	uint16_t attempt_number; /* number of its packet */
	uint32_t attempt_decoy;  /* NONE: it comes from the probe's own address */
	uint64_t attempt_sent_us;
	/* The VIP, plus one, of its attempts from decoys that had no answer; 0: none. */
	uint32_t unheard;
	uint32_t cursor;       /* next VIP of a train or of an attempt */
	uint64_t round_due_us; /* earliest time of its next round */
	bool waiting;          /* for the decoys, the owners, or the first rounds of other hosts */
	bool awaits_round;     /* of who-has VIP by broadcast, before its own round */
	bool pooled;           /* the loss estimate includes its first rounds, or it is slow */
};

struct asked_hosts {
	struct asked_host *host;
	struct random gaps;
	uint32_t begun; /* number of hosts begun, in the order of the table */
	uint64_t begun_us;
	uint32_t pooled;        /* number of pooled hosts */
	uint32_t waiting;       /* number of those with `waiting` */
	uint32_t awaiting;      /* number of hosts that await a broadcast round */
	uint32_t awaiting_from; /* none of them is before this one */
	uint8_t reviews;        /* repeated probes of hosts that did not answer */
	uint8_t last_passes;    /* of hosts that were passed over, once all were done */
	uint64_t unanswered_us; /* when the last packet of an attempt left that had no answer from a
				 * host that shows the VIP */
};

static inline struct asked_host *
asking_of(const struct ask *ask, uint32_t host)
{
	return &ask->hosts->host[host];
}

/* The pair with the state of the check at that position in the table. */
struct pair asking_pair(const struct ask *ask, size_t check, uint32_t host, uint32_t vip);
uint64_t asking_gap_us(struct ask *ask);
void asking_schedule(struct ask *ask, enum lane lane, uint32_t host, uint64_t due_us);
void asking_set_waiting(struct ask *ask, uint32_t index, bool waits);
void asking_set_stage(struct ask *ask, uint32_t index, enum stage stage);
void asking_enter(struct ask *ask, uint32_t host, enum stage stage, uint64_t due_us);
/* Marks the host as pooled: the loss estimate includes its first rounds, or it is so slow that
 * others must not wait for it. The last host to be pooled wakes those that wait for the
 * estimate. */
void asking_pool(struct ask *ask, uint32_t host, uint64_t now_us);
void asking_wake(struct ask *ask, uint64_t now_us);
bool asking_pair_is_settled(const struct ask *ask, uint32_t host, uint32_t vip, enum path path);
bool asking_is_settled(const struct ask *ask, uint32_t host, enum path path);

#endif
