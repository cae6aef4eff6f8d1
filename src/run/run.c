/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop over all segments.
 */
#include "arpaudit/run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/signals.h"
#include "exchange.h"
#include "listener.h"
#include "pairs.h"
#include "progress.h"
#include "start.h"

/*
 * How long all audits together may send before the next read. At unlimited rates, a question to
 * every host may be due. Answers that wait until all are sent would look late.
 */
#define SEND_US 1000
/* A shorter wait at an early end goes unnoticed. */
#define NOTICED_US UINT64_C(500000)

struct loop {
	struct run *run;
	struct exchange *exchanges; /* one per pair, in the same order */
	size_t waiting;             /* the first pair that may still wait for its turn */
	struct listener *listeners; /* one per segment, in the same order */
	struct pollfd *polled;      /* likewise; ppoll() ignores those without an audit */
	size_t turns;               /* which listener goes first, see there */
	size_t active;              /* audits that run */
	bool stopped;               /* a signal has ended the auditing */
	bool quits;                 /* a further one ends the run at once */
	bool announced;             /* it was said what the end waits for */
	struct progress progress;
};

static bool
loop_begin(struct loop *loop, struct run *run, struct error *error)
{
	*loop = (struct loop){
	    .run = run,
	    .exchanges = calloc(run->pair_count, sizeof(*loop->exchanges)),
	    .listeners = calloc(run->segment_count + 1, sizeof(*loop->listeners)),
	    .polled = calloc(run->segment_count + 1, sizeof(*loop->polled)),
	};
	if (loop->exchanges == NULL || loop->listeners == NULL || loop->polled == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < run->pair_count; i++) {
		exchange_begin(&loop->exchanges[i], run, &run->pairs[i]);
		loop->exchanges[i].over = run->pairs[i].error.status != 0;
	}
	for (size_t i = 0; i < run->segment_count; i++) {
		listener_begin(&loop->listeners[i], run, &run->segments[i]);
		loop->polled[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	}
	progress_begin(&loop->progress, run);
	return true;
}

static void
loop_end(struct loop *loop)
{
	progress_end(&loop->progress);
	free(loop->exchanges);
	free(loop->listeners);
	free(loop->polled);
}

/* How many audits run on the interface of a segment, in all of its VLANs. */
static size_t
count_active(const struct loop *loop, const struct run_segment *first)
{
	size_t count = 0;

	for (size_t i = 0; i < loop->run->segment_count; i++)
		if (loop->run->segments[i].first == first)
			count += loop->listeners[i].count;
	return count;
}

static bool
may_start(const struct loop *loop, size_t pair)
{
	return !loop->exchanges[pair].over &&
	       count_active(loop, loop->run->pairs[pair].segment->first) < RUN_INTERFACE_MAX;
}

/* Starts the audits whose turn has come. One that has no audit and no error waits. */
static void
start_waiting(struct loop *loop)
{
	const uint64_t now_us = clock_now_us(&loop->run->clock);

	for (size_t i = loop->waiting; i < loop->run->pair_count; i++) {
		struct run_pair *const pair = &loop->run->pairs[i];
		struct listener *listener;

		if (loop->exchanges[i].started || !may_start(loop, i))
			continue;
		if (pair->audit == NULL && !start_audit(loop->run, pair, now_us)) {
			loop->exchanges[i].over = true;
			continue;
		}
		loop->exchanges[i].started = true;
		listener = &loop->listeners[pair->segment - loop->run->segments];
		listener_add(listener, &loop->exchanges[i]);
		loop->active++;
	}
	while (loop->waiting < loop->run->pair_count &&
	       (loop->exchanges[loop->waiting].started || loop->exchanges[loop->waiting].over))
		loop->waiting++;
}

/* The listeners that have something to read or to do have a turn; after a signal, all. If audits
 * end, others start. */
static void
take_turns(struct loop *loop, bool all)
{
	const size_t count = loop->run->segment_count, first = loop->turns++;
	const size_t active = loop->active;
	const uint64_t limit_us = active < SEND_US ? SEND_US / (active + 1) : 1;

	for (size_t i = 0; i < count; i++) {
		const size_t at = (first + i) % count;
		struct listener *const listener = &loop->listeners[at];
		const size_t before = listener->count;

		if (before > 0 && (all || loop->polled[at].revents != 0 ||
				      listener->wakeup_us <= clock_now_us(&loop->run->clock)))
			listener_turn(listener, limit_us);
		loop->active -= before - listener->count;
	}
	if (loop->active < active)
		start_waiting(loop);
}

static uint64_t
wakeup_us(const struct loop *loop)
{
	uint64_t earliest_us = UINT64_MAX;

	for (size_t i = 0; i < loop->run->segment_count; i++)
		if (loop->listeners[i].wakeup_us < earliest_us)
			earliest_us = loop->listeners[i].wakeup_us;
	return earliest_us;
}

/* Waits for a frame, for the next due time, or for a signal. Signals are delivered only here. */
static bool
wait_for_frames(struct loop *loop, struct error *error)
{
	const uint64_t now_us = clock_now_us(&loop->run->clock);
	const uint64_t until_us = wakeup_us(loop);
	const uint64_t timeout_us = until_us > now_us ? until_us - now_us : 0;
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_us / 1000000),
	    .tv_nsec = (long)(timeout_us % 1000000) * 1000,
	};

	for (size_t i = 0; i < loop->run->segment_count; i++)
		loop->polled[i].fd = loop->listeners[i].count == 0
					 ? -1
					 : link_descriptor(loop->run->segments[i].link);

	const int ready =
	    ppoll(loop->polled, loop->run->segment_count, &timeout, &loop->run->unblocked);

	if (ready > 0)
		signals_let_in(&loop->run->unblocked);
	if (ready >= 0 || errno == EINTR)
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "can't wait for frames: %s", strerror(errno));
}

