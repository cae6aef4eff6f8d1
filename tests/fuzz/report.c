/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for saved reports, which are states as well. The input is a report.
 *
 * A report that was accepted can be written in every format, and read again as JSON without a
 * change. As a state, it is either read, and can then be written, or set aside.
 */
#include "arpaudit/report.h"
#include "arpaudit/state.h"
#include "input.h"

#define INPUT "report.json"
#define AGAIN "again.json"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
clean(void)
{
	static const char *const files[] = {INPUT, AGAIN, INPUT ".lock", INPUT ".unreadable"};

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
read_report(const char *path, struct result *result)
{
	struct error error = {0};

	return result_read(result, &path, 1, no_title, &error);
}

#define LIST(writer) &(writer),
static const struct report_writer *const writers[] = {REPORT_WRITERS(LIST)};
#undef LIST

static void
write_all(const struct result *result)
{
	const struct report_style style = {.color = true, .verbose = 1, .width = 40};
	FILE *const sink = fopen("/dev/null", "we");

	require(sink != NULL, "/dev/null");
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		require(writers[i]->write(result, &style, sink), writers[i]->format);
	(void)fclose(sink);
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
	struct result result;

	write_input(INPUT, data, size);
	if (read_report(INPUT, &result)) {
		write_all(&result);
		read_again(&result);
		result_free(&result);
	}
	open_as_state();
	clean();
	return 0;
}
