/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the audit sends: the lanes, the round trip of the segment, and the numbers of IP packets.
 */
#ifndef ARPAUDIT_AUDIT_PACE_PACE_H
#define ARPAUDIT_AUDIT_PACE_PACE_H

#include "audit/pace/lanes.h"
#include "audit/pace/round_trip.h"

struct pace {
	struct lanes lanes;
	struct round_trip round_trip;
	struct gentle *gentle; /* the allowance, borrowed; NULL: not gentle */
	uint32_t sharer;       /* which of the audits that share it */
	uint16_t next_number;  /* of the next IP packet, so that its answer can be recognized */
};

#endif
