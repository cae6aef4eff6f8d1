/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MACs that use each RIP, as far as listening tells.
 *
 * An audit asks a host for its RIP. A watch hears the host when it asks for others, announces
 * itself, or answers somebody. A request with the RIP as its SPA comes from the host itself. A
 * reply may come from a proxy, so the MAC of replies alone is the host's own only if no other MAC
 * uses the RIP and no other host has the MAC.
 *
 * Two MACs at the same time are two machines, one machine with two interfaces (ARP flux), a bond
 * that balances, or a proxy. Only the answers to one question tell a duplicate from a bond: a bond
 * answers each asker with one MAC.
 */
#ifndef ARPAUDIT_WATCH_SIGHTINGS_H
#define ARPAUDIT_WATCH_SIGHTINGS_H

#include "audit/facts/hosts.h"

/* The host of the frame's SPA is learnt to have the frame's SHA. */
void sighting_learn(struct facts *facts, const struct heard *heard);
/* Whether the host is known to send with the MAC as its own. */
bool sighting_is_own(const struct facts *facts, uint32_t host, const struct mac *mac);
/* A host that is, or a listed one; NONE if there is none. */
uint32_t sighting_find_own(const struct facts *facts, const struct mac *mac);
uint32_t sighting_find_server(const struct facts *facts, const struct mac *mac);

struct sightings;
struct sightings *sightings_new(const struct facts *facts); /* NULL: out of memory */
void sightings_free(struct sightings *sightings);

enum sighting {
	SIGHTING_NOTHING = 0, /* the same MAC as before */
	SIGHTING_MOVED,       /* another one */
	SIGHTING_ALTERNATES,  /* another one, and the one before within a minute */
	SIGHTING_DUPLICATE,   /* two have answered the same questions, again and again */
};

/* An ARP frame with the host's RIP as SPA, which hosts.h has learnt from. Sets `former` to the
 * other MAC, unless it is SIGHTING_NOTHING. */
enum sighting sightings_hear(
    struct sightings *sightings, uint32_t host, const struct heard *heard, struct mac *former);
/* Whether it was ever SIGHTING_DUPLICATE. */
bool sightings_show_duplicate(const struct sightings *sightings, uint32_t host);

#endif
