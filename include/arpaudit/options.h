/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line: getopt_long(3) into a plan, a list of outputs and a few switches.
 */
#ifndef ARPAUDIT_OPTIONS_H
#define ARPAUDIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/error.h"
#include "arpaudit/plan.h"

enum options_when {
	WHEN_AUTO = 0, /* on a terminal */
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/* One -o FORMAT[:FILE]. Borrowed from argv. */
struct options_output {
	const char *format; /* points into argv: `format_length` octets of it are the format */
	size_t format_length;
	const char *path; /* NULL or "-": standard output */
};

enum options_action {
	ACTION_AUDIT = 0,
	ACTION_HELP,
	ACTION_VERSION,
};

struct options {
	enum options_action action;
	struct plan plan; /* one cluster, checked by plan_check() */
	struct options_output *outputs;
	size_t output_count;  /* 0: text on standard output */
	const char *evidence; /* NULL: none is kept; "-": standard output. Borrowed from argv. */
	bool quiet;           /* text: the summary line alone */
	unsigned verbose;     /* text: what the passes rest on, and wire statistics */
	enum options_when color;
	enum options_when progress;
};

/* Messages name the option as the user wrote it. EXIT_USAGE, or EXIT_CANNOT_RUN when memory is
 * short. Where the evidence would go where a report goes, it is refused. options_free() in any
 * case. Help and version win over any mistake after them. Without --rs the cluster is to be
 * discovered. */
bool options_parse(int argc, char *argv[], struct options *options, struct error *error);
void options_free(struct options *options);

/* The text of --help, which fits a screen of 80 by 50. */
extern const char options_help[];

#endif
