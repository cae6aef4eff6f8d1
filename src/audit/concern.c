/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which frames bear on the audit: those that its evidence has to show, and no others, however much
 * else is said on the segment.
 */
#include "arpaudit/engine.h"

/* A VIP, a decoy, or the address in whose name the probe asks. */
static bool
is_asked_about(const struct audit *audit, const struct address *address)
{
	return vip_find(audit, address) != NONE || decoy_find(audit, address) != NONE ||
	       address_equal(address, &audit->source);
}

/* The address of a host that was named, or that was found. In a sweep nearly every address of the
 * segment is a host's: there only those that have answered count. */
static bool
is_host(const struct audit *audit, const struct address *address)
{
	const uint32_t host = host_find(audit, address);

	return host != NONE && (audit->hosts[host].listed || audit->hosts[host].director ||
				   audit->hosts[host].mac_count > 0);
}

static bool
is_claimant(const struct audit *audit, const struct mac *mac)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++)
			if (mac_equal(&audit->vips[vip].claimant[i].mac, mac))
				return true;
	return false;
}

/* A host's, a claimant's, or a director's that was named by it. */
static bool
is_known(const struct audit *audit, const struct mac *mac)
{
	for (size_t i = 0; i < audit->cluster->director_count; i++)
		if (!address_is_set(&audit->cluster->directors[i].address) &&
		    mac_equal(&audit->cluster->directors[i].mac, mac))
			return true;
	return host_find_mac(audit, mac) != NONE || is_claimant(audit, mac);
}

static bool
arp_concerns(const struct audit *audit, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	const bool answers = arp->operation == ARP_REPLY &&
			     mac_equal(&frame->destination, &audit->segment.mac) &&
			     host_find(audit, &arp->spa) != NONE;

	return answers || is_asked_about(audit, &arp->spa) || is_asked_about(audit, &arp->tpa) ||
	       is_host(audit, &arp->spa) || is_host(audit, &arp->tpa) ||
	       is_known(audit, &frame->source) || is_known(audit, &arp->sha);
}

static bool
vrrp_concerns(const struct audit *audit, const struct frame_ip *ip)
{
	for (size_t i = 0; i < ip->vrrp.address_count; i++) {
		const struct address address = frame_vrrp_address(ip, i);

		if (vip_find(audit, &address) != NONE)
			return true;
	}
	return false;
}

static bool
is_own_port(const struct audit *audit, uint16_t port)
{
	return port >= audit->segment.elicit_port &&
	       port - audit->segment.elicit_port < AUDIT_ELICIT_PORTS;
}

/* Does it answer one of the probe's own packets, in whatever name? */
static bool
ip_answers(const struct audit *audit, const struct frame *frame)
{
	const struct frame_ip *ip = &frame->ip;

	switch (frame->kind) {
	case FRAME_ICMP_ERROR:
		return vip_find(audit, &ip->error.destination) != NONE;
	case FRAME_ECHO_REPLY:
		return ip->echo.identifier == audit->segment.elicit_port;
	case FRAME_TCP:
		return is_own_port(audit, ip->tcp.destination_port);
	case FRAME_UDP:
		return is_own_port(audit, ip->udp.destination_port);
	default:
		return false;
	}
}

static bool
ip_concerns(const struct audit *audit, const struct frame *frame)
{
	return vip_find(audit, &frame->ip.source) != NONE ||
	       decoy_find(audit, &frame->ip.destination) != NONE ||
	       (is_known(audit, &frame->source) && ip_answers(audit, frame));
}

bool
audit_concerns(const struct audit *audit, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;

	if (mac_equal(&frame->source, &audit->segment.mac) || frame->vlan != audit->cluster->vlan)
		return false;
	switch (frame->kind) {
	case FRAME_OTHER:
		return false;
	case FRAME_ARP:
		return arp_concerns(audit, frame);
	case FRAME_VRRP:
		return vrrp_concerns(audit, &frame->ip);
	default:
		return ip_concerns(audit, frame);
	}
}

void
audit_evidence_lost(struct audit *audit)
{
	for (uint32_t i = 0; i < audit->kept_count; i++)
		audit->kept[i].number = 0;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++) {
			struct claimant *claimant = &audit->vips[vip].claimant[i];

			claimant->evidence.number = claimant->relayed.number = 0;
			claimant->reply.number = claimant->request.number = 0;
		}
}
