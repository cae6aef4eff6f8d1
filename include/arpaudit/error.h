/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error messages for the user, one line each: what went wrong, where, and what to do about it.
 *
 * A function that can fail for a reason outside the program takes a `struct error *`. It calls
 * error_set() and returns false (or NULL). The first message wins, since it is closest to the
 * cause.
 */
#ifndef ARPAUDIT_ERROR_H
#define ARPAUDIT_ERROR_H

#include <stdbool.h>

/* The exit statuses of the process. Scripts depend on them. */
enum exit_status {
	EXIT_COMPLIANT = 0,
	EXIT_VIOLATION = 1,
	EXIT_INCONCLUSIVE = 2,
	EXIT_CANNOT_RUN = 3, /* no permission, no such interface, output not writable, ... */
	EXIT_USAGE = 64,     /* usage error or unreadable plan */
	EXIT_SIGNAL = 128,   /* plus the signal's number */
};

struct error {
	enum exit_status status; /* EXIT_CANNOT_RUN or EXIT_USAGE when set, else 0 */
	char text[512];          /* one line, no newline, made safe by printable() */
};

/* Always returns false, so that a caller can `return error_set(…)`. */
bool error_set(struct error *error, enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
