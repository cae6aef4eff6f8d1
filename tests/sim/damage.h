/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames with one wrong bit, flipped in a switch or in memory, where no Ethernet checksum protects
 * them. An audit has one such frame, or up to 5 %.
 *
 * Half of the time every bit of the headers has the same chance. Otherwise the bit turns one host's
 * address or MAC into that of another host. The decoded frame becomes what the decoder would make
 * of the damaged octets.
 */
#ifndef ARPAUDIT_TESTS_DAMAGE_H
#define ARPAUDIT_TESTS_DAMAGE_H

#include "scenario.h"

void damage_draw(struct scenario *scenario, struct random *random);
/* Passes a frame on its way to the probe. True if it was damaged. */
bool damage_pass(struct damage *damage, struct frame *frame);

#endif
