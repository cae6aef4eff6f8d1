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

/*
 * Replaces the contents of `libnet` with the frame's headers; libnet_write() then sends them. The
 * frame is ARP, an echo request, TCP (no data, no options) or UDP (no data); other kinds fail an
 * assertion. IP datagrams are sent unfragmented with DF set. A nonzero `vlan` adds an 802.1Q tag.
 */
bool craft(libnet_t *libnet, const struct frame *frame, struct error *error);

/*
 * Does the same and copies out the bytes. Returns their length, at most CRAFT_SIZE_MAX, or 0 with
 * `error` set if libnet fails. `libnet` may have any injection type; LIBNET_NONE needs no
 * privilege.
 */
#define CRAFT_SIZE_MAX 64
size_t craft_bytes(libnet_t *libnet, const struct frame *frame, uint8_t bytes[CRAFT_SIZE_MAX],
    struct error *error);

#endif
