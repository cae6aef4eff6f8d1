/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: audits one cluster on one segment.
 *
 * The engine is pure. It reads no clock, socket or file, and allocates nothing after audit_new().
 * The caller passes in the time and the captured frames, sends the frames that the engine wants
 * sent, and sleeps until the time that it names. A seed determines every choice. So the same engine
 * runs on a live interface and in a simulator with virtual time. The plan bounds its memory,
 * however hostile the segment is.
 *
 * Times are microseconds since the epoch and never decrease from one call to the next.
 *
 *	while (!audit_finished(audit, now)) {
 *		while (audit_next(audit, now, &frame))
 *			send(frame);
 *		wait until a frame arrives or audit_wakeup_us(audit, now);
 *		audit_receive(audit, now, &capture) for each captured frame;
 *	}
 *	audit_result(audit, …);
 */
#ifndef ARPAUDIT_AUDIT_H
#define ARPAUDIT_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/arena.h"
#include "arpaudit/audit_segment.h"
#include "arpaudit/error.h"
#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "arpaudit/result.h"

struct audit;
struct check;     /* a check of one VIP on one host: src/audit/facts/check.h */
struct vip_check; /* a check of a VIP as a whole */

#define CHECKS_MAX 32

/* Both lists end with NULL. `checks` has at most CHECKS_MAX. Attempts and reports follow its
 * order. */
struct check_table {
	const struct check *const *checks;
	const struct vip_check *const *vip_checks;
};

/* Creates an audit. `cluster` must have passed plan_fit(). All that is passed is borrowed, except
 * that `segment` is copied; it must outlive the audit. NULL with EXIT_CANNOT_RUN if memory is
 * short. Release with audit_free(). */
struct audit *audit_new(const struct plan_cluster *cluster, const struct plan_settings *settings,
    const struct audit_segment *segment, const struct check_table *table, uint64_t seed,
    uint64_t now_us, struct error *error);
void audit_free(struct audit *audit);

/* Takes the next frame to send now. False if there is none, or if a rate limit requires to wait. A
 * frame taken counts as sent. */
bool audit_next(struct audit *audit, uint64_t now_us, struct frame *frame);

/* Tells the octets of the frame that audit_next() gave last, which has left. Findings show it then.
 * It may be omitted. */
void audit_sent(struct audit *audit, const struct capture *sent);

/* The earliest time at which audit_next() or audit_finished() may return something new without a
 * captured frame. UINT64_MAX: only a frame can change them. */
uint64_t audit_wakeup_us(const struct audit *audit, uint64_t now_us);

/* Whether a captured frame concerns the audit, so that the evidence must hold it. Ask before
 * audit_receive(), because that needs the frame's number in the evidence. */
bool audit_concerns(const struct audit *audit, const struct capture *capture);

/* The evidence could not be written. Findings will have no frame numbers. */
void audit_evidence_lost(struct audit *audit);

/* Gives the engine a captured frame. Keep the order of arrival. */
void audit_receive(struct audit *audit, uint64_t now_us, const struct capture *capture);

/* The capture lost frames between the two times. Silences that this may explain are void, and the
 * engine observes them again. */
void audit_capture_lost(struct audit *audit, uint64_t since_us, uint64_t now_us);

/* What ended an audit. */
enum audit_end {
	AUDIT_DONE = 0,    /* nothing: everything was decided, or will be */
	AUDIT_DEADLINE,    /* the plan's timeout */
	AUDIT_INTERRUPTED, /* audit_stop() */
};

/* Ends the auditing early. Nothing more is asked, and what is undecided stays so. But the audit is
 * finished only when what it provoked is undone, or after ten seconds. */
void audit_stop(struct audit *audit, uint64_t now_us);
enum audit_end audit_ended(const struct audit *audit);
/* Whether it was ended early and still restores an owner. */
bool audit_is_restoring(const struct audit *audit);

/* True when everything is decided, or when the audit was ended early and every owner is restored.
 */
bool audit_finished(const struct audit *audit, uint64_t now_us);

/* Whether another host has the plan's source address. Then the audit has ended without verdicts.
 * The probe has sent nothing from that address if the host was heard in time. Sets `owner` (may be
 * NULL) to the host's MAC. */
bool audit_source_is_used(const struct audit *audit, struct mac *owner);

/* What an audit waits for, in this order. It may fall back. */
enum audit_phase {
	PHASE_HOSTS = 0, /* the hosts' verdicts */
	PHASE_OWNERS,    /* further answers of the owners */
	PHASE_RESTORE,   /* an owner that has to claim its VIP back */
	PHASE_LINGER,    /* answers that a proxy holds back */
};

struct audit_progress {
	uint32_t hosts, hosts_done;
	uint64_t frames_sent;
	uint32_t hosts_alive; /* that have answered for their own address */
	enum audit_phase phase;
	uint64_t until_us; /* when it ends, at the latest; UINT64_MAX: not known */
};
struct audit_progress audit_progress(const struct audit *audit);

/* Computes the results so far. Allocates them in `arena`, and adds to `wire` all but the captured
 * frames and the kernel drops, which only the caller knows. */
void audit_result(const struct audit *audit, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster, struct wire_result *wire);

/* The results of a cluster that could not be audited: its VIPs, without hosts. Follow it with
 * audit_failed(). */
void audit_not_run(
    const struct plan_cluster *plan, struct arena *arena, struct cluster_result *cluster);
/* Notes in the results why the audit could not run, or not to its end. Each VIP gets a finding
 * and is no longer compliant. */
void audit_failed(const char *reason, struct arena *arena, struct cluster_result *cluster);

#endif
