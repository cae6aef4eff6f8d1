/* SPDX-License-Identifier: BSD-2-Clause */
#include "page.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "arpaudit/printable.h"

/* Parameters of Select Graphic Rendition (ECMA-48); NULL: none. */
static const char *const renditions[] = {
    [TONE_PLAIN] = NULL,
    [TONE_STRONG] = "1",
    [TONE_GOOD] = "32",
    [TONE_DOUBT] = "33",
    [TONE_BAD] = "1;31",
};

/* A stream that is not backed by a file may fail without setting errno. */
static void
note_failure(struct page *page)
{
	page->error = errno != 0 ? errno : EIO;
}

static void
put(struct page *page, const char *text)
{
	if (page->error == 0 && fputs(text, page->stream) == EOF)
		note_failure(page);
}

static void
put_toned(struct page *page, enum tone tone, const char *text)
{
	const char *rendition = page->style->color ? renditions[tone] : NULL;
	const char *line = strrchr(text, '\n');

	if (rendition != NULL) {
		put(page, "\033[");
		put(page, rendition);
		put(page, "m");
	}
	put(page, text);
	if (rendition != NULL)
		put(page, "\033[0m");
	if (line != NULL)
		page->column = 0;
	page->column += printable_width(line != NULL ? line + 1 : text);
}

void
page_print(struct page *page, enum tone tone, const char *format, ...)
{
	char buffer[256]; /* nearly every text fits, so the arena is seldom needed */
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length < sizeof(buffer)) {
		put_toned(page, tone, buffer);
		return;
	}
	va_start(arguments, format);
	put_toned(page, tone, arena_format_list(page->arena, format, arguments));
	va_end(arguments);
}

size_t
page_width(const struct page *page)
{
	return page->style->width > 0 ? page->style->width : PAGE_WIDTH;
}

void
page_wrap(struct page *page, size_t indent, const char *words)
{
	while (*words != '\0') {
		const size_t length = strcspn(words, " ");
		const char *word = arena_format(page->arena, "%.*s", (int)length, words);

		if (page->column > indent &&
		    page->column + 1 + printable_width(word) > page_width(page))
			put_toned(page, TONE_PLAIN, "\n");
		if (page->column == 0)
			page_cell(page, TONE_PLAIN, indent, "");
		else
			put_toned(page, TONE_PLAIN, " ");
		put_toned(page, TONE_PLAIN, word);
		words += length;
		words += strspn(words, " ");
	}
}

void
page_cell(struct page *page, enum tone tone, size_t width, const char *text)
{
	const size_t used = printable_width(text);

	if (used > 0)
		put_toned(page, tone, text);
	for (size_t i = used; i < width; i++)
		put_toned(page, TONE_PLAIN, " ");
}

const char *
page_safe(struct page *page, const char *text)
{
	const size_t size = strlen(text) + 1;

	return printable(text, arena_alloc(page->arena, size, 1), size);
}

const char *
page_safe_lines(struct page *page, const char *text)
{
	const size_t size = strlen(text) + 1;

	return printable_lines(text, arena_alloc(page->arena, size, 1), size);
}

bool
page_finish(struct page *page)
{
	if (page->error == 0 && fflush(page->stream) == EOF)
		note_failure(page);
	errno = page->error;
	return page->error == 0;
}

bool
page_write(const struct result *result, const struct report_style *style, FILE *stream,
    void (*print)(struct page *page, const struct result *result))
{
	struct page page = {.stream = stream, .style = style, .arena = arena_new()};
	bool written;

	print(&page, result);
	written = page_finish(&page);
	arena_free(page.arena);
	errno = page.error;
	return written;
}
