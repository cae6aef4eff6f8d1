/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/proxies.h"

#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"

/* Withdrawn so often, silence to ARP Probes shows nothing: further such machines are no proxies. */
#define WITHDRAWN_MAX 8

/* A machine takes addresses of others for its own if it answers for so many RIPs beside their
 * holders. Fewer are enough where it also answers for decoys: for two RIPs if it does so as often
 * as a proxy, and for a single one if it answers for all of them, at least so many. One with
 * several cards and a hundred addresses looks like neither. */
#define TAKEN_MIN    3
#define TAKEN_DECOYS 8
/* So many hosts of such a machine are looked at. */
#define TAKEN_LOOK 64

uint32_t
proxies_count(const struct facts *facts)
{
	return hosts_proxies(facts)->count;
}

const struct mac *
proxy_mac(const struct facts *facts, uint32_t proxy)
{
	return &hosts_proxies(facts)->proxy[proxy].mac;
}

static struct proxy *
find(const struct facts *facts, const struct mac *mac)
{
	struct proxies *proxies = hosts_proxies(facts);

	for (uint32_t i = 0; i < proxies->count; i++)
		if (mac_equal(&proxies->proxy[i].mac, mac))
			return &proxies->proxy[i];
	return NULL;
}

bool
proxy_is(const struct facts *facts, const struct mac *mac)
{
	return find(facts, mac) != NULL;
}

bool
proxy_takes_addresses(const struct facts *facts, const struct mac *mac)
{
	const struct proxy *proxy = find(facts, mac);

	return proxy != NULL && proxy->takes;
}

static bool
is_hidden(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t i = 0; i < host->mac_count; i++) {
		const struct proxy *proxy = find(facts, &host->mac[i]);

		if (proxy == NULL || (proxy->own == index && !proxy->shared))
			return false;
	}
	return host->mac_count > 0;
}

static void
review_hosts_of(struct facts *facts, const struct proxy *proxy)
{
	for (uint32_t host = host_find_mac(facts, &proxy->mac); host != NONE;
	     host = host_next_with_mac(facts, host, &proxy->mac))
		host_set_hidden(facts, host, is_hidden(facts, host));
}

/* One that takes addresses answers ARP Probes for all of them, so its own is one for which nobody
 * else answers. True if that is news. */
static bool
find_own(struct facts *facts, struct proxy *proxy)
{
	const struct proxy before = *proxy;

	proxy->own = NONE;
	proxy->shared = false;
	for (uint32_t host = host_find_mac(facts, &proxy->mac); host != NONE && !proxy->shared;
	     host = host_next_with_mac(facts, host, &proxy->mac)) {
		if (host_of(facts, host)->mac_count > 1 ||
		    !host_answers_probes_by(facts, host, &proxy->mac))
			continue;
		proxy->shared = proxy->own != NONE;
		proxy->own = host;
	}
	return proxy->own != before.own || proxy->shared != before.shared;
}

/* Notes for which hosts the proxy has answered ARP Probes. True if that is news. */
static bool
note_probes(struct facts *facts, struct proxy *proxy, uint32_t index)
{
	if (!host_answers_probes_by(facts, index, &proxy->mac) || proxy->own == index ||
	    proxy->shared)
		return false;
	if (proxy->takes)
		return find_own(facts, proxy);
	proxy->shared = proxy->own != NONE;
	proxy->own = index;
	return true;
}

bool
proxies_own_segment(const struct facts *facts)
{
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (host_of(facts, host)->mac_count > 0 && !proxy_hides_host(facts, host))
			return false;
	return proxies_count(facts) > 0;
}

bool
proxy_is_network(const struct facts *facts, const struct mac *mac)
{
	return proxy_is(facts, mac) && proxies_own_segment(facts);
}

static bool
speaks_for_host(struct facts *facts, const struct heard *heard)
{
	const struct host *host = host_of(facts, heard->rip_host);

	if (!proxy_is(facts, &heard->frame->arp.sha))
		return false;
	for (size_t i = 0; i < host->mac_count; i++) {
		if (proxy_is(facts, &host->mac[i]))
			continue;
		host_set_spoken_for(facts, heard->rip_host, true);
		return true;
	}
	return false;
}

