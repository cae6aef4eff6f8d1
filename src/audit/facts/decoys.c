/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/decoys.h"

#include <math.h>
#include <stdlib.h>

#include "arpaudit/random.h"
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

#define DECOY_PROBES      3    /* PROBE_NUM of RFC 5227 */
#define DECOY_RENEWALS    8    /* replacements for decoys that turn out to be in use */
#define DECOY_DOUBT       1e-4 /* allowed chance to take a used address for a free one */
#define DECOY_POOL_MAX    (PLAN_VIPS_MAX + 7)
#define DRAW_MAX          65536 /* addresses tried, for a huge subnet full of listed hosts */
#define HEARD_OCTETS      8192
#define DECOYS_BESIDE     2   /* for each VIP outside of the probe's subnet */
#define DECOYS_BESIDE_MAX 128 /* in all */
#define BESIDE_NEAR       16  /* the nearest addresses, from which they are drawn first */
#define BESIDE_SPAN       256
#define CLASS_SHARE       2 /* members of a class for each address that the audit may want */
/* The most questions that tell one own address from a proxied one. Where little is known of the
 * loss (two exchanges), it takes 37 unanswered ones to show a proxy, which may answer for
 * PROXY_ANSWERS_MIN decoys only. */
#define TELLINGS 13

/* Each host uses the first decoys in turn, starting at a random one, then the replacements. All
 * hosts share the pool, since they do not share caches. */
struct decoy_use {
	uint32_t start; /* modulo the number of first decoys */
	uint32_t used;  /* number of positions used, from there on */
};

struct decoys {
	struct decoy *decoy;
	uint32_t count, first, usable, capacity;
	bool decided;
	uint64_t round_us[DECOY_PROBES_MAX + 1]; /* when all first decoys had so many probes */
	struct decoy_use *host;
	struct mac *restoring; /* by VIP: the owner that was elicited to restore it, or mac_zero */
	struct random random;
	/* A bit for each address heard, by its last two octets, so that memory is bounded.
	 * Addresses with the same last two octets are excluded together. */
	uint8_t heard[HEARD_OCTETS];
};

static uint32_t
heard_bit(const struct address *address)
{
	return address_ipv4_number(address) % (8 * HEARD_OCTETS);
}

static bool
was_heard(const struct decoys *decoys, const struct address *address)
{
	const uint32_t bit = heard_bit(address);

	return (decoys->heard[bit / 8] & 1u << bit % 8) != 0;
}

