/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/gateways.h"

#include <stdlib.h>
#include <string.h>

#include "audit/facts/asked.h"
#include "audit/facts/leaks.h"
#include "audit/facts/vips.h"

#define CHECK "gateway"

struct gateways {
	uint32_t count;
	uint32_t open; /* crossings that are not over */
	struct gateway gateway[PLAN_GATEWAYS_MAX];
	struct crossing *crossing; /* [gateway × vip_count + vip] */
};

/* A VIP that nobody may own is not passed on by ARP for it. */
static bool
is_made(const struct facts *facts)
{
	return facts->settings->elicit && facts->cluster->owner != OWNER_NONE &&
	       address_is_set(&facts->probe.source) &&
	       remarks_skipped(&facts->cluster->remarks, CHECK) == NULL;
}

bool
gateways_init(struct facts *facts)
{
	const struct plan_gateways *plan = &facts->cluster->gateways;
	struct gateways *gateways = calloc(1, sizeof(*gateways));

	facts->asked->gateways = gateways;
	if (gateways == NULL)
		return false;
	gateways->count = is_made(facts) ? (uint32_t)plan->count : 0;
	gateways->open = gateways->count * vip_count(facts);
	for (uint32_t i = 0; i < gateways->count; i++)
		gateways->gateway[i].address = plan->address[i];
	gateways->crossing = calloc(gateways->open + 1, sizeof(*gateways->crossing));
	return gateways->crossing != NULL;
}

void
gateways_free(struct facts *facts)
{
	if (facts->asked == NULL || facts->asked->gateways == NULL)
		return;
	free(facts->asked->gateways->crossing);
	free(facts->asked->gateways);
}

uint32_t
gateway_count(const struct facts *facts)
{
	return facts->asked->gateways->count;
}

const struct gateway *
gateway_of(const struct facts *facts, uint32_t gateway)
{
	return &facts->asked->gateways->gateway[gateway];
}

static struct crossing *
crossing(const struct facts *facts, uint32_t gateway, uint32_t vip)
{
	return &facts->asked->gateways->crossing[gateway * vip_count(facts) + vip];
}

const struct crossing *
crossing_of(const struct facts *facts, uint32_t gateway, uint32_t vip)
{
	return crossing(facts, gateway, vip);
}

uint32_t
gateway_find(const struct facts *facts, const struct address *address)
{
	for (uint32_t i = 0; i < gateway_count(facts); i++)
		if (address_equal(&gateway_of(facts, i)->address, address))
			return i;
	return NONE;
}

uint32_t
gateway_find_mac(const struct facts *facts, const struct mac *mac)
{
	for (uint32_t i = 0; i < gateway_count(facts); i++)
		if (mac_equal(&gateway_of(facts, i)->mac, mac))
			return i;
	return NONE;
}

bool
gateways_are_over(const struct facts *facts)
{
	return facts->asked->gateways->open == 0;
}

void
gateway_note_asked(struct facts *facts, uint32_t gateway)
{
	facts->asked->gateways->gateway[gateway].asked++;
}

void
gateway_note_unreachable(struct facts *facts, uint32_t gateway)
{
	facts->asked->gateways->gateway[gateway].unreachable = true;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		crossing_note_over(facts, gateway, vip);
}

void
gateway_note_mac(struct facts *facts, uint32_t gateway, const struct mac *mac)
{
	facts->asked->gateways->gateway[gateway].mac = *mac;
}

void
crossing_note_sent(struct facts *facts, uint32_t gateway, uint32_t vip, enum crossing_kind kind,
    uint16_t number, uint16_t port)
{
	struct crossing *const noted = crossing(facts, gateway, vip);

	noted->sent[kind]++;
	noted->unanswered = kind == CROSSING_ECHO;
	noted->number[kind] = number;
	if (port != 0)
		noted->port = port;
}

void
crossing_note_over(struct facts *facts, uint32_t gateway, uint32_t vip)
{
	struct crossing *const noted = crossing(facts, gateway, vip);

	facts->asked->gateways->open -= !noted->over;
	noted->over = true;
}

static void
keep(struct kept_frame *kept, const struct capture *capture, uint64_t now_us)
{
	kept->time_us = capture->time_us != 0 ? capture->time_us : now_us;
	kept->number = capture->number;
	kept->length =
	    (uint16_t)(capture->length < EVIDENCE_OCTETS ? capture->length : EVIDENCE_OCTETS);
	memcpy(kept->bytes, capture->bytes, kept->length);
}

