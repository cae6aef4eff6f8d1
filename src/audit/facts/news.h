/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * News: what happened. Facts, checks and the state machines of ask/ return it instead of calling
 * upwards. react.c acts on it at once; its table has the consequences in their order.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_NEWS_H
#define ARPAUDIT_AUDIT_FACTS_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/address.h"

enum news_kind {
	NEWS_TOO_MANY_CLAIMANTS = 1u << 0, /* there was no place for a claimant of `vip` */
	NEWS_STRANGER_CLAIMED = 1u << 1,   /* a new claimant whose MAC is no host's */
	NEWS_CLAIMED_FIRST = 1u << 2,      /* first claim or first answer of a claimant of `vip` */
	NEWS_ANSWERED_FIRST = 1u << 3,     /* a claimant of `vip` answered for the first time */
	NEWS_ADVERTISED_FIRST = 1u << 4,   /* a claimant of `vip` advertised for the first time */
	NEWS_MAC_LEARNT = 1u << 5,         /* `host` has a new MAC, `mac` */
	NEWS_MAC_COUNTED = 1u << 6,        /* the host's known MACs may have changed */
	NEWS_DECOY_TAKEN = 1u << 7,        /* `decoy` is in use */
	NEWS_DECOY_LOST = 1u << 8,         /* in addition, the decoy was free before */
	NEWS_DECOYS_DECIDED = 1u << 9,     /* it is known which decoys are free */
	NEWS_INQUIRY_OVER = 1u << 10,      /* it is decided whether `vip` was handed over */
	NEWS_SIGNATURE_OVER = 1u << 11,    /* the DR signature of `vip` is decided */
	NEWS_HANDOVERS_VOID = 1u << 12,    /* the engine gave up on all hand-over inquiries */
	NEWS_MASTER_FIRST_HEARD = 1u << 13,
	NEWS_MASTER_CHANGED = 1u << 14,   /* of `vip` */
	NEWS_MASTER_HEARD = 1u << 15,     /* the master of `vip` advertised */
	NEWS_MASTERS_LISTENED = 1u << 16, /* the time for any advertisement has passed */
	NEWS_FENCE_ANSWERED = 1u << 17,   /* by `host` */
	NEWS_BROADCAST_LOST = 1u << 18,   /* `host` missed a broadcast fence before this answer */
	NEWS_ATTEMPT_ANSWERED = 1u << 19, /* by `host` */
	NEWS_LEAK_RISKED = 1u << 20,      /* a packet may make a host speak as `vip` */
	NEWS_VIP_REPLIED = 1u << 21,      /* `mac` told the probe that it has `vip` */
	NEWS_HOSTS_DONE = 1u << 22,       /* the last host is done */
	NEWS_BEGUN = 1u << 23,            /* the source address is free, so the audit begins */
	NEWS_DECOY_ASKED = 1u << 24,      /* `mac`, which is `host`, asks for its attempt's decoy */
	NEWS_MASTER_SETTLED = 1u << 25,   /* any former master of `vip` knows of the new one */
	NEWS_PROBE_ANSWERED = 1u << 26,   /* a claimant of `vip` answered its first ARP probe */
	NEWS_OWNERS_LISTENED = 1u << 27,  /* the time for any owner's answer has passed */
	NEWS_PROXY_FOUND = 1u << 28,      /* `mac` answers for addresses of others */
	NEWS_PROXY_WITHDRAWN = 1u << 29,  /* it does not: they are its own */
	NEWS_REHEARSED = 1u << 30,        /* whether the owner of `vip` can be made to claim it */
};

struct news {
	uint32_t kinds; /* a set of enum news_kind */
	uint32_t vip, host, decoy;
	struct mac mac;
};

static inline struct news
news_none(void)
{
	return (struct news){.kinds = 0};
}

static inline bool
news_has(const struct news *news, enum news_kind kind)
{
	return (news->kinds & (uint32_t)kind) != 0;
}

#endif
