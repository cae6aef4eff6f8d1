/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: audits one cluster on one segment.
 *
 * It is pure. It reads no clock, socket or file, and allocates nothing after audit_new(): the
 * caller gives it the time and the captured frames, takes the frames that it wants sent, and sleeps
 * until the time that it names. A seed decides every choice. So the same engine runs on a live
 * interface and in a simulator with virtual time. Its memory is bounded by the plan, however
 * hostile the segment.
 *
 * Times are microseconds since the epoch and never go back from one call to the next.
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
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/arena.h"
#include "arpaudit/error.h"
#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "arpaudit/result.h"

/* The probe's own TCP and UDP packets come from elicit_port, and those that ask for the DR
 * signature from the ports behind it, this many in all. */
#define AUDIT_ELICIT_PORTS 64

/* Where the audit takes place. */
struct audit_segment {
	const char *interface; /* its name, for the report; borrowed */
	struct mac mac;        /* of the probe */
	struct prefix own;     /* the probe's address and subnet; ADDRESS_NONE: it has none */
	uint16_t elicit_port;  /* first source port of the probe's own TCP and UDP packets */
};

struct audit;

/* `cluster` has passed plan_fit() and outlives the audit. NULL with EXIT_CANNOT_RUN when memory is
 * short. */
struct audit *audit_new(const struct plan_cluster *cluster, const struct plan_settings *settings,
    const struct audit_segment *segment, uint64_t seed, uint64_t now_us, struct error *error);
void audit_free(struct audit *audit);

/* The next frame to send now; false when there is none, or when the rates ask to wait. A frame that
 * is taken counts as sent. */
bool audit_next(struct audit *audit, uint64_t now_us, struct frame *frame);

/* When audit_next() or audit_finished() may next say something else than now, if no frame arrives.
 * UINT64_MAX: not before a frame arrives. */
uint64_t audit_wakeup_us(const struct audit *audit, uint64_t now_us);

/* Does a frame that the probe received bear on the audit? Then the evidence is to hold it: ask
 * before audit_receive(), which is given the frame with the number that it got. */
bool audit_concerns(const struct audit *audit, const struct capture *capture);

/* The evidence could not be kept: findings name no frame numbers. */
void audit_evidence_lost(struct audit *audit);

/* A frame that the probe received, in the order in which it arrived. */
void audit_receive(struct audit *audit, uint64_t now_us, const struct capture *capture);

/* The capture has lost frames that arrived between the two times: the silences that may be due to
 * that are void and are observed again. */
void audit_capture_lost(struct audit *audit, uint64_t since_us, uint64_t now_us);

/* All is decided, or the deadline has passed. */
bool audit_finished(const struct audit *audit, uint64_t now_us);

/* The source address that was asked for is another host's: the audit has ended, with nothing said
 * from it if it was seen in time. `owner` may be NULL. */
bool audit_source_is_used(const struct audit *audit, struct mac *owner);

struct audit_progress {
	uint32_t hosts, hosts_done;
	uint64_t frames_sent;
};
struct audit_progress audit_progress(const struct audit *audit);

/* The results so far, allocated in `arena`, and the audit's part of the wire statistics (captured
 * frames and kernel drops are the caller's to add). */
void audit_result(const struct audit *audit, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster, struct wire_result *wire);

#endif
