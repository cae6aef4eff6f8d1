/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host's IP answers: echo, TCP and UDP to its own addresses. In addition a director's IPVS, which
 * forwards TCP to its real servers (DR).
 */
#include "node.h"

#define ICMP_CODE_PORT 3 /* port unreachable, RFC 792 */

#define SYN_ACK_RETRIES 3 /* at 1, 3 and 7 s */
#define SYN_ACK_US      UINT64_C(1000000)

static bool
is_flag_set(const struct frame *frame, enum tcp_flag flag)
{
	return (frame->ip.tcp.flags & flag) != 0;
}

/* There is no router here, so only addresses on the segment are resolved. */
static void
send_ip(struct node *node, struct frame *frame)
{
	const uint32_t destination = address_ipv4_number(&frame->ip.destination);

	frame->source = node->mac;
	frame->ip.ttl = 64;
	if (node_is_onlink(node, destination))
		neighbour_send(node, destination, frame);
}

static struct frame
answer_to(const struct frame *asked, enum frame_kind kind)
{
	return (struct frame){
	    .kind = kind,
	    .ip = {.source = asked->ip.destination, .destination = asked->ip.source},
	};
}

static void
send_error(
    struct node *node, const struct frame *asked, uint32_t source, uint8_t type, uint8_t code)
{
	struct frame error = answer_to(asked, FRAME_ICMP_ERROR);

	error.ip.source = address_ipv4(source);
	error.ip.error.type = type;
	error.ip.error.code = code;
	error.ip.error.source = asked->ip.source;
	error.ip.error.destination = asked->ip.destination;
	if (asked->kind == FRAME_TCP) {
		error.ip.error.protocol = IP_PROTOCOL_TCP;
		error.ip.error.source_port = asked->ip.tcp.source_port;
		error.ip.error.destination_port = asked->ip.tcp.destination_port;
	} else if (asked->kind == FRAME_UDP) {
		error.ip.error.protocol = IP_PROTOCOL_UDP;
		error.ip.error.source_port = asked->ip.udp.source_port;
		error.ip.error.destination_port = asked->ip.udp.destination_port;
	} else {
		error.ip.error.protocol = IP_PROTOCOL_ICMP;
	}
	send_ip(node, &error);
}

static void
answer_tcp(struct node *node, const struct frame *asked)
{
	struct frame answer = answer_to(asked, FRAME_TCP);
	const bool open = node->tcp_port != 0 && asked->ip.tcp.destination_port == node->tcp_port;

	if (is_flag_set(asked, TCP_RST)) {
		node->syn_ack_generation++; /* ends the half-open connection */
		return;
	}
	if (!is_flag_set(asked, TCP_SYN))
		return;
	answer.ip.tcp.source_port = asked->ip.tcp.destination_port;
	answer.ip.tcp.destination_port = asked->ip.tcp.source_port;
	answer.ip.tcp.acknowledgement = asked->ip.tcp.sequence + 1;
	answer.ip.tcp.flags = open ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK;
	answer.ip.ds = open ? 0 : asked->ip.ds;
	send_ip(node, &answer);
	if (open)
		segment_set_timer(node->segment, node->segment->now_us + SYN_ACK_US, EVENT_SYN_ACK,
		    node->port, 1, ++node->syn_ack_generation, &answer);
}

void
node_syn_ack_timer(struct node *node, const struct event *event)
{
	struct frame answer = event->frame;

	if (event->generation != node->syn_ack_generation ||
	    !node_is_local(node, address_ipv4_number(&answer.ip.source)))
		return;
	send_ip(node, &answer);
	if (event->argument < SYN_ACK_RETRIES)
		segment_set_timer(node->segment,
		    node->segment->now_us + (SYN_ACK_US << event->argument), EVENT_SYN_ACK,
		    node->port, event->argument + 1, event->generation, &event->frame);
}

static uint32_t
error_source(const struct node *node, const struct frame *asked)
{
	return node->quirks.rejects_by_target
		   ? address_ipv4_number(&asked->ip.destination)
		   : node_source_for(node, address_ipv4_number(&asked->ip.source));
}