static void
note_heard(struct decoys *decoys, const struct address *address)
{
	const uint32_t bit = heard_bit(address);

	decoys->heard[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static bool
is_excluded(const struct facts *facts, const struct address *address)
{
	const uint32_t host = host_find(facts, address);

	if (was_heard(facts->decoys, address) ||
	    (facts->segment.used != NULL && address_set_has(facts->segment.used, address)))
		return true;
	/* A sweep lists every address as a host. There the probes tell if an address is free. */
	if (host != NONE && (host_of(facts, host)->listed || host_of(facts, host)->director))
		return true;
	return vip_find(facts, address) != NONE || address_equal(address, &facts->probe.source) ||
	       address_equal(address, &facts->segment.own.address) ||
	       decoy_find(facts, address) != NONE;
}

static void
add(struct decoys *decoys, const struct address *address)
{
	decoys->decoy[decoys->count++] = (struct decoy){.address = *address};
}

/* A sound segment uses one decoy for each VIP on a host. The others are for lost frames, addresses
 * in use, and the restoration of owners. */
static uint32_t
pool_size(const struct facts *facts)
{
	const uint32_t size = vip_count(facts) + 7;

	return size < DECOY_POOL_MAX ? size : DECOY_POOL_MAX;
}

/* The number of classes that the subnet falls into; see draw(). A power of two. */
static uint64_t
class_count(uint64_t size, uint32_t wanted)
{
	uint64_t count = size;

	while (count > 1 && size / count < CLASS_SHARE * (uint64_t)wanted)
		count /= 2;
	return count;
}

/*
 * Two audits at the same time should not draw the same addresses. So the subnet falls into classes,
 * each with every n-th address and some more members than the audit wants. The audit takes one
 * class, and another only if that is not enough. Two audits then meet with a chance of about 1/n,
 * and not whenever any of their addresses are equal. A class extends over the whole subnet, so that
 * a proxy for a part of it is noticed.
 *
 * Classes and the members of a class are walked from a random start with a random odd stride.
 * Modulo a power of two, this visits each of them once.
 */
static void
draw(struct facts *facts, uint32_t wanted)
{
	struct decoys *decoys = facts->decoys;
	const struct prefix network = prefix_network(&facts->segment.own);
	const uint64_t size = prefix_size(&network);
	const uint64_t classes = class_count(size, pool_size(facts));
	const uint64_t members = size / classes;
	const uint64_t limit = size < DRAW_MAX ? size : DRAW_MAX;
	const uint64_t drawn = random_next(&decoys->random);
	uint64_t class = facts->segment.decoy_class != 0 ? facts->segment.decoy_class : drawn;
	uint64_t member = random_next(&decoys->random);
	const uint64_t stride = random_next(&decoys->random) | 1;

	for (uint64_t i = 1; i <= limit && decoys->count < wanted; i++, member += stride) {
		const uint64_t offset =
		    (class & (classes - 1)) + classes * (member & (members - 1));
		const struct address address =
		    address_ipv4(address_ipv4_number(&network.address) + (uint32_t)offset);

		if (prefix_is_host(&network, &address) && !is_excluded(facts, &address))
			add(decoys, &address);
		class += i % members == 0 ? stride : 0;
	}
}

static uint32_t
beside_count(const struct facts *facts)
{
	uint32_t count = 0;

	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		count += vip_is_outside(facts, vip) ? DECOYS_BESIDE : 0;
	return count < DECOYS_BESIDE_MAX ? count : DECOYS_BESIDE_MAX;
}

/*
 * Draws addresses beside a VIP that is outside of the probe's subnet. The subnet of a host that has
 * the VIP in it is not known. So the addresses share as many leading bits with the VIP as possible,
 * but are drawn from sixteen, since another audit may do the same. Their last two bits are 01 or
 * 10: no subnet of four addresses or more has them as its own or its broadcast address.
 */
static void
draw_beside(struct facts *facts, uint32_t vip)
{
	struct decoys *decoys = facts->decoys;
	const uint32_t number = address_ipv4_number(vip_address(facts, vip));
	uint32_t start, added = 0;

	if (!vip_is_outside(facts, vip))
		return;
	start = (uint32_t)random_next(&decoys->random);
	for (uint32_t i = 0; i < BESIDE_SPAN && added < DECOYS_BESIDE &&
			     decoys->count - decoys->first < beside_count(facts);
	     i++) {
		const uint32_t other = i < BESIDE_NEAR ? (start + i) % BESIDE_NEAR : i;
		const struct address address = address_ipv4(number ^ other);
		const uint32_t last = (number ^ other) & 3;

		if (last == 0 || last == 3 || is_excluded(facts, &address))
			continue;
		add(decoys, &address);
		decoys->decoy[decoys->count - 1].beside = true;
		decoys->decoy[decoys->count - 1].vip = vip;
		added++;
	}
}

static bool
allocate(struct facts *facts, uint32_t capacity, uint64_t seed)
{
	struct decoys *decoys = calloc(1, sizeof(*decoys));
	struct random random = random_stream(seed, RANDOM_DECOY_START);

	facts->decoys = decoys;
	if (decoys == NULL)
		return false;
	decoys->capacity = capacity;
	decoys->random = random_stream(seed, RANDOM_DECOYS);
	decoys->decoy = calloc(capacity, sizeof(*decoys->decoy));
	decoys->host = calloc(host_count(facts) + 1, sizeof(*decoys->host));
	decoys->restoring = calloc(vip_count(facts) + 1, sizeof(*decoys->restoring));
	if (decoys->decoy == NULL || decoys->host == NULL || decoys->restoring == NULL)
		return false;
	for (uint32_t host = 0; host < host_count(facts); host++)
		decoys->host[host].start = (uint32_t)random_next(&random);
	return true;
}

/* Named decoys are neither replaced nor supplemented, except by addresses that are only asked for:
 * a few decoys are not enough to detect a proxy. */
bool
decoys_init(struct facts *facts, uint64_t seed)
{
	const struct plan_cluster *cluster = facts->cluster;
	const uint32_t named = (uint32_t)cluster->decoy_count;
	const uint32_t size = pool_size(facts);
	const uint32_t wanted = named > size ? named : size;

	if (!allocate(
		facts, named > 0 ? wanted : wanted + DECOY_RENEWALS + beside_count(facts), seed))
		return false;
	for (size_t i = 0; i < named; i++)
		if (!is_excluded(facts, &cluster->decoys[i]))
			add(facts->decoys, &cluster->decoys[i]);
	facts->decoys->usable = named > 0 ? facts->decoys->count : facts->decoys->capacity;
	if (address_is_set(&facts->segment.own.address))
		draw(facts, wanted);
	facts->decoys->first = facts->decoys->count;
	for (uint32_t vip = 0; named == 0 && vip < vip_count(facts); vip++)
		draw_beside(facts, vip);
	return true;
}

void
decoys_free(struct facts *facts)
{
	if (facts->decoys == NULL)
		return;
	free(facts->decoys->decoy);
	free(facts->decoys->host);
	free(facts->decoys->restoring);
	free(facts->decoys);
}

uint32_t
decoys_count(const struct facts *facts)
{
	return facts->decoys->count;
}

uint32_t
decoys_count_first(const struct facts *facts)
{
	return facts->decoys->first;
}

uint32_t
decoys_count_usable(const struct facts *facts)
{
	return facts->decoys->usable;
}

uint32_t
decoys_capacity(const struct facts *facts)
{
	return facts->decoys->capacity;
}

const struct decoy *
decoy_of(const struct facts *facts, uint32_t decoy)
{
	return &facts->decoys->decoy[decoy];
}

uint32_t
decoy_find(const struct facts *facts, const struct address *address)
{
	for (uint32_t i = 0; i < facts->decoys->count; i++)
		if (address_equal(&facts->decoys->decoy[i].address, address))
			return i;
	return NONE;
}

bool
decoys_are_decided(const struct facts *facts)
{
	return facts->decoys->decided;
}

uint32_t
decoys_ready(const struct facts *facts)
{
	uint32_t ready = 0;

	for (uint32_t i = 0; i < facts->decoys->count; i++)
		ready +=
		    facts->decoys->decoy[i].state == DECOY_READY && !facts->decoys->decoy[i].beside;
	return ready;
}

/* Three probes as in RFC 5227. On a lossy segment, as many as make it unlikely that all probes or
 * answers were lost. If even the maximum is not enough, the address is not known to be free. */
bool
decoy_is_probed(const struct facts *facts, uint32_t index)
{
	const struct decoy *decoy = decoy_of(facts, index);
	const struct loss *loss = &facts->loss[PATH_BROADCAST];
	/* The fewer hosts there are, the less certain is the loss. If nothing is lost, that must
	 * not delay the audit. */
	const double missed = loss->lost == 0 ? pow(loss_estimate(loss), decoy->rounds)
					      : loss_all_lost(loss, decoy->rounds);

	return decoy->rounds >= DECOY_PROBES && missed <= DECOY_DOUBT;
}

uint32_t
decoys_rounds(const struct facts *facts)
{
	uint32_t fewest = UINT32_MAX;

	for (uint32_t i = 0; i < facts->decoys->first; i++)
		if (facts->decoys->decoy[i].rounds < fewest)
			fewest = facts->decoys->decoy[i].rounds;
	return fewest;
}

uint32_t
decoys_confirmations(const struct facts *facts)
{
	const uint32_t counted = facts->asked->counted.decoy_rounds;
	const uint32_t rounds = decoys_rounds(facts);

	if (!asked_hears_source(facts))
		return 0;
	return rounds < counted ? rounds : counted;
}

void
decoys_note_sent(struct facts *facts, uint64_t now_us)
{
	const uint32_t rounds = decoys_rounds(facts);

	if (rounds <= DECOY_PROBES_MAX)
		facts->decoys->round_us[rounds] = now_us;
}

uint64_t
decoys_round_us(const struct facts *facts, uint32_t rounds)
{
	return rounds <= DECOY_PROBES_MAX ? facts->decoys->round_us[rounds] : 0;
}

uint32_t
decoys_rounds_by(const struct facts *facts, uint64_t by_us)
{
	uint32_t rounds = decoys_rounds(facts);

	while (rounds > 0 && decoys_round_us(facts, rounds) > by_us)
		rounds--;
	return rounds;
}

/* Nobody answers by proxy for an address that a machine has. */
uint32_t
decoys_count_tested(const struct facts *facts)
{
	uint32_t tested = 0;

	for (uint32_t i = 0; i < facts->decoys->first; i++)
		tested += !facts->decoys->decoy[i].own[0] && !facts->decoys->decoy[i].own[1];
	return tested;
}

/* A proxy that answers for all decoys goes unnoticed if fewer than PROXY_ANSWERS_MIN of them get an
 * answer through. Then the answers for all but two decoys were lost each time. `choices` counts the
 * pairs that those two may be. */
static double
bound_by(const struct facts *facts, uint32_t rounds)
{
	const uint32_t count = decoys_count_tested(facts);

	if (count < PROXY_ANSWERS_MIN)
		return 1;
	const double choices = (double)count * (count - 1) / 2;
	const uint32_t asked = rounds * (count - (PROXY_ANSWERS_MIN - 1));
	const double bound = choices * loss_all_lost(&facts->loss[PATH_BROADCAST], asked);

	return bound < 1 ? bound : 1;
}

double
decoys_bound(const struct facts *facts)
{
	return bound_by(facts, decoys_confirmations(facts));
}

uint32_t
decoys_rounds_needed(const struct facts *facts)
{
	const uint32_t most = decoys_confirmations(facts);

	/* Without decoys there is no end of rounds, and none would be enough. */
	for (uint32_t rounds = 1; rounds < most && rounds <= DECOY_PROBES_MAX; rounds++)
		if (bound_by(facts, rounds) <= facts->settings->confidence)
			return rounds;
	return most;
}

/* How these MACs answer for a decoy. */
struct answers {
	bool any, own;
	uint32_t told; /* questions that would have shown that the address is own */
};

static struct answers
answers_by(const struct decoy *decoy, const struct mac *macs, size_t count)
{
	struct answers answers = {.any = false};

	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < 2; i++) {
			if (!mac_equal(&decoy->answered_by[i], &macs[k]))
				continue;
			answers.any = true;
			answers.own = answers.own || decoy->own[i];
			answers.told += decoy->told[i];
		}
	return answers;
}

uint32_t
decoys_answered_by(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t answered = 0;

	for (uint32_t i = 0; i < facts->decoys->count; i++)
		answered += answers_by(&facts->decoys->decoy[i], macs, count).any;
	return answered;
}

uint32_t
decoys_proxied_by(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t proxied = 0;

	for (uint32_t i = 0; i < facts->decoys->count; i++) {
		const struct answers answers = answers_by(&facts->decoys->decoy[i], macs, count);

		proxied += answers.any && !answers.own;
	}
	return proxied;
}

/* If nobody at all answers SPA 0.0.0.0, such questions are dropped on the way and tell nothing. */
bool
decoys_show_proxy(const struct facts *facts, const struct mac *macs, size_t count)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < facts->decoys->count; i++) {
		const struct answers answers = answers_by(&facts->decoys->decoy[i], macs, count);

		if (answers.any && !answers.own)
			told += answers.told;
	}
	return decoys_proxied_by(facts, macs, count) >= PROXY_ANSWERS_MIN &&
	       (facts->asked->kinds_answered & 1u << SPA_UNSPECIFIED) != 0 &&
	       loss_all_lost(&facts->loss[PATH_UNICAST], told) <= DECOY_DOUBT;
}

