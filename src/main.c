/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Composition: options, plan, link, engine, reports, exit status.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "arpaudit/audit.h"
#include "arpaudit/clock.h"
#include "arpaudit/evidence.h"
#include "arpaudit/link.h"
#include "arpaudit/options.h"
#include "arpaudit/output.h"
#include "arpaudit/privileges.h"
#include "arpaudit/report.h"

#define ELICIT_PORT_FIRST   61000 /* above Linux's local port range: nobody listens there */
#define ELICIT_PORT_COUNT   4000  /* where the first of AUDIT_ELICIT_PORTS may be */
#define BUSY_WAIT_US        1000
#define SEND_US             1000 /* then it is time to look at what has come in */
#define PROGRESS_AFTER_US   1000000
#define PROGRESS_EVERY_US   100000
#define STATISTICS_EVERY_US 100000

/* The one thing that a signal handler can tell. */
static volatile sig_atomic_t signal_caught;

static void
on_signal(int number)
{
	signal_caught = number;
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

static bool
catch_signals(struct error *error)
{
	struct sigaction action = {.sa_handler = on_signal};
	bool good = sigemptyset(&action.sa_mask) == 0;

	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		good = good && sigaction(signals[i], &action, NULL) == 0;
	/* A reader that goes away is a failed write, with a message. */
	action.sa_handler = SIG_IGN;
	return (good && sigaction(SIGPIPE, &action, NULL) == 0) ||
	       error_set(error, EXIT_CANNOT_RUN, "can't handle signals: %s", strerror(errno));
}

/* During the audit signals are let in only while it waits for frames. */
static bool
block_signals(sigset_t *unblocked, struct error *error)
{
	sigset_t blocked;
	bool good = sigemptyset(&blocked) == 0;

	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		good = good && sigaddset(&blocked, signals[i]) == 0;
	return (good && sigprocmask(SIG_BLOCK, &blocked, unblocked) == 0) ||
	       error_set(error, EXIT_CANNOT_RUN, "can't block signals: %s", strerror(errno));
}

/* Everything that one run holds. */
struct run {
	struct options options;
	struct output *outputs;
	size_t output_count;
	struct evidence_file evidence;
	struct link_interface interface;
	uint16_t elicit_port;
	struct link *link;
	struct audit *audit;
	struct clock clock;
	sigset_t unblocked;
	uint64_t started_us;
	uint64_t statistics_us, statistics_due_us, progress_due_us;
	struct link_statistics statistics;
	struct frame unsent; /* taken from the engine, refused by a full queue */
	bool has_unsent;
	bool progress, progress_shown;
};

static bool
draw_seed(uint64_t *seed, struct error *error)
{
	if (getrandom(seed, sizeof(*seed), 0) == (ssize_t)sizeof(*seed))
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "no random numbers: %s", strerror(errno));
}

static bool
find_interface(struct run *run, struct plan_cluster *cluster, struct error *error)
{
	struct address *rips = calloc(cluster->host_count + 1, sizeof(*rips));
	char text[ADDRESS_TEXT_SIZE];
	bool found;

	if (rips == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < cluster->host_count; i++)
		rips[i] = cluster->hosts[i].rip;
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (link_address_is_local(&cluster->vips[i].address))
			error_set(error, EXIT_USAGE,
			    "the VIP %s is this machine's own address: audit from another machine",
			    address_format(&cluster->vips[i].address, text));
	found = error->status == 0 &&
		link_find(cluster->interface, cluster->vlan, &cluster->vips[0].address, rips,
		    cluster->host_count, &run->interface, error);
	free(rips);
	return found;
}

