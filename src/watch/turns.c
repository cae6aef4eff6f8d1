/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/turns.h"

static bool
is_same(const struct turns_owner *one, const struct turns_owner *other)
{
	return mac_equal(&one->mac, &other->mac) && address_equal(&one->ip, &other->ip);
}

/* Whether all turns that are kept came fast. */
static bool
is_split(const struct turns *turns, uint64_t split_us, uint64_t now_us)
{
	if (turns->count < TURNS_KEPT)
		return false;
	for (uint32_t i = 0; i < TURNS_KEPT; i++)
		if (turns->turn[i].announced || now_us > turns->turn[i].at_us + split_us)
			return false;
	return true;
}

/* Whether the owner of now was one of those before. The newest turn is the one to it. */
static bool
has_returned(const struct turns *turns, uint64_t now_us)
{
	for (uint32_t i = 0; i < TURNS_KEPT && i < turns->count; i++)
		if (is_same(&turns->turn[i].from, &turns->owner) &&
		    now_us <= turns->turn[i].at_us + TURNS_FLOP_US)
			return true;
	return false;
}

enum turn
turns_take(struct turns *turns, const struct turns_owner *owner, bool announced, uint64_t split_us,
    uint64_t now_us)
{
	const bool first = !turns->known;

	turns->last_us = now_us;
	if (first) {
		turns->known = true;
		turns->owner = *owner;
		return TURN_FIRST;
	}
	if (is_same(&turns->owner, owner))
		return TURN_NONE;
	const uint32_t at = turns->count++ % TURNS_KEPT;

	turns->turn[at].from = turns->former = turns->owner;
	turns->turn[at].at_us = now_us;
	turns->turn[at].announced = announced;
	turns->owner = *owner;
	if (is_split(turns, split_us, now_us))
		return TURN_SPLIT;
	return has_returned(turns, now_us) ? TURN_FLIP_FLOP : TURN_HAND_OVER;
}

bool
turns_withdraw(struct turns *turns, const struct turns_owner *owner)
{
	bool took_part = turns->known && is_same(&turns->owner, owner);

	for (uint32_t i = 0; i < TURNS_KEPT && i < turns->count; i++)
		took_part = took_part || is_same(&turns->turn[i].from, owner);
	if (!took_part)
		return false;
	if (is_same(&turns->owner, owner)) {
		turns->known = turns->count > 0 && !is_same(&turns->former, owner);
		turns->owner = turns->former;
	}
	turns->count = 0;
	return true;
}
