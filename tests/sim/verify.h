/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares an audit's verdicts with the truth. A result that must never happen is a breach. A
 * result that has a small allowed chance is counted, and the count is judged over many audits.
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
	double false_passes_allowed; /* sum of the requested confidences */
	uint64_t accusable, accused; /* sound hosts of audits with several damaged frames */
	uint64_t disputed;           /* VIPs with another owner outside the plan */
	uint64_t disputed_passes;
	double disputed_passes_allowed;
	uint64_t leaks, restored;       /* audits */
	uint64_t caches, caches_astray; /* bystanders' cache entries after an undone leak */
	uint64_t owners, alarms;        /* sound VIPs; those reported as a violation */
	size_t memory_most;             /* octets a host and VIP */
	double frames_most;             /* frames a host, without the constant part of an audit */
};

/* Adds a run to the tally. Its breaches and false passes are also in run->breach. */
void verify(struct run *run, struct tally *tally);
void tally_add(struct tally *total, const struct tally *part);
/* True if no promise was broken, and no allowed chance occurred too often. */
bool tally_holds(const struct tally *tally);
/* Whether `count` false passes are likely when `allowed` are expected. */
bool tally_is_likely(uint64_t count, double allowed);

#endif