/* ip_forward(), after the translation of the destination. nf_nat_icmp_reply_translation() makes the
 * error one about the packet as it was sent. */
static bool
is_exceeded(const struct node *node, const struct frame *asked)
{
	return asked->kind == FRAME_TCP && node->tcp_port != 0 &&
	       asked->ip.tcp.destination_port == node->tcp_port &&
	       asked->ip.ttl <= node->quirks.hops;
}

static void
answer(struct node *node, const struct frame *asked)
{
	struct frame reply;

	if (is_exceeded(node, asked)) {
		send_error(node, asked, error_source(node, asked), ICMP_TYPE_TIME_EXCEEDED, 0);
		return;
	}
	switch (asked->kind) {
	case FRAME_ECHO_REQUEST:
		if (node->ignores_echo)
			return;
		reply = answer_to(asked, FRAME_ECHO_REPLY);
		reply.ip.echo = asked->ip.echo;
		send_ip(node, &reply);
		break;
	case FRAME_TCP:
		answer_tcp(node, asked);
		break;
	case FRAME_UDP:
		send_error(node, asked, address_ipv4_number(&asked->ip.destination),
		    ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT);
		break;
	default:
		break;
	}
}

/* ip_vs_dr_xmit(): sends to the next real server's MAC, with TTL decremented. Later packets of a
 * connection follow its SYN. */
static void
forward(struct node *node, const struct frame *asked)
{
	struct frame forwarded = *asked;

	if (asked->ip.ttl <= 1) {
		send_error(node, asked, address_ipv4_number(&asked->ip.destination),
		    ICMP_TYPE_TIME_EXCEEDED, 0);
		return;
	}
	if (is_flag_set(asked, TCP_SYN))
		node->server_next = (node->server_next + 1) % node->server_count;
	if (mac_equal(&node->servers[node->server_next], &node->mac)) {
		answer(node, asked);
		return;
	}
	forwarded.source = node->mac;
	forwarded.destination = node->servers[node->server_next];
	forwarded.ip.ttl--;
	segment_transmit(node->segment, node->port, &forwarded);
}

/* ip_forward() and ip_error(). Forwarded packets are lost unless they go back to the segment. */
static void
pass_on(struct node *node, const struct frame *asked)
{
	const uint32_t source = node_source_for(node, address_ipv4_number(&asked->ip.source));

	if (!node_has_route(node, address_ipv4_number(&asked->ip.destination)))
		send_error(node, asked, source, ICMP_TYPE_UNREACHABLE, 0);
	else if (asked->ip.ttl <= 1)
		send_error(node, asked, source, ICMP_TYPE_TIME_EXCEEDED, 0);
}

static bool
is_rejected(const struct node *node, const struct frame *frame)
{
	const struct quirks *quirks = &node->quirks;

	return (quirks->rejects & 1u << frame->kind) != 0 &&
	       !(frame->kind == FRAME_TCP && is_flag_set(frame, TCP_RST)) &&
	       (quirks->trusted == 0 || address_ipv4_number(&frame->ip.source) != quirks->trusted);
}

/* iptables' REJECT, which takes the host's address towards the sender (measured). */
static void
reject(struct node *node, const struct frame *asked)
{
	send_error(node, asked, error_source(node, asked), ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT);
}

void
node_receive_ip(struct node *node, const struct frame *frame)
{
	if (node_is_local(node, address_ipv4_number(&frame->ip.source)))
		return; /* martian source */
	if (node_is_local(node, address_ipv4_number(&frame->ip.destination))) {
		if (is_rejected(node, frame))
			reject(node, frame);
		else if (frame->kind == FRAME_TCP && node->server_count > 0 &&
			 frame->ip.tcp.destination_port == node->tcp_port)
			forward(node, frame);
		else
			answer(node, frame);
	} else if (node->proxied_count > 0) {
		pass_on(node, frame);
	}
}
