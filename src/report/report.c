/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/report.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#define ADDRESS(writer) &(writer),
static const struct report_writer *const writers[] = {REPORT_WRITERS(ADDRESS)};
#define WRITER_COUNT (sizeof(writers) / sizeof(writers[0]))

const struct report_writer *
report_writer_find(const char *format, size_t length)
{
	for (size_t i = 0; i < WRITER_COUNT; i++)
		if (strlen(writers[i]->format) == length &&
		    memcmp(writers[i]->format, format, length) == 0)
			return writers[i];
	return NULL;
}

const struct report_writer *
report_writer_default(void)
{
	return writers[0];
}

void
report_prepare(void)
{
	tzset();
	json_object_seed(0);
}

const char *
report_formats(char *list, size_t size)
{
	assert(size > 0);
	list[0] = '\0';
	for (size_t i = 0; i < WRITER_COUNT; i++) {
		const size_t used = strlen(list);

		(void)snprintf(
		    &list[used], size - used, "%s%s", i == 0 ? "" : ", ", writers[i]->format);
	}
	return list;
}
