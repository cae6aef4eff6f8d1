/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live link: libpcap captures and libnet injects on one interface.
 *
 * Not promiscuous: what the interface itself hears is what the audit judges. Frames that this
 * machine sends are not captured.
 */
#ifndef ARPAUDIT_LINK_H
#define ARPAUDIT_LINK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"

/* What is known of an interface. */
struct link_interface {
	char name[16];     /* IFNAMSIZ */
	uint16_t vlan;     /* whose frames are tagged on it; 0: those without a tag are meant */
	struct mac mac;    /* of the probe */
	struct prefix own; /* its IPv4 address and prefix length; ADDRESS_NONE when it has none.
			    * Of several, the one whose subnet holds the address asked for. */
	bool up;
	bool running; /* has a carrier */
	bool ethernet;
	bool arp; /* not IFF_NOARP */
};

/*
 * Finds the interface by name, or (name NULL) the one, not loopback and up, whose subnet holds
 * `vip`, else any of the `rip_count` RIPs. EXIT_CANNOT_RUN with a message that names the candidates
 * when it can't be told. Also refuses an interface that is down, without carrier, not Ethernet or
 * NOARP.
 *
 * With a `vlan` other than 0 the interface is the trunk on which frames of that VLAN are tagged.
 * The machine may have an interface of the VLAN there, up: then the MAC and the address are those
 * of that, and by its subnet the trunk is found without a name. Else there is no address; the
 * trunk's own is of another segment. An interface of a VLAN is no trunk: EXIT_USAGE.
 */
bool link_find(const char *name, uint16_t vlan, const struct address *vip,
    const struct address *rips, size_t rip_count, struct link_interface *interface,
    struct error *error);

/* Is the address configured on any interface of this machine? (getifaddrs) */
bool link_address_is_local(const struct address *address);

struct link;

struct link_statistics {
	uint64_t captured; /* frames that passed the filter and were handed out */
	uint64_t dropped;  /* frames that the kernel dropped for want of buffer space (ps_drop) */
};

/*
 * Opens the link. Our own TCP and UDP packets come from `port_count` ports from `port` on: the
 * capture filter lets in ARP, VRRP, ICMP to the probe's MAC, and TCP and UDP to those ports, of the
 * interface's VLAN, or (0) what has no tag or one without a VLAN. Joins the VRRP multicast MAC.
 * Needs CAP_NET_RAW; without it EXIT_CANNOT_RUN and the command that gives it. NULL on failure.
 */
struct link *link_open(const struct link_interface *interface, uint16_t port, uint16_t port_count,
    struct error *error);
void link_close(struct link *link);

enum link_sent {
	LINK_SENT,
	LINK_BUSY, /* the queue is full (ENOBUFS, EAGAIN): the same frame, a little later */
	LINK_FAILED,
};
/* When it was sent, `sent` has the bytes that went out, good until the next call; the rest of
 * `sent` is left alone. */
enum link_sent link_send(
    struct link *link, const struct frame *frame, struct capture *sent, struct error *error);

/* Next captured frame, if one is there: 1 and `capture`, whose bytes are good until the next call;
 * 0 when there is none now; -1 with `error` when the capture failed, or the interface has gone,
 * gone down or lost its carrier. Frames that do not decode are passed over. */
int link_receive(struct link *link, struct capture *capture, struct error *error);

/* Waits until a frame may be there, `timeout_us` have passed, or a signal not blocked by
 * `signal_mask` (as in ppoll(2)) came. */
bool link_wait(
    struct link *link, uint64_t timeout_us, const sigset_t *signal_mask, struct error *error);

bool link_statistics(struct link *link, struct link_statistics *statistics, struct error *error);

#endif
