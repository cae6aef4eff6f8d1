/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a claimant is, as far as listening tells.
 *
 * An audit asks until it knows. A watch can't, so where an audit would ask (whether an unheard
 * director is the claimant, whether a host is the virtual router's master) the claimant only may be
 * the director, and is not accused.
 */
#ifndef ARPAUDIT_WATCH_ROLES_H
#define ARPAUDIT_WATCH_ROLES_H

#include "audit/facts/claims.h"

enum claimant_role {
	CLAIMANT_DIRECTOR = 0, /* named; or nobody is named or advertises, and it may own the VIP */
	CLAIMANT_MASTER,       /* of the virtual router that advertises the VIP, when it claimed */
	CLAIMANT_MAYBE_MASTER, /* or perhaps: no advertisement was heard then */
	CLAIMANT_MAYBE_NAMED,  /* the named director was not heard, and it may be this one */
	CLAIMANT_FORMER_MASTER, /* another master advertises the VIP since */
	CLAIMANT_SERVER,        /* a listed real server */
	CLAIMANT_STRANGER, /* none of these; others are named or advertise, or nobody may own it */
};

struct watch;

enum claimant_role role_of_claimant(
    const struct watch *watch, uint32_t vip, const struct claimant *claimant);

/* Whether it is the master still. */
bool claimant_is_master_now(
    const struct watch *watch, uint32_t vip, const struct claimant *claimant);
/* Its claims by ARP. */
uint32_t claimant_claims(const struct claimant *claimant);
/* Whether it accuses nobody: its frames are odd, or its lone claim was relayed, and may be damaged
 * or forged. */
bool claimant_is_doubtful(const struct claimant *claimant);

/* Whether such a claimant may claim the VIP. */
static inline bool
role_is_accused(enum claimant_role role)
{
	return role >= CLAIMANT_FORMER_MASTER;
}

/* Whether its claims tell who owns the VIP. Those of masters do not: advertisements do. */
static inline bool
role_takes_turns(enum claimant_role role)
{
	return role == CLAIMANT_DIRECTOR || role == CLAIMANT_MAYBE_NAMED;
}

#endif
