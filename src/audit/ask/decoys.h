/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verifies that decoys are free, in rounds of who-has with the probe's own address. A host that has
 * the address answers that, and so does one that proxies ARP for it. An ARP Probe (SPA 0.0.0.0)
 * would be a conflict to a host that is checking the address (facts/arp_probe.h).
 */
#ifndef ARPAUDIT_AUDIT_ASK_DECOYS_H
#define ARPAUDIT_AUDIT_ASK_DECOYS_H

#include "audit/ask/ask.h"

bool ask_decoys_init(struct ask *ask);
void ask_decoys_free(struct ask *ask);
void ask_decoys_begin(struct ask *ask, uint64_t now_us);
/* Sends a round of probes. NEWS_DECOYS_DECIDED if no further round is needed. */
struct news ask_decoys_run(struct ask *ask, uint64_t now_us);
/* A probe has left. In gentle mode a round takes long, and its last probe must have the time for
 * its answer. */
void ask_decoys_sent(struct ask *ask, uint32_t decoy, uint64_t now_us);
/* Draws a replacement for a lost decoy. */
void ask_decoys_replace(struct ask *ask);
/* A machine answers for a decoy. If it answers for several, it is asked whether they are its own
 * addresses. */
void ask_decoys_tell(struct ask *ask);
/* The loss is higher than it seemed. Decoys that need more probes than they got become candidates
 * again. */
void ask_decoys_review(struct ask *ask, uint64_t now_us);
/* Sends another round if the proxy-arp check is not sure enough, but may become so. */
void ask_decoys_confirm(struct ask *ask, uint64_t now_us);
/* Lost captures: decoys probed since `from_us` are verified again. After too many losses, all are
 * given up. */
struct news ask_decoys_void(struct ask *ask, uint64_t from_us, uint64_t now_us);

#endif
