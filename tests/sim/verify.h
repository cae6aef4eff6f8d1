/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an audit said, held against what is true. What can never be is a breach of the run; what may
 * happen with a small chance is counted, and judged over many audits.
 */
#ifndef ARPAUDIT_TESTS_VERIFY_H
#define ARPAUDIT_TESTS_VERIFY_H

#include "run.h"

struct tally {
	uint64_t audits, breaches;
	uint64_t frames, duration_us, trespasses;
	uint64_t sound, sound_compliant; /* hosts */
	uint64_t faulty, faulty_violation;
	uint64_t false_passes;
	double false_passes_allowed; /* the sum of the confidence that was asked for */
	uint64_t disputed;           /* VIPs that an owner outside of the plan claims */
	uint64_t disputed_passes;
	double disputed_passes_allowed;
	uint64_t leaks, restored;       /* audits */
	uint64_t caches, caches_astray; /* of bystanders, after a leak that was restored */
	uint64_t owners, alarms;        /* VIPs with which all is well; those called a violation */
	size_t memory_most;             /* octets a host and VIP */
	double frames_most;             /* frames a host, beyond those of an audit of none */
};

/* Adds a run to the tally; its breaches and false passes stand in run->breach as well. */
void verify(struct run *run, struct tally *tally);
void tally_add(struct tally *total, const struct tally *part);
/* No promise is broken, and what may happen by chance is no more frequent than that. */
bool tally_holds(const struct tally *tally);
/* Is it likely that so many false passes come of the chances that were allowed? */
bool tally_is_likely(uint64_t count, double allowed);

#endif
