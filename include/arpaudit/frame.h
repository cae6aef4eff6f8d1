/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One Ethernet frame as the engine sees it. Received frames are decoded into it. The engine also
 * describes in it the frames to send, and craft.h builds their bytes. One type serves both
 * directions, so the simulator needs no bytes.
 *
 * Numbers are in host byte order, addresses in network byte order (address.h).
 */
#ifndef ARPAUDIT_FRAME_H
#define ARPAUDIT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"

enum frame_kind {
	FRAME_OTHER = 0, /* well-formed as far as it was decoded, but of no interest to the audit */
	FRAME_ARP,       /* RFC 826, Ethernet and IPv4 */
	FRAME_ECHO_REQUEST, /* ICMP echo, RFC 792 */
	FRAME_ECHO_REPLY,
	FRAME_ICMP_ERROR, /* destination unreachable, redirect or time exceeded */
	FRAME_TCP,
	FRAME_UDP,
	FRAME_VRRP, /* an advertisement, RFC 3768 or RFC 5798; or one of CARP */
};

enum arp_operation { ARP_REQUEST = 1, ARP_REPLY = 2 };

enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

/* The ICMP types that are decoded (RFC 792). */
enum icmp_type {
	ICMP_TYPE_ECHO_REPLY = 0,
	ICMP_TYPE_UNREACHABLE = 3,
	ICMP_TYPE_REDIRECT = 5,
	ICMP_TYPE_ECHO_REQUEST = 8,
	ICMP_TYPE_TIME_EXCEEDED = 11,
};

#define IP_PROTOCOL_ICMP 1
#define IP_PROTOCOL_TCP  6
#define IP_PROTOCOL_UDP  17
#define IP_PROTOCOL_AH   51
#define IP_PROTOCOL_VRRP 112

struct frame_arp {
	uint16_t operation; /* enum arp_operation; received frames may have others */
	struct mac sha, tha;
	struct address spa, tpa;
};

struct frame_echo {
	uint16_t identifier, sequence;
};

struct frame_tcp {
	uint16_t source_port, destination_port;
	uint32_t sequence, acknowledgement;
	uint8_t flags; /* enum tcp_flag; received frames may have others */
};

struct frame_udp {
	uint16_t source_port, destination_port;
};

/* An ICMP error, and the datagram that it is about. */
struct frame_icmp_error {
	uint8_t type, code; /* `type`: enum icmp_type */
	uint8_t protocol;
	struct address source, destination;
	uint16_t source_port, destination_port; /* TCP and UDP, else 0 */
};

struct frame_vrrp {
	/* CARP of the BSDs has VRRP's protocol number, group and MACs. It names no addresses: its
	 * virtual host ID is in `vrid`, and a priority is made from its skew (0: it gives up). */
	bool carp;
	uint8_t version, vrid, priority;
	uint32_t interval_us; /* between advertisements */
	uint8_t address_count;
	const uint8_t *addresses; /* 4 octets each, in the captured bytes */
};

struct frame_ip {
	struct address source, destination;
	uint8_t ttl;
	uint8_t ds; /* the DS field (RFC 2474), once the type of service */
	union {
		struct frame_echo echo;        /* FRAME_ECHO_REQUEST, FRAME_ECHO_REPLY */
		struct frame_tcp tcp;          /* FRAME_TCP */
		struct frame_udp udp;          /* FRAME_UDP */
		struct frame_icmp_error error; /* FRAME_ICMP_ERROR */
		struct frame_vrrp vrrp;        /* FRAME_VRRP */
	};
};

struct frame {
	enum frame_kind kind;
	struct mac source, destination; /* Ethernet header */
	uint16_t vlan;                  /* VLAN ID 1..4094; 0: untagged or priority-tagged */
	bool odd;                       /* in an odd encapsulation, as below */
	union {
		struct frame_arp arp; /* FRAME_ARP */
		struct frame_ip ip;   /* every other kind except FRAME_OTHER */
	};
};

/* A captured frame, as passed to the engine. Everything is borrowed for the call. */
struct capture {
	struct frame frame;
	const uint8_t *bytes;
	size_t length;      /* octets captured, starting with the Ethernet header */
	size_t wire_length; /* octets on the wire; more than `length` if the capture truncated it */
	uint64_t time_us;   /* kernel timestamp, since the epoch; 0: unknown */
	uint16_t time_ns;   /* the nanoseconds behind them, 0 to 999 */
	uint64_t number;    /* its number in the evidence file, from 1; 0: not kept */
};

enum frame_problem {
	FRAME_OK = 0,
	FRAME_TRUNCATED, /* a header of this kind of frame extends past `length` */
	FRAME_MALFORMED, /* a header contradicts itself or the layer below it */
};

/*
 * Decodes a frame that starts with its Ethernet header. Never reads past `length`. A frame with a
 * problem is evidence of nothing: it is FRAME_OTHER, and only Ethernet fields may be set.
 *
 * - As by Linux, all tags of VID 0 (802.1Q and 802.1ad) are removed, and one 802.1Q tag with a VID.
 *   VID 4095 is FRAME_MALFORMED. Further VIDs, and VIDs of 802.1ad (QinQ), are FRAME_OTHER.
 * - ARP is FRAME_OTHER unless it is for IPv4 and hardware type 1 or 6 (IEEE 802). The frame is odd
 *   if it has type 6, a second tag or an 802.1ad tag: Linux takes it, other machines may not.
 * - A fragment is FRAME_OTHER, but for the first fragment of an ICMP error.
 * - A wrong IP header checksum is FRAME_MALFORMED; so is none, of a VRRP advertisement. No other
 *   checksum is verified: offload in the receiving kernel may have removed it.
 * - A VRRP advertisement may be inside an authentication header (RFC 2338, section 5.3.6.3). With a
 *   TTL below 255 it is FRAME_MALFORMED.
 */
enum frame_problem frame_decode(const uint8_t *bytes, size_t length, struct frame *frame);

/* Address `number` of a VRRP advertisement, from 0. Asserts number < address_count. */
struct address frame_vrrp_address(const struct frame_ip *ip, size_t number);
/* Describes a frame on one line as tcpdump does: "ARP, reply 10.77.0.100 is-at 02:…". The text is
 * safe to print. Returns `text`. */
#define FRAME_SUMMARY_SIZE 192
const char *frame_summary(const struct frame *frame, char text[FRAME_SUMMARY_SIZE]);

#endif
