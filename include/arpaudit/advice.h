/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to do about a file that cannot be read or written: the last part of an error message.
 * `number` is that of errno. Both return a constant text.
 */
#ifndef ARPAUDIT_ADVICE_H
#define ARPAUDIT_ADVICE_H

const char *advice_reading(int number);
const char *advice_writing(int number);

#endif
