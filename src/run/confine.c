/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/confine.h"

#include <stdio.h>
#include <stdlib.h>

#include "arpaudit/report.h"

static void
add_folder(const struct output *output, int *folders, size_t *count)
{
	if (output->folder > 0)
		folders[(*count)++] = output->folder;
}

/* The folders in which files are renamed; the same one may come twice. */
static bool
confine_files(struct sandbox *sandbox, const struct files *files, const struct state *state,
    enum sandbox_phase phase, struct error *error)
{
	int *const folders = calloc(files->output_count + 2, sizeof(*folders));
	size_t count = 0;

	if (folders == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < files->output_count; i++)
		add_folder(&files->outputs[i], folders, &count);
	add_folder(&files->evidence.output, folders, &count);
	add_folder(&state->output, folders, &count);
	const bool confined = sandbox_confine(sandbox, phase, folders, count, error);

	free(folders);
	return confined;
}

bool
confine(struct sandbox *sandbox, const struct files *files, const struct state *state,
    enum sandbox_phase phase, struct error *error)
{
	char text[SANDBOX_TEXT_SIZE];

	report_prepare();
	if (!confine_files(sandbox, files, state, phase, error) ||
	    !sandbox_enter(sandbox, phase, error))
		return false;
	if (phase != SANDBOX_REPORT && files->options->verbose > 0 && !files->options->quiet)
		(void)fprintf(stderr, "arpaudit: confined: %s\n", sandbox_describe(sandbox, text));
	return true;
}
