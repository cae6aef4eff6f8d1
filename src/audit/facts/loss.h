/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loss of exchanges (a request and its reply) on a path, measured by answered and lost fences.
 * The prior is uniform, Beta(1, 1): before the first sample half of all exchanges are expected to
 * be lost. So few samples mean caution.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_LOSS_H
#define ARPAUDIT_AUDIT_FACTS_LOSS_H

#include <stdint.h>

/* Switches may drop broadcasts and unicast frames at different rates. */
enum path {
	PATH_BROADCAST = 0,
	PATH_UNICAST,
	PATHS,
};

struct loss {
	uint64_t answered, lost;
};

double loss_estimate(const struct loss *loss); /* the posterior's mean */
/* The chance that `count` further exchanges in a row are all lost. This is the posterior predictive
 * E[P^count], which is larger than the mean to the power of `count`. 1 if `count` is 0. */
double loss_all_lost(const struct loss *loss, uint32_t count);
struct loss loss_sum(const struct loss loss[PATHS]); /* of both paths together */

#endif
