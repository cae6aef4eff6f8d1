/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seeded pseudo-random numbers (SplitMix64). The engine makes every random choice with these, so a
 * seed replays an audit exactly. They are not suitable for secrets. A live audit takes its seed
 * from getrandom(2), so hosts cannot predict the decoys.
 */
#ifndef ARPAUDIT_RANDOM_H
#define ARPAUDIT_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state; /* the seed */
};

/* One of several independent streams of a seed, by its number from 0. A stream of its own for each
 * use keeps the draws of one use the same when another draws more. */
struct random random_stream(uint64_t seed, uint32_t number);

uint64_t random_next(struct random *random);
/* Returns a number uniform in 0..limit-1. Asserts that `limit` is at least 1. */
uint32_t random_below(struct random *random, uint32_t limit);

#endif
