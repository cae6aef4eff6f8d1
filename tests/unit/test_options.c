/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line: what each option does, and the message for each mistake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arpaudit/options.h"
#include "arpaudit/report.h"
#include "scratch.h"

#define VIP "--vip=10.77.0.100"

/* A command line without the program's name. */
#define WORDS(...) ((char *[]){"arpaudit", __VA_ARGS__, NULL})

static bool
parse(struct options *options, struct error *error, char *argv[])
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	*error = (struct error){.status = 0};
	return options_parse(argc, argv, options, error);
}

static void
accept(struct options *options, char *argv[])
{
	struct error error;
	const bool good = parse(options, &error, argv);

	assert_string_equal(error.text, "");
	assert_true(good);
}

static void
refuse(char *argv[], const char *message)
{
	struct options options;
	struct error error;

	assert_false(parse(&options, &error, argv));
	assert_string_equal(error.text, message);
	assert_int_equal(error.status, EXIT_USAGE);
	options_free(&options);
}

/* Refuses an option's argument with "OPTION: 'ARGUMENT' MESSAGE". */
static void
refuse_argument(const char *option, const char *argument, const char *message)
{
	char word[128], text[512];

	(void)snprintf(word, sizeof(word), "%s=%s", option, argument);
	(void)snprintf(text, sizeof(text), "%s: '%s' %s", option, argument, message);
	refuse(WORDS(VIP, word), text);
}

static void
test_defaults(void **state)
{
	struct options options;
	const struct plan_cluster *cluster;

	(void)state;
	accept(&options, WORDS("--vip", "10.77.0.100"));
	assert_int_equal(options.action, ACTION_AUDIT);
	assert_int_equal(options.output_count, 0);
	assert_false(options.quiet);
	assert_int_equal(options.verbose, 0);
	assert_int_equal(options.color, WHEN_AUTO);
	assert_int_equal(options.progress, WHEN_AUTO);
	assert_int_equal(options.plan.settings.rate, PLAN_RATE_DEFAULT);
	assert_int_equal(options.plan.settings.broadcast_rate, PLAN_BROADCAST_RATE_DEFAULT);
	assert_true(options.plan.settings.confidence == PLAN_CONFIDENCE_DEFAULT);
	assert_int_equal(options.plan.settings.linger_us, PLAN_LINGER_US_DEFAULT);
	assert_int_equal(options.plan.settings.timeout_us, 0);
	assert_true(options.plan.settings.elicit);
	assert_false(options.plan.settings.gentle);
	assert_int_equal(options.plan.cluster_count, 1);
	cluster = &options.plan.clusters[0];
	assert_string_equal(cluster->name, "default");
	assert_null(cluster->interface);
	assert_int_equal(cluster->vlan, 0);
	assert_false(address_is_set(&cluster->source));
	assert_int_equal(cluster->vip_count, 1);
	assert_int_equal(cluster->host_count, 0);
	assert_true(cluster->discover);
	options_free(&options);
	options_free(&options); /* must do nothing */
}

static void
test_plan_options(void **state)
{
	struct options options;
	const struct plan_cluster *cluster;
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	accept(&options,
	    WORDS("--vip", "10.77.0.100:80,10.77.0.101", "--vip=10.77.0.102", "-r", "10.77.0.12",
		"--rs", "10.77.0.11", "-d10.77.0.2", "--director=02:00:00:00:00:03", "--interface",
		"eth0", "--source", "10.77.0.9", "--decoy", "10.77.0.250,10.77.0.251",
		"--decoy=10.77.0.252", "--vlan=4094"));
	cluster = &options.plan.clusters[0];
	assert_int_equal(cluster->vip_count, 3);
	assert_int_equal(cluster->vips[0].ports[0].number, 80);
	assert_false(cluster->discover);
	assert_int_equal(cluster->host_count, 2);
	assert_string_equal(address_format(&cluster->hosts[0].rip, text), "10.77.0.11");
	assert_int_equal(cluster->director_count, 2);
	assert_string_equal(cluster->interface, "eth0");
	assert_int_equal(cluster->vlan, 4094);
	assert_string_equal(address_format(&cluster->source, text), "10.77.0.9");
	assert_int_equal(cluster->decoy_count, 3);
	assert_int_equal(cluster->owner, OWNER_DIRECTOR);
	options_free(&options);
	accept(&options, WORDS(VIP, "--no-owner"));
	assert_int_equal(options.plan.clusters[0].owner, OWNER_NONE);
	options_free(&options);
	accept(&options, WORDS(VIP, "--owner-any"));
	assert_int_equal(options.plan.clusters[0].owner, OWNER_ANY);
	options_free(&options);
	accept(
	    &options, WORDS(VIP, "--gateway", "10.77.0.254,10.77.0.253", "--gateway=10.77.0.254"));
	assert_int_equal(options.plan.clusters[0].gateways.count, 2);
	assert_false(options.plan.clusters[0].gateways.off);
	options_free(&options);
	accept(&options, WORDS(VIP, "--no-gateway"));
	assert_true(options.plan.clusters[0].gateways.off);
	options_free(&options);
}

