/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/report.h"
#include "lists.h"
#include "words.h"

const char options_help[] =
    "usage: arpaudit [options] --vip VIP[:PORT[/tcp|udp]] ...\n"
    "\n"
    "Audits a segment for the ARP faults of LVS direct routing: finds the hosts that\n"
    "answer for a VIP (arp_ignore) or speak ARP as it (arp_announce), its director\n"
    "apart. Shows what each host does on the wire; nothing is installed anywhere.\n"
    "\n"
    "What to audit:\n"
    "      --vip VIP[,VIP...]      VIPs; repeatable\n"
    "  -r, --rs HOSTS[,HOSTS...]   real servers: IP, name, A-B, CIDR, @FILE or -\n"
    "                              (stdin); repeatable; default: find them\n"
    "  -d, --director HOST         expected owner: IP, name or MAC; repeatable\n"
    "  -i, --interface IF          default: the one in the subnet of the VIP or a RIP\n"
    "      --vlan ID               audit this VLAN of a trunk, by its tag\n"
    "\n"
    "How to audit:\n"
    "      --source IP             sender address of who-has probes\n"
    "      --decoy IP[,IP...]      unused addresses to elicit from; default: drawn\n"
    "      --no-elicit             never send IP packets\n"
    "      --rate N                frames per second (default 5000, 0: unlimited)\n"
    "      --broadcast-rate N      broadcasts per second (default 500, 0: unlimited)\n"
    "      --confidence P          false-pass bound per host and VIP (default 1e-6)\n"
    "      --linger SECONDS        wait for late proxied answers (default 1, 0: none)\n"
    "      --timeout SECONDS       overall deadline (default 0: none)\n"
    "\n"
    "What to report:\n"
    "  -o, --output FORMAT[:FILE]  text (default) or json; repeatable\n"
    "      --evidence FILE         the frames that bear on it, as pcap\n"
    "  -q, --quiet                 the summary line alone\n"
    "  -v, --verbose               also what the passes rest on, and wire statistics\n"
    "      --color WHEN            auto (default: on a terminal), always or never\n"
    "      --progress WHEN         the same, for the progress line\n"
    "\n"
    "  -h, --help                  this text\n"
    "  -V, --version               the version\n"
    "\n"
    "Exit status:\n"
    "  0 all compliant   1 violation   2 inconclusive   3 could not run\n"
    "  64 wrong usage    128+N ended by signal N\n"
    "\n"
    "See arpaudit(8), and arpaudit-method(7) for what the verdicts rest on.\n";

#define RATE_MAX    1000000000 /* one frame each nanosecond */
#define SECONDS_MAX 86400
#define VLAN_ID_MAX 4094 /* 4095 is reserved (IEEE 802.1Q) */

/* Applies an option; `argument` is NULL when it has none. Messages do without the option's name. */
typedef bool option_reader(struct options *options, const char *argument, struct error *error);

static struct plan_cluster *
cluster_of(const struct options *options)
{
	return &options->plan.clusters[0];
}

static bool
read_vip(struct options *options, const char *argument, struct error *error)
{
	return plan_add_vips(cluster_of(options), argument, error);
}

static bool
read_rs(struct options *options, const char *argument, struct error *error)
{
	cluster_of(options)->discover = false;
	return plan_add_hosts(cluster_of(options), argument, error);
}

static bool
read_director(struct options *options, const char *argument, struct error *error)
{
	return plan_add_directors(cluster_of(options), argument, error);
}

static bool
read_interface(struct options *options, const char *argument, struct error *error)
{
	struct plan_cluster *const cluster = cluster_of(options);

	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not an interface's name");
	free(cluster->interface);
	cluster->interface = strdup(argument);
	return cluster->interface != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

static bool
parse_whole(const char *text, uint32_t most, uint32_t *whole)
{
	unsigned long number;

	errno = 0;
	number = strtoul(text, NULL, 10);
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    number > most)
		return false;
	*whole = (uint32_t)number;
	return true;
}

