/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop, with two pairs at once.
 *
 * The functions of link.h and audit.h that a run calls are defined here, so the linker leaves the
 * program's own in the archive: no socket, no privilege and no engine, only the loop. A link is a
 * pipe: what is sent on it comes back, two octets a frame, the number of the audit and of the
 * frame. An audit sends its frames, hears as many, and is over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arpaudit/run.h"
#include "arpaudit/signals.h"
#include "scratch.h"

#define LIMIT_US      UINT64_C(20000000) /* no run here takes so long, on whatever machine */
#define STATISTICS_US 100000             /* how often drops are looked for */

enum link_state {
	LINK_WORKS = 0,
	LINK_SENDS_NOT,
	LINK_RECEIVES_NOT,
	LINK_COUNTS_NOT,
};

struct link {
	int reading, writing;
	struct link *copy;      /* hears what is sent here, too */
	const bool *full_until; /* the queue is full until this is true */
	enum link_state state;
	unsigned drop_seen; /* by which look at the statistics; 0: by none */
	unsigned sends, refusals, receives, looks, skips;
	uint64_t captured;
};

struct audit {
	const struct link *link, *other;
	uint8_t id;
	unsigned to_send, to_hear;
	bool one_by_one; /* sends no frame before the last one was heard */
	bool hears_all;  /* not only frames of its own */
	bool concerned;  /* by every frame that it hears */
	unsigned raises; /* signals, when it is asked for a frame, one at a time */
	bool stopped;    /* audit_stop() has been called */
	bool restores;   /* it is not finished after that before it has sent all */
	enum audit_end ended;
	uint64_t open_until_us;
	unsigned taken, heard, kept, turns, losses;
	uint64_t since_us, until_us; /* of the last loss */
	bool source_used, evidence_lost;
	struct audit_progress progress;
	enum verdict verdict;
	struct wire_result wire;
};

/* Two of each; a test changes what it is about. */
struct scene {
	struct link links[2];
	struct audit audits[2];
	struct plan_cluster clusters[2];
	struct run_pair pairs[2];
	struct run_segment segments[2];
	struct evidence_file evidence;
	struct run run;
	char *directory;
};

static uint64_t limit_us; /* the running test is to be done by then */
/* By the audits' numbers: what audit_finished() has said last, and how many frames had gone out on
 * the other link then. */
static bool over[2];
static unsigned other_sends[2];

int
link_descriptor(const struct link *link)
{
	return link->reading;
}

static enum link_sent
broken(struct error *error)
{
	error_set(error, EXIT_CANNOT_RUN, "broken");
	return LINK_FAILED;
}

enum link_sent
link_send(struct link *link, const struct frame *frame, struct capture *sent, struct error *error)
{
	static const uint8_t bytes[60];
	const uint8_t *const octets = &frame->source.octet[4];

	if (link->state == LINK_SENDS_NOT)
		return broken(error);
	if (link->full_until != NULL && !*link->full_until) {
		link->refusals++;
		return LINK_BUSY;
	}
	link->sends++;
	assert_int_equal(write(link->writing, octets, 2), 2);
	if (link->copy != NULL)
		assert_int_equal(write(link->copy->writing, octets, 2), 2);
	sent->bytes = bytes;
	sent->length = sent->wire_length = sizeof(bytes);
	return LINK_SENT;
}

int
link_receive(struct link *link, struct capture *capture, struct error *error)
{
	static const uint8_t bytes[60];
	ssize_t length;

	link->receives++;
	if (link->state == LINK_RECEIVES_NOT) {
		(void)broken(error);
		return -1;
	}
	*capture =
	    (struct capture){.bytes = bytes, .length = sizeof(bytes), .wire_length = sizeof(bytes)};
	length = read(link->reading, &capture->frame.source.octet[4], 2);
	if (length == -1 && errno == EAGAIN)
		return 0;
	assert_int_equal(length, 2);
	link->captured++;
	return 1;
}

