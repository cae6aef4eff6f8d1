/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an audit takes place, and what it shares with the other audits there.
 */
#ifndef ARPAUDIT_AUDIT_SEGMENT_H
#define ARPAUDIT_AUDIT_SEGMENT_H

#include <stdint.h>

#include "arpaudit/address.h"
#include "arpaudit/address_set.h"
#include "arpaudit/gentle.h"
#include "arpaudit/rates.h"

/* Number of source ports, from elicit_port on. The first is that of the probe's own TCP and UDP
 * packets. The others are for the SYNs that ask for the DR signature. */
#define AUDIT_ELICIT_PORTS 64

/* The segment of the audit, as the probe sees it. */
struct audit_segment {
	const char *interface; /* its name, for the report; borrowed */
	struct mac mac;        /* the probe's */
	struct prefix own;     /* the probe's address and subnet; ADDRESS_NONE if it has none */
	uint16_t elicit_port;  /* first of AUDIT_ELICIT_PORTS source ports */
	struct gentle *gentle; /* the allowance that it shares with other audits; NULL: its own */
	uint32_t sharer;       /* its number among these, from 0 */
	struct rates *rates;   /* shared with others, instead of the settings'; borrowed; or NULL */
	const struct address_set *used; /* never decoys; borrowed; or NULL */
	uint64_t decoy_class;           /* consecutive ones draw different decoys; 0: at random */
};

#endif
