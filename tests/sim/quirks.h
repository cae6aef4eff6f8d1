/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What some hosts do besides: a firewall that rejects packets, slow or rationed answers to ARP, a
 * second network card, and services in containers behind them.
 */
#ifndef ARPAUDIT_TESTS_QUIRKS_H
#define ARPAUDIT_TESTS_QUIRKS_H

#include <stdbool.h>
#include <stdint.h>

struct node;

struct quirks {
	/* Packets to the host's own addresses that a firewall answers by an ICMP error, as bits of
	 * 1 << enum frame_kind; but not those from `trusted` (0: none). */
	uint32_t rejects;
	uint32_t trusted;
	bool rejects_by_target; /* the error comes from the address that was asked, not from the
				 * host's first one */
	uint32_t slow_us;       /* the host handles ARP frames so much later */
	uint32_t gap_us;        /* it answers no second ARP request within this time */
	uint64_t answered_us;
	bool drops_group_sha; /* it drops ARP frames whose SHA is a group's, as a BSD does */
	uint8_t hops; /* routers between the host and its service, to which it translates; 0: it
			 serves itself */
	/* The node is a second card of that host. The kernel routes IP, so packets are answered by
	 * the first one. NULL: it is none. */
	struct node *first;
};

#endif
