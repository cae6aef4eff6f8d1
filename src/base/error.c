/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/error.h"

/* The first octet of U+0080 to U+00BF in UTF-8. U+0080 to U+009F are the C1 control characters,
 * which terminals obey as they do the ASCII ones. */
#define UTF8_C1_LEAD 0xc2

/* A message may quote files, the command line and libraries. None of them may move the cursor or
 * start a new line. */
static void
replace_controls(char *text)
{
	for (char *character = text; *character != '\0'; character++) {
		const unsigned char octet = (unsigned char)character[0];
		const unsigned char next = (unsigned char)character[1];

		if (octet < ' ' || octet == 0x7f)
			*character = '?';
		else if (octet == UTF8_C1_LEAD && next >= 0x80 && next < 0xa0)
			character[0] = character[1] = '?';
	}
}

/* Library messages may end with a newline. */
static void
trim_end(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
		text[--length] = '\0';
}

bool
error_set(struct error *error, enum exit_status status, const char *format, ...)
{
	va_list arguments;

	assert(status == EXIT_CANNOT_RUN || status == EXIT_USAGE);
	if (error->status != 0)
		return false;
	error->status = status;
	va_start(arguments, format);
	if (vsnprintf(error->text, sizeof(error->text), format, arguments) < 0)
		(void)snprintf(error->text, sizeof(error->text), "%s", format);
	va_end(arguments);
	trim_end(error->text);
	replace_controls(error->text);
	return false;
}
