/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/report.h"
#include "plan/lists.h"

#define RATE_MAX    1000000000 /* one frame per nanosecond */
#define SECONDS_MAX 86400
#define DAYS_MAX    3660
#define VLAN_ID_MAX 4094 /* 4095 is reserved (IEEE 802.1Q) */

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
set_owner(struct options *options, enum plan_owner owner, struct error *error)
{
	struct plan_cluster *const cluster = cluster_of(options);

	if (cluster->owner != OWNER_DIRECTOR && cluster->owner != owner)
		return error_set(error, EXIT_USAGE,
		    "use either --no-owner (nobody may own the VIPs) or --owner-any (any machine "
		    "may)");
	cluster->owner = owner;
	return true;
}

static bool
read_no_owner(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	return set_owner(options, OWNER_NONE, error);
}

static bool
read_owner_any(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	return set_owner(options, OWNER_ANY, error);
}

static bool
read_interface(struct options *options, const char *argument, struct error *error)
{
	struct plan_cluster *const cluster = cluster_of(options);

	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not an interface name");
	free(cluster->interface);
	cluster->interface = strdup(argument);
	return cluster->interface != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

static bool
parse_integer(const char *text, uint32_t maximum, uint32_t *integer)
{
	unsigned long number;

	errno = 0;
	number = strtoul(text, NULL, 10);
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    number > maximum)
		return false;
	*integer = (uint32_t)number;
	return true;
}

static bool
read_vlan(struct options *options, const char *argument, struct error *error)
{
	uint32_t id;

	if (!parse_integer(argument, VLAN_ID_MAX, &id) || id == 0)
		return error_set(
		    error, EXIT_USAGE, "'%s' is not a VLAN ID: use 1 to 4094", argument);
	cluster_of(options)->vlan = (uint16_t)id;
	return true;
}

static bool
read_ipvs(struct options *options, const char *argument, struct error *error)
{
	return sources_add(&options->sources, "ipvs", argument, error);
}

static bool
read_keepalived(struct options *options, const char *argument, struct error *error)
{
	return sources_add(&options->sources, "keepalived", argument, error);
}

static bool
read_ldirectord(struct options *options, const char *argument, struct error *error)
{
	return sources_add(&options->sources, "ldirectord", argument, error);
}

static bool
read_config_id(struct options *options, const char *argument, struct error *error)
{
	(void)error;
	options->sources.config_id = argument;
	return true;
}

static bool
read_config(struct options *options, const char *argument, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not a file name");
	options->config = argument;
	return true;
}

static bool
read_check_plan(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->check_plan = true;
	return true;
}

static bool
read_resolve(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->sources.resolve = true;
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
read_gateway(struct options *options, const char *argument, struct error *error)
{
	return plan_add_gateways(cluster_of(options), argument, error);
}

static bool
read_no_gateway(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	cluster_of(options)->gateways.off = true;
	return true;
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
read_gentle(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->plan.settings.gentle = true;
	return true;
}

static bool
read_rate(struct options *options, const char *argument, struct error *error)
{
	return parse_integer(argument, RATE_MAX, &options->plan.settings.rate) ||
	       error_set(error, EXIT_USAGE,
		   "'%s' is not a whole number of frames per second: use 1 to %d, or 0 for no "
		   "limit",
		   argument, RATE_MAX);
}

static bool
read_broadcast_rate(struct options *options, const char *argument, struct error *error)
{
	return parse_integer(argument, RATE_MAX, &options->plan.settings.broadcast_rate) ||
	       error_set(error, EXIT_USAGE,
		   "'%s' is not a whole number of broadcasts per second: use 1 to %d, or 0 for no "
		   "limit",
		   argument, RATE_MAX);
}

/* Parses a decimal number such as 0.5 or 1e-6. strtod(3) alone would also accept blanks, signs,
 * "inf" and hexadecimal. */
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
		    "'%s' is not a time in seconds: use 0 to %d, such as 0.5", text, SECONDS_MAX);
	*time_us = (uint64_t)llround(number * 1e6);
	if (*time_us == 0 && number > 0)
		*time_us = 1; /* 0 would mean none */
	return true;
}

