/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the bytes of a frame with libnet: the only way in which arpaudit makes a frame.
 *
 * frame_decode() of what was built gives the frame back.
 */
#ifndef ARPAUDIT_CRAFT_H
#define ARPAUDIT_CRAFT_H

#include <libnet.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"

/*
 * Puts the frame's headers into `libnet` in place of whatever it held before; libnet_write() then
 * sends it. Kinds: ARP, echo request, TCP (no data, no options) and UDP (no data); IP datagrams go
 * out unfragmented with DF set. `vlan` other than 0 adds an 802.1Q tag. Asserts the kind.
 */
bool craft(libnet_t *libnet, const struct frame *frame, struct error *error);

/*
 * The same, as bytes: for the evidence file and the tests. Returns the length, which never exceeds
 * CRAFT_SIZE_MAX; 0 with `error` set when libnet fails. `libnet` may be of any injection type;
 * LIBNET_NONE needs no privilege.
 */
#define CRAFT_SIZE_MAX 64
size_t craft_bytes(libnet_t *libnet, const struct frame *frame, uint8_t bytes[CRAFT_SIZE_MAX],
    struct error *error);

#endif
