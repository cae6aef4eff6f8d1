/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/error.h"
#include "arpaudit/printable.h"

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
	char text[sizeof(error->text)];
	va_list arguments;

	assert(status == EXIT_CANNOT_RUN || status == EXIT_USAGE);
	if (error->status != 0)
		return false;
	error->status = status;
	va_start(arguments, format);
	if (vsnprintf(text, sizeof(text), format, arguments) < 0)
		(void)snprintf(text, sizeof(text), "%s", format);
	va_end(arguments);
	trim_end(text);
	/* A message may quote files, the command line and libraries. None of them may move the
	 * cursor, turn the direction of text round or start a new line. */
	printable(text, error->text, sizeof(error->text));
	return false;
}
