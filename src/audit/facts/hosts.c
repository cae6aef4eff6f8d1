/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/hosts.h"

#include <assert.h>
#include <stdlib.h>

#include "audit/facts/inquiries.h"

/* A hash table with open addressing and linear probing. It is at most half full, and needs no
 * allocation after the start. */
struct host_index {
	uint32_t mask;
	uint32_t first[]; /* host in each slot; NONE: free */
};

struct hosts {
	struct host *host; /* sorted by RIP */
	uint32_t count;
	struct host_index *rips, *macs;
	struct proxies proxies;
	uint32_t answers, repeats; /* of hosts with one MAC: for RIPs; those that were repeated */
};

static uint32_t
hash(const uint8_t *octets, size_t count)
{
	uint32_t value = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < count; i++)
		value = (value ^ octets[i]) * 16777619u;
	return value;
}

static struct host_index *
index_new(uint32_t entries)
{
	struct host_index *index;
	uint32_t size = 16;

	while (size < 2 * entries)
		size *= 2;
	index = malloc(sizeof(*index) + size * sizeof(index->first[0]));
	if (index == NULL)
		return NULL;
	index->mask = size - 1;
	for (uint32_t i = 0; i < size; i++)
		index->first[i] = NONE;
	return index;
}

/* The slot with this RIP, or the free slot for it. The last octet is added to the hash of the
 * others, so consecutive addresses, which are audited one after the other, get adjacent slots. */
static uint32_t
rip_slot(const struct hosts *hosts, const struct address *rip)
{
	const struct host_index *index = hosts->rips;
	const size_t last = rip->family == ADDRESS_IPV6 ? 15 : 3;
	uint32_t slot = (hash(rip->octet, last) + rip->octet[last]) & index->mask;

	while (
	    index->first[slot] != NONE && !address_equal(&hosts->host[index->first[slot]].rip, rip))
		slot = (slot + 1) & index->mask;
	return slot;
}

static bool
index_init(struct hosts *hosts)
{
	hosts->macs = index_new(HOST_MACS * hosts->count);
	hosts->rips = index_new(hosts->count);
	if (hosts->macs == NULL || hosts->rips == NULL)
		return false;
	for (uint32_t i = 0; i < hosts->count; i++)
		hosts->rips->first[rip_slot(hosts, &hosts->host[i].rip)] = i;
	return true;
}

static int
compare_hosts(const void *a, const void *b)
{
	return address_compare(&((const struct host *)a)->rip, &((const struct host *)b)->rip);
}

static void
sort(struct hosts *hosts)
{
	qsort(hosts->host, hosts->count, sizeof(*hosts->host), compare_hosts);
}

static struct host *
find_sorted(const struct hosts *hosts, const struct address *rip)
{
	const struct host key = {.rip = *rip};

	return bsearch(&key, hosts->host, hosts->count, sizeof(*hosts->host), compare_hosts);
}

/* A director named by address becomes a host too, so that the engine learns its MAC. */
static void
add_director(struct hosts *hosts, const struct plan_director *director)
{
	struct host *host;

	if (!address_is_set(&director->address))
		return;
	host = find_sorted(hosts, &director->address);
	if (host == NULL) {
		host = &hosts->host[hosts->count++];
		*host = (struct host){.rip = director->address};
	}
	host->director = true;
	if (director->name != NULL)
		host->name = director->name;
	sort(hosts);
}

static void
fill(struct hosts *hosts, const struct plan_cluster *cluster)
{
	for (size_t i = 0; i < cluster->host_count; i++)
		hosts->host[hosts->count++] = (struct host){
		    .rip = cluster->hosts[i].rip,
		    .name = cluster->hosts[i].name,
		    .listed = !cluster->discover,
		    .ranged = cluster->hosts[i].ranged,
		};
	sort(hosts);
	for (size_t i = 0; i < cluster->director_count; i++)
		add_director(hosts, &cluster->directors[i]);
	for (uint32_t i = 0; i < hosts->count; i++)
		for (size_t k = 0; k < HOST_MACS; k++)
			hosts->host[i].next_same_mac[k] = NONE;
}

bool
hosts_init(struct facts *facts)
{
	const size_t capacity = facts->cluster->host_count + facts->cluster->director_count;
	struct hosts *hosts = calloc(1, sizeof(*hosts));

	facts->hosts = hosts;
	if (hosts == NULL)
		return false;
	hosts->host = calloc(capacity + 1, sizeof(*hosts->host));
	if (hosts->host == NULL)
		return false;
	fill(hosts, facts->cluster);
	facts->host = hosts->host;
	facts->host_count = hosts->count;
	return index_init(hosts);
}