void
link_skip(struct link *link)
{
	link->skips++;
}

bool
link_may_return(const struct link *link)
{
	return link->state != LINK_WORKS;
}

bool
link_statistics(struct link *link, struct link_statistics *statistics, struct error *error)
{
	if (link->state == LINK_COUNTS_NOT)
		return broken(error) != LINK_FAILED;
	link->looks++;
	statistics->captured = link->captured;
	statistics->dropped = link->drop_seen != 0 && link->looks >= link->drop_seen ? 7 : 0;
	return true;
}

/* The audits of the test are there from the start. */
struct audit *
audit_new(const struct plan_cluster *cluster, const struct plan_settings *settings,
    const struct audit_segment *segment, const struct check_table *table, uint64_t seed,
    uint64_t now_us, struct error *error)
{
	(void)cluster, (void)settings, (void)segment, (void)table, (void)seed, (void)now_us;
	error_set(error, EXIT_CANNOT_RUN, "no audit");
	return NULL;
}

bool
audit_next(struct audit *audit, uint64_t now_us, struct frame *frame)
{
	(void)now_us;
	assert_false(over[audit->id]);
	sigset_t pending;

	assert_int_equal(sigpending(&pending), 0);
	if (audit->raises > 0 && !sigismember(&pending, SIGTERM)) {
		const bool before = signals_caught_again();

		audit->raises--;
		/* Sooner, it would be the same wish. */
		if (signals_caught() != 0)
			assert_int_equal(usleep(600000), 0);
		assert_int_equal(raise(SIGTERM), 0);
		assert_int_equal(signals_caught_again(), before); /* it has to wait */
	}
	if (audit->taken == audit->to_send || (audit->one_by_one && audit->taken > audit->heard)) {
		audit->turns++;
		return false;
	}
	*frame = (struct frame){.source.octet = {[4] = audit->id, [5] = (uint8_t)audit->taken++}};
	return true;
}

void
audit_sent(struct audit *audit, const struct capture *sent)
{
	assert_int_equal(sent->frame.source.octet[4], audit->id);
}

uint64_t
audit_wakeup_us(const struct audit *audit, uint64_t now_us)
{
	if (audit->taken < audit->to_send && !audit->one_by_one)
		return now_us;
	return audit->open_until_us > now_us ? audit->open_until_us : UINT64_MAX;
}

bool
audit_concerns(const struct audit *audit, const struct capture *capture)
{
	(void)capture;
	return audit->concerned;
}

void
audit_receive(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	(void)now_us;
	assert_false(over[audit->id]);
	if (!audit->hears_all) {
		assert_int_equal(capture->frame.source.octet[4], audit->id);
		assert_int_equal(capture->frame.source.octet[5], (uint8_t)audit->heard);
	}
	audit->heard++;
	audit->kept += capture->number != 0;
}

/* What was silent meanwhile is asked again. */
void
audit_capture_lost(struct audit *audit, uint64_t since_us, uint64_t now_us)
{
	audit->losses++;
	audit->since_us = since_us;
	audit->until_us = now_us;
	audit->to_send++;
	audit->to_hear++;
}

/* Asked at the start of each turn: what has come in until then must have been read, but in the
 * first turn, when nothing has been. */
bool
audit_finished(const struct audit *audit, uint64_t now_us)
{
	int unread;

	assert_true(now_us < limit_us);
	assert_int_equal(ioctl(audit->link->reading, FIONREAD, &unread), 0);
	if (audit->link->receives > 0)
		assert_int_equal(unread, 0);
	over[audit->id] = (audit->heard >= audit->to_hear && now_us >= audit->open_until_us) ||
			  (audit->stopped && !audit->restores);
	other_sends[audit->id] = audit->other->sends;
	return over[audit->id];
}

