/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state file: the result of the last audit, as a JSON report, to compare the next one with.
 *
 * While an audit runs it holds a lock on FILE.lock, which says who it is. Neither file may be a
 * symbolic link. A state that is no report is renamed to FILE.unreadable, with a message, and the
 * audit counts as the first one. A zeroed struct state is closed.
 *
 * Others may have written the state: it is opened first, and parsed in the sandbox.
 */
#ifndef ARPAUDIT_STATE_H
#define ARPAUDIT_STATE_H

#include <stdbool.h>

#include "arpaudit/error.h"
#include "arpaudit/output.h"
#include "arpaudit/read.h"
#include "arpaudit/result.h"

struct state {
	const char *path;     /* borrowed; NULL: closed */
	int lock;             /* descriptor */
	FILE *last;           /* the state, until it has been read; NULL: there is none */
	bool has_before;      /* there was a state */
	struct result before; /* the last result */
	struct output output; /* the next one */
};

/* Takes the lock, and opens the state and the file that will replace it. EXIT_CANNOT_RUN if another
 * audit has the lock (the message says which, and since when), or if the files cannot be read and
 * written. Call state_close() in any case.
 */
bool state_open(struct state *state, const char *path, struct error *error);

/* Reads the state that is open, or sets it aside. It takes no more than to read an open file and to
 * rename one. EXIT_CANNOT_RUN. */
bool state_read(struct state *state, find_title *find, struct error *error);

/* Replaces the state. EXIT_CANNOT_RUN; the old state is then left as it was. */
bool state_write(struct state *state, const struct result *result, struct error *error);

void state_close(struct state *state);

#endif
