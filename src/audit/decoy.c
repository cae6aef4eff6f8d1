/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoys: addresses of the segment that nobody uses, verified by RFC 5227 probes, and by who-has as
 * any host sends it. They are drawn at random, so that no host can have met the same one in the
 * audit before this one, nor foresee it.
 */
#include <math.h>
#include <stdlib.h>

#include "arpaudit/engine.h"

#define DECOY_PROBES       3 /* PROBE_NUM of RFC 5227 */
#define DECOY_PROBES_MAX   32
#define DECOY_RENEWALS     8     /* replacements for those that somebody takes */
#define DECOY_DOUBT        1e-4  /* that a used address is taken for a free one */
#define DECOY_PROBE_GAP_US 60000 /* shorter than its PROBE_MIN: the probes run beside the audit */
#define DECOY_POOL_MAX     (PLAN_VIPS_MAX + 7)
#define DRAW_MAX           65536 /* addresses looked at, in a huge subnet full of listed hosts */

/* One bit for each address, by its last two octets: so memory is bounded. Addresses that share
 * these are excluded together. */
static uint32_t
heard_bit(const struct address *address)
{
	return address_ipv4_number(address) % (8 * HEARD_OCTETS);
}

static bool
was_heard(const struct audit *audit, const struct address *address)
{
	const uint32_t bit = heard_bit(address);

	return (audit->heard[bit / 8] & 1u << bit % 8) != 0;
}