/* "90", "90s", "5m", "6h" or "7d". */
static bool
read_time(const char *text, uint64_t *time_us, struct error *error)
{
	static const struct {
		char suffix;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	char number[32];
	const size_t length = strlen(text);
	double value, scale = 1;

	(void)snprintf(number, sizeof(number), "%s", text);
	for (size_t i = 0;
	     length > 0 && length < sizeof(number) && i < sizeof(units) / sizeof(units[0]); i++)
		if (text[length - 1] == units[i].suffix) {
			scale = units[i].seconds;
			number[length - 1] = '\0';
		}
	if (length >= sizeof(number) || !parse_number(number, &value) || value <= 0 ||
	    value * scale > DAYS_MAX * 86400.0)
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a time: use seconds, or a number with s, m, h or d such as 6h",
		    text);
	*time_us = (uint64_t)llround(value * scale * 1e6);
	return true;
}

static bool
read_watch(struct options *options, const char *argument, struct error *error)
{
	options->watch.on = true;
	return argument == NULL || read_time(argument, &options->watch.for_us, error);
}

static bool
read_audit_every(struct options *options, const char *argument, struct error *error)
{
	return read_time(argument, &options->watch.every_us, error);
}

static bool
read_ignore(struct options *options, const char *argument, struct error *error)
{
	return plan_add_ignored(cluster_of(options), argument, error);
}

