/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host table: the plan's RIPs and named directors, by address and by MAC.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/engine.h"

/* Open addressing with linear probing: no allocation after the start, and a table that is at most
 * half full. */
struct host_index {
	uint32_t mask;
	uint32_t first[]; /* slot to host, NONE: free */
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

/* The slot with this RIP, or the free one where it belongs. Neighbours, which are audited one after
 * the other, are neighbours here as well. */
static uint32_t
rip_slot(const struct audit *audit, const struct address *rip)
{
	const struct host_index *index = audit->rips;
	const size_t last = rip->family == ADDRESS_IPV6 ? 15 : 3;
	uint32_t slot = (hash(rip->octet, last) + rip->octet[last]) & index->mask;

	while (index->first[slot] != NONE &&
	       !address_equal(&audit->hosts[index->first[slot]].rip, rip))
		slot = (slot + 1) & index->mask;
	return slot;
}

static bool
index_init(struct audit *audit)
{
	audit->macs = index_new(HOST_MACS * audit->host_count);
	audit->rips = index_new(audit->host_count);
	if (audit->macs == NULL || audit->rips == NULL)
		return false;
	for (uint32_t i = 0; i < audit->host_count; i++)
		audit->rips->first[rip_slot(audit, &audit->hosts[i].rip)] = i;
	return true;
}

static int
compare_hosts(const void *a, const void *b)
{
	return address_compare(&((const struct host *)a)->rip, &((const struct host *)b)->rip);
}

static uint32_t
find_sorted(const struct audit *audit, const struct address *rip)
{
	const struct host key = {.rip = *rip};
	const struct host *host =
	    bsearch(&key, audit->hosts, audit->host_count, sizeof(*audit->hosts), compare_hosts);

	return host == NULL ? NONE : (uint32_t)(host - audit->hosts);
}

/* Directors named by an address are hosts too: that tells their MAC. */
static void
fill(struct audit *audit)
{
	const struct plan_cluster *cluster = audit->cluster;

	for (size_t i = 0; i < cluster->host_count; i++)
		audit->hosts[audit->host_count++] = (struct host){
		    .rip = cluster->hosts[i].rip,
		    .name = cluster->hosts[i].name,
		    .listed = !cluster->discover,
		};
	qsort(audit->hosts, audit->host_count, sizeof(*audit->hosts), compare_hosts);
	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct plan_director *director = &cluster->directors[i];

		if (!address_is_set(&director->address))
			continue;
		uint32_t host = find_sorted(audit, &director->address);

		if (host == NONE) {
			host = audit->host_count++;
			audit->hosts[host] = (struct host){.rip = director->address};
		}
		audit->hosts[host].director = true;
		if (director->name != NULL)
			audit->hosts[host].name = director->name;
		qsort(audit->hosts, audit->host_count, sizeof(*audit->hosts), compare_hosts);
	}
}

bool
hosts_init(struct audit *audit)
{
	const size_t capacity = audit->cluster->host_count + audit->cluster->director_count;

	audit->hosts = calloc(capacity + 1, sizeof(*audit->hosts));
	if (audit->hosts == NULL)
		return false;
	fill(audit);
	for (uint32_t i = 0; i < audit->host_count; i++) {
		for (size_t k = 0; k < HOST_MACS; k++)
			audit->hosts[i].next_same_mac[k] = NONE;
		audit->hosts[i].attempt_decoy = NONE;
		audit->hosts[i].fence_spa = SPA_UNSPECIFIED;
		audit->hosts[i].decoy_first = (uint32_t)random_next(&audit->random);
	}
	audit->pairs =
	    calloc((size_t)audit->host_count * audit->vip_count + 1, sizeof(*audit->pairs));
	return audit->pairs != NULL && index_init(audit);
}

void
hosts_free(struct audit *audit)
{
	free(audit->hosts);
	free(audit->pairs);
	free(audit->macs);
	free(audit->rips);
}

double
host_all_lost(const struct audit *audit, uint32_t index, uint32_t unicast, uint32_t broadcast)
{
	const struct host *host = index == NONE ? NULL : &audit->hosts[index];
	const double pooled = loss_all_lost(&audit->loss[PATH_UNICAST], unicast) *
			      loss_all_lost(&audit->loss[PATH_BROADCAST], broadcast);

	if (host == NULL || host->missed == 0)
		return pooled;
	const struct loss own = {.answered = host->answered, .lost = host->missed};
	const double alone = loss_all_lost(&own, unicast + broadcast);

	return alone > pooled ? alone : pooled;
}

double
hosts_all_lost_at_best(const struct audit *audit, uint32_t unicast)
{
	const uint64_t answered = (uint64_t)audit->host_count * unicast;
	struct loss loss = audit->loss[PATH_UNICAST];

	if (loss.answered < answered)
		loss.answered = answered;
	return loss_all_lost(&loss, unicast);
}

uint32_t
host_broadcast_silences(const struct audit *audit, uint32_t host)
{
	return audit->hosts[host].vips_last - audit->hosts[host].vips_first;
}