static void
note_heard(struct audit *audit, const struct address *address)
{
	const uint32_t bit = heard_bit(address);

	audit->heard[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static bool
excluded(const struct audit *audit, const struct address *address, uint32_t count)
{
	const uint32_t host = host_find(audit, address);

	if (was_heard(audit, address))
		return true;
	/* In a sweep every address is a host to look for; whether it is used, the probes tell. */
	if (host != NONE && (audit->hosts[host].listed || audit->hosts[host].director))
		return true;
	if (vip_find(audit, address) != NONE || address_equal(address, &audit->source) ||
	    address_equal(address, &audit->segment.own.address))
		return true;
	for (uint32_t i = 0; i < count; i++)
		if (address_equal(address, &audit->decoys[i].address))
			return true;
	return false;
}

/* Walks the subnet from a random start by a random odd stride: modulo a power of two that reaches
 * each address once. */
static void
draw(struct audit *audit, uint32_t wanted)
{
	const struct prefix network = prefix_network(&audit->segment.own);
	const uint64_t size = prefix_size(&network);
	const uint64_t limit = size < DRAW_MAX ? size : DRAW_MAX;
	uint64_t offset = random_next(&audit->random);
	const uint64_t stride = random_next(&audit->random) | 1;

	for (uint64_t i = 0; i < limit && audit->decoy_count < wanted; i++, offset += stride) {
		const struct address address = address_ipv4(
		    address_ipv4_number(&network.address) + (uint32_t)(offset & (size - 1)));

		if (prefix_is_host(&network, &address) &&
		    !excluded(audit, &address, audit->decoy_count))
			audit->decoys[audit->decoy_count++].address = address;
	}
}

/* One for each VIP on a host is what a sound segment takes; the others are for lost frames,
 * addresses that turn out to be used, and the restoration of owners. */
static uint32_t
pool_size(const struct audit *audit)
{
	const uint32_t size = audit->vip_count + 7;

	return size < DECOY_POOL_MAX ? size : DECOY_POOL_MAX;
}

/* What the user names is neither replaced nor added to, except by addresses that are only asked
 * for: who proxies ARP is not found out by a few. */
bool
decoys_init(struct audit *audit)
{
	const struct plan_cluster *cluster = audit->cluster;
	const uint32_t named = (uint32_t)cluster->decoy_count;
	const uint32_t size = pool_size(audit);
	const uint32_t wanted = named > size ? named : size;

	audit->decoy_capacity = named > 0 ? wanted : wanted + DECOY_RENEWALS;
	audit->decoys = calloc(audit->decoy_capacity, sizeof(*audit->decoys));
	if (audit->decoys == NULL)
		return false;
	for (size_t i = 0; i < named; i++)
		if (!excluded(audit, &cluster->decoys[i], audit->decoy_count))
			audit->decoys[audit->decoy_count++].address = cluster->decoys[i];
	audit->decoys_usable = named > 0 ? audit->decoy_count : audit->decoy_capacity;
	if (address_is_set(&audit->segment.own.address))
		draw(audit, wanted);
	audit->decoys_first = audit->decoy_count;
	return true;
}

/* Three probes as in RFC 5227, and on a lossy segment as many as make it unlikely that all of them,
 * or their answers, were lost. Where the most would not do, it is not known to be free. */
static bool
is_probed(const struct audit *audit, const struct decoy *decoy)
{
	const struct loss *loss = &audit->loss[PATH_BROADCAST];
	/* How much is lost is the less certain the fewer hosts there are. Where nothing is, that
	 * shall not keep all of them waiting. */
	const double missed = loss->lost == 0 ? pow(loss_estimate(loss), decoy->rounds)
					      : loss_all_lost(loss, decoy->rounds);

	return decoy->rounds >= DECOY_PROBES && missed <= DECOY_DOUBT;
}

static bool
is_due(const struct audit *audit, uint32_t index)
{
	const struct decoy *decoy = &audit->decoys[index];

	if (decoy->rounds >= DECOY_PROBES_MAX)
		return false;
	if (audit->decoys_confirming)
		return index < audit->decoys_first;
	return decoy->state == DECOY_CANDIDATE && !is_probed(audit, decoy);
}

/* In every second round the SPA is the probe's own: who proxies ARP does not answer 0.0.0.0. */
static enum spa_kind
kind_of_round(const struct audit *audit, uint32_t number)
{
	return number % 2 == 1 && address_is_set(&audit->source) ? SPA_SOURCE : SPA_UNSPECIFIED;
}

/* The gap between rounds is long enough for the answers, but for a slow segment. */
static uint64_t
gap_us(const struct audit *audit)
{
	const uint64_t answer_us = round_trip_timeout_us(&audit->round_trip, 0);

	return answer_us > DECOY_PROBE_GAP_US ? answer_us : DECOY_PROBE_GAP_US;
}

/* One round of probes; the candidates that have had enough of them are free. How long the gap has
 * to be is known only at its end, when hosts have answered. */
void
decoys_run(struct audit *audit, uint64_t now_us)
{
	const uint64_t due_us = audit->decoys_asked_us + gap_us(audit);
	bool asked = false;

	if (now_us < due_us) {
		task_schedule(audit, LANE_BROADCAST, task_decoys(audit), due_us);
		return;
	}
	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		struct decoy *decoy = &audit->decoys[i];
		struct frame frame;

		if (!is_due(audit, i)) {
			if (decoy->state == DECOY_CANDIDATE && is_probed(audit, decoy))
				decoy->state = i < audit->decoys_usable ? DECOY_READY : DECOY_SPARE;
			continue;
		}
		const struct address spa = probe_spa(audit, kind_of_round(audit, decoy->rounds));

		probe_who_has(audit, &decoy->address, &mac_broadcast, &spa, &frame);
		send_push(audit, LANE_BROADCAST, &frame, PURPOSE_DECOY, NONE);
		decoy->rounds++;
		asked = true;
	}
	audit->decoys_confirming = false;
	if (asked) {
		audit->decoys_asked_us = now_us;
		task_schedule(
		    audit, LANE_BROADCAST, task_decoys(audit), now_us + DECOY_PROBE_GAP_US);
		return;
	}
	audit->decoys_decided = true;
	schedule_waiting(audit, now_us);
}

/* How many rounds the decoys of the start have had. */
static uint32_t
rounds(const struct audit *audit)
{
	uint32_t fewest = UINT32_MAX;

	for (uint32_t i = 0; i < audit->decoys_first; i++)
		if (audit->decoys[i].rounds < fewest)
			fewest = audit->decoys[i].rounds;
	return fewest;
}

uint32_t
decoys_confirmations(const struct audit *audit)
{
	return address_is_set(&audit->source) ? rounds(audit) / 2 : 0;
}

/* A host that answers for all of them is not seen as such if fewer than PROXY_ANSWERS_MIN of them
 * come through: if, at the least, the answers for all but two were lost, each time. There are so
 * many choices of the two. */
double
decoys_bound(const struct audit *audit)
{
	const uint32_t count = audit->decoys_first;

	if (count < PROXY_ANSWERS_MIN)
		return 1;
	const double choices = (double)count * (count - 1) / 2;
	const uint32_t asked = decoys_confirmations(audit) * (count - (PROXY_ANSWERS_MIN - 1));
	const double bound = choices * loss_all_lost(&audit->loss[PATH_BROADCAST], asked);

	return bound < 1 ? bound : 1;
}

void
decoys_confirm(struct audit *audit, uint64_t now_us)
{
	if (!audit->decoys_decided || audit->decoys_first < PROXY_ANSWERS_MIN ||
	    !audit_hears_proxies(audit) || audit->decoys_void > VOIDS_MAX ||
	    rounds(audit) >= DECOY_PROBES_MAX || decoys_bound(audit) <= audit->settings->confidence)
		return;
	audit->decoys_decided = false;
	audit->decoys_confirming = true;
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
}

uint32_t
decoy_find(const struct audit *audit, const struct address *address)
{
	for (uint32_t i = 0; i < audit->decoy_count; i++)
		if (address_equal(&audit->decoys[i].address, address))
			return i;
	return NONE;
}

/* How far a decoy is from the host's first one: those of the start go round from there, and then
 * come the replacements. */
static uint32_t
distance_of(const struct audit *audit, uint32_t host, uint32_t decoy)
{
	const uint32_t count = audit->decoys_first;

	if (decoy >= count)
		return decoy;
	return (decoy + count - audit->hosts[host].decoy_first % count) % count;
}

bool
decoy_was_used(const struct audit *audit, uint32_t host, uint32_t decoy)
{
	return distance_of(audit, host, decoy) < audit->hosts[host].decoys_used;
}

/* Another one for a decoy that is none any more. */
static void
renew(struct audit *audit)
{
	if (audit->decoy_count == audit->decoy_capacity ||
	    !address_is_set(&audit->segment.own.address))
		return;
	draw(audit, audit->decoy_count + 1);
	audit->decoys_decided = false;
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), 0);
}