static bool
read_vlan(struct options *options, const char *argument, struct error *error)
{
	uint32_t id;

	if (!parse_whole(argument, VLAN_ID_MAX, &id) || id == 0)
		return error_set(
		    error, EXIT_USAGE, "'%s' is not a VLAN ID: write 1 to 4094", argument);
	cluster_of(options)->vlan = (uint16_t)id;
	return true;
}

static bool
read_source(struct options *options, const char *argument, struct error *error)
{
	return plan_set_source(cluster_of(options), argument, error);
}

static bool
read_decoy(struct options *options, const char *argument, struct error *error)
{
	return plan_add_decoys(cluster_of(options), argument, error);
}

static bool
read_no_elicit(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->plan.settings.elicit = false;
	return true;
}

static bool
read_rate(struct options *options, const char *argument, struct error *error)
{
	return parse_whole(argument, RATE_MAX, &options->plan.settings.rate) ||
	       error_set(error, EXIT_USAGE,
		   "'%s' is not a number of frames per second (0: unlimited)", argument);
}

static bool
read_broadcast_rate(struct options *options, const char *argument, struct error *error)
{
	return parse_whole(argument, RATE_MAX, &options->plan.settings.broadcast_rate) ||
	       error_set(error, EXIT_USAGE,
		   "'%s' is not a number of broadcasts per second (0: unlimited)", argument);
}

/* Decimal, such as 0.5 or 1e-6: strtod(3) alone takes blanks, signs, "inf" and hexadecimal too. */
static bool
parse_number(const char *text, double *number)
{
	char *end;

	if (strchr("0123456789.", *text) == NULL || text[strspn(text, "0123456789.eE+-")] != '\0')
		return false;
	errno = 0;
	*number = strtod(text, &end);
	return end != text && *end == '\0' && errno == 0;
}

static bool
read_confidence(struct options *options, const char *argument, struct error *error)
{
	double number;

	if (!parse_number(argument, &number) || number <= 0 || number >= 1)
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a probability between 0 and 1, such as 1e-6", argument);
	options->plan.settings.confidence = number;
	return true;
}

static bool
read_seconds(const char *text, uint64_t *time_us, struct error *error)
{
	double number;

	if (!parse_number(text, &number) || number > SECONDS_MAX)
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a number of seconds, such as 0.5, of a day at most", text);
	*time_us = (uint64_t)llround(number * 1e6);
	if (*time_us == 0 && number > 0)
		*time_us = 1; /* 0 means something else than a short time */
	return true;
}

static bool
read_linger(struct options *options, const char *argument, struct error *error)
{
	return read_seconds(argument, &options->plan.settings.linger_us, error);
}

static bool
read_timeout(struct options *options, const char *argument, struct error *error)
{
	return read_seconds(argument, &options->plan.settings.timeout_us, error);
}

static const char *
target_of(const struct options_output *output)
{
	return output->path == NULL ? "-" : output->path;
}

static bool
check_output(
    const struct options *options, const struct options_output *output, struct error *error)
{
	const char *const target = target_of(output);

	if (report_writer_find(output->format, output->format_length) == NULL)
		return error_set(error, EXIT_USAGE, "no format '%.*s': there are %s",
		    (int)output->format_length, output->format, report_formats());
	if (*target == '\0')
		return error_set(
		    error, EXIT_USAGE, "'%s' names no file: write FORMAT:FILE", output->format);
	for (size_t i = 0; i < options->output_count; i++)
		if (strcmp(target_of(&options->outputs[i]), target) == 0)
			return error_set(error, EXIT_USAGE,
			    "two reports can't both go to %s: write one to a file of its own, as "
			    "FORMAT:FILE",
			    strcmp(target, "-") == 0 ? "standard output" : target);
	return true;
}

