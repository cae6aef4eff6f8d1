/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arpaudit/plan_show.h"
#include "plan/config.h"
#include "plan/lists.h"
#include "plan/words.h"
#include "table.h"

#define CONFIG_DEFAULT "/etc/arpaudit.conf"

static struct plan_cluster *
cluster_of(const struct options *options)
{
	return &options->plan.clusters[0];
}

static bool
output_is(const struct options_output *output, const char *format)
{
	return output->format_length == strlen(format) &&
	       strncmp(output->format, format, output->format_length) == 0;
}

/* Runs after all options have been read, because -o and --evidence may come in any order. */
static bool
check_evidence(const struct options *options, struct error *error)
{
	const char *const target = options->evidence.path;
	bool taken = target != NULL && options->output_count == 0 && strcmp(target, "-") == 0;

	for (size_t i = 0; target != NULL && i < options->output_count; i++)
		taken = taken || strcmp(output_target(&options->outputs[i]), target) == 0;
	if (target == NULL && options->evidence.size_max != 0)
		return error_set(error, EXIT_USAGE, "--evidence-max is for --evidence: give both");
	return !taken || error_set(error, EXIT_USAGE,
			     "--evidence: a report already goes to %s: write the evidence or the "
			     "report to another file",
			     strcmp(target, "-") == 0 ? "standard output" : target);
}

static bool
read_operand(struct options *options, const char *word, struct error *error)
{
	const char **operands =
	    list_grow(options->operands.words, options->operands.count, sizeof(*operands), error);

	if (operands == NULL)
		return false;
	options->operands.words = operands;
	operands[options->operands.count++] = word;
	return true;
}

/* The table in the form that getopt_long(3) takes. The value of a long option is its row number
 * plus an offset greater than any letter. */
#define ROW_VALUE 256
#define OPERAND   1

struct getopt_tables {
	struct option longs[OPTION_COUNT + 1];
	char letters[2 * OPTION_COUNT + 3];
};

static int
argument_of(const struct option_row *row)
{
	if (row->argument == NULL)
		return no_argument;
	return (row->flags & OPTIONAL) != 0 ? optional_argument : required_argument;
}

/* Fills in `tables`, which must be zero. */
static void
make_tables(struct getopt_tables *tables)
{
	char *letter = tables->letters;

	*letter++ = '-'; /* return each operand in its place, as the value OPERAND */
	*letter++ = ':'; /* distinguish a missing argument from an unknown option */
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		tables->longs[i] = (struct option){
		    .name = options_table[i].name,
		    .has_arg = argument_of(&options_table[i]),
		    .val = ROW_VALUE + (int)i,
		};
		if (options_table[i].letter == '\0')
			continue;
		*letter++ = options_table[i].letter;
		if (argument_of(&options_table[i]) == required_argument)
			*letter++ = ':';
	}
}

static size_t
find_row(int value)
{
	size_t row = 0;

	if (value >= ROW_VALUE)
		return (size_t)(value - ROW_VALUE);
	while (options_table[row].letter != (char)value)
		row++;
	return row;
}

/* Remembers an option: the clusters of a cluster file may need it, or exclude it. */
static bool
note_given(struct options *options, size_t row, struct error *error)
{
	struct options_given *given;

	if ((options_table[row].flags & (SAYS_WHAT | SAYS_HOW)) == 0)
		return true;
	given = list_grow(options->given, options->given_count, sizeof(*given), error);
	if (given == NULL)
		return false;
	options->given = given;
	given[options->given_count++] = (struct options_given){.name = options_table[row].name,
	    .argument = optarg,
	    .what = (options_table[row].flags & SAYS_WHAT) != 0};
	return true;
}

/* Applies a key of a cluster file as the long option of this name. */
static bool
apply_key(struct options *options, const char *name, const char *argument, struct error *error)
{
	for (size_t row = 0; row < OPTION_COUNT; row++)
		if (strcmp(options_table[row].name, name) == 0)
			return options_table[row].read(options, argument, error);
	return error_set(error, EXIT_USAGE, "this version does not know it");
}

/* What is audited comes from the file or from the command line, not from both. */
static bool
check_given(const struct options *options, struct error *error)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (options->given[i].what)
			return error_set(error, EXIT_USAGE,
			    "--%s can't be used with a cluster file: write it there",
			    options->given[i].name);
	return true;
}

