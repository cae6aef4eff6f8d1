/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/gateways.h"

#include "audit/ask/rehearsal.h"
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/gateways.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/vips.h"
#include "audit/owner/director.h"
#include "audit/pace/times.h"

#define POLL_US UINT64_C(20000)
/* A router may drop the first packets while it resolves the VIP, and answers are rate-limited. */
#define GAP_US   UINT64_C(150000)
#define RESOLVES 3
#define ECHOES   5
#define ENOUGH   2 /* answered echo requests */
#define CONTROLS 3
#define SYNS     4
/* A provoked claim that is not undone by then stays so. */
#define PATIENCE_US UINT64_C(6000000)

static uint32_t
index_of(const struct ask *ask, uint32_t gateway, uint32_t vip)
{
	return gateway_count(ask->facts) + gateway * vip_count(ask->facts) + vip;
}

void
ask_gateways_begin(struct ask *ask, uint64_t now_us)
{
	for (uint32_t i = 0; i < gateway_count(ask->facts); i++)
		ask_schedule(ask, LANE_BROADCAST, TASK_GATEWAY, i, now_us);
}

/* It is asked in the ordinary way. A probe with SPA 0.0.0.0 would tell it of a conflict. */
static void
resolve(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const struct gateway *gateway = gateway_of(ask->facts, index);
	struct frame frame;

	if (!mac_equal(&gateway->mac, &mac_zero))
		return;
	if (gateway->asked == RESOLVES) {
		gateway_note_unreachable(ask->facts, index);
		return;
	}
	gateway_note_asked(ask->facts, index);
	probe_who_has(&ask->facts->probe, &gateway->address, &mac_broadcast,
	    &ask->facts->probe.source, &frame);
	ask_push(ask, LANE_BROADCAST, &frame, PURPOSE_NONE, NONE);
	ask_schedule(ask, LANE_BROADCAST, TASK_GATEWAY, index, now_us + GAP_US);
}

static bool
hosts_are_planted(const struct facts *facts)
{
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (inquiry_of(facts, host)->stage <= STAGE_FENCE)
			return false;
	return true;
}

static bool
is_ready(struct ask *ask, uint32_t vip, uint64_t now_us)
{
	const struct facts *facts = ask->facts;
	const struct asked_vip *asked = asked_of(facts, vip);

	return facts->asked->rounds_wanted == 0 && !asked->handover_open &&
	       !asked->signature_open && hosts_are_planted(facts) &&
	       (!vip_has_tcp_port(facts, vip) || ask_rehearsal_is_over(ask, vip, now_us)) &&
	       (!leaks_caches_are_misdirected(facts, vip) ||
		   now_us >=
		       later_us(facts->asked->first_us, leaks_latest_us(facts, vip)) + PATIENCE_US);
}

static struct elicitation
packet(struct ask *ask, uint32_t vip, const struct mac *mac, enum elicit_method method)
{
	return (struct elicitation){
	    .method = method,
	    .mac = *mac,
	    .source = ask->facts->probe.source,
	    .vip = *vip_address(ask->facts, vip),
	    .port = vip_port(ask->facts, vip),
	    .number = ask->pace->next_number++,
	};
}

static void
send_echo(
    struct ask *ask, uint32_t gateway, uint32_t vip, enum crossing_kind kind, const struct mac *mac)
{
	const struct elicitation echo = packet(ask, vip, mac, ELICIT_ECHO);
	struct frame frame;

	crossing_note_sent(ask->facts, gateway, vip, kind, echo.number, 0);
	probe_cross(&ask->facts->probe, &echo, 0, kind == CROSSING_CONTROL, &frame);
	ask_push(ask, LANE_UNICAST, &frame, PURPOSE_NONE, NONE);
}

/* The source ports are those that the DR signature takes last. */
static uint16_t
syn_port(const struct ask *ask, const struct crossing *crossing)
{
	return (uint16_t)(ask->facts->probe.elicit_port + AUDIT_ELICIT_PORTS - 1 -
			  crossing->sent[CROSSING_SYN]);
}

static void
send_syn(struct ask *ask, uint32_t gateway, uint32_t vip)
{
	const struct crossing *crossing = crossing_of(ask->facts, gateway, vip);
	const uint16_t port = syn_port(ask, crossing);
	const struct elicitation syn =
	    packet(ask, vip, &gateway_of(ask->facts, gateway)->mac, ELICIT_TCP_SERVICE);
	struct frame frame;

	crossing_note_sent(ask->facts, gateway, vip, CROSSING_SYN, syn.number, port);
	probe_cross(&ask->facts->probe, &syn, port, false, &frame);
	ask_push(ask, LANE_UNICAST, &frame, PURPOSE_NONE, NONE);
}

