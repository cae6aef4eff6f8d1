/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder works through nested spans: each header is read from the span that the layer below
 * gave it, after one check that all its octets are there.
 */
#include <assert.h>
#include <string.h>

#include "arpaudit/frame.h"

/* Ethernet (IEEE 802.3, 802.1Q) */
#define ETHERNET_HEADER 14
#define TAG_OCTETS      4
#define TYPE_IPV4       0x0800
#define TYPE_ARP        0x0806
#define TYPE_TAG        0x8100
#define VLAN_MASK       0x0fff
#define VLAN_RESERVED   0x0fff

/* ARP (RFC 826) for Ethernet and IPv4 */
#define ARP_FIXED           8 /* up to the addresses, whose sizes it gives */
#define ARP_OCTETS          28
#define ARP_HARDWARE        1
#define ARP_HARDWARE_LENGTH 6
#define ARP_PROTOCOL_LENGTH 4

/* IPv4 (RFC 791) */
#define IP_HEADER_MIN     20
#define IP_OFFSET_MASK    0x1fff
#define IP_MORE_FRAGMENTS 0x2000
#define PORTS_OCTETS      4 /* both ports: the first octets of TCP and of UDP */

/* ICMP (RFC 792) */
#define ICMP_HEADER       8
#define ICMP_ECHO_REPLY   0
#define ICMP_UNREACHABLE  3
#define ICMP_REDIRECT     5
#define ICMP_ECHO_REQUEST 8
#define ICMP_EXCEEDED     11

#define TCP_HEADER_MIN 20
#define UDP_HEADER     8

/* VRRP: RFC 3768 for version 2, RFC 5798 for version 3 */
#define VRRP_HEADER        8
#define VRRP_ADVERTISEMENT 1
#define VRRP_TTL           255

/* Octets of one layer. `length` is what the layer below says that there are, `captured` how many
 * are at hand: fewer when the capture cut the frame, more when Ethernet padded it. */
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

/* Are the span's first `count` octets there to be read? */
static enum frame_problem
require(const struct span *span, size_t count)
{
	if (count > span->length)
		return FRAME_MALFORMED;
	return count > span->captured ? FRAME_TRUNCATED : FRAME_OK;
}

/* What follows the span's first `count` octets, which are there. */
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
	if (read16(arp) != ARP_HARDWARE || read16(arp + 2) != TYPE_IPV4)
		return FRAME_OK;
	if (arp[4] != ARP_HARDWARE_LENGTH || arp[5] != ARP_PROTOCOL_LENGTH)
		return FRAME_MALFORMED;
	problem = require(span, ARP_OCTETS);
	if (problem != FRAME_OK)
		return problem;
	frame->kind = FRAME_ARP;
	frame->arp = (struct frame_arp){
	    .operation = read16(arp + 6),
	    .sha = read_mac(arp + 8),
	    .spa = address_ipv4(read32(arp + 14)),
	    .tha = read_mac(arp + 18),
	    .tpa = address_ipv4(read32(arp + 24)),
	};
	return FRAME_OK;
}

/* The IP header of `span`; on FRAME_OK its `*header` octets are there. The total length is the
 * caller's to look at. */
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

/* The datagram that an ICMP error quotes: its IP header and, mostly, 8 octets or more. Its total
 * length is not that of the quotation. */
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
	case ICMP_ECHO_REQUEST:
	case ICMP_ECHO_REPLY:
		if (fragment)
			return FRAME_OK;
		frame->kind = icmp[0] == ICMP_ECHO_REQUEST ? FRAME_ECHO_REQUEST : FRAME_ECHO_REPLY;
		frame->ip.echo.identifier = read16(icmp + 4);
		frame->ip.echo.sequence = read16(icmp + 6);
		return FRAME_OK;
	case ICMP_UNREACHABLE:
	case ICMP_REDIRECT:
	case ICMP_EXCEEDED:
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
	/* The options are not read, so they may be cut off by the capture, but not by IP. */
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

/* RFC 1071: the sum over a sound header, its checksum included, is all ones. */
static bool
has_sound_header(const uint8_t *ip, size_t header)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < header; i += 2)
		sum += read16(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* A router discards an advertisement that has been forwarded (RFC 5798 section 7.1), and so does
 * the audit: it can't have come from this segment. */
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
	frame->kind = FRAME_VRRP;
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

static enum frame_problem
decode_ip(struct span *span, struct frame *frame)
{
	const uint8_t *const ip = span->octets;
	size_t header;
	const enum frame_problem problem = require_ip_header(span, &header);

	if (problem != FRAME_OK)
		return problem;
	const uint16_t total_length = read16(ip + 2);
	if (total_length < header)
		return FRAME_MALFORMED;
	span->length = total_length; /* without Ethernet's padding */
	frame->ip.source = address_ipv4(read32(ip + 12));
	frame->ip.destination = address_ipv4(read32(ip + 16));
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
		/* Who is master goes by its source address. */
		return has_sound_header(ip, header) ? decode_vrrp(&payload, frame)
						    : FRAME_MALFORMED;
	default:
		return FRAME_OK;
	}
}

/* The Ethernet header; `*type` is the EtherType behind the tag, and `*header` the octets up to the
 * payload, tag included. */
static enum frame_problem
decode_ethernet(const struct span *span, struct frame *frame, uint16_t *type, size_t *header)
{
	const uint8_t *const octets = span->octets;

	*header = ETHERNET_HEADER;
	if (span->captured < *header)
		return FRAME_TRUNCATED;
	frame->destination = read_mac(octets);
	frame->source = read_mac(octets + 6);
	*type = read16(octets + 12);
	if (*type != TYPE_TAG)
		return FRAME_OK;

	*header += TAG_OCTETS;
	if (span->captured < *header)
		return FRAME_TRUNCATED;
	frame->vlan = read16(octets + 14) & VLAN_MASK;
	*type = read16(octets + 16);
	if (frame->vlan != VLAN_RESERVED)
		return FRAME_OK;
	frame->vlan = 0;
	return FRAME_MALFORMED;
}

static enum frame_problem
decode(const uint8_t *bytes, size_t length, struct frame *frame)
{
	/* Ethernet does not say how long a frame is; the layers above do. */
	struct span span = {.octets = bytes, .length = SIZE_MAX, .captured = length};
	uint16_t type;
	size_t header;
	const enum frame_problem problem = decode_ethernet(&span, frame, &type, &header);

	if (problem != FRAME_OK)
		return problem;
	span = after(&span, header);
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

	/* What was read of a frame that is no evidence must not be taken for evidence. */
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
