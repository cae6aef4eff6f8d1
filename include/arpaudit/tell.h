/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells the user what came of it: the reports, as --on-change and the last state want them, the new
 * state, and what failed.
 */
#ifndef ARPAUDIT_TELL_H
#define ARPAUDIT_TELL_H

#include "arpaudit/files.h"
#include "arpaudit/options.h"
#include "arpaudit/result.h"
#include "arpaudit/run.h"
#include "arpaudit/state.h"

/* Commits the evidence, before the reports: none may name frames of a file that is not there. Says
 * how many frames did not fit. EXIT_CANNOT_RUN. */
void tell_evidence(struct run *run, struct evidence_file *evidence, struct error *error);

/*
 * Writes all reports, then the state. An audit that was interrupted is told in full, and leaves the
 * state as it was: what it did not see is not gone. EXIT_CANNOT_RUN.
 */
bool tell(const struct options *options, struct files *files, struct state *state,
    const struct result *result, struct error *error);

/*
 * Writes the reports of the saved reports that the options name, in a sandbox. Opens the files;
 * call files_discard() in any case. Returns the exit status.
 */
int render(
    const struct options *options, struct files *files, find_title *find, struct error *error);

/* Prints --version. Returns the exit status. */
int tell_version(struct error *error);

/* Completes what was printed on standard output; `good`: no failure so far. Returns the exit
 * status. */
int tell_printed(bool good, struct error *error);

/* Says what failed, if anything did, on standard error, and to a monitoring plugin. Returns the
 * exit status: 128+N if signal N is why it failed, else what `status` means. */
int tell_end(const struct options *options, int status, const struct error *error);

#endif
