/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns a VIP after whom, as far as claims tell.
 *
 * A machine is identified by its MAC, or, as a master of a virtual router, by its address: the
 * masters share a MAC. Each claim by another machine than the last is a turn. What a turn is, the
 * turns before it tell:
 *
 *	first      nobody owned the VIP before
 *	hand-over  the VIP went to another machine
 *	flip-flop  it returned to a machine that had owned it within the last ten minutes
 *	split      the machines take turns so fast that both must own it: four turns within
 *	           TURNS_SPLIT_US. One that was announced (VRRP priority 0) does not count.
 *
 * What else could cause fast turns: a link that flaps, so that each machine misses the other. Then
 * both own the VIP as well.
 */
#ifndef ARPAUDIT_WATCH_TURNS_H
#define ARPAUDIT_WATCH_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/address.h"

#define TURNS_KEPT     4
#define TURNS_SPLIT_US UINT64_C(10000000)
#define TURNS_FLOP_US  UINT64_C(600000000)

enum turn { TURN_NONE = 0, TURN_FIRST, TURN_HAND_OVER, TURN_FLIP_FLOP, TURN_SPLIT };

struct turns_owner {
	struct mac mac;    /* mac_zero if the address tells it */
	struct address ip; /* ADDRESS_NONE if the MAC tells it */
};

/* Zeroed at the start. */
struct turns {
	bool known;
	struct turns_owner owner, former;
	uint64_t last_us; /* its last claim */
	struct {
		struct turns_owner from; /* who owned it until then */
		uint64_t at_us;
		bool announced;
	} turn[TURNS_KEPT]; /* the last ones; the newest is turn[(count - 1) % TURNS_KEPT] */
	uint32_t count;
};

/* The machine claimed the VIP. `announced`: the owner before had announced that it gives it up.
 * `split_us`: the time for a split, at least TURNS_SPLIT_US. */
enum turn turns_take(struct turns *turns, const struct turns_owner *owner, bool announced,
    uint64_t split_us, uint64_t now_us);
/* The machine turned out to be none that may own the VIP. The turns from and to it were none; if it
 * was the owner, the one before is. Returns whether there were any. */
bool turns_withdraw(struct turns *turns, const struct turns_owner *owner);

#endif
