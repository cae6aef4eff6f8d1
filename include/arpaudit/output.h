/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output files that are written whole or not at all.
 *
 * A regular file, or a path where nothing is yet, is written to a temporary file in the same
 * directory, .NAME.XXXXXX, and renamed over the target after fsync(2). The mode of an existing file
 * is kept, its owner is not. A symbolic link is followed: its target is replaced. Anything else (a
 * device, a FIFO, which is waited for as by the shell) is written in place.
 *
 * NULL, "-" and what leads to the same file as standard output (/dev/stdout) are standard output,
 * which stays open but is checked as if it were closed: a full disk or a closed pipe must not pass
 * for success.
 */
#ifndef ARPAUDIT_OUTPUT_H
#define ARPAUDIT_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "arpaudit/error.h"

struct output {
	FILE *stream;
	char *path;      /* NULL: standard output */
	char *temporary; /* NULL: written in place */
	int failure;     /* errno of a write that failed, where the writer has seen it; else 0 */
};

/* The owner of the folder that a file at `path` goes to. False, with nothing changed, for standard
 * output and where there is no such folder. */
bool output_folder_owner(const char *path, uid_t *user, gid_t *group);

/* Opens before the audit runs, so that a path that can't be written is known at once
 * (EXIT_CANNOT_RUN). To be called with the privileges that output_commit() will have, which needs
 * to rename in the same directory. */
bool output_open(struct output *output, const char *path, struct error *error);
/* Would the one be written over the other, by whatever names? For two that are open. */
bool output_same(const struct output *one, const struct output *other);
/* Makes what was written the file. On failure (EXIT_CANNOT_RUN) the old file stays. Releases
 * everything. */
bool output_commit(struct output *output, struct error *error);
/* Removes the temporary file; of standard output, what has not been written yet is dropped.
 * Releases everything. Safe after commit. */
void output_discard(struct output *output);

#endif
