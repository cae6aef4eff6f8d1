/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of a live audit: microseconds since the epoch that never step. Wall-clock time is read
 * once, at clock_start(); from then on CLOCK_MONOTONIC counts, so that evidence has real times and
 * an adjustment of the system's clock cannot disturb the schedule.
 */
#ifndef ARPAUDIT_CLOCK_H
#define ARPAUDIT_CLOCK_H

#include <stdint.h>

struct clock {
	uint64_t offset_us; /* epoch time minus monotonic time */
};

void clock_start(struct clock *clock);
uint64_t clock_now_us(const struct clock *clock);

#endif