void
audit_stop(struct audit *audit, uint64_t now_us)
{
	assert_true(now_us < limit_us);
	audit->stopped = true;
	audit->ended = AUDIT_INTERRUPTED;
}

enum audit_end
audit_ended(const struct audit *audit)
{
	return audit->ended;
}

bool
audit_is_restoring(const struct audit *audit)
{
	return audit->stopped && audit->restores;
}

bool
audit_source_is_used(const struct audit *audit, struct mac *owner)
{
	if (owner != NULL)
		*owner = (struct mac){{0x02, 0, 0, 0, 0, audit->id}};
	return audit->source_used;
}

void
audit_evidence_lost(struct audit *audit)
{
	audit->evidence_lost = true;
}

struct audit_progress
audit_progress(const struct audit *audit)
{
	return audit->progress;
}

void
audit_result(const struct audit *audit, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster, struct wire_result *wire)
{
	(void)now_us;
	(void)arena;
	*cluster = (struct cluster_result){.hosts_asked = audit->id, .verdict = audit->verdict};
	wire->frames_sent += audit->wire.frames_sent;
	wire->loss_estimate = audit->wire.loss_estimate;
	wire->owner_restored = wire->owner_restored && audit->wire.owner_restored;
}

void
audit_not_run(const struct plan_cluster *plan, struct arena *arena, struct cluster_result *cluster)
{
	(void)arena;
	*cluster = (struct cluster_result){.name = plan->name};
}

void
audit_failed(const char *reason, struct arena *arena, struct cluster_result *cluster)
{
	cluster->error = arena_format(arena, "%s", reason);
	cluster->verdict = VERDICT_INCONCLUSIVE;
}

static void
open_pipe(struct link *link)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
	link->reading = ends[0];
	link->writing = ends[1];
}

static int
setup(void **state)
{
	struct scene *const scene = calloc(1, sizeof(*scene));
	void *directory;

	assert_non_null(scene);
	assert_int_equal(scratch_setup(&directory), 0);
	scene->directory = directory;
	scene->run.pairs = scene->pairs;
	scene->run.pair_count = 2;
	scene->run.segments = scene->segments;
	scene->run.segment_count = 2;
	clock_start(&scene->run.clock);
	scene->run.started_us = clock_now_us(&scene->run.clock);
	limit_us = scene->run.started_us + LIMIT_US;
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &scene->run.unblocked), 0);
	for (uint8_t i = 0; i < 2; i++) {
		open_pipe(&scene->links[i]);
		scene->audits[i] = (struct audit){
		    .link = &scene->links[i], .other = &scene->links[1 - i], .id = i};
		scene->segments[i] = (struct run_segment){
		    .link = &scene->links[i],
		    .pair_count = 1,
		    .first = &scene->segments[i],
		};
		scene->pairs[i] = (struct run_pair){
		    .cluster = &scene->clusters[i],
		    .segment = &scene->segments[i],
		    .audit = &scene->audits[i],
		};
		over[i] = false;
	}
	*state = scene;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *const scene = *state;
	void *directory = scene->directory;

	for (size_t i = 0; i < 2; i++)
		if (close(scene->links[i].reading) != 0 || close(scene->links[i].writing) != 0)
			return -1;
	evidence_discard(&scene->evidence);
	free(scene);
	return scratch_teardown(&directory);
}

static void
exchanges(struct audit *audit, unsigned frames)
{
	audit->to_send = audit->to_hear = frames;
}

static void
stays_open(struct scene *scene, size_t audit, uint64_t time_us)
{
	scene->audits[audit].open_until_us = clock_now_us(&scene->run.clock) + time_us;
}

