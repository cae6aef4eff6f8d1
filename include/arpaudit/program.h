/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call of the program: an audit, a watch, or a capture file, from the plan to the reports.
 *
 * Privileges are used first, and given up before anything from the network or from a capture is
 * read. The files are opened before that, too.
 */
#ifndef ARPAUDIT_PROGRAM_H
#define ARPAUDIT_PROGRAM_H

#include "arpaudit/files.h"
#include "arpaudit/listen.h"
#include "arpaudit/options.h"
#include "arpaudit/read.h"
#include "arpaudit/run.h"
#include "arpaudit/sandbox.h"
#include "arpaudit/state.h"

/* Zeroed but for what the caller sets, all of which outlives it. */
struct program {
	struct options options; /* set by the caller, who releases them */
	const struct check_table *table;
	find_title *find_title;
	read_plan *read_plan; /* for SIGHUP, from what main() was given: */
	int argc;
	char **argv;
	struct files files;
	struct run run;
	struct state state;
	struct sandbox sandbox;
	struct listening listening;
};

/* Audits, or listens on interfaces. Returns the exit status. */
int program_run(struct program *program, struct error *error);
/* Listens to a capture file. Returns the exit status. */
int program_read(struct program *program, struct error *error);
/* Writes reports of saved ones. Returns the exit status. */
int program_render(struct program *program, struct error *error);
/* Removes what was not finished, and releases all but the options. */
void program_close(struct program *program);

#endif
