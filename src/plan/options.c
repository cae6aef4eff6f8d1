/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/report.h"
#include "words.h"

const char options_help[] =
    "usage: arpaudit [options] --vip VIP[:PORT[/tcp|udp]] ...\n"
    "\n"
    "Audits a live segment for the ARP faults of LVS direct routing: which hosts answer\n"
    "for a VIP (arp_ignore), or speak ARP as it (arp_announce), besides its director.\n"
    "\n"
    "What to audit\n"
    "      --vip V[,V...]         VIPs; repeatable\n"
    "  -r, --rs HOSTS             real servers: IP, name, A-B, CIDR, @FILE, - (stdin);\n"
    "                             repeatable. Without it they are found on the segment\n"
    "  -d, --director HOST        expected owner: IP, name or MAC; repeatable\n"
    "  -i, --interface IF         default: the one whose subnet holds the VIP, or a RIP\n"
    "\n"
    "How to audit\n"
    "      --source IP            sender address of who-has probes\n"
    "      --decoy IP[,IP...]     unused addresses to elicit from; default: found\n"
    "      --no-elicit            never send IP packets\n"
    "      --rate N               frames per second (5000; 0: unlimited)\n"
    "      --broadcast-rate N     broadcasts per second (500; 0: unlimited)\n"
    "      --confidence P         false-pass bound per host and VIP (1e-6)\n"
    "      --linger SECONDS       wait for delayed proxied answers (1; 0: don't)\n"
    "      --timeout SECONDS      overall deadline\n"
    "\n"
    "What to report\n"
    "  -o, --output FORMAT[:FILE] text (default) or json; repeatable\n"
    "  -q, --quiet                the summary line alone\n"
    "  -v, --verbose              what passes rest on, too\n"
    "      --color WHEN           auto, always or never; so does\n"
    "      --progress WHEN\n"
    "  -h, --help\n"
    "  -V, --version\n"
    "\n"
    "Exit status: 0 every host compliant, 1 violation, 2 inconclusive, 3 could not run,\n"
    "64 wrong usage, 128+N ended by signal N. More: arpaudit(8), arpaudit-method(7).\n";

enum {
	OPTION_VIP = 256,
	OPTION_SOURCE,
	OPTION_DECOY,
	OPTION_NO_ELICIT,
	OPTION_RATE,
	OPTION_BROADCAST_RATE,
	OPTION_CONFIDENCE,
	OPTION_LINGER,
	OPTION_TIMEOUT,
	OPTION_COLOR,
	OPTION_PROGRESS,
};

static const char short_options[] = ":r:d:i:o:qvhV";

static const struct option long_options[] = {
    {"vip", required_argument, NULL, OPTION_VIP},
    {"rs", required_argument, NULL, 'r'},
    {"director", required_argument, NULL, 'd'},
    {"interface", required_argument, NULL, 'i'},
    {"source", required_argument, NULL, OPTION_SOURCE},
    {"decoy", required_argument, NULL, OPTION_DECOY},
    {"no-elicit", no_argument, NULL, OPTION_NO_ELICIT},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"broadcast-rate", required_argument, NULL, OPTION_BROADCAST_RATE},
    {"confidence", required_argument, NULL, OPTION_CONFIDENCE},
    {"linger", required_argument, NULL, OPTION_LINGER},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"output", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"progress", required_argument, NULL, OPTION_PROGRESS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

#define SECONDS_MAX 86400.0

static bool
read_number(const char *text, double *number)
{
	char *end;

	errno = 0;
	*number = strtod(text, &end);
	return end != text && *end == '\0' && errno == 0 && isfinite(*number) &&
	       strspn(text, "0123456789.eE+-") == strlen(text);
}

static bool
read_rate(const char *option, const char *text, uint32_t *rate, struct error *error)
{
	double number;

	if (!read_number(text, &number) || number < 0 || number > 1e9 || number != floor(number))
		return error_set(error, EXIT_USAGE,
		    "%s: '%s' is not a number of frames per second (0: unlimited)", option, text);
	*rate = (uint32_t)number;
	return true;
}

static bool
read_seconds(
    const char *option, const char *text, bool zero, uint64_t *time_us, struct error *error)
{
	double number;

	if (!read_number(text, &number) || number < 0 || number > SECONDS_MAX ||
	    (!zero && number == 0))
		return error_set(error, EXIT_USAGE, "%s: '%s' is not a number of seconds%s", option,
		    text, zero ? "" : " above 0");
	*time_us = (uint64_t)(number * 1e6);
	return true;
}

static bool
read_confidence(const char *text, double *confidence, struct error *error)
{
	return (read_number(text, confidence) && *confidence > 0 && *confidence < 1) ||
	       error_set(error, EXIT_USAGE,
		   "--confidence: '%s' is not a probability between 0 and 1, such as 1e-6", text);
}

static bool
read_when(const char *option, const char *text, enum options_when *when, struct error *error)
{
	static const char *const names[] = {
	    [WHEN_AUTO] = "auto",
	    [WHEN_ALWAYS] = "always",
	    [WHEN_NEVER] = "never",
	};

	for (enum options_when i = WHEN_AUTO; i <= WHEN_NEVER; i++) {
		if (strcmp(text, names[i]) == 0) {
			*when = i;
			return true;
		}
	}
	return error_set(error, EXIT_USAGE, "%s: '%s' is not auto, always or never", option, text);
}

