/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/decoys_pool.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

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

	decoys_note_heard(facts, address);
	if (decoy == NONE)
		return news_none();
	if (heard->arp)
		decoy_note_answer(facts, decoy, &frame->arp.sha, is_by_holder(facts, heard));
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
