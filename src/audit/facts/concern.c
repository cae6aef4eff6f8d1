/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/concern.h"

#include "audit/facts/advertised.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/gateways.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"

/* Whether it is a VIP, a decoy, the probe's SPA, a virtual router's master, or a gateway. */
static bool
is_asked_about(const struct facts *facts, const struct address *address)
{
	return vip_find(facts, address) != NONE || decoy_find(facts, address) != NONE ||
	       address_equal(address, &facts->probe.source) ||
	       routers_have_master(facts, address) || gateway_find(facts, address) != NONE;
}

/* Whether it is the RIP of a named or found host. A sweep covers nearly every address of the
 * segment, so there only hosts that have answered count. */
static bool
is_host(const struct facts *facts, const struct address *address)
{
	const uint32_t host = host_find(facts, address);

	return host != NONE && (host_of(facts, host)->listed || host_of(facts, host)->director ||
				   host_of(facts, host)->mac_count > 0);
}

static bool
is_claimant(const struct facts *facts, const struct mac *mac)
{
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (claimant_find(facts, vip, mac) != NULL)
			return true;
	return false;
}

/* Whether the MAC is a host's, a claimant's, or a gateway's, or a director's that the
 * user named by MAC. */
static bool
is_known(const struct facts *facts, const struct mac *mac)
{
	for (size_t i = 0; i < facts->cluster->director_count; i++)
		if (!address_is_set(&facts->cluster->directors[i].address) &&
		    mac_equal(&facts->cluster->directors[i].mac, mac))
			return true;
	return host_find_mac(facts, mac) != NONE || is_claimant(facts, mac) ||
	       gateway_find_mac(facts, mac) != NONE;
}

static bool
arp_concerns(const struct facts *facts, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	const bool answers = arp->operation == ARP_REPLY &&
			     mac_equal(&frame->destination, &facts->probe.mac) &&
			     host_find(facts, &arp->spa) != NONE;

	return answers || is_asked_about(facts, &arp->spa) || is_asked_about(facts, &arp->tpa) ||
	       is_host(facts, &arp->spa) || is_host(facts, &arp->tpa) ||
	       is_known(facts, &frame->source) || is_known(facts, &arp->sha);
}

static bool
is_own_port(const struct facts *facts, uint16_t port)
{
	return port >= facts->probe.elicit_port &&
	       port - facts->probe.elicit_port < AUDIT_ELICIT_PORTS;
}

/* Whether the packet answers one of the probe's packets, from whatever address. */
static bool
ip_answers(const struct facts *facts, const struct frame *frame)
{
	const struct frame_ip *ip = &frame->ip;

	switch (frame->kind) {
	case FRAME_ICMP_ERROR:
		return vip_find(facts, &ip->error.destination) != NONE;
	case FRAME_ECHO_REPLY:
		return ip->echo.identifier == facts->probe.elicit_port;
	case FRAME_TCP:
		return is_own_port(facts, ip->tcp.destination_port);
	case FRAME_UDP:
		return is_own_port(facts, ip->udp.destination_port);
	default:
		return false;
	}
}

static bool
ip_concerns(const struct facts *facts, const struct frame *frame)
{
	return vip_find(facts, &frame->ip.source) != NONE ||
	       decoy_find(facts, &frame->ip.destination) != NONE ||
	       (is_known(facts, &frame->source) && ip_answers(facts, frame));
}

bool
facts_are_concerned(const struct facts *facts, const struct frame *frame)
{
	if (frame->vlan != facts->probe.vlan)
		return false;
	/* With the probe's own MAC, only a claim that the probe never sends. */
	if (mac_equal(&frame->source, &facts->probe.mac))
		return frame->kind == FRAME_ARP && vip_find(facts, &frame->arp.spa) != NONE;
	switch (frame->kind) {
	case FRAME_OTHER:
		return false;
	case FRAME_ARP:
		return arp_concerns(facts, frame);
	case FRAME_VRRP:
		return advertised_next(facts, &frame->ip, &(size_t){0}) != NONE;
	default:
		return ip_concerns(facts, frame);
	}
}
