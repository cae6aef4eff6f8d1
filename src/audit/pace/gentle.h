/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the allowance of --gentle (include/arpaudit/gentle.h), for the lanes.
 *
 * One bucket serves all frames. Each ARP frame of the probe makes a host send at most one, so what
 * bounds the probe bounds every host. Per second the bucket passes 4 units, and at most 4 more at
 * once, so no second has more than 8. What remains up to 10 is for what comes later: a host checks
 * the entry of the probe 5 s after it has used it, and the probe's kernel answers (at most two in a
 * second, since an IP packet costs 3 units); a proxy holds answers back for up to 0.8 s; and frames
 * arrive closer together than they left.
 *
 * An ARP frame costs 1. An IP packet costs 3: the receiver may ask for its source, and ask again 1
 * s and 2 s later, or check the entry 5 s, 6 s and 7 s later; the probe's answer costs 1 more. A
 * RST costs nothing, because nobody answers it.
 *
 * A task begins only when the bucket is full again. So up to 3 of its frames leave together, and an
 * urgent frame finds room at once. Urgent frames also have a bucket of their own, half as fast: a
 * host that asks all the time can't take everything.
 */
#ifndef ARPAUDIT_AUDIT_PACE_GENTLE_H
#define ARPAUDIT_AUDIT_PACE_GENTLE_H

#include <stdbool.h>

#include "arpaudit/frame.h"
#include "arpaudit/gentle.h"
#include "audit/pace/bucket.h"

#define GENTLE_PER_S  4 /* units a second */
#define GENTLE_PACKET 3 /* what an IP packet costs, and the most that any frame does */

struct gentle {
	struct bucket all, urgent;
	uint32_t sharers, last; /* number of audits, and which one began a task last */
};

uint32_t gentle_cost(const struct frame *frame);
/* When a task of this audit may begin. The audits take turns. */
uint64_t gentle_begin_us(const struct gentle *gentle, uint32_t sharer);
/* When a further frame of that task may leave. */
uint64_t gentle_follow_us(const struct gentle *gentle, uint32_t cost);
uint64_t gentle_urgent_us(const struct gentle *gentle, uint32_t cost);
/* Whether the urgent frames have taken all that is theirs. */
bool gentle_urgent_is_over(const struct gentle *gentle, uint64_t now_us);
void gentle_take(
    struct gentle *gentle, uint32_t sharer, bool urgent, uint32_t cost, uint64_t now_us);

#endif
