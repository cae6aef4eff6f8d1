/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/ending.h"

#include <stdio.h>

const char *
ending_text(const struct ending *ending, char text[ENDING_TEXT_SIZE])
{
	static const char *const names[] = {
	    [ENDED_DONE] = "done",
	    [ENDED_DEADLINE] = "deadline",
	    [ENDED_SIGNAL] = "signal",
	    [ENDED_FAILURE] = "failure",
	};

	if (ending->by != ENDED_SIGNAL)
		return names[ending->by];
	(void)snprintf(text, ENDING_TEXT_SIZE, "signal %d", ending->signal);
	return text;
}
