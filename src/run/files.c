/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "arpaudit/privileges.h"
#include "arpaudit/report.h"
#include "arpaudit/signals.h"
#include "arpaudit/terminal.h"

#define WIDTH_MIN 60

static void
choose_user(const struct options *options, uid_t *user, gid_t *group)
{
	for (size_t i = 0; i < options->output_count && *user == 0; i++)
		(void)output_folder_owner(options->outputs[i].path, user, group);
	if (*user == 0)
		(void)output_folder_owner(options->evidence.path, user, group);
	if (*user == 0)
		(void)output_folder_owner(options->state, user, group);
}

bool
files_become_user(const struct options *options, struct error *error)
{
	uid_t user = geteuid();
	gid_t group = getegid();

	if (privileges_other_users())
		choose_user(options, &user, &group);
	return privileges_become(user, group, error);
}

const struct report_writer *
files_writer(const struct options *options, size_t output)
{
	if (options->output_count == 0)
		return report_writer_default();
	return report_writer_find(
	    options->outputs[output].format, options->outputs[output].format_length);
}

bool
files_report_for_plugin(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (files_writer(options, i)->for_plugin &&
		    (options->outputs[i].path == NULL ||
			strcmp(options->outputs[i].path, "-") == 0))
			return true;
	return false;
}

static bool
open_output(struct files *files, const char *path, struct error *error)
{
	const size_t number = files->output_count;
	struct output *const output = &files->outputs[number];
	/* A failed open leaves nothing to close. */
	const bool opened = files_writer(files->options, number)->appends
				? output_open_append(output, path, error)
				: output_open(output, path, error);

	if (!opened)
		return false;
	files->output_count++;
	for (size_t i = 0; i < number; i++)
		if (output_same(&files->outputs[i], output))
			return error_set(error, EXIT_USAGE,
			    "two reports can't both go to %s: give each a file of its own",
			    path == NULL ? "standard output" : path);
	return true;
}

static bool
open_outputs(struct files *files, struct error *error)
{
	const struct options *options = files->options;
	const size_t count = options->output_count == 0 ? 1 : options->output_count;

	files->outputs = calloc(count, sizeof(*files->outputs));
	if (files->outputs == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	for (size_t i = 0; i < count; i++)
		if (!open_output(
			files, options->output_count == 0 ? NULL : options->outputs[i].path, error))
			return false;
	return true;
}

static bool
open_evidence(struct files *files, struct error *error)
{
	const char *const path = files->options->evidence.path;
	const uint64_t wanted = files->options->evidence.size_max;

	if (path == NULL)
		return true;
	if (!evidence_open(
		&files->evidence, path, wanted == 0 ? EVIDENCE_SIZE_MAX_DEFAULT : wanted, error))
		return false;
	for (size_t i = 0; i < files->output_count; i++)
		if (output_same(&files->evidence.output, &files->outputs[i]))
			return error_set(error, EXIT_USAGE,
			    "--evidence: a report already goes to %s: write the evidence or the "
			    "report "
			    "to another file",
			    path);
	return true;
}

bool
files_open(struct files *files, const struct options *options, struct error *error)
{
	*files = (struct files){.options = options};
	return open_outputs(files, error) && open_evidence(files, error);
}

/* The width of a terminal; 0: unknown, or too narrow for a report. */
static size_t
width_of(FILE *terminal)
{
	struct winsize size;

	return ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN
		   ? size.ws_col
		   : 0;
}

static struct report_style
style_of(const struct options *options, const struct output *output)
{
	const bool terminal = isatty(fileno(output->stream)) == 1;

	return (struct report_style){
	    .color = options->color == WHEN_ALWAYS ||
		     (options->color == WHEN_AUTO && terminal_is_colored(fileno(output->stream))),
	    .quiet = options->quiet,
	    .verbose = options->verbose,
	    .width = terminal ? width_of(output->stream) : 0,
	};
}

/* How many signals the writing of reports outlives. The reports of an audit are finished in spite
 * of the one that ended it, or the first one after it: no other audit is the same. What is rendered
 * can be rendered again. */
static int
patience_of(const struct options *options)
{
	if (options->action == ACTION_RENDER || options->action == ACTION_READ)
		return 0;
	return signals_count() == 0 ? 1 : signals_count();
}

static bool
write_report(struct output *output, const struct report_writer *writer,
    const struct report_style *style, const struct result *result, int patience,
    struct error *error)
{
	const char *const path = output->path;
	const bool written =
	    writer->write(result, style, output->stream) && fflush(output->stream) == 0;

	if (signals_count() > patience) {
		error_set(error, EXIT_CANNOT_RUN, "%s: the report was not written",
		    path == NULL ? "standard output" : path);
		output_discard(output);
		return false;
	}
	if (written)
		return output_commit(output, error);
	/* A reader such as head(1) has all that it wants. Whether it leaves before or after the
	 * last write is chance, and must not decide the status. */
	const bool left = output->stream == stdout && errno == EPIPE;

	if (!left)
		output_fail(output, error);
	output_discard(output);
	return left;
}

/* Its lines are the events, which have been told. */
static bool
has_told_events(const struct options *options, size_t output)
{
	return (options->action == ACTION_WATCH || options->action == ACTION_READ) &&
	       files_writer(options, output) == &report_jsonl;
}

bool
files_write_reports(struct files *files, const struct result *result, enum files_say say,
    const struct drift *drift, struct error *error)
{
	const struct options *options = files->options;
	const int patience = patience_of(options);
	bool good = true;

	for (size_t i = 0; i < files->output_count; i++) {
		struct output *const output = &files->outputs[i];
		const bool told = output->stream == stdout;

		/* A file that could not be opened again: events_end() has said it. */
		if (output->stream == NULL)
			continue;
		struct report_style style = style_of(options, output);

		if ((told && say == SAY_NOTHING) || has_told_events(options, i)) {
			output_discard(output);
			continue;
		}
		if (told && say == SAY_CHANGES)
			style.drift = drift;
		good = write_report(
			   output, files_writer(options, i), &style, result, patience, error) &&
		       good;
	}
	return good;
}

void
files_discard(struct files *files)
{
	for (size_t i = 0; i < files->output_count; i++)
		output_discard(&files->outputs[i]);
	free(files->outputs);
	evidence_discard(&files->evidence);
	*files = (struct files){.options = NULL};
}
