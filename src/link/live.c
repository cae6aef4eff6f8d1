/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libnet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpaudit/craft.h"
#include "arpaudit/link.h"
#include "arpaudit/memory.h"
#include "arpaudit/privileges.h"

/* The longest frame that is decoded to its end: a VRRP advertisement of 255 addresses, with an
 * 802.1Q tag and IP options. */
#define SNAPSHOT_SIZE (14 + 4 + 60 + 8 + 255 * 4)

#define TYPE_AT       12 /* offset of the EtherType, or of the TPID of a tag */
#define TAG_AT        14 /* offset of the tag's VID, priority and DEI */
#define TYPE_TAG      0x8100
#define TYPE_SERVICE  0x88a8
#define TYPE_RESERVED 0xffff /* by RFC 1701 */
#define VID_MASK      0x0fff
/* Holds several thousand frames: more than a second of replies at the default rate. The links of a
 * trunk's VLANs share its rates, and so each has fewer replies. */
#define BUFFER_SIZE       (8 << 20)
#define BUFFER_SIZE_LEAST (1 << 19)
#define SKIP_MAX          65536
#define FILTER_SIZE       2048

struct link {
	pcap_t *pcap;
	libnet_t *libnet;
	uint64_t captured;
	uint64_t dropped, skipped; /* drops that were told, and that do not count */
	char name[IFNAMSIZ];
	int index;           /* of the interface that had the name first */
	struct crafted sent; /* the last frame */
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
	    "no permission to open interface %s: run arpaudit with sudo, or grant it the "
	    "capability with 'sudo setcap cap_net_raw+ep %.*s'",
	    name, whole ? (int)length : (int)sizeof("arpaudit") - 1, whole ? path : "arpaudit");
}

/*
 * Prepends instructions to the filter that accept a single VLAN (0: untagged or VID 0), so that
 * traffic of the trunk's other VLANs cannot fill the buffer. Linux strips the outer tag and stores
 * it beside the frame; libpcap puts it back only after the filter has run. The instructions
 * therefore read the stored tag. libpcap's own "vlan" keyword does so too, but it changes the
 * meaning of the rest of the expression, on either side of an "or".
 *
 * Linux takes frames with further tags of VID 0, and so does the decoder. The rest of the filter
 * cannot see what is behind them. They are rare, so all such frames are accepted.
 */
static bool
prepend_vlan_check(const struct bpf_program *filter, uint16_t vlan, struct bpf_program *result)
{
	const struct bpf_insn vlan_check[] = {
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (bpf_u_int32)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, 0), /* untagged */
	    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (bpf_u_int32)(SKF_AD_OFF + SKF_AD_VLAN_TAG)),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, VID_MASK),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, vlan, 2, 0), /* tagged */
	    BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, 0, 4, 11), /* the VLAN's tag may follow, else reject */
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, vlan, 0, 10), /* untagged: as asked, else reject */
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE_AT),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_TAG, 4, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_SERVICE, 3, 9), /* else the filter decides */
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE_AT),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_TAG, 1, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_SERVICE, 0, 4), /* else reject */
	    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TAG_AT),              /* another tag */
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, VID_MASK),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, vlan, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, 0), /* reject */
	    BPF_STMT(BPF_RET | BPF_K, SNAPSHOT_SIZE),
	};
	const unsigned count = sizeof(vlan_check) / sizeof(vlan_check[0]);

	result->bf_len = count + filter->bf_len;
	result->bf_insns = calloc(result->bf_len, sizeof(*result->bf_insns));
	if (result->bf_insns == NULL)
		return false;
	memcpy(result->bf_insns, vlan_check, sizeof(vlan_check));
	memcpy(
	    result->bf_insns + count, filter->bf_insns, filter->bf_len * sizeof(*result->bf_insns));
	return true;
}

/* The filter's expression: ARP; VRRP, also in AH; and what answers the probe's own packets, which
 * have one of its ports as source port or as identifier of an echo. An ICMP error quotes such a
 * packet behind its own 8 octets; the probe's IP headers have 20. */
