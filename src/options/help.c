/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "arpaudit/report.h"
#include "table.h"

#define TEXT_COLUMN 30

static const char *const titles[] = {
    [TOPIC_BASIC] = "The options used most:",
    [TOPIC_PLAN] = "What to audit:",
    [TOPIC_METHOD] = "How to audit:",
    [TOPIC_WATCH] = "How to listen instead:",
    [TOPIC_REPORT] = "What to report:",
};

static const char usage[] = "usage: arpaudit [options] VIP[:PORT[/tcp|udp]]...\n"
			    "       arpaudit [options] -c FILE [CLUSTER...]\n"
			    "       arpaudit --watch[=TIME] | --read FILE [options] VIP...\n"
			    "       arpaudit --render REPORT.json... [-o FORMAT[:FILE]]\n"
			    "\n";

static const char about[] =
    "Finds the hosts of a segment, other than the LVS director, that answer ARP for\n"
    "a VIP (arp_ignore) or send ARP as the VIP (arp_announce). Installs nothing.\n"
    "\n";

static const char ending[] =
    "\n"
    "More: arpaudit --help=TOPIC with plan, method, watch (to listen), report, all\n"
    "Exit status: 0 all compliant, 1 violation, 2 inconclusive, 3 could not run,\n"
    "64 usage error, 128+N signal N. Manuals: arpaudit(8), arpaudit-method(7)\n";

/* Further lines of the text are indented as the first. */
static void
print_row(const struct option_row *row, FILE *stream)
{
	const bool optional = (row->flags & OPTIONAL) != 0;
	char left[TEXT_COLUMN + 1];

	(void)snprintf(left, sizeof(left), "  %c%c%c --%s%s%s%s", row->letter == '\0' ? ' ' : '-',
	    row->letter == '\0' ? ' ' : row->letter, row->letter == '\0' ? ' ' : ',', row->name,
	    optional ? "[=" : (row->argument == NULL ? "" : " "),
	    row->argument == NULL ? "" : row->argument, optional ? "]" : "");
	(void)fprintf(stream, "%-*s", TEXT_COLUMN, left);
	for (const char *text = row->help; *text != '\0'; text++) {
		(void)fputc(*text, stream);
		if (*text == '\n')
			(void)fprintf(stream, "%*s", TEXT_COLUMN, "");
	}
	(void)fputc('\n', stream);
}

static void
print_topic(enum options_topic topic, FILE *stream)
{
	char formats[REPORT_FORMATS_SIZE];

	(void)fprintf(stream, "%s\n", titles[topic]);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *const row = &options_table[i];

		if (topic == TOPIC_BASIC ? (row->flags & BASIC) != 0 : row->topic == topic)
			print_row(row, stream);
	}
	if (topic == TOPIC_REPORT)
		(void)fprintf(stream, "\nFormats (default %s):\n  %s\n",
		    report_writer_default()->format, report_formats(formats, sizeof(formats)));
}

bool
options_help(enum options_topic topic, FILE *stream)
{
	if (topic == TOPIC_BASIC || topic == TOPIC_ALL)
		(void)fprintf(stream, "%s%s", usage, about);
	if (topic == TOPIC_ALL) {
		for (enum options_topic i = TOPIC_PLAN; i < TOPIC_ALL; i++) {
			print_topic(i, stream);
			(void)fputs(i < TOPIC_REPORT ? "\n" : "", stream);
		}
	} else {
		print_topic(topic, stream);
	}
	if (topic == TOPIC_BASIC || topic == TOPIC_ALL)
		(void)fputs(ending, stream);
	return ferror(stream) == 0;
}
