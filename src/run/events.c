/* SPDX-License-Identifier: BSD-2-Clause */
#include "events.h"

#include <string.h>

#include "arpaudit/report.h"
#include "arpaudit/terminal.h"
#include "watches.h"

static bool
takes_text(const struct files *files, size_t output)
{
	return files->outputs[output].stream == stdout &&
	       files_writer(files->options, output) == &report_text;
}

static bool
is_colored(const struct options *options)
{
	return options->color == WHEN_ALWAYS ||
	       (options->color == WHEN_AUTO && terminal_is_colored(fileno(stdout)));
}

static bool
tell(struct files *files, const struct event *event, struct error *error)
{
	for (size_t i = 0; i < files->output_count; i++) {
		struct output *const output = &files->outputs[i];

		if (files_writer(files->options, i) == &report_jsonl) {
			if (!event_write_json(event, output->stream))
				return output_fail(output, error);
			if (output->appends && !output_add(output, error))
				return false;
		} else if (takes_text(files, i) && !files->options->quiet &&
			   !event_write_text(event, is_colored(files->options), stdout)) {
			return output_fail(output, error);
		}
	}
	return true;
}

bool
events_tell(const struct run *run, struct files *files, uint64_t now_us, struct error *error)
{
	struct event event;

	while (watches_next(run, now_us, &event))
		if (!tell(files, &event, error))
			return false;
	return true;
}

static bool
open_again(struct files *files, size_t number, struct error *error)
{
	struct output *const output = &files->outputs[number];

	return output->stream != NULL ||
	       output_open(output, files->options->outputs[number].path, error);
}

static bool
write_metrics(struct output *output, const struct result *result, struct error *error)
{
	const struct report_style style = {.color = false};

	if (report_prometheus.write(result, &style, output->stream))
		return output_commit(output, error);
	(void)output_fail(output, error);
	output_discard(output);
	return false;
}

/* The file is opened again at once, for the next time. */
static bool
rewrite(struct files *files, size_t number, const struct result *result, struct error *error)
{
	return open_again(files, number, error) &&
	       write_metrics(&files->outputs[number], result, error) &&
	       open_again(files, number, error);
}

static bool
is_rewritten(const struct files *files, size_t output)
{
	return files_writer(files->options, output) == &report_prometheus &&
	       files->outputs[output].stream != stdout;
}

bool
events_are_rewritten(const struct files *files)
{
	for (size_t i = 0; i < files->output_count; i++)
		if (is_rewritten(files, i))
			return true;
	return false;
}

void
events_rewrite(struct files *files, const struct result *result)
{
	bool failed = false;

	for (size_t i = 0; i < files->output_count; i++) {
		struct error error = {.status = 0};

		if (!is_rewritten(files, i) || rewrite(files, i, result, &error))
			continue;
		if (!files->rewrite_failed)
			(void)fprintf(stderr, "arpaudit: %s\n", error.text);
		failed = true;
	}
	files->rewrite_failed = failed;
}

bool
events_end(struct files *files, struct error *error)
{
	bool good = true;

	for (size_t i = 0; i < files->output_count; i++)
		good = (!is_rewritten(files, i) || open_again(files, i, error)) && good;
	return good;
}

void
events_print_picture(const struct files *files, const struct result *result)
{
	struct report_style style = {.verbose = files->options->verbose};
	FILE *stream = stderr;

	for (size_t i = 0; i < files->output_count; i++)
		if (takes_text(files, i))
			stream = stdout;
	style.color = stream == stdout && is_colored(files->options);
	/* It was asked for in passing: that it can't be written ends nothing. */
	(void)report_text.write(result, &style, stream);
}
