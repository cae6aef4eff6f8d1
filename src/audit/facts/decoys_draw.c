/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "audit/facts/decoys_pool.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

#define DECOY_RENEWALS    8 /* replacements for decoys that turn out to be in use */
#define DECOY_POOL_MAX    (PLAN_VIPS_MAX + 7)
#define DRAW_MAX          65536 /* addresses tried, for a huge subnet full of listed hosts */
#define DECOYS_BESIDE     2     /* for each VIP outside of the probe's subnet */
#define DECOYS_BESIDE_MAX 128   /* in all */
#define BESIDE_NEAR       16    /* the nearest addresses, from which they are drawn first */
#define BESIDE_SPAN       256
#define CLASS_SHARE       2 /* members of a class for each address that the audit may want */

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

void
decoys_note_heard(struct facts *facts, const struct address *address)
{
	const uint32_t bit = heard_bit(address);

	facts->decoys->heard[bit / 8] |= (uint8_t)(1u << bit % 8);
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
