/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to do about a file that cannot be read or written: the last part of an error message.
 * `number` is that of errno. The first two return a constant text.
 */
#ifndef ARPAUDIT_ADVICE_H
#define ARPAUDIT_ADVICE_H

#include "arpaudit/error.h"

const char *advice_reading(int number);
const char *advice_writing(int number);

/* The whole message, for a file or a stream of that name. Always return false, as error_set(). */
bool error_cannot_read(struct error *error, enum exit_status status, const char *name, int number);
bool error_cannot_write(struct error *error, const char *name, int number);

#endif
