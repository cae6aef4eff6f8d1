/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/confine.h"
#include "arpaudit/signals.h"
#include "arpaudit/status.h"
#include "arpaudit/tell.h"

int
render(const struct options *options, struct files *files, find_title *find, struct error *error)
{
	const struct state none = {.path = NULL};
	struct sandbox sandbox = {.landlock = 0};
	struct result result;
	int status;

	if (!sandbox_enter(&sandbox, SANDBOX_READ, error) ||
	    !result_read(&result, options->operands.words, options->operands.count, find, error))
		return (int)error->status;
	result_describe(&result, options->arguments.words, options->arguments.count);
	status = result.exit_status = status_of(&result, 0, error);
	/* From here on there are files to remove. Until now a signal has ended the program. */
	if (!signals_catch(error) || !files_open(files, options, error) ||
	    !confine(&sandbox, files, &none, SANDBOX_REPORT, error) ||
	    !files_write_reports(files, &result, SAY_ALL, NULL, error))
		status = (int)error->status;
	result_free(&result);
	return status;
}
