/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listening: --watch on the interfaces of a run, and --read on a capture file.
 *
 * While a watch goes on, its events are told: as text on standard output, if the text report goes
 * there, and as lines of each output of the format jsonl. Files of the format prometheus are
 * written anew every 15 s. At the end the reports tell what it all came to, in the form of an
 * audit's.
 */
#ifndef ARPAUDIT_LISTEN_H
#define ARPAUDIT_LISTEN_H

#include "arpaudit/capture_file.h"
#include "arpaudit/files.h"
#include "arpaudit/notify.h"
#include "arpaudit/options.h"
#include "arpaudit/run.h"
#include "arpaudit/state.h"

/* Reads the plan that the command line names, as at the start. On success the caller owns it. */
typedef bool read_plan(int argc, char *argv[], struct plan *plan, struct error *error);

struct listening {
	const struct options *options;
	struct plan *plan;    /* of the options: it is replaced on SIGHUP */
	read_plan *read_plan; /* reads it, from what main() was given: */
	int argc;
	char **argv;
	struct files *files;
	const struct state *state; /* the owners of its last report are remembered */
	struct notify notify;      /* opened by the caller */
};

/*
 * Listens until a signal ends it, or for as long as the options say. SIGUSR1 prints the picture so
 * far. SIGHUP reads the plan again: one that is wrong, or that needs another interface, is refused.
 * Audits in between, if the run is to. False with EXIT_CANNOT_RUN if a link fails on which
 * others do not depend, or if an event can't be told.
 */
bool listen_on_links(struct run *run, struct listening *listening, struct error *error);

/* Prepares a run that listens to a file: it has no links. `name` is the file's, for the report. */
bool listen_open_file(struct run *run, struct plan *plan, const char *name, struct error *error);
/* Listens to the file, by its own clock. At a damaged place it ends, and says so: what was read
 * counts. False with EXIT_CANNOT_RUN if an event can't be told. */
bool listen_to_file(
    struct run *run, struct listening *listening, struct capture_file *file, struct error *error);

#endif
