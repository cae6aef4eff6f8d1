/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/attempts.h"

#include <assert.h>

#include "audit/ask/asking.h"
#include "audit/ask/rehearsal.h"
#include "audit/ask/vips.h"
#include "audit/facts/decoys.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "audit/pace/times.h"

const struct attempt_out *
ask_attempt_of(const struct ask *ask, uint32_t host)
{
	return &asking_of(ask, host)->attempt;
}

struct attempt_out
ask_attempt_sent_to(const struct ask *ask, uint32_t host)
{
	const struct asked_host *asked = asking_of(ask, host);
	struct attempt_out attempt = asked->attempt;

	attempt.out = attempt.out && !asked->attempt_waits;
	return attempt;
}

static enum want
want_of(const struct ask *ask, size_t check, uint32_t host, uint32_t vip)
{
	if (ask->checks[check]->wants == NULL)
		return WANT_NOTHING;
	const struct pair pair = asking_pair(ask, check, host, vip);

	return ask->checks[check]->wants(&pair);
}

/* At once, or after a rehearsal. */
static bool
wants_attempt(enum want want)
{
	return want == WANT_ATTEMPT || want == WANT_REHEARSAL;
}

bool
ask_attempt_is_wanted(const struct ask *ask, uint32_t host)
{
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		for (size_t i = 0; ask->checks[i] != NULL; i++)
			if (wants_attempt(want_of(ask, i, host, vip)))
				return true;
	return false;
}

static struct elicitation
elicitation_of(const struct ask *ask, uint32_t index)
{
	const struct asked_host *host = asking_of(ask, index);

	return (struct elicitation){
	    .method = (enum elicit_method)host->attempt_method,
	    .mac = host_of(ask->facts, index)->mac[0],
	    .source = host->attempt.source,
	    .vip = *vip_address(ask->facts, host->attempt.vip),
	    .port = host->attempt.port,
	    .number = host->attempt_number,
	    .hops = host->attempt_hops,
	};
}

static void
push(struct ask *ask, uint32_t index, size_t number, struct news *news)
{
	const struct check *check = ask->checks[number];
	struct asked_host *host = asking_of(ask, index);
	const struct pair pair = asking_pair(ask, number, index, host->cursor);
	const struct attempt attempt = check->attempt(&pair);
	struct elicitation elicitation;
	struct frame frame;

	host->attempt_check = (uint8_t)number;
	host->attempt_method = (uint8_t)attempt.method;
	host->attempt_decoy = !attempt.from_decoy ? NONE
			      : attempt.beside > 0
				  ? decoy_beside(ask->facts, host->cursor, attempt.beside - 1u)
				  : decoy_take(ask->facts, index);
	assert(!attempt.from_decoy || host->attempt_decoy != NONE);
	if (attempt.counts)
		inquiry_count_attempt(ask->facts, index, host->cursor);
	if (attempt.closes)
		inquiry_count_closing(ask->facts, index, host->cursor);
	/* No packet from a decoy is passed on: another machine might speak as the VIP for it. */
	host->attempt_hops = attempt.method == ELICIT_TCP_SERVICE && !attempt.from_decoy
				 ? inquiry_of(ask->facts, index)->hops
				 : 0;
	host->attempt_number = ask->pace->next_number++;
	host->attempt_waits = true;
	host->attempt_announced = false;
	host->attempt = (struct attempt_out){
	    .out = true,
	    .from_decoy = attempt.from_decoy,
	    .beside = attempt.beside > 0,
	    .vip = host->cursor,
	    .port = attempt.port != 0 ? attempt.port : vip_port(ask->facts, host->cursor),
	    .source = attempt.from_decoy ? decoy_of(ask->facts, host->attempt_decoy)->address
					 : ask->facts->probe.source,
	};
	elicitation = elicitation_of(ask, index);
	probe_elicit(&ask->facts->probe, &elicitation, &frame);
	ask_push(ask, ask_lane(ask, check->lane), &frame, PURPOSE_ATTEMPT, index);
	if (attempt.from_decoy)
		*news = (struct news){.kinds = NEWS_LEAK_RISKED, .vip = host->cursor};
}

static enum attempt_state
follow(struct ask *ask, enum lane lane, uint32_t index, size_t check, uint64_t now_us,
    struct news *news)
{
	switch (want_of(ask, check, index, asking_of(ask, index)->cursor)) {
	case WANT_NOTHING:
		break;
	case WANT_OWNER:
	case WANT_DECOYS:
		return ATTEMPT_WAITS;
	case WANT_REHEARSAL:
		ask_rehearsal_want(ask, asking_of(ask, index)->cursor, now_us);
		return ATTEMPT_WAITS;
	case WANT_ATTEMPT:
		if (ask_lane(ask, ask->checks[check]->lane) != lane) {
			asking_schedule(
			    ask, ask_lane(ask, ask->checks[check]->lane), index, now_us);
			return ATTEMPT_MOVED;
		}
		push(ask, index, check, news);
		return ATTEMPT_PUSHED;
	}
	return ATTEMPT_NONE;
}

