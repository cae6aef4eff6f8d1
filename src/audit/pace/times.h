/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times and durations in microseconds.
 */
#ifndef ARPAUDIT_AUDIT_PACE_TIMES_H
#define ARPAUDIT_AUDIT_PACE_TIMES_H

#include <stdint.h>

static inline uint64_t
later_us(uint64_t a_us, uint64_t b_us)
{
	return a_us > b_us ? a_us : b_us;
}

#endif
