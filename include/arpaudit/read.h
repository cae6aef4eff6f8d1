/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads saved JSON reports ("arpaudit-report/1") back into a result.
 *
 * Nothing in a file is trusted: each value is checked for its kind and range, identifiers have
 * letters and hyphens only, and no whole is better than its worst part. Keys that are not known are
 * ignored, so a report of a later version can be read.
 */
#ifndef ARPAUDIT_READ_H
#define ARPAUDIT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "arpaudit/error.h"
#include "arpaudit/result.h"

#define RESULT_CHECKS_MAX   32   /* of a host */
#define RESULT_FINDINGS_MAX 4096 /* of a host or VIP */

/* The title of the check with that name, NULL if it is not known. Such a check gets one made of its
 * name. */
typedef const struct check_title *find_title(const char *name);

/*
 * Reads the reports and merges them into one: all clusters, the sum of the wire statistics, the
 * time from the first start to the last end, complete if all are. A cluster whose name comes twice
 * is called NAME@HOST by the machine that audited it. "-" is standard input. A host has at most
 * RESULT_CHECKS_MAX checks and RESULT_FINDINGS_MAX findings, and so has a VIP: an audit makes less.
 *
 * EXIT_USAGE with the file and the place in it if a file is no such report, cannot be read, or is
 * of a newer format. EXIT_CANNOT_RUN if memory or descriptors are short. Release with
 * result_free().
 */
bool result_read(struct result *result, const char *const *paths, size_t count, find_title *find,
    struct error *error);
/* The same for one report on an open stream, which messages call `name`. */
bool result_read_stream(
    struct result *result, FILE *stream, const char *name, find_title *find, struct error *error);

#endif