static void
write_filter(char text[FILTER_SIZE], const struct mac *mac, const struct ports *ports)
{
	const unsigned first = ports->first, last = ports->last;
	char name[MAC_TEXT_SIZE];

	(void)snprintf(text, FILTER_SIZE,
	    "arp or ip proto 112 or (ip proto 51 and ip[(ip[0] & 15) << 2] = 112) or "
	    "(ether dst %s and (tcp dst portrange %u-%u or udp dst portrange %u-%u or "
	    "(icmp[0] = 0 and icmp[4:2] >= %u and icmp[4:2] <= %u) or "
	    "((icmp[0] = 3 or icmp[0] = 5 or icmp[0] = 11) and "
	    "((icmp[28:2] >= %u and icmp[28:2] <= %u) or "
	    "(icmp[17] = 1 and icmp[32:2] >= %u and icmp[32:2] <= %u)))))",
	    mac_format(mac, name), first, last, first, last, first, last, first, last, first, last);
}

/* The filter of a link that listens: what this machine sends to a VIP tells whether a claim was
 * provoked. */
static void
write_listening_filter(
    char text[FILTER_SIZE], const struct mac *mac, const struct link_limits *limits)
{
	char name[MAC_TEXT_SIZE], vip[ADDRESS_TEXT_SIZE];
	int used = snprintf(text, FILTER_SIZE,
	    "arp or ip proto 112 or (ip proto 51 and ip[(ip[0] & 15) << 2] = 112)");

	if (limits->vip_count == 0)
		return;
	used += snprintf(&text[used], FILTER_SIZE - (size_t)used, " or (ether src %s and ip and (",
	    mac_format(mac, name));
	for (size_t i = 0; i < limits->vip_count; i++)
		used += snprintf(&text[used], FILTER_SIZE - (size_t)used, "%sdst host %s",
		    i == 0 ? "" : " or ", address_format(&limits->vips[i], vip));
	(void)snprintf(&text[used], FILTER_SIZE - (size_t)used, "))");
}

/*
 * The filter does not use "inbound". After setting a filter, libpcap applies it in user space to
 * the frames that may have been captured before, of which it assumes at least one. Its interpreter
 * treats "inbound" as a read past the frame and rejects the frame. The first reply would always be
 * lost.
 */
static bool
set_filter(struct link *link, const struct link_interface *interface,
    const struct link_limits *limits, struct error *error)
{
	const struct ports ports = {
	    .first = limits->port, .last = limits->port + limits->port_count - 1u};

	struct bpf_program program, on_vlan;
	char filter[FILTER_SIZE];
	bool set;

	if (limits->listens)
		write_listening_filter(filter, &interface->mac, limits);
	else
		write_filter(filter, &interface->mac, &ports);
	/* Without memory its scanner ends the process, with status 2, or crashes (libpcap 1.10). */
	if (!memory_reserve())
		return fail_open(error, link->name, "out of memory");
	if (pcap_compile(link->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap));
	set = prepend_vlan_check(&program, interface->vlan, &on_vlan);
	pcap_freecode(&program);
	if (!set)
		return fail_open(error, link->name, "out of memory");
	set = pcap_setfilter(link->pcap, &on_vlan) == 0;
	free(on_vlan.bf_insns);
	return set || fail_open(error, link->name, pcap_geterr(link->pcap));
}

/* Keeps our own frames out of the buffer, where they would take the space of replies.
 * pcap_setdirection() drops them only when they leave the buffer, which has to do before
 * Linux 4.20. */
