/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims: each MAC that binds a VIP to itself, and how.
 *
 * The claimant is the SHA, because caches learn the SHA and send the traffic there. A relayed
 * claim, with another MAC as Ethernet source, counts against the hosts of both MACs: one sent it,
 * and the other gets the traffic. Neither excuses the other, since the sender fills in both fields.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_CLAIMS_H
#define ARPAUDIT_AUDIT_FACTS_CLAIMS_H

#include "audit/facts/evidence.h"
#include "audit/facts/news.h"

/* How a MAC claims a VIP. */
enum claim_kind {
	CLAIM_ANSWER = 0,         /* a reply to a question of the probe */
	CLAIM_UNASKED,            /* a reply to no known question of the probe */
	CLAIM_GRATUITOUS_REPLY,   /* SPA = TPA */
	CLAIM_GRATUITOUS_REQUEST, /* SPA = TPA */
	CLAIM_REQUEST,            /* for another address, with SPA = VIP */
	CLAIM_ADVERTISEMENT,      /* by VRRP, which binds the VIP to the sender's MAC */
	CLAIM_KINDS,
};

/* The answers to SYNs for VIP:port at the claimant's MAC; see owner/signature.h. */
struct signature {
	uint8_t forwarded;     /* from another host's MAC */
	uint8_t own, accepted; /* from the claimant's own MAC; of these, the SYN-ACKs */
	uint8_t foreign;       /* from an unknown MAC */
	bool routes;           /* an ICMP message showed that it routes */
	uint8_t forwarders;    /* the number of MACs that `forwarded` came from; 2: or more */
	struct mac forwarder;  /* the first of them */
	struct mac self;       /* the MAC by which it answers packets that nobody forwards;
				* mac_zero: unknown */
};

/* Answers that no question explains. Two masters of one virtual router share a MAC, and both answer
 * a broadcast; only one of them gets a unicast question. By enum spa_kind: when the last question
 * with an SPA of this kind left, and how many answers are still due. */
struct surplus {
	uint64_t asked_us[SPA_UNSPECIFIED + 1];
	uint8_t due[SPA_UNSPECIFIED + 1];
	uint16_t answers; /* in excess, since the virtual router's master last changed */
};

/* Claims whose Ethernet source is not their SHA. */
struct relayed_claims {
	struct mac sender;       /* the first one; mac_zero: none */
	bool replied, requested; /* how that sender claimed */
	uint32_t answers;
	const struct kept_frame *frame; /* the first claim; NULL: none */
};

struct claimant {
	struct mac mac;    /* SHA */
	struct address ip; /* another SPA that it used, if any; see claimant_ip() */
	uint32_t claims[CLAIM_KINDS];
	bool certain;            /* one of its claims was not doubtful (heard.h) */
	bool vrrp;               /* advertises the VIP by VRRP */
	uint8_t first_kind;      /* enum claim_kind of the first claim */
	uint64_t first_asked_us; /* time of the last question before it, to any host; 0: none */
	uint64_t first_claim_us, last_claim_us, last_answer_us;
	/* `former`: it answered, but has handed the VIP over since; see owner/handover.h. Silences
	 * are unanswered questions since its last claim, the last of them at asked_us. */
	bool former;
	uint16_t silent_broadcasts, silent_unicasts;
	uint64_t asked_us;
	struct surplus surplus;
	struct signature signature;
	const struct kept_frame *first;           /* its first claim; NULL: none, as below */
	const struct kept_frame *reply, *request; /* its first claims of these kinds */
	struct relayed_claims relayed;
};

/* Whether it has answered who-has VIP. A single relayed answer may be a damaged one of another. */
static inline bool
claimant_has_answered(const struct claimant *claimant)
{
	return claimant->claims[CLAIM_ANSWER] > (claimant->relayed.answers == 1 ? 1 : 0);
}

/* Whether in addition it has not handed the VIP over. */
static inline bool
claimant_is_owner(const struct claimant *claimant)
{
	return claimant_has_answered(claimant) && !claimant->former;
}
/* Places reserved for named directors, and half of them for virtual routers. */
#define CLAIMANTS_SPARE 4
/* The MACs kept for a VIP: all hosts', up to a limit, and some strangers'. When all places are
 * taken, a MAC that answers takes that of a stranger that never did. */
