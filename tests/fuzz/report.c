/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for saved reports, which are states as well. The input is a report, or two
 * with a NUL octet between them.
 *
 * A report that was accepted can be written in every format, and read again as JSON without a
 * change. Two can be written together, and so can the drift from one to the other. As a state, the
 * report is either read, and can then be written, or set aside.
 */
#include <string.h>

#include "arpaudit/report.h"
#include "arpaudit/state.h"
#include "input.h"
#include "shown.h"

#define INPUT  "report.json"
#define SECOND "second.json"
#define AGAIN  "again.json"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
clean(void)
{
	static const char *const files[] = {
	    INPUT, SECOND, AGAIN, INPUT ".lock", INPUT ".unreadable"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(files[i]);
}

int /* NOLINTNEXTLINE(readability-non-const-parameter): libFuzzer gives the type */
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	enter_folder();
	return 0;
}

static const struct check_title *
no_title(const char *name)
{
	(void)name;
	return NULL;
}

static bool
read_reports(const char *const *paths, size_t count, struct result *result)
{
	struct error error = {0};

	return result_read(result, paths, count, no_title, &error);
}

static bool
read_report(const char *path, struct result *result)
{
	return read_reports(&path, 1, result);
}

#define LIST(writer) &(writer),
static const struct report_writer *const writers[] = {REPORT_WRITERS(LIST)};
#undef LIST

static void
write_as(const struct report_writer *writer, const struct result *result, bool color)
{
	const struct report_style style = {.color = color, .verbose = 1, .width = 40};
	char *text = NULL;
	size_t size = 0;
	FILE *const stream = open_memstream(&text, &size);

	require(stream != NULL && writer->write(result, &style, stream) && fclose(stream) == 0,
	    writer->format);
	if (!color)
		check_printable(text, "\r\n"); /* as lines of CSV do */
	free(text);
}

/* Whatever stands in a report, it can't speak to a terminal. */
static void
write_all(const struct result *result)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		write_as(writers[i], result, false);
	write_as(&report_text, result, true);
}

/* What one version writes, the same version reads; and nothing has changed. */
static void
read_again(const struct result *result)
{
	const struct report_style style = {.width = 80};
	struct result again;
	FILE *const file = fopen(AGAIN, "we");

	require(
	    file != NULL && report_json.write(result, &style, file) && fclose(file) == 0, AGAIN);
	require(read_report(AGAIN, &again), "the report was written, and is not accepted");
	require(drift_between(result, &again).line_count == 0, "the report has changed");
	result_free(&again);
}

static void
compare(void)
{
	FILE *const sink = fopen("/dev/null", "we");
	struct result before, after;
	const bool is_before = read_report(INPUT, &before), is_after = read_report(SECOND, &after);

	require(sink != NULL, "/dev/null");
	if (is_before && is_after) {
		const struct drift drift = drift_between(&before, &after);

		require(report_text.write(
			    &after, &(struct report_style){.width = 40, .drift = &drift}, sink),
		    "drift");
	}
	if (is_before)
		result_free(&before);
	if (is_after)
		result_free(&after);
	(void)fclose(sink);
}

static void
open_as_state(void)
{
	struct state state = {0};
	struct error error = {0};

	if (state_open(&state, INPUT, &error) && state_read(&state, no_title, &error) &&
	    state.has_before)
		require(state_write(&state, &state.before, &error), error.text);
	state_close(&state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const both[] = {INPUT, SECOND};
	const uint8_t *const end = memchr(data, '\0', size);
	const size_t first = end == NULL ? size : (size_t)(end - data);
	struct result result;

	write_input(INPUT, data, first);
	if (read_report(INPUT, &result)) {
		write_all(&result);
		read_again(&result);
		result_free(&result);
	}
	if (end != NULL) {
		write_input(SECOND, end + 1, size - first - 1);
		if (read_reports(both, 2, &result)) {
			write_all(&result);
			read_again(&result);
			result_free(&result);
		}
		compare();
	}
	open_as_state();
	clean();
	return 0;
}
