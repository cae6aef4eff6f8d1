/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/report.h"

#include <string.h>

/* The table of formats. */
static const struct report_writer *const writers[] = {&report_text, &report_json};

const struct report_writer *
report_writer_find(const char *format, size_t length)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (strlen(writers[i]->format) == length &&
		    memcmp(writers[i]->format, format, length) == 0)
			return writers[i];
	return NULL;
}

const char *
report_formats(void)
{
	return "text, json";
}
