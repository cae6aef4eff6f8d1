/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The owner that is a VRRP virtual router, and the machine that is its master.
 *
 * The virtual router's MAC belongs to no machine for good; the current master uses it. The master
 * also has a MAC of its own, and the source address of its advertisements identifies it. When the
 * master answers a packet for the VIP, the frame has its own MAC, as with keepalived's use_vmac. So
 * it requests a decoy as the VIP with a MAC that is not the virtual router's, which is legitimate.
 *
 * Two masters share one MAC, so who-has VIP shows one owner. Their advertisements reveal them, or
 * two answers to each question.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_MASTER_H
#define ARPAUDIT_AUDIT_OWNER_MASTER_H

#include "audit/facts/claims.h"

/* The only owner with a VRRP MAC. NULL if there is none or several. */
const struct claimant *master_owner(const struct facts *facts, uint32_t vip);
/* Whether such an owner exists and the host is its master, or was its master at `at_us`, before the
 * last change. */
bool master_is_host(const struct facts *facts, uint32_t vip, uint32_t host);
bool master_was_host(const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us);
/* Whether the host may be the master, or may have been at `at_us`, as no advertisement had told by
 * then. Where directors are named by address, only they may; else any host but a listed server. */
bool master_may_be_host(const struct facts *facts, uint32_t vip, uint32_t host);
bool master_may_have_been_host(
    const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us);

/* What a claimant with another MAC than the virtual router's is to such an owner, by all that its
 * machine is known by. The master answers with the virtual router's MAC. So a claimant that answers
 * with its own is not taken for a possible master. */
enum mastery {
	MASTERY_NONE = 0,
	MASTERY_POSSIBLE, /* it may be the master, or have been when it last claimed the VIP */
	MASTERY_SHOWN,    /* it is the master, or was */
};
enum mastery master_is_claimant(
    const struct facts *facts, uint32_t vip, const struct claimant *claimant);
/* Whether the claimant may be the director but never answered, and no other machine is heard to
 * answer that may be the director, while advertisements show that the claimant is the master, or
 * was when it last claimed the VIP, or do not tell the master's own MAC. Then its answers may have
 * been lost, or its firewall drops the questions. */
bool master_is_unanswering(
    const struct facts *facts, uint32_t vip, const struct claimant *claimant);
/* The same for a host that spoke as the VIP at that time, and has not answered for it. */
bool master_is_unanswering_host(
    const struct facts *facts, uint32_t vip, uint32_t host, uint64_t at_us);
/* Whether it answers broadcast questions twice, as two machines would. */
bool master_is_doubled(const struct facts *facts, uint32_t vip);
/* Whether the master has changed during the audit and the former one has given up the VIP. */
bool master_handed_over(const struct facts *facts, uint32_t vip);

#endif
