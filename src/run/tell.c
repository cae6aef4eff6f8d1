/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/tell.h"

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
