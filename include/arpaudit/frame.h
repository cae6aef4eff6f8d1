/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One Ethernet frame, as the engine sees it: received frames are decoded into it, and the frames
 * that the engine wants sent are described by it (craft.h builds their bytes). Both directions use
 * one type, so that the simulator needs no bytes at all.
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
	FRAME_OTHER = 0,    /* well-formed as far as it was read, but nothing the audit knows */
	FRAME_ARP,          /* RFC 826, Ethernet and IPv4 */
	FRAME_ECHO_REQUEST, /* ICMP, RFC 792 */
	FRAME_ECHO_REPLY,
	FRAME_ICMP_ERROR, /* destination unreachable, redirect or time exceeded */
	FRAME_TCP,
	FRAME_UDP,
	FRAME_VRRP, /* an advertisement, RFC 3768 or RFC 5798 */
};

enum arp_operation {
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

#define IP_PROTOCOL_ICMP 1
#define IP_PROTOCOL_TCP  6
#define IP_PROTOCOL_UDP  17
#define IP_PROTOCOL_VRRP 112

struct frame_arp {
	uint16_t operation; /* enum arp_operation; others occur in received frames */
	struct mac sha, tha;
	struct address spa, tpa;
};

struct frame_ip {
	struct address source, destination;
	uint8_t ttl;
	union {
		struct { /* FRAME_ECHO_REQUEST, FRAME_ECHO_REPLY */
			uint16_t identifier, sequence;
		} echo;
		struct { /* FRAME_TCP */
			uint16_t source_port, destination_port;
			uint32_t sequence, acknowledgement;
			uint8_t flags; /* enum tcp_flag; others occur in received frames */
		} tcp;
		struct { /* FRAME_UDP */
			uint16_t source_port, destination_port;
		} udp;
		struct { /* FRAME_ICMP_ERROR: the datagram that it is about */
			uint8_t type, code;
			uint8_t protocol;
			struct address source, destination;
			uint16_t source_port, destination_port; /* TCP and UDP, else 0 */
		} error;
		struct { /* FRAME_VRRP */
			uint8_t version, vrid, priority;
			uint32_t interval_us; /* between advertisements */
			uint8_t address_count;
			const uint8_t *addresses; /* 4 octets each, in the captured bytes */
		} vrrp;
	};
};

struct frame {
	enum frame_kind kind;
	struct mac source, destination; /* Ethernet header */
	uint16_t vlan;                  /* VLAN ID 1..4094; 0: untagged or priority-tagged */
	union {
		struct frame_arp arp; /* FRAME_ARP */
		struct frame_ip ip;   /* all other kinds but FRAME_OTHER */
	};
};

/* A captured frame: what the engine is given. Everything is borrowed for the call. */
struct capture {
	struct frame frame;
	const uint8_t *bytes;
	size_t length;      /* octets captured, from the Ethernet header on */
	size_t wire_length; /* octets that it had; more than `length` when the capture cut it */
	uint64_t time_us;   /* when it arrived, since the epoch, by the kernel; 0: not known */
	uint64_t number;    /* the frame's number in the evidence, from 1; 0 when none is kept */
};

enum frame_problem {
	FRAME_OK = 0,
	FRAME_TRUNCATED, /* a header that the kind needs goes past `length` */
	FRAME_MALFORMED, /* a header contradicts itself or the layer below it */
};

/*
 * Decodes a frame from its Ethernet header on; never reads past `length`. On a problem the frame is
 * no evidence of anything: its kind is FRAME_OTHER, and of its fields only those of the Ethernet
 * header may be set.
 *
 * One 802.1Q tag is taken off (VID 0 is a priority tag: no VLAN). A second tag (QinQ) makes the
 * frame FRAME_OTHER, and the reserved VID 4095 FRAME_MALFORMED. ARP with another hardware or
 * protocol type than Ethernet and IPv4 is FRAME_OTHER as well. Fragments other than the first, and
 * fragments of what is not an ICMP error, are FRAME_OTHER. A VRRP advertisement of another TTL than
 * 255 is FRAME_MALFORMED: it has been forwarded, or was made up elsewhere. Checksums are not
 * verified: the receiving kernel's offload may have removed them.
 */
enum frame_problem frame_decode(const uint8_t *bytes, size_t length, struct frame *frame);

/* The advertisement's nth address, from 0; below address_count. */
struct address frame_vrrp_address(const struct frame_ip *ip, size_t number);

/* One line as tcpdump would say it: "ARP, reply 10.77.0.100 is-at 02:…", "ICMP echo reply …". Safe
 * to print. Returns `text`. */
#define FRAME_SUMMARY_SIZE 192
const char *frame_summary(const struct frame *frame, char text[FRAME_SUMMARY_SIZE]);

#endif
