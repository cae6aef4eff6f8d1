/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoys: free addresses of the segment, verified by requests that nobody answers. They are drawn
 * at random, so that no host knows one from the previous audit or can predict it. ask/decoys.c
 * verifies them.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_DECOYS_H
#define ARPAUDIT_AUDIT_FACTS_DECOYS_H

#include "audit/facts/heard.h"
#include "audit/facts/news.h"

#define DECOY_PROBES_MAX  32
#define PROXY_ANSWERS_MIN 3 /* answers for this many decoys show that a machine proxies ARP */

enum decoy_state {
	DECOY_CANDIDATE = 0, /* not probed often enough, or too much is lost to call it free */
	DECOY_READY,
	DECOY_SPARE, /* free, but the user named others: only for the proxy-arp check */
	DECOY_TAKEN, /* a host was heard with it, or asks for it */
};

struct decoy {
	struct address address;
	uint8_t state;             /* enum decoy_state */
	uint8_t rounds;            /* probes sent */
	bool used;                 /* a packet from it to a host may have left */
	bool restores;             /* an owner was elicited from it */
	bool beside;               /* it stands beside a VIP, outside of the probe's subnet */
	uint32_t vip;              /* that VIP */
	struct mac answered_by[2]; /* the first two MACs that answered for it; mac_zero: none */
	struct mac asked_by[2];    /* and that asked for it, though the probe asked them nothing */
	bool asked_by_many;        /* more did; it is given to no host any more */
	/* For each of these: whether the address is its own, since it answered SPA 0.0.0.0 or spoke
	 * as the decoy; and how often it was asked that by unicast. A Linux proxy never answers it:
	 * arp_process() answers SPA 0.0.0.0 for local addresses alone. */
	bool own[2];
	uint8_t told[2];
};

bool decoys_init(struct facts *facts, uint64_t seed);
void decoys_free(struct facts *facts);

uint32_t decoys_count(const struct facts *facts);
/* The decoys drawn at the start. Later ones replace lost ones. */
uint32_t decoys_count_first(const struct facts *facts);
uint32_t decoys_count_usable(const struct facts *facts); /* further ones are only asked for */
uint32_t decoys_capacity(const struct facts *facts);
const struct decoy *decoy_of(const struct facts *facts, uint32_t decoy);
/* NONE if it is no decoy. */
uint32_t decoy_find(const struct facts *facts, const struct address *address);
bool decoys_are_decided(const struct facts *facts); /* no candidate will be probed again */
uint32_t decoys_ready(const struct facts *facts);
/* Whether it got enough probes to be free at the current loss. */
bool decoy_is_probed(const struct facts *facts, uint32_t decoy);
/* Whether the decoy tests the hosts for proxying: a proxy would answer, and nobody else has taken
 * it. Where that leaves fewer than PROXY_ANSWERS_MIN, those that were taken test as well. */
bool decoy_is_tested(const struct facts *facts, uint32_t decoy);
uint32_t decoys_count_tested(const struct facts *facts);
/* Probes that each tested decoy got; and those that count, if the network lets them through. */
uint32_t decoys_rounds(const struct facts *facts);
uint32_t decoys_confirmations(const struct facts *facts);
/* A probe for the decoy has left. When the last one of the round left, of all tested decoys; and
 * how many rounds there were by then. */
void decoys_note_sent(struct facts *facts, uint32_t decoy, uint64_t now_us);
uint64_t decoys_round_us(const struct facts *facts, uint32_t rounds);
uint32_t decoys_rounds_by(const struct facts *facts, uint64_t by_us);
/* The chance that only lost frames hide a proxy that answers for all of these. It is 1 as long as
 * no host has answered the probe's own address, which the network may drop. */
double decoys_bound(const struct facts *facts);
/* The fewest rounds for which that chance is within --confidence; all, if it is not. */
uint32_t decoys_rounds_needed(const struct facts *facts);
/* The number of decoys for which one of the MACs has answered. */
uint32_t decoys_answered_by(const struct facts *facts, const struct mac *macs, size_t count);

/* The number of those that are not known to be own addresses of these MACs. */
uint32_t decoys_proxied_by(const struct facts *facts, const struct mac *macs, size_t count);
/* Whether the MACs proxy: they answer for PROXY_ANSWERS_MIN such decoys, and it is unlikely that
 * only lost frames hide that the addresses are their own. */
bool decoys_show_proxy(const struct facts *facts, const struct mac *macs, size_t count);
/* Which of the decoy's answerers is to be asked whether it is its own address. False if none. */
bool decoy_wants_telling(const struct facts *facts, uint32_t decoy, size_t *answerer);

/* A ready decoy that was not used with the host before, and that the host does not ask for. NONE if
 * there is none left. */
bool decoy_is_available(const struct facts *facts, uint32_t host);
uint32_t decoy_take(struct facts *facts, uint32_t host);
/*
 * A ready decoy beside the VIP: an address outside of the probe's subnet that is most likely in the
 * VIP's subnet, if a host has one. `number` counts from 0. NONE if there is none. Each is to be
 * used with a host only once.
 */
uint32_t decoy_beside(const struct facts *facts, uint32_t vip, uint32_t number);
/* The VIP's owner is elicited from the decoy to restore the caches. */
void decoys_note_restoring(
    struct facts *facts, uint32_t vip, uint32_t decoy, const struct mac *owner);

/* A frame's sender uses an address. NEWS_DECOY_TAKEN if that is a decoy. */
struct news decoys_hear_sender(struct facts *facts, const struct heard *heard);
/* A host requests an address. If that is a decoy, and the probe did not make it do so, the host
 * gets other decoys. NEWS_DECOY_TAKEN if it is about to use the address, or if several ask whom no
 * packet from the decoy can have made ask. */
struct news decoys_hear_target(struct facts *facts, const struct heard *heard);

/* Draws another decoy in place of a lost one. False if there is no room. */
bool decoys_draw_another(struct facts *facts);
void decoy_count_round(struct facts *facts, uint32_t decoy);
void decoy_count_telling(struct facts *facts, uint32_t decoy, size_t answerer);
void decoy_set_state(struct facts *facts, uint32_t decoy, enum decoy_state state);
void decoys_set_decided(struct facts *facts, bool decided);
/* Voids the silences. Decoys that are not taken get `state`. */
void decoys_void(struct facts *facts, enum decoy_state state);

#endif