static bool
open_outputs(struct run *run, struct error *error)
{
	const struct options *options = &run->options;
	const size_t count = options->output_count == 0 ? 1 : options->output_count;

	run->outputs = calloc(count, sizeof(*run->outputs));
	if (run->outputs == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (; run->output_count < count; run->output_count++) {
		const char *path =
		    options->output_count == 0 ? NULL : options->outputs[run->output_count].path;

		if (!output_open(&run->outputs[run->output_count], path, error)) {
			output_discard(&run->outputs[run->output_count]);
			return false;
		}
	}
	return true;
}

static bool
open_evidence(struct run *run, struct error *error)
{
	const char *const path = run->options.evidence;

	if (path == NULL)
		return true;
	if (!evidence_open(&run->evidence, path, error))
		return false;
	for (size_t i = 0; i < run->output_count; i++)
		if (output_same(&run->evidence.output, &run->outputs[i]))
			return error_set(error, EXIT_USAGE,
			    "--evidence: a report goes to %s already: write one of them to a file "
			    "of its own",
			    path);
	return true;
}

/*
 * Root without capabilities can't write where only another user may. So as root the audit goes on
 * as the owner of the folder that the first file goes to; that user then owns the file, too.
 */
static void
choose_user(const struct run *run, uid_t *user, gid_t *group)
{
	*user = geteuid();
	*group = getegid();
	if (!privileges_other_users())
		return;
	for (size_t i = 0; i < run->options.output_count && *user == 0; i++)
		(void)output_folder_owner(run->options.outputs[i].path, user, group);
	if (*user == 0)
		(void)output_folder_owner(run->options.evidence, user, group);
}

/* Opens all that needs privileges, then gives them up before anything from the network is read. */
static bool
start(struct run *run, struct error *error)
{
	struct plan_cluster *cluster = &run->options.plan.clusters[0];
	struct audit_segment segment;
	uint64_t seed;
	uid_t user;
	gid_t group;

	if (!catch_signals(error) || !draw_seed(&seed, error) ||
	    !find_interface(run, cluster, error) || !plan_fit(cluster, &run->interface.own, error))
		return false;
	run->elicit_port = (uint16_t)(ELICIT_PORT_FIRST + seed % ELICIT_PORT_COUNT);
	run->link = link_open(&run->interface, run->elicit_port, AUDIT_ELICIT_PORTS, error);
	choose_user(run, &user, &group);
	if (run->link == NULL || !privileges_drop(user, group, error) ||
	    !open_outputs(run, error) || !open_evidence(run, error) ||
	    !block_signals(&run->unblocked, error))
		return false;
	segment = (struct audit_segment){
	    .interface = run->interface.name,
	    .mac = run->interface.mac,
	    .own = run->interface.own,
	    .elicit_port = run->elicit_port,
	};
	clock_start(&run->clock);
	run->started_us = clock_now_us(&run->clock);
	run->statistics_us = run->started_us;
	run->progress_due_us = run->started_us + PROGRESS_AFTER_US;
	run->progress = run->options.progress == WHEN_ALWAYS ||
			(run->options.progress == WHEN_AUTO && isatty(STDERR_FILENO) == 1);
	run->audit =
	    audit_new(cluster, &run->options.plan.settings, &segment, seed, run->started_us, error);
	return run->audit != NULL;
}

/* Returns the frame's number in the evidence. A pipe whose reader has stopped reading makes the
 * write wait: then signals must get through. sigprocmask() can't fail with these sets. */
static uint64_t
keep(struct run *run, const struct capture *capture)
{
	const bool in_place = run->evidence.output.temporary == NULL;
	sigset_t blocked;
	uint64_t number;

	if (run->options.evidence == NULL)
		return 0;
	if (in_place)
		(void)sigprocmask(SIG_SETMASK, &run->unblocked, &blocked);
	number = evidence_keep(&run->evidence, capture);
	if (in_place)
		(void)sigprocmask(SIG_SETMASK, &blocked, NULL);
	return number;
}

/*
 * Sends what is due, or the start of it: at unlimited rates that may be a question to each host,
 * and an answer that waits unread until all are out looks as late as one that was lost. A frame
 * that a full queue refuses is kept, and goes first the next time.
 */
static bool
send_due(struct run *run, struct error *error)
{
	const uint64_t start_us = clock_now_us(&run->clock);
	uint64_t now_us = start_us;

	for (; now_us < start_us + SEND_US; now_us = clock_now_us(&run->clock)) {
		/* The time before it goes, so that no answer seems to have come before it. */
		struct capture capture = {.time_us = now_us};

		if (!run->has_unsent && !audit_next(run->audit, now_us, &run->unsent))
			return true;
		const enum link_sent sent = link_send(run->link, &run->unsent, &capture, error);

		run->has_unsent = sent == LINK_BUSY;
		if (sent != LINK_SENT)
			return sent == LINK_BUSY;
		(void)keep(run, &capture);
	}
	return true;
}

static bool
receive_all(struct run *run, struct error *error)
{
	struct capture capture;
	int status;

	while ((status = link_receive(run->link, &capture, error)) == 1) {
		if (run->options.evidence != NULL && audit_concerns(run->audit, &capture))
			capture.number = keep(run, &capture);
		audit_receive(run->audit, clock_now_us(&run->clock), &capture);
	}
	return status == 0;
}

/* Frames that the kernel dropped make the silences of that time void. */
static bool
watch_drops(struct run *run, uint64_t now_us, struct error *error)
{
	const uint64_t dropped = run->statistics.dropped;
	const uint64_t since_us = run->statistics_us;

	if (!link_statistics(run->link, &run->statistics, error))
		return false;
	run->statistics_us = now_us;
	run->statistics_due_us = now_us + STATISTICS_EVERY_US;
	if (run->statistics.dropped > dropped)
		audit_capture_lost(run->audit, since_us, now_us);
	return true;
}

static void
show_progress(struct run *run, uint64_t now_us)
{
	const struct audit_progress progress = audit_progress(run->audit);

	run->progress_due_us = now_us + PROGRESS_EVERY_US;
	run->progress_shown = true;
	(void)fprintf(stderr,
	    "\r\033[K%" PRIu32 " of %" PRIu32 " hosts decided, %" PRIu64 " frames, %.1f s",
	    progress.hosts_done, progress.hosts, progress.frames_sent,
	    (double)(now_us - run->started_us) / 1e6);
}

/* When there is something to do again, if no frame arrives. */
static uint64_t
wakeup_us(const struct run *run, uint64_t now_us)
{
	const uint64_t engine_us = audit_wakeup_us(run->audit, now_us);

	if (run->has_unsent)
		return now_us + BUSY_WAIT_US;
	return engine_us < run->statistics_due_us ? engine_us : run->statistics_due_us;
}

/* Over, and with no frame lost at the end of it. */
static bool
is_over(struct run *run, uint64_t now_us, bool *good, struct error *error)
{
	if (!audit_finished(run->audit, now_us))
		return false;
	*good = watch_drops(run, now_us, error);
	return !*good || audit_finished(run->audit, now_us);
}

static bool
audit_segment(struct run *run, struct error *error)
{
	bool good = true;

	while (good && signal_caught == 0) {
		uint64_t now_us = clock_now_us(&run->clock);

		if (now_us >= run->statistics_due_us)
			good = watch_drops(run, now_us, error);
		if (!good || is_over(run, now_us, &good, error))
			break;
		good = send_due(run, error);
		if (run->progress && now_us >= run->progress_due_us)
			show_progress(run, now_us);
		now_us = clock_now_us(&run->clock);
		const uint64_t until_us = wakeup_us(run, now_us);

		good = good &&
		       link_wait(run->link, until_us > now_us ? until_us - now_us : 0,
			   &run->unblocked, error) &&
		       receive_all(run, error);
	}
	if (run->progress_shown)
		(void)fputs("\r\033[K", stderr);
	return good;
}

static bool
write_reports(struct run *run, const struct result *result, struct error *error)
{
	const struct options *options = &run->options;
	bool good = true;

	for (size_t i = 0; i < run->output_count; i++) {
		struct output *output = &run->outputs[i];
		const struct options_output *asked = &options->outputs[i];
		const struct report_writer *writer =
		    options->output_count == 0
			? &report_text
			: report_writer_find(asked->format, asked->format_length);
		const bool terminal = isatty(fileno(output->stream)) == 1;
		const struct report_style style = {
		    .color =
			options->color == WHEN_ALWAYS || (options->color == WHEN_AUTO && terminal),
		    .quiet = options->quiet,
		    .verbose = options->verbose,
		};

		if (!writer->write(result, &style, output->stream)) {
			const char *path = output->path;

			good = error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s",
			    path == NULL ? "standard output" : path, strerror(errno));
			output_discard(output);
		} else {
			good = output_commit(output, error) && good;
		}
	}
	return good;
}

