/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a watch tells while it goes on.
 */
#ifndef ARPAUDIT_RUN_EVENTS_H
#define ARPAUDIT_RUN_EVENTS_H

#include "arpaudit/files.h"
#include "arpaudit/run.h"

/* Tells the events that are due, wherever events go (listen.h). EXIT_CANNOT_RUN. */
bool events_tell(const struct run *run, struct files *files, uint64_t now_us, struct error *error);
/* Whether there are files of the format prometheus. */
bool events_are_rewritten(const struct files *files);
/* Writes them anew. A failure is said once; the next time is another
 * try. */
void events_rewrite(struct files *files, const struct result *result);
/* Opens what could not be opened again, for the last reports: later the sandbox opens no file.
 * EXIT_CANNOT_RUN. */
bool events_end(struct files *files, struct error *error);
/* Prints the text report of what was heard so far: to standard output, if the text goes there, else
 * to standard error. */
void events_print_picture(const struct files *files, const struct result *result);

#endif
