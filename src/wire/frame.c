/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder works on nested spans, one for each layer. It checks once that all octets of a header
 * are present, then reads the header from the span that the layer below provided.
 */
#include <assert.h>
#include <string.h>

#include "arpaudit/frame.h"

/* Ethernet (IEEE 802.3, 802.1Q) */
#define ETHERNET_HEADER 14
#define TAG_OCTETS      4
#define TYPE_IPV4       0x0800
#define TYPE_ARP        0x0806
#define TYPE_TAG        0x8100 /* 802.1Q */
#define TYPE_SERVICE    0x88a8 /* 802.1ad */
#define TYPE_NONE       0      /* no EtherType, which is at least 0x0600 */
#define VLAN_MASK       0x0fff
#define VLAN_RESERVED   0x0fff

/* ARP (RFC 826) for Ethernet and IPv4 */
#define ARP_FIXED           8 /* the fields before the addresses; they give the address lengths */
#define ARP_OCTETS          28
#define ARP_ETHERNET        1 /* hardware types, RFC 826 and RFC 1042 */
#define ARP_IEEE802         6
#define ARP_HARDWARE_LENGTH 6
#define ARP_PROTOCOL_LENGTH 4

/* IPv4 (RFC 791) */
#define IP_HEADER_MIN     20
#define IP_OFFSET_MASK    0x1fff
#define IP_MORE_FRAGMENTS 0x2000
#define PORTS_OCTETS      4 /* source and destination port, first in both TCP and UDP */

/* ICMP (RFC 792) */
#define ICMP_HEADER 8

#define TCP_HEADER_MIN 20
#define UDP_HEADER     8

/* VRRP: RFC 3768 for version 2, RFC 5798 for version 3 */
#define VRRP_HEADER        8
#define VRRP_ADVERTISEMENT 1
#define VRRP_TTL           255
/* CARP, ip_carp.h of OpenBSD: the length of the authentication in words is where VRRP counts its
 * addresses, and the whole is shorter than VRRP with as many. */
#define CARP_OCTETS     36
#define CARP_AUTH_WORDS 7
#define CARP_GIVES_UP   255 /* base and skew of the last advertisement */
#define AH_FIXED        12  /* RFC 4302; its length is in words, less 2 */

/* The octets of one layer. `length` is their number according to the layer below. `captured` is the
 * number available: fewer if the capture truncated the frame, more if Ethernet padded it. */
struct span {
	const uint8_t *octets;
	size_t length, captured;
};

static uint16_t
read16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

static uint32_t
read32(const uint8_t *octets)
{
	return (uint32_t)read16(octets) << 16 | read16(octets + 2);
}

static struct mac
read_mac(const uint8_t *octets)
{
	struct mac mac;

	memcpy(mac.octet, octets, sizeof(mac.octet));
	return mac;
}

/* Can the first `count` octets of the span be read? */
static enum frame_problem
require(const struct span *span, size_t count)
{
	if (count > span->length)
		return FRAME_MALFORMED;
	return count > span->captured ? FRAME_TRUNCATED : FRAME_OK;
}

/* The rest of the span after its first `count` octets, which must have been required. */
static struct span
after(const struct span *span, size_t count)
{
	return (struct span){
	    .octets = span->octets + count,
	    .length = span->length - count,
	    .captured = span->captured - count,
	};
}

static enum frame_problem
decode_arp(const struct span *span, struct frame *frame)
{
	const uint8_t *const arp = span->octets;
	enum frame_problem problem = require(span, ARP_FIXED);

	if (problem != FRAME_OK)
		return problem;
	const uint16_t hardware = read16(arp);
	if ((hardware != ARP_ETHERNET && hardware != ARP_IEEE802) || read16(arp + 2) != TYPE_IPV4)
		return FRAME_OK;
	if (arp[4] != ARP_HARDWARE_LENGTH || arp[5] != ARP_PROTOCOL_LENGTH)
		return FRAME_MALFORMED;
	problem = require(span, ARP_OCTETS);
	if (problem != FRAME_OK)
		return problem;
	frame->kind = FRAME_ARP;
	frame->odd = frame->odd || hardware != ARP_ETHERNET;
	frame->arp = (struct frame_arp){
	    .operation = read16(arp + 6),
	    .sha = read_mac(arp + 8),
	    .spa = address_ipv4(read32(arp + 14)),
	    .tha = read_mac(arp + 18),
	    .tpa = address_ipv4(read32(arp + 24)),
	};
	return FRAME_OK;
}

