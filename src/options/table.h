/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of the options: their names, what each does, and its line in the help. The parser, the
 * help and the shells' completion (by the help) are made from it.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>

#include "arpaudit/error.h"
#include "arpaudit/options.h"

/* Applies an option. `argument` is NULL if it takes none. Messages omit the option's name. */
typedef bool option_reader(struct options *options, const char *argument, struct error *error);

enum option_flag {
	BASIC = 1,     /* on the first screen of the help */
	REPEATS = 2,   /* may be given again; of any other, the user can't have meant both */
	SAYS_WHAT = 4, /* says what to audit; a cluster file says that itself */
	SAYS_HOW = 8,  /* says how to audit; counts for every cluster of a file */
	OPTIONAL = 16, /* the argument may be missing */
};

struct option_row {
	const char *name;
	char letter;          /* '\0': none */
	const char *argument; /* as the help writes it; NULL: takes none */
	enum options_topic topic;
	unsigned flags; /* of enum option_flag */
	option_reader *read;
	const char *help; /* a line or more */
};

#define OPTION_COUNT 43

extern const struct option_row *const options_table;

/* The file that an output goes to, or "-". */
const char *output_target(const struct options_output *output);

/* Explains why a long option was refused: it is unknown, is ambiguous or takes no argument. Returns
 * false. */
bool options_refuse(const char *written, struct error *error);

#endif