/* Applies what getopt_long(3) returned. `written` is the option as the user wrote it; `given` has
 * the rows of the options before it. */
static bool
apply(int value, const char *written, bool given[OPTION_COUNT], struct options *options,
    struct error *error)
{
	size_t row;

	if (value == ':')
		return error_set(error, EXIT_USAGE, "%s needs an argument (see --help)", written);
	if (value == '?' && strncmp(written, "--", 2) == 0)
		return options_refuse(written, error);
	if (value == '?')
		return error_set(error, EXIT_USAGE, "%s: unknown option (see --help)", written);
	row = find_row(value);
	if (given[row] && (options_table[row].flags & REPEATS) == 0)
		return error_set(error, EXIT_USAGE, "%s is given twice: give it once", written);
	given[row] = true;
	if (!options_table[row].read(options, optarg, error))
		return words_prefix_error(error, written);
	return note_given(options, row, error);
}

#define WRITTEN_SIZE 64

/* Copies "--rate" of "--rate=5" or "-q" of "-vq". `word` is the whole argument. */
static void
copy_written(char written[WRITTEN_SIZE], const char *word, int value)
{
	const int letter = value == '?' || value == ':' ? optopt : value;

	if (strncmp(word, "--", 2) == 0)
		(void)snprintf(written, WRITTEN_SIZE, "%.*s", (int)strcspn(word, "="), word);
	else if (letter > ' ' && letter <= '~')
		(void)snprintf(written, WRITTEN_SIZE, "-%c", letter);
	else /* getopt_long(3) gives only the first octet of a non-ASCII character */
		(void)snprintf(written, WRITTEN_SIZE, "%s", word);
}

/* A plan is shown on standard output, in one form. */
static bool
check_shown(const struct options *options, struct error *error)
{
	const struct options_output *const output = options->outputs;

	if (!options->check_plan || options->output_count == 0)
		return true;
	if (options->output_count > 1 || strcmp(output_target(output), "-") != 0 ||
	    (!output_is(output, "json") && !output_is(output, "text")))
		return error_set(error, EXIT_USAGE,
		    "--check-plan prints to standard output: use -o text or -o json with it");
	return true;
}

/* There is nothing to audit, so nothing to keep. */
static bool
check_render(const struct options *options, struct error *error)
{
	if (options->operands.count == 0)
		return error_set(error, EXIT_USAGE, "--render: name at least one JSON report");
	if (options->evidence.path != NULL || options->state != NULL || options->on_change)
		return error_set(error, EXIT_USAGE,
		    "--render makes no audit: leave out --evidence, --state and --on-change");
	if (cluster_of(options)->vip_count > 0)
		return error_set(error, EXIT_USAGE, "--render makes no audit: leave out --vip");
	return true;
}

/* Listening takes what an audit takes, but for what says how to ask. */
static bool
check_watch(const struct options *options, struct error *error)
{
	const struct options_watch *watch = &options->watch;

	if (watch->file != NULL && watch->on)
		return error_set(error, EXIT_USAGE,
		    "--watch listens on an interface, and --read to a file: use either");
	if (watch->every_us != 0 && !watch->on)
		return error_set(error, EXIT_USAGE, "--audit-every is for --watch: give both");
	if (watch->file != NULL && (options->evidence.path != NULL || options->state != NULL))
		return error_set(
		    error, EXIT_USAGE, "--read makes no audit: leave out --evidence and --state");
	if ((watch->on || watch->file != NULL) && options->plan.settings.timeout_us != 0 &&
	    watch->every_us == 0)
		return error_set(error, EXIT_USAGE,
		    "--timeout is for audits: say --watch=SECONDS for how long to listen");
	return true;
}

/* Whether the command line leaves it to a cluster file what to audit. It may still say how. */
static bool
says_nothing(const struct options *options)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (options->given[i].what)
			return false;
	return options->operands.count == 0;
}

static bool
read_clusters(struct options *options, struct error *error)
{
	if (says_nothing(options) && strcmp(options->config, CONFIG_DEFAULT) == 0 &&
	    access(CONFIG_DEFAULT, F_OK) != 0)
		return error_set(error, EXIT_USAGE,
		    "no VIP to audit: give at least one with --vip, or "
		    "write %s (see --help)",
		    CONFIG_DEFAULT);
	if (!check_given(options, error))
		return false;
	sources_begin(&options->sources);
	return config_read(options, apply_key, error);
}

