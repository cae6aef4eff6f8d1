/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A watch: listens to one cluster on one segment, and asks nothing.
 *
 * A watch is another conductor over the facts of an audit: the same decoder, the same notion of a
 * claim, the same rule for who is a host or a director. Like an audit it is pure. It reads no
 * clock, socket or file, and allocates nothing after watch_new(); the plan bounds its memory for
 * however long it runs. The caller passes in frames and times, and takes the events:
 *
 *	watch_receive(watch, now, &capture) for each captured frame;
 *	while (watch_next(watch, now, &event))
 *		tell(event);
 *	wait until a frame arrives or watch_wakeup_us(watch);
 *	...
 *	watch_result(watch, now, ...);
 *
 * Listening proves faults only. A host that was heard to claim a VIP is a violation. Any other is
 * inconclusive, however long nothing was heard: it was not asked.
 *
 * Times are microseconds since the epoch and never decrease from one call to the next.
 */
#ifndef ARPAUDIT_WATCH_H
#define ARPAUDIT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/arena.h"
#include "arpaudit/audit.h"
#include "arpaudit/event.h"

struct watch;

/* What a watch listens to. `segment` is copied; all else is borrowed and must outlive the watch.
 * The MAC of the segment is this machine's own, which is never heard; mac_zero for a capture file.
 */
struct watch_of {
	const struct plan_cluster *cluster;
	const struct plan_settings *settings;
	const struct audit_segment *segment;
	const struct check_table *table;
	const struct mac *ignored; /* machines whose frames show nothing: --ignore */
	size_t ignored_count;
};

/* NULL with EXIT_CANNOT_RUN if memory is short. Release with watch_free(). */
struct watch *watch_new(const struct watch_of *of, uint64_t now_us, struct error *error);
void watch_free(struct watch *watch);

/* The last state of the VIP named its owner. Another one is told as a hand-over. */
void watch_remember_owner(
    struct watch *watch, const struct address *vip, const struct mac *owner, uint64_t then_us);

/* A watch before this one has heard a violation of the VIP, and told it. */
void watch_remember_violation(struct watch *watch, const struct address *vip);

/* The owner of the VIP, as far as claims tell. False: none was heard. */
bool watch_owner(const struct watch *watch, const struct address *vip, struct mac *owner);

/* Gives it a captured frame. Keep the order of arrival. */
void watch_receive(struct watch *watch, uint64_t now_us, const struct capture *capture);
/* Whether the evidence must hold the frame. Ask before watch_receive(). */
bool watch_concerns(const struct watch *watch, const struct capture *capture);
/* The capture lost that many frames. */
void watch_capture_lost(struct watch *watch, uint64_t now_us, uint64_t count);

/* An audit of the VIP took place meanwhile. */
void watch_note_audit(struct watch *watch, uint64_t now_us, const struct vip_result *audited);

/* Takes the next event to tell. False: none is due. */
bool watch_next(struct watch *watch, uint64_t now_us, struct event *event);
/* Nothing more will be heard: all that was held back is due. */
void watch_end(struct watch *watch);
/* When watch_next() may return one without a captured frame. UINT64_MAX: never. */
uint64_t watch_wakeup_us(const struct watch *watch);

/* Computes the results so far, in `arena`. */
void watch_result(const struct watch *watch, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster);

#endif
