/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The run: the audits of a plan side by side, each on a link of its own, until all are over.
 *
 *	run_open(&run, &plan, &error);       with privileges: the links
 *	signals_block(&run.unblocked, …);    from here on without privileges
 *	run_start(&run, &check_table, &error);  the clock and the audits
 *	run_audits(&run, &error);            the event loop
 *	run_result(&run, …);                 even after a failure or a signal
 *	run_close(&run);
 *
 * A pair is a cluster and its audit. The pairs of a segment share its link: the frames of each
 * audit leave only by that link, and the link's frames go only to those audits. Frames that the
 * kernel dropped on the link void silences of those audits, and of no others. All segments wait in
 * one ppoll(2). The loop ignores a pair whose audit is over.
 *
 * Many clusters take turns: at most RUN_INTERFACE_MAX audits run on an interface at the same time,
 * because they share its rates, and because each of them hears every frame of its segment. The
 * others start as these end, in the order of the plan.
 *
 * A pair that cannot run (no such interface, link down), or whose link fails, does not stop the
 * others: its error stays with it, and its cluster is inconclusive. The run fails only if no pair
 * is left. Mistakes of the plan end the run before anything is sent.
 */
#ifndef ARPAUDIT_RUN_H
#define ARPAUDIT_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/audit.h"
#include "arpaudit/clock.h"
#include "arpaudit/error.h"
#include "arpaudit/evidence.h"
#include "arpaudit/link.h"
#include "arpaudit/plan.h"
#include "arpaudit/rates.h"
#include "arpaudit/result.h"
#include "arpaudit/watch.h"

#define RUN_INTERFACE_MAX 16

/* The untagged frames of an interface, or a VLAN of a trunk. */
struct run_segment {
	struct link_interface interface;
	struct link *link;
	struct link_statistics statistics; /* as of the last poll, at most 100 ms ago */
	size_t pair_count;                 /* that are audited on it */
	struct run_segment *first;         /* the first one of the same interface */
	struct rates *rates;               /* of the interface; the first one's */
};

struct run_pair {
	struct plan_cluster *cluster; /* borrowed from the plan */
	struct link_interface interface;
	struct plan_settings settings; /* with the time that is left of its --timeout */
	struct gentle *gentle; /* the allowance of its port, owned by the port's first pair; NULL:
				* not gentle, or another pair's */
	struct run_segment *segment;
	size_t number;        /* among the pairs of the segment, from 0 */
	uint64_t seed;        /* determines every choice of the audit */
	uint16_t elicit_port; /* the first of AUDIT_ELICIT_PORTS, above Linux's local port range */
	struct audit *audit;  /* NULL until its turn comes */
	struct watch *watch;  /* NULL: nobody listens */
	uint64_t ended_us;    /* when it was over; 0: not yet */
	struct error error;   /* why the audit did not run, or not to its end */
};

/* What a run does. */
enum run_purpose {
	RUN_AUDITS = 0,
	RUN_LISTENS,        /* it sends nothing */
	RUN_LISTENS_AUDITS, /* it listens, and audits in between */
};

/* Must be zeroed before run_open(), but for `purpose`. */
struct run {
	enum run_purpose purpose;
	struct run_pair *pairs; /* in the order of the plan's clusters */
	size_t pair_count;
	struct run_segment *segments;
	size_t segment_count;
	const struct check_table *table;
	struct address_set used; /* addresses that the plan names: nobody's decoys */
	struct clock clock;
	uint64_t started_us;
	uint64_t audits_us;   /* when the audits began */
	uint64_t finished_us; /* of a capture file: its last frame */
	bool cut_off;         /* by the deadline, before the turn of an audit */
	bool cut_short;       /* the capture file is damaged, and could not be read to its end */
	/* The caller sets these before run_audits(): */
	sigset_t unblocked;             /* signal mask while waiting (signals.h) */
	struct evidence_file *evidence; /* borrowed; NULL: no evidence */
	bool progress;                  /* show progress on standard error after a second */
};

/*
 * Finds each cluster's interface, fits the cluster to it (plan_fit()) and opens the link. Needs
 * CAP_NET_RAW. `plan` must outlive the run.
 * EXIT_USAGE if a VIP is this machine's own address, or belongs to another interface. RIPs in no
 * subnet of the interface become a warning of the plan.
 * Other errors are those of link_find(), plan_fit() and link_open(). EXIT_CANNOT_RUN if every pair
 * has one; otherwise it is the pair's. Call run_close() in any case.
 */
bool run_open(struct run *run, struct plan *plan, struct error *error);

/* Prints the warnings of the plan, and which clusters cannot be audited, to standard error, before
 * anything is sent. */
void run_warn(const struct run *run);

/* Says on standard error how long the gentle audits take, before anything is sent. After
 * run_start(). */
void run_tell_gentle(const struct run *run);

/* Starts the clock and shares the rates. EXIT_CANNOT_RUN if memory is short. */
bool run_start(struct run *run, const struct check_table *table, struct error *error);

/*
 * Runs until every audit is over. A signal is no failure (signals_caught()): it ends the auditing,
 * and the run goes on until what was provoked is undone. A second one ends the run at once. If a
 * link fails, its audit ends at once, and the run if none is left: false with EXIT_CANNOT_RUN.
 * Frames that concern an audit go to the evidence; a failure to write it does not end the run.
 */
bool run_audits(struct run *run, struct error *error);

/* Whether any audit took place. One did not if another host has its source address. If there is
 * nothing to report: EXIT_CANNOT_RUN. */
bool run_took_place(struct run *run, struct error *error);

/* The evidence could not be written. Findings will have no frame numbers. */
void run_evidence_lost(struct run *run);

/* The results: a cluster per audit, in the order of the plan, and the sum of the wire statistics.
 * `failed`: a failure ended the run early. Release with result_free(). */
void run_result(const struct run *run, uint64_t finished_us, bool failed, struct result *result);

void run_close(struct run *run);

#endif
