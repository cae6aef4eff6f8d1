/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long to listen. Linux delays what it answers by proxy to a broadcast, so a silence after a
 * broadcast counts only when --linger has passed since. The audit waits for the broadcasts that the
 * bounds of its verdicts need, and counts no others. If a second master of a virtual router was
 * heard, it also waits for the first one's next advertisement.
 */
#ifndef ARPAUDIT_AUDIT_LISTENING_H
#define ARPAUDIT_AUDIT_LISTENING_H

#include "audit/engine.h"

/* Finds out which broadcasts are needed, if that may have changed; end_watch_quiet() calls it. */
void listening_review(struct audit *audit);
/* When the time for the answers to these is over. */
uint64_t listening_until_us(const struct audit *audit);
/* Of the facts, those that count if the audit ends now. `asked` is to hold a part of them. */
struct facts listening_facts(const struct audit *audit, uint64_t now_us, struct asked *asked);
/* The same for an audit that was ended early. */
struct facts listening_cut_short(const struct audit *audit, uint64_t now_us, struct asked *asked);

#endif
