/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the real engine on a scenario and watches it. The engine must allocate nothing after its
 * start, keep to its rates, speak for no address in use, look like a conflict to no host that is
 * checking an address, and end. In a gentle audit no port may send more than GENTLE_ARP_MAX ARP
 * frames in any second.
 */
#ifndef ARPAUDIT_TESTS_RUN_H
#define ARPAUDIT_TESTS_RUN_H

#include "arpaudit/audit.h"
#include "rival.h"
#include "scenario.h"

#define BREACH_SIZE 160
#define BREACHES    4
/* Tells all addresses of a scenario apart. */
#define ANSWERS_PROBES 8192

struct run {
	struct scenario *scenario;
	struct audit *audit;
	struct audit_segment segment;
	struct arena *arena;
	struct cluster_result cluster;
	struct wire_result wire;
	struct rival rival;
	uint64_t duration_us;
	uint64_t stopped_us; /* when a signal or the deadline ended the audit; 0: it was not */
	/* Digest of all events, every frame sent and the JSON report. Equal runs have equal
	 * digests. */
	uint64_t digest;
	uint64_t heard; /* frames that the engine received; the report numbers them so */
	/* By frame number, from 1 on: whether the frame concerned the audit on arrival, so that the
	 * evidence file would hold it. */
	bool *concerned;
	size_t concerned_capacity;
	size_t memory; /* octets that the engine allocated */
	/* Frames that spoke for an address in use whose answers to the probe may have been lost. */
	uint32_t trespasses;
	/* By an address modulo ANSWERS_PROBES: whether it has answered an ARP Probe. */
	bool answers_probes[ANSWERS_PROBES];
	bool ended;
	bool deaf;            /* the capture loses frames now */
	bool advertised;      /* an advertisement has arrived by VRRP */
	uint32_t relayed;     /* relayed claims that have arrived */
	bool missed;          /* the capture has lost frames that the engine does not know of yet */
	uint64_t reported_us; /* time of the last report to the engine, or of the last look that
			       * found nothing */
	uint64_t paced_ns, broadcast_ns; /* theoretical arrival times of the token buckets (GCRA) */
	bool verbose;
	/* The broken promises, a line each. */
	char breach[BREACHES][BREACH_SIZE];
	uint32_t breach_count;
	bool broken; /* one of them can't be chance */
};

void run_scenario(struct run *run, struct scenario *scenario, bool verbose);
/* Continues without the engine: another audit ends, frames under way arrive, and hosts repeat what
 * they would. */
void run_on(struct run *run, uint64_t after_us);
void run_free(struct run *run);

/* Records a broken promise. */
void run_breach(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Records what may be a false pass within the allowed chance. */
void run_chance(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Octets and calls of malloc(3) and its kin, of the whole program so far. */
size_t memory_taken(void);
uint64_t memory_calls(void);

#endif
