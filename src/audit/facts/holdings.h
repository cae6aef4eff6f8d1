/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holdings: what was heard of one VIP on one host. Most checks judge this.
 *
 * A claim is relayed if its Ethernet source and its SHA differ, and one of them is the host's MAC.
 * A single relayed claim may be a damaged or forged frame. Two relayed claims count.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_HOLDINGS_H
#define ARPAUDIT_AUDIT_FACTS_HOLDINGS_H

#include "audit/facts/evidence.h"
#include "audit/facts/heard.h"

struct holding {
	bool replied;       /* the host sent an ARP reply for the VIP */
	bool spoke;         /* it sent an ARP request with SPA = VIP */
	bool spoke_within;  /* and asked for an address of the probe's own subnet */
	bool holds_vip;     /* it sent an IP packet from the VIP */
	bool asked_beside;  /* it asked for an address beside the VIP, not as the VIP */
	bool answers_probe; /* such a packet answered one from the probe's own address */
	bool resets;        /* a TCP reset came from the VIP, as a filter may send it */
	bool spoke_unknown; /* an unknown MAC asked as the VIP for a decoy that the host alone had a
			     * packet from */
	uint8_t holds_by;   /* enum elicit_method that elicited the packet; ELICIT_METHODS: no
			     * known one */
	uint8_t relayed_replies, relayed_requests;
	uint64_t spoke_us; /* time of the last request with SPA = VIP */
	const struct kept_frame *reply_evidence, *request_evidence; /* NULL: none */
};

/* Forgets what was heard of the host. */
void holdings_forget(struct facts *facts, uint32_t host);
bool holdings_init(struct facts *facts);
void holdings_free(struct facts *facts);

static inline const struct holding *
holding_of(const struct facts *facts, uint32_t host, uint32_t vip)
{
	return &facts->holding[(size_t)host * facts->cluster->vip_count + vip];
}

/* The host replied for the VIP. True if the reply counts. */
bool holding_hear_reply(struct facts *facts, uint32_t host, const struct heard *heard);
/* The host sent a request as the VIP. */
void holding_hear_request(struct facts *facts, uint32_t host, const struct heard *heard);
/* The host sent an IP packet from the VIP, elicited by `method`, or by none (ELICIT_METHODS).
 * `to_probe`: by a packet from the probe's own address. */
void holding_hear_packet(
    struct facts *facts, uint32_t host, uint32_t vip, enum elicit_method method, bool to_probe);

/* A TCP reset from the VIP, which does not show that the host holds it. */
void holding_hear_reset(struct facts *facts, uint32_t host, uint32_t vip);
/* An unknown MAC asked as the VIP for the decoy from which the host was elicited: it may be another
 * card of the host. */
void holding_hear_unknown(struct facts *facts, uint32_t host, uint32_t vip);
/* A packet from the VIP followed its request for an address beside the VIP. */
void holding_hear_beside(struct facts *facts, uint32_t host, uint32_t vip);

/* Takes over claims from a MAC that turned out to be the host's. `alone`: there was only a single
 * relayed claim. */
void holding_take_replies(struct facts *facts, uint32_t host, uint32_t vip, bool alone,
    const struct kept_frame *evidence);
void holding_take_requests(struct facts *facts, uint32_t host, uint32_t vip, bool alone,
    uint64_t spoke_us, const struct kept_frame *evidence);
/* Takes over claims that a MAC sent for another one, now that it turned out to be the host's. They
 * count as a single one. */
void holding_take_relayed(struct facts *facts, uint32_t host, uint32_t vip, bool replied,
    bool requested, const struct kept_frame *evidence);

#endif