static void
take(struct audit *audit, uint32_t decoy, uint64_t now_us)
{
	const bool known = audit->decoys[decoy].state == DECOY_TAKEN;

	audit->decoys[decoy].state = DECOY_TAKEN;
	/* Also of one that was given up: then nobody was known to have it. */
	for (uint32_t host = 0; host < audit->host_count; host++)
		if (audit->hosts[host].attempt_out && audit->hosts[host].attempt_decoy == decoy)
			schedule_void_attempt(audit, host, now_us);
	if (!known)
		renew(audit);
}

void
decoys_review(struct audit *audit, uint64_t now_us)
{
	bool due = false;

	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		struct decoy *decoy = &audit->decoys[i];

		if (decoy->state != DECOY_READY || is_probed(audit, decoy))
			continue;
		decoy->state = DECOY_CANDIDATE;
		due = true;
	}
	if (!due || !audit->decoys_decided)
		return;
	audit->decoys_decided = false;
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
}

static void
answered(struct decoy *decoy, const struct mac *mac)
{
	for (size_t i = 0; i < 2; i++) {
		if (mac_equal(&decoy->answered_by[i], mac))
			return;
		if (mac_equal(&decoy->answered_by[i], &mac_zero)) {
			decoy->answered_by[i] = *mac;
			return;
		}
	}
}

/* Did the probe make the sender ask for the decoy? */
static bool
was_given(const struct audit *audit, uint32_t decoy, const struct mac *mac)
{
	for (uint32_t host = host_find_mac(audit, mac); host != NONE;
	     host = host_next_with_mac(audit, host, mac))
		if (decoy_was_used(audit, host, decoy))
			return true;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (audit->vips[vip].restore != RESTORE_NONE &&
		    audit->vips[vip].restore_decoy == decoy)
			return true;
	return false;
}

