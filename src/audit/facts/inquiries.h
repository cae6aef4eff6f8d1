/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inquiry of each host: its stage, fences and silences.
 *
 * A fence is a question that a live host must answer, right after one that a sound host must not.
 * If it is answered, the missing answer to the other question is a silence that counts. All fences
 * measure the segment's loss (facts->loss), a host's how well it is heard.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_INQUIRIES_H
#define ARPAUDIT_AUDIT_FACTS_INQUIRIES_H

#include "audit/facts/facts.h"

#define ROUNDS_MAX 64 /* unicast rounds for a pair (one VIP on one host) */

enum stage { /* see ask/hosts.h */
	STAGE_RESOLVE = 0,
	STAGE_SOURCE,
	STAGE_FENCE,
	STAGE_ATTEMPT,
	STAGE_CONFIRM,
	STAGE_CLOSE,
	STAGE_DONE,
};

struct inquiry {
	uint8_t stage;                        /* enum stage */
	bool lost;                            /* the host answered at first, then stopped */
	uint8_t voids;                        /* lost captures that voided its silences */
	uint64_t elicited_us;                 /* time of the last packet that it must answer */
	uint64_t answered_us, silent_us;      /* of its fences: inquiry_note_fence() */
	uint8_t resolves;                     /* fences sent by broadcast */
	uint16_t answered, missed;            /* its fences */
	uint16_t broadcast_answers;           /* answered broadcast fences */
	uint8_t probes_answered;              /* those of them that were ARP Probes (SPA 0.0.0.0) */
	uint8_t probes_missed;                /* ARP Probes, by any path, up to a few */
	uint8_t hops;                         /* that a SYN for a VIP's port gets behind it */
	uint8_t kinds_answered, kinds_missed; /* kinds of SPA of its fences, as bits */
	uint8_t paths_direct, paths_relayed;  /* bits 1 << path: by its own MAC, by another */
	uint32_t rounds_first; /* broadcast rounds before its first answered broadcast fence */
	uint32_t rounds_last;  /* and before its last answered one */
};

/* The silences of a pair (one VIP on one host) to who-has VIP. Kinds of SPA are bits 1 << kind.
 * A host without the VIP is silent too, and the VIP may come and go. So when the host is first seen
 * to hold it, its silences so far are void. Later ones are confirmed when it is seen to again. */
struct silences {
	uint16_t count;   /* unicast rounds with an answered fence, but no answer for the VIP */
	uint16_t rounds;  /* unicast rounds with an answered fence */
	uint16_t ignored; /* of these, without an answer to the probe's own address */
	uint8_t pending;  /* kinds asked before the fence under way */
	uint8_t replies, relayed; /* kinds answered since they were asked; by another MAC */
	uint8_t answered;         /* kinds that the host answered */
	uint8_t silent;           /* kinds that it left unanswered by unicast, fenced */
	uint8_t attempts;         /* packets of the probe's own address that a holder must answer */
	uint8_t closings;         /* the last ones in a row, unanswered, to show the VIP again */
	bool held : 1;            /* the host was seen to hold the VIP */
	bool like_proxy : 1; /* in one round it answered the probe's address, but not SPA 0.0.0.0 */
	uint16_t count_confirmed;  /* of count */
	uint32_t rounds_from;      /* broadcast rounds before it was first seen to hold the VIP */
	uint32_t rounds_confirmed; /* of rounds_last, those before it was last seen to */
};

struct silence_counts {
	uint32_t unicast, broadcast;
};
struct fence { /* an answered one */
	enum path path;
	enum spa_kind spa;
	uint8_t tries;   /* missed fences directly before it */
	uint32_t rounds; /* broadcast rounds of who-has VIP before it was sent */
	bool relayed;    /* the answer's Ethernet source is not its SHA */
};

bool inquiries_init(struct facts *facts);
void inquiries_free(struct facts *facts);

static inline const struct inquiry *
inquiry_of(const struct facts *facts, uint32_t host)
{
	return &facts->inquiry[host];
}

static inline const struct silences *
silences_of(const struct facts *facts, uint32_t host, uint32_t vip)
{
	return &facts->silences[(size_t)host * facts->cluster->vip_count + vip];
}

/* False if a switch has answered a broadcast for it, from another MAC than it answers unicasts. */
bool inquiry_hears_broadcasts(const struct facts *facts, uint32_t host);
bool inquiries_are_done(const struct facts *facts);
uint32_t inquiries_done(const struct facts *facts); /* number of hosts */
/* Whether the segment drops ARP Probes: several were missed, none answered; or may show it; or so
 * many were missed that they can't all have been lost, which an accusation needs. */