uint32_t
host_find(const struct audit *audit, const struct address *rip)
{
	return audit->rips->first[rip_slot(audit, rip)];
}

/* The place of a MAC among the host's own, HOST_MACS when it is none of them. */
static size_t
mac_place(const struct host *host, const struct mac *mac)
{
	for (size_t i = 0; i < host->mac_count; i++)
		if (mac_equal(&host->mac[i], mac))
			return i;
	return HOST_MACS;
}

bool
host_has_mac(const struct host *host, const struct mac *mac)
{
	return mac_place(host, mac) < HOST_MACS;
}

bool
host_is_known_by(const struct host *host, const struct mac *mac)
{
	const size_t place = mac_place(host, mac);

	/* A sound host that is done has answered twice at the least. */
	return place < HOST_MACS && (host->mac_answers[place] > 1 ||
					(host->mac_count == 1 && host->stage != STAGE_DONE));
}

bool
host_is_known(const struct host *host)
{
	for (size_t i = 0; i < host->mac_count; i++)
		if (host_is_known_by(host, &host->mac[i]))
			return true;
	return false;
}

/* The slot with this MAC, or the free one where it belongs. */
static uint32_t
mac_slot(const struct audit *audit, const struct mac *mac)
{
	const struct host_index *index = audit->macs;
	uint32_t slot = hash(mac->octet, sizeof(mac->octet)) & index->mask;

	while (index->first[slot] != NONE && !host_has_mac(&audit->hosts[index->first[slot]], mac))
		slot = (slot + 1) & index->mask;
	return slot;
}

uint32_t
host_find_mac(const struct audit *audit, const struct mac *mac)
{
	return audit->macs->first[mac_slot(audit, mac)];
}

uint32_t
host_next_with_mac(const struct audit *audit, uint32_t host, const struct mac *mac)
{
	const size_t place = mac_place(&audit->hosts[host], mac);

	return place < HOST_MACS ? audit->hosts[host].next_same_mac[place] : NONE;
}

/* Each MAC has a chain of its own through the hosts that have it; the new one goes to its front. */
static void
add_mac(struct audit *audit, uint32_t host, const struct mac *mac)
{
	struct host *added = &audit->hosts[host];

	if (added->mac_count == HOST_MACS || host_has_mac(added, mac))
		return;
	const uint32_t slot = mac_slot(audit, mac);

	added->next_same_mac[added->mac_count] = audit->macs->first[slot];
	audit->macs->first[slot] = host;
	added->mac[added->mac_count++] = *mac;
	claim_host_found(audit, host, mac);
}

/* What the host is known by has changed, and so may have who is a director. */
static void
count_mac(struct audit *audit, struct host *host, size_t place)
{
	if (host->mac_answers[place] < UINT8_MAX)
		host->mac_answers[place]++;
	if (host->mac_answers[place] > 2)
		return;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		audit->vips[vip].director_known = false;
		handover_review(audit, vip);
	}
}

/* What answers no question of ours may come from anybody: it counts as answering all of them. */
bool
host_answered(struct audit *audit, uint32_t index, const struct frame_arp *reply)
{
	struct host *host = &audit->hosts[index];
	bool asked = false, first = false;

	add_mac(audit, index, &reply->sha);
	const size_t place = mac_place(host, &reply->sha);

	count_mac(audit, host, place);
	for (unsigned kind = 0; kind < SPA_KINDS; kind++)
		asked = asked || probe_was_asked(audit, (enum spa_kind)kind, &reply->tpa);
	for (unsigned kind = 0; kind < SPA_KINDS; kind++) {
		if (asked && !probe_was_asked(audit, (enum spa_kind)kind, &reply->tpa))
			continue;
		if (host->spa_macs[kind] == 0)
			host->spa_first[kind] = (uint8_t)place;
		host->spa_again[kind] |= (uint8_t)(host->spa_macs[kind] & 1u << place);
		host->spa_macs[kind] |= (uint8_t)(1u << place);
		first = first || host->spa_first[kind] == place;
	}
	return first;
}

void
host_asked(struct audit *audit, const struct frame_arp *arp)
{
	const uint32_t index = host_find(audit, &arp->spa);
	struct host *host = index == NONE ? NULL : &audit->hosts[index];

	if (host != NULL && arp->operation == ARP_REQUEST && host->attempt_out &&
	    host->attempt_source && host->attempt_decoy != NONE &&
	    address_equal(attempt_address(audit, host), &arp->tpa)) {
		add_mac(audit, index, &arp->sha);
		count_mac(audit, host, mac_place(host, &arp->sha));
	}
}

bool
host_has_rival(const struct host *host)
{
	for (size_t kind = 0; kind < SPA_KINDS; kind++) {
		unsigned answering = 0;

		for (size_t place = 0; place <= HOST_MACS; place++)
			answering += host->spa_again[kind] >> place & 1;
		if (answering > 1)
			return true;
	}
	return false;
}