static void
run_to_the_end(struct scene *scene)
{
	struct error error = {.status = 0};
	const bool good = run_audits(&scene->run, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
	assert_true(over[0] && over[1]);
}

/* That no frame reaches the other audit, and none is out of order, audit_receive() sees to. */
static void
test_both_end(void **state)
{
	struct scene *const scene = *state;

	exchanges(&scene->audits[0], 3);
	exchanges(&scene->audits[1], 200);
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].heard, 3);
	assert_int_equal(scene->audits[1].heard, 200);
	assert_int_equal(scene->links[0].sends, 3);
	assert_int_equal(scene->links[1].sends, 200);
	assert_int_equal(scene->segments[0].statistics.captured, 3);
	assert_int_equal(scene->segments[1].statistics.captured, 200);
	assert_int_equal(scene->audits[0].losses + scene->audits[1].losses, 0);
}

/* The link of the one that is over has frames to read, which nobody reads: they neither wake the
 * loop nor reach the audit. */
static void
test_one_ends_first(void **state)
{
	struct scene *const scene = *state;

	scene->links[1].copy = &scene->links[0];
	exchanges(&scene->audits[1], 3);
	stays_open(scene, 1, 150000);
	run_to_the_end(scene);
	assert_int_equal(scene->links[0].receives, 0);
	assert_int_equal(scene->audits[1].heard, 3);
	assert_in_range(scene->audits[1].turns, 1, 10);
}

/* A queue that is full holds up its own audit only, and the frame that it refused goes out once,
 * before those behind it. */
static void
test_full_queue(void **state)
{
	struct scene *const scene = *state;

	scene->links[0].full_until = &over[1];
	exchanges(&scene->audits[0], 5);
	exchanges(&scene->audits[1], 100);
	stays_open(scene, 1, 20000);
	run_to_the_end(scene);
	assert_in_range(scene->links[0].refusals, 2, 100); /* a try a millisecond */
	assert_int_equal(scene->links[0].sends, 5);
	assert_int_equal(scene->audits[0].heard, 5);
	assert_int_equal(scene->audits[1].heard, 100);
}

/* Much to send for the one: the other has its turn before that is out. */
static void
test_long_queue(void **state)
{
	struct scene *const scene = *state;

	exchanges(&scene->audits[0], 5000);
	exchanges(&scene->audits[1], 1);
	run_to_the_end(scene);
	assert_true(other_sends[1] < 5000);
	assert_int_equal(scene->audits[0].heard, 5000);
}

/* What one hears has been read when it acts, even if it came while the other acted: that
 * audit_finished() sees to. */
static void
test_read_before_acting(void **state)
{
	struct scene *const scene = *state;

	for (size_t i = 0; i < 2; i++) {
		exchanges(&scene->audits[i], 50);
		scene->audits[i].one_by_one = scene->audits[i].hears_all = true;
		scene->audits[i].to_hear = 100;
		scene->links[i].copy = &scene->links[1 - i];
	}
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].heard, 100);
	assert_int_equal(scene->audits[1].heard, 100);
}

/* However much there is to read on one link, the other audit has its turns, and the first one is
 * not over before all has been read: that audit_finished() sees to. */
static void
test_much_to_read(void **state)
{
	static const uint8_t octets[2];
	struct scene *const scene = *state;
	unsigned frames = 0;

	scene->audits[0].hears_all = true;
	while (frames < 5000 && write(scene->links[0].writing, octets, 2) == 2)
		frames++;
	scene->audits[0].to_hear = frames - 1;
	exchanges(&scene->audits[1], 5);
	scene->audits[1].one_by_one = true;
	run_to_the_end(scene);
	assert_int_equal(frames, 5000);
	assert_int_equal(scene->audits[0].heard, frames);
	assert_int_equal(other_sends[0], 5);
}

