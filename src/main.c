/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Composition: options, plan, run, reports, exit status.
 */
#include <stdio.h>
#include <stdlib.h>

#include "arpaudit/checks.h"
#include "arpaudit/descriptors.h"
#include "arpaudit/memory.h"
#include "arpaudit/options.h"
#include "arpaudit/privileges.h"
#include "arpaudit/program.h"
#include "arpaudit/tell.h"

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
		return program_render(program, error);
	case ACTION_READ:
		return program_read(program, error);
	case ACTION_WATCH:
	case ACTION_AUDIT:
		break;
	}
	return program_run(program, error);
}

/* Whether each check to skip is one. The plan knows none, and a word that is none would have no
 * effect. */
static bool
check_skips(const struct plan *plan, struct error *error)
{
	for (size_t i = 0; i < plan->cluster_count; i++) {
		const struct plan_remarks *const remarks = &plan->clusters[i].remarks;

		for (size_t k = 0; k < remarks->skip_count; k++) {
			const char *const check = remarks->skips[k].check;

			if (!check_can_be_skipped(check))
				return error_set(error, EXIT_USAGE,
				    "[cluster %s]: skip: '%s': expected a check of a host, such as "
				    "service, or gateway",
				    plan->clusters[i].name, check);
		}
	}
	return true;
}

static bool
read_plan_again(int argc, char *argv[], struct plan *plan, struct error *error)
{
	struct options again;
	const bool good =
	    options_parse(argc, argv, &again, error) && check_skips(&again.plan, error);

	if (good) {
		*plan = again.plan;
		plan_init(&again.plan);
	}
	options_free(&again);
	return good;
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
	struct program program = {.table = &check_table,
	    .find_title = check_title_find,
	    .read_plan = read_plan_again,
	    .argc = argc,
	    .argv = argv};
	struct error error = {0};

	memory_at_end(end_without_memory, &program);
	const bool ready = descriptors_reserve(&error) && privileges_begin(&error) &&
			   options_parse(argc, argv, &program.options, &error) &&
			   check_skips(&program.options.plan, &error);
	int status = ready ? act(&program, &error) : (int)error.status;

	status = tell_end(&program.options, status, &error);
	if (!ready)
		options_show_refused(&program.options);
	program_close(&program);
	options_free(&program.options);
	return status;
}