/* A single decoy may be an own address of anybody. Only a MAC that answers for several looks like a
 * proxy. */
bool
decoy_wants_telling(const struct facts *facts, uint32_t index, size_t *answerer)
{
	const struct decoy *decoy = decoy_of(facts, index);

	for (size_t i = 0; i < 2; i++) {
		const struct mac *mac = &decoy->answered_by[i];

		if (mac_equal(mac, &mac_zero) || decoy->own[i] || decoy->told[i] == TELLINGS ||
		    !heard_may_be_machine(facts, mac) ||
		    decoys_proxied_by(facts, mac, 1) < PROXY_ANSWERS_MIN ||
		    decoys_show_proxy(facts, mac, 1))
			continue;
		*answerer = i;
		return true;
	}
	return false;
}

/* The decoy's distance from the host's first one: first the first decoys in a circle, then the
 * replacements. */
static uint32_t
distance_of(const struct decoys *decoys, uint32_t host, uint32_t decoy)
{
	const uint32_t count = decoys->first;

	if (decoy >= count)
		return decoy;
	return (decoy + count - decoys->host[host].start % count) % count;
}

static bool
is_asked_by(const struct decoy *decoy, const struct mac *mac)
{
	return mac_equal(&decoy->asked_by[0], mac) || mac_equal(&decoy->asked_by[1], mac);
}