/* Frames dropped on one link, between two looks, are lost to its own audit. */
static void
test_drops(void **state)
{
	struct scene *const scene = *state;

	for (size_t i = 0; i < 2; i++) {
		exchanges(&scene->audits[i], 2);
		stays_open(scene, i, 250000);
	}
	scene->links[1].drop_seen = 2;
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].losses, 0);
	assert_int_equal(scene->audits[0].heard, 2);
	assert_int_equal(scene->segments[0].statistics.dropped, 0);
	assert_int_equal(scene->audits[1].losses, 1);
	assert_int_equal(scene->audits[1].heard, 3);
	assert_int_equal(scene->segments[1].statistics.dropped, 7);
	assert_true(scene->audits[1].since_us >= scene->run.started_us);
	assert_true(scene->audits[1].until_us >= scene->audits[1].since_us + STATISTICS_US);
	assert_in_range(scene->links[1].looks, 3, 6);
}

/* An audit that has finished looks once more, and goes on when frames were lost at its end. */
static void
test_drops_at_the_end(void **state)
{
	struct scene *const scene = *state;

	exchanges(&scene->audits[0], 2);
	scene->links[0].drop_seen = 2;
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].losses, 1);
	assert_int_equal(scene->audits[0].heard, 3);
	assert_in_range(scene->links[0].looks, 3, 5);
	assert_int_equal(scene->audits[1].losses, 0);
	assert_int_equal(scene->links[1].looks, 2);
}

/* A link that fails, in whatever way, ends its audit. The other goes on to its end. */
static void
test_failure(void **state)
{
	static const enum link_state states[] = {
	    LINK_SENDS_NOT, LINK_RECEIVES_NOT, LINK_COUNTS_NOT};
	struct scene *const scene = *state;

	exchanges(&scene->audits[1], 1);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct result result;
		struct error error = {.status = 0};

		scene->links[1].state = states[i];
		scene->pairs[1].error.status = 0;
		stays_open(scene, 0, 1000);
		assert_true(run_audits(&scene->run, &error));
		assert_true(over[0]);
		assert_true(scene->audits[1].stopped);
		assert_int_equal(scene->pairs[0].error.status, 0);
		assert_string_equal(scene->pairs[1].error.text, "broken");
		assert_true(run_took_place(&scene->run, &error));
		run_result(&scene->run, limit_us, false, &result);
		assert_null(result.clusters[0].error);
		assert_string_equal(result.clusters[1].error, "broken");
		assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
		assert_true(result.complete);
		result_free(&result);
		scene->audits[1].taken = 0;
		scene->audits[1].stopped = false;
	}
}

/* If no link is left, the run has failed. */
static void
test_failure_of_all(void **state)
{
	struct scene *const scene = *state;
	struct error error = {.status = 0};

	scene->clusters[0].name = (char *)"web";
	scene->links[0].state = scene->links[1].state = LINK_RECEIVES_NOT;
	stays_open(scene, 0, LIMIT_US);
	stays_open(scene, 1, LIMIT_US);
	assert_int_equal(write(scene->links[0].writing, "xy", 2), 2);
	assert_int_equal(write(scene->links[1].writing, "xy", 2), 2);
	assert_false(run_audits(&scene->run, &error));
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_string_equal(
	    error.text, "none of the 2 clusters can be audited; the first is web: broken");
}

/* A pair that could not be opened has neither a link nor an audit. */
static void
test_pair_without_link(void **state)
{
	struct scene *const scene = *state;
	struct error error = {.status = 0};
	struct result result;

	scene->clusters[0].name = (char *)"web";
	scene->pairs[0].segment = NULL;
	scene->pairs[0].audit = NULL;
	error_set(&scene->pairs[0].error, EXIT_CANNOT_RUN, "no link");
	exchanges(&scene->audits[1], 3);
	assert_true(run_audits(&scene->run, &error));
	assert_int_equal(scene->audits[1].heard, 3);
	assert_true(run_took_place(&scene->run, &error));
	run_evidence_lost(&scene->run);
	run_result(&scene->run, limit_us, false, &result);
	assert_string_equal(result.clusters[0].name, "web");
	assert_string_equal(result.clusters[0].error, "no link");
	assert_null(result.clusters[1].error);
	assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
	result_free(&result);
}

