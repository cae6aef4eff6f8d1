/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks the owners of a VIP for the DR signature (owner/signature.h), by SYNs for VIP:port. Each SYN
 * has a source port of its own.
 *
 * Like every packet of the probe, a SYN leaves nothing behind: a RST follows, answered or not. The
 * inquiry waits until all hosts have been asked for their RIPs and have the probe in their caches.
 * Otherwise the real server that answers would first request the probe's address, and a leaking
 * server would do so as the VIP.
 */
#ifndef ARPAUDIT_AUDIT_ASK_SIGNATURE_H
#define ARPAUDIT_AUDIT_ASK_SIGNATURE_H

#include "audit/ask/ask.h"

bool ask_signature_init(struct ask *ask);
void ask_signature_free(struct ask *ask);
void ask_signature_begin(struct ask *ask, uint64_t now_us);
/* The owners may have changed. Opens the inquiry again if needed. */
void ask_signature_consider(struct ask *ask, uint32_t vip, uint64_t now_us);
struct news ask_signature_run(struct ask *ask, uint32_t vip, uint64_t now_us);
void ask_signature_hear(struct ask *ask, const struct heard *heard);
/* Lost captures: all silences are void. */
void ask_signature_void(struct ask *ask, uint64_t now_us);
/* Nothing is asked any more. Open connections end. */
void ask_signature_stop(struct ask *ask);

#endif
