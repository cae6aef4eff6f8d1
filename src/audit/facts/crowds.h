/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crowds: hosts that share one MAC.
 *
 * A frame may show something about each host of its MAC. A machine may truly have many addresses,
 * or be taken for many hosts because it answers in their names. If that made each of its frames
 * cost as much time as there are hosts, a flood of them would leave no time for the others. So
 * frames of a MAC with more than CROWDS_FREE hosts are limited to CROWDS_RATE a second. That is
 * more than an audit makes one machine send at the default rates. A frame beyond it counts as one
 * that the capture lost, so no verdict rests on it.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_CROWDS_H
#define ARPAUDIT_AUDIT_FACTS_CROWDS_H

#include "audit/facts/facts.h"
#include "audit/pace/bucket.h"

#define CROWDS_FREE  64
#define CROWDS_RATE  4000
#define CROWDS_BURST 1000

struct crowds {
	struct bucket bucket;
	uint64_t passed_over; /* frames for which there was no time */
};

void crowds_init(struct crowds *crowds);
/* Whether there is time for a frame that concerns that many hosts. If not, it is counted. */
bool crowds_have_time(struct crowds *crowds, uint64_t now_us, uint32_t hosts);

#endif