/* Requires the IP header at the start of the span. On FRAME_OK `*header` is its length, and its
 * octets can be read. The caller checks the total length. */
static enum frame_problem
require_ip_header(const struct span *span, size_t *header)
{
	const enum frame_problem problem = require(span, IP_HEADER_MIN);

	if (problem != FRAME_OK)
		return problem;
	*header = 4 * (size_t)(span->octets[0] & 0x0f);
	if (span->octets[0] >> 4 != 4 || *header < IP_HEADER_MIN)
		return FRAME_MALFORMED;
	return require(span, *header);
}

static bool
has_ports(uint8_t protocol)
{
	return protocol == IP_PROTOCOL_TCP || protocol == IP_PROTOCOL_UDP;
}

/* An ICMP error quotes a datagram: its IP header and usually 8 octets or more. The quoted header
 * gives the total length of the original datagram, not of the quotation. */
static enum frame_problem
decode_icmp_error(const struct span *icmp, struct frame *frame)
{
	const struct span inner = after(icmp, ICMP_HEADER);
	const uint8_t *const ip = inner.octets;
	size_t header;
	const enum frame_problem problem = require_ip_header(&inner, &header);

	if (problem != FRAME_OK)
		return problem;
	frame->kind = FRAME_ICMP_ERROR;
	frame->ip.error.type = icmp->octets[0];
	frame->ip.error.code = icmp->octets[1];
	frame->ip.error.protocol = ip[9];
	frame->ip.error.source = address_ipv4(read32(ip + 12));
	frame->ip.error.destination = address_ipv4(read32(ip + 16));
	if (has_ports(ip[9]) && (read16(ip + 6) & IP_OFFSET_MASK) == 0 &&
	    require(&inner, header + PORTS_OCTETS) == FRAME_OK) {
		frame->ip.error.source_port = read16(ip + header);
		frame->ip.error.destination_port = read16(ip + header + 2);
	}
	return FRAME_OK;
}

static enum frame_problem
decode_icmp(const struct span *span, bool fragment, struct frame *frame)
{
	const uint8_t *const icmp = span->octets;
	const enum frame_problem problem = require(span, ICMP_HEADER);

	if (problem != FRAME_OK)
		return problem;
	switch (icmp[0]) {
	case ICMP_TYPE_ECHO_REQUEST:
	case ICMP_TYPE_ECHO_REPLY:
		if (fragment)
			return FRAME_OK;
		frame->kind =
		    icmp[0] == ICMP_TYPE_ECHO_REQUEST ? FRAME_ECHO_REQUEST : FRAME_ECHO_REPLY;
		frame->ip.echo.identifier = read16(icmp + 4);
		frame->ip.echo.sequence = read16(icmp + 6);
		return FRAME_OK;
	case ICMP_TYPE_UNREACHABLE:
	case ICMP_TYPE_REDIRECT:
	case ICMP_TYPE_TIME_EXCEEDED:
		return decode_icmp_error(span, frame);
	default:
		return FRAME_OK;
	}
}

static enum frame_problem
decode_tcp(const struct span *span, struct frame *frame)
{
	const uint8_t *const tcp = span->octets;
	const enum frame_problem problem = require(span, TCP_HEADER_MIN);

	if (problem != FRAME_OK)
		return problem;
	/* The options are not read. The capture may have cut them off, but IP must include them. */
	const size_t header = 4 * (size_t)(tcp[12] >> 4);
	if (header < TCP_HEADER_MIN || header > span->length)
		return FRAME_MALFORMED;
	frame->kind = FRAME_TCP;
	frame->ip.tcp.source_port = read16(tcp);
	frame->ip.tcp.destination_port = read16(tcp + 2);
	frame->ip.tcp.sequence = read32(tcp + 4);
	frame->ip.tcp.acknowledgement = read32(tcp + 8);
	frame->ip.tcp.flags = tcp[13];
	return FRAME_OK;
}

static enum frame_problem
decode_udp(const struct span *span, struct frame *frame)
{
	const uint8_t *const udp = span->octets;
	const enum frame_problem problem = require(span, UDP_HEADER);

	if (problem != FRAME_OK)
		return problem;
	const uint16_t length = read16(udp + 4);
	if (length < UDP_HEADER || length > span->length)
		return FRAME_MALFORMED;
	frame->kind = FRAME_UDP;
	frame->ip.udp.source_port = read16(udp);
	frame->ip.udp.destination_port = read16(udp + 2);
	return FRAME_OK;
}

