/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of a live audit, in microseconds since the epoch; it never steps. clock_start() reads
 * the wall clock once, and CLOCK_MONOTONIC advances it from there. Evidence gets real timestamps,
 * and setting the system clock cannot disturb the schedule.
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
