/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of a run: a report for each -o, and the evidence.
 *
 * They are opened before the first frame is sent, so that an unwritable path is reported at once.
 * They are opened after privileges are dropped, with the rights that will also replace the old
 * files (output.h). A zeroed struct files is closed.
 */
#ifndef ARPAUDIT_FILES_H
#define ARPAUDIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "arpaudit/drift.h"
#include "arpaudit/error.h"
#include "arpaudit/evidence.h"
#include "arpaudit/options.h"
#include "arpaudit/output.h"
#include "arpaudit/report.h"
#include "arpaudit/result.h"

struct files {
	const struct options *options; /* borrowed */
	struct output *outputs;        /* one per report, in the order of the options */
	size_t output_count;
	bool rewrite_failed;           /* a file could not be written anew, and that was said */
	struct evidence_file evidence; /* closed if the options ask for no evidence */
};

/*
 * Becomes the user who may write the files once privileges are dropped. Root without capabilities
 * can't write to other users' folders. So root becomes the owner of the first file's folder that is
 * not root's, and that user then owns the files. Any other user stays the same. EXIT_CANNOT_RUN.
 */
bool files_become_user(const struct options *options, struct error *error);

/* The writer of an output, by its number. */
const struct report_writer *files_writer(const struct options *options, size_t output);

/* Whether standard output gets the report for a monitoring plugin. */
bool files_report_for_plugin(const struct options *options);

/* Opens all files. EXIT_CANNOT_RUN as for output_open(). EXIT_USAGE if a report and the evidence
 * are the same file. Call files_discard() in any case. */
bool files_open(struct files *files, const struct options *options, struct error *error);

/* What standard output gets. */
enum files_say {
	SAY_ALL = 0,
	SAY_CHANGES, /* the text report tells only the drift */
	SAY_NOTHING, /* not one octet */
};

/* Writes and commits every report, even after one has failed. EXIT_CANNOT_RUN. A reader of standard
 * output that leaves early is no failure. `drift` is for SAY_CHANGES. Files are written whole in
 * any case. A signal gives up the reports that are not written yet; of an audit, only a second
 * one, or one that interrupts a write that waits for a reader. */
bool files_write_reports(struct files *files, const struct result *result, enum files_say say,
    const struct drift *drift, struct error *error);

/* Removes uncommitted files and releases everything. */
void files_discard(struct files *files);

#endif