static bool
read_output(struct options *options, const char *argument, struct error *error)
{
	const size_t length = strcspn(argument, ":");
	const struct options_output output = {
	    .format = argument,
	    .format_length = length,
	    .path = argument[length] == ':' ? &argument[length + 1] : NULL,
	};
	struct options_output *outputs;

	if (!check_output(options, &output, error))
		return false;
	outputs = list_grow(options->outputs, options->output_count, sizeof(*outputs), error);
	if (outputs == NULL)
		return false;
	options->outputs = outputs;
	outputs[options->output_count++] = output;
	return true;
}

static bool
read_evidence(struct options *options, const char *argument, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' names no file");
	options->evidence = argument;
	return true;
}

/* Checked when all options have been read, as both may be named in any order. */
static bool
check_evidence(const struct options *options, struct error *error)
{
	const char *const target = options->evidence;
	bool taken = target != NULL && options->output_count == 0 && strcmp(target, "-") == 0;

	for (size_t i = 0; target != NULL && i < options->output_count; i++)
		taken = taken || strcmp(target_of(&options->outputs[i]), target) == 0;
	return !taken || error_set(error, EXIT_USAGE,
			     "--evidence: a report goes to %s already: write one of them to a "
			     "file of its own",
			     strcmp(target, "-") == 0 ? "standard output" : target);
}

static bool
read_quiet(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->quiet = true;
	return true;
}

static bool
read_verbose(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->verbose++;
	return true;
}

static bool
read_when(const char *text, enum options_when *when, struct error *error)
{
	static const char *const words[] = {
	    [WHEN_AUTO] = "auto",
	    [WHEN_ALWAYS] = "always",
	    [WHEN_NEVER] = "never",
	};

	for (enum options_when i = WHEN_AUTO; i <= WHEN_NEVER; i++) {
		if (strcmp(text, words[i]) == 0) {
			*when = i;
			return true;
		}
	}
	return error_set(error, EXIT_USAGE, "'%s' is not auto, always or never", text);
}

static bool
read_color(struct options *options, const char *argument, struct error *error)
{
	return read_when(argument, &options->color, error);
}

static bool
read_progress(struct options *options, const char *argument, struct error *error)
{
	return read_when(argument, &options->progress, error);
}

static bool
read_help(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_HELP;
	return true;
}

static bool
read_version(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_VERSION;
	return true;
}

static const struct {
	const char *name;
	char letter; /* '\0': none */
	int argument;
	option_reader *read;
} table[] = {
    {"vip", '\0', required_argument, read_vip},
    {"rs", 'r', required_argument, read_rs},
    {"director", 'd', required_argument, read_director},
    {"interface", 'i', required_argument, read_interface},
    {"vlan", '\0', required_argument, read_vlan},
    {"source", '\0', required_argument, read_source},
    {"decoy", '\0', required_argument, read_decoy},
    {"no-elicit", '\0', no_argument, read_no_elicit},
    {"rate", '\0', required_argument, read_rate},
    {"broadcast-rate", '\0', required_argument, read_broadcast_rate},
    {"confidence", '\0', required_argument, read_confidence},
    {"linger", '\0', required_argument, read_linger},
    {"timeout", '\0', required_argument, read_timeout},
    {"output", 'o', required_argument, read_output},
    {"evidence", '\0', required_argument, read_evidence},
    {"quiet", 'q', no_argument, read_quiet},
    {"verbose", 'v', no_argument, read_verbose},
    {"color", '\0', required_argument, read_color},
    {"progress", '\0', required_argument, read_progress},
    {"help", 'h', no_argument, read_help},
    {"version", 'V', no_argument, read_version},
};

#define ROWS (sizeof(table) / sizeof(table[0]))

/* The table as getopt_long(3) wants it. A long option's value is its row, past every letter. */
#define ROW_VALUE 256

struct getopt_tables {
	struct option longs[ROWS + 1];
	char letters[2 * ROWS + 3];
};

