/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Report writers: one file per format, each one row of a table.
 */
#ifndef ARPAUDIT_REPORT_H
#define ARPAUDIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "arpaudit/result.h"

struct report_style {
	bool color;       /* terminal escapes for colour */
	bool quiet;       /* the summary alone, where the format has one */
	unsigned verbose; /* 1: what passes rest on, inferred levels, wire statistics */
};

/* Texts are printed by printable() or printable_lines(), wherever they came from. */
struct report_writer {
	const char *format; /* as in -o FORMAT */
	/* Writes the whole report and flushes `stream`. False when a write failed (errno says why);
	 * some of it may have been written then. */
	bool (*write)(const struct result *result, const struct report_style *style, FILE *stream);
};

/* NULL when there is no such format. `length` octets of `format` count. */
const struct report_writer *report_writer_find(const char *format, size_t length);
/* "text, json": for error messages and the help. */
const char *report_formats(void);

extern const struct report_writer report_text, report_json;

#endif
