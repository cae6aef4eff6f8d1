/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/arp_load.h"

#include <stdlib.h>
#include <string.h>

#include "audit/facts/decoys.h"

#define SLOT_US UINT64_C(100000)
#define SLOTS   10
#define SPARE   64 /* for directors and others outside of the plan */
/* Places for machines that have sent in the last second. */
#define PLACES_MIN 1024
#define PROBES     16 /* places of the table where a MAC may be */
#define NEIGHBOURS 8  /* consecutive MACs whose places are adjacent, as they are asked in turn */

struct sender {
	struct mac mac; /* mac_zero: none */
	uint16_t count[SLOTS];
	uint32_t slot; /* of its last frame; only differences count */
};

struct arp_load {
	uint32_t capacity, peak;
	struct sender sender[];
};

/* The audit makes about as many machines send in a second as it sends frames. A table for all of
 * them would be in no cache. */
static uint32_t
capacity_for(const struct facts *facts)
{
	const uint32_t rate = facts->settings->rate;
	const uint32_t active = rate < PLACES_MIN / 2 ? PLACES_MIN : 2 * rate;

	return (rate == 0 || active > facts->host_count ? facts->host_count : active) + SPARE;
}

struct arp_load *
arp_load_new(const struct facts *facts)
{
	const uint32_t capacity = capacity_for(facts);
	struct arp_load *load = calloc(1, sizeof(*load) + capacity * sizeof(struct sender));

	if (load != NULL)
		load->capacity = capacity;
	return load;
}

void
arp_load_free(struct arp_load *load)
{
	free(load);
}

uint32_t
arp_load_peak(const struct arp_load *load)
{
	return load->peak;
}

/* The low octets tell the machines of a segment apart. */
static uint32_t
place_of(const struct arp_load *load, const struct mac *mac)
{
	const uint8_t *low = &mac->octet[2];
	const uint32_t number =
	    (uint32_t)low[0] << 24 | (uint32_t)low[1] << 16 | (uint32_t)low[2] << 8 | low[3];
	const uint64_t groups = load->capacity / NEIGHBOURS;

	return (uint32_t)(number / NEIGHBOURS * UINT64_C(2654435761) % groups * NEIGHBOURS) +
	       number % NEIGHBOURS;
}

static struct sender *
find(struct arp_load *load, const struct mac *mac, uint32_t slot)
{
	uint32_t place = place_of(load, mac);
	struct sender *unused = NULL;

	for (uint32_t i = 0; i < PROBES; i++, place = place + 1 < load->capacity ? place + 1 : 0) {
		struct sender *sender = &load->sender[place];

		if (mac_equal(&sender->mac, mac))
			return sender;
		if (unused == NULL && slot - sender->slot >= SLOTS)
			unused = sender;
	}
	if (unused != NULL)
		*unused = (struct sender){.mac = *mac, .slot = slot};
	return unused;
}

/* Forgets the slots that are more than a second old. */
static void
advance(struct sender *sender, uint32_t slot)
{
	if (slot - sender->slot >= SLOTS)
		memset(sender->count, 0, sizeof(sender->count));
	for (; slot - sender->slot < SLOTS && sender->slot != slot; sender->slot++)
		sender->count[(sender->slot + 1) % SLOTS] = 0;
	sender->slot = slot;
}

static bool
is_for_audit(const struct facts *facts, const struct frame *frame)
{
	const struct probe *probe = &facts->probe;

	if (frame->kind != FRAME_ARP || mac_equal(&frame->source, &probe->mac))
		return false;
	return mac_equal(&frame->destination, &probe->mac) ||
	       (address_is_set(&probe->source) && address_equal(&frame->arp.tpa, &probe->source)) ||
	       decoy_find(facts, &frame->arp.tpa) != NONE;
}

void
arp_load_hear(struct arp_load *load, const struct facts *facts, const struct heard *heard)
{
	const uint32_t slot = (uint32_t)(heard->now_us / SLOT_US);
	struct sender *sender;
	uint32_t sum = 0;

	if (!is_for_audit(facts, heard->frame))
		return;
	sender = find(load, &heard->frame->source, slot);
	if (sender == NULL)
		return;
	advance(sender, slot);
	if (sender->count[slot % SLOTS] < UINT16_MAX)
		sender->count[slot % SLOTS]++;
	for (size_t i = 0; i < SLOTS; i++)
		sum += sender->count[i];
	if (sum > load->peak)
		load->peak = sum;
}
