/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seeded pseudo-random numbers (SplitMix64). Every choice of the engine comes from one of these, so
 * that a seed replays an audit exactly. Not for secrets: the seed of a live run comes from
 * getrandom(2), which is what makes decoys unpredictable to a host.
 */
#ifndef ARPAUDIT_RANDOM_H
#define ARPAUDIT_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state; /* the seed */
};

uint64_t random_next(struct random *random);
/* Uniform in 0..limit-1; `limit` is at least 1. */
uint32_t random_below(struct random *random, uint32_t limit);

#endif