/* Fills in tables that are zero. */
static void
make_tables(struct getopt_tables *tables)
{
	char *letter = tables->letters;

	*letter++ = '+'; /* stop at the first operand, as no option takes any */
	*letter++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < ROWS; i++) {
		tables->longs[i] = (struct option){
		    .name = table[i].name,
		    .has_arg = table[i].argument,
		    .val = ROW_VALUE + (int)i,
		};
		if (table[i].letter == '\0')
			continue;
		*letter++ = table[i].letter;
		if (table[i].argument == required_argument)
			*letter++ = ':';
	}
}

static size_t
find_row(int value)
{
	size_t row = 0;

	if (value >= ROW_VALUE)
		return (size_t)(value - ROW_VALUE);
	while (table[row].letter != (char)value)
		row++;
	return row;
}

/* What a long option was refused for: it is unknown, ambiguous, or takes no argument. */
static bool
refuse_long(const char *written, struct error *error)
{
	const char *const name = written + strlen("--");
	char all[256] = "";
	size_t count = 0;

	for (size_t i = 0; i < ROWS; i++) {
		const size_t used = strlen(all);

		if (strncmp(table[i].name, name, strlen(name)) != 0)
			continue;
		(void)snprintf(all + used, sizeof(all) - used, "%s--%s", count == 0 ? "" : ", ",
		    table[i].name);
		count++;
	}
	if (count == 0)
		return error_set(error, EXIT_USAGE, "%s: no such option (see --help)", written);
	if (count == 1)
		return error_set(error, EXIT_USAGE, "%s takes no argument (see --help)", written);
	return error_set(
	    error, EXIT_USAGE, "%s may be %s: write the one that is meant", written, all);
}

/* Applies what getopt_long(3) found; `written` is the option as the user wrote it. */
static bool
apply(int value, const char *written, struct options *options, struct error *error)
{
	if (value == ':')
		return error_set(error, EXIT_USAGE, "%s needs an argument (see --help)", written);
	if (value == '?' && strncmp(written, "--", 2) == 0)
		return refuse_long(written, error);
	if (value == '?')
		return error_set(error, EXIT_USAGE, "%s: no such option (see --help)", written);
	return table[find_row(value)].read(options, optarg, error) || words_at(error, written);
}

#define WRITTEN_SIZE 64

/* "--rate" of "--rate=5", "-q" of "-vq". `word` is the argument that holds the option. */
static void
copy_written(char written[WRITTEN_SIZE], const char *word, int value)
{
	const int letter = value == '?' || value == ':' ? optopt : value;

	if (strncmp(word, "--", 2) == 0)
		(void)snprintf(written, WRITTEN_SIZE, "%.*s", (int)strcspn(word, "="), word);
	else if (letter > ' ' && letter <= '~')
		(void)snprintf(written, WRITTEN_SIZE, "-%c", letter);
	else /* of some character outside ASCII, the first octet alone */
		(void)snprintf(written, WRITTEN_SIZE, "%s", word);
}

static bool
parse(int argc, char *argv[], struct options *options, struct error *error)
{
	struct getopt_tables tables = {.letters = ""};
	char written[WRITTEN_SIZE];

	make_tables(&tables);
	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while (options->action == ACTION_AUDIT) {
		const int at = optind == 0 ? 1 : optind;
		const int value = getopt_long(argc, argv, tables.letters, tables.longs, NULL);

		if (value == -1)
			break;
		copy_written(written, argv[at], value);
		if (!apply(value, written, options, error))
			return false;
	}
	if (options->action != ACTION_AUDIT)
		return true;
	if (optind < argc)
		return error_set(error, EXIT_USAGE,
		    "'%s' belongs to no option: name VIPs with --vip, real servers with --rs",
		    argv[optind]);
	return check_evidence(options, error) && plan_check(cluster_of(options), error);
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
	*options = (struct options){.action = ACTION_AUDIT};
}