/* Packets from decoys wait for the decoys, and have a rate of their own. So the probe's own address
 * shows sooner that the host holds the VIP, and a packet from a decoy shows it once more in the
 * end. With many VIPs the rounds take longer than that. */
static bool
comes_later(const struct ask *ask, uint32_t index, size_t check)
{
	return inquiry_of(ask->facts, index)->stage == STAGE_SOURCE &&
	       ask->checks[check]->lane == LANE_ELICIT && ask_vips_are_few(ask);
}

/* Only at the end the host waits. Before that it goes on with what needs no waiting. */
enum attempt_state
ask_attempt_next(
    struct ask *ask, enum lane lane, uint32_t index, uint64_t now_us, struct news *news)
{
	struct asked_host *host = asking_of(ask, index);
	const bool waits = inquiry_of(ask->facts, index)->stage == STAGE_CLOSE;

	for (; host->cursor < vip_count(ask->facts); host->cursor++) {
		for (size_t i = 0; ask->checks[i] != NULL; i++) {
			if (comes_later(ask, index, i))
				continue;
			const enum attempt_state state = follow(ask, lane, index, i, now_us, news);

			if (state != ATTEMPT_NONE && (state != ATTEMPT_WAITS || waits))
				return state;
		}
	}
	return ATTEMPT_NONE;
}

static void
wait_for_answer(struct ask *ask, uint32_t index, uint64_t now_us)
{
	const unsigned tries = 1u + asking_of(ask, index)->attempt_tries;

	asking_schedule(ask, LANE_UNICAST, index,
	    now_us + round_trip_timeout_us(&ask->pace->round_trip, tries));
}

void
ask_attempt_sent(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);

	host->attempt_sent_us = now_us;
	host->attempt_waits = false;
	if (host->attempt.from_decoy)
		ask->elicited_us = now_us;
	inquiry_note_elicited(ask->facts, index, now_us);
	wait_for_answer(ask, index, now_us);
}

/* Linux has a setting to drop gratuitous ARP (drop_gratuitous_arp). A request for the host's own
 * address, which it answers, leaves it the same stale entry. */
void
ask_attempt_announce(struct ask *ask, uint32_t index, const struct mac *mac, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	const struct probe *probe = &ask->facts->probe;
	const struct address *decoy = &host->attempt.source;
	struct frame frame;

	assert(host->attempt.out && host->attempt.from_decoy);
	if (host->announcements == ANNOUNCEMENTS_DROPPED)
		probe_who_has(probe, &host_of(ask->facts, index)->rip, mac, decoy, &frame);
	else
		probe_announce(probe, decoy, mac, &frame);
	host->attempt_announced = true;
	ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
	wait_for_answer(ask, index, now_us);
}

static void
set_unheard(struct ask *ask, uint32_t index, uint32_t unheard)
{
	struct asked_host *host = asking_of(ask, index);

	ask->unheard += unheard != 0 ? 1 : 0;
	ask->unheard -= host->unheard != 0 ? 1 : 0;
	host->unheard = unheard;
}

/* Nobody else has a reason to ask for the packet's source as the VIP. */
static bool
shows_vip(const struct ask *ask, uint32_t index, uint32_t vip)
{
	const struct holding *holding = holding_of(ask->facts, index, vip);

	return holding->replied || holding->spoke || holding->holds_vip;
}

/* The host may have asked for the packet's source as the VIP, and the request was lost on its way
 * to the probe. It has to ask even for the probe's address if it sends by another interface than
 * the one that answers. */
static void
note_unheard(struct ask *ask, uint32_t index)
{
	const struct asked_host *host = asking_of(ask, index);
	const uint32_t vip = host->attempt.vip + 1;

	if (host->attempt_waits)
		return;
	if (shows_vip(ask, index, host->attempt.vip))
		ask->hosts->unanswered_us =
		    later_us(ask->hosts->unanswered_us, host->attempt_sent_us);
	if (!host->attempt.from_decoy)
		return;
	set_unheard(ask, index, host->unheard == 0 || host->unheard == vip ? vip : UNHEARD_SEVERAL);
	ask->unheard_us = later_us(ask->unheard_us, host->attempt_sent_us);
}

/* A SYN may have left a half-open connection, whatever the answer was. The RST removes it. A SYN
 * that still waits never leaves. */
