/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints a sample result as a report: for report-schema.test, and for a look.
 *
 *	print_report			    the names of the samples
 *	print_report SAMPLE [FORMAT [vqc]]  v: verbose, q: quiet, c: in colour
 */
#include <stdio.h>
#include <string.h>

#include "arpaudit/report.h"
#include "arpaudit/status.h"
#include "sample_result.h"

static bool
is_sample(const char *name)
{
	for (size_t i = 0; i < sample_count; i++)
		if (strcmp(samples[i].name, name) == 0)
			return true;
	return false;
}

static int
print_names(void)
{
	for (size_t i = 0; i < sample_count; i++)
		if (puts(samples[i].name) == EOF)
			return 1;
	return 0;
}

int
main(int argc, char *argv[])
{
	const char *format = argc > 2 ? argv[2] : "json";
	const char *letters = argc > 3 ? argv[3] : "";
	const struct report_style style = {
	    .color = strchr(letters, 'c') != NULL,
	    .quiet = strchr(letters, 'q') != NULL,
	    .verbose = strchr(letters, 'v') != NULL,
	};
	const struct report_writer *writer = report_writer_find(format, strlen(format));
	const struct error error = {0};
	struct result result;
	bool written;

	if (argc == 1)
		return print_names();
	if (writer == NULL || !is_sample(argv[1])) {
		(void)fprintf(stderr, "usage: print_report [SAMPLE [FORMAT [vqc]]]\n");
		return 2;
	}
	result = sample_result(argv[1]);
	result.exit_status = status_of(&result, 0, &error);
	written = writer->write(&result, &style, stdout);
	result_free(&result);
	return written ? 0 : 1;
}