uint32_t claims_capacity(const struct facts *facts);
bool claims_init(struct facts *facts);
void claims_free(struct facts *facts);

uint32_t claims_count(const struct facts *facts, uint32_t vip); /* number of claimants */
uint32_t claims_lost(const struct facts *facts, uint32_t vip);  /* claims without a place */
const struct claimant *claimant_of(const struct facts *facts, uint32_t vip, uint32_t index);
/* Whether it has answered an ARP Probe. Linux does so for its own addresses alone. */
bool claimant_answers_probes(const struct facts *facts, uint32_t vip, uint32_t index);
/* The number of broadcasts that asked for the VIP since its first claim. */
uint32_t claimant_broadcasts(const struct facts *facts, uint32_t vip, uint32_t index);
/* All claimants; sets `count`. */
const struct claimant *claims_of(const struct facts *facts, uint32_t vip, uint32_t *count);
/* NULL if the MAC has not claimed the VIP. */
const struct claimant *claimant_find(
    const struct facts *facts, uint32_t vip, const struct mac *mac);
/* Its own address, as far as known; ADDRESS_NONE if it was heard only as another machine. */
struct address claimant_ip(const struct facts *facts, const struct claimant *claimant);
uint32_t claimant_replies(const struct claimant *claimant);  /* claims by ARP reply */
uint32_t claimant_requests(const struct claimant *claimant); /* claims by ARP request */
/* Whether the VIP has answered an ARP Probe, as a host does that has the address (arp_probe.h). */
bool claims_answer_probes(const struct facts *facts, uint32_t vip);
/* Whether its MAC is a real server's, listed at all or only by ranges, or a named director's. */
bool claimant_is_listed(const struct facts *facts, const struct claimant *claimant);
bool claimant_is_ranged(const struct facts *facts, const struct claimant *claimant);
bool claimant_is_named(const struct facts *facts, const struct claimant *claimant);
uint64_t claims_latest_us(const struct facts *facts, uint32_t vip);
/* Whether all its claims by ARP request, or reply, were gratuitous: no sysctl stops these. */
bool claims_are_gratuitous(const struct facts *facts, uint32_t host, uint32_t vip, bool reply);
/* Whether it made such claims, only with MACs that it is not known by. */
bool claims_are_doubtful(const struct facts *facts, uint32_t host, uint32_t vip,
    uint32_t (*claims)(const struct claimant *));

/* An ARP frame with SPA = VIP, whose SHA is the news' MAC; an ARP frame with another SPA, which may
 * be a claimant's own address; a VRRP advertisement of the VIP. */
struct news claims_hear(struct facts *facts, const struct heard *heard);
void claims_hear_other_address(struct facts *facts, const struct heard *heard, bool is_decoy);
struct news claims_hear_advertisement(struct facts *facts, uint32_t vip, const struct heard *heard);
/* The master of the VIP's virtual router advertised, so the router's MAC is legitimate. */
void claims_adopt_master(struct facts *facts, uint32_t vip);
/* The master changed. Answers in excess are counted from here on. */
void claims_count_anew(struct facts *facts, uint32_t vip);
/* A frame leaves. If it asks for a VIP, the claimants asked are silent until they answer. */
void claims_note_question(struct facts *facts, uint64_t now_us, const struct frame *frame);
/* The claimant's MAC turned out to be the host's, so its claims become the host's. */
void claims_pass_to_host(
    struct facts *facts, uint32_t vip, uint32_t host, const struct claimant *claimant);
/* The MAC that sent relayed claims turned out to be the host's, so they count against it too. */
void claims_pass_relayed_to_host(
    struct facts *facts, uint32_t vip, uint32_t host, const struct mac *sender);
/* Makes a place for a MAC: the stranger that claimed longest ago is counted as lost. */
void claims_make_place(struct facts *facts, uint32_t vip, const struct mac *mac);
void claims_set_former(struct facts *facts, uint32_t vip, uint32_t index, bool former);
void claims_forget_silence(struct facts *facts, uint32_t vip); /* no question so far counts */
void claims_set_signature(
    struct facts *facts, uint32_t vip, uint32_t index, const struct signature *signature);

#endif