static void
end(struct ask *ask, uint32_t index)
{
	struct asked_host *host = asking_of(ask, index);
	const struct elicitation elicitation = elicitation_of(ask, index);
	struct frame frame;

	host->attempt.out = false;
	if (host->attempt_waits ||
	    (elicitation.method != ELICIT_TCP_SERVICE && elicitation.method != ELICIT_TCP_CLOSED))
		return;
	probe_reset(&ask->facts->probe, &elicitation, &frame);
	ask_push(ask, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

/* A lost packet may decide it wrongly. That does no harm: a host answers the request as well. */
static void
note_announcement(struct asked_host *host, enum announcements announcements)
{
	if (host->attempt_announced && host->announcements == ANNOUNCEMENTS_UNKNOWN)
		host->announcements = (uint8_t)announcements;
}

void
ask_attempt_end(struct ask *ask, uint32_t index)
{
	struct asked_host *host = asking_of(ask, index);

	note_unheard(ask, index);
	note_announcement(host, ANNOUNCEMENTS_DROPPED);
	end(ask, index);
}

/* A host that does not speak as the VIP now did not do so before. */
void
ask_attempt_answered(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	const struct attempt_out *attempt = &host->attempt;

	if (attempt->from_decoy && host->unheard == attempt->vip + 1 &&
	    !holding_of(ask->facts, index, attempt->vip)->spoke)
		set_unheard(ask, index, 0);
	end(ask, index);
	host->attempt_tries = 0;
	note_announcement(host, ANNOUNCEMENTS_TAKEN);
	asking_schedule(ask, LANE_UNICAST, index, now_us);
}

/* The attempt does not count, and the host continues. */
static void
take_back(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);
	const struct check *check = ask->checks[host->attempt_check];
	const struct pair pair = asking_pair(ask, host->attempt_check, index, host->attempt.vip);

	note_unheard(ask, index);
	host->attempt.out = false;
	if (check->take_back != NULL)
		check->take_back(&pair);
	asking_schedule(ask, LANE_UNICAST, index, now_us);
}

void
ask_attempts_void(struct ask *ask, uint32_t decoy, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++)
		if (asking_of(ask, i)->attempt.out && asking_of(ask, i)->attempt_decoy == decoy)
			take_back(ask, i, now_us);
}

void
ask_attempts_recall(struct ask *ask, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++)
		if (asking_of(ask, i)->attempt.out && asking_of(ask, i)->attempt_waits)
			take_back(ask, i, now_us);
}

void
ask_attempts_stop(struct ask *ask)
{
	for (uint32_t i = 0; i < host_count(ask->facts); i++) {
		struct asked_host *host = asking_of(ask, i);

		if (host->attempt.out && !host->attempt_waits)
			ask_attempt_end(ask, i);
		host->attempt.out = false;
	}
}

/* If frames get lost, so may the host's first request, and the next ones follow within two seconds.
 * Where fences know of no loss, the silence of a host that has shown the VIP may be the first sign
 * of it: the interface that it sends by may not have been up yet. */
uint64_t
ask_attempts_provoked_until_us(const struct ask *ask)
{
	const bool may_repeat = loss_sum(ask->facts->loss).lost > 0;
	const uint64_t unanswered_us = ask->hosts->unanswered_us;
	uint64_t until_us = unanswered_us == 0 ? 0 : unanswered_us + REPEATS_US;

	if (ask->elicited_us != 0)
		until_us = later_us(until_us,
		    ask->elicited_us + (may_repeat
					       ? REPEATS_US
					       : round_trip_timeout_us(&ask->pace->round_trip, 1)));
	return until_us;
}

static uint32_t
number_of(const struct frame *frame)
{
	switch (frame->kind) {
	case FRAME_ECHO_REQUEST:
		return frame->ip.echo.sequence;
	case FRAME_TCP:
		return frame->ip.tcp.sequence;
	default: /* UDP: one packet is like another */
		return 0;
	}
}

static bool
is_same_packet(const struct frame *a, const struct frame *b)
{
	return a->kind == b->kind && mac_equal(&a->destination, &b->destination) &&
	       address_equal(&a->ip.source, &b->ip.source) &&
	       address_equal(&a->ip.destination, &b->ip.destination) &&
	       number_of(a) == number_of(b);
}

bool
ask_attempt_is_void(const struct ask *ask, const struct outgoing *outgoing)
{
	const struct asked_host *host = asking_of(ask, outgoing->subject);

	if (!host->attempt.out || !host->attempt_waits)
		return true;
	const struct elicitation elicitation = elicitation_of(ask, outgoing->subject);
	struct frame packet;

	probe_elicit(&ask->facts->probe, &elicitation, &packet);
	return !is_same_packet(&packet, &outgoing->frame);
}

bool
ask_attempt_made_ask(const struct ask *ask, uint32_t host, const struct frame_arp *request)
{
	const struct attempt_out attempt = ask_attempt_sent_to(ask, host);

	return attempt.out && attempt.from_decoy && address_equal(&attempt.source, &request->tpa);
}
