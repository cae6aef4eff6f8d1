/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/tell.h"
#include "arpaudit/advice.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/sandbox.h"
#include "arpaudit/signals.h"
#include "arpaudit/status.h"

/* Without a state, everything that is not compliant is worth telling. */
static enum files_say
choose(const struct options *options, const struct state *state, const struct result *result,
    const struct drift *drift)
{
	if (!options->on_change || !result->complete)
		return SAY_ALL;
	if (state->path == NULL)
		return result->verdict == VERDICT_COMPLIANT ? SAY_NOTHING : SAY_ALL;
	if (!state->has_before)
		return SAY_ALL;
	return drift->line_count > 0 ? SAY_CHANGES : SAY_NOTHING;
}

bool
tell(const struct options *options, struct files *files, struct state *state,
    const struct result *result, struct error *error)
{
	struct drift drift = {.line_count = 0};

	if (options->on_change && state->has_before)
		drift = drift_between(&state->before, result);
	if (!files_write_reports(
		files, result, choose(options, state, result, &drift), &drift, error))
		return false;
	return state->path == NULL || !result->complete || state_write(state, result, error);
}

void
tell_evidence(struct run *run, struct evidence_file *evidence, struct error *error)
{
	if (!evidence_commit(evidence, error))
		run_evidence_lost(run);
	else if (evidence->omitted > 0)
		(void)fprintf(stderr,
		    "arpaudit: the evidence is full (--evidence-max): %" PRIu64
		    " further frames are not in the file\n",
		    evidence->omitted);
}

int
tell_printed(bool good, struct error *error)
{
	if (good && fflush(stdout) == 0)
		return EXIT_COMPLIANT;
	error_cannot_write(error, "standard output", errno);
	return EXIT_CANNOT_RUN;
}

int
tell_version(struct error *error)
{
	char text[SANDBOX_TEXT_SIZE];

	return tell_printed(
	    printf("arpaudit %s\nbuilt with %s\n", PACKAGE_VERSION, sandbox_built_with(text)) >= 0,
	    error);
}

int
tell_end(const struct options *options, int status, const struct error *error)
{
	/* A signal is how a watch ends, not why it fails. */
	const int signal = options->action == ACTION_WATCH ? 0 : signals_caught();

	if (error->status != 0 && signal != 0) {
		status = EXIT_SIGNAL + signal; /* that is why it failed */
		(void)fprintf(stderr, "arpaudit: ended by signal %d (%s): %s\n", signal,
		    strsignal(signal), error->text);
	} else if (error->status != 0) {
		(void)fprintf(stderr, "arpaudit: %s\n", error->text);
	}
	return files_report_for_plugin(options) ? status_for_plugin(status, error) : status;
}
