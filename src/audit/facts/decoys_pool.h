/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table behind decoys.h, for the files of decoys only: decoys.c reads it, decoys_draw.c draws
 * the addresses, decoys_answers.c counts who answers for them, decoys_use.c gives them to hosts and
 * hears who uses them.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_DECOYS_POOL_H
#define ARPAUDIT_AUDIT_FACTS_DECOYS_POOL_H

#include "arpaudit/random.h"
#include "audit/facts/decoys.h"

#define DECOY_DOUBT  1e-4 /* allowed chance to take a used address for a free one */
#define HEARD_OCTETS 8192

/* Each host uses the first decoys in turn, starting at a random one, then the replacements. All
 * hosts share the pool, since they do not share caches. */
struct decoy_use {
	uint32_t start; /* modulo the number of first decoys */
	uint32_t used;  /* number of positions used, from there on */
};

struct decoys {
	struct decoy *decoy;
	uint32_t count, first, usable, capacity;
	bool decided;
	bool answered;                           /* somebody has answered for a decoy */
	uint64_t round_us[DECOY_PROBES_MAX + 1]; /* when all tested decoys had so many probes */
	uint64_t sent_us;                        /* the last probe; 0 if none counts */
	struct decoy_use *host;
	struct mac *restoring; /* by VIP: the owner that was elicited to restore it, or mac_zero */
	struct random random;
	/* A bit for each address heard, by its last two octets, so that memory is bounded.
	 * Addresses with the same last two octets are excluded together. */
	uint8_t heard[HEARD_OCTETS];
};

/* An address once heard never becomes a decoy. */
void decoys_note_heard(struct facts *facts, const struct address *address);
/* The MAC has answered for the decoy; `own`: as only the machine does that has the address. */
void decoy_note_answer(struct facts *facts, uint32_t decoy, const struct mac *mac, bool own);

#endif