/* What a signal is to find: a busy link, an audit that restores an owner, and a second signal. */
struct signal_case {
	bool busy, restores, again;
};

static bool
prepare(struct scene *scene, const struct signal_case *given)
{
	struct error error = {.status = 0};

	exchanges(&scene->audits[0], 1);
	scene->audits[0].raises = given->again ? 2 : 1;
	scene->audits[0].restores = given->restores;
	exchanges(&scene->audits[1], given->busy ? UINT_MAX : 1);
	scene->audits[1].one_by_one = true;
	for (size_t i = 0; i < 2; i++)
		stays_open(scene, i, LIMIT_US);
	return signals_catch(&error) && signals_block(&scene->run.unblocked, &error);
}

/* Where frames come in without a pause, too, a signal ends the auditing. */
static int
run_under_signal(struct scene *scene, const struct signal_case *given)
{
	struct error error = {.status = 0};

	if (!prepare(scene, given) || !run_audits(&scene->run, &error))
		return 1;
	if (signals_caught() != SIGTERM || signals_caught_again())
		return 2;
	/* It had to wait until both had their turn. What had come by then was read, and no more was
	 * sent. */
	for (size_t i = 0; i < 2; i++)
		if (scene->links[i].sends != 1 || scene->audits[i].heard != 1 || !over[i] ||
		    !scene->audits[i].stopped)
			return 3;
	/* Once more: no frame is sent at all. */
	exchanges(&scene->audits[1], 2);
	if (!run_audits(&scene->run, &error) || scene->links[1].sends != 1)
		return 4;
	return signals_restore(&scene->run.unblocked, &error) ? 0 : 5;
}

/* An audit goes on until it has undone what it provoked. A second signal does not wait for that. */
static int
run_restoring(struct scene *scene, const struct signal_case *given)
{
	struct error error = {.status = 0};
	struct audit *const restoring = &scene->audits[0];

	if (!prepare(scene, given))
		return 1;
	if (!given->again)
		stays_open(scene, 0, 200000);
	if (!run_audits(&scene->run, &error) || signals_caught() != SIGTERM)
		return 2;
	if (!restoring->stopped || !over[1] || signals_caught_again() != given->again)
		return 3;
	return over[0] == !given->again ? 0 : 4;
}

/* In a process of its own, as the handler's flag stays. */
static void
expect_end_by_signal(struct scene *scene, const struct signal_case *given)
{
	const pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		/* An assertion that fails ends the child, and does not go on with the next test. */
		if (setenv("CMOCKA_TEST_ABORT", "1", 1) != 0)
			_exit(6);
		_exit(
		    given->restores ? run_restoring(scene, given) : run_under_signal(scene, given));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_signal(void **state)
{
	expect_end_by_signal(*state, &(struct signal_case){.busy = false});
}

static void
test_signal_on_busy_link(void **state)
{
	expect_end_by_signal(*state, &(struct signal_case){.busy = true});
}

static void
test_signal_while_restoring(void **state)
{
	expect_end_by_signal(*state, &(struct signal_case){.restores = true});
}

static void
test_second_signal(void **state)
{
	expect_end_by_signal(*state, &(struct signal_case){.restores = true, .again = true});
}

/* A signal that was ignored at the start stays ignored, as nohup(1) wants it. */
static int
run_ignoring(void)
{
	struct error error = {.status = 0};

	/* Whoever runs the tests may ignore some: a shell does so for a command in the background.
	 */
	if (signal(SIGINT, SIG_DFL) == SIG_ERR || signal(SIGTERM, SIG_DFL) == SIG_ERR)
		return 1;
	if (signal(SIGHUP, SIG_IGN) == SIG_ERR || !signals_catch(&error) || raise(SIGHUP) != 0)
		return 1;
	if (signals_caught() != 0)
		return 2;
	if (raise(SIGTERM) != 0 || signals_caught() != SIGTERM || signals_caught_again())
		return 3;
	/* The first one counts. timeout(1) sends another one at once. */
	if (raise(SIGINT) != 0 || signals_caught() != SIGTERM || signals_caught_again())
		return 4;
	if (usleep(600000) != 0 || raise(SIGINT) != 0 || signals_caught() != SIGTERM ||
	    !signals_caught_again())
		return 5;
	return 0;
}

static void
test_ignored_signal(void **state)
{
	const pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(run_ignoring());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* All pairs keep their frames in one file: what was sent, and what concerns the audit that hears
 * it. */
static void
test_evidence(void **state)
{
	struct scene *const scene = *state;
	struct error error = {.status = 0};

	assert_true(evidence_open(&scene->evidence, "e.pcap", EVIDENCE_SIZE_MAX_DEFAULT, &error));
	scene->run.evidence = &scene->evidence;
	exchanges(&scene->audits[0], 3);
	exchanges(&scene->audits[1], 2);
	scene->audits[0].concerned = true;
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].kept, 3);
	assert_int_equal(scene->audits[1].kept, 0);
	assert_int_equal(scene->evidence.count, 3 + 3 + 2);
	assert_true(evidence_commit(&scene->evidence, &error));
}