static void
ignore_outgoing(struct link *link)
{
	const int on = 1;

	(void)setsockopt(
	    pcap_fileno(link->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
}

/* VRRP advertisements go to 224.0.0.18. Switches flood that group without IGMP (RFC 4541 section
 * 2.1.2), so only the interface's own filter has to accept it. If that fails, there is merely less
 * evidence, so the result is ignored. The membership lasts as long as the socket. */
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

/* Sets immediate mode, because an audit waits for single frames. Without it the kernel delivers
 * whole blocks, when one is full or times out. */
static bool
activate(struct link *link, size_t sharers, struct error *error)
{
	const size_t share = BUFFER_SIZE / (sharers > 0 ? sharers : 1);
	const int size = share > BUFFER_SIZE_LEAST ? (int)share : BUFFER_SIZE_LEAST;
	int status;

	if (pcap_set_snaplen(link->pcap, SNAPSHOT_SIZE) != 0 ||
	    pcap_set_promisc(link->pcap, 0) != 0 || pcap_set_immediate_mode(link->pcap, 1) != 0 ||
	    pcap_set_buffer_size(link->pcap, size) != 0 ||
	    pcap_set_tstamp_precision(link->pcap, PCAP_TSTAMP_PRECISION_NANO) != 0)
		return fail_open(error, link->name, "libpcap rejects the capture settings");
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
open_capture(struct link *link, const struct link_interface *interface,
    const struct link_limits *limits, struct error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";

	link->pcap = pcap_create(link->name, text);
	if (link->pcap == NULL)
		return fail_open(error, link->name, text);
	if (!activate(link, limits->sharers, error))
		return false;
	if (pcap_datalink(link->pcap) != DLT_EN10MB)
		return fail_open(error, link->name, "it is not Ethernet");
	if (pcap_setdirection(link->pcap, limits->listens ? PCAP_D_INOUT : PCAP_D_IN) != 0)
		return fail_open(error, link->name, pcap_geterr(link->pcap));
	if (pcap_setnonblock(link->pcap, 1, text) != 0)
		return fail_open(error, link->name, text);
	if (!set_filter(link, interface, limits, error))
		return false;
	if (!limits->listens)
		ignore_outgoing(link);
	join_vrrp(link);
	return true;
}

/* libnet's socket only sends. As a packet socket for all protocols it would also receive the frames
 * of every interface, which costs the kernel time for each of them, and for each frame that it
 * sends. Bound to a protocol that nobody uses it receives none. libnet names the interface of each
 * frame, so the socket stays bound to none. */
static bool
receive_nothing(int descriptor)
{
	const struct sockaddr_ll address = {
	    .sll_family = AF_PACKET, .sll_protocol = htons(TYPE_RESERVED)};

	return bind(descriptor, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

/* The number of the interface that has the name now. 0: none. */
static int
index_of(const struct link *link)
{
	struct ifreq request = {0};

	memcpy(request.ifr_name, link->name, sizeof(request.ifr_name));
	return ioctl(libnet_getfd(link->libnet), SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex
									      : 0;
}

static bool
open_injection(struct link *link, struct error *error)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	int descriptor, flags;

	link->libnet = libnet_init(LIBNET_LINK, link->name, text);
	if (link->libnet == NULL)
		return fail_open(error, link->name, text);
	/* libnet may take a name that starts with a digit for an address or for the start of a
	 * name, and choose a different interface. */
	if (strcmp(libnet_getdevice(link->libnet), link->name) != 0)
		return fail_open(error, link->name, "libnet mistakes its name for an address");
	descriptor = libnet_getfd(link->libnet);
	flags = fcntl(descriptor, F_GETFL);
	if (flags == -1 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    !receive_nothing(descriptor))
		return fail_open(error, link->name, strerror(errno));
	link->index = index_of(link);
	return true;
}

struct link *
link_open(
    const struct link_interface *interface, const struct link_limits *limits, struct error *error)
{
	struct link *const link = calloc(1, sizeof(*link));

	if (link == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "can't open interface %s: out of memory",
		    interface->name);
		return NULL;
	}
	(void)snprintf(link->name, sizeof(link->name), "%s", interface->name);
	privileges_raise();
	const bool opened = open_capture(link, interface, limits, error) &&
			    (limits->listens || open_injection(link, error));

	if (privileges_lower(error) && opened)
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

/* Silence on a dead interface is not evidence, so this asks for the interface's state. A packet
 * socket reports only once that the interface went down, and libpcap does not pass that on in
 * non-blocking mode. Neither reports a lost carrier. */
static bool
is_alive(const struct link *link, struct error *error)
{
	struct ifreq request = {0};

	memcpy(request.ifr_name, link->name, sizeof(request.ifr_name));
	if (ioctl(pcap_fileno(link->pcap), SIOCGIFFLAGS, &request) == -1)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s has disappeared: %s: create it, then run the audit again",
		    link->name, strerror(errno));
	if ((request.ifr_flags & IFF_UP) == 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s went down: run 'ip link set %s up', then run the audit again",
		    link->name, link->name);
	if ((request.ifr_flags & IFF_RUNNING) == 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "interface %s lost its carrier: check the cable and the switch port (a switch "
		    "that limits ARP may have shut it: --gentle), then run the audit again",
		    link->name);
	return true;
}

/* libnet_write_link() looks up the number of the interface by its name for every frame, which takes
 * half of its time. The number is known, and stays with the interface if that is renamed. */
static ssize_t
write_frame(const struct link *link, const struct crafted *crafted)
{
	const struct sockaddr_ll address = {
	    .sll_family = AF_PACKET, .sll_ifindex = link->index, .sll_protocol = htons(ETH_P_ALL)};

	return sendto(libnet_getfd(link->libnet), crafted->bytes, crafted->length, 0,
	    (const struct sockaddr *)&address, sizeof(address));
}

enum link_sent
link_send(struct link *link, const struct frame *frame, struct capture *sent, struct error *error)
{
	const struct crafted *const crafted = &link->sent;
	ssize_t written;
	int number;

	assert(link->libnet != NULL); /* a link that listens can't send */
	if (!craft(link->libnet, frame, &link->sent, error))
		return LINK_FAILED;
	errno = 0;
	written = write_frame(link, crafted);
	if (written == (ssize_t)crafted->length) {
		sent->bytes = crafted->bytes;
		sent->length = sent->wire_length = crafted->length;
		return LINK_SENT;
	}
	number = errno;
	if (!is_alive(link, error))
		return LINK_FAILED;
	/* A frame that was sent only in part has to be sent again, whole. */
	if (written >= 0 || number == ENOBUFS || number == EAGAIN || number == EINTR)
		return LINK_BUSY;
	error_set(error, EXIT_CANNOT_RUN,
	    "can't send on interface %s: %s: check it with 'ip -s link show %s'", link->name,
	    strerror(number), link->name);
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
		    (uint64_t)header->ts.tv_sec * 1000000 + (uint64_t)header->ts.tv_usec / 1000;
		capture->time_ns = (uint16_t)(header->ts.tv_usec % 1000);
		capture->number = 0;
		link->captured++;
		return 1;
	}
	if (!is_alive(link, error))
		return -1;
	if (status == 0)
		return 0;
	error_set(error, EXIT_CANNOT_RUN, "capture failed on interface %s: %s", link->name,
	    pcap_geterr(link->pcap));
	return -1;
}

/* If anything is wrong with the capture, the next read says so. */
void
link_skip(struct link *link)
{
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	struct pcap_stat counts;
	int frames = 0;

	while (frames < SKIP_MAX && pcap_next_ex(link->pcap, &header, &bytes) == 1)
		frames++;
	if (pcap_stats(link->pcap, &counts) == 0)
		link->skipped = counts.ps_drop - link->dropped;
}

bool
link_may_return(const struct link *link)
{
	return index_of(link) == link->index;
}

int
link_descriptor(const struct link *link)
{
	return pcap_get_selectable_fd(link->pcap);
}

/* libnet sends by name, but the capture stays on the interface that had it. */
static bool
is_replaced(const struct link *link, struct error *error)
{
	return index_of(link) != link->index &&
	       !error_set(error, EXIT_CANNOT_RUN,
		   "interface %s was deleted or renamed: run the audit again", link->name);
}

bool
link_statistics(struct link *link, struct link_statistics *statistics, struct error *error)
{
	struct pcap_stat counts;

	if (is_replaced(link, error))
		return false;
	if (pcap_stats(link->pcap, &counts) != 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "can't read the capture statistics of interface %s: %s", link->name,
		    pcap_geterr(link->pcap));
	statistics->captured = link->captured;
	link->dropped = counts.ps_drop - link->skipped;
	statistics->dropped = link->dropped;
	return true;
}
