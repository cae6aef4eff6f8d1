/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line: getopt_long(3) into a plan, a list of outputs and a few switches.
 */
#ifndef ARPAUDIT_OPTIONS_H
#define ARPAUDIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arpaudit/error.h"
#include "arpaudit/plan.h"
#include "arpaudit/sources.h"

enum options_when {
	WHEN_AUTO = 0, /* only on a terminal */
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/* One -o FORMAT[:FILE]. The strings are borrowed from argv. */
struct options_output {
	const char *format; /* `format_length` octets, not NUL-terminated */
	size_t format_length;
	const char *path; /* NULL or "-": standard output */
};

/* An option of the command line that says what or how to audit. Borrowed from argv. */
struct options_given {
	const char *name, *argument;
	bool what; /* it says what to audit instead */
};

struct options_evidence {
	const char *path;  /* NULL: no file; "-": standard output. Borrowed from argv. */
	uint64_t size_max; /* octets; 0: the default */
};

/* What --help=TOPIC is about. */
enum options_topic {
	TOPIC_BASIC = 0, /* without a topic: the first screen */
	TOPIC_PLAN,
	TOPIC_METHOD,
	TOPIC_WATCH,
	TOPIC_REPORT,
	TOPIC_ALL,
};

/* The words that are no options: VIPs, or clusters of the cluster file, or reports to render.
 * Borrowed from argv. */
struct options_operands {
	const char **words;
	size_t count;
};

enum options_action {
	ACTION_AUDIT = 0,
	ACTION_WATCH,      /* listen, and ask nothing */
	ACTION_READ,       /* listen to a capture file */
	ACTION_CHECK_PLAN, /* show the plan; send and open nothing */
	ACTION_RENDER, /* no audit: read `operands`, which are JSON reports, and write the outputs
			*/
	ACTION_HELP,
	ACTION_VERSION,
};

/* What --watch and --read say. */
struct options_watch {
	bool on;
	uint64_t for_us;   /* how long it listens; 0: until a signal */
	uint64_t every_us; /* how often it audits in between; 0: never */
	const char *file; /* the capture file of --read; "-": standard input. Borrowed from argv. */
};

/* All words after the program's name. Borrowed from argv. */
struct options_arguments {
	const char *const *words;
	size_t count;
};

struct options {
	enum options_action action;
	enum options_topic topic; /* of the help */
	struct plan plan;         /* of one cluster or several, checked by plan_check() */
	struct sources sources;
	const char *config;          /* cluster file; borrowed; NULL: none */
	struct options_given *given; /* what counts for every cluster of the cluster file */
	size_t given_count;
	struct options_output *outputs;
	size_t output_count; /* 0: the default format on standard output */
	struct options_evidence evidence;
	struct options_arguments arguments;
	struct options_watch watch;
	struct options_operands operands;
	const char *state; /* NULL: none. Borrowed from argv. */
	bool on_change;
	bool check_plan;
	bool quiet;       /* text report: only the summary line */
	unsigned verbose; /* text report: why hosts pass, and wire statistics */
	enum options_when color;
	enum options_when progress;
};

/*
 * Parses the command line. Fails with EXIT_USAGE, or EXIT_CANNOT_RUN if out of memory; messages
 * quote the option as the user wrote it. The caller must call options_free() in either case.
 * Mistakes in the files of `sources` come all in one go: the first in `error`, all in
 * sources.services.
 * --help and --version take effect at once, so mistakes after them go unnoticed. Without --rs the
 * cluster's `discover` is set. Evidence and a report cannot share a file.
 */
bool options_parse(int argc, char *argv[], struct options *options, struct error *error);
void options_free(struct options *options);

/* Prints the plan for --check-plan. False with errno set if the stream fails. */
bool options_show_plan(const struct options *options, FILE *stream);
/* After options_parse() has failed: prints the further mistakes of the files, and for --check-plan
 * the plan as far as it could be read. */
void options_show_refused(const struct options *options);

/* Prints the text of --help. Each topic but TOPIC_ALL fits a screen of 80 by 24, with a line left
 * for the prompt. False with errno set if the stream fails. */
bool options_help(enum options_topic topic, FILE *stream);

#endif