static bool
same_target(const struct options_output *a, const struct options_output *b)
{
	const char *a_path = a->path == NULL ? "-" : a->path;

	return strcmp(a_path, b->path == NULL ? "-" : b->path) == 0;
}

static bool
read_output(const char *text, struct options *options, struct error *error)
{
	const size_t length = strcspn(text, ":");
	struct options_output output = {
	    .format = text,
	    .format_length = length,
	    .path = text[length] == ':' ? &text[length + 1] : NULL,
	};
	struct options_output *added;
	void *array = options->outputs;

	if (report_writer_find(text, length) == NULL)
		return error_set(error, EXIT_USAGE, "-o: no such format: '%.*s' (there are: %s)",
		    (int)length, text, report_formats());
	if (output.path != NULL && *output.path == '\0')
		return error_set(error, EXIT_USAGE, "-o: '%s' names no file", text);
	for (size_t i = 0; i < options->output_count; i++)
		if (same_target(&options->outputs[i], &output))
			return error_set(error, EXIT_USAGE, "-o: two reports can't both go to %s",
			    output.path == NULL ? "standard output" : output.path);
	added = words_grow(&array, &options->output_count, sizeof(*added), error);
	options->outputs = array;
	if (added == NULL)
		return false;
	*added = output;
	return true;
}

static bool
set_interface(struct plan_cluster *cluster, const char *name, struct error *error)
{
	free(cluster->interface);
	cluster->interface = strdup(name);
	return cluster->interface != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

/* Options that say what to audit. */
static bool
apply_plan(int option, struct plan_cluster *cluster, struct error *error)
{
	switch (option) {
	case OPTION_VIP:
		return plan_add_vips(cluster, optarg, error);
	case 'r':
		cluster->discover = false;
		return plan_add_hosts(cluster, optarg, error);
	case 'd':
		return plan_add_directors(cluster, optarg, error);
	case 'i':
		return set_interface(cluster, optarg, error);
	case OPTION_SOURCE:
		return plan_set_source(cluster, optarg, error);
	default:
		return plan_add_decoys(cluster, optarg, error);
	}
}

/* Options that say how to audit, and what to report. */
static bool
apply(int option, struct options *options, struct error *error)
{
	struct plan_settings *settings = &options->plan.settings;

	switch (option) {
	case OPTION_NO_ELICIT:
		settings->elicit = false;
		return true;
	case OPTION_RATE:
		return read_rate("--rate", optarg, &settings->rate, error);
	case OPTION_BROADCAST_RATE:
		return read_rate("--broadcast-rate", optarg, &settings->broadcast_rate, error);
	case OPTION_CONFIDENCE:
		return read_confidence(optarg, &settings->confidence, error);
	case OPTION_LINGER:
		return read_seconds("--linger", optarg, true, &settings->linger_us, error);
	case OPTION_TIMEOUT:
		return read_seconds("--timeout", optarg, false, &settings->timeout_us, error);
	case 'o':
		return read_output(optarg, options, error);
	case 'q':
		options->quiet = true;
		return true;
	case 'v':
		options->verbose++;
		return true;
	case OPTION_COLOR:
		return read_when("--color", optarg, &options->color, error);
	case OPTION_PROGRESS:
		return read_when("--progress", optarg, &options->progress, error);
	default:
		return apply_plan(option, &options->plan.clusters[0], error);
	}
}

/* What getopt_long(3) refused, as the user wrote it. */
static bool
refuse(int option, char *const argv[], struct error *error)
{
	const char *word = argv[optind - 1];
	const char name[] = {'-', (char)optopt, '\0'};

	if (strncmp(word, "--", 2) != 0 && optopt != 0)
		word = name;
	if (option == ':')
		return error_set(error, EXIT_USAGE, "%s needs an argument (see --help)", word);
	return error_set(
	    error, EXIT_USAGE, "%s: no such option, or not just so (see --help)", word);
}

static bool
parse(int argc, char *argv[], struct options *options, struct error *error)
{
	int option;

	opterr = 0;
	optind = 0; /* so that glibc starts afresh */
	while ((option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		if (option == 'h' || option == 'V') {
			options->action = option == 'h' ? ACTION_HELP : ACTION_VERSION;
			return true;
		}
		if (option == '?' || option == ':')
			return refuse(option, argv, error);
		if (!apply(option, options, error))
			return false;
	}
	if (optind < argc)
		return error_set(error, EXIT_USAGE,
		    "'%s' belongs to no option: VIPs are named with --vip, real servers with --rs",
		    argv[optind]);
	return plan_check(&options->plan.clusters[0], error);
}

bool
options_parse(int argc, char *argv[], struct options *options, struct error *error)
{
	struct plan_cluster *cluster;

	*options = (struct options){.action = ACTION_AUDIT};
	plan_init(&options->plan);
	cluster = plan_add_cluster(&options->plan, "default");
	if (cluster == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	cluster->discover = true;
	return parse(argc, argv, options, error);
}

void
options_free(struct options *options)
{
	plan_free(&options->plan);
	free(options->outputs);
}
