/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/sightings.h"

#include <stdlib.h>

#include "watch/double_answers.h"

#define ALTERNATES_US UINT64_C(60000000)

/* Of a host. */
struct seen {
	struct mac mac, former; /* mac_zero: none */
	uint64_t mac_us, former_us;
	struct mac asker; /* of the last answer */
	uint64_t answer_us;
	struct double_answers together; /* by both MACs, to one asker at once */
	bool duplicate;
};

struct sightings {
	size_t count;
	struct seen seen[];
};

struct sightings *
sightings_new(const struct facts *facts)
{
	return calloc(1, sizeof(struct sightings) + host_count(facts) * sizeof(struct seen));
}

void
sightings_free(struct sightings *sightings)
{
	free(sightings);
}

static size_t
place_of(const struct host *host, const struct mac *mac)
{
	size_t place = 0;

	while (place < host->mac_count && !mac_equal(&host->mac[place], mac))
		place++;
	return place;
}

/* Requests are counted as the host's answers (hosts_count_mac()); replies are only learnt. */
bool
sighting_is_own(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	const struct host *host = host_of(facts, index);
	const size_t place = place_of(host, mac);

	if (place == host->mac_count)
		return false;
	return host->mac_answers[place] > 0 ||
	       (host->mac_count == 1 && host_find_mac(facts, mac) == index &&
		   host_next_with_mac(facts, index, mac) == NONE);
}

/* An own host of the MAC is the first one with it, and a listed one if there is any: a MAC may be
 * heard for all hosts, and looking through them would take too long for each claim. */
static unsigned
rank(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	const struct host *host = host_of(facts, index);

	if (host->mac_answers[place_of(host, mac)] == 0)
		return 0;
	return host->listed ? 2 : 1;
}

static void
keep_in_front(struct facts *facts, uint32_t host, const struct mac *mac)
{
	if (rank(facts, host, mac) > rank(facts, host_find_mac(facts, mac), mac))
		hosts_bring_to_front(facts, host, mac);
}

void
sighting_learn(struct facts *facts, const struct heard *heard)
{
	const struct mac *mac = &heard->frame->arp.sha;
	const uint32_t first = host_find_mac(facts, mac);

	(void)hosts_learn_mac(facts, heard->rip_host, mac);
	if (!host_has_mac(facts, heard->rip_host, mac))
		return;
	if (heard->request)
		(void)hosts_count_mac(facts, heard->rip_host, mac);
	if (first != NONE)
		keep_in_front(facts, first, mac);
	keep_in_front(facts, heard->rip_host, mac);
}

static uint32_t
find(const struct facts *facts, const struct mac *mac, bool listed)
{
	const uint32_t host = host_find_mac(facts, mac);

	return host == NONE || !sighting_is_own(facts, host, mac) ||
		       (listed && !host_of(facts, host)->listed)
		   ? NONE
		   : host;
}

uint32_t
sighting_find_own(const struct facts *facts, const struct mac *mac)
{
	return find(facts, mac, false);
}

uint32_t
sighting_find_server(const struct facts *facts, const struct mac *mac)
{
	return find(facts, mac, true);
}

/* Whether both MACs answered one asker at once. */
static bool
is_together(const struct seen *seen, const struct heard *heard)
{
	return !heard->request && mac_equal(&seen->asker, &heard->frame->arp.tha) &&
	       heard->now_us < seen->answer_us + TOGETHER_US;
}

enum sighting
sightings_hear(
    struct sightings *sightings, uint32_t host, const struct heard *heard, struct mac *former)
{
	struct seen *seen = &sightings->seen[host];
	const struct mac *mac = &heard->frame->arp.sha;
	const bool other = !mac_equal(&seen->mac, mac) && !mac_equal(&seen->mac, &mac_zero);
	const bool returns = other && mac_equal(&seen->former, mac) &&
			     heard->now_us < seen->former_us + ALTERNATES_US;
	enum sighting sighting = SIGHTING_NOTHING;

	if (other) {
		*former = seen->mac;
		sighting = returns ? SIGHTING_ALTERNATES : SIGHTING_MOVED;
		if (is_together(seen, heard))
			double_answers_count(&seen->together, heard->now_us);
		if (double_answers_suffice(&seen->together, heard->now_us)) {
			sighting = SIGHTING_DUPLICATE;
			seen->duplicate = true;
		}
		seen->former = seen->mac;
		seen->former_us = seen->mac_us;
	}
	seen->mac = *mac;
	seen->mac_us = heard->now_us;
	if (!heard->request) {
		seen->asker = heard->frame->arp.tha;
		seen->answer_us = heard->now_us;
	}
	return sighting;
}

bool
sightings_show_duplicate(const struct sightings *sightings, uint32_t host)
{
	return sightings->seen[host].duplicate;
}
