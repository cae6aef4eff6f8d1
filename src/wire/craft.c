/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/craft.h"

#include <assert.h>
#include <string.h>

#define AUTOMATIC  0 /* for libnet: as a tag, add a new header; as a checksum, compute it */
#define TCP_WINDOW 65535

/* libnet takes IPv4 addresses in network byte order. */
static uint32_t
network_order(const struct address *address)
{
	uint32_t number;

	assert(address->family == ADDRESS_IPV4);
	memcpy(&number, address->octet, sizeof(number));
	return number;
}

static bool
build_arp(libnet_t *libnet, const struct frame_arp *arp)
{
	return libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, 6, 4, arp->operation, arp->sha.octet,
		   arp->spa.octet, arp->tha.octet, arp->tpa.octet, NULL, 0, libnet,
		   AUTOMATIC) != -1;
}

/* Returns the length of the transport header, or 0 if libnet fails. */
static uint16_t
build_transport(libnet_t *libnet, const struct frame *frame)
{
	const struct frame_ip *ip = &frame->ip;
	libnet_ptag_t tag;

	switch (frame->kind) {
	case FRAME_ECHO_REQUEST:
		tag = libnet_build_icmpv4_echo(ICMP_TYPE_ECHO_REQUEST, 0, AUTOMATIC,
		    ip->echo.identifier, ip->echo.sequence, NULL, 0, libnet, AUTOMATIC);
		return tag == -1 ? 0 : LIBNET_ICMPV4_ECHO_H;
	case FRAME_TCP:
		tag = libnet_build_tcp(ip->tcp.source_port, ip->tcp.destination_port,
		    ip->tcp.sequence, ip->tcp.acknowledgement, ip->tcp.flags, TCP_WINDOW, AUTOMATIC,
		    0, LIBNET_TCP_H, NULL, 0, libnet, AUTOMATIC);
		return tag == -1 ? 0 : LIBNET_TCP_H;
	case FRAME_UDP:
		tag = libnet_build_udp(ip->udp.source_port, ip->udp.destination_port, LIBNET_UDP_H,
		    AUTOMATIC, NULL, 0, libnet, AUTOMATIC);
		return tag == -1 ? 0 : LIBNET_UDP_H;
	default:
		assert(false);
		return 0;
	}
}

/* The identification is 0: with DF set it need not be unique (RFC 6864 section 4.1). */
static bool
build_ip(libnet_t *libnet, const struct frame *frame)
{
	static const uint8_t protocols[] = {
	    [FRAME_ECHO_REQUEST] = IP_PROTOCOL_ICMP,
	    [FRAME_TCP] = IP_PROTOCOL_TCP,
	    [FRAME_UDP] = IP_PROTOCOL_UDP,
	};
	const uint16_t length = build_transport(libnet, frame);

	return length > 0 &&
	       libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + length), frame->ip.ds, 0, IP_DF,
		   frame->ip.ttl, protocols[frame->kind], AUTOMATIC,
		   network_order(&frame->ip.source), network_order(&frame->ip.destination), NULL, 0,
		   libnet, AUTOMATIC) != -1;
}

static bool
build_link(libnet_t *libnet, const struct frame *frame)
{
	const uint16_t type = frame->kind == FRAME_ARP ? ETHERTYPE_ARP : ETHERTYPE_IP;

	if (frame->vlan != 0)
		return libnet_build_802_1q(frame->destination.octet, frame->source.octet,
			   ETHERTYPE_VLAN, 0, 0, frame->vlan, type, NULL, 0, libnet,
			   AUTOMATIC) != -1;
	return libnet_build_ethernet(frame->destination.octet, frame->source.octet, type, NULL, 0,
		   libnet, AUTOMATIC) != -1;
}

static bool
build(libnet_t *libnet, const struct frame *frame, struct crafted *crafted, struct error *error)
{
	uint8_t *packet = NULL;
	uint32_t length = 0;

	libnet_clear_packet(libnet);
	if (!(frame->kind == FRAME_ARP ? build_arp(libnet, &frame->arp)
				       : build_ip(libnet, frame)) ||
	    !build_link(libnet, frame))
		return error_set(error, EXIT_CANNOT_RUN, "libnet can't build a frame: %s",
		    libnet_geterror(libnet));
	/* libnet_adv_cull_packet() does the same, but only for LIBNET_LINK_ADV. */
	if (libnet_pblock_coalesce(libnet, &packet, &length) == -1)
		return error_set(error, EXIT_CANNOT_RUN, "libnet can't assemble a frame: %s",
		    libnet_geterror(libnet));
	assert(length <= CRAFT_SIZE_MAX);
	memcpy(crafted->bytes, packet, length);
	libnet_adv_free_packet(libnet, packet);
	crafted->length = length;
	crafted->kind = frame->kind;
	crafted->vlan = frame->vlan;
	return true;
}

/* Nearly all frames of an audit are ARP. What differs from the ARP frame before is overwritten,
 * which takes libnet a tenth of the time that building takes. */
static void
overwrite_arp(struct crafted *crafted, const struct frame *frame)
{
	const struct frame_arp *const arp = &frame->arp;
	uint8_t *const link = crafted->bytes;
	uint8_t *const header = link + (frame->vlan != 0 ? LIBNET_802_1Q_H : LIBNET_ETH_H);

	memcpy(link, frame->destination.octet, 6);
	memcpy(link + 6, frame->source.octet, 6);
	header[6] = (uint8_t)(arp->operation >> 8);
	header[7] = (uint8_t)arp->operation;
	memcpy(header + 8, arp->sha.octet, 6);
	memcpy(header + 14, arp->spa.octet, 4);
	memcpy(header + 18, arp->tha.octet, 6);
	memcpy(header + 24, arp->tpa.octet, 4);
}

bool
craft(libnet_t *libnet, const struct frame *frame, struct crafted *crafted, struct error *error)
{
	assert(frame->kind != FRAME_ARP ||
	       (frame->arp.spa.family == ADDRESS_IPV4 && frame->arp.tpa.family == ADDRESS_IPV4));
	const bool alike = crafted->length > 0 && crafted->kind == FRAME_ARP &&
			   frame->kind == FRAME_ARP && crafted->vlan == frame->vlan;

	if (!alike)
		return build(libnet, frame, crafted, error);
	overwrite_arp(crafted, frame);
	return true;
}
