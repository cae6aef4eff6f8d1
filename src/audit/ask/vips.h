/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broadcast who-has VIP, in rounds for all hosts together. Each round asks with both kinds of SPA.
 * Both are needed: as a proxy Linux answers only the probe's address, and with arp_ignore 2 and the
 * VIP as a /32 on the interface it answers only 0.0.0.0. Until the VIP has answered an ARP Probe,
 * 0.0.0.0 goes only to the machines that answer for it (facts/arp_probe.h).
 */
#ifndef ARPAUDIT_AUDIT_ASK_VIPS_H
#define ARPAUDIT_AUDIT_ASK_VIPS_H

#include "audit/ask/ask.h"

void ask_vips_init(struct ask *ask);
/* Schedules another round, unless one is due already. */
void ask_vips_schedule(struct ask *ask, uint64_t now_us);
/* Until that time hosts begin, which need the broadcast rate; UINT64_MAX: it is not known yet. In
 * the end each needs rounds after its first question, so the ones before are few. Only where the
 * time to listen after the last round is the longest, so that it is to begin early. */
void ask_vips_begin(struct ask *ask, uint64_t until_us);
/* An unknown MAC claims a VIP. It may be a named director's, whose bond has failed over
 * (fail_over_mac), so the next rounds ask for the directors' own addresses as well. */
void ask_vips_find_directors(struct ask *ask, uint64_t now_us);
/* Asks a machine that has answered for the VIP whether it answers ARP Probes, too. */
void ask_vips_probe(struct ask *ask, uint32_t vip, const struct mac *mac);
/* Schedules another round if the owners need it. */
void ask_vips_confirm(struct ask *ask, uint64_t now_us);
/* Whether rounds can follow each other as closely as is useful, since the VIPs are few. */
bool ask_vips_are_few(const struct ask *ask);
void ask_vips_run(struct ask *ask, uint64_t now_us);
/* The first rounds have left, or the time for a proxy's answer to them has passed:
 * NEWS_OWNERS_LISTENED. */
struct news ask_vips_listened(struct ask *ask, uint64_t now_us);
/* The last question of a round has left. */
void ask_vips_round_sent(struct ask *ask, uint64_t now_us);
/* Lost captures: voids the owners' silences if questions since `from_us` may have lost their
 * answers. False if there were none, or if this has happened too often. */
bool ask_vips_void(struct ask *ask, uint64_t from_us, uint64_t now_us);

#endif
