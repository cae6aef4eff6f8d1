/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop of a watch.
 */
#include "arpaudit/listen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/signals.h"
#include "events.h"
#include "hearing.h"
#include "reload.h"
#include "watches.h"

/* Then the other segments, the signals and the timers have their turn. */
#define FRAMES_PER_TURN     256
#define STATISTICS_EVERY_US UINT64_C(1000000)
#define REWRITE_EVERY_US    UINT64_C(15000000)

struct listen_loop {
	struct run *run;
	struct listening *listening;
	struct pollfd *polled;                                     /* one per segment */
	uint64_t until_us;                                         /* UINT64_MAX: until a signal */
	uint64_t statistics_us, rewrite_us, watchdog_us, audit_us; /* when each is due next */
	bool all_read;
	bool audited; /* an audit has taken place */
};

static uint64_t
now_us(const struct listen_loop *loop)
{
	return clock_now_us(&loop->run->clock);
}

static void
remember_owners(const struct run *run, const struct state *state)
{
	for (size_t i = 0; state->has_before && i < run->pair_count; i++)
		for (size_t k = 0; k < state->before.cluster_count; k++) {
			const struct cluster_result *cluster = &state->before.clusters[k];

			if (strcmp(cluster->name, run->pairs[i].cluster->name) != 0 ||
			    run->pairs[i].watch == NULL)
				continue;
			for (size_t v = 0; v < cluster->vip_count; v++)
				if (cluster->vips[v].owner_count == 1)
					watch_remember_owner(run->pairs[i].watch,
					    &cluster->vips[v].vip, &cluster->vips[v].owners[0].mac,
					    state->before.finished_us);
		}
}

static uint64_t
due_us(uint64_t every_us, uint64_t present_us)
{
	return every_us == 0 ? UINT64_MAX : present_us + every_us;
}

static bool
begin(struct listen_loop *loop, struct run *run, struct listening *listening, struct error *error)
{
	const struct options_watch *watch = &listening->options->watch;

	*loop = (struct listen_loop){.run = run, .listening = listening, .all_read = true};
	const uint64_t present_us = now_us(loop);

	loop->polled = calloc(run->segment_count + 1, sizeof(*loop->polled));
	if (loop->polled == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < run->segment_count; i++)
		loop->polled[i] = (struct pollfd){
		    .fd =
			run->segments[i].link == NULL ? -1 : link_descriptor(run->segments[i].link),
		    .events = POLLIN};
	if (!watches_begin(run, present_us, error))
		return false;
	remember_owners(run, listening->state);
	loop->until_us = due_us(watch->for_us, present_us);
	loop->statistics_us = present_us + STATISTICS_EVERY_US;
	loop->rewrite_us = events_are_rewritten(listening->files) ? present_us : UINT64_MAX;
	loop->watchdog_us = due_us(listening->notify.watchdog_us, present_us);
	loop->audit_us = due_us(watch->every_us, present_us);
	return true;
}

/* ---- Frames ------------------------------------------------------------------------------- */

static bool
is_any_link_left(const struct listen_loop *loop)
{
	for (size_t i = 0; i < loop->run->segment_count; i++)
		if (loop->polled[i].fd >= 0)
			return true;
	return false;
}

/* A link that fails ends its watches. The last one ends the run, which says why. */
static void
lose_segment(struct listen_loop *loop, size_t segment, const struct error *error)
{
	struct run *const run = loop->run;

	loop->polled[segment].fd = -1;
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].segment == &run->segments[segment])
			run->pairs[i].error = *error;
	if (is_any_link_left(loop))
		(void)fprintf(stderr, "arpaudit: %s\n", error->text);
}

static void
receive(struct listen_loop *loop, size_t number)
{
	struct run *const run = loop->run;
	struct run_segment *const segment = &run->segments[number];
	struct error error = {.status = 0};
	struct capture capture;
	int status = 1;

	for (int i = 0; i < FRAMES_PER_TURN && status == 1; i++) {
		status = link_receive(segment->link, &capture, &error);
		if (status != 1)
			break;
		if (run->evidence != NULL && watches_concern(run, segment, &capture))
			capture.number = hearing_keep(run, &capture);
		watches_receive(run, segment, &capture);
	}
	if (status < 0)
		lose_segment(loop, number, &error);
	loop->all_read = loop->all_read && status != 1;
}

static void
look_at_statistics(struct listen_loop *loop)
{
	struct run *const run = loop->run;

	for (size_t i = 0; i < run->segment_count; i++) {
		struct run_segment *const segment = &run->segments[i];
		const uint64_t dropped = segment->statistics.dropped;
		struct error error = {.status = 0};

		if (loop->polled[i].fd < 0)
			continue;
		if (!link_statistics(segment->link, &segment->statistics, &error))
			lose_segment(loop, i, &error);
		else if (segment->statistics.dropped > dropped)
			watches_lose(run, segment, segment->statistics.dropped - dropped);
	}
}

static bool
require_link(const struct listen_loop *loop, struct error *error)
{
	if (is_any_link_left(loop))
		return true;
	for (size_t i = 0; i < loop->run->pair_count; i++)
		if (loop->run->pairs[i].error.status != 0)
			return error_set(
			    error, EXIT_CANNOT_RUN, "%s", loop->run->pairs[i].error.text);
	return error_set(error, EXIT_CANNOT_RUN,
	    "no interface is left to listen on: bring one up, then start again");
}

/* ---- What is told ------------------------------------------------------------------------- */

static bool
tell_events(const struct listen_loop *loop, struct error *error)
{
	return events_tell(loop->run, loop->listening->files, now_us(loop), error);
}

