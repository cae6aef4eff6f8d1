/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exit status of the process.
 */
#ifndef ARPAUDIT_STATUS_H
#define ARPAUDIT_STATUS_H

#include "arpaudit/error.h"
#include "arpaudit/result.h"

/* The status of an audit with this result. `signal`: the one that ended it, or 0. `error`: what
 * failed, if anything has so far. */
int status_of(const struct result *result, int signal, const struct error *error);

/*
 * The same for a monitoring plugin: 0 OK, 1 WARNING for inconclusive, 2 CRITICAL for a violation,
 * 3 UNKNOWN for everything else. If there is an error, no report was written: prints a line that
 * says UNKNOWN, and the message, to standard output.
 */
int status_for_plugin(int status, const struct error *error);

#endif
