/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that findings show. They are copied into a pool that is allocated at the start.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_EVIDENCE_H
#define ARPAUDIT_AUDIT_FACTS_EVIDENCE_H

#include "audit/facts/heard.h"

#define EVIDENCE_OCTETS 80

struct kept_frame {
	uint64_t time_us; /* since the epoch */
	uint64_t number;  /* its number in the evidence file, from 1; 0: none */
	uint16_t length;
	uint8_t bytes[EVIDENCE_OCTETS];
};

bool evidence_pool_init(struct facts *facts);
void evidence_pool_free(struct facts *facts);
/* Keeps a copy of the frame, unless `*slot` has one. If the pool is full, `*slot` stays NULL. */
void evidence_keep_frame(
    const struct facts *facts, const struct kept_frame **slot, const struct heard *heard);
/* The evidence file could not be written, so no frame has a number. */
void evidence_forget_numbers(const struct facts *facts);

#endif
