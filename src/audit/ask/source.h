/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source address (--source) that is not the interface's own is borrowed. It must be free, and
 * since no kernel answers for it, the engine does.
 */
#ifndef ARPAUDIT_AUDIT_ASK_SOURCE_H
#define ARPAUDIT_AUDIT_ASK_SOURCE_H

#include "audit/ask/ask.h"

/* Starts the probes for a borrowed source. NEWS_BEGUN when the source may be used, at once if it is
 * the interface's own. */
struct news ask_source_begin(struct ask *ask, uint64_t now_us);
struct news ask_source_run(struct ask *ask, uint64_t now_us);
/* An ARP frame was heard. If its SPA is the source, another host owns it and the audit ends. If its
 * TPA is, a host or another machine that speaks as a VIP wants to answer the probe and gets a
 * reply. */
void ask_source_hear(struct ask *ask, const struct heard *heard);
void ask_source_answer(struct ask *ask, const struct heard *heard);

#endif