static void
test_settings_options(void **state)
{
	struct options options;

	(void)state;
	accept(&options,
	    WORDS(VIP, "--rs=10.77.0.11", "--no-elicit", "--rate", "100", "--broadcast-rate=0",
		"--confidence", "1e-9", "--linger", "0", "--timeout", "2.5"));
	assert_false(options.plan.settings.elicit);
	assert_int_equal(options.plan.settings.rate, 100);
	assert_int_equal(options.plan.settings.broadcast_rate, 0);
	assert_true(options.plan.settings.confidence == 1e-9);
	assert_int_equal(options.plan.settings.linger_us, 0);
	assert_int_equal(options.plan.settings.timeout_us, 2500000);
	options_free(&options);
}

static void
test_report_options(void **state)
{
	struct options options;

	(void)state;
	accept(&options, WORDS(VIP, "-vv", "--color", "always", "--progress=never", "-o", "text:-",
			     "--output", "json:a:b", "-ojson:c"));
	assert_false(options.quiet);
	assert_int_equal(options.verbose, 2);
	assert_int_equal(options.color, WHEN_ALWAYS);
	assert_int_equal(options.progress, WHEN_NEVER);
	assert_int_equal(options.output_count, 3);
	assert_int_equal(options.outputs[0].format_length, 4);
	assert_memory_equal(options.outputs[0].format, "text", 4);
	assert_string_equal(options.outputs[0].path, "-");
	assert_memory_equal(options.outputs[1].format, "json", 4);
	assert_string_equal(options.outputs[1].path, "a:b");
	assert_string_equal(options.outputs[2].path, "c");
	options_free(&options);

	accept(&options, WORDS(VIP, "-o", "json", "--color=auto", "--quiet"));
	assert_int_equal(options.output_count, 1);
	assert_null(options.outputs[0].path);
	assert_true(options.quiet);
	assert_int_equal(options.color, WHEN_AUTO);
	options_free(&options);
}

static void
test_help_and_version(void **state)
{
	struct options options;

	(void)state;
	accept(&options, WORDS("-h"));
	assert_int_equal(options.action, ACTION_HELP);
	options_free(&options);
	accept(&options, WORDS("--help", "--no-such-option", "operand"));
	assert_int_equal(options.action, ACTION_HELP);
	options_free(&options);
	accept(&options, WORDS(VIP, "-qVh"));
	assert_int_equal(options.action, ACTION_VERSION);
	options_free(&options);
	accept(&options, WORDS(VIP, "--no-color"));
	assert_int_equal(options.color, WHEN_NEVER);
	options_free(&options);
	accept(&options, WORDS("--version"));
	assert_int_equal(options.action, ACTION_VERSION);
	options_free(&options);
	refuse(
	    WORDS("--no-such-option", "--help"), "--no-such-option: unknown option (see --help)");
}

