/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host table: RIPs and named directors of the plan, found by address or by MAC, and the MACs
 * that answer for each RIP. Several RIPs may share a MAC; host_next_with_mac() iterates over them.
 *
 * ARP has no checksum. A MAC heard only once beside others may come from a damaged frame.
 * host_has_mac() includes such a MAC, host_is_known_by() does not.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_HOSTS_H
#define ARPAUDIT_AUDIT_FACTS_HOSTS_H

#include "audit/facts/heard.h"
#include "audit/facts/news.h"

#define HOST_MACS 4 /* MACs kept for a RIP; more than one is a finding already */

#define PROXIES_MAX 16 /* MACs kept; what further proxies say counts as the hosts' */

/* A machine that answers for addresses of others; see proxies.h. */
struct proxy {
	struct mac mac;
	uint32_t own; /* the first host for which it answered an ARP Probe (SPA 0.0.0.0), or NONE */
	bool shared;  /* it did so for several hosts */
	/* The host for which it answers, but no ARP Probes, which showed it. NONE: only its answers
	 * for decoys show it, and those may be own addresses. */
	uint32_t silent_at;
	bool takes; /* it answers ARP Probes as well: it takes addresses of others for its own */
};

struct proxies {
	struct proxy proxy[PROXIES_MAX];
	uint32_t count;
	uint8_t withdrawn; /* how many answered an ARP Probe after all */
};

/* Who answered one kind of SPA. The MACs are bits 1 << place in the host's table. */
struct spa_answers {
	uint8_t macs, again; /* that answered; more than once */
	uint8_t first, last; /* the place of the first one, and of the last */
	uint8_t owed;        /* requests without an answer yet; lost ones stay */
	/* Answers beyond all requests, by another MAC than the one before, less answers that were
	 * repeated. */
	int8_t surplus;
	bool asked : 1; /* a request has left since the last answer */
	bool turns : 1; /* one has answered, then another, then the first one again */
};

struct host {
	struct address rip;
	const char *name;          /* or NULL */
	bool director;             /* named as a director */
	bool listed;               /* named as a real server */
	bool ranged;               /* but only by a range, which may hold others as well */
	bool hidden;               /* only proxies answer for it; see proxies.h */
	bool spoken_for;           /* a proxy's answers for it were not counted */
	struct mac mac[HOST_MACS]; /* in the order of their first answers */
	uint8_t mac_count;         /* 0: not heard */
	/* How often each MAC answered who-has RIP. The last place counts all further MACs. */
	uint8_t mac_answers[HOST_MACS + 1];
	struct spa_answers spa[SPA_KINDS];
	struct mac announced_by; /* the last MAC that announced the RIP, once it was heard */
	/* The SPA of the last request that it had to send, unless that was its RIP. */
	struct address asked_as;
	uint32_t next_same_mac[HOST_MACS]; /* next host with the same MAC, or NONE */
};

struct proxies *hosts_proxies(const struct facts *facts); /* for proxies.c alone */
void host_set_hidden(struct facts *facts, uint32_t host, bool hidden);
void host_set_spoken_for(struct facts *facts, uint32_t host, bool spoken_for);
bool hosts_init(struct facts *facts);
void hosts_free(struct facts *facts);

static inline uint32_t
host_count(const struct facts *facts)
{
	return facts->host_count;
}

static inline const struct host *
host_of(const struct facts *facts, uint32_t host)
{
	return &facts->host[host];
}

/* The host with that RIP; the first host with that MAC, and the next after `host`. NONE if there is
 * none. */
uint32_t host_find(const struct facts *facts, const struct address *rip);
uint32_t host_find_mac(const struct facts *facts, const struct mac *mac);
uint32_t host_next_with_mac(const struct facts *facts, uint32_t host, const struct mac *mac);
/* How many hosts have that MAC, counted up to `most`. */
uint32_t hosts_with_mac(const struct facts *facts, const struct mac *mac, uint32_t most);
/* The host becomes the first one with the MAC, which it has. */
void hosts_bring_to_front(struct facts *facts, uint32_t host, const struct mac *mac);
/* Whether the host was ever heard with that MAC, and whether it is known by it: heard more than
 * once, or not yet done with only this one, and not only a proxy's (proxies.h). */
bool host_has_mac(const struct facts *facts, uint32_t host, const struct mac *mac);
bool host_is_known_by(const struct facts *facts, uint32_t host, const struct mac *mac);
bool host_is_known(const struct facts *facts, uint32_t host); /* by any MAC */
/* Whether any host is known by the MAC. */
bool host_any_is_known_by(const struct facts *facts, const struct mac *mac);
/* The first host that is known by the MAC, or NONE. */
uint32_t host_find_known_by(const struct facts *facts, const struct mac *mac);
/* Whether the MAC has answered an ARP Probe (SPA 0.0.0.0) for the host's RIP. A Linux proxy never
 * does. */
bool host_answers_probes_by(const struct facts *facts, uint32_t host, const struct mac *mac);
/*
 * Whether two MACs answered the same kind of SPA, each more than once:
 *
 *	rival   by turns, and more often than they were asked, so both have answered one request
 *	turns   by turns, but perhaps as one machine (balance-alb)
 *	moved   one after the other: the RIP has moved
 */
bool host_has_rival(const struct facts *facts, uint32_t host);
bool host_takes_turns(const struct facts *facts, uint32_t host);
bool host_has_moved(const struct facts *facts, uint32_t host);
/* The MAC that announced the RIP last, once the host was heard; NULL: none, or the host is known by
 * it. */
const struct mac *host_announced_elsewhere(const struct facts *facts, uint32_t host);

/* The place of a MAC that may be a proxy's, or HOST_MACS: it answers for the host again and again,
 * but no ARP Probe, while one other MAC answers for the host in every way. A bond that balances by
 * asker has no such pair. */
size_t host_find_proxied(const struct facts *facts, uint32_t host);

/* The host has answered or asked with that MAC. NEWS_MAC_LEARNT if the MAC is new. */
struct news hosts_learn_mac(struct facts *facts, uint32_t host, const struct mac *mac);
/* Counts the answer. NEWS_MAC_COUNTED if the host may be known by other MACs now. */
struct news hosts_count_mac(struct facts *facts, uint32_t host, const struct mac *mac);
/* Records a who-has that has left, if it asks for a RIP. */
void hosts_note_question(struct facts *facts, const struct frame *question);
/*
 * Records a reply for the host's RIP after its MAC was counted. True if this MAC was the first to
 * answer the kind of SPA, so that all answers count that come from one machine: a bond that
 * balances received traffic answers each asker from a MAC of its own. Where several MACs take
 * turns, each counts that answers ARP Probes, too: rip-unique does not pass then.
 */
bool hosts_hear_reply(struct facts *facts, uint32_t host, const struct frame_arp *reply);
/* The MAC announces the host's RIP (gratuitous ARP). */
void hosts_hear_announcement(struct facts *facts, uint32_t host, const struct mac *mac);
/* The host loses the MAC at that place: it is another machine's. */
void hosts_forget_mac(struct facts *facts, uint32_t host, size_t place);
/* Records that the host sent a request with that SPA. False if the SPA is neither its RIP nor the
 * SPA before, because one bit of the frame may be damaged. */
bool hosts_hear_sender(struct facts *facts, uint32_t host, const struct address *spa);

#endif
