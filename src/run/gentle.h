/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which pairs share the allowance of --gentle. A switch counts the ARP frames of a port. Interfaces
 * with the same MAC, as those of VLANs, are on one port.
 */
#ifndef ARPAUDIT_RUN_GENTLE_H
#define ARPAUDIT_RUN_GENTLE_H

#include "arpaudit/run.h"

/* If one audit of a port is gentle, all are, and share an allowance, which the first pair owns.
 * False if memory is short. */
bool gentle_begin(struct run *run);

/* The allowance of the pair's port, or NULL if it is not gentle. Sets the pair's number among those
 * that share it. */
struct gentle *gentle_of(const struct run *run, const struct run_pair *pair, uint32_t *sharer);

#endif
