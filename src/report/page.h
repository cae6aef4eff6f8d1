/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page of text for a terminal: colour where it is wanted, lines that wrap, and one place that
 * remembers a failed write.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/arena.h"
#include "arpaudit/report.h"

#define PAGE_WIDTH 80

enum tone {
	TONE_PLAIN = 0,
	TONE_STRONG, /* headings */
	TONE_GOOD,
	TONE_DOUBT,
	TONE_BAD,
};

struct page {
	FILE *stream;
	const struct report_style *style;
	struct arena *arena; /* for the texts made while it is written */
	size_t column;       /* where the next character goes, from 0 */
	int error;           /* errno of the first write that failed, else 0 */
};

/* Prints text that holds no newline but at its end. Whatever came from outside has to pass
 * page_safe() before. */
void page_print(struct page *page, enum tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints words, each after a blank or, where it would pass PAGE_WIDTH, in a new line at `indent`;
 * the first of a new line is indented as well. No newline at the end. */
void page_wrap(struct page *page, size_t indent, const char *words);

/* Prints `text` and fills up with blanks to `width` characters. */
void page_cell(struct page *page, enum tone tone, size_t width, const char *text);

/* The text as printable() and printable_lines() make it, in the page's arena. */
const char *page_safe(struct page *page, const char *text);
const char *page_safe_lines(struct page *page, const char *text);

/* Flushes. False when that, or a write before, has failed: errno says why. */
bool page_finish(struct page *page);

#endif
