/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells the user the result: the reports, as --on-change and the last state want them, and then the
 * new state.
 */
#ifndef ARPAUDIT_TELL_H
#define ARPAUDIT_TELL_H

#include "arpaudit/files.h"
#include "arpaudit/options.h"
#include "arpaudit/result.h"
#include "arpaudit/state.h"

/*
 * Writes all reports, then the state. An audit that was interrupted is told in full, and leaves the
 * state as it was: what it did not see is not gone. EXIT_CANNOT_RUN.
 */
bool tell(const struct options *options, struct files *files, struct state *state,
    const struct result *result, struct error *error);

/*
 * Writes the reports of the saved reports that the options name. Opens the files; call
 * files_discard() in any case. Returns the exit status.
 */
int render(
    const struct options *options, struct files *files, find_title *find, struct error *error);

#endif
