/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inquiry of each host, in stages. Each stage sends a few frames and waits.
 *
 *	resolve  broadcast who-has VIP, and who-has RIP as the fence, which tells the host's MAC
 *	         and brings the probe into the host's cache
 *	source   packets that a holder of the VIP must answer: first from the probe's own address,
 *	         which the host can answer without a request. With many VIPs also from decoys, which
 *	         it can't have in its cache, so that it must send a request
 *	fence    a unicast round: who-has VIP, and who-has RIP as the fence
 *	attempt  such packets, as many as are left
 *	confirm  further rounds, until every silence is as sure as requested
 *	close    the last of them, when decoys and owners are known; and does the host still
 *	         hold the VIPs?
 *	done
 *
 * Only one fence or attempt of a host is under way. The host's task comes due with the answer, or
 * when the time for it is over. A round is who-has VIP from the probe's address and from 0.0.0.0,
 * and then a fence on the same path. There is a gap between rounds of a host, so that a burst of
 * loss does not hit two of them.
 *
 * hosts.c runs the stages, fences.c the rounds, and attempts.c the attempts. asking.c has what
 * these three share.
 */
#ifndef ARPAUDIT_AUDIT_ASK_HOSTS_H
#define ARPAUDIT_AUDIT_ASK_HOSTS_H

#include "audit/ask/ask.h"

bool ask_hosts_init(struct ask *ask, uint64_t seed);
void ask_hosts_free(struct ask *ask);
void ask_hosts_begin(struct ask *ask, uint64_t now_us);
/* Runs a host's task. NEWS_HOSTS_DONE if it was the last host to be done. NEWS_LEAK_RISKED. */
struct news ask_hosts_run(struct ask *ask, enum lane lane, uint32_t host, uint64_t now_us);
void ask_hosts_sent(struct ask *ask, const struct outgoing *outgoing, uint64_t now_us);
/* A broadcast round of who-has VIP has left. Hosts that await it continue. */
void ask_hosts_round_sent(struct ask *ask, uint64_t now_us);

/* Waiting hosts continue. */
void ask_hosts_wake(struct ask *ask, uint64_t now_us);
bool ask_hosts_any_waits(const struct ask *ask);
/* If the loss estimate has risen, a settled host may no longer meet the bound; it is reopened. True
 * when all hosts are still done. */
bool ask_hosts_reopen(struct ask *ask, uint64_t now_us);
/* An unknown MAC claims a VIP. It may belong to a host that has come up since, so hosts that never
 * answered are asked again. */
void ask_hosts_unheard(struct ask *ask, uint64_t now_us);
/* More is known about a VIP's owner. Hosts that are done but were not elicited, because no owner
 * could have been restored, may be elicited now. */
void ask_hosts_passed_over(struct ask *ask, uint64_t now_us);
/* The same once all hosts are done, a few times at most. */
void ask_hosts_passed_over_last(struct ask *ask, uint64_t now_us);
/* Nothing that was heard of the host counts, so its inquiry starts again. No attempt may be under
 * way. */
void ask_hosts_restart(struct ask *ask, uint32_t host, uint64_t now_us);
/* Its silences do not count, but what was heard of it does; its inquiry starts again. */
void ask_hosts_repeat(struct ask *ask, uint32_t host, uint64_t now_us);
/* Lost captures: hosts asked since `from_us` start again, unless that has happened too often. */
void ask_hosts_void(struct ask *ask, uint64_t from_us, uint64_t now_us);

#endif
