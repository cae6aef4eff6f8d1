/* SPDX-License-Identifier: BSD-2-Clause */
#include "markup.h"

#include <ctype.h>
#include <string.h>

/* What a character becomes; NULL: itself. */
typedef const char *replace(char character);

/* Replaces characters of safe text. */
static const char *
replaced(struct page *page, const char *safe, replace *with)
{
	size_t size = 1;
	char *text, *end;

	for (const char *from = safe; *from != '\0'; from++) {
		const char *const other = with(*from);

		size += other == NULL ? 1 : strlen(other);
	}
	text = end = arena_alloc(page->arena, size, 1);
	for (const char *from = safe; *from != '\0'; from++) {
		const char *const other = with(*from);

		if (other == NULL) {
			*end++ = *from;
			continue;
		}
		memcpy(end, other, strlen(other));
		end += strlen(other);
	}
	*end = '\0';
	return text;
}

static const char *
xml(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* XML 1.0 allows neither U+FFFE nor U+FFFF. */
static const char *
without_noncharacters(struct page *page, const char *safe)
{
	char *copy = arena_format(page->arena, "%s", safe);

	for (char *at = copy; (at = strstr(at, "\xef\xbf")) != NULL; at++)
		if (at[2] == '\xbe' || at[2] == '\xbf')
			at[0] = at[1] = at[2] = '?';
	return copy;
}

const char *
markup_xml(struct page *page, const char *text)
{
	return text == NULL
		   ? ""
		   : replaced(page, without_noncharacters(page, page_safe(page, text)), xml);
}

const char *
markup_xml_lines(struct page *page, const char *text)
{
	return replaced(page, without_noncharacters(page, page_safe_lines(page, text)), xml);
}

static const char *
label(char character)
{
	return character == '\\' ? "\\\\" : character == '"' ? "\\\"" : NULL;
}

const char *
markup_label(struct page *page, const char *text)
{
	return text == NULL ? "" : replaced(page, page_safe(page, text), label);
}

/* A backslash takes the meaning from any of these (CommonMark, section 2.4). A letter is no
 * danger, nor is a full stop or a colon within a line. */
static const char *
markdown(char character)
{
	static const char special[] = "\\`*_{}[]<>#+!|~&";
	static const char *const escaped[] = {"\\\\", "\\`", "\\*", "\\_", "\\{", "\\}", "\\[",
	    "\\]", "\\<", "\\>", "\\#", "\\+", "\\!", "\\|", "\\~", "\\&"};
	const char *const found = strchr(special, character);

	return found == NULL || character == '\0' ? NULL : escaped[found - special];
}

const char *
markup_markdown(struct page *page, const char *text)
{
	return text == NULL ? "" : replaced(page, page_safe(page, text), markdown);
}

static const char *
quoted(char character)
{
	return character == '"' ? "\"\"" : NULL;
}

/* Whether a spreadsheet takes the text for a formula. It passes over blanks and quotes before it.
 */
static bool
is_formula(const char *text)
{
	text += strspn(text, " '\"");
	return *text != '\0' && strchr("=+-@", *text) != NULL;
}

/* Where a semicolon separates fields, what follows it begins one: "x;=1" becomes "x;'=1". */
static const char *
without_formulas(struct page *page, const char *safe)
{
	char *const text = arena_alloc(page->arena, 2 * strlen(safe) + 2, 1);
	char *end = text;

	if (is_formula(safe) && safe[1] != '\0')
		*end++ = '\'';
	for (; *safe != '\0'; safe++) {
		*end++ = *safe;
		if (*safe == ';' && is_formula(&safe[1]))
			*end++ = '\'';
	}
	return text;
}

const char *
markup_csv(struct page *page, const char *text)
{
	const char *safe = text == NULL ? "" : without_formulas(page, page_safe(page, text));

	if (strpbrk(safe, "\",;") == NULL && isspace((unsigned char)*safe) == 0)
		return safe;
	return arena_format(page->arena, "\"%s\"", replaced(page, safe, quoted));
}

static const char *
word(char character)
{
	return character == ' ' ? "_" : NULL;
}

const char *
markup_word(struct page *page, const char *text)
{
	return text == NULL || *text == '\0' ? "-" : replaced(page, page_safe(page, text), word);
}