static bool
read_read(struct options *options, const char *argument, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not a file name");
	options->watch.file = argument;
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

const char *
output_target(const struct options_output *output)
{
	return output->path == NULL ? "-" : output->path;
}

/* Whether the text has the name of a format, to its end or to a colon. */
static bool
is_output(const char *text)
{
	return report_writer_find(text, strcspn(text, ":,")) != NULL;
}

/* A file may have a comma in its name, but hardly a format behind it. */
static bool
check_comma(const char *argument, struct error *error)
{
	for (const char *comma = strchr(argument, ','); comma != NULL;
	     comma = strchr(comma + 1, ','))
		if (is_output(comma + 1))
			return error_set(error, EXIT_USAGE,
			    "'%s' is not a list: give -o once for each report (-o %.*s -o %s)",
			    argument, (int)(comma - argument), argument, comma + 1);
	return true;
}

static bool
check_output(
    const struct options *options, const struct options_output *output, struct error *error)
{
	const char *const target = output_target(output);
	char formats[REPORT_FORMATS_SIZE];

	if (report_writer_find(output->format, output->format_length) == NULL)
		return error_set(error, EXIT_USAGE, "unknown format '%.*s': choose one of %s",
		    (int)output->format_length, output->format,
		    report_formats(formats, sizeof(formats)));
	if (*target == '\0')
		return error_set(
		    error, EXIT_USAGE, "'%s' has no file name: write FORMAT:FILE", output->format);
	for (size_t i = 0; i < options->output_count; i++)
		if (strcmp(output_target(&options->outputs[i]), target) == 0)
			return error_set(error, EXIT_USAGE,
			    "two reports can't both go to %s: give one its own file with "
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

	if (!check_comma(argument, error) || !check_output(options, &output, error))
		return false;
	outputs = list_grow(options->outputs, options->output_count, sizeof(*outputs), error);
	if (outputs == NULL)
		return false;
	options->outputs = outputs;
	outputs[options->output_count++] = output;
	return true;
}

static bool
read_json(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	return read_output(options, "json", error);
}

static bool
read_evidence(struct options *options, const char *argument, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not a file name");
	options->evidence.path = argument;
	return true;
}

/* "64M": digits, and a suffix for a power of 1024. */
static bool
read_evidence_max(struct options *options, const char *argument, struct error *error)
{
	static const char suffixes[] = "KMG";
	const size_t digits = strspn(argument, "0123456789");
	const char *const suffix =
	    argument[digits] == '\0' ? NULL : strchr(suffixes, argument[digits]);
	const unsigned shift = suffix == NULL ? 0 : 10 * (unsigned)(suffix - suffixes + 1);
	uint64_t size;

	errno = 0;
	size = strtoull(argument, NULL, 10);
	if (digits == 0 || errno != 0 || size == 0 || size > (uint64_t)INT64_MAX >> shift ||
	    (argument[digits] != '\0' && (suffix == NULL || argument[digits + 1] != '\0')))
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a size: use octets, or a number with K, M or G such as 64M",
		    argument);
	options->evidence.size_max = size << shift;
	return true;
}

static bool
read_state(struct options *options, const char *argument, struct error *error)
{
	if (*argument == '\0')
		return error_set(error, EXIT_USAGE, "'' is not a file name");
	options->state = argument;
	return true;
}

static bool
read_on_change(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->on_change = true;
	return true;
}

static bool
read_render(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_RENDER;
	return true;
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
	return error_set(error, EXIT_USAGE, "'%s' must be auto, always or never", text);
}

static bool
read_color(struct options *options, const char *argument, struct error *error)
{
	return read_when(argument, &options->color, error);
}

static bool
read_no_color(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->color = WHEN_NEVER;
	return true;
}

static bool
read_progress(struct options *options, const char *argument, struct error *error)
{
	return read_when(argument, &options->progress, error);
}

/* Finds a topic of the help by its name; NULL is the first screen. */
static bool
find_topic(const char *name, enum options_topic *topic, struct error *error)
{
	static const char *const names[] = {
	    [TOPIC_BASIC] = "",
	    [TOPIC_PLAN] = "plan",
	    [TOPIC_METHOD] = "method",
	    [TOPIC_WATCH] = "watch",
	    [TOPIC_REPORT] = "report",
	    [TOPIC_ALL] = "all",
	};

	*topic = TOPIC_BASIC;
	if (name == NULL)
		return true;
	for (enum options_topic i = TOPIC_PLAN; i <= TOPIC_ALL; i++) {
		if (strcmp(name, names[i]) == 0) {
			*topic = i;
			return true;
		}
	}
	return error_set(
	    error, EXIT_USAGE, "'%s' must be plan, method, watch, report or all", name);
}

static bool
read_help(struct options *options, const char *argument, struct error *error)
{
	options->action = ACTION_HELP;
	return find_topic(argument, &options->topic, error);
}

static bool
read_version(struct options *options, const char *argument, struct error *error)
{
	(void)argument;
	(void)error;
	options->action = ACTION_VERSION;
	return true;
}

/* In the order of the help. Its lines have room for 50 octets of text. */
static const struct option_row rows[] = {
    {"vip", '\0', "VIP[,VIP...]", TOPIC_PLAN, BASIC | REPEATS | SAYS_WHAT, read_vip,
	"virtual IPs; the same as plain arguments"},
    {"rs", 'r', "HOSTS[,HOSTS...]", TOPIC_PLAN, BASIC | REPEATS | SAYS_WHAT, read_rs,
	"real servers: IP, name, A-B, CIDR, @FILE or -\n"
	"(stdin); repeatable; default: sweep the subnet"},
    {"director", 'd', "HOST", TOPIC_PLAN, BASIC | REPEATS | SAYS_WHAT, read_director,
	"expected VIP owner: IP, name or MAC; repeatable"},
    {"no-owner", '\0', NULL, TOPIC_PLAN, SAYS_WHAT, read_no_owner,
	"nobody may answer for the VIPs: they are routed"},
    {"owner-any", '\0', NULL, TOPIC_PLAN, SAYS_WHAT, read_owner_any,
	"any one machine may answer for them (Kubernetes)"},
    {"interface", 'i', "IF", TOPIC_PLAN, BASIC | SAYS_WHAT, read_interface,
	"default: the one on the subnet of the VIP or a RIP"},
    {"vlan", '\0', "ID", TOPIC_PLAN, SAYS_WHAT, read_vlan, "audit this tagged VLAN of a trunk"},
    {"config", 'c', "FILE", TOPIC_PLAN, BASIC, read_config,
	"clusters of a file: all, or those named behind it"},
    {"ipvs", '\0', "FILE", TOPIC_PLAN, REPEATS | SAYS_WHAT, read_ipvs,
	"take VIPs and real servers from ipvsadm -Sn,"},
    {"keepalived", '\0', "FILE", TOPIC_PLAN, REPEATS | SAYS_WHAT, read_keepalived,
	"from a keepalived.conf"},
    {"ldirectord", '\0', "FILE", TOPIC_PLAN, REPEATS | SAYS_WHAT, read_ldirectord,
	"or from an ldirectord.cf; - is stdin; repeatable"},
    {"config-id", '\0', "ID", TOPIC_PLAN, SAYS_WHAT, read_config_id, "read keepalived's lines @ID"},
    {"resolve", '\0', NULL, TOPIC_PLAN, 0, read_resolve,
	"name hosts by /etc/hosts and DNS, before the audit"},
    {"check-plan", '\0', NULL, TOPIC_PLAN, 0, read_check_plan,
	"print the plan as text or -o json; send nothing"},
    {"source", '\0', "IP", TOPIC_METHOD, SAYS_WHAT, read_source,
	"sender address of the who-has probes"},
    {"decoy", '\0', "IP[,IP...]", TOPIC_METHOD, REPEATS | SAYS_WHAT, read_decoy,
	"unused IPs to elicit ARP with; default: random"},
    {"gateway", '\0', "IP[,IP...]", TOPIC_METHOD, REPEATS | SAYS_WHAT, read_gateway,
	"routers to check; default: the default gateway"},
    {"no-gateway", '\0', NULL, TOPIC_METHOD, SAYS_HOW, read_no_gateway, "check no router"},
    {"no-elicit", '\0', NULL, TOPIC_METHOD, SAYS_HOW, read_no_elicit, "never send IP packets"},
    {"gentle", '\0', NULL, TOPIC_METHOD, SAYS_HOW, read_gentle,
	"10 ARP frames a second, for switches that limit it"},
    {"rate", '\0', "N", TOPIC_METHOD, SAYS_HOW, read_rate,
	"frames per second (default 5000, 0: unlimited)"},
    {"broadcast-rate", '\0', "N", TOPIC_METHOD, SAYS_HOW, read_broadcast_rate,
	"broadcasts per second (default 1000, 0: unlimited)"},
    {"confidence", '\0', "P", TOPIC_METHOD, SAYS_HOW, read_confidence,
	"false-pass bound per host and VIP (default 1e-6)"},
    {"linger", '\0', "SECONDS", TOPIC_METHOD, SAYS_HOW, read_linger,
	"wait for late proxy replies (default 1, 0: none)"},
    {"timeout", '\0', "SECONDS", TOPIC_METHOD, SAYS_HOW, read_timeout,
	"overall deadline (default 0: none)"},
    {"watch", '\0', "TIME", TOPIC_WATCH, OPTIONAL, read_watch,
	"listen, ask nothing: for 90s, 6h, until a signal"},
    {"audit-every", '\0', "TIME", TOPIC_WATCH, 0, read_audit_every,
	"audit every TIME in between, first after it"},
    {"ignore", '\0', "MAC[,MAC...]", TOPIC_WATCH, REPEATS | SAYS_HOW, read_ignore,
	"do not hear these machines"},
    {"read", '\0', "FILE", TOPIC_WATCH, 0, read_read,
	"listen to a capture (pcap, pcapng; - is stdin)"},
    {"output", 'o', "FORMAT[:FILE]", TOPIC_REPORT, BASIC | REPEATS, read_output,
	"report to standard output or a file; repeatable"},
    {"json", 'j', NULL, TOPIC_REPORT, 0, read_json, "the same as -o json"},
    {"evidence", '\0', "FILE", TOPIC_REPORT, 0, read_evidence,
	"write the relevant frames to a pcap file"},
    {"evidence-max", '\0', "SIZE", TOPIC_REPORT, 0, read_evidence_max,
	"its size at most: octets, K, M or G (default 64M)"},
    {"state", '\0', "FILE", TOPIC_REPORT, 0, read_state, "remember the result for the next audit"},
    {"on-change", '\0', NULL, TOPIC_REPORT, 0, read_on_change,
	"print only what changed (or what is not compliant)"},
    {"render", '\0', NULL, TOPIC_REPORT, 0, read_render,
	"no audit: make reports of the JSON reports named"},
    {"quiet", 'q', NULL, TOPIC_REPORT, BASIC, read_quiet, "print only the summary line"},
    {"verbose", 'v', NULL, TOPIC_REPORT, BASIC | REPEATS, read_verbose,
	"show all hosts and frames, and wire statistics"},
    {"color", '\0', "WHEN", TOPIC_REPORT, 0, read_color, "auto (on a terminal), always or never"},
    {"no-color", '\0', NULL, TOPIC_REPORT, 0, read_no_color, "the same as --color never"},
    {"progress", '\0', "WHEN", TOPIC_REPORT, 0, read_progress,
	"auto, always or never, for the progress line"},
    {"help", 'h', "TOPIC", TOPIC_REPORT, BASIC | OPTIONAL, read_help,
	"show help: plan, method, watch, report or all"},
    {"version", 'V', NULL, TOPIC_REPORT, 0, read_version, "show the version"},
};

const struct option_row *const options_table = rows;
static_assert(sizeof(rows) / sizeof(rows[0]) == OPTION_COUNT, "OPTION_COUNT counts the rows");
