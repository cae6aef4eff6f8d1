/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that the audit sends, as descriptions; craft.h makes the octets.
 *
 * No frame claims an address in use. The SPA of a who-has is the probe's own address or 0.0.0.0.
 * The source of an IP packet is the probe's own address or a decoy. ARP replies bind only decoys,
 * or a borrowed source, to the probe's MAC.
 */
#ifndef ARPAUDIT_AUDIT_PACE_PROBE_H
#define ARPAUDIT_AUDIT_PACE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/frame.h"

/*
 * The DS field of the IP packets: class selector 1, lower effort (RFC 3662). Linux copies it into a
 * RST (tcp_v4_send_reset()), and a filter's RST has 0 there (nf_reject_iphdr_put()). The bits lie
 * outside of those by which Linux routes (IPTOS_TOS_MASK).
 */
#define PROBE_DS 0x20

/* The probe, constant during an audit. */
struct probe {
	struct mac mac;
	uint16_t vlan;
	uint16_t elicit_port;  /* first source port of TCP and UDP packets */
	struct address source; /* SPA of who-has requests; ADDRESS_NONE: the probe has no
				* address */
	bool borrowed; /* the source is not the interface's own address, so the kernel does not
			* answer for it */
};

/* The methods to elicit an answer, in the order of use. */
enum elicit_method {
	ELICIT_ECHO = 0,
	ELICIT_TCP_SERVICE, /* SYN to VIP:port, if the TCP port is known */
	ELICIT_TCP_CLOSED,  /* SYN to a port that is most likely closed */
	ELICIT_UDP,         /* datagram to a port that is most likely closed */
	ELICIT_METHODS,
};

/* The kinds of SPA in a who-has. A host's response may depend on them. Sets of them are bits 1 <<
 * kind. */
enum spa_kind {
	SPA_SOURCE = 0,  /* the probe's address, as a router would ask */
	SPA_UNSPECIFIED, /* 0.0.0.0: an ARP Probe (RFC 5227, section 1.1); see facts/arp_probe.h */
};
#define SPA_KINDS 2

/* An IP packet from the probe to a VIP at the MAC of one host. */
struct elicitation {
	enum elicit_method method;
	struct mac mac;
	struct address source;
	struct address vip;
	uint16_t port;   /* of ELICIT_TCP_SERVICE */
	uint16_t number; /* the ICMP sequence, and part of the TCP sequence number */
	uint8_t hops;    /* of ELICIT_TCP_SERVICE: how many machines may pass it on */
};

void probe_who_has(const struct probe *probe, const struct address *target,
    const struct mac *destination, const struct address *spa, struct frame *frame);
void probe_elicit(
    const struct probe *probe, const struct elicitation *elicitation, struct frame *frame);
/* The RST that closes the half-open connection of a TCP elicitation. */
void probe_reset(
    const struct probe *probe, const struct elicitation *elicitation, struct frame *frame);
/* The number of methods, and the method at position `number`. `serves`: a TCP port of the VIP is
 * known. */
uint8_t probe_method_count(bool serves);
enum elicit_method probe_method(bool serves, uint8_t number);
/* The probe's address for a kind of SPA. */
struct address probe_spa(const struct probe *probe, enum spa_kind kind);
/* Whether a reply answers a question with this kind of SPA. Its TPA repeats the SPA of the
 * question. */
bool probe_was_asked(const struct probe *probe, enum spa_kind kind, const struct address *tpa);
/* A packet from `source_port` to ask an owner for the DR signature: the SYN (TCP_SYN), or the RST
 * (TCP_RST) that ends the connection. */
void probe_signature(const struct probe *probe, const struct elicitation *elicitation,
    uint16_t source_port, uint8_t flags, struct frame *frame);
/* The same packets by way of a router, at its MAC. A SYN comes from `source_port`; any other method
 * is an echo request. Straight to an owner, with `forwarded`, the echo request is what the router
 * would make of it. */
void probe_cross(const struct probe *probe, const struct elicitation *elicitation,
    uint16_t source_port, bool forwarded, struct frame *frame);
/* The RST after such a SYN. */
void probe_cross_reset(const struct probe *probe, const struct elicitation *elicitation,
    uint16_t source_port, struct frame *frame);
/* The TCP sequence number of the SYN with this packet number. */
uint32_t probe_sequence(const struct probe *probe, uint16_t number);
/* Whether the number acknowledges a SYN of the probe, whichever. */
bool probe_is_acknowledged(const struct probe *probe, uint32_t acknowledgement);
/*
 * An announcement of a decoy to one host that is asking for it: a gratuitous ARP request, by
 * unicast. The host sends the packets that wait for the decoy, as after a reply. But an entry from
 * a request is stale in Linux (arp_process()): the host checks it 5 s later, gets no answer, and
 * forgets it. An entry from a reply would stay, and the next audit that draws the decoy would get
 * packets with no request before them.
 */
void probe_announce(const struct probe *probe, const struct address *address, const struct mac *mac,
    struct frame *frame);
/* A reply "`address` is-at the probe" to one host. The address is a decoy or a borrowed source. */
void probe_answer(const struct probe *probe, const struct address *address, const struct mac *mac,
    const struct address *tpa, struct frame *frame);

#endif