/* A RST follows each SYN, the same way. */
static void
end_syn(struct ask *ask, uint32_t gateway, uint32_t vip)
{
	const struct crossing *crossing = crossing_of(ask->facts, gateway, vip);
	const struct elicitation syn = {
	    .method = ELICIT_TCP_SERVICE,
	    .mac = gateway_of(ask->facts, gateway)->mac,
	    .source = ask->facts->probe.source,
	    .vip = *vip_address(ask->facts, vip),
	    .port = vip_port(ask->facts, vip),
	    .number = crossing->number[CROSSING_SYN],
	};
	struct frame frame;

	if (crossing->sent[CROSSING_SYN] == 0)
		return;
	probe_cross_reset(&ask->facts->probe, &syn, crossing->port, &frame);
	ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

/* The next packet of a crossing. False if nothing more is to be asked. */
static bool
send_next(struct ask *ask, uint32_t gateway, uint32_t vip)
{
	const struct facts *facts = ask->facts;
	const struct crossing *crossing = crossing_of(facts, gateway, vip);
	const uint32_t director = owner_director(facts, vip, NULL);

	if (crossing->echoes < ENOUGH && crossing->sent[CROSSING_ECHO] < ECHOES)
		send_echo(ask, gateway, vip, CROSSING_ECHO, &gateway_of(facts, gateway)->mac);
	else if (crossing->echoes > 0 && director != NONE &&
		 mac_equal(&crossing->control, &mac_zero) &&
		 crossing->sent[CROSSING_CONTROL] < CONTROLS)
		send_echo(
		    ask, gateway, vip, CROSSING_CONTROL, &claimant_of(facts, vip, director)->mac);
	else if (crossing->echoes == 0 && vip_has_tcp_port(facts, vip) &&
		 !owner_is_unprovoked(facts, vip) && crossing->servers < GATEWAY_SERVERS &&
		 crossing->sent[CROSSING_SYN] < SYNS)
		send_syn(ask, gateway, vip);
	else
		return false;
	return true;
}

static struct news
cross(struct ask *ask, uint32_t gateway, uint32_t vip, uint64_t now_us)
{
	if (crossing_of(ask->facts, gateway, vip)->over)
		return news_none();
	if (!is_ready(ask, vip, now_us)) {
		ask_schedule(
		    ask, LANE_UNICAST, TASK_GATEWAY, index_of(ask, gateway, vip), now_us + POLL_US);
		return news_none();
	}
	end_syn(ask, gateway, vip);
	if (ask->facts->asked->elicit_over || !send_next(ask, gateway, vip)) {
		crossing_note_over(ask->facts, gateway, vip);
		return news_none();
	}
	ask_schedule(ask, LANE_UNICAST, TASK_GATEWAY, index_of(ask, gateway, vip), now_us + GAP_US);
	return (struct news){.kinds = NEWS_LEAK_RISKED, .vip = vip};
}

struct news
ask_gateways_run(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const uint32_t gateways = gateway_count(ask->facts);

	if (index >= gateways)
		return cross(ask, (index - gateways) / vip_count(ask->facts),
		    (index - gateways) % vip_count(ask->facts), now_us);
	resolve(ask, index, now_us);
	return news_none();
}

/* Only a reply to the probe tells the gateway's MAC. A group's or the probe's own would be no
 * router's, and doubtful frames do not come here. */
static void
hear_gateway(struct ask *ask, const struct heard *heard)
{
	const struct facts *facts = ask->facts;
	const uint32_t gateway = gateway_find(facts, &heard->frame->arp.spa);

	if (gateway == NONE || heard->request || gateway_of(facts, gateway)->unreachable ||
	    !mac_equal(&heard->frame->destination, &facts->probe.mac) ||
	    !mac_equal(&gateway_of(facts, gateway)->mac, &mac_zero))
		return;
	gateway_note_mac(ask->facts, gateway, &heard->frame->arp.sha);
	ask_cancel(ask, TASK_GATEWAY, gateway);
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		ask_schedule(
		    ask, LANE_UNICAST, TASK_GATEWAY, index_of(ask, gateway, vip), heard->now_us);
}

void
ask_gateways_hear(struct ask *ask, const struct heard *heard)
{
	uint32_t gateway, vip;

	if (heard->arp)
		hear_gateway(ask, heard);
	/* The next packet need not wait. */
	if (gateways_hear(ask->facts, heard, &gateway, &vip))
		ask_schedule(
		    ask, LANE_UNICAST, TASK_GATEWAY, index_of(ask, gateway, vip), heard->now_us);
}
