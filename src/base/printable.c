/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/printable.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The length of the UTF-8 sequence at `text` and its code point (RFC 3629 section 4); 0 when there
 * is none. */
static size_t
decode(const unsigned char *text, uint32_t *point)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t
		    least; /* a smaller code point has a shorter form, which is the valid one */
	} form[] = {
	    {0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t length = 1; length <= 4; length++) {
		if ((text[0] & form[length - 1].mask) != form[length - 1].lead)
			continue;
		*point = text[0] & (unsigned char)~form[length - 1].mask;
		for (size_t i = 1; i < length; i++) {
			if ((text[i] & 0xc0) != 0x80) /* so it stops at the NUL */
				return 0;
			*point = *point << 6 | (text[i] & 0x3fu);
		}
		const bool surrogate = *point >= 0xd800 && *point <= 0xdfff;

		return *point >= form[length - 1].least && *point <= 0x10ffff && !surrogate ? length
											    : 0;
	}
	return 0;
}

static bool
is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       /* The line separators, and Bidi_Control of the Unicode Character Database. */
	       point == 0x061c || (point >= 0x200e && point <= 0x200f) ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static char *
copy(const char *text, char *safe, size_t size, bool lines)
{
	const unsigned char *from = (const unsigned char *)text;
	size_t used = 0;

	assert(size > 0);
	while (*from != '\0') {
		uint32_t point = 0;
		const size_t length = decode(from, &point);
		const bool keep =
		    length > 0 && (!is_control(point) || (lines && point == (uint32_t)'\n'));
		const size_t written = keep ? length : 1;

		if (used + written >= size)
			break;
		if (keep)
			memcpy(&safe[used], from, length);
		else
			safe[used] = '?';
		used += written;
		from += length > 0 ? length : 1;
	}
	safe[used] = '\0';
	return safe;
}

char *
printable(const char *text, char *safe, size_t size)
{
	return copy(text, safe, size, false);
}

char *
printable_lines(const char *text, char *safe, size_t size)
{
	return copy(text, safe, size, true);
}

size_t
printable_width(const char *safe)
{
	size_t width = 0;

	for (; *safe != '\0'; safe++)
		width += ((unsigned char)*safe & 0xc0) != 0x80; /* not a continuation */
	return width;
}