static void
test_bad_options(void **state)
{
	(void)state;
	refuse(WORDS("--vips", "10.77.0.100"), "--vips: unknown option: did you mean --vip?");
	refuse(WORDS("--colour=always"), "--colour: unknown option: did you mean --color?");
	refuse(WORDS("--ouptut"), "--ouptut: unknown option: did you mean --output?");
	refuse(WORDS("--vpi"), "--vpi: unknown option: did you mean --vip?");
	refuse(WORDS("--no-colour"), "--no-colour: unknown option: did you mean --no-color?");
	refuse(WORDS("--frobnicate"), "--frobnicate: unknown option (see --help)");
	refuse(WORDS("-x"), "-x: unknown option (see --help)");
	refuse(WORDS("-qx", "-v"), "-x: unknown option (see --help)");
	refuse(WORDS("-\xc3\xa9"), "-\xc3\xa9: unknown option (see --help)");
	refuse(WORDS("-\033[2J"), "-?[2J: unknown option (see --help)");
	/* Reserved for a configuration file; not supported yet. */
	refuse(WORDS("-x", "file"), "-x: unknown option (see --help)");
	refuse(WORDS("--v"),
	    "--v is ambiguous (--vip, --vlan, --verbose, --version): write it in full");
	refuse(WORDS("--ver=1"), "--ver is ambiguous (--verbose, --version): write it in full");
	refuse(WORDS(VIP, "--no-elicit"),
	    "--no-elicit finds no real servers by itself: list them with --rs (see --help)");
	refuse(WORDS("--no-elicit=yes"), "--no-elicit takes no argument (see --help)");
	refuse(WORDS("--quiet=yes"), "--quiet takes no argument (see --help)");
	refuse(WORDS("--vip"), "--vip needs an argument (see --help)");
	refuse(WORDS(VIP, "-qr"), "-r needs an argument (see --help)");
	refuse(WORDS(VIP, "--ra"), "--ra needs an argument (see --help)");
}

/* Without a cluster file, plain arguments are VIPs, in every form that --vip takes. */
static void
test_operands(void **state)
{
	struct options options;
	const struct plan_cluster *cluster;

	(void)state;
	accept(&options, WORDS("10.77.0.100:80,10.77.0.101", "-q", "--", "10.77.0.102"));
	cluster = &options.plan.clusters[0];
	assert_true(options.quiet);
	assert_int_equal(cluster->vip_count, 3);
	assert_int_equal(cluster->vips[0].ports[0].number, 80);
	options_free(&options);
	accept(&options, WORDS("10.77.0.101", VIP, "10.77.0.103:443/tcp", "10.77.0.101:80"));
	cluster = &options.plan.clusters[0];
	assert_int_equal(cluster->vip_count, 3);
	options_free(&options);
	refuse(WORDS("localhost"), "'localhost': no host can have the address 127.0.0.1: it is "
				   "unspecified, loopback, multicast or reserved");
	refuse(WORDS(VIP, "10.77.0.256"), "'10.77.0.256' is not a VIP: write "
					  "ADDRESS[:PORT[/tcp|udp]], or a name in its place");
	refuse(WORDS(VIP, "--", "-q"), "'-q' is not a VIP: write ADDRESS[:PORT[/tcp|udp]], or a "
				       "name in its place");
	refuse(WORDS("10.77.0.100:0"), "'10.77.0.100:0': the port must be 1 to 65535");
	refuse(WORDS(VIP, ""), "the list of VIPs is empty");
	refuse(WORDS("10.77.0.100", "-r", "10.77.0.100"),
	    "10.77.0.100 is both a VIP and a real server: give each real server's own address "
	    "(RIP)");
}

/* Messages quote the option as the user wrote it. */
static void
test_messages_quote_the_option(void **state)
{
	(void)state;
	refuse(WORDS(VIP, "--rate", "fast"), "--rate: 'fast' is not a whole number of frames per "
					     "second: use 1 to 1000000000, or 0 for no limit");
	refuse(WORDS(VIP, "--ra=fast"), "--ra: 'fast' is not a whole number of frames per second: "
					"use 1 to 1000000000, or 0 for no limit");
	refuse(WORDS(VIP, "-r", "10.77.0.0/33"),
	    "-r: '10.77.0.0/33' is not a subnet: write ADDRESS/LENGTH, with a length of 0 to 32");
	refuse(WORDS(VIP, "-qr10.77.0.0/33"),
	    "-r: '10.77.0.0/33' is not a subnet: write ADDRESS/LENGTH, with a length of 0 to 32");
	refuse(WORDS(VIP, "--rs", "10.77.0.0/33"),
	    "--rs: '10.77.0.0/33' is not a subnet: write ADDRESS/LENGTH, with a length of 0 to 32");
	refuse(WORDS("--vip", "--rs"),
	    "--vip: '--rs' is not a VIP: write ADDRESS[:PORT[/tcp|udp]], or a name in its place");
	refuse(WORDS("--rs="), "--rs: the list of hosts is empty");
	refuse(WORDS(VIP, "-i", ""), "-i: '' is not an interface name");
	refuse(WORDS(VIP, "-d", "10.77.0.300"),
	    "-d: '10.77.0.300' is not an IPv4 address, a host name or a MAC");
	refuse(WORDS(VIP, "--source", "x"), "--source: 'x' is not an IPv4 address");
	refuse(WORDS(VIP, "--no-owner", "--owner-any"),
	    "--owner-any: use either --no-owner (nobody may own the VIPs) or --owner-any (any "
	    "machine may)");
	refuse(WORDS(VIP, "-d", "10.77.0.3", "--no-owner"),
	    "a director is named, but nobody may own the VIPs: use either --director or "
	    "--no-owner");
	refuse(WORDS(VIP, "--owner-any", "-d", "10.77.0.3"),
	    "a director is named, but any machine may own the VIPs: use either --director or "
	    "--owner-any");
	refuse(WORDS(VIP, "--decoy", "x"), "--decoy: 'x' is not an IPv4 address");
}