static enum exit_status
status_of(enum verdict verdict)
{
	static const enum exit_status statuses[] = {
	    [VERDICT_COMPLIANT] = EXIT_COMPLIANT,
	    [VERDICT_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
	    [VERDICT_VIOLATION] = EXIT_VIOLATION,
	};

	return statuses[verdict];
}

/* Reports what has been seen, whole or not; returns the process's status. */
static int
report(struct run *run, struct error *error)
{
	struct cluster_result cluster;
	struct result result = {
	    .started_us = run->started_us,
	    .finished_us = clock_now_us(&run->clock),
	    .complete = signal_caught == 0 && error->status == 0,
	    .clusters = &cluster,
	    .cluster_count = 1,
	    .wire = {.owner_restored = true,
		.frames_captured = run->statistics.captured,
		.kernel_drops = run->statistics.dropped},
	    .arena = arena_new(),
	};
	bool written;

	if (result.arena == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
		return EXIT_CANNOT_RUN;
	}
	/* First, so that no report names frames of a file that is not there. */
	if (!evidence_commit(&run->evidence, error))
		audit_evidence_lost(run->audit);
	audit_result(run->audit, result.finished_us, result.arena, &cluster, &result.wire);
	result.verdict = cluster.verdict;
	written = write_reports(run, &result, error);
	const int status = (int)status_of(result_verdict(&result));

	result_free(&result);
	if (!written || error->status != 0)
		return EXIT_CANNOT_RUN;
	return signal_caught != 0 ? EXIT_SIGNAL + (int)signal_caught : status;
}

static int
run_audit(struct run *run, struct error *error)
{
	struct mac owner;
	char mac[MAC_TEXT_SIZE], source[ADDRESS_TEXT_SIZE];

	if (!start(run, error))
		return (int)error->status;
	(void)audit_segment(run, error); /* what failed is in error; what was seen is reported */
	/* From here on a signal ends a write that hangs. */
	if (sigprocmask(SIG_SETMASK, &run->unblocked, NULL) != 0)
		error_set(error, EXIT_CANNOT_RUN, "can't unblock signals: %s", strerror(errno));
	if (!audit_source_is_used(run->audit, &owner))
		return report(run, error);
	/* Then there was no audit to report on: only the evidence shows why. */
	error_set(error, EXIT_CANNOT_RUN, "--source %s is in use by %s: choose another",
	    address_format(&run->options.plan.clusters[0].source, source), mac_format(&owner, mac));
	(void)evidence_commit(&run->evidence, error);
	return EXIT_CANNOT_RUN;
}

static void
clean_up(struct run *run)
{
	for (size_t i = 0; i < run->output_count; i++)
		output_discard(&run->outputs[i]);
	free(run->outputs);
	evidence_discard(&run->evidence);
	audit_free(run->audit);
	link_close(run->link);
	options_free(&run->options);
}

static int
print_and_flush(const char *text, struct error *error)
{
	if (fputs(text, stdout) != EOF && fflush(stdout) == 0)
		return EXIT_COMPLIANT;
	error_set(error, EXIT_CANNOT_RUN, "can't write standard output: %s", strerror(errno));
	return EXIT_CANNOT_RUN;
}

int
main(int argc, char *argv[])
{
	struct run run = {0};
	struct error error = {0};
	int status;

	if (!options_parse(argc, argv, &run.options, &error))
		status = (int)error.status;
	else if (run.options.action == ACTION_HELP)
		status = print_and_flush(options_help, &error);
	else if (run.options.action == ACTION_VERSION)
		status = print_and_flush("arpaudit " PACKAGE_VERSION "\n", &error);
	else
		status = run_audit(&run, &error);
	if (error.status != 0 && signal_caught != 0)
		status = EXIT_SIGNAL + (int)signal_caught; /* that is why it failed */
	else if (error.status != 0)
		(void)fprintf(stderr, "arpaudit: %s\n", error.text);
	clean_up(&run);
	return status;
}