/* Whether the host has asked for the decoy unprompted. If it is still resolving it, it would use
 * the next packet's source as SPA without a new request. */
static bool
is_asked_by_host(const struct facts *facts, const struct decoy *decoy, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t i = 0; i < host->mac_count; i++)
		if (is_asked_by(decoy, &host->mac[i]))
			return true;
	return false;
}

/* The host's next unused decoy. */
static uint32_t
next(const struct facts *facts, uint32_t host, uint32_t *distance)
{
	const struct decoys *decoys = facts->decoys;
	const struct decoy_use *use = &decoys->host[host];
	const uint32_t count = decoys->first;

	for (*distance = use->used; *distance < decoys->count; (*distance)++) {
		const uint32_t decoy =
		    *distance < count ? (use->start % count + *distance) % count : *distance;

		if (decoys->decoy[decoy].state == DECOY_READY && !decoys->decoy[decoy].beside &&
		    !decoys->decoy[decoy].asked_by_many &&
		    !is_asked_by_host(facts, &decoys->decoy[decoy], host))
			return decoy;
	}
	return NONE;
}

bool
decoy_is_available(const struct facts *facts, uint32_t host)
{
	uint32_t distance;

	return next(facts, host, &distance) != NONE;
}

uint32_t
decoy_beside(const struct facts *facts, uint32_t vip, uint32_t number)
{
	for (uint32_t i = facts->decoys->first; i < facts->decoys->count; i++) {
		const struct decoy *decoy = &facts->decoys->decoy[i];

		if (decoy->beside && decoy->vip == vip && number-- == 0)
			return decoy->state == DECOY_READY ? i : NONE;
	}
	return NONE;
}

