/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libnet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpaudit/craft.h"
#include "arpaudit/link.h"

/* The longest frame that is read to its end: a VRRP advertisement of 255 addresses, behind a tag
 * and IP options. */
#define SNAPSHOT_SIZE (14 + 4 + 60 + 8 + 255 * 4)
/* Holds some thousand frames, a second and more of answers at the default rate. */
#define BUFFER_SIZE (8 << 20)

struct link {
	pcap_t *pcap;
	libnet_t *libnet;
	uint64_t captured;
	char name[IFNAMSIZ];
	uint8_t sent[CRAFT_SIZE_MAX];
};

struct ports {
	unsigned first, last;
};

static bool
fail_open(struct error *error, const char *name, const char *why)
{
	return error_set(error, EXIT_CANNOT_RUN, "can't open interface %s: %s", name, why);
}

static bool
fail_permission(struct error *error, const char *name)
{
	char path[256];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
	const bool whole = length > 0 && (size_t)length < sizeof(path);

	return error_set(error, EXIT_CANNOT_RUN,
	    "no permission to open interface %s: run it with sudo, or allow it once and for all "
	    "with 'sudo setcap cap_net_raw+ep %.*s'",
	    name, whole ? (int)length : (int)sizeof("arpaudit") - 1, whole ? path : "arpaudit");
}

/*
 * The filter, behind instructions that let in one VLAN (0: no tag, or one of VID 0), so that what
 * crowds the others of a trunk takes no room in the buffer. Linux takes the outer tag off a frame,
 * and libpcap puts it back behind the filter: here it is beside the frame. libpcap's "vlan" knows
 * that, but changes what stands behind it, whichever side of an "or" it is on.
 */
static bool
add_vlan(const struct bpf_program *filter, uint16_t vlan, struct bpf_program *result)
{
	const struct bpf_insn front[] = {
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (bpf_u_int32)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0),
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (bpf_u_int32)(SKF_AD_OFF + SKF_AD_VLAN_TAG)),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x0fff),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, vlan, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const unsigned count = sizeof(front) / sizeof(front[0]);

	result->bf_len = count + filter->bf_len;
	result->bf_insns = calloc(result->bf_len, sizeof(*result->bf_insns));
	if (result->bf_insns == NULL)
		return false;
	memcpy(result->bf_insns, front, sizeof(front));
	memcpy(result->bf_insns + count, filter->bf_insns, filter->bf_len * sizeof(*front));
	return true;
}

/*
 * It does without "inbound": libpcap runs a new filter once more, itself, over the frames that may
 * have come before it, which are one at the least, and that interpreter takes "inbound" for a read
 * past the frame and drops it. The first answer would be lost, always.
 */
static bool
set_filter(struct link *link, const struct link_interface *interface, const struct ports *ports,
    struct error *error)
{
	struct bpf_program program, on_vlan;
	char mac[MAC_TEXT_SIZE], filter[256];
	bool set;

	(void)snprintf(filter, sizeof(filter),
	    "arp or ip proto 112 or "
	    "(ether dst %s and (icmp or tcp dst portrange %u-%u or udp dst portrange %u-%u))",
	    mac_format(&interface->mac, mac), ports->first, ports->last, ports->first, ports->last);
	if (pcap_compile(link->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap));
	set = add_vlan(&program, interface->vlan, &on_vlan);
	pcap_freecode(&program);
	if (!set)
		return fail_open(error, link->name, "out of memory");
	set = pcap_setfilter(link->pcap, &on_vlan) == 0;
	free(on_vlan.bf_insns);
	return set || fail_open(error, link->name, pcap_geterr(link->pcap));
}

/* Keeps our own frames out of the buffer, where they would crowd out answers. pcap_setdirection()
 * drops them only behind it, and alone has to do before Linux 4.20. */
static void
ignore_outgoing(struct link *link)
{
	const int on = 1;

	(void)setsockopt(
	    pcap_fileno(link->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
}

/* VRRP advertisements go to 224.0.0.18, which is flooded without IGMP (RFC 4541 section 2.1.2), so
 * the interface's own filter is all that has to let them in. Where it does not, there is only less
 * evidence: that is no reason to fail. The membership lasts as long as the socket. */
static void
join_vrrp(struct link *link)
{
	const struct packet_mreq request = {
	    .mr_ifindex = (int)if_nametoindex(link->name),
	    .mr_type = PACKET_MR_MULTICAST,
	    .mr_alen = 6,
	    .mr_address = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x12},
	};

	(void)setsockopt(
	    pcap_fileno(link->pcap), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request));
}

/* Immediate mode, since an audit waits for single frames: without it the kernel hands them out by
 * the block, when one is full or its time is up. */
static bool
activate(struct link *link, struct error *error)
{
	int status;

	if (pcap_set_snaplen(link->pcap, SNAPSHOT_SIZE) != 0 ||
	    pcap_set_promisc(link->pcap, 0) != 0 || pcap_set_immediate_mode(link->pcap, 1) != 0 ||
	    pcap_set_buffer_size(link->pcap, BUFFER_SIZE) != 0)
		return fail_open(error, link->name, "libpcap refuses the settings");
	status = pcap_activate(link->pcap);
	if (status == PCAP_ERROR_PERM_DENIED)
		return fail_permission(error, link->name);
	if (status < 0) {
		const char *const text = pcap_geterr(link->pcap);

		return fail_open(
		    error, link->name, text[0] != '\0' ? text : pcap_statustostr(status));
	}
	return true;
}