static void
test_host_file(void **state)
{
	struct options options;

	(void)state;
	scratch_write_text("hosts", "10.77.0.11\n10.77.0.300\n");
	refuse(WORDS(VIP, "-r", "@hosts"),
	    "-r: hosts:2: '10.77.0.300' is not an IPv4 address or a host name");
	refuse(WORDS(VIP, "--rs=@none"),
	    "--rs: can't read none: No such file or directory: check its name");
	scratch_write_text("hosts", "10.77.0.11\n10.77.0.12\n");
	accept(&options, WORDS(VIP, "-r", "@hosts"));
	assert_int_equal(options.plan.clusters[0].host_count, 2);
	options_free(&options);
}

static void
test_rate_arguments(void **state)
{
	static const char *const bad[] = {"", "fast", "-1", "+1", "1.5", "1e3", "0x10", " 1", "1 ",
	    "1000000001", "99999999999999999999", "nan"};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument("--rate", bad[i],
		    "is not a whole number of frames per second: use 1 to 1000000000, or 0 for no "
		    "limit");
		refuse_argument("--broadcast-rate", bad[i],
		    "is not a whole number of broadcasts per second: use 1 to 1000000000, or 0 for "
		    "no limit");
	}
	accept(&options, WORDS(VIP, "--rate=1000000000", "--broadcast-rate=1"));
	assert_int_equal(options.plan.settings.rate, 1000000000);
	assert_int_equal(options.plan.settings.broadcast_rate, 1);
	options_free(&options);
}

static void
test_ignored_macs(void **state)
{
	(void)state;
	refuse(WORDS(VIP, "--watch", "--ignore=nobody"),
	    "--ignore: 'nobody' is not a MAC: write it as 02:00:0a:4d:00:0c");
}

static void
test_vlan_arguments(void **state)
{
	static const char *const bad[] = {"", "web", "0", "4095", "65537", "4294967297", "-1", "+1",
	    "1.0", "0x10", " 1", "1 ", "1,2", "99999999999999999999"};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse_argument("--vlan", bad[i], "is not a VLAN ID: use 1 to 4094");
	accept(&options, WORDS(VIP, "--vlan=1"));
	assert_int_equal(options.plan.clusters[0].vlan, 1);
	options_free(&options);
}

static void
test_confidence_arguments(void **state)
{
	static const char *const bad[] = {"", "high", "0", "1", "1.0", "-0.1", "+0.1", "nan", "inf",
	    "0x1p-3", " 0.1", "0.1 ", "0.1.1", "1e", "1e-", "1e-9999", "99%", "."};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse_argument(
		    "--confidence", bad[i], "is not a probability between 0 and 1, such as 1e-6");
	accept(&options, WORDS(VIP, "--confidence=.5"));
	assert_true(options.plan.settings.confidence == 0.5);
	options_free(&options);
	accept(&options, WORDS(VIP, "--confidence=1E-6"));
	assert_true(options.plan.settings.confidence == 1e-6);
	options_free(&options);
}

