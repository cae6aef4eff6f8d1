/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The value of an environment variable, "" if it is not set. */
static const char *
value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value == NULL ? "" : value;
}

bool
terminal_obeys(int descriptor)
{
	return isatty(descriptor) == 1 && strcmp(value_of("TERM"), "dumb") != 0;
}

bool
terminal_is_colored(int descriptor)
{
	const char *force = value_of("CLICOLOR_FORCE");

	if (*value_of("NO_COLOR") != '\0')
		return false;
	return (*force != '\0' && strcmp(force, "0") != 0) || terminal_obeys(descriptor);
}