/* Without a cluster file, plain arguments are VIPs. */
static bool
read_vips(struct options *options, struct error *error)
{
	for (size_t i = 0; i < options->operands.count; i++)
		if (!plan_add_vips(cluster_of(options), options->operands.words[i], error))
			return false;
	return true;
}

static bool
complete_plan(struct options *options, struct error *error)
{
	struct plan *const plan = &options->plan;

	if (!sources_adopt(&options->sources, plan, error) ||
	    (options->sources.count == 0 && !plan_check(cluster_of(options), error)))
		return false;
	for (size_t i = 0; i < plan->cluster_count; i++)
		plan->clusters[i].settings = plan->settings;
	return true;
}

static bool
parse(int argc, char *argv[], struct options *options, struct error *error)
{
	struct getopt_tables tables = {.letters = ""};
	bool given[OPTION_COUNT] = {false};
	char written[WRITTEN_SIZE];

	make_tables(&tables);
	opterr = 0;
	optind = 0; /* glibc: restart */
	while (options->action == ACTION_AUDIT || options->action == ACTION_RENDER) {
		const int at = optind == 0 ? 1 : optind;
		const int value = getopt_long(argc, argv, tables.letters, tables.longs, NULL);

		if (value == -1)
			break;
		if (value == OPERAND) {
			if (!read_operand(options, optarg, error))
				return false;
			continue;
		}
		copy_written(written, argv[at], value);
		if (!apply(value, written, given, options, error))
			return false;
	}
	for (int i = optind; i < argc; i++) /* after "--" */
		if (!read_operand(options, argv[i], error))
			return false;
	if (options->action == ACTION_RENDER)
		return check_render(options, error);
	if (options->action != ACTION_AUDIT)
		return true;
	if (options->check_plan)
		options->action = ACTION_CHECK_PLAN;
	else if (options->watch.file != NULL)
		options->action = ACTION_READ;
	else if (options->watch.on)
		options->action = ACTION_WATCH;
	if (!check_watch(options, error))
		return false;
	if (options->quiet && options->verbose > 0)
		return error_set(
		    error, EXIT_USAGE, "-q and -v exclude each other: ask for less or for more");
	if (!check_evidence(options, error) || !check_shown(options, error))
		return false;
	if (options->config == NULL && says_nothing(options))
		options->config = CONFIG_DEFAULT;
	if (options->config != NULL)
		return read_clusters(options, error);
	return read_vips(options, error) && complete_plan(options, error);
}

/* Only an IP packet shows that a host holds the VIP. */
static bool
check_sweeps(const struct options *options, struct error *error)
{
	const struct plan *const plan = &options->plan;

	for (size_t i = 0; options->action == ACTION_AUDIT && i < plan->cluster_count; i++)
		if (plan->clusters[i].discover && !plan->clusters[i].settings.elicit)
			return error_set(error, EXIT_USAGE,
			    "--no-elicit finds no real servers by itself: list them with --rs (see "
			    "--help)");
	return true;
}

bool
options_parse(int argc, char *argv[], struct options *options, struct error *error)
{
	struct plan_cluster *cluster;

	*options = (struct options){
	    .action = ACTION_AUDIT,
	    .arguments = {(const char *const *)&argv[argc > 0 ? 1 : 0],
		argc > 0 ? (size_t)argc - 1 : 0},
	};
	plan_init(&options->plan);
	cluster = plan_add_cluster(&options->plan, "default");
	if (cluster == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	cluster->discover = true;
	return parse(argc, argv, options, error) && check_sweeps(options, error) &&
	       (!options->sources.resolve || plan_resolve(&options->plan, error));
}

bool
options_show_plan(const struct options *options, FILE *stream)
{
	if (options->output_count > 0 && output_is(options->outputs, "json"))
		return plan_show_json(&options->plan, stream);
	return plan_show_text(&options->plan, stream);
}

void
options_show_refused(const struct options *options)
{
	if (options->check_plan && options->sources.adopted)
		(void)options_show_plan(options, stdout);
	sources_print_mistakes(&options->sources, stderr);
}

void
options_free(struct options *options)
{
	plan_free(&options->plan);
	sources_free(&options->sources);
	free(options->outputs);
	free(options->operands.words);
	free(options->given);
	*options = (struct options){.action = ACTION_AUDIT};
}