uint32_t
decoy_take(struct facts *facts, uint32_t host)
{
	uint32_t distance;
	const uint32_t decoy = next(facts, host, &distance);

	if (decoy == NONE)
		return NONE;
	facts->decoys->host[host].used = distance + 1;
	facts->decoys->decoy[decoy].used = true;
	return decoy;
}

void
decoys_note_restoring(struct facts *facts, uint32_t vip, uint32_t decoy, const struct mac *owner)
{
	facts->decoys->decoy[decoy].restores = true;
	facts->decoys->restoring[vip] = *owner;
}

/* Whether the probe has made the sender ask for the decoy. */
static bool
was_given(const struct facts *facts, uint32_t decoy, const struct mac *mac)
{
	const struct decoys *decoys = facts->decoys;

	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		if (decoys->decoy[decoy].beside ||
		    distance_of(decoys, host, decoy) < decoys->host[host].used)
			return true;
	for (uint32_t vip = 0; decoys->decoy[decoy].restores && vip < vip_count(facts); vip++)
		if (mac_equal(&decoys->restoring[vip], mac))
			return true;
	return false;
}

static void
note_answer(struct decoy *decoy, const struct mac *mac, bool own)
{
	for (size_t i = 0; i < 2; i++) {
		if (mac_equal(&decoy->answered_by[i], &mac_zero))
			decoy->answered_by[i] = *mac;
		if (!mac_equal(&decoy->answered_by[i], mac))
			continue;
		decoy->own[i] = decoy->own[i] || own;
		return;
	}
}

/* Whether only the machine that has the SPA sends such a frame. A doubtful one shows nothing. */
static bool
is_by_holder(const struct facts *facts, const struct heard *heard)
{
	return !heard->doubtful &&
	       (heard->request || heard->gratuitous ||
		   probe_was_asked(&facts->probe, SPA_UNSPECIFIED, &heard->frame->arp.tpa));
}

static struct news
take(struct facts *facts, uint32_t index)
{
	struct decoy *decoy = &facts->decoys->decoy[index];
	const bool known = decoy->state == DECOY_TAKEN;

	decoy->state = DECOY_TAKEN;
	return (struct news){
	    .kinds = NEWS_DECOY_TAKEN | (known ? 0u : (uint32_t)NEWS_DECOY_LOST),
	    .decoy = index,
	};
}