static void
test_no_evidence(void **state)
{
	struct scene *const scene = *state;

	exchanges(&scene->audits[0], 3);
	scene->audits[0].concerned = true;
	run_to_the_end(scene);
	assert_int_equal(scene->audits[0].kept, 0);
}

/* Runs, with standard error in a file, and reads that. */
static void
run_and_read(struct scene *scene, char *text, size_t size)
{
	const int own = dup(STDERR_FILENO);
	FILE *const file = fopen("stderr", "w+");
	size_t length;

	assert_true(own >= 0 && file != NULL);
	assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
	run_to_the_end(scene);
	assert_int_equal(dup2(own, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(close(own), 0);
	rewind(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	assert_int_equal(fclose(file), 0);
}

static void
test_progress(void **state)
{
	static const char clear[] = "\r\033[K",
			  owners[] = " s: asking owners; 3 of 8 hosts decided, 5 alive\r",
			  late[] = " s: late proxied answers, ";
	struct scene *const scene = *state;
	char text[65536];

	scene->audits[0].progress = (struct audit_progress){.hosts = 5,
	    .hosts_done = 2,
	    .hosts_alive = 4,
	    .phase = PHASE_OWNERS,
	    .until_us = UINT64_MAX};
	scene->audits[1].progress = (struct audit_progress){
	    .hosts = 3, .hosts_done = 1, .hosts_alive = 1, .phase = PHASE_LINGER};
	stays_open(scene, 0, 20000);
	scene->run.started_us -= 9000000;
	run_and_read(scene, text, sizeof(text));
	assert_string_equal(text, ""); /* not asked for */
	scene->run.progress = true;
	scene->run.started_us = clock_now_us(&scene->run.clock);
	stays_open(scene, 0, 20000);
	run_and_read(scene, text, sizeof(text));
	assert_string_equal(text, ""); /* too early */
	scene->run.started_us -= 9000000;
	stays_open(scene, 0, 300000);
	run_and_read(scene, text, sizeof(text));
	assert_memory_equal(text, clear, strlen(clear));
	assert_in_range(atoi(text + strlen(clear)), 9, 9 + LIMIT_US / 1000000);
	assert_non_null(strstr(text, owners));
	assert_string_equal(text + strlen(text) - strlen(clear), clear);
	assert_null(strchr(text, '\n'));
	/* Of the last phase the end is known. */
	scene->audits[0].progress.phase = PHASE_LINGER;
	scene->audits[0].progress.until_us = clock_now_us(&scene->run.clock) + 20000000;
	stays_open(scene, 0, 300000);
	run_and_read(scene, text, sizeof(text));
	assert_non_null(strstr(text, late));
	assert_in_range(atoi(strstr(text, late) + strlen(late)), 18, 20);
}

static void
test_result(void **state)
{
	struct scene *const scene = *state;
	struct result result;

	scene->audits[0].verdict = VERDICT_VIOLATION;
	scene->audits[0].wire = (struct wire_result){.frames_sent = 10, .loss_estimate = 0.25};
	scene->audits[1].verdict = VERDICT_INCONCLUSIVE;
	scene->audits[1].wire = (struct wire_result){.frames_sent = 5, .owner_restored = true};
	scene->segments[0].statistics = (struct link_statistics){.captured = 7, .dropped = 1};
	scene->segments[1].statistics = (struct link_statistics){.captured = 4, .dropped = 2};
	run_result(&scene->run, limit_us, false, &result);
	assert_int_equal(result.started_us, scene->run.started_us);
	assert_int_equal(result.finished_us, limit_us);
	assert_true(result.complete);
	assert_int_equal(result.ending.by, ENDED_DONE);
	assert_int_equal(result.verdict, VERDICT_VIOLATION);
	assert_int_equal(result.cluster_count, 2);
	assert_int_equal(result.clusters[0].hosts_asked, 0);
	assert_int_equal(result.clusters[1].hosts_asked, 1);
	assert_int_equal(result.wire.frames_sent, 15);
	assert_int_equal(result.wire.frames_captured, 11);
	assert_int_equal(result.wire.kernel_drops, 3);
	assert_true(result.wire.loss_estimate == 0.25);
	assert_false(result.wire.owner_restored);
	result_free(&result);
	scene->audits[1].ended = AUDIT_DEADLINE;
	run_result(&scene->run, limit_us, false, &result);
	assert_false(result.complete);
	assert_int_equal(result.ending.by, ENDED_DEADLINE);
	result_free(&result);
	run_result(&scene->run, limit_us, true, &result);
	assert_false(result.complete);
	assert_int_equal(result.ending.by, ENDED_FAILURE);
	result_free(&result);
	run_evidence_lost(&scene->run);
	assert_true(scene->audits[0].evidence_lost && scene->audits[1].evidence_lost);
}

static void
test_source_in_use(void **state)
{
	struct scene *const scene = *state;
	struct error error = {.status = 0};

	scene->clusters[1].source = address_ipv4(0x0a4d0009);
	assert_true(run_took_place(&scene->run, &error));
	scene->audits[1].source_used = true;
	assert_true(run_took_place(&scene->run, &error));
	assert_string_equal(scene->pairs[1].error.text,
	    "--source 10.77.0.9 is in use by 02:00:00:00:00:01: choose another");
	scene->run.pairs = &scene->pairs[1];
	scene->run.pair_count = 1;
	assert_false(run_took_place(&scene->run, &error));
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_string_equal(
	    error.text, "--source 10.77.0.9 is in use by 02:00:00:00:00:01: choose another");
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_SCENE(test_both_end),
	    WITH_SCENE(test_one_ends_first),
	    WITH_SCENE(test_full_queue),
	    WITH_SCENE(test_long_queue),
	    WITH_SCENE(test_read_before_acting),
	    WITH_SCENE(test_much_to_read),
	    WITH_SCENE(test_drops),
	    WITH_SCENE(test_drops_at_the_end),
	    WITH_SCENE(test_failure),
	    WITH_SCENE(test_failure_of_all),
	    WITH_SCENE(test_pair_without_link),
	    WITH_SCENE(test_signal),
	    WITH_SCENE(test_signal_on_busy_link),
	    WITH_SCENE(test_signal_while_restoring),
	    WITH_SCENE(test_second_signal),
	    cmocka_unit_test(test_ignored_signal),
	    WITH_SCENE(test_evidence),
	    WITH_SCENE(test_no_evidence),
	    WITH_SCENE(test_progress),
	    WITH_SCENE(test_result),
	    WITH_SCENE(test_source_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
