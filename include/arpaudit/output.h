/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Output files that are written whole or not at all.
 *
 * A new or regular file is written to a temporary file in the same directory, .NAME.XXXXXX, which
 * is renamed to the target after fsync(2). The mode of an existing file is kept, but not its owner.
 * Symbolic links are followed, and the file that they point to is replaced. Anything else, such as
 * a device or a FIFO, is written in place. Opening a FIFO waits for a reader.
 *
 * An output that appends collects the text in memory and adds it to the file in one piece, while it
 * holds a lock (flock(2)) on the file. If that fails, the file has its old length again.
 *
 * NULL, "-" and any path to the same file as standard output (such as /dev/stdout) select standard
 * output. It stays open, but errors are checked as if it were closed: a full disk or a closed pipe
 * must not count as success.
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
	/* Descriptor of the folder of the temporary file; 0: none. Nothing else has to be opened to
	 * commit. */
	int folder;
	/* errno of a failed write, if the writer noticed it; ETIMEDOUT: the reader of a pipe has
	 * stopped; else 0 */
	int failure;
	/* Of an output that appends: the stream writes to `text`, which is added at the end. */
	bool appends;
	int descriptor;
	char *text;
	size_t length;
};

/* Gets the owner of the directory in which a file at `path` would be created. Returns false and
 * changes nothing if `path` is standard output or the directory does not exist. */
bool output_folder_owner(const char *path, uid_t *user, gid_t *group);

/* Opens the output. Call it before the audit runs, so that an unwritable path is reported at once
 * (EXIT_CANNOT_RUN), and with the same privileges as output_commit(), which has to rename in the
 * same directory. */
bool output_open(struct output *output, const char *path, struct error *error);
/* The same for an output that appends. */
bool output_open_append(struct output *output, const char *path, struct error *error);
/* Adds what was written so far to the file of an output that appends, which stays open. */
bool output_add(struct output *output, struct error *error);
/* Says that the output cannot be written, for the reason that errno has. Returns false. */
bool output_fail(const struct output *output, struct error *error);
/* Would one of these open outputs overwrite the other? Compares files, not path names. */
bool output_same(const struct output *one, const struct output *other);
/* Moves the temporary file into place. On failure (EXIT_CANNOT_RUN) an existing file is left
 * unchanged. Releases the output either way. */
bool output_commit(struct output *output, struct error *error);
/* Removes the temporary file, and drops what is still buffered. Releases the output. Harmless after
 * output_commit(). */
void output_discard(struct output *output);

#endif
