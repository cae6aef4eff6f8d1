/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which owner of a VIP is its director. The user says so, or behaviour proves it; the engine never
 * guesses. If nothing distinguishes several owners, there is no director, and all of them count as
 * claimants.
 *
 * What else could cause each proof:
 *
 * - Named by address: whoever answers for that address. A proxy is told (facts/proxies.h), and two
 *   MACs make rip-unique fail. Nothing excludes a single other machine.
 * - A virtual MAC: a router that proxies ARP by the MAC of its group (owner/eligible.h), or a
 *   virtual router for other addresses only. Beside another owner that may be the director, the
 *   MAC proves nothing unless the VIP is advertised.
 * - An advertisement: one that was forwarded (its TTL tells) or damaged (its checksum). Nothing
 *   excludes forgery.
 * - The signature: see owner/signature.h.
 * - Sole owner, or presumed: a real server that is not listed, while the director is down. A note
 *   says so.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_DIRECTOR_H
#define ARPAUDIT_AUDIT_OWNER_DIRECTOR_H

#include "audit/facts/claims.h"

enum director_proof {
	DIRECTOR_UNKNOWN = 0, /* several owners that can't be told apart, or no owner */
	DIRECTOR_NAMED,       /* by the user */
	DIRECTOR_VRRP_MAC,
	DIRECTOR_VRRP_ADVERTISEMENT,
	DIRECTOR_SIGNATURE, /* the only owner that forwards VIP:port to other hosts */
	/* The only owner, and not a listed real server, unless any machine may own the VIP. It has
	 * not been seen to accept connections itself, as a real server does, nor after a sweep to
	 * refuse them. */
	DIRECTOR_SOLE_OWNER,
	DIRECTOR_PRESUMED, /* the only owner that is not a listed real server */
};

/* The claimant that is the director, or NONE. Sets `proof` (may be NULL) to the reason. */
uint32_t owner_director(const struct facts *facts, uint32_t vip, enum director_proof *proof);
/* Whether the MAC is the director's: the claimant's, or another card's of a named director. */
bool owner_is_by_mac(const struct facts *facts, uint32_t vip, const struct mac *mac);
/* Whether the only leak that the audit provoked was the director's own claim, which is none. The
 * director may not have been known by then. */
bool owner_alone_leaked(const struct facts *facts, uint32_t vip);
/* Whether the host is the VIP's director, by one of its MACs. */
bool owner_is_host(const struct facts *facts, uint32_t host, uint32_t vip);
/* Whether it was the director, or the master of the virtual router, until a hand-over. */
bool owner_was_host(const struct facts *facts, uint32_t host, uint32_t vip);
/* The claimant that should own the caches after a leak: the director, otherwise the only owner that
 * is no listed real server. This is no verdict. It is the choice that does the least harm. */
uint32_t owner_to_restore(const struct facts *facts, uint32_t vip);
/* Whether that claimant may be a listed server, by another of its cards at least, and nothing but
 * its not being one makes it the director. It must not be restored then. */
bool owner_may_be_server(const struct facts *facts, uint32_t vip, uint32_t claimant);
/* Whether the VIP has owners, and it is not known which of them to restore. */
bool owner_is_ambiguous(const struct facts *facts, uint32_t vip);
/*
 * Whether a leak could be undone, so that one may be provoked. There are three cases:
 * - The owner is known, and was made to broadcast a claim before. It has answered an ARP probe, so
 *   the address is its own. A router that proxies the VIP answers none.
 * - The VIP has no owner, and one that proxies would have been heard by now. If an owner appears
 *   later, it is restored then.
 * - The VIP may have no owner, so no cache can lose one.
 */
bool owner_can_be_restored(const struct facts *facts, uint32_t vip);
/* Whether only a rehearsal of the owner's claim is missing for that: ask/rehearsal.h. */
bool owner_needs_rehearsal(const struct facts *facts, uint32_t vip);
/* Whether it was made to claim the VIP in vain. */
bool owner_is_unprovoked(const struct facts *facts, uint32_t vip);
/* If a leak could not be undone, whether it may turn out soon that it could. */
bool owner_may_be_restorable(const struct facts *facts, uint32_t vip);
/* Whether an open signature inquiry may still decide: it may find the director, or confirm or
 * refute a presumed one or a sole owner. */
bool owner_signature_is_needed(const struct facts *facts, uint32_t vip);
/* Whether a VRRP advertisement may still show that the host is the director. */
bool owner_advertisement_is_needed(const struct facts *facts, uint32_t vip, uint32_t host);

#endif