/* Makes the results so far, for those who want them now. */
static void
show(struct listen_loop *loop, bool picture)
{
	struct result result;

	run_result(loop->run, now_us(loop), false, &result);
	result_describe(&result, loop->listening->options->arguments.words,
	    loop->listening->options->arguments.count);
	if (picture)
		events_print_picture(loop->listening->files, &result);
	else
		events_rewrite(loop->listening->files, &result);
	result_free(&result);
}

static void
read_plan_again(struct listen_loop *loop)
{
	struct error error = {.status = 0};

	notify_tell(&loop->listening->notify, "RELOADING=1");
	if (reload(loop->run, loop->listening, &error))
		(void)fprintf(stderr, "arpaudit: the plan was read again: %zu clusters\n",
		    loop->run->pair_count);
	else
		(void)fprintf(stderr, "arpaudit: %s: the plan stays as it was\n", error.text);
	notify_tell(&loop->listening->notify, "READY=1");
}

static void
obey_requests(struct listen_loop *loop)
{
	int signal;

	while ((signal = signals_take_request()) != 0) {
		/* The watches of a new plan begin anew: what was heard by the old ones is told. */
		show(loop, true);
		if (signal == SIGHUP)
			read_plan_again(loop);
	}
}

/* ---- Audits in between -------------------------------------------------------------------- */

static void
tell_audit(struct run_pair *pair, uint64_t present_us)
{
	struct arena *arena = arena_new();
	struct cluster_result cluster = {.name = NULL};
	struct wire_result wire = {.owner_restored = true};

	if (pair->audit != NULL && pair->watch != NULL) {
		audit_result(pair->audit, present_us, arena, &cluster, &wire);
		for (size_t i = 0; i < cluster.vip_count; i++)
			watch_note_audit(pair->watch, present_us, &cluster.vips[i]);
	}
	arena_free(arena);
	audit_free(pair->audit);
	pair->audit = NULL;
	pair->ended_us = 0;
}

/* The watches hear all frames of the audits. */
static bool
audit(struct listen_loop *loop, struct error *error)
{
	struct run *const run = loop->run;

	/* Hosts may still know the decoys of the last audit. */
	for (size_t i = 0; loop->audited && i < run->pair_count; i++)
		run->pairs[i].seed++;
	loop->audited = true;
	const bool good = run_audits(run, error);

	for (size_t i = 0; i < run->pair_count; i++)
		tell_audit(&run->pairs[i], now_us(loop));
	loop->audit_us = now_us(loop) + loop->listening->options->watch.every_us;
	return good;
}

/* ---- The loop ----------------------------------------------------------------------------- */

static uint64_t
wakeup_us(const struct listen_loop *loop)
{
	const uint64_t due[] = {loop->until_us, loop->statistics_us, loop->rewrite_us,
	    loop->watchdog_us, loop->audit_us, watches_wakeup_us(loop->run)};
	uint64_t earliest_us = loop->all_read ? UINT64_MAX : 0;

	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
		if (due[i] < earliest_us)
			earliest_us = due[i];
	return earliest_us;
}

static bool
wait_for_frames(struct listen_loop *loop, struct error *error)
{
	const uint64_t present_us = now_us(loop), until_us = wakeup_us(loop);
	const uint64_t timeout_us = until_us > present_us ? until_us - present_us : 0;
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_us / 1000000),
	    .tv_nsec = (long)(timeout_us % 1000000) * 1000,
	};
	const int ready =
	    ppoll(loop->polled, loop->run->segment_count, &timeout, &loop->run->unblocked);

	signals_let_in(&loop->run->unblocked);
	return ready >= 0 || errno == EINTR ||
	       error_set(error, EXIT_CANNOT_RUN, "can't wait for frames: %s", strerror(errno));
}

static bool
obey_timers(struct listen_loop *loop, struct error *error)
{
	const uint64_t present_us = now_us(loop);

	if (present_us >= loop->statistics_us) {
		look_at_statistics(loop);
		loop->statistics_us = present_us + STATISTICS_EVERY_US;
	}
	if (present_us >= loop->watchdog_us) {
		notify_tell(&loop->listening->notify, "WATCHDOG=1");
		loop->watchdog_us = present_us + loop->listening->notify.watchdog_us;
	}
	if (present_us >= loop->audit_us && !audit(loop, error))
		return false;
	if (present_us >= loop->rewrite_us) {
		show(loop, false);
		loop->rewrite_us = present_us + REWRITE_EVERY_US;
	}
	return true;
}

static bool
turn(struct listen_loop *loop, struct error *error)
{
	if (!wait_for_frames(loop, error))
		return false;
	loop->all_read = true;
	for (size_t i = 0; i < loop->run->segment_count; i++)
		if (loop->polled[i].fd >= 0)
			receive(loop, i);
	obey_requests(loop);
	return tell_events(loop, error) && obey_timers(loop, error) && tell_events(loop, error) &&
	       require_link(loop, error);
}

bool
listen_on_links(struct run *run, struct listening *listening, struct error *error)
{
	struct listen_loop loop;
	bool good = begin(&loop, run, listening, error) && require_link(&loop, error);

	if (good)
		notify_tell(&listening->notify, "READY=1\nSTATUS=listening");
	while (good && signals_caught() == 0 && now_us(&loop) < loop.until_us)
		good = turn(&loop, error);
	notify_tell(&listening->notify, "STOPPING=1");
	if (good) {
		look_at_statistics(&loop);
		watches_end(run);
		good = tell_events(&loop, error) && events_end(listening->files, error);
	}
	free(loop.polled);
	return good;
}