static bool
open_capture(struct link *link, const struct link_interface *interface, const struct ports *ports,
    struct error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";

	link->pcap = pcap_create(link->name, text);
	if (link->pcap == NULL)
		return fail_open(error, link->name, text);
	if (!activate(link, error))
		return false;
	if (pcap_datalink(link->pcap) != DLT_EN10MB)
		return fail_open(error, link->name, "it is not Ethernet");
	if (pcap_setdirection(link->pcap, PCAP_D_IN) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap));
	if (pcap_setnonblock(link->pcap, 1, text) != 0)
		return fail_open(error, link->name, text);
	if (!set_filter(link, interface, ports, error))
		return false;
	ignore_outgoing(link);
	join_vrrp(link);
	return true;
}

/* libnet's socket is there to send, but as any packet socket it would also collect every frame of
 * every interface, until its buffer is full of them. */
static bool
receive_nothing(int descriptor)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = {.len = 1, .filter = &nothing};

	return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

static bool
open_injection(struct link *link, struct error *error)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	int descriptor, flags;

	link->libnet = libnet_init(LIBNET_LINK, link->name, text);
	if (link->libnet == NULL)
		return fail_open(error, link->name, text);
	/* libnet takes a name that begins with a digit for an address, or for the start of a name,
	 * and may have come to another interface. */
	if (strcmp(libnet_getdevice(link->libnet), link->name) != 0)
		return fail_open(error, link->name, "libnet can't tell its name from an address");
	descriptor = libnet_getfd(link->libnet);
	flags = fcntl(descriptor, F_GETFL);
	if (flags == -1 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    !receive_nothing(descriptor))
		return fail_open(error, link->name, strerror(errno));
	return true;
}

struct link *
link_open(
    const struct link_interface *interface, uint16_t port, uint16_t port_count, struct error *error)
{
	const struct ports ports = {.first = port, .last = port + port_count - 1u};
	struct link *const link = calloc(1, sizeof(*link));

	if (link == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "can't open interface %s: out of memory",
		    interface->name);
		return NULL;
	}
	(void)snprintf(link->name, sizeof(link->name), "%s", interface->name);
	if (open_capture(link, interface, &ports, error) && open_injection(link, error))
		return link;
	link_close(link);
	return NULL;
}

void
link_close(struct link *link)
{
	if (link == NULL)
		return;
	if (link->libnet != NULL)
		libnet_destroy(link->libnet);
	if (link->pcap != NULL)
		pcap_close(link->pcap);
	free(link);
}

/* Silence on a dead interface is no evidence. A packet socket tells of an interface that was taken
 * down only once, libpcap does not pass it on in non-blocking mode, and of a lost carrier neither
 * tells anything: so this asks. */
static bool
is_alive(const struct link *link, struct error *error)
{
	struct ifreq request = {0};

	memcpy(request.ifr_name, link->name, sizeof(request.ifr_name));
	if (ioctl(libnet_getfd(link->libnet), SIOCGIFFLAGS, &request) == -1)
		return error_set(error, EXIT_CANNOT_RUN, "interface %s is gone: %s", link->name,
		    strerror(errno));
	if ((request.ifr_flags & IFF_UP) == 0)
		return error_set(error, EXIT_CANNOT_RUN, "interface %s went down", link->name);
	if ((request.ifr_flags & IFF_RUNNING) == 0)
		return error_set(
		    error, EXIT_CANNOT_RUN, "interface %s lost its carrier", link->name);
	return true;
}

enum link_sent
link_send(struct link *link, const struct frame *frame, struct capture *sent, struct error *error)
{
	const size_t length = craft_bytes(link->libnet, frame, link->sent, error);
	int number, written;

	if (length == 0)
		return LINK_FAILED;
	errno = 0;
	written = libnet_write_link(link->libnet, link->sent, (uint32_t)length);
	if (written == (int)length) {
		sent->bytes = link->sent;
		sent->length = sent->wire_length = length;
		return LINK_SENT;
	}
	number = errno;
	if (!is_alive(link, error))
		return LINK_FAILED;
	/* What was sent in part only has to go again, whole. */
	if (written >= 0 || number == ENOBUFS || number == EAGAIN || number == EINTR)
		return LINK_BUSY;
	error_set(error, EXIT_CANNOT_RUN, "can't send on interface %s: %s", link->name,
	    number != 0 ? strerror(number) : libnet_geterror(link->libnet));
	return LINK_FAILED;
}

int
link_receive(struct link *link, struct capture *capture, struct error *error)
{
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	int status;

	while ((status = pcap_next_ex(link->pcap, &header, &bytes)) == 1) {
		if (frame_decode(bytes, header->caplen, &capture->frame) != FRAME_OK)
			continue;
		capture->bytes = bytes;
		capture->length = header->caplen;
		capture->wire_length = header->len;
		capture->time_us =
		    (uint64_t)header->ts.tv_sec * 1000000 + (uint64_t)header->ts.tv_usec;
		capture->number = 0;
		link->captured++;
		return 1;
	}
	if (!is_alive(link, error))
		return -1;
	if (status == 0)
		return 0;
	error_set(error, EXIT_CANNOT_RUN, "the capture on interface %s failed: %s", link->name,
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

	/* What is wrong with the socket, if anything, link_receive() will find. */
	if (ppoll(&poll, 1, &timeout, signal_mask) >= 0 || errno == EINTR)
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "can't wait for frames on interface %s: %s",
	    link->name, strerror(errno));
}

bool
link_statistics(struct link *link, struct link_statistics *statistics, struct error *error)
{
	struct pcap_stat counts;

	if (pcap_stats(link->pcap, &counts) != 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "no capture statistics of interface %s: %s", link->name,
		    pcap_geterr(link->pcap));
	statistics->captured = link->captured;
	statistics->dropped = counts.ps_drop;
	return true;
}