void
hosts_free(struct facts *facts)
{
	struct hosts *hosts = facts->hosts;

	if (hosts == NULL)
		return;
	free(hosts->host);
	free(hosts->macs);
	free(hosts->rips);
	free(hosts);
}

struct proxies *
hosts_proxies(const struct facts *facts)
{
	return &facts->hosts->proxies;
}

void
host_set_hidden(struct facts *facts, uint32_t host, bool hidden)
{
	facts->hosts->host[host].hidden = hidden;
}

void
host_set_spoken_for(struct facts *facts, uint32_t host, bool spoken_for)
{
	facts->hosts->host[host].spoken_for = spoken_for;
}

uint32_t
host_find(const struct facts *facts, const struct address *rip)
{
	return facts->hosts->rips->first[rip_slot(facts->hosts, rip)];
}

/* The MAC's index among the host's, or HOST_MACS. */
static size_t
mac_place(const struct host *host, const struct mac *mac)
{
	for (size_t i = 0; i < host->mac_count; i++)
		if (mac_equal(&host->mac[i], mac))
			return i;
	return HOST_MACS;
}

bool
host_has_mac(const struct facts *facts, uint32_t host, const struct mac *mac)
{
	return mac_place(host_of(facts, host), mac) < HOST_MACS;
}

bool
host_answers_probes_by(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	const struct host *host = host_of(facts, index);
	const size_t place = mac_place(host, mac);

	return place < HOST_MACS && (host->spa[SPA_UNSPECIFIED].macs >> place & 1) != 0;
}

size_t
host_find_proxied(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);
	const struct spa_answers *probes = &host->spa[SPA_UNSPECIFIED];
	const unsigned asked = host->spa[SPA_SOURCE].again;
	size_t own = 0, proxied = HOST_MACS;

	for (size_t i = 0; host->mac_count > 1 && i < host->mac_count; i++) {
		own += asked & probes->again & 1u << i ? 1 : 0;
		if ((asked & ~(unsigned)probes->macs & 1u << i) != 0)
			proxied = i;
	}
	return own == 1 ? proxied : HOST_MACS;
}

bool
host_is_known_by(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	const struct host *host = host_of(facts, index);
	const size_t place = mac_place(host, mac);

	if (host->hidden)
		return false;
	/* A sound host has answered at least twice when it is done. So one answer is enough only
	 * before. */
	return place < HOST_MACS &&
	       (host->mac_answers[place] > 1 ||
		   (host->mac_count == 1 && inquiry_of(facts, index)->stage != STAGE_DONE));
}

bool
host_is_known(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t i = 0; i < host->mac_count; i++)
		if (host_is_known_by(facts, index, &host->mac[i]))
			return true;
	return false;
}

/* The slot with this MAC, or the free slot for it. As with RIPs, consecutive ones are adjacent. */
static uint32_t
mac_slot(const struct hosts *hosts, const struct mac *mac)
{
	const struct host_index *index = hosts->macs;
	const size_t last = sizeof(mac->octet) - 1;
	uint32_t slot = (hash(mac->octet, last) + mac->octet[last]) & index->mask;

	while (index->first[slot] != NONE &&
	       mac_place(&hosts->host[index->first[slot]], mac) == HOST_MACS)
		slot = (slot + 1) & index->mask;
	return slot;
}

uint32_t
host_find_mac(const struct facts *facts, const struct mac *mac)
{
	return facts->hosts->macs->first[mac_slot(facts->hosts, mac)];
}

uint32_t
host_next_with_mac(const struct facts *facts, uint32_t host, const struct mac *mac)
{
	const size_t place = mac_place(host_of(facts, host), mac);

	return place < HOST_MACS ? host_of(facts, host)->next_same_mac[place] : NONE;
}

uint32_t
hosts_with_mac(const struct facts *facts, const struct mac *mac, uint32_t most)
{
	uint32_t host = host_find_mac(facts, mac), count = 0;

	for (; host != NONE && count < most; count++)
		host = host_next_with_mac(facts, host, mac);
	return count;
}

void
hosts_bring_to_front(struct facts *facts, uint32_t index, const struct mac *mac)
{
	struct hosts *hosts = facts->hosts;
	uint32_t *first = &hosts->macs->first[mac_slot(hosts, mac)];
	uint32_t *link = first;

	while (*link != index)
		link = &hosts->host[*link].next_same_mac[mac_place(&hosts->host[*link], mac)];
	uint32_t *next = &hosts->host[index].next_same_mac[mac_place(&hosts->host[index], mac)];

	*link = *next;
	*next = *first;
	*first = index;
}

