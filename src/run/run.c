/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop over all pairs.
 *
 * A pair acts as soon as its frames have been read. If it waited until all pairs had been read, its
 * answers would look later than they were, and might count as lost.
 */
#include "arpaudit/run.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/signals.h"
#include "exchange.h"
#include "pairs.h"
#include "progress.h"

/*
 * How long all pairs together may send before the next read. At unlimited rates, a question to
 * every host may be due. Answers that wait until all are sent would look late.
 */
#define SEND_US 1000

struct loop {
	struct run *run;
	struct exchange *exchanges; /* one per pair, in the same order */
	struct pollfd *polled;      /* likewise; ppoll() ignores the pairs that are over */
	size_t active;              /* pairs that are not over */
	bool stopped;               /* a signal has ended the auditing */
	bool quits;                 /* a further one ends the run at once */
	bool announced;             /* it was said that owners are restored */
	struct progress progress;
};

static bool
loop_begin(struct loop *loop, struct run *run, struct error *error)
{
	*loop = (struct loop){
	    .run = run,
	    .exchanges = calloc(run->pair_count, sizeof(*loop->exchanges)),
	    .polled = calloc(run->pair_count, sizeof(*loop->polled)),
	};
	if (loop->exchanges == NULL || loop->polled == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < run->pair_count; i++) {
		const bool runs = run->pairs[i].error.status == 0;

		exchange_begin(&loop->exchanges[i], run, &run->pairs[i]);
		loop->exchanges[i].over = !runs;
		loop->polled[i] = (struct pollfd){
		    .fd = runs ? link_descriptor(run->pairs[i].link) : -1, .events = POLLIN};
		loop->active += runs;
	}
	progress_begin(&loop->progress, run);
	return true;
}

static void
loop_end(struct loop *loop)
{
	progress_end(&loop->progress);
	free(loop->exchanges);
	free(loop->polled);
}

/* In its first turn a pair only sends. A link that fails ends its audit, and no other. */
static void
take_turn(struct loop *loop, size_t pair, bool first)
{
	struct exchange *const exchange = &loop->exchanges[pair];
	struct error *const error = &loop->run->pairs[pair].error;
	uint64_t limit_us;

	if (exchange->over)
		return;
	assert(loop->active > 0);
	limit_us = loop->active < SEND_US ? SEND_US / loop->active : 1;
	if ((!first && !exchange_receive(exchange, error)) ||
	    !exchange_act(exchange, limit_us, error))
		exchange->over = true;
	if (exchange->over) {
		loop->polled[pair].fd = -1;
		loop->active--;
	}
}

static uint64_t
wakeup_us(const struct loop *loop, uint64_t now_us)
{
	uint64_t earliest_us = UINT64_MAX;

	for (size_t i = 0; i < loop->run->pair_count; i++) {
		const uint64_t due_us = loop->exchanges[i].over
					    ? UINT64_MAX
					    : exchange_wakeup_us(&loop->exchanges[i], now_us);

		if (due_us < earliest_us)
			earliest_us = due_us;
	}
	return earliest_us;
}

/* ppoll(2) delivers no signal if a frame is ready at once, as on a busy link it may always be. So
 * pending signals are delivered here. sigprocmask() can't fail with these sets. */
static void
let_signals_in(const sigset_t *unblocked)
{
	sigset_t blocked;

	(void)sigprocmask(SIG_SETMASK, unblocked, &blocked);
	(void)sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* Waits for a frame, for the next due time, or for a signal. Signals are delivered only here. */
static bool
wait_for_frames(struct loop *loop, struct error *error)
{
	const uint64_t now_us = clock_now_us(&loop->run->clock);
	const uint64_t until_us = wakeup_us(loop, now_us);
	const uint64_t timeout_us = until_us > now_us ? until_us - now_us : 0;
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_us / 1000000),
	    .tv_nsec = (long)(timeout_us % 1000000) * 1000,
	};

	const int ready =
	    ppoll(loop->polled, loop->run->pair_count, &timeout, &loop->run->unblocked);

	if (ready > 0)
		let_signals_in(&loop->run->unblocked);
	if (ready >= 0 || errno == EINTR)
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "can't wait for frames: %s", strerror(errno));
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
		if (!loop->exchanges[i].over)
			audit_stop(loop->run->pairs[i].audit, now_us);
	loop->stopped = true;
}

/* Says why the program does not end at once, if owners have still to be restored. */
static void
announce(struct loop *loop)
{
	bool restores = false;

	for (size_t i = 0; i < loop->run->pair_count; i++)
		restores = restores || (!loop->exchanges[i].over &&
					   audit_is_restoring(loop->run->pairs[i].audit));
	if (loop->announced || !restores)
		return;
	loop->announced = true;
	progress_end(&loop->progress);
	(void)fprintf(stderr,
	    "arpaudit: %s; waiting until the owner of the VIP has claimed it back, about 2 "
	    "seconds; %s signal quits at once\n",
	    loop->stopped ? "interrupted" : "the time of --timeout is over",
	    loop->stopped ? "another" : "a");
}

bool
run_audits(struct run *run, struct error *error)
{
	struct loop loop;
	bool good = loop_begin(&loop, run, error);

	if (good)
		obey_signals(&loop);
	for (size_t i = 0; good && i < run->pair_count; i++)
		take_turn(&loop, i, true);
	while (good && loop.active > 0 && !loop.quits) {
		progress_show(&loop.progress, run, clock_now_us(&run->clock));
		good = wait_for_frames(&loop, error);
		obey_signals(&loop);
		announce(&loop);
		for (size_t i = 0; good && i < run->pair_count; i++)
			take_turn(&loop, i, false);
	}
	loop_end(&loop);
	return good && pairs_go_on(run, error);
}
