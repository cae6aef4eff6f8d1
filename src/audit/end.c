/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/end.h"

#include "audit/ask/attempts.h"
#include "audit/ask/restore.h"
#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/gateways.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/vips.h"
#include "audit/listening.h"
#include "audit/lost.h"
#include "audit/pace/times.h"

/* The longest time that a restoration may take after an early end. Where many frames are lost, or
 * the VIP is contested, it could go on for long. */
#define UNDO_US UINT64_C(10000000)
/* The longest that the frames of a restoration wait for the allowance of --gentle, in all. */
#define GENTLE_WAIT_US UINT64_C(2000000)

static uint64_t
earlier_us(uint64_t a_us, uint64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

/* When the last question has had the time for its answer, also without lingering. So has a question
 * just before the last fence, since frames may pass each other. */
static uint64_t
answered_us(const struct audit *audit)
{
	const struct asked *asked = audit->facts.asked;

	return later_us(asked->question_us, asked->fence_us) +
	       round_trip_timeout_us(&audit->pace.round_trip, 0);
}

/* Whether nothing is left to do but to linger. */
static bool
is_quiet(const struct audit *audit)
{
	const struct facts *facts = &audit->facts;

	if (audit->passed_over_us != 0 || !inquiries_are_done(facts) ||
	    facts->asked->rounds_wanted > 0 || facts->asked->round_due ||
	    !decoys_are_decided(facts) || !lanes_are_empty(&audit->pace.lanes) ||
	    !gateways_are_over(facts))
		return false;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		if (ask_restore_is_pending(&audit->ask, vip) ||
		    asked_of(facts, vip)->handover_open || asked_of(facts, vip)->signature_open)
			return false;
	return true;
}

static bool
is_restoring(const struct audit *audit)
{
	for (uint32_t vip = 0; vip < vip_count(&audit->facts); vip++)
		if (ask_restore_is_pending(&audit->ask, vip))
			return true;
	return false;
}

static uint64_t
complete_us(const struct audit *audit)
{
	if (!is_quiet(audit))
		return UINT64_MAX;
	return later_us(listening_until_us(audit), answered_us(audit));
}

/* When all that was under way at an early end is over: the packets that may make a server speak as
 * the VIP, the restorations, and the wait for an owner that is heard late. */
static uint64_t
undone_us(const struct audit *audit)
{
	const uint64_t limit_us = audit->stopped_us + UNDO_US;
	uint64_t until_us = ask_attempts_provoked_until_us(&audit->ask);

	if (!lanes_are_empty(&audit->pace.lanes))
		return limit_us;
	for (uint32_t vip = 0; vip < vip_count(&audit->facts); vip++) {
		if (ask_restore_is_pending(&audit->ask, vip))
			return limit_us;
		if (ask_restore_is_ownerless(&audit->ask, vip))
			until_us = later_us(
			    until_us, later_us(audit->facts.asked->question_us + PROXY_DELAY_US,
					  answered_us(audit)));
	}
	return earlier_us(until_us, limit_us);
}

static uint64_t
deadline_us(const struct audit *audit)
{
	const uint64_t timeout_us = audit->facts.settings->timeout_us;

	return timeout_us == 0 ? UINT64_MAX : audit->started_us + timeout_us;
}

/* How long before the deadline the last packet may leave that may provoke a leak. */
static uint64_t
restore_us(const struct audit *audit)
{
	return RESTORE_US + (audit->pace.gentle != NULL ? GENTLE_WAIT_US : 0);
}

bool
end_is_complete(const struct audit *audit, uint64_t now_us)
{
	return audit->stopped_us == 0 && now_us >= complete_us(audit);
}

static void
stop(struct audit *audit, uint64_t now_us, enum audit_end ended)
{
	if (audit->stopped_us != 0 || end_is_complete(audit, now_us))
		return;
	lost_review(audit, now_us, true);
	audit->ended = ended;
	audit->stopped_us = now_us;
	ask_stop(&audit->ask);
}

void
audit_stop(struct audit *audit, uint64_t now_us)
{
	stop(audit, now_us, AUDIT_INTERRUPTED);
}

enum audit_end
audit_ended(const struct audit *audit)
{
	return audit->ended;
}

bool
audit_is_restoring(const struct audit *audit)
{
	return audit->stopped_us != 0 && is_restoring(audit);
}

void
end_watch_quiet(struct audit *audit)
{
	if (is_quiet(audit))
		listening_review(audit);
}

void
end_watch_deadline(struct audit *audit, uint64_t now_us)
{
	struct asked *asked = audit->facts.asked;

	if (deadline_us(audit) == UINT64_MAX)
		return;
	if (now_us >= deadline_us(audit)) {
		stop(audit, now_us, AUDIT_DEADLINE);
	} else if (!asked->elicit_over && now_us + restore_us(audit) >= deadline_us(audit)) {
		asked->elicit_over = true;
		ask_attempts_recall(&audit->ask, now_us);
	}
}

uint64_t
end_due_us(const struct audit *audit)
{
	if (audit->stopped_us != 0)
		return undone_us(audit);
	return earlier_us(complete_us(audit), deadline_us(audit));
}

static enum audit_phase
phase_of(const struct audit *audit)
{
	if (audit->stopped_us == 0 && !inquiries_are_done(&audit->facts))
		return PHASE_HOSTS;
	if (is_restoring(audit))
		return PHASE_RESTORE;
	return is_quiet(audit) ? PHASE_LINGER : PHASE_OWNERS;
}

struct audit_progress
audit_progress(const struct audit *audit)
{
	const struct facts *const facts = &audit->facts;
	struct audit_progress progress = {
	    .hosts = host_count(facts),
	    .hosts_done = inquiries_done(facts),
	    .frames_sent = audit->pace.lanes.frames_sent,
	    .phase = phase_of(audit),
	    .until_us = end_due_us(audit),
	};

	for (uint32_t host = 0; host < host_count(facts); host++)
		progress.hosts_alive += host_of(facts, host)->mac_count > 0 ? 1 : 0;
	return progress;
}

bool
audit_source_is_used(const struct audit *audit, struct mac *owner)
{
	if (owner != NULL)
		*owner = audit->ask.source.owner;
	return !mac_equal(&audit->ask.source.owner, &mac_zero);
}

bool
audit_finished(const struct audit *audit, uint64_t now_us)
{
	if (audit_source_is_used(audit, NULL))
		return true;
	return now_us >= (audit->stopped_us != 0 ? undone_us(audit) : complete_us(audit));
}