uint32_t
host_find_known_by(const struct facts *facts, const struct mac *mac)
{
	uint32_t host = host_find_mac(facts, mac);

	while (host != NONE && !host_is_known_by(facts, host, mac))
		host = host_next_with_mac(facts, host, mac);
	return host;
}

bool
host_any_is_known_by(const struct facts *facts, const struct mac *mac)
{
	return host_find_known_by(facts, mac) != NONE;
}

/* The hosts with the same MAC form a list. The new host goes to its front. The slot must be looked
 * up before the host has the MAC. */
static void
enter_mac(struct hosts *hosts, uint32_t index, const struct mac *mac)
{
	struct host *host = &hosts->host[index];
	const uint32_t slot = mac_slot(hosts, mac);

	host->next_same_mac[host->mac_count] = hosts->macs->first[slot];
	hosts->macs->first[slot] = index;
	host->mac[host->mac_count++] = *mac;
}

struct news
hosts_learn_mac(struct facts *facts, uint32_t host, const struct mac *mac)
{
	const struct host *added = host_of(facts, host);

	if (added->mac_count == HOST_MACS || mac_place(added, mac) < HOST_MACS)
		return news_none();
	enter_mac(facts->hosts, host, mac);
	return (struct news){.kinds = NEWS_MAC_LEARNT, .host = host, .mac = *mac};
}

/* Linear probing cannot free a slot, so the index is made again. That is rare. */
static void
enter_all_macs(struct hosts *hosts)
{
	for (uint32_t i = 0; i <= hosts->macs->mask; i++)
		hosts->macs->first[i] = NONE;
	for (uint32_t i = 0; i < hosts->count; i++) {
		const struct host host = hosts->host[i];

		hosts->host[i].mac_count = 0;
		for (size_t place = 0; place < host.mac_count; place++)
			enter_mac(hosts, i, &host.mac[place]);
	}
}

/* The bits without that of `place`; those above it move down by one. */
static uint8_t
without(uint8_t bits, size_t place)
{
	const unsigned below = bits & ((1u << place) - 1);

	return (uint8_t)(below | (unsigned)bits >> (place + 1) << place);
}

static void
forget_place(struct spa_answers *spa, size_t place)
{
	spa->macs = without(spa->macs, place);
	spa->again = without(spa->again, place);
	spa->turns = false;
	spa->surplus = 0;
	spa->last = (uint8_t)(HOST_MACS + 1); /* not known */
	if (spa->first > place)
		spa->first--;
	else if (spa->first == place) /* the next one that has answered */
		for (spa->first = 0;
		     spa->macs >> spa->first > 1 && (spa->macs >> spa->first & 1) == 0;)
			spa->first++;
}

void
hosts_forget_mac(struct facts *facts, uint32_t index, size_t place)
{
	struct host *host = &facts->hosts->host[index];

	host->mac_count--;
	for (size_t i = place; i < host->mac_count; i++) {
		host->mac[i] = host->mac[i + 1];
		host->mac_answers[i] = host->mac_answers[i + 1];
	}
	host->mac_answers[host->mac_count] = 0;
	for (size_t kind = 0; kind < SPA_KINDS; kind++)
		forget_place(&host->spa[kind], place);
	enter_all_macs(facts->hosts);
}

struct news
hosts_count_mac(struct facts *facts, uint32_t index, const struct mac *mac)
{
	struct host *host = &facts->hosts->host[index];
	const size_t place = mac_place(host, mac);

	if (host->mac_answers[place] < UINT8_MAX)
		host->mac_answers[place]++;
	if (host->mac_answers[place] > 2)
		return news_none();
	return (struct news){.kinds = NEWS_MAC_COUNTED, .host = index, .mac = *mac};
}

void
hosts_note_question(struct facts *facts, const struct frame *question)
{
	const struct frame_arp *arp = &question->arp;
	uint32_t index;

	if (question->kind != FRAME_ARP || arp->operation != ARP_REQUEST ||
	    (index = host_find(facts, &arp->tpa)) == NONE)
		return;
	for (unsigned kind = 0; kind < SPA_KINDS; kind++) {
		struct spa_answers *spa = &facts->hosts->host[index].spa[kind];

		if (!probe_was_asked(&facts->probe, (enum spa_kind)kind, &arp->spa))
			continue;
		spa->asked = true;
		if (spa->owed < UINT8_MAX)
			spa->owed++;
	}
}

/* A single surplus may be an answer that was late. */
#define SURPLUS_MIN 2

/*
 * Whether the MACs that answer may be one machine's, as with balance-alb. That has one answer for
 * each request, but when an asker gets another port, Linux repeats the answer, twice at a time
 * (rlb_update_client()). So what is repeated counts against the surplus.
 */