bool
reply_is_of_host(struct facts *facts, const struct heard *heard)
{
	return !speaks_for_host(facts, heard) && decoy_find(facts, &heard->frame->arp.tpa) == NONE;
}

static struct news
add(struct facts *facts, const struct mac *mac, uint32_t silent_at)
{
	struct proxies *proxies = hosts_proxies(facts);
	struct proxy *proxy;

	proxy = find(facts, mac);
	if (proxy != NULL && proxy->silent_at == NONE)
		proxy->silent_at = silent_at;
	if (proxies->count == PROXIES_MAX || proxy != NULL)
		return news_none();
	proxy = &proxies->proxy[proxies->count++];
	*proxy = (struct proxy){.mac = *mac, .own = NONE, .silent_at = silent_at};
	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		note_probes(facts, proxy, host);
	review_hosts_of(facts, proxy);
	return (struct news){.kinds = NEWS_PROXY_FOUND, .mac = *mac};
}

/* The addresses for which it answered turned out to be its own. */
static struct news
withdraw(struct facts *facts, struct proxy *proxy)
{
	struct proxies *proxies = hosts_proxies(facts);
	const struct proxy gone = *proxy;

	*proxy = proxies->proxy[--proxies->count];
	review_hosts_of(facts, &gone);
	return (struct news){.kinds = NEWS_PROXY_WITHDRAWN, .mac = gone.mac};
}

struct news
proxies_hear_decoy(struct facts *facts, const struct heard *heard)
{
	const struct mac *mac = &heard->frame->arp.sha;
	struct proxy *proxy;

	if (!heard->arp || heard->request)
		return news_none();
	if (decoys_proxied_by(facts, mac, 1) >= PROXY_ANSWERS_MIN)
		return add(facts, mac, NONE);
	proxy = find(facts, mac);
	return proxy == NULL || proxy->silent_at != NONE || proxy->takes ? news_none()
									 : withdraw(facts, proxy);
}

struct news
proxies_hear_probe_answer(struct facts *facts, const struct heard *heard)
{
	const struct frame_arp *reply = &heard->frame->arp;
	struct proxy *proxy = find(facts, &reply->sha);

	if (proxy == NULL || proxy->silent_at != heard->rip_host ||
	    !probe_was_asked(&facts->probe, SPA_UNSPECIFIED, &reply->tpa))
		return news_none();
	proxy->silent_at = NONE;
	hosts_proxies(facts)->withdrawn++;
	if (proxy->takes || decoys_proxied_by(facts, &reply->sha, 1) >= PROXY_ANSWERS_MIN)
		return news_none();
	return withdraw(facts, proxy);
}

/* Whether a further machine with the host's address would have been heard to answer one of the ARP
 * Probes that the host answered. Otherwise its answers may have been lost. */
static bool
is_silent_to_probes(const struct facts *facts, uint32_t index)
{
	return loss_all_lost(&facts->loss[PATH_BROADCAST],
		   inquiry_of(facts, index)->probes_answered) <= facts->settings->confidence;
}

/* Whether several MACs answer for the host, or one answers for decoys as well, and it is not known
 * yet which answers ARP Probes for the RIP. */
static bool
is_untold(const struct facts *facts, uint32_t index)
{
	const struct inquiry *inquiry = inquiry_of(facts, index);
	const unsigned ignored = inquiry->kinds_missed & ~(unsigned)inquiry->kinds_answered;
	const struct host *host = host_of(facts, index);

	if (host->spa[SPA_UNSPECIFIED].again != 0 ||
	    (host->spa[SPA_UNSPECIFIED].macs == 0 && (ignored & 1u << SPA_UNSPECIFIED) != 0))
		return false;
	return host->mac_count > 1 ||
	       (host->mac_count == 1 && host->spa[SPA_UNSPECIFIED].macs == 0 &&
		   decoys_proxied_by(facts, host->mac, 1) >= PROXY_ANSWERS_MIN);
}

bool
proxy_may_be_found(const struct facts *facts, uint32_t index)
{
	const bool proxied = host_find_proxied(facts, index) < HOST_MACS;

	return proxies_count(facts) < PROXIES_MAX &&
	       (is_untold(facts, index) || (proxied && !is_silent_to_probes(facts, index)));
}

static bool
answers_for(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	return host_is_known_by(facts, index, mac) && host_answers_probes_by(facts, index, mac);
}

