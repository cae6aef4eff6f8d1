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

/* libnet's tags of the headers to overwrite, or AUTOMATIC for new ones. */
struct tags {
	libnet_ptag_t arp, link;
};

/* Nearly all frames of an audit are ARP. If one follows another with the same kind of link header,
 * its headers overwrite those of the previous frame. Any other frame starts with a cleared packet.
 */
static struct tags
reuse_headers(libnet_t *libnet, const struct frame *frame)
{
	const libnet_pblock_t *const first = libnet->protocol_blocks;
	const libnet_pblock_t *const last = libnet->pblock_end;
	const uint8_t link = frame->vlan != 0 ? LIBNET_PBLOCK_802_1Q_H : LIBNET_PBLOCK_ETH_H;

	if (frame->kind == FRAME_ARP && libnet->n_pblocks == 2 &&
	    first->type == LIBNET_PBLOCK_ARP_H && last->type == link)
		return (struct tags){.arp = first->ptag, .link = last->ptag};
	libnet_clear_packet(libnet);
	return (struct tags){.arp = AUTOMATIC, .link = AUTOMATIC};
}

static bool
build_arp(libnet_t *libnet, const struct frame_arp *arp, libnet_ptag_t tag)
{
	assert(arp->spa.family == ADDRESS_IPV4 && arp->tpa.family == ADDRESS_IPV4);
	return libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, 6, 4, arp->operation, arp->sha.octet,
		   arp->spa.octet, arp->tha.octet, arp->tpa.octet, NULL, 0, libnet, tag) != -1;
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
	       libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + length), 0, 0, IP_DF, frame->ip.ttl,
		   protocols[frame->kind], AUTOMATIC, network_order(&frame->ip.source),
		   network_order(&frame->ip.destination), NULL, 0, libnet, AUTOMATIC) != -1;
}

static bool
build_link(libnet_t *libnet, const struct frame *frame, libnet_ptag_t tag)
{
	const uint16_t type = frame->kind == FRAME_ARP ? ETHERTYPE_ARP : ETHERTYPE_IP;

	if (frame->vlan != 0)
		return libnet_build_802_1q(frame->destination.octet, frame->source.octet,
			   ETHERTYPE_VLAN, 0, 0, frame->vlan, type, NULL, 0, libnet, tag) != -1;
	return libnet_build_ethernet(
		   frame->destination.octet, frame->source.octet, type, NULL, 0, libnet, tag) != -1;
}

bool
craft(libnet_t *libnet, const struct frame *frame, struct error *error)
{
	const struct tags tags = reuse_headers(libnet, frame);

	if ((frame->kind == FRAME_ARP ? build_arp(libnet, &frame->arp, tags.arp)
				      : build_ip(libnet, frame)) &&
	    build_link(libnet, frame, tags.link))
		return true;
	return error_set(
	    error, EXIT_CANNOT_RUN, "libnet can't build a frame: %s", libnet_geterror(libnet));
}

size_t
craft_bytes(
    libnet_t *libnet, const struct frame *frame, uint8_t bytes[CRAFT_SIZE_MAX], struct error *error)
{
	uint8_t *packet = NULL;
	uint32_t length = 0;

	if (!craft(libnet, frame, error))
		return 0;
	/* libnet_adv_cull_packet() does the same, but only for LIBNET_LINK_ADV. */
	if (libnet_pblock_coalesce(libnet, &packet, &length) == -1) {
		error_set(error, EXIT_CANNOT_RUN, "libnet can't assemble a frame: %s",
		    libnet_geterror(libnet));
		return 0;
	}
	assert(length <= CRAFT_SIZE_MAX);
	memcpy(bytes, packet, length);
	libnet_adv_free_packet(libnet, packet);
	return length;
}