static bool
is_perhaps_one(const struct spa_answers *spa)
{
	return spa->turns && spa->surplus < SURPLUS_MIN;
}

/* Whether the network itself repeats frames: then repeats tell nothing of a host. */
static bool
network_repeats(const struct hosts *hosts)
{
	return hosts->repeats * 3 >= hosts->answers && hosts->repeats > 0;
}

/* An answer to a request of the probe. */
static void
count_surplus(struct hosts *hosts, const struct host *host, struct spa_answers *spa, size_t place)
{
	const bool other = spa->macs != 0 && spa->last != place;
	const bool repeat = spa->macs != 0 && spa->last == place && !spa->asked;

	if (host->mac_count == 1) {
		hosts->answers++;
		hosts->repeats += repeat ? 1 : 0;
	}
	if (repeat && spa->surplus > INT8_MIN && !network_repeats(hosts))
		spa->surplus--;
	if (other && spa->owed == 0 && spa->surplus < INT8_MAX)
		spa->surplus++;
	if (spa->owed > 0)
		spa->owed--;
	spa->asked = false;
}

static void
hear_answer(struct spa_answers *spa, size_t place)
{
	const uint8_t mac = (uint8_t)(1u << place);

	if (spa->macs == 0)
		spa->first = (uint8_t)place;
	spa->again |= spa->macs & mac;
	/* A single damaged frame in between is no turn. */
	spa->turns = spa->turns || ((spa->macs & mac) != 0 && spa->last != place &&
				       (spa->again & 1u << spa->last) != 0);
	spa->last = (uint8_t)place;
	spa->macs |= mac;
}

/* Whether the answers of that MAC count as those of the first one. A proxy, which answers no ARP
 * Probe, is another machine. */
static bool
is_perhaps_of_first(const struct host *host, unsigned kind, size_t place)
{
	return host->spa[kind].first == place ||
	       (is_perhaps_one(&host->spa[kind]) &&
		   (host->spa[SPA_UNSPECIFIED].macs >> place & 1) != 0);
}

/* A reply that answers no question of the probe may have any cause. It counts as an answer to each
 * kind of question. */
bool
hosts_hear_reply(struct facts *facts, uint32_t index, const struct frame_arp *reply)
{
	struct host *host = &facts->hosts->host[index];
	const size_t place = mac_place(host, &reply->sha);
	bool asked = false, first = false;

	for (unsigned kind = 0; kind < SPA_KINDS; kind++)
		asked = asked || probe_was_asked(&facts->probe, (enum spa_kind)kind, &reply->tpa);
	for (unsigned kind = 0; kind < SPA_KINDS; kind++) {
		if (asked && !probe_was_asked(&facts->probe, (enum spa_kind)kind, &reply->tpa))
			continue;
		if (asked)
			count_surplus(facts->hosts, host, &host->spa[kind], place);
		hear_answer(&host->spa[kind], place);
		first = first || is_perhaps_of_first(host, kind, place);
	}
	return first;
}

bool
hosts_hear_sender(struct facts *facts, uint32_t index, const struct address *spa)
{
	struct host *host = &facts->hosts->host[index];
	const bool again = address_equal(&host->asked_as, spa);

	if (address_equal(&host->rip, spa))
		return true;
	host->asked_as = *spa;
	return again;
}

/* Whether several MACs answered this kind of SPA, each more than once; and by turns. */
static bool
several_answered(const struct spa_answers *spa)
{
	return (spa->again & (spa->again - 1)) != 0;
}

static bool
several_took_turns(const struct spa_answers *spa)
{
	return several_answered(spa) && spa->turns;
}

bool
host_has_rival(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t kind = 0; kind < SPA_KINDS; kind++)
		if (several_took_turns(&host->spa[kind]) && !is_perhaps_one(&host->spa[kind]))
			return true;
	return false;
}

bool
host_takes_turns(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t kind = 0; kind < SPA_KINDS; kind++)
		if (several_took_turns(&host->spa[kind]))
			return true;
	return false;
}

bool
host_has_moved(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	if (host_takes_turns(facts, index))
		return false;
	for (size_t kind = 0; kind < SPA_KINDS; kind++)
		if (several_answered(&host->spa[kind]))
			return true;
	return false;
}

void
hosts_hear_announcement(struct facts *facts, uint32_t index, const struct mac *mac)
{
	struct host *host = &facts->hosts->host[index];

	if (host->mac_count > 0)
		host->announced_by = *mac;
}

const struct mac *
host_announced_elsewhere(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	return mac_equal(&host->announced_by, &mac_zero) ||
		       host_is_known_by(facts, index, &host->announced_by)
		   ? NULL
		   : &host->announced_by;
}
