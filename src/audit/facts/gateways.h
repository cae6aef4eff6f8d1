/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gateways: what became of packets for a VIP that went by way of a router.
 *
 * A crossing is one VIP by way of one gateway. The probe sends it an echo request for the VIP, at
 * the gateway's MAC, and the answer's source MAC tells to whom the gateway passes such packets. A
 * second echo request, sent to the owner's MAC just as the gateway would pass it on, tells by which
 * MAC the right machine answers (the control). Where nobody answers echo requests, SYNs may tell.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_GATEWAYS_H
#define ARPAUDIT_AUDIT_FACTS_GATEWAYS_H

#include "audit/facts/evidence.h"

#define GATEWAY_SERVERS 2 /* MACs kept that answered SYNs; two are enough to show a director */

/* What a packet was sent for. */
enum crossing_kind {
	CROSSING_ECHO = 0, /* an echo request, by way of the gateway */
	CROSSING_CONTROL,  /* the same, straight to the owner */
	CROSSING_SYN,      /* a SYN, by way of the gateway */
	CROSSING_KINDS,
};

struct crossing {
	uint8_t sent[CROSSING_KINDS];
	uint16_t number[CROSSING_KINDS]; /* of the last packet of each kind */
	uint16_t port;                   /* source port of the last SYN */
	bool unanswered;                 /* the last echo request is, so far */
	uint8_t echoes;                  /* answered echo requests by way of the gateway */
	struct mac by;                   /* who sent the first of them; mac_zero: nobody */
	bool several;                    /* more than one MAC did */
	bool leaked; /* the audit had provoked a claim of the VIP before, which may explain it */
	struct mac control;                 /* who answered the owner's echo; mac_zero: nobody */
	struct mac server[GATEWAY_SERVERS]; /* who answered SYNs */
	uint8_t servers;
	uint8_t error;                /* type of an ICMP error about one of the packets; 0: none */
	struct address error_from;    /* its sender */
	bool over;                    /* nothing more is asked */
	struct kept_frame out, heard; /* the first echo that was answered; length 0: none */
};

struct gateway {
	struct address address;
	struct mac mac;   /* mac_zero: it has not answered */
	uint8_t asked;    /* broadcasts of who-has gateway */
	bool unreachable; /* it did not answer any */
};

bool gateways_init(struct facts *facts);
void gateways_free(struct facts *facts);
uint32_t gateway_count(const struct facts *facts); /* 0 too where the check is not made */
const struct gateway *gateway_of(const struct facts *facts, uint32_t gateway);
const struct crossing *crossing_of(const struct facts *facts, uint32_t gateway, uint32_t vip);
/* The gateway with that address or MAC, or NONE. */
uint32_t gateway_find(const struct facts *facts, const struct address *address);
uint32_t gateway_find_mac(const struct facts *facts, const struct mac *mac);
bool gateways_are_over(const struct facts *facts); /* nothing more is asked of any */

/* Who-has gateway is sent; nothing more is sent; the gateway has answered. */
void gateway_note_asked(struct facts *facts, uint32_t gateway);
void gateway_note_unreachable(struct facts *facts, uint32_t gateway);
void gateway_note_mac(struct facts *facts, uint32_t gateway, const struct mac *mac);
/* A packet is sent; nothing more is asked. */
void crossing_note_sent(struct facts *facts, uint32_t gateway, uint32_t vip,
    enum crossing_kind kind, uint16_t number, uint16_t port);
void crossing_note_over(struct facts *facts, uint32_t gateway, uint32_t vip);
/* The octets of a frame that has left. */
void gateways_note_octets(struct facts *facts, const struct capture *sent);
/* Sets `gateway` and `vip` if the frame answers the last packet of a crossing, of the given kind,
 * and records it. */
bool gateways_hear(
    struct facts *facts, const struct heard *heard, uint32_t *gateway, uint32_t *vip);
void gateways_forget_numbers(const struct facts *facts); /* as evidence_forget_numbers() */

#endif
