/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A finding: what is wrong with a host or a VIP, or worth knowing, with the frames that show it and
 * what to do about it. Texts and times are those of a result (result.h), which owns the findings.
 */
#ifndef ARPAUDIT_FINDING_H
#define ARPAUDIT_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "arpaudit/verdict.h"

struct evidence {
	uint64_t time_us;
	uint64_t frame; /* number in the evidence file, from 1; 0: not kept */
	const char *summary;
	const uint8_t *bytes; /* the frame's first octets */
	size_t length;
};

/* What kind of fault, doubt or note a finding is about. */
struct cause {
	const char *code; /* stable, for programs: "answers-for-vip" */
	/* What it means, in a line: the same for every host and VIP, so that a report can say it
	 * once for all of them. */
	const char *title;
};

struct finding {
	/* The name of the check; for a finding that belongs to no check of a host, a name of its
	 * own: "vip-owner", "unlisted-claimant", ... */
	const char *id;
	enum severity severity;
	const struct cause *cause; /* never NULL */
	const char *message;       /* about this host and VIP */
	const char *remedy;        /* "" if there is nothing to do */
	const struct evidence *evidence;
	size_t evidence_count;
};

#endif
