/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "arpaudit/frame.h"

#define VRRP_ADDRESSES_SHOWN 3

struct line {
	char *text; /* FRAME_SUMMARY_SIZE octets */
	size_t used;
};

static void __attribute__((format(printf, 2, 3))) append(struct line *line, const char *format, ...)
{
	const size_t room = FRAME_SUMMARY_SIZE - line->used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line->text + line->used, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		line->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void
append_route(struct line *line, const struct address *source, const struct address *destination)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];

	append(line, "%s > %s", address_format(source, from), address_format(destination, to));
}

static void
append_ports(struct line *line, const struct address *source, uint16_t source_port,
    const struct address *destination, uint16_t destination_port)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];

	append(line, "%s:%u > %s:%u", address_format(source, from), source_port,
	    address_format(destination, to), destination_port);
}

static void
append_arp(struct line *line, const struct frame *frame)
{
	const struct frame_arp *const arp = &frame->arp;
	char spa[ADDRESS_TEXT_SIZE], tpa[ADDRESS_TEXT_SIZE], sha[MAC_TEXT_SIZE];

	address_format(&arp->spa, spa);
	address_format(&arp->tpa, tpa);
	mac_format(&arp->sha, sha);
	if (arp->operation == ARP_REPLY) {
		append(line, "ARP, reply %s is-at %s", spa, sha);
		return;
	}
	if (arp->operation == ARP_REQUEST)
		append(line, "ARP, request who-has %s tell %s", tpa, spa);
	else
		append(line, "ARP, operation %u, SPA %s, TPA %s", arp->operation, spa, tpa);
	if (!mac_equal(&arp->sha, &frame->source))
		append(line, " (SHA %s)", sha);
}

static void
append_tcp(struct line *line, const struct frame_ip *ip)
{
	static const struct {
		uint8_t flag;
		char letter;
	} letters[] = {{TCP_SYN, 'S'}, {TCP_FIN, 'F'}, {TCP_RST, 'R'}, {TCP_ACK, '.'}};

	append(line, "TCP ");
	append_ports(
	    line, &ip->source, ip->tcp.source_port, &ip->destination, ip->tcp.destination_port);
	append(line, ", flags [");
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if ((ip->tcp.flags & letters[i].flag) != 0)
			append(line, "%c", letters[i].letter);
	append(line, "], seq %u", ip->tcp.sequence);
	if ((ip->tcp.flags & TCP_ACK) != 0)
		append(line, ", ack %u", ip->tcp.acknowledgement);
}

static void
append_icmp_error(struct line *line, const struct frame_ip *ip)
{
	const char *const name = ip->error.type == ICMP_TYPE_UNREACHABLE ? "unreachable"
				 : ip->error.type == ICMP_TYPE_REDIRECT  ? "redirect"
									 : "time exceeded";

	append(line, "ICMP %s, code %u, ", name, ip->error.code);
	append_route(line, &ip->source, &ip->destination);
	append(line, ", about ");
	if (ip->error.protocol == IP_PROTOCOL_TCP || ip->error.protocol == IP_PROTOCOL_UDP) {
		append(line, ip->error.protocol == IP_PROTOCOL_TCP ? "TCP " : "UDP ");
		append_ports(line, &ip->error.source, ip->error.source_port, &ip->error.destination,
		    ip->error.destination_port);
		return;
	}
	append(line, "protocol %u, ", ip->error.protocol);
	append_route(line, &ip->error.source, &ip->error.destination);
}

static void
append_echo(struct line *line, const struct frame *frame)
{
	append(line, "ICMP echo %s, ", frame->kind == FRAME_ECHO_REQUEST ? "request" : "reply");
	append_route(line, &frame->ip.source, &frame->ip.destination);
	append(line, ", id %u, seq %u", frame->ip.echo.identifier, frame->ip.echo.sequence);
}

static void
append_vrrp(struct line *line, const struct frame_ip *ip)
{
	if (ip->vrrp.carp)
		append(line, "CARP, ");
	else
		append(line, "VRRPv%u, ", ip->vrrp.version);
	append_route(line, &ip->source, &ip->destination);
	append(line, ", %s %u, prio %u", ip->vrrp.carp ? "vhid" : "vrid", ip->vrrp.vrid,
	    ip->vrrp.priority);
	for (size_t i = 0; i < ip->vrrp.address_count; i++) {
		const struct address address = frame_vrrp_address(ip, i);
		char text[ADDRESS_TEXT_SIZE];

		if (i == VRRP_ADDRESSES_SHOWN) {
			append(line, " and %zu more", ip->vrrp.address_count - i);
			break;
		}
		append(line, ", %s", address_format(&address, text));
	}
}

/* The MACs show whether the frame was broadcast, and which host sent it. */
static void
append_ethernet(struct line *line, const struct frame *frame)
{
	char source[MAC_TEXT_SIZE], destination[MAC_TEXT_SIZE];
	const bool broadcast = mac_equal(&frame->destination, &mac_broadcast);

	append(line, ", from %s to %s", mac_format(&frame->source, source),
	    broadcast ? "broadcast" : mac_format(&frame->destination, destination));
	if (frame->vlan != 0)
		append(line, ", vlan %u", frame->vlan);
	if (frame->odd)
		append(line, ", in an odd encapsulation");
}

const char *
frame_summary(const struct frame *frame, char text[FRAME_SUMMARY_SIZE])
{
	struct line line = {.text = text};
	const struct frame_ip *const ip = &frame->ip;

	text[0] = '\0';
	switch (frame->kind) {
	case FRAME_ARP:
		append_arp(&line, frame);
		break;
	case FRAME_ECHO_REQUEST:
	case FRAME_ECHO_REPLY:
		append_echo(&line, frame);
		break;
	case FRAME_ICMP_ERROR:
		append_icmp_error(&line, ip);
		break;
	case FRAME_TCP:
		append_tcp(&line, ip);
		break;
	case FRAME_UDP:
		append(&line, "UDP ");
		append_ports(&line, &ip->source, ip->udp.source_port, &ip->destination,
		    ip->udp.destination_port);
		break;
	case FRAME_VRRP:
		append_vrrp(&line, ip);
		break;
	case FRAME_OTHER:
		append(&line, "other frame");
		break;
	}
	append_ethernet(&line, frame);
	return text;
}
