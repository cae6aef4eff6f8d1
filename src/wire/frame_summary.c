/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "arpaudit/frame.h"

static void
summarize_arp(const struct frame *frame, char text[FRAME_SUMMARY_SIZE])
{
	char spa[ADDRESS_TEXT_SIZE], tpa[ADDRESS_TEXT_SIZE];
	char sha[MAC_TEXT_SIZE], source[MAC_TEXT_SIZE];
	const char *to = mac_equal(&frame->destination, &mac_broadcast) ? ", broadcast" : "";
	int length;

	address_format(&frame->arp.spa, spa);
	address_format(&frame->arp.tpa, tpa);
	mac_format(&frame->arp.sha, sha);
	if (frame->arp.operation == ARP_REPLY)
		length =
		    snprintf(text, FRAME_SUMMARY_SIZE, "ARP, reply %s is-at %s%s", spa, sha, to);
	else if (frame->arp.operation == ARP_REQUEST)
		length = snprintf(text, FRAME_SUMMARY_SIZE,
		    "ARP, request who-has %s tell %s (%s)%s", tpa, spa, sha, to);
	else
		length = snprintf(text, FRAME_SUMMARY_SIZE, "ARP, operation %u from %s (%s)",
		    frame->arp.operation, spa, sha);
	if (length > 0 && length < FRAME_SUMMARY_SIZE &&
	    !mac_equal(&frame->source, &frame->arp.sha))
		(void)snprintf(text + length, FRAME_SUMMARY_SIZE - (size_t)length, ", sent by %s",
		    mac_format(&frame->source, source));
}

const char *
frame_summary(const struct frame *frame, char text[FRAME_SUMMARY_SIZE])
{
	static const char *const names[] = {
	    [FRAME_ECHO_REQUEST] = "ICMP echo request",
	    [FRAME_ECHO_REPLY] = "ICMP echo reply",
	    [FRAME_ICMP_ERROR] = "ICMP error",
	    [FRAME_TCP] = "TCP",
	    [FRAME_UDP] = "UDP",
	    [FRAME_VRRP] = "VRRP advertisement",
	};
	char source[ADDRESS_TEXT_SIZE], destination[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	mac_format(&frame->source, mac);
	if (frame->kind == FRAME_ARP)
		summarize_arp(frame, text);
	else if (frame->kind == FRAME_OTHER)
		(void)snprintf(text, FRAME_SUMMARY_SIZE, "frame from %s", mac);
	else
		(void)snprintf(text, FRAME_SUMMARY_SIZE, "%s %s > %s from %s", names[frame->kind],
		    address_format(&frame->ip.source, source),
		    address_format(&frame->ip.destination, destination), mac);
	return text;
}