/* A decoy that anybody has is none any more, nor is an address that anybody was heard with ever
 * made one. Returns the decoy that it was, or NONE. */
static uint32_t
observe_sender(struct audit *audit, const struct address *address, uint64_t now_us)
{
	const uint32_t decoy = decoy_find(audit, address);

	note_heard(audit, address);
	if (decoy != NONE)
		take(audit, decoy, now_us);
	return decoy;
}

/*
 * Nor is one that anybody probes for (RFC 5227 section 2.1.1) or asks for unprompted: a host that
 * is resolving it already would do so with the source of another packet.
 */
void
decoys_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;
	uint32_t decoy;

	if (frame->kind == FRAME_OTHER)
		return;
	if (frame->kind != FRAME_ARP) {
		observe_sender(audit, &frame->ip.source, now_us);
		return;
	}
	decoy = observe_sender(audit, &frame->arp.spa, now_us);
	if (decoy != NONE)
		answered(&audit->decoys[decoy], &frame->arp.sha);
	decoy = decoy_find(audit, &frame->arp.tpa);
	if (decoy != NONE && frame->arp.operation == ARP_REQUEST &&
	    !was_given(audit, decoy, &frame->arp.sha))
		take(audit, decoy, now_us);
}

/* The host's next unused decoy, starting behind those that it has met. */
static uint32_t
next(const struct audit *audit, uint32_t host, uint32_t *distance)
{
	const struct host *user = &audit->hosts[host];
	const uint32_t count = audit->decoys_first;

	for (*distance = user->decoys_used; *distance < audit->decoy_count; (*distance)++) {
		const uint32_t decoy =
		    *distance < count ? (user->decoy_first % count + *distance) % count : *distance;

		if (audit->decoys[decoy].state == DECOY_READY)
			return decoy;
	}
	return NONE;
}

bool
decoy_available(const struct audit *audit, uint32_t host)
{
	uint32_t distance;

	return next(audit, host, &distance) != NONE;
}

uint32_t
decoy_take(struct audit *audit, uint32_t host)
{
	uint32_t distance;
	const uint32_t decoy = next(audit, host, &distance);

	if (decoy != NONE)
		audit->hosts[host].decoys_used = distance + 1;
	return decoy;
}

uint32_t
decoys_ready(const struct audit *audit)
{
	uint32_t ready = 0;

	for (uint32_t i = 0; i < audit->decoy_count; i++)
		ready += audit->decoys[i].state == DECOY_READY;
	return ready;
}

static bool
is_answered_by(const struct decoy *decoy, const struct mac *mac)
{
	return mac_equal(&decoy->answered_by[0], mac) || mac_equal(&decoy->answered_by[1], mac);
}

uint32_t
decoys_answered_by(const struct audit *audit, const struct mac *macs, size_t count)
{
	uint32_t answered = 0;

	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		bool by_any = false;

		for (size_t k = 0; k < count; k++)
			by_any = by_any || is_answered_by(&audit->decoys[i], &macs[k]);
		answered += by_any;
	}
	return answered;
}

void
decoys_again(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		audit->decoys[i].rounds = 0;
		if (audit->decoys[i].state != DECOY_TAKEN)
			audit->decoys[i].state = DECOY_CANDIDATE;
	}
	audit->decoys_decided = audit->decoys_confirming = false;
	task_schedule(audit, LANE_BROADCAST, task_decoys(audit), now_us);
}

void
decoys_give_up(struct audit *audit, uint64_t now_us)
{
	for (uint32_t i = 0; i < audit->decoy_count; i++) {
		audit->decoys[i].rounds = 0;
		audit->decoys[i].state = DECOY_TAKEN;
	}
	task_cancel(audit, task_decoys(audit));
	audit->decoys_decided = true;
	audit->decoys_confirming = false;
	schedule_waiting(audit, now_us);
}
