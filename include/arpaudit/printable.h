/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes text from files, name lookups and the network safe to print. Safe text is valid UTF-8 (RFC
 * 3629) without control characters: it can neither drive a terminal nor break a report.
 */
#ifndef ARPAUDIT_PRINTABLE_H
#define ARPAUDIT_PRINTABLE_H

#include <stddef.h>

/*
 * Copies `text` to `safe` of `size` octets (at least 1). The copy is always terminated; if it is
 * too long, it is cut between two characters. Each control character (C0, DEL, C1), Unicode line
 * separator and bidirectional control becomes '?', and so does each octet that is not UTF-8. The
 * copy is never longer than `text`: strlen(text) + 1 octets hold it whole. Returns `safe`.
 */
char *printable(const char *text, char *safe, size_t size);

/* The same for text of several lines. Newlines are kept. */
char *printable_lines(const char *text, char *safe, size_t size);

/* The number of characters of printable text. This is its width on a terminal, unless it contains
 * wide or combining characters. */
size_t printable_width(const char *safe);

#endif