static void
test_time_arguments(void **state)
{
	static const char *const bad[] = {"", "soon", "-1", "+1", "nan", "inf", "infinity", "1s",
	    "1,5", "0x10", " 1", "1 ", "86400.1", "1e9", "1e999"};
	static const struct {
		const char *text;
		uint64_t time_us;
	} good[] = {
	    {"0", 0},
	    {"0.5", 500000},
	    {"1", 1000000},
	    {"1.000001", 1000001},
	    {"0.57", 570000},
	    {"2e-3", 2000},
	    {"1e-9", 1}, /* short, but not zero */
	    {"86400", UINT64_C(86400000000)},
	};
	struct options options;
	char word[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument(
		    "--linger", bad[i], "is not a time in seconds: use 0 to 86400, such as 0.5");
		refuse_argument(
		    "--timeout", bad[i], "is not a time in seconds: use 0 to 86400, such as 0.5");
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		(void)snprintf(word, sizeof(word), "--timeout=%s", good[i].text);
		accept(&options, WORDS(VIP, word));
		assert_int_equal(options.plan.settings.timeout_us, good[i].time_us);
		options_free(&options);
	}
}

static void
test_when_arguments(void **state)
{
	static const char *const bad[] = {"", "yes", "Always", "al", "always "};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument("--color", bad[i], "must be auto, always or never");
		refuse_argument("--progress", bad[i], "must be auto, always or never");
	}
}

static void
test_bad_outputs(void **state)
{
	char message[256], formats[REPORT_FORMATS_SIZE];

	(void)state;
	(void)report_formats(formats, sizeof(formats));
	(void)snprintf(
	    message, sizeof(message), "-o: unknown format 'yaml': choose one of %s", formats);
	refuse(WORDS(VIP, "-o", "yaml"), message);
	refuse(WORDS(VIP, "-oyaml:file"), message);
	(void)snprintf(
	    message, sizeof(message), "--output: unknown format '': choose one of %s", formats);
	refuse(WORDS(VIP, "--output="), message);
	refuse(WORDS(VIP, "--output=:file"), message);
	(void)snprintf(message, sizeof(message), "-o: unknown format 'tex': choose one of %s",
	    formats); /* no abbreviations */
	refuse(WORDS(VIP, "-o", "tex"), message);
	refuse(WORDS(VIP, "-o", "json:"), "-o: 'json:' has no file name: write FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json:a", "-o", "text", "-o", "text:a"),
	    "-o: two reports can't both go to a: give one its own file with FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json", "-o", "text"),
	    "-o: two reports can't both go to standard output: give one its own file with "
	    "FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json", "--output=text:-"),
	    "--output: two reports can't both go to standard output: give one its own file with "
	    "FORMAT:FILE");
}

static void
test_evidence_option(void **state)
{
	static const char *const bad[] = {"", "0", "0K", "K", "-1", "+1", " 1", "1.5M", "1k", "1MB",
	    "1T", "0x10", "8589934592G", "18446744073709551616", NULL};
	struct options options;

	(void)state;
	accept(&options, WORDS(VIP));
	assert_null(options.evidence.path);
	options_free(&options);
	accept(&options, WORDS(VIP, "-o", "json:a", "--evidence=b.pcap"));
	assert_string_equal(options.evidence.path, "b.pcap");
	options_free(&options);
	accept(&options, WORDS(VIP, "--evidence", "-", "-o", "json:a"));
	assert_string_equal(options.evidence.path, "-");
	options_free(&options);

	assert_int_equal(options.evidence.size_max, 0);
	accept(&options, WORDS(VIP, "--evidence=e", "--evidence-max", "100"));
	assert_int_equal(options.evidence.size_max, 100);
	options_free(&options);
	accept(&options, WORDS(VIP, "--evidence-max=3K", "--evidence=e"));
	assert_int_equal(options.evidence.size_max, 3 * 1024);
	options_free(&options);
	accept(&options, WORDS(VIP, "--evidence=e", "--evidence-max=8589934591G"));
	assert_int_equal(options.evidence.size_max, UINT64_C(8589934591) << 30);
	options_free(&options);
	for (size_t i = 0; bad[i] != NULL; i++)
		refuse_argument("--evidence-max", bad[i],
		    "is not a size: use octets, or a number with K, M or G such as 64M");
	refuse(WORDS(VIP, "--evidence-max=1M"), "--evidence-max is for --evidence: give both");
	refuse(WORDS(VIP, "--evidence"), "--evidence needs an argument (see --help)");
	refuse(WORDS(VIP, "--evidence="), "--evidence: '' is not a file name");
	refuse(WORDS(VIP, "--evidence", "a", "-o", "json:b", "-o", "text:a"),
	    "--evidence: a report already goes to a: write the evidence or the report to another "
	    "file");
	/* The text report is the default. */
	refuse(WORDS(VIP, "--evidence", "-"),
	    "--evidence: a report already goes to standard output: "
	    "write the evidence or the report to another file");
	refuse(WORDS(VIP, "-o", "json", "--evidence", "-"),
	    "--evidence: a report already goes to standard output: write the evidence or the "
	    "report to another file");
}

