/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libnet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpaudit/craft.h"
#include "arpaudit/link.h"

#define SNAPSHOT_SIZE 256       /* a VRRP advertisement of 50 addresses; all else is shorter */
#define BUFFER_SIZE   (8 << 20) /* 30,000 frames: a storm between two reads */

struct link {
	pcap_t *pcap;
	libnet_t *libnet;
	int membership; /* the socket that holds the VRRP group open; -1: none */
	uint64_t captured;
	char name[16];
};

static bool
fail_open(struct error *error, const char *name, const char *why, bool permission)
{
	char path[256] = "arpaudit";
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length > 0)
		path[length] = '\0';
	if (permission)
		return error_set(error, EXIT_CANNOT_RUN,
		    "no permission to capture on %s: run it with sudo, or once: "
		    "sudo setcap cap_net_raw+ep %s",
		    name, path);
	return error_set(error, EXIT_CANNOT_RUN, "can't capture on %s: %s", name, why);
}

static bool
set_filter(struct link *link, const struct link_interface *interface, uint16_t elicit_port,
    struct error *error)
{
	struct bpf_program program;
	char mac[MAC_TEXT_SIZE], filter[256];
	bool set;

	mac_format(&interface->mac, mac);
	(void)snprintf(filter, sizeof(filter),
	    "arp or ip proto 112 or (ether dst %s and (icmp or tcp dst port %u or udp dst port "
	    "%u))",
	    mac, elicit_port, elicit_port);
	if (pcap_compile(link->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap), false);
	set = pcap_setfilter(link->pcap, &program) == 0;
	pcap_freecode(&program);
	return set || fail_open(error, link->name, pcap_geterr(link->pcap), false);
}

static bool
open_capture(struct link *link, const struct link_interface *interface, uint16_t elicit_port,
    struct error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int status;

	link->pcap = pcap_create(link->name, text);
	if (link->pcap == NULL)
		return fail_open(error, link->name, text, false);
	if (pcap_set_snaplen(link->pcap, SNAPSHOT_SIZE) != 0 ||
	    pcap_set_promisc(link->pcap, 0) != 0 || pcap_set_immediate_mode(link->pcap, 1) != 0 ||
	    pcap_set_buffer_size(link->pcap, BUFFER_SIZE) != 0)
		return fail_open(error, link->name, "libpcap refuses the settings", false);
	status = pcap_activate(link->pcap);
	if (status < 0)
		return fail_open(
		    error, link->name, pcap_geterr(link->pcap), status == PCAP_ERROR_PERM_DENIED);
	if (pcap_datalink(link->pcap) != DLT_EN10MB)
		return fail_open(error, link->name, "it is not Ethernet", false);
	if (pcap_setdirection(link->pcap, PCAP_D_IN) != 0 ||
	    pcap_setnonblock(link->pcap, 1, text) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap), false);
	return set_filter(link, interface, elicit_port, error);
}

/* VRRP advertisements go to 224.0.0.18. A packet membership lets its MAC in without telling the
 * segment by IGMP; where it fails, they are not heard, which only means less evidence. */
static int
join_vrrp(const char *name)
{
	struct packet_mreq request = {
	    .mr_ifindex = (int)if_nametoindex(name),
	    .mr_type = PACKET_MR_MULTICAST,
	    .mr_alen = 6,
	    .mr_address = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x12},
	};
	const int membership = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (membership >= 0 && setsockopt(membership, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request,
				   sizeof(request)) != 0) {
		(void)close(membership);
		return -1;
	}
	return membership;
}

struct link *
link_open(const struct link_interface *interface, uint16_t elicit_port, struct error *error)
{
	struct link *link = calloc(1, sizeof(*link));
	char text[LIBNET_ERRBUF_SIZE] = "";

	if (link == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
		return NULL;
	}
	link->membership = -1;
	(void)snprintf(link->name, sizeof(link->name), "%s", interface->name);
	if (!open_capture(link, interface, elicit_port, error)) {
		link_close(link);
		return NULL;
	}
	link->libnet = libnet_init(LIBNET_LINK, link->name, text);
	if (link->libnet == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "can't send on %s: %s", link->name, text);
		link_close(link);
		return NULL;
	}
	link->membership = join_vrrp(link->name);
	return link;
}

void
link_close(struct link *link)
{
	if (link == NULL)
		return;
	if (link->membership >= 0)
		(void)close(link->membership);
	if (link->libnet != NULL)
		libnet_destroy(link->libnet);
	if (link->pcap != NULL)
		pcap_close(link->pcap);
	free(link);
}

enum link_sent
link_send(struct link *link, const struct frame *frame, struct error *error)
{
	if (!craft(link->libnet, frame, error))
		return LINK_FAILED;
	if (libnet_write(link->libnet) != -1)
		return LINK_SENT;
	if (errno == ENOBUFS || errno == EAGAIN || errno == EINTR)
		return LINK_BUSY;
	if (errno == ENETDOWN || errno == ENXIO)
		error_set(error, EXIT_CANNOT_RUN, "interface %s went down", link->name);
	else
		error_set(
		    error, EXIT_CANNOT_RUN, "can't send on %s: %s", link->name, strerror(errno));
	return LINK_FAILED;
}

int
link_receive(struct link *link, struct capture *capture, struct error *error)
{
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	int status;

	while ((status = pcap_next_ex(link->pcap, &header, &bytes)) == 1) {
		link->captured++;
		if (frame_decode(bytes, header->caplen, &capture->frame) != FRAME_OK)
			continue;
		capture->bytes = bytes;
		capture->length = header->caplen;
		capture->number = 0;
		return 1;
	}
	if (status == 0)
		return 0;
	error_set(error, EXIT_CANNOT_RUN, "the capture on %s failed: %s", link->name,
	    pcap_geterr(link->pcap));
	return -1;
}

bool
link_wait(struct link *link, uint64_t timeout_us, const sigset_t *signal_mask, struct error *error)
{
	struct pollfd poll = {.fd = pcap_get_selectable_fd(link->pcap), .events = POLLIN};
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_us / 1000000),
	    .tv_nsec = (long)(timeout_us % 1000000) * 1000,
	};

	if (ppoll(&poll, 1, &timeout, signal_mask) >= 0 || errno == EINTR)
		return true;
	return error_set(
	    error, EXIT_CANNOT_RUN, "can't wait for frames on %s: %s", link->name, strerror(errno));
}

bool
link_statistics(struct link *link, struct link_statistics *statistics, struct error *error)
{
	struct pcap_stat pcap;

	if (pcap_stats(link->pcap, &pcap) != 0)
		return error_set(error, EXIT_CANNOT_RUN, "no capture statistics of %s: %s",
		    link->name, pcap_geterr(link->pcap));
	statistics->captured = link->captured;
	statistics->dropped = pcap.ps_drop;
	return true;
}
