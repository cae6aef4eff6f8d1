/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that were captured, but passed over for want of time (facts/crowds.h). They make silences
 * void, as frames do that the capture lost. That is done for all of a period at once, since it
 * takes time for each host.
 */
#ifndef ARPAUDIT_AUDIT_LOST_H
#define ARPAUDIT_AUDIT_LOST_H

#include "audit/engine.h"

/* A frame was passed over. */
void lost_pass_over(struct audit *audit, uint64_t now_us);
/* Makes silences void if the period is over, or at once. */
void lost_review(struct audit *audit, uint64_t now_us, bool at_once);
/* When the next review is due; UINT64_MAX: none is. */
uint64_t lost_due_us(const struct audit *audit);

#endif
