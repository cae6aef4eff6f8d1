/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/program.h"

#include <unistd.h>

#include "arpaudit/confine.h"
#include "arpaudit/privileges.h"
#include "arpaudit/signals.h"
#include "arpaudit/status.h"
#include "arpaudit/tell.h"
#include "arpaudit/terminal.h"

static enum run_purpose
purpose_of(const struct options *options)
{
	if (options->action != ACTION_WATCH)
		return RUN_AUDITS;
	return options->watch.every_us == 0 ? RUN_LISTENS : RUN_LISTENS_AUDITS;
}

/* A watch stays: it takes requests, and tells systemd how it is. */
static bool
serve(struct program *program, struct error *error)
{
	program->listening = (struct listening){
	    .options = &program->options,
	    .files = &program->files,
	    .state = &program->state,
	    .plan = &program->options.plan,
	    .read_plan = program->read_plan,
	    .argc = program->argc,
	    .argv = program->argv,
	};
	if (program->options.action != ACTION_WATCH)
		return true;
	program->sandbox.rereads = true;
	notify_open(&program->listening.notify);
	return signals_serve(error);
}

/* Gives up privileges and opens the files before anything from the network or from a state is read.
 * The plan has been read: what root may more than others is no longer needed. */
static bool
start(struct program *program, struct error *error)
{
	struct options *options = &program->options;
	struct run *run = &program->run;
	const bool audits = options->action == ACTION_AUDIT;

	run->purpose = purpose_of(options);
	if (!signals_catch(error) || !files_become_user(options, error) ||
	    !run_open(run, &options->plan, error) || !privileges_drop(error) ||
	    !state_open(&program->state, options->state, error) ||
	    !files_open(&program->files, options, error) || !serve(program, error) ||
	    !signals_block(&run->unblocked, error) ||
	    !confine(&program->sandbox, &program->files, &program->state,
		audits ? SANDBOX_AUDIT : SANDBOX_WATCH, error) ||
	    !state_read(&program->state, program->find_title, error))
		return false;
	if (!options->quiet)
		run_warn(run);
	run->evidence = options->evidence.path == NULL ? NULL : &program->files.evidence;
	run->progress = options->progress == WHEN_ALWAYS ||
			(options->progress == WHEN_AUTO && terminal_obeys(STDERR_FILENO));
	if (!run_start(run, program->table, error))
		return false;
	if (!options->quiet)
		run_tell_gentle(run);
	return true;
}

/* Reports what has been seen, whole or not; returns the process's status. */
static int
report(struct program *program, struct error *error)
{
	const bool failed = error->status != 0;
	const uint64_t finished_us = program->run.finished_us != 0
					 ? program->run.finished_us
					 : clock_now_us(&program->run.clock);
	const bool audits = program->options.action == ACTION_AUDIT;
	struct result result;

	tell_evidence(&program->run, &program->files.evidence, error);
	run_result(&program->run, finished_us, failed, &result);
	result_describe(
	    &result, program->options.arguments.words, program->options.arguments.count);
	result.exit_status = status_of(&result, audits ? signals_caught() : 0, error);
	const int status = result.exit_status;
	const bool written =
	    tell(&program->options, &program->files, &program->state, &result, error);

	result_free(&result);
	return written ? status : EXIT_CANNOT_RUN;
}

int
program_run(struct program *program, struct error *error)
{
	if (!start(program, error))
		return (int)error->status;
	/* What failed is in `error`; what was seen is reported. From here on a signal ends a write
	 * that hangs. */
	if (program->options.action == ACTION_WATCH)
		(void)listen_on_links(&program->run, &program->listening, error);
	else
		(void)run_audits(&program->run, error);
	(void)signals_restore(&program->run.unblocked, error);
	if (!sandbox_enter(&program->sandbox, SANDBOX_REPORT, error))
		return EXIT_CANNOT_RUN;
	if (run_took_place(&program->run, error))
		return report(program, error);
	/* There was no audit to report on: only the evidence shows why. */
	(void)evidence_commit(&program->files.evidence, error);
	return EXIT_CANNOT_RUN;
}

/* Listens to a capture file, which takes no privilege. */
int
program_read(struct program *program, struct error *error)
{
	const char *const name = program->options.watch.file;
	struct run *const run = &program->run;
	struct capture_file *file = NULL;
	bool good =
	    signals_catch(error) && files_become_user(&program->options, error) &&
	    privileges_drop(error) && (file = capture_file_open(name, error)) != NULL &&
	    files_open(&program->files, &program->options, error) && serve(program, error) &&
	    confine(&program->sandbox, &program->files, &program->state, SANDBOX_AUDIT, error) &&
	    listen_open_file(run, &program->options.plan, name, error);

	run->table = program->table;
	good = good && listen_to_file(run, &program->listening, file, error);
	capture_file_close(file);
	return good || run->finished_us != 0 ? report(program, error) : (int)error->status;
}

int
program_render(struct program *program, struct error *error)
{
	return files_become_user(&program->options, error) && privileges_drop(error)
		   ? render(&program->options, &program->files, program->find_title, error)
		   : (int)error->status;
}

void
program_close(struct program *program)
{
	files_discard(&program->files);
	state_close(&program->state);
	run_close(&program->run);
	notify_close(&program->listening.notify);
}