/* The user can't have meant both. */
static void
test_options_are_given_once(void **state)
{
	(void)state;
	refuse(WORDS(VIP, "-i", "eth0", "--interface=eth0"),
	    "--interface is given twice: give it once");
	refuse(WORDS(VIP, "--rate", "1", "--rate", "2"), "--rate is given twice: give it once");
	refuse(WORDS(VIP, "--vlan=1", "--vlan=2"), "--vlan is given twice: give it once");
	refuse(
	    WORDS(VIP, "--no-elicit", "--no-elicit"), "--no-elicit is given twice: give it once");
	refuse(WORDS(VIP, "-qq"), "-q is given twice: give it once");
	refuse(WORDS(VIP, "--evidence", "a", "--evidence", "b"),
	    "--evidence is given twice: give it once");
	refuse(WORDS(VIP, "-q", "-v"), "-q and -v exclude each other: ask for less or for more");
	refuse(WORDS(VIP, "--verbose", "-vq"),
	    "-q and -v exclude each other: ask for less or for more");
}

static void
test_comma_is_no_list_of_outputs(void **state)
{
	struct options options;

	(void)state;
	refuse(WORDS(VIP, "--output=json:x,text"), "--output: 'json:x,text' is not a list: give -o "
						   "once for each report (-o json:x -o text)");
	refuse(WORDS(VIP, "-o", "json,text:b"),
	    "-o: 'json,text:b' is not a list: give -o once for each report (-o json -o text:b)");
	accept(&options, WORDS(VIP, "-o", "json:a,b,texts"));
	assert_string_equal(options.outputs[0].path, "a,b,texts");
	options_free(&options);
}

static void
test_plan_is_checked(void **state)
{
	char *nothing[] = {NULL};

	(void)state;
	if (access("/etc/arpaudit.conf", F_OK) != 0) {
		static const char none[] = "no VIP to audit: give at least one with --vip, or "
					   "write /etc/arpaudit.conf (see --help)";

		refuse((char *[]){"arpaudit", NULL}, none);
		refuse(nothing, none);
		/* It does not name a VIP either, and the default cluster file may. */
		refuse((char *[]){"arpaudit", "--gentle", "--rate", "100", NULL}, none);
	}
	refuse(WORDS(VIP, "--gateway", "10.77.0.254", "--no-gateway"),
	    "use either --gateway (these gateways are asked) or --no-gateway (none is)");
	refuse(WORDS(VIP, "-r", "10.77.0.100"), "10.77.0.100 is both a VIP and a real server: give "
						"each real server's own address (RIP)");
}

#define HELP_SIZE 8192

static void
help_text(enum options_topic topic, char text[HELP_SIZE])
{
	FILE *const stream = fmemopen(text, HELP_SIZE, "w");

	assert_non_null(stream);
	assert_true(options_help(topic, stream));
	assert_int_equal(fclose(stream), 0);
}

static void
test_help_fits_a_screen(void **state)
{
	char help[HELP_SIZE];

	(void)state;
	for (enum options_topic topic = TOPIC_BASIC; topic <= TOPIC_ALL; topic++) {
		size_t lines = 0;

		help_text(topic, help);
		for (const char *line = help; *line != '\0'; lines++) {
			const size_t length = strcspn(line, "\n");

			assert_in_range(length, 0, 80);
			assert_int_equal(line[length], '\n');
			line += length + 1;
		}
		assert_in_range(lines, 5, topic == TOPIC_ALL ? 99 : 23);
	}
}

