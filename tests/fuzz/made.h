/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is made of the octets of an input, one after the other: choices, and the frames of a small
 * segment. 10.77.0.1 is the probe, 10.77.0.3 a director, 10.77.0.11 to 13 are real servers, and
 * 10.77.0.100 and 101 the VIPs. The MAC of 10.77.0.N is 02:00:00:00:00:N.
 */
#ifndef FUZZ_MADE_H
#define FUZZ_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "told.h"

#define PROBE    1
#define MACHINES 16
#define KEPT_MAX 64

struct made {
	const uint8_t *data;
	size_t size, at;
	struct frame kept[KEPT_MAX]; /* the last frames that others may refer to, in a circle */
	size_t kept_count;
};

static inline bool
made_is_left(const struct made *made)
{
	return made->at < made->size;
}

/* The next octet; 0 at the end. */
static inline uint8_t
made_next(struct made *made)
{
	return made_is_left(made) ? made->data[made->at++] : 0;
}

static inline struct address
made_ip(uint8_t last)
{
	return address_ipv4(0x0a4d0000U | last);
}

static inline struct mac
made_machine(uint8_t last)
{
	return (struct mac){{2, 0, 0, 0, 0, last}};
}

static inline void
made_keep(struct made *made, const struct frame *frame)
{
	made->kept[made->kept_count++ % KEPT_MAX] = *frame;
}

static inline const struct frame *
made_choose_kept(struct made *made)
{
	static const struct frame nothing = {.kind = FRAME_OTHER};
	const size_t kept = made->kept_count < KEPT_MAX ? made->kept_count : KEPT_MAX;

	return kept == 0 ? &nothing : &made->kept[made_next(made) % kept];
}

/* The next octets, as many as the first of them says, in memory of their own, so that ASan knows
 * their end. The caller frees them. */
static inline uint8_t *
made_octets(struct made *made, size_t *length)
{
	const size_t wanted = made_next(made);
	const size_t left = made->size - made->at;
	uint8_t *bytes;

	*length = wanted < left ? wanted : left;
	bytes = malloc(*length + 1);
	check(bytes != NULL);
	memcpy(bytes, made->data + made->at, *length);
	made->at += *length;
	return bytes;
}

/* The machine that binds 10.77.0.100 to its own MAC, in a sound frame. MACHINES: none does. */
static inline uint8_t
made_claimant(const struct frame *frame)
{
	const struct address vip = made_ip(100);
	const struct mac *const mac = &frame->arp.sha;
	const struct mac itself = made_machine(mac->octet[5]);
	const bool claims =
	    frame->kind == FRAME_ARP && mac->octet[5] < MACHINES && mac_equal(mac, &itself) &&
	    mac_equal(mac, &frame->source) && !frame->odd && frame->vlan == 0 &&
	    address_equal(&frame->arp.spa, &vip) &&
	    (frame->arp.operation == ARP_REQUEST || frame->arp.operation == ARP_REPLY);

	return claims ? mac->octet[5] : MACHINES;
}

/* A machine of the plan, a stranger, or a MAC that no machine has. */
static inline struct mac
made_choose_mac(struct made *made)
{
	const uint8_t choice = made_next(made);

	if (choice < 0xf0)
		return made_machine(choice % MACHINES);
	switch (choice) {
	case 0xf0:
		return mac_broadcast;
	case 0xf1:
		return mac_zero;
	case 0xf2:
		return (struct mac){{0x01, 0, 0x5e, 0x7f, 0, 1}};
	case 0xf3:
		return made_machine(0xff);
	default:
		return mac_of_vrid((uint8_t)(choice & 3));
	}
}

static inline struct address
made_choose_address(struct made *made)
{
	static const uint8_t known[] = {PROBE, 3, 4, 11, 12, 13, 100, 101, 200, 0, 255};
	const uint8_t choice = made_next(made);
	const struct frame *kept;

	if (choice < 0xc0)
		return made_ip(known[choice % sizeof(known)]);
	if (choice == 0xc0)
		return address_unspecified(ADDRESS_IPV4);
	kept = made_choose_kept(made);
	if (kept->kind == FRAME_OTHER)
		return made_ip(choice);
	if (kept->kind == FRAME_ARP)
		return choice & 1 ? kept->arp.spa : kept->arp.tpa;
	return choice & 1 ? kept->ip.source : kept->ip.destination;
}

static inline struct frame
made_arp(struct made *made)
{
	struct frame frame = {.kind = FRAME_ARP};
	const uint8_t form = made_next(made);

	frame.odd = (form & 0x40) != 0;
	frame.arp.operation = form & 1 ? ARP_REPLY : ARP_REQUEST;
	frame.arp.sha = made_choose_mac(made);
	frame.source = form & 2 ? made_choose_mac(made) : frame.arp.sha;
	frame.destination = form & 4 ? mac_broadcast : made_machine(PROBE);
	frame.arp.tha = form & 8 ? made_machine(PROBE) : mac_zero;
	frame.arp.spa = made_choose_address(made);
	frame.arp.tpa = form & 16 ? frame.arp.spa : made_choose_address(made);
	return frame;
}

static inline struct frame
made_advertisement(struct made *made)
{
	static const uint8_t addresses[8] = {10, 77, 0, 100, 10, 77, 0, 101};
	struct frame frame = {.kind = FRAME_VRRP};
	const uint8_t form = made_next(made);

	frame.source = made_choose_mac(made);
	frame.destination = (struct mac){{1, 0, 0x5e, 0, 0, 0x12}};
	frame.ip.source = made_choose_address(made);
	frame.ip.destination = address_ipv4(0xe0000012U);
	frame.ip.ttl = 255;
	frame.ip.vrrp = (struct frame_vrrp){.carp = (form & 1) != 0,
	    .version = form & 2 ? 2 : 3,
	    .vrid = (uint8_t)(form & 3),
	    .priority = made_next(made),
	    .interval_us = UINT32_C(10000) * made_next(made),
	    .address_count = (uint8_t)(form >> 2 & 1) + 1,
	    .addresses = addresses};
	return frame;
}

#endif