/* The sum over a correct header, including its checksum, is all ones (RFC 1071). */
static bool
has_valid_checksum(const uint8_t *ip, size_t header)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < header; i += 2)
		sum += read16(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* A bit that a switch damaged turns a packet from the RIP into one from the VIP. Linux drops such a
 * packet. In a capture that a machine made of what it sends, its card was to fill in the checksum,
 * and it may be 0. */
static bool
is_damaged(const uint8_t *ip, size_t header)
{
	return read16(ip + 10) != 0 && !has_valid_checksum(ip, header);
}

static bool
is_carp(const struct span *span)
{
	return span->octets[0] == (2 << 4 | VRRP_ADVERTISEMENT) && span->length == CARP_OCTETS &&
	       span->octets[3] == CARP_AUTH_WORDS && span->octets[4] == 0;
}

static enum frame_problem
decode_carp(const uint8_t *carp, struct frame *frame)
{
	const bool gives_up = carp[2] == CARP_GIVES_UP && carp[5] == CARP_GIVES_UP;

	frame->kind = FRAME_VRRP;
	frame->ip.vrrp = (struct frame_vrrp){
	    .carp = true,
	    .version = 2,
	    .vrid = carp[1],
	    .priority = (uint8_t)(gives_up ? 0 : 255 - carp[2] + (carp[2] == 255)),
	    .interval_us = carp[5] * 1000000u + carp[2] * 1000000u / 256,
	};
	return FRAME_OK;
}

/* A VRRP router discards a forwarded advertisement (RFC 5798 section 7.1). So does the audit,
 * because it did not originate on this segment. */
static enum frame_problem
decode_vrrp(const struct span *span, struct frame *frame)
{
	const uint8_t *const vrrp = span->octets;
	enum frame_problem problem = require(span, VRRP_HEADER);

	if (problem != FRAME_OK)
		return problem;
	const uint8_t version = vrrp[0] >> 4;
	if ((version != 2 && version != 3) || (vrrp[0] & 0x0f) != VRRP_ADVERTISEMENT)
		return FRAME_OK;
	if (frame->ip.ttl != VRRP_TTL || vrrp[1] == 0)
		return FRAME_MALFORMED;
	problem = require(span, VRRP_HEADER + 4 * (size_t)vrrp[3]);
	if (problem != FRAME_OK)
		return problem;
	if (is_carp(span))
		return decode_carp(vrrp, frame);
	frame->kind = FRAME_VRRP;
	frame->ip.vrrp.carp = false;
	frame->ip.vrrp.version = version;
	frame->ip.vrrp.vrid = vrrp[1];
	frame->ip.vrrp.priority = vrrp[2];
	/* Seconds in version 2 (RFC 3768), hundredths in version 3. */
	frame->ip.vrrp.interval_us =
	    version == 2 ? vrrp[5] * 1000000u : (read16(vrrp + 4) & 0x0fffu) * 10000u;
	frame->ip.vrrp.address_count = vrrp[3];
	frame->ip.vrrp.addresses = vrrp + VRRP_HEADER;
	return FRAME_OK;
}

/* Its authenticity is not checked: the audit does not know the key. */
static enum frame_problem
decode_ah(const struct span *span, struct frame *frame)
{
	enum frame_problem problem = require(span, AH_FIXED);

	if (problem != FRAME_OK)
		return problem;
	const size_t header = 4 * ((size_t)span->octets[1] + 2);

	if (span->octets[0] != IP_PROTOCOL_VRRP)
		return FRAME_OK;
	if (header < AH_FIXED)
		return FRAME_MALFORMED;
	problem = require(span, header);
	if (problem != FRAME_OK)
		return problem;
	const struct span payload = after(span, header);

	return decode_vrrp(&payload, frame);
}

static enum frame_problem
decode_ip(struct span *span, struct frame *frame)
{
	const uint8_t *const ip = span->octets;
	size_t header;
	const enum frame_problem problem = require_ip_header(span, &header);

	if (problem != FRAME_OK)
		return problem;
	const uint16_t total_length = read16(ip + 2);
	if (total_length < header || is_damaged(ip, header))
		return FRAME_MALFORMED;
	span->length = total_length; /* excludes Ethernet padding */
	frame->ip.source = address_ipv4(read32(ip + 12));
	frame->ip.destination = address_ipv4(read32(ip + 16));
	frame->ip.ds = ip[1];
	frame->ip.ttl = ip[8];

	const uint16_t flags_and_offset = read16(ip + 6);
	const bool fragment = (flags_and_offset & IP_MORE_FRAGMENTS) != 0;
	const struct span payload = after(span, header);
	if ((flags_and_offset & IP_OFFSET_MASK) != 0)
		return FRAME_OK;
	if (ip[9] == IP_PROTOCOL_ICMP)
		return decode_icmp(&payload, fragment, frame);
	if (fragment)
		return FRAME_OK;
	switch (ip[9]) {
	case IP_PROTOCOL_TCP:
		return decode_tcp(&payload, frame);
	case IP_PROTOCOL_UDP:
		return decode_udp(&payload, frame);
	case IP_PROTOCOL_VRRP:
		/* The source address identifies the master, so it must be right. */
		return has_valid_checksum(ip, header) ? decode_vrrp(&payload, frame)
						      : FRAME_MALFORMED;
	case IP_PROTOCOL_AH:
		return has_valid_checksum(ip, header) ? decode_ah(&payload, frame)
						      : FRAME_MALFORMED;
	default:
		return FRAME_OK;
	}
}

/* Removes the tag at the start of the span. `*type` is its TPID, and becomes the EtherType behind
 * it; TYPE_NONE if no segment gets the frame. */
static enum frame_problem
decode_tag(struct span *span, struct frame *frame, uint16_t *type)
{
	const bool service = *type == TYPE_SERVICE;

	if (span->captured < TAG_OCTETS)
		return FRAME_TRUNCATED;
	const uint16_t vid = read16(span->octets) & VLAN_MASK;

	*type = read16(span->octets + 2);
	*span = after(span, TAG_OCTETS);
	if (vid == VLAN_RESERVED)
		return FRAME_MALFORMED;
	if (vid != 0 && (service || frame->vlan != 0))
		*type = TYPE_NONE;
	else if (vid != 0)
		frame->vlan = vid;
	return FRAME_OK;
}

/* Decodes the Ethernet header with its tags. The span is then what follows, of EtherType `*type`.
 */
static enum frame_problem
decode_ethernet(struct span *span, struct frame *frame, uint16_t *type)
{
	enum frame_problem problem = FRAME_OK;

	if (span->captured < ETHERNET_HEADER)
		return FRAME_TRUNCATED;
	frame->destination = read_mac(span->octets);
	frame->source = read_mac(span->octets + 6);
	*type = read16(span->octets + 12);
	*span = after(span, ETHERNET_HEADER);
	for (unsigned tags = 1; problem == FRAME_OK && (*type == TYPE_TAG || *type == TYPE_SERVICE);
	     tags++) {
		frame->odd = tags > 1 || *type == TYPE_SERVICE;
		problem = decode_tag(span, frame, type);
	}
	if (problem != FRAME_OK)
		frame->vlan = 0;
	return problem;
}

static enum frame_problem
decode(const uint8_t *bytes, size_t length, struct frame *frame)
{
	/* Ethernet gives no length; the layers above do. */
	struct span span = {.octets = bytes, .length = SIZE_MAX, .captured = length};
	uint16_t type;
	const enum frame_problem problem = decode_ethernet(&span, frame, &type);

	if (problem != FRAME_OK)
		return problem;
	switch (type) {
	case TYPE_ARP:
		return decode_arp(&span, frame);
	case TYPE_IPV4:
		return decode_ip(&span, frame);
	default:
		return FRAME_OK;
	}
}

enum frame_problem
frame_decode(const uint8_t *bytes, size_t length, struct frame *frame)
{
	memset(frame, 0, sizeof(*frame));

	const enum frame_problem problem = decode(bytes, length, frame);

	/* A frame that is not evidence must not leave fields that look like evidence. */
	if (frame->kind == FRAME_OTHER)
		memset(&frame->ip, 0, sizeof(frame->ip));
	return problem;
}

struct address
frame_vrrp_address(const struct frame_ip *ip, size_t number)
{
	assert(number < ip->vrrp.address_count);
	return address_ipv4(read32(ip->vrrp.addresses + 4 * number));
}
