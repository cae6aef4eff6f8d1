/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output files that are written whole or not at all.
 *
 * A regular file, or a path where nothing is yet, is written to a temporary file in the same
 * directory and renamed over the target after fsync(2); an existing file's mode is kept. Anything
 * else (a device, a FIFO) is written in place. A symbolic link is followed: its target is replaced.
 * NULL or
 * "-" is standard output, which is checked when it is closed (a full disk or a closed pipe must not
 * pass for success).
 */
#ifndef ARPAUDIT_OUTPUT_H
#define ARPAUDIT_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "arpaudit/error.h"

struct output {
	FILE *stream;
	char *path;      /* NULL: standard output */
	char *temporary; /* NULL: written in place */
};

/* Opens before the audit runs, so that a path that can't be written is known at once
 * (EXIT_CANNOT_RUN). */
bool output_open(struct output *output, const char *path, struct error *error);
/* Makes what was written the file. On failure the old file stays. Releases everything. */
bool output_commit(struct output *output, struct error *error);
/* Removes the temporary file. Releases everything. Safe after commit. */
void output_discard(struct output *output);

#endif
