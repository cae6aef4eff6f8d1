/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Composition: options, plan, run, reports, exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arpaudit/checks.h"
#include "arpaudit/confine.h"
#include "arpaudit/descriptors.h"
#include "arpaudit/files.h"
#include "arpaudit/memory.h"
#include "arpaudit/options.h"
#include "arpaudit/privileges.h"
#include "arpaudit/run.h"
#include "arpaudit/signals.h"
#include "arpaudit/state.h"
#include "arpaudit/status.h"
#include "arpaudit/tell.h"
#include "arpaudit/terminal.h"

/* All that one call of the program holds. */
struct program {
	struct options options;
	struct files files;
	struct run run;
	struct state state;
	struct sandbox sandbox;
};

/* Gives up privileges and opens the files before anything from the network is read. The plan has
 * been read: what root may more than others is no longer needed. */
static bool
start(struct program *program, struct error *error)
{
	struct options *options = &program->options;
	struct run *run = &program->run;

	if (!signals_catch(error) || !files_become_user(options, error) ||
	    !run_open(run, &options->plan, error) || !privileges_drop(error) ||
	    !state_open(&program->state, options->state, check_title_find, error) ||
	    !files_open(&program->files, options, error) ||
	    !signals_block(&run->unblocked, error) ||
	    !confine(&program->sandbox, &program->files, &program->state, SANDBOX_AUDIT, error))
		return false;
	if (!options->quiet)
		run_warn(run);
	run->evidence = options->evidence.path == NULL ? NULL : &program->files.evidence;
	run->progress = options->progress == WHEN_ALWAYS ||
			(options->progress == WHEN_AUTO && terminal_obeys(STDERR_FILENO));
	if (!run_start(run, &check_table, error))
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
	const uint64_t finished_us = clock_now_us(&program->run.clock);
	struct result result;

	tell_evidence(&program->run, &program->files.evidence, error);
	run_result(&program->run, finished_us, failed, &result);
	result_describe(&result, program->options.arguments, program->options.argument_count);
	result.exit_status = status_of(&result, signals_caught(), error);
	const int status = result.exit_status;
	const bool written =
	    tell(&program->options, &program->files, &program->state, &result, error);

	result_free(&result);
	return written ? status : EXIT_CANNOT_RUN;
}

static int
audit(struct program *program, struct error *error)
{
	if (!start(program, error))
		return (int)error->status;
	/* What failed is in `error`; what was seen is reported. From here on a signal ends a write
	 * that hangs. */
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

static int
act(struct program *program, struct error *error)
{
	switch (program->options.action) {
	case ACTION_HELP:
		return tell_printed(options_help(program->options.topic, stdout), error);
	case ACTION_VERSION:
		return tell_version(error);
	case ACTION_CHECK_PLAN:
		return tell_printed(options_show_plan(&program->options, stdout), error);
	case ACTION_RENDER:
		return files_become_user(&program->options, error) && privileges_drop(error)
			   ? render(&program->options, &program->files, check_title_find, error)
			   : (int)error->status;
	case ACTION_AUDIT:
		break;
	}
	return audit(program, error);
}

/* No file is left that is not whole. */
static void
end_without_memory(void *context)
{
	struct program *const program = context;
	struct error error = {0};

	error_set(&error, EXIT_CANNOT_RUN, "out of memory");
	files_discard(&program->files);
	state_close(&program->state);
	exit(tell_end(&program->options, EXIT_CANNOT_RUN, &error));
}

int
main(int argc, char *argv[])
{
	struct program program = {0};
	struct error error = {0};

	memory_at_end(end_without_memory, &program);
	const bool ready = descriptors_reserve(&error) && privileges_begin(&error) &&
			   options_parse(argc, argv, &program.options, &error);
	int status = ready ? act(&program, &error) : (int)error.status;

	status = tell_end(&program.options, status, &error);
	if (!ready)
		options_show_refused(&program.options);
	files_discard(&program.files);
	state_close(&program.state);
	run_close(&program.run);
	options_free(&program.options);
	return status;
}