bool inquiries_show_probes_dropped(const struct facts *facts);
bool inquiries_may_show_probes_dropped(const struct facts *facts);
bool inquiries_prove_probes_dropped(const struct facts *facts);
/* The pair's silences; and the confirmed ones: all, if the host was never seen to hold the VIP
 * (then vip-bound does not pass), or is a director but no real server. A broadcast round with the
 * probe's own address alone counts only where ARP Probes are dropped, or nobody may own the VIP. */
struct silence_counts inquiry_silences(const struct facts *facts, uint32_t host, uint32_t vip);
struct silence_counts inquiry_confirmed_silences(
    const struct facts *facts, uint32_t host, uint32_t vip);
/* The rounds before the first that may count; whether silences are to be confirmed; whether it was
 * asked for the VIP in every way that tells arp_ignore levels. */
uint32_t inquiry_rounds_first(const struct facts *facts, uint32_t host, uint32_t vip);
bool inquiry_is_unconfirmed(const struct facts *facts, uint32_t host, uint32_t vip);
bool inquiry_is_complete(const struct facts *facts, uint32_t host, uint32_t vip);
/* The chance that a sweep missed a live host, negative if nothing was asked; whether a host that it
 * found has nothing to do with the VIP. */
double inquiries_sweep_bound(const struct facts *facts);
bool inquiry_is_of_passer_by(const struct facts *facts, uint32_t host, uint32_t vip);
/* The chance that all these silences of a host are lost exchanges, by the segment's loss on each
 * path, or by the host's own if that is worse. `host` NONE: a machine outside the plan. */
double inquiry_all_lost(
    const struct facts *facts, uint32_t host, uint32_t unicast, uint32_t broadcast);
/* Whether so little is lost that one fenced silence explains, though not judges, a host; whether it
 * answers for the VIP by broadcast, but mostly not by unicast, as at no arp_ignore. */
bool inquiries_lose_little(const struct facts *facts);
bool inquiry_ignores_unicast(const struct facts *facts, uint32_t host, uint32_t vip);
/* The kinds of SPA with which it left the VIP unanswered, of those answered for its RIP: bits. */
uint8_t inquiry_silent_kinds(const struct facts *facts, uint32_t host, uint32_t vip);
void inquiry_set_stage(struct facts *facts, uint32_t host, enum stage stage);
void inquiry_set_lost(struct facts *facts, uint32_t host);
/* Questions for the VIP before the next fence, with these kinds of SPA. */
void inquiry_ask_vip(struct facts *facts, uint32_t host, uint32_t vip, uint8_t kinds);
void inquiry_count_resolve(struct facts *facts, uint32_t host); /* a broadcast fence was sent */
/* A packet that needs an answer left; such a packet from the probe's address is to leave. */
void inquiry_note_elicited(struct facts *facts, uint32_t host, uint64_t now_us);
void inquiry_count_attempt(struct facts *facts, uint32_t host, uint32_t vip);
void inquiry_count_closing(struct facts *facts, uint32_t host, uint32_t vip);
bool inquiry_hear_exceeded(struct facts *facts, uint32_t host); /* true: hops has grown */
/* An answered fence makes the unanswered questions before it silences; a missed one voids them. */
void inquiry_fence_answered(struct facts *facts, uint32_t host, const struct fence *fence);
void inquiry_fence_missed(struct facts *facts, uint32_t host, enum spa_kind spa);
void inquiry_forget_missed_probes(struct facts *facts, uint32_t host); /* another MAC has it */
/* When it last answered one; when the first one left that it has missed since. */
void inquiry_note_fence(struct facts *facts, uint32_t host, bool answered, uint64_t time_us);
void inquiry_vip_answered(
    struct facts *facts, uint32_t host, uint32_t vip, uint8_t kinds, bool relayed);
/* The host is seen to hold the VIP; `elicited`: by an answer, which confirms its silences. */
void inquiry_vip_held(struct facts *facts, uint32_t host, uint32_t vip, bool elicited);
/* Lost captures: counts one; voids its silences; forgets all of it. The last two begin it anew. */
void inquiry_count_void(struct facts *facts, uint32_t host);
void inquiry_void(struct facts *facts, uint32_t host);
void inquiry_forget(struct facts *facts, uint32_t host);

#endif
