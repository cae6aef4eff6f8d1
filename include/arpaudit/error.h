/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What went wrong, in one line for the user: what, where, and what to do about it.
 *
 * A function that can fail for a reason that a user can cause takes a `struct error *` and returns
 * false (or NULL) after error_set(). The first message wins: it is the nearest to the cause.
 */
#ifndef ARPAUDIT_ERROR_H
#define ARPAUDIT_ERROR_H

#include <stdbool.h>

/* The process's exit statuses; scripts are written against them. */
enum exit_status {
	EXIT_COMPLIANT = 0,
	EXIT_VIOLATION = 1,
	EXIT_INCONCLUSIVE = 2,
	EXIT_CANNOT_RUN = 3, /* no permission, no such interface, output not writable, ... */
	EXIT_USAGE = 64,     /* wrong usage or unreadable plan */
	EXIT_SIGNAL = 128,   /* plus the signal's number */
};

struct error {
	enum exit_status status; /* EXIT_CANNOT_RUN or EXIT_USAGE once set, else 0 */
	char text[512];          /* one line, no newline, control characters replaced */
};

/* Always returns false, so that a caller can `return error_set(…)`. */
bool error_set(struct error *error, enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
