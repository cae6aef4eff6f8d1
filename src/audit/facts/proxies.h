/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proxies: machines that answer ARP requests for addresses of others, such as a router with
 * proxy_arp for the whole subnet, a private VLAN with local proxy ARP, or a cloud's fabric.
 *
 * A proxy shows itself by the decoys that it answers for. One that proxies for a few addresses only
 * answers for a host that also answers for itself: it answers the probe's address but no ARP Probe
 * (SPA 0.0.0.0), which Linux answers for own addresses alone. Its answers may have been lost, all
 * of them. So if it answers an ARP Probe for that host later, it is a second machine with the
 * address, and no proxy; the hosts that it seemed to speak for are asked anew.
 *
 * A machine may also take addresses of others for its own, as a real server does that has the VIP
 * on lo with the segment's prefix length instead of 32. It answers ARP Probes for them as well.
 * Such a machine answers beside others for their RIPs, and for decoys.
 *
 * What a proxy says for a RIP says nothing about the host, so it is no MAC of the host's. What it
 * says for a VIP is its own claim.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_PROXIES_H
#define ARPAUDIT_AUDIT_FACTS_PROXIES_H

#include "audit/facts/hosts.h"

uint32_t proxies_count(const struct facts *facts);
const struct mac *proxy_mac(const struct facts *facts, uint32_t proxy);
bool proxy_is(const struct facts *facts, const struct mac *mac);
/* Whether it is one that takes addresses of others for its own. */
bool proxy_takes_addresses(const struct facts *facts, const struct mac *mac);
/* Whether the host was heard only through a proxy: it is not known to be there, unless it is the
 * proxy itself. A proxy is the host for whose address it answers ARP Probes, and nobody else does;
 * if there are several of these, it is none of them. */
static inline bool
proxy_hides_host(const struct facts *facts, uint32_t host)
{
	return host_of(facts, host)->hidden;
}
/* Whether proxies answer, and no host answers for itself: the network owns ARP. */
bool proxies_own_segment(const struct facts *facts);
bool proxy_is_network(const struct facts *facts, const struct mac *mac); /* and is one of them */
/* Whether the reply for a RIP tells who has it. A proxy's does not while another machine answers
 * for it too; the host is noted as spoken for then. Nor does a reply to a decoy: a decoy asks a MAC
 * that is taken for the host's (ask_attempt_announce()), which may be a proxy's. */
bool reply_is_of_host(struct facts *facts, const struct heard *heard);

/* The sender of the frame may have shown itself as a proxy: by a decoy, or by the RIP of the host.
 * NEWS_PROXY_FOUND, or NEWS_PROXY_WITHDRAWN if the decoys are its own addresses. */
struct news proxies_hear_decoy(struct facts *facts, const struct heard *heard);
/* The reply for a RIP may show that its sender was taken for a proxy by mistake.
 * NEWS_PROXY_WITHDRAWN. */
struct news proxies_hear_probe_answer(struct facts *facts, const struct heard *heard);
struct news proxies_hear_reply(struct facts *facts, uint32_t host);
/* Whether further answers for the host may show that one of its MACs is a proxy's. */
bool proxy_may_be_found(const struct facts *facts, uint32_t host);
/* Whether the host has MACs of proxies beside others, so that what was heard of it is mixed up; and
 * removes them. */
bool proxies_are_at_host(const struct facts *facts, uint32_t host);
void proxies_leave_host(struct facts *facts, uint32_t host);

#endif
