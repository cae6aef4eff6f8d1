/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DR signature: which owner forwards VIP:port to other hosts? If the plan names no TCP port,
 * and several owners cannot be told apart, the port is the first of 443 and 80 at which one
 * forwards.
 *
 * A director and a leaking real server look the same by ARP, but not by TCP. The probe sends a SYN
 * for VIP:port to the owner's MAC. A real server answers from its own MAC. A director forwards the
 * SYN, and the answer comes from the MAC of a real server. A director that also serves (LocalNode)
 * answers some SYNs itself, depending on its scheduler. So the probe sends several SYNs, and two
 * forwarded ones are enough.
 *
 * What else could cause an answer from another MAC:
 *
 * - Another interface of the owner, which routes its answers there. So the owner is first asked by
 *   packets that nobody forwards (an echo request, a SYN to another port; both with TTL 1). The MAC
 *   that answers is the owner's own. A host that is known by both MACs is one machine, too.
 * - An unknown MAC may be an interface of the owner as well. So a forwarded answer counts only if
 * its sender is known by its RIP.
 * - Where the owner answers no such packet, or as a further precaution where it does, answers must
 *   come from two different hosts if there are two that a director could balance between. If there
 *   is only one, it is enough, provided that the owner's own MAC is known.
 *
 * So a scheduler that sends all connections of the probe to one of several servers (source hashing,
 * persistence) shows no signature.
 *
 * A router that proxies ARP for the VIP forwards too. So an owner has no
 * signature if it answers for several decoys, or if its SYNs provoke an ICMP redirect or time
 * exceeded message.
 */
#ifndef ARPAUDIT_AUDIT_OWNER_SIGNATURE_H
#define ARPAUDIT_AUDIT_OWNER_SIGNATURE_H

#include "audit/facts/claims.h"

/* Whether the MAC is known to be the claimant's machine's. */
bool owner_is_own_mac(
    const struct facts *facts, const struct claimant *claimant, const struct mac *mac);
/* While too few SYNs have been answered, both return false. */
bool owner_has_signature(const struct facts *facts, const struct claimant *claimant);
bool owner_has_no_signature(const struct facts *facts, const struct claimant *claimant);

#endif
