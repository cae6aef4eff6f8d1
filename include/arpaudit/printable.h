/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text from files, names and the network, made safe to print: valid UTF-8 (RFC 3629) without
 * control characters, so that it can neither drive a terminal nor break a report.
 */
#ifndef ARPAUDIT_PRINTABLE_H
#define ARPAUDIT_PRINTABLE_H

#include <stddef.h>

/*
 * Copies `text` to `safe` of `size` octets (at least 1), always terminated and cut at a character.
 * Control characters (C0, DEL, C1), the Unicode line separators and bidirectional controls, and
 * octets that are not UTF-8 become '?' each. What is safe is never longer than `text`, so that
 * strlen(text) + 1 octets hold it whole. Returns `safe`.
 */
char *printable(const char *text, char *safe, size_t size);

/* The same for text of several lines: newlines stay. */
char *printable_lines(const char *text, char *safe, size_t size);

/* The number of characters of printable text: its width on a terminal, unless some of them are wide
 * or combine. */
size_t printable_width(const char *safe);

#endif
