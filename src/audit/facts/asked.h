/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The questions so far: broadcast rounds of who-has VIP, the last question for each VIP, and open
 * inquiries. Silence means something only after a question. The modules of ask/ write these facts.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_ASKED_H
#define ARPAUDIT_AUDIT_FACTS_ASKED_H

#include "audit/facts/facts.h"

#define VOIDS_MAX   3  /* repeated observations after lost captures */
#define ROUND_TIMES 32 /* of the last rounds, the times that are remembered */

/* Whether the owner can be made to claim the VIP by broadcast: ask/rehearsal.h. */
enum rehearsal_state {
	REHEARSAL_NONE = 0,
	REHEARSAL_HEARD,
	REHEARSAL_FAILED,
};

struct asked_vip {
	uint64_t asked_us;       /* time of the last who-has VIP; 0: none */
	uint32_t broadcasts;     /* broadcasts of who-has VIP, with any SPA, since the master last
				  * changed */
	uint32_t rounds_partial; /* broadcast rounds before the first that asked with SPA 0.0.0.0
				  * too */
	bool handover_open;      /* a hand-over inquiry is under way */
	bool signature_open;     /* a signature inquiry is under way */
	bool master_open;     /* the virtual router's master is new, and the former one may not know
			       * of it yet */
	uint8_t rehearsal;    /* enum rehearsal_state: what became of the last one */
	struct mac rehearsed; /* of which owner */
	uint64_t rehearsed_us; /* when it ended */
};

/* For the judgement: rounds, and rounds for decoys, after which was listened long enough; and when
 * the audit was ended early. */
struct asked_counted {
	uint32_t rounds, decoy_rounds;
	uint64_t cut_us; /* 0: it was not */
};

struct asked {
	uint32_t rounds;        /* broadcast rounds of who-has VIP whose last question has left */
	uint32_t rounds_void;   /* rounds before the last lost capture, whose silences are void */
	bool round_open;        /* questions of a round are leaving */
	bool round_void;        /* captures were lost meanwhile, so that round does not count */
	uint32_t rounds_wanted; /* further rounds required, whatever the hosts need */
	bool round_due;         /* another round will follow */
	uint8_t voids;          /* lost captures that voided the owners' silences */
	/* Kinds of SPA that any machine answered, and those that one left unanswered, as bits. */
	uint8_t kinds_answered, kinds_missed;
	bool masters_listened; /* the time for a VRRP advertisement has passed */
	bool owners_listened;  /* every owner has had the time to answer, also by proxy */
	bool elicit_over;      /* too little time is left to undo a leak */
	uint64_t first_us;     /* time of the first who-has VIP; 0: none */
	uint64_t question_us;  /* time of the last broadcast that a proxy may answer late */
	uint64_t inquiry_us;   /* the same, of broadcasts beside the rounds and decoys */
	uint64_t round_us[ROUND_TIMES]; /* when a round had left, by its number */
	struct asked_counted counted;
	uint64_t fence_us; /* time of the last fence to any host */
	struct asked_vip *vips;
	struct gateways *gateways; /* gateways.h */
};

bool asked_init(struct facts *facts);
void asked_free(struct facts *facts);

static inline const struct asked_vip *
asked_of(const struct facts *facts, uint32_t vip)
{
	return &facts->asked->vips[vip];
}

/* Records that a who-has VIP leaves. */
void asked_note_question(struct facts *facts, uint32_t vip, uint64_t now_us, bool broadcast);
/* A round begins to leave, and has left. Silence after a question that still waits for its turn
 * would say nothing, so a round counts only when it has left. */
void asked_note_round_begun(struct facts *facts);
void asked_note_round_sent(struct facts *facts, uint64_t now_us);
void asked_void_rounds(struct facts *facts); /* captures were lost: no round so far counts */
/* Records that the round that begins asks for the VIP only with the probe's own address. */
void asked_note_partial(struct facts *facts, uint32_t vip);
/* Restarts the count of broadcasts, because another machine may answer from now on. */
void asked_count_anew(struct facts *facts, uint32_t vip);
void asked_set_handover_open(struct facts *facts, uint32_t vip, bool open);
void asked_set_master_open(struct facts *facts, uint32_t vip, bool open);
void asked_set_signature_open(struct facts *facts, uint32_t vip, bool open);
void asked_set_rehearsal(struct facts *facts, uint32_t vip, enum rehearsal_state state,
    const struct mac *owner, uint64_t now_us);

/* Whether lost captures voided the owners' silences so often that the engine gave up on them. */
bool asked_owners_are_void(const struct facts *facts);
/* For the judgement: whether the audit was ended before a slow answer to a question at that time,
 * or a proxied one, would have been heard. */
bool asked_is_cut_short(const struct facts *facts, uint64_t since_us);
/* Whether fenced broadcast silences count. They do not if the audit ends before a proxy would
 * answer. */
bool asked_hears_proxies(const struct facts *facts);
/* When this many rounds had left, or a little later. */
uint64_t asked_round_us(const struct facts *facts, uint32_t rounds);
/* The number of rounds that had left by then. */
uint32_t asked_rounds_by(const struct facts *facts, uint64_t by_us);

/* Whether ARP requests with the probe's own address get through: somebody has answered one. Only
 * they find proxies. */
bool asked_hears_source(const struct facts *facts);

/* Linux delays proxied answers to a broadcast by up to this much (net.ipv4.neigh.*.proxy_delay). */
#define PROXY_DELAY_US 800000

#endif
