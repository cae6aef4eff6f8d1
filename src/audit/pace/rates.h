/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buckets of an interface (arpaudit/rates.h).
 */
#ifndef ARPAUDIT_AUDIT_PACE_RATES_H
#define ARPAUDIT_AUDIT_PACE_RATES_H

#include "arpaudit/rates.h"
#include "audit/pace/bucket.h"

struct rates {
	struct bucket all, broadcasts, elicited;
	uint32_t rate, broadcast_rate;
	uint32_t burst; /* of `all` */
};

/* Full buckets. They let at least `burst_least` frames leave in one go. */
void rates_init(struct rates *rates, uint32_t rate, uint32_t broadcast_rate, uint32_t burst_least);
/* Another audit needs this burst. What has been sent still counts. */
void rates_widen(struct rates *rates, uint32_t burst_least);

#endif