/* A decoy that a host uses is lost, and an address once heard never becomes a decoy. */
struct news
decoys_hear_sender(struct facts *facts, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	const struct address *address = heard->arp ? &frame->arp.spa : &frame->ip.source;
	const uint32_t decoy = decoy_find(facts, address);

	note_heard(facts->decoys, address);
	if (decoy == NONE)
		return news_none();
	if (heard->arp)
		note_answer(
		    &facts->decoys->decoy[decoy], &frame->arp.sha, is_by_holder(facts, heard));
	return take(facts, decoy);
}

/* Notes who asks for the decoy unprompted. False if there were two already. */
static bool
note_asking(struct decoy *decoy, const struct mac *mac)
{
	for (size_t i = 0; i < 2; i++) {
		if (mac_equal(&decoy->asked_by[i], mac))
			return true;
		if (mac_equal(&decoy->asked_by[i], &mac_zero)) {
			decoy->asked_by[i] = *mac;
			return true;
		}
	}
	return false;
}

/* Whether the MAC asks for other decoys as well. It then surveys the segment, as another audit
 * does, and is not about to use the address. */
static bool
surveys(const struct decoys *decoys, uint32_t decoy, const struct mac *mac)
{
	for (uint32_t i = 0; i < decoys->count; i++)
		if (i != decoy && is_asked_by(&decoys->decoy[i], mac))
			return true;
	return false;
}

/*
 * Whether a packet from the decoy, to whatever MAC, may have made the sender ask for it: a machine
 * that has several cards is sent the packet by one MAC, and asks by another. Whom else a packet
 * from the decoy reaches holds a VIP or is a host of the audit.
 */
static bool
may_be_elicited(const struct facts *facts, uint32_t decoy, const struct frame_arp *arp)
{
	return facts->decoys->decoy[decoy].used &&
	       (vip_find(facts, &arp->spa) != NONE || host_find_mac(facts, &arp->sha) != NONE);
}

/* A host that probes for the decoy is about to use it (RFC 5227, section 2.1.1). One that requests
 * it unprompted is of no use with it. If several do, somebody uses the address, be it another audit
 * that has drawn it, too. */
struct news
decoys_hear_target(struct facts *facts, const struct heard *heard)
{
	const struct frame_arp *arp = &heard->frame->arp;
	uint32_t index;

	if (!heard->arp || !heard->request)
		return news_none();
	index = decoy_find(facts, &arp->tpa);
	if (index == NONE || was_given(facts, index, &arp->sha))
		return news_none();
	const bool about_to_use =
	    address_is_unspecified(&arp->spa) && !surveys(facts->decoys, index, &arp->sha);

	if (note_asking(&facts->decoys->decoy[index], &arp->sha) && !about_to_use)
		return news_none();
	if (about_to_use || !may_be_elicited(facts, index, arp))
		return take(facts, index);
	facts->decoys->decoy[index].asked_by_many = true;
	return news_none();
}

bool
decoys_draw_another(struct facts *facts)
{
	if (facts->decoys->count == facts->decoys->capacity ||
	    !address_is_set(&facts->segment.own.address))
		return false;
	draw(facts, facts->decoys->count + 1);
	facts->decoys->decided = false;
	return true;
}

void
decoy_count_round(struct facts *facts, uint32_t decoy)
{
	facts->decoys->decoy[decoy].rounds++;
}

void
decoy_count_telling(struct facts *facts, uint32_t decoy, size_t answerer)
{
	facts->decoys->decoy[decoy].told[answerer]++;
}

void
decoy_set_state(struct facts *facts, uint32_t decoy, enum decoy_state state)
{
	facts->decoys->decoy[decoy].state = (uint8_t)state;
}

void
decoys_set_decided(struct facts *facts, bool decided)
{
	facts->decoys->decided = decided;
}

void
decoys_void(struct facts *facts, enum decoy_state state)
{
	for (uint32_t i = 0; i < facts->decoys->count; i++) {
		struct decoy *decoy = &facts->decoys->decoy[i];

		decoy->rounds = 0;
		if (decoy->state != DECOY_TAKEN)
			decoy->state = (uint8_t)state;
	}
}
