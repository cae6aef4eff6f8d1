/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live link: libpcap captures and libnet injects on one interface.
 *
 * The interface is not made promiscuous: the audit judges what it receives in normal operation.
 * Frames that this machine sends are not captured.
 */
#ifndef ARPAUDIT_LINK_H
#define ARPAUDIT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"

#define LINK_NAME_SIZE   16 /* IFNAMSIZ */
#define LINK_SUBNETS_MAX 16
#define LINK_VIPS_MAX    32

/* An interface and its state. */
struct link_interface {
	char name[LINK_NAME_SIZE];
	uint16_t vlan;     /* the VLAN to audit, tagged on this trunk; 0: untagged frames */
	struct mac mac;    /* the probe's MAC */
	struct prefix own; /* the probe's IPv4 address and prefix length, or ADDRESS_NONE. If there
			    * are several, the one whose subnet contains the VIP or a RIP. */
	bool up;
	bool running; /* has a carrier */
	bool ethernet;
	bool infiniband;
	bool arp; /* not IFF_NOARP */
};

/*
 * Finds the interface called `name`. If `name` is NULL, finds the interface whose subnet contains
 * `vip`, or else any of the `rip_count` RIPs; it must be up and not loopback. If none or several
 * qualify, fails with EXIT_CANNOT_RUN and a message that lists the candidates. An interface that is
 * down, has no carrier, is not Ethernet, has NOARP set, or is a port of a bridge or bond is
 * refused, also with EXIT_CANNOT_RUN.
 *
 * With a nonzero `vlan` the interface is the trunk on which the frames of that VLAN are tagged. If
 * the machine has a VLAN interface for it on the trunk, and that is up, the probe takes its MAC and
 * address, and `name` may be NULL. Otherwise the probe has no address: the trunk's own address
 * belongs to another segment. A VLAN interface is not a trunk and is refused with EXIT_USAGE.
 */
bool link_find(const char *name, uint16_t vlan, const struct address *vip,
    const struct address *rips, size_t rip_count, struct link_interface *interface,
    struct error *error);

/* The subnets in which the machine has an address on the interface or, for a VLAN, on its interface
 * of that VLAN. */
struct link_subnets {
	struct prefix subnet[LINK_SUBNETS_MAX]; /* further ones are left out */
	size_t count;
};

bool link_subnets(
    const struct link_interface *interface, struct link_subnets *subnets, struct error *error);
bool link_subnets_hold(const struct link_subnets *subnets, const struct address *address);
/* Finds another interface that is up and has the address in a subnet; the longest one counts.
 * Returns false if there is none. */
bool link_find_other(const struct link_interface *interface, const struct address *address,
    char name[LINK_NAME_SIZE]);

/* Is the address configured on any interface of this machine? False if getifaddrs(3) fails. */
bool link_address_is_local(const struct address *address);

/* This machine's default gateway by way of the interface (on a trunk, of the VLAN's interface); of
 * several, that of the least metric. False if there is none. */
bool link_default_gateway(const struct link_interface *interface, struct address *gateway);

struct link;

struct link_statistics {
	uint64_t captured; /* frames that link_receive() has returned */
	uint64_t dropped; /* frames that the kernel dropped because the buffer was full (ps_drop) */
};

/* What a link has to take. */
struct link_limits {
	uint16_t port, port_count; /* the source ports of the probe's TCP and UDP packets */
	size_t sharers; /* links of the same interface: the more, the less memory has each */
	/* The link can't send. It takes ARP and VRRP, and what this machine sends to `vips`. */
	bool listens;
	struct address vips[LINK_VIPS_MAX];
	size_t vip_count;
};

/*
 * Opens the link; returns NULL on failure. The capture filter accepts ARP, VRRP, ICMP to the
 * probe's MAC, and TCP and UDP to its MAC and those ports. The frames must belong to the
 * interface's VLAN; if that is 0, they must be untagged or priority-tagged. Joins the VRRP
 * multicast group at the MAC layer. Needs CAP_NET_RAW: without it, EXIT_CANNOT_RUN with a message
 * that shows how to grant it.
 */
struct link *link_open(
    const struct link_interface *interface, const struct link_limits *limits, struct error *error);
void link_close(struct link *link);

/* Discards the frames that were captured so far. They, and those that the kernel dropped, are not
 * in the statistics. */
void link_skip(struct link *link);

/* After a failure: whether the interface still exists, so that it may come up again. */
bool link_may_return(const struct link *link);

enum link_sent {
	LINK_SENT,
	LINK_BUSY, /* the queue is full (ENOBUFS, EAGAIN): send the same frame again later */
	LINK_FAILED,
};
/* Sends a frame. On LINK_SENT, sets bytes, length and wire_length of `sent` and nothing else in it;
 * the bytes are valid until the next call. */
enum link_sent link_send(
    struct link *link, const struct frame *frame, struct capture *sent, struct error *error);

/* Reads the next captured frame without waiting. Returns 1 with `capture` set, whose bytes are
 * valid until the next call; 0 if there is no frame now; or -1 with `error` set if the capture
 * failed or the interface has disappeared, gone down or lost its carrier. Skips frames that do not
 * decode. */
int link_receive(struct link *link, struct capture *capture, struct error *error);

/* What to wait for: it is readable, as poll(2) says it, when a frame may be there. If anything is
 * wrong with it, link_receive() will say so. */
int link_descriptor(const struct link *link);

/* Also fails if the interface was renamed, or if another one has its name now. */
bool link_statistics(struct link *link, struct link_statistics *statistics, struct error *error);

#endif
