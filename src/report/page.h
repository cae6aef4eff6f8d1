/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page of text for a terminal. It adds colour if the style asks for it, wraps lines, and
 * remembers the first write that failed.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/arena.h"
#include "arpaudit/report.h"

#define PAGE_WIDTH 80 /* unless the style has another */

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
	struct arena *arena; /* for texts that are composed while the page is written */
	size_t column;       /* of the next character, from 0 */
	int error;           /* errno of the first failed write, else 0 */
};

/* Writes a whole report: calls `print` with a new page on the stream, then flushes. Returns false
 * and sets errno if that failed, as a report_writer does. */
bool page_write(const struct result *result, const struct report_style *style, FILE *stream,
    void (*print)(struct page *page, const struct result *result));

/* Prints text. A newline is allowed only at its end. Text from outside the program must have passed
 * page_safe(). */
void page_print(struct page *page, enum tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The characters of a line. */
size_t page_width(const struct page *page);

/* Prints words, each after a blank. A word that would pass page_width() starts a new line. Every
 * line is indented by `indent`, the first one too if the page is at the start of a line. Prints no
 * newline at the end. */
void page_wrap(struct page *page, size_t indent, const char *words);

/* Prints `text`, padded with blanks to `width` characters. */
void page_cell(struct page *page, enum tone tone, size_t width, const char *text);

/* The text made safe by printable() or printable_lines(), in the page's arena. */
const char *page_safe(struct page *page, const char *text);
const char *page_safe_lines(struct page *page, const char *text);

/* Flushes. Returns false and sets errno if the flush or an earlier write failed. */
bool page_finish(struct page *page);

#endif
