/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directors' configurations that the command line names.
 */
#ifndef ARPAUDIT_SOURCES_H
#define ARPAUDIT_SOURCES_H

#include <stdio.h>

#include "arpaudit/plan.h"
#include "arpaudit/services.h"

#define SOURCES_MAX 64

struct sources {
	struct {
		const struct services_reader *reader;
		const char *path; /* borrowed */
	} source[SOURCES_MAX];
	size_t count;
	const char *config_id;    /* keepalived's; borrowed; NULL: none */
	struct arena *arena;      /* of what was read; NULL: nothing */
	struct services services; /* also holds the mistakes */
	bool adopted;             /* the plan is what the files say, though perhaps not complete */
	bool resolve;             /* look for the names of hosts that have none */
};

/* Prepares zeroed sources for mistakes. */
void sources_begin(struct sources *sources);
/* `reader` is the option of a reader in services_readers. EXIT_USAGE if there are too many. */
bool sources_add(
    struct sources *sources, const char *reader, const char *path, struct error *error);

/* Reads all files, and turns the plan's only cluster into those that they describe. Without files
 * does nothing. False with `error` set on a mistake; the mistakes behind it are in `services`. */
bool sources_adopt(struct sources *sources, struct plan *plan, struct error *error);
/* Prints the mistakes behind the first, which is in the error of sources_adopt(). */
void sources_print_mistakes(const struct sources *sources, FILE *stream);
void sources_free(struct sources *sources);

#endif