static void
test_help_topics(void **state)
{
	static const char *const names[] = {"plan", "method", "watch", "report", "all"};
	struct options options;
	char help[HELP_SIZE];

	(void)state;
	help_text(TOPIC_BASIC, help);
	accept(&options, WORDS("--help"));
	assert_int_equal(options.topic, TOPIC_BASIC);
	options_free(&options);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char word[32];

		(void)snprintf(word, sizeof(word), "--help=%s", names[i]);
		accept(&options, WORDS(word));
		assert_int_equal(options.action, ACTION_HELP);
		assert_int_equal(options.topic, TOPIC_PLAN + i);
		options_free(&options);
		assert_non_null(strstr(strstr(help, "--help=TOPIC"), names[i]));
	}
	refuse(WORDS("--help=vip"), "--help: 'vip' must be plan, method, watch, report or all");
	refuse(WORDS("--help="), "--help: '' must be plan, method, watch, report or all");
}

/* Each option in the help exists, and takes an argument if it is shown with one. */
static void
test_help_matches_the_options(void **state)
{
	char help[HELP_SIZE];
	size_t count = 0;

	(void)state;
	help_text(TOPIC_ALL, help);
	for (const char *line = help; line != NULL; line = strchr(line + 1, '\n')) {
		struct options options;
		struct error error;
		char word[64];
		const char *name = line + 1;
		size_t length;

		if (strncmp(name, "  -", 3) != 0 && strncmp(name, "      --", 8) != 0)
			continue;
		name = strstr(name, "--");
		length = strcspn(name, " [\n");
		(void)snprintf(word, sizeof(word), "%.*s", (int)length, name);
		(void)parse(&options, &error, WORDS(word));
		options_free(&options);
		assert_null(strstr(error.text, "unknown option"));
		assert_int_equal(strstr(error.text, "needs an argument") != NULL,
		    name[length] == ' ' && name[length + 1] != ' ');
		count++;
	}
	assert_int_equal(count, 43);
}

static void
test_help_gives_the_defaults(void **state)
{
	char text[REPORT_FORMATS_SIZE + 64], formats[REPORT_FORMATS_SIZE], help[HELP_SIZE];

	(void)state;
	help_text(TOPIC_METHOD, help);
	(void)snprintf(text, sizeof(text), "frames per second (default %d,", PLAN_RATE_DEFAULT);
	assert_non_null(strstr(help, text));
	(void)snprintf(
	    text, sizeof(text), "broadcasts per second (default %d,", PLAN_BROADCAST_RATE_DEFAULT);
	assert_non_null(strstr(help, text));
	assert_true(PLAN_CONFIDENCE_DEFAULT == 1e-6);
	assert_non_null(strstr(help, "(default 1e-6)"));
	(void)snprintf(
	    text, sizeof(text), "replies (default %d,", PLAN_LINGER_US_DEFAULT / 1000000);
	assert_non_null(strstr(help, text));
	help_text(TOPIC_REPORT, help);
	(void)snprintf(text, sizeof(text), "Formats (default %s):\n  %s\n",
	    report_writer_default()->format, report_formats(formats, sizeof(formats)));
	assert_non_null(strstr(help, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_plan_options),
	    cmocka_unit_test(test_settings_options),
	    cmocka_unit_test(test_report_options),
	    cmocka_unit_test(test_help_and_version),
	    cmocka_unit_test(test_bad_options),
	    cmocka_unit_test(test_operands),
	    cmocka_unit_test(test_messages_quote_the_option),
	    cmocka_unit_test_setup_teardown(test_host_file, scratch_setup, scratch_teardown),
	    cmocka_unit_test(test_rate_arguments),
	    cmocka_unit_test(test_ignored_macs),
	    cmocka_unit_test(test_vlan_arguments),
	    cmocka_unit_test(test_confidence_arguments),
	    cmocka_unit_test(test_time_arguments),
	    cmocka_unit_test(test_when_arguments),
	    cmocka_unit_test(test_bad_outputs),
	    cmocka_unit_test(test_evidence_option),
	    cmocka_unit_test(test_options_are_given_once),
	    cmocka_unit_test(test_comma_is_no_list_of_outputs),
	    cmocka_unit_test(test_plan_is_checked),
	    cmocka_unit_test(test_help_fits_a_screen),
	    cmocka_unit_test(test_help_topics),
	    cmocka_unit_test(test_help_matches_the_options),
	    cmocka_unit_test(test_help_gives_the_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