/* An audit that has not begun is not begun any more. */
static void
stop(struct loop *loop, size_t pair, uint64_t now_us)
{
	struct exchange *const exchange = &loop->exchanges[pair];

	if (exchange->over)
		return;
	if (exchange->started) {
		audit_stop(loop->run->pairs[pair].audit, now_us);
		return;
	}
	exchange->over = true;
	error_set(&loop->run->pairs[pair].error, EXIT_CANNOT_RUN,
	    "the run was interrupted before its turn: run it again");
}

/* The first signal ends the auditing, unless the deadline has. What the audits provoked is undone
 * before the run ends. A further signal does not wait for that. */
static void
obey_signals(struct loop *loop)
{
	const uint64_t now_us = clock_now_us(&loop->run->clock);

	if (signals_caught() == 0)
		return;
	loop->quits = signals_caught_again() || (loop->announced && !loop->stopped);
	for (size_t i = 0; i < loop->run->pair_count && !loop->stopped; i++)
		stop(loop, i, now_us);
	loop->stopped = true;
}

static bool
has_failed(const struct loop *loop)
{
	for (size_t i = 0; i < loop->run->pair_count; i++)
		if (loop->exchanges[i].failed_us != 0 && !loop->exchanges[i].over)
			return true;
	return false;
}

/* Until when audits that were ended early wait, at most; 0 if none does. */
static uint64_t
waits_until_us(const struct loop *loop, bool *restores)
{
	uint64_t until_us = 0;

	*restores = false;
	for (size_t i = 0; i < loop->run->pair_count; i++) {
		const struct audit *audit = loop->run->pairs[i].audit;

		if (!loop->exchanges[i].started || loop->exchanges[i].over ||
		    audit_ended(audit) == AUDIT_DONE)
			continue;
		const uint64_t one_us = audit_progress(audit).until_us;

		*restores = *restores || audit_is_restoring(audit);
		until_us = one_us > until_us ? one_us : until_us;
	}
	return until_us;
}

/* Says why the program does not end at once, if owners have still to be restored, or if a server
 * may still be made to speak as the VIP. A wait that nobody notices needs no reason. */
static void
announce(struct loop *loop)
{
	bool restores;
	const uint64_t until_us = waits_until_us(loop, &restores);

	if (loop->announced ||
	    (!restores && until_us < clock_now_us(&loop->run->clock) + NOTICED_US))
		return;
	loop->announced = true;
	progress_end(&loop->progress);
	(void)fprintf(stderr,
	    "arpaudit: %s; waiting until %s, about 2 seconds; %s signal quits at once\n",
	    loop->stopped      ? "interrupted"
	    : has_failed(loop) ? "the link failed"
			       : "the time of --timeout is over",
	    restores ? "the owner of the VIP has claimed it back"
		     : "the last packets can make no server claim the VIP any more",
	    loop->stopped ? "another" : "a");
}

bool
run_audits(struct run *run, struct error *error)
{
	struct loop loop;

	run->audits_us = run->purpose == RUN_AUDITS ? run->started_us : clock_now_us(&run->clock);
	bool good = loop_begin(&loop, run, error);

	if (good) {
		start_waiting(&loop);
		obey_signals(&loop);
		take_turns(&loop, true);
	}
	while (good && loop.active > 0 && !loop.quits) {
		progress_show(&loop.progress, run, clock_now_us(&run->clock));
		good = wait_for_frames(&loop, error);
		obey_signals(&loop);
		announce(&loop);
		take_turns(&loop, loop.stopped);
	}
	loop_end(&loop);
	return good && pairs_go_on(run, error);
}
