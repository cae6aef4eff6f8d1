/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Report writers. Each format is one file and one row of the table below.
 */
#ifndef ARPAUDIT_REPORT_H
#define ARPAUDIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "arpaudit/drift.h"
#include "arpaudit/result.h"

struct report_style {
	bool color;       /* use terminal escapes for colour */
	bool quiet;       /* write only the summary, if the format has one */
	unsigned verbose; /* 1: all hosts and frames, the basis of passes, wire statistics */
	size_t width;     /* characters of a line; 0: 80 */
	/* For the text report: tell only this. NULL: tell all. */
	const struct drift *drift;
};

/* A writer passes every text of the result through printable() or printable_lines(), no matter
 * where the text came from. */
struct report_writer {
	const char *format; /* as in -o FORMAT */
	/* Writes the whole report and flushes `stream`. Returns false and sets errno if a write
	 * failed; part of the report may have been written by then. */
	bool (*write)(const struct result *result, const struct report_style *style, FILE *stream);
	bool appends;    /* a report is added to what the file holds (output_open_append()) */
	bool for_plugin; /* the report of a monitoring plugin, which has statuses of its own */
};

/*
 * The table of formats. The help lists them in this order, and the first is the default. A new
 * format is one more row here, and a file that defines its writer.
 */
#define REPORT_WRITERS(ROW)    \
	ROW(report_text)       \
	ROW(report_json)       \
	ROW(report_jsonl)      \
	ROW(report_html)       \
	ROW(report_markdown)   \
	ROW(report_brief)      \
	ROW(report_csv)        \
	ROW(report_junit)      \
	ROW(report_prometheus) \
	ROW(report_nagios)

#define REPORT_DECLARE(writer) extern const struct report_writer writer;
REPORT_WRITERS(REPORT_DECLARE)
#undef REPORT_DECLARE

/* The writer of the format in the first `length` octets of `format`; NULL if there is none. */
const struct report_writer *report_writer_find(const char *format, size_t length);

/* The writer that is used without -o. */
const struct report_writer *report_writer_default(void);

/* Reads what the writers would otherwise read from files when they are first called: the time zone
 * and random numbers. For a process that may open no files later. */
void report_prepare(void);

#define REPORT_FORMATS_SIZE 128

/*
 * Writes the names of all formats to `list` of `size` octets (at least 1), separated by ", ". The
 * list is always terminated, and cut if it is too long; REPORT_FORMATS_SIZE octets hold it whole.
 * Returns `list`.
 */
const char *report_formats(char *list, size_t size);

#endif
