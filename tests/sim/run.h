/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the real engine on a scenario, and watches it: it allocates nothing after its start, keeps
 * to its rates, speaks for no address in use, and comes to an end.
 */
#ifndef ARPAUDIT_TESTS_RUN_H
#define ARPAUDIT_TESTS_RUN_H

#include "arpaudit/audit.h"
#include "scenario.h"

#define BREACH_SIZE 160
#define BREACHES    4

struct run {
	struct scenario *scenario;
	struct audit *audit;
	struct audit_segment segment;
	struct arena *arena;
	struct cluster_result cluster;
	struct wire_result wire;
	uint64_t duration_us;
	size_t memory; /* octets that the engine has taken */
	/* Frames that spoke for an address in use, on a segment that loses the answers to the
	 * probes for it. */
	uint32_t trespasses;
	bool ended;
	bool deaf;        /* the capture loses what comes, */
	bool missed;      /* and has lost something of which the engine has not been told yet */
	uint64_t told_us; /* when it was told, or there was nothing to tell */
	uint64_t paced_ns,
	    broadcast_ns; /* theoretical arrival times, as a token bucket keeps them */
	bool verbose;
	/* What must not be, one line each. */
	char breach[BREACHES][BREACH_SIZE];
	uint32_t breach_count;
	bool broken; /* one of them can't be by chance */
};

void run_scenario(struct run *run, struct scenario *scenario, bool verbose);
/* Goes on without the engine: what is on its way arrives, what hosts repeat is repeated. */
void run_on(struct run *run, uint64_t until_us);
void run_free(struct run *run);

/* A promise is broken. */
void run_breach(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Or it may be by a chance that was allowed. */
void run_chance(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Octets and calls of malloc(3) and its kin so far, by the whole program. */
size_t memory_taken(void);
uint64_t memory_calls(void);

#endif