/* Whether another machine answers for this host, but for no other host of the MAC. Two cards of one
 * machine answer for each other's addresses (ARP flux). */
static bool
is_taken(const struct facts *facts, uint32_t index, const struct mac *mac)
{
	const struct host *host = host_of(facts, index);

	if (host->mac_count < 2 || !answers_for(facts, index, mac))
		return false;
	for (size_t i = 0; i < host->mac_count; i++) {
		const struct mac *other = &host->mac[i];
		uint32_t next = host_find_mac(facts, other);

		if (mac_equal(other, mac) || !answers_for(facts, index, other))
			continue;
		while (next != NONE && (next == index || !host_has_mac(facts, next, mac)))
			next = host_next_with_mac(facts, next, other);
		if (next == NONE)
			return true;
	}
	return false;
}

static bool
takes_addresses(const struct facts *facts, const struct mac *mac)
{
	const uint32_t decoys = decoys_answered_by(facts, mac, 1);
	const bool all = decoys >= TAKEN_DECOYS && decoys == decoys_count(facts);
	const uint32_t enough = all ? 1 : decoys >= PROXY_ANSWERS_MIN ? 2 : TAKEN_MIN;
	uint32_t taken = 0, looks = 0;

	for (uint32_t host = host_find_mac(facts, mac); host != NONE && looks < TAKEN_LOOK;
	     host = host_next_with_mac(facts, host, mac)) {
		looks++;
		taken += is_taken(facts, host, mac);
	}
	return taken >= enough;
}

/* The news that one of the host's MACs takes addresses of others for its own. */
static struct news
find_taker(struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);

	for (size_t i = 0; host->mac_count > 1 && i < host->mac_count; i++) {
		const struct mac mac = host->mac[i];

		if (proxy_is(facts, &mac) || !is_taken(facts, index, &mac) ||
		    !takes_addresses(facts, &mac))
			continue;
		const struct news news = add(facts, &mac, NONE);
		struct proxy *proxy = find(facts, &mac);

		if (proxy == NULL)
			return news_none();
		proxy->takes = true;
		find_own(facts, proxy);
		review_hosts_of(facts, proxy);
		return news;
	}
	return news_none();
}

/* One that has stopped answering is silent to everything, so its answers must be as many as the ARP
 * Probes, about. */
struct news
proxies_hear_reply(struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);
	const size_t proxied = host_find_proxied(facts, index);

	for (size_t i = 0; proxies_count(facts) > 0 && i < host->mac_count; i++) {
		struct proxy *proxy = find(facts, &host->mac[i]);

		if (proxy != NULL && note_probes(facts, proxy, index))
			review_hosts_of(facts, proxy);
	}
	if (proxies_count(facts) > 0)
		host_set_hidden(facts, index, is_hidden(facts, index));
	const struct news news = find_taker(facts, index);

	if (news.kinds != 0 || proxied == HOST_MACS ||
	    hosts_proxies(facts)->withdrawn == WITHDRAWN_MAX ||
	    !is_silent_to_probes(facts, index) ||
	    2 * host->mac_answers[proxied] < inquiry_of(facts, index)->probes_answered)
		return news;
	return add(facts, &host->mac[proxied], index);
}

bool
proxies_are_at_host(const struct facts *facts, uint32_t index)
{
	const struct host *host = host_of(facts, index);
	size_t proxies = 0;

	for (size_t i = 0; i < host->mac_count; i++)
		proxies += proxy_is(facts, &host->mac[i]);
	return proxies > 0 && proxies < host->mac_count;
}

void
proxies_leave_host(struct facts *facts, uint32_t index)
{
	for (size_t i = host_of(facts, index)->mac_count; i-- > 0;)
		if (proxy_is(facts, &host_of(facts, index)->mac[i]))
			hosts_forget_mac(facts, index, i);
	for (uint32_t i = 0; i < proxies_count(facts); i++)
		if (hosts_proxies(facts)->proxy[i].takes &&
		    find_own(facts, &hosts_proxies(facts)->proxy[i]))
			review_hosts_of(facts, &hosts_proxies(facts)->proxy[i]);
	host_set_hidden(facts, index, is_hidden(facts, index));
	host_set_spoken_for(facts, index, true);
}
