/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the bytes of a frame with libnet. arpaudit builds frames nowhere else.
 *
 * frame_decode() restores the frame from the bytes.
 */
#ifndef ARPAUDIT_CRAFT_H
#define ARPAUDIT_CRAFT_H

#include <libnet.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"

#define CRAFT_SIZE_MAX 64

/* A frame's bytes. The frame that is built next may reuse them, so they stay with their libnet_t.
 * `length` is 0 before the first frame. */
struct crafted {
	uint8_t bytes[CRAFT_SIZE_MAX];
	size_t length;
	enum frame_kind kind;
	uint16_t vlan;
};

/*
 * Builds the bytes of the frame in `crafted`. The frame is ARP, an echo request, TCP (no data, no
 * options) or UDP (no data); other kinds fail an assertion. IP datagrams are sent unfragmented with
 * DF set. A nonzero `vlan` adds an 802.1Q tag. `libnet` may have any injection type; LIBNET_NONE
 * needs no privilege. False with `error` set if libnet fails.
 */
bool craft(
    libnet_t *libnet, const struct frame *frame, struct crafted *crafted, struct error *error);

#endif
