/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text from files, names and the network, made safe to print: valid UTF-8 without control
 * characters, so that it can neither drive a terminal nor break a report.
 */
#ifndef ARPAUDIT_PRINTABLE_H
#define ARPAUDIT_PRINTABLE_H

#include <stddef.h>

/*
 * Copies `text` to `safe` of `size` octets (at least 1), always terminated and cut at a character.
 * Control characters (C0, DEL, C1), the Unicode bidirectional controls and octets that are not
 * UTF-8 become '?'. `safe` never gets longer than `text`. Returns `safe`.
 */
char *printable(const char *text, char *safe, size_t size);

/* The same for a text of several lines: newlines stay. */
char *printable_lines(const char *text, char *safe, size_t size);

#endif