/* Each one replaces the one before, until one is answered. */
void
gateways_note_octets(struct facts *facts, const struct capture *sent)
{
	const struct frame *frame = &sent->frame;
	uint32_t vip;

	if (frame->kind != FRAME_ECHO_REQUEST || gateway_count(facts) == 0)
		return;
	vip = vip_find(facts, &frame->ip.destination);
	for (uint32_t i = 0; vip != NONE && i < gateway_count(facts); i++) {
		struct crossing *const noted = crossing(facts, i, vip);

		if (noted->sent[CROSSING_ECHO] > 0 && noted->heard.length == 0 &&
		    noted->number[CROSSING_ECHO] == frame->ip.echo.sequence)
			keep(&noted->out, sent, sent->time_us);
	}
}

static bool
is_echo_of(const struct facts *facts, const struct crossing *noted, enum crossing_kind kind,
    const struct frame *frame)
{
	return frame->kind == FRAME_ECHO_REPLY && noted->sent[kind] > 0 &&
	       frame->ip.echo.identifier == facts->probe.elicit_port &&
	       frame->ip.echo.sequence == noted->number[kind];
}

static bool
is_syn_of(const struct facts *facts, const struct crossing *noted, const struct frame *frame)
{
	return frame->kind == FRAME_TCP && noted->sent[CROSSING_SYN] > 0 &&
	       (frame->ip.tcp.flags & TCP_ACK) != 0 &&
	       frame->ip.tcp.destination_port == noted->port &&
	       frame->ip.tcp.acknowledgement ==
		   probe_sequence(&facts->probe, noted->number[CROSSING_SYN]) + 1;
}

/* A damaged MAC, or several ways of the gateway: either is no clear answer. */
static void
hear_echo(struct facts *facts, struct crossing *noted, const struct heard *heard)
{
	const struct mac *source = &heard->frame->source;

	if (noted->echoes == 0) {
		noted->by = *source;
		keep(&noted->heard, heard->capture, heard->now_us);
	}
	noted->several = noted->several || !mac_equal(&noted->by, source);
	noted->leaked = noted->leaked || leaks_has(facts, heard->vip);
	noted->echoes += noted->unanswered;
	noted->unanswered = false;
}

static void
hear_syn(struct crossing *noted, const struct mac *source)
{
	for (uint8_t i = 0; i < noted->servers; i++)
		if (mac_equal(&noted->server[i], source))
			return;
	if (noted->servers < GATEWAY_SERVERS)
		noted->server[noted->servers++] = *source;
}

static bool
hear_of(struct facts *facts, uint32_t gateway, uint32_t vip, const struct heard *heard)
{
	struct crossing *const noted = crossing(facts, gateway, vip);

	if (noted->over)
		return false;
	if (is_echo_of(facts, noted, CROSSING_ECHO, heard->frame))
		hear_echo(facts, noted, heard);
	else if (is_echo_of(facts, noted, CROSSING_CONTROL, heard->frame))
		noted->control = heard->frame->source;
	else if (is_syn_of(facts, noted, heard->frame))
		hear_syn(noted, &heard->frame->source);
	else
		return false;
	return true;
}

/* An ICMP error about a packet for a VIP, to the probe. Errors about the packets that elicit hosts
 * look the same, so only one of the gateway, or of a TTL that ended behind it, says something. */
static void
hear_error(struct facts *facts, const struct frame *frame)
{
	const uint32_t vip = vip_find(facts, &frame->ip.error.destination);
	const uint32_t gateway = gateway_find_mac(facts, &frame->source);
	struct crossing *noted;

	if (vip == NONE || gateway == NONE || frame->ip.error.type == ICMP_TYPE_REDIRECT)
		return;
	noted = crossing(facts, gateway, vip);
	if (noted->over || noted->sent[CROSSING_ECHO] == 0)
		return;
	noted->error = frame->ip.error.type;
	noted->error_from = frame->ip.source;
}

bool
gateways_hear(struct facts *facts, const struct heard *heard, uint32_t *gateway, uint32_t *vip)
{
	if (gateway_count(facts) == 0)
		return false;
	if (heard->frame->kind == FRAME_ICMP_ERROR)
		hear_error(facts, heard->frame);
	if (heard->arp || heard->vip == NONE ||
	    !address_equal(&heard->frame->ip.destination, &facts->probe.source))
		return false;
	for (uint32_t i = 0; i < gateway_count(facts); i++)
		if (hear_of(facts, i, heard->vip, heard)) {
			*gateway = i;
			*vip = heard->vip;
			return true;
		}
	return false;
}

void
gateways_forget_numbers(const struct facts *facts)
{
	for (uint32_t i = 0; i < gateway_count(facts); i++)
		for (uint32_t vip = 0; vip < vip_count(facts); vip++)
			crossing(facts, i, vip)->out.number =
			    crossing(facts, i, vip)->heard.number = 0;
}
