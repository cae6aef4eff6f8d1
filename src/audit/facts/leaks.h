/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaks: claims of a VIP that the audit provoked, and whether the owner has since restored the
 * segment's caches. ask/restore.c makes the owner do so.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_LEAKS_H
#define ARPAUDIT_AUDIT_FACTS_LEAKS_H

#include "audit/facts/facts.h"

bool leaks_init(struct facts *facts);
void leaks_free(struct facts *facts);
/* Whether the audit provoked a broadcast claim of the VIP. A reply to the probe alone is no
 * leak. */
bool leaks_has(const struct facts *facts, uint32_t vip);
/* Whether in addition the owner has not claimed it back yet. */
bool leaks_caches_are_misdirected(const struct facts *facts, uint32_t vip);
uint64_t leaks_latest_us(const struct facts *facts, uint32_t vip); /* 0: there was none */
/* The MAC of the only claimant that leaked. NULL: none did, or several. */
const struct mac *leaks_only_mac(const struct facts *facts, uint32_t vip);
uint32_t leaks_count(const struct facts *facts, uint32_t vip); /* leaking claimants */

void leaks_note_claimant(struct facts *facts, uint32_t vip, const struct mac *mac);
void leaks_note(struct facts *facts, uint32_t vip, uint64_t now_us);
void leaks_note_restored(struct facts *facts, uint32_t vip);

#endif
