/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line: what each option does, and each mistake with its message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

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

/* An option's bad argument: "OPTION: 'ARGUMENT' MESSAGE". */
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
	options_free(&options); /* does nothing more */
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
		"--rs", "10.77.0.11", "-d10.77.0.2", "--director=02:00:00:00:00:03", "-i", "eth9",
		"--interface", "eth0", "--source", "10.77.0.9", "--decoy",
		"10.77.0.250,10.77.0.251", "--decoy=10.77.0.252", "--vlan", "100", "--vlan=4094"));
	cluster = &options.plan.clusters[0];
	assert_int_equal(cluster->vip_count, 3);
	assert_int_equal(cluster->vips[0].port, 80);
	assert_false(cluster->discover);
	assert_int_equal(cluster->host_count, 2);
	assert_string_equal(address_format(&cluster->hosts[0].rip, text), "10.77.0.11");
	assert_int_equal(cluster->director_count, 2);
	assert_string_equal(cluster->interface, "eth0");
	assert_int_equal(cluster->vlan, 4094);
	assert_string_equal(address_format(&cluster->source, text), "10.77.0.9");
	assert_int_equal(cluster->decoy_count, 3);
	options_free(&options);
}

static void
test_settings(void **state)
{
	struct options options;

	(void)state;
	accept(&options, WORDS(VIP, "--no-elicit", "--rate", "100", "--broadcast-rate=0",
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
	accept(&options, WORDS(VIP, "-qvv", "--color", "always", "--progress=never", "-o", "text:-",
			     "--output", "json:a:b", "-ojson:c"));
	assert_true(options.quiet);
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

	accept(&options, WORDS(VIP, "-o", "json", "--color=auto", "--quiet", "--verbose"));
	assert_int_equal(options.output_count, 1);
	assert_null(options.outputs[0].path);
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
	accept(&options, WORDS("--version"));
	assert_int_equal(options.action, ACTION_VERSION);
	options_free(&options);
	refuse(
	    WORDS("--no-such-option", "--help"), "--no-such-option: no such option (see --help)");
}

static void
test_bad_options(void **state)
{
	(void)state;
	refuse(WORDS("--vips", "10.77.0.100"), "--vips: no such option (see --help)");
	refuse(WORDS("--colour=always"), "--colour: no such option (see --help)");
	refuse(WORDS("-x"), "-x: no such option (see --help)");
	refuse(WORDS("-qx", "-v"), "-x: no such option (see --help)");
	refuse(WORDS("-\xc3\xa9"), "-\xc3\xa9: no such option (see --help)");
	refuse(WORDS("-\033[2J"), "-?[2J: no such option (see --help)");
	/* Of the contract, but not yet there. */
	refuse(WORDS("-c", "file"), "-c: no such option (see --help)");
	refuse(WORDS("--v"),
	    "--v may be --vip, --vlan, --verbose, --version: write the one that is meant");
	refuse(WORDS("--ver=1"), "--ver may be --verbose, --version: write the one that is meant");
	refuse(WORDS("--no-elicit=yes"), "--no-elicit takes no argument (see --help)");
	refuse(WORDS("--quiet=yes"), "--quiet takes no argument (see --help)");
	refuse(WORDS("--vip"), "--vip needs an argument (see --help)");
	refuse(WORDS(VIP, "-qr"), "-r needs an argument (see --help)");
	refuse(WORDS(VIP, "--ra"), "--ra needs an argument (see --help)");
}

static void
test_operands(void **state)
{
	(void)state;
	refuse(WORDS("10.77.0.100"),
	    "'10.77.0.100' belongs to no option: name VIPs with --vip, real servers with --rs");
	refuse(WORDS("--vip", "10.77.0.100", "10.77.0.101", "-q"),
	    "'10.77.0.101' belongs to no option: name VIPs with --vip, real servers with --rs");
	refuse(WORDS(VIP, "--", "-q"),
	    "'-q' belongs to no option: name VIPs with --vip, real servers with --rs");
	refuse(WORDS(VIP, ""),
	    "'' belongs to no option: name VIPs with --vip, real servers with --rs");
	refuse(WORDS(VIP, "-"),
	    "'-' belongs to no option: name VIPs with --vip, real servers with --rs");
}

/* Messages name the option as it was written. */
static void
test_option_names(void **state)
{
	(void)state;
	refuse(WORDS(VIP, "--rate", "fast"),
	    "--rate: 'fast' is not a number of frames per second (0: unlimited)");
	refuse(WORDS(VIP, "--ra=fast"),
	    "--ra: 'fast' is not a number of frames per second (0: unlimited)");
	refuse(WORDS(VIP, "-r", "10.77.0.0/33"),
	    "-r: '10.77.0.0/33' is not a subnet: write ADDRESS/0 to ADDRESS/32");
	refuse(WORDS(VIP, "-qr10.77.0.0/33"),
	    "-r: '10.77.0.0/33' is not a subnet: write ADDRESS/0 to ADDRESS/32");
	refuse(WORDS(VIP, "--rs", "10.77.0.0/33"),
	    "--rs: '10.77.0.0/33' is not a subnet: write ADDRESS/0 to ADDRESS/32");
	refuse(
	    WORDS("--vip", "--rs"), "--vip: '--rs' is not a VIP: write ADDRESS[:PORT[/tcp|udp]]");
	refuse(WORDS("--rs="), "--rs: no hosts in ''");
	refuse(WORDS(VIP, "-i", ""), "-i: '' is not an interface's name");
	refuse(WORDS(VIP, "-d", "10.77.0.300"),
	    "-d: '10.77.0.300' is neither an IPv4 address, a name nor a MAC");
	refuse(WORDS(VIP, "--source", "x"), "--source: 'x' is not an IPv4 address");
	refuse(WORDS(VIP, "--decoy", "x"), "--decoy: 'x' is not an IPv4 address");
}

static void
test_file_of_hosts(void **state)
{
	struct options options;

	(void)state;
	scratch_write_text("hosts", "10.77.0.11\n10.77.0.300\n");
	refuse(WORDS(VIP, "-r", "@hosts"),
	    "-r: hosts:2: '10.77.0.300' is neither an IPv4 address nor a name");
	refuse(WORDS(VIP, "--rs=@none"), "--rs: can't read none: No such file or directory");
	scratch_write_text("hosts", "10.77.0.11\n10.77.0.12\n");
	accept(&options, WORDS(VIP, "-r", "@hosts"));
	assert_int_equal(options.plan.clusters[0].host_count, 2);
	options_free(&options);
}

static void
test_rates(void **state)
{
	static const char *const bad[] = {"", "fast", "-1", "+1", "1.5", "1e3", "0x10", " 1", "1 ",
	    "1000000001", "99999999999999999999", "nan"};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument(
		    "--rate", bad[i], "is not a number of frames per second (0: unlimited)");
		refuse_argument("--broadcast-rate", bad[i],
		    "is not a number of broadcasts per second (0: unlimited)");
	}
	accept(&options, WORDS(VIP, "--rate=1000000000", "--broadcast-rate=1"));
	assert_int_equal(options.plan.settings.rate, 1000000000);
	assert_int_equal(options.plan.settings.broadcast_rate, 1);
	options_free(&options);
}

static void
test_vlan(void **state)
{
	static const char *const bad[] = {"", "web", "0", "4095", "65537", "4294967297", "-1", "+1",
	    "1.0", "0x10", " 1", "1 ", "1,2", "99999999999999999999"};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse_argument("--vlan", bad[i], "is not a VLAN ID: write 1 to 4094");
	accept(&options, WORDS(VIP, "--vlan=1"));
	assert_int_equal(options.plan.clusters[0].vlan, 1);
	options_free(&options);
}

static void
test_confidence(void **state)
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
test_seconds(void **state)
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
	    {"1e-9", 1}, /* short, but not none */
	    {"86400", UINT64_C(86400000000)},
	};
	struct options options;
	char word[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument("--linger", bad[i],
		    "is not a number of seconds, such as 0.5, of a day at most");
		refuse_argument("--timeout", bad[i],
		    "is not a number of seconds, such as 0.5, of a day at most");
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		(void)snprintf(word, sizeof(word), "--timeout=%s", good[i].text);
		accept(&options, WORDS(VIP, word));
		assert_int_equal(options.plan.settings.timeout_us, good[i].time_us);
		options_free(&options);
	}
}

static void
test_when(void **state)
{
	static const char *const bad[] = {"", "yes", "Always", "al", "always "};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse_argument("--color", bad[i], "is not auto, always or never");
		refuse_argument("--progress", bad[i], "is not auto, always or never");
	}
}

static void
test_bad_outputs(void **state)
{
	char message[256];

	(void)state;
	(void)snprintf(
	    message, sizeof(message), "-o: no format 'yaml': there are %s", report_formats());
	refuse(WORDS(VIP, "-o", "yaml"), message);
	refuse(WORDS(VIP, "-oyaml:file"), message);
	(void)snprintf(
	    message, sizeof(message), "--output: no format '': there are %s", report_formats());
	refuse(WORDS(VIP, "--output="), message);
	refuse(WORDS(VIP, "--output=:file"), message);
	(void)snprintf(message, sizeof(message), "-o: no format 'tex': there are %s",
	    report_formats()); /* not by its beginning */
	refuse(WORDS(VIP, "-o", "tex"), message);
	refuse(WORDS(VIP, "-o", "json:"), "-o: 'json:' names no file: write FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json:a", "-o", "text", "-o", "text:a"),
	    "-o: two reports can't both go to a: write one to a file of its own, as FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json", "-o", "text"),
	    "-o: two reports can't both go to standard output: write one to a file of its own, as "
	    "FORMAT:FILE");
	refuse(WORDS(VIP, "-o", "json", "--output=text:-"),
	    "--output: two reports can't both go to standard output: write one to a file of its "
	    "own, as FORMAT:FILE");
}

static void
test_evidence(void **state)
{
	struct options options;

	(void)state;
	accept(&options, WORDS(VIP));
	assert_null(options.evidence);
	options_free(&options);
	accept(&options, WORDS(VIP, "--evidence", "a.pcap", "-o", "json:a", "--evidence=b.pcap"));
	assert_string_equal(options.evidence, "b.pcap");
	options_free(&options);
	accept(&options, WORDS(VIP, "--evidence", "-", "-o", "json:a"));
	assert_string_equal(options.evidence, "-");
	options_free(&options);

	refuse(WORDS(VIP, "--evidence"), "--evidence needs an argument (see --help)");
	refuse(WORDS(VIP, "--evidence="), "--evidence: '' names no file");
	refuse(WORDS(VIP, "--evidence", "a", "-o", "json:b", "-o", "text:a"),
	    "--evidence: a report goes to a already: write one of them to a file of its own");
	/* The text report is the default. */
	refuse(WORDS(VIP, "--evidence", "-"),
	    "--evidence: a report goes to standard output already: write one of them to a file of "
	    "its own");
	refuse(WORDS(VIP, "-o", "json", "--evidence", "-"),
	    "--evidence: a report goes to standard output already: write one of them to a file of "
	    "its own");
}

static void
test_plan_is_checked(void **state)
{
	char *nothing[] = {NULL};

	(void)state;
	refuse((char *[]){"arpaudit", NULL}, "no VIP to audit: name one with --vip (see --help)");
	refuse(nothing, "no VIP to audit: name one with --vip (see --help)");
	refuse(WORDS(VIP, "-r", "10.77.0.100"),
	    "10.77.0.100 is both a VIP and a real server: name real servers by their own "
	    "addresses");
}

static void
test_help_fits_a_screen(void **state)
{
	size_t lines = 0;

	(void)state;
	for (const char *line = options_help; *line != '\0'; lines++) {
		const size_t length = strcspn(line, "\n");

		assert_in_range(length, 0, 80);
		assert_int_equal(line[length], '\n');
		line += length + 1;
	}
	assert_in_range(lines, 1, 50);
}

/* Each option that the help shows is one, and takes an argument if it is shown with one. */
static void
test_help_is_true(void **state)
{
	size_t count = 0;

	(void)state;
	for (const char *line = options_help; line != NULL; line = strchr(line + 1, '\n')) {
		struct options options;
		struct error error;
		char word[64];
		const char *name = line + 1;
		size_t length;

		if (strncmp(name, "  -", 3) != 0 && strncmp(name, "      --", 8) != 0)
			continue;
		name = strstr(name, "--");
		length = strcspn(name, " \n");
		(void)snprintf(word, sizeof(word), "%.*s", (int)length, name);
		(void)parse(&options, &error, WORDS(word));
		options_free(&options);
		assert_null(strstr(error.text, "no such option"));
		assert_int_equal(
		    strstr(error.text, "needs an argument") != NULL, name[length + 1] != ' ');
		count++;
	}
	assert_int_equal(count, 21);
}

static void
test_help_has_the_defaults(void **state)
{
	char text[64];

	(void)state;
	(void)snprintf(text, sizeof(text), "frames per second (default %d,", PLAN_RATE_DEFAULT);
	assert_non_null(strstr(options_help, text));
	(void)snprintf(
	    text, sizeof(text), "broadcasts per second (default %d,", PLAN_BROADCAST_RATE_DEFAULT);
	assert_non_null(strstr(options_help, text));
	assert_true(PLAN_CONFIDENCE_DEFAULT == 1e-6);
	assert_non_null(strstr(options_help, "(default 1e-6)"));
	(void)snprintf(
	    text, sizeof(text), "answers (default %d,", PLAN_LINGER_US_DEFAULT / 1000000);
	assert_non_null(strstr(options_help, text));
	(void)snprintf(text, sizeof(text), "text (default) or json");
	assert_non_null(strstr(options_help, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_plan_options),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_report_options),
	    cmocka_unit_test(test_help_and_version),
	    cmocka_unit_test(test_bad_options),
	    cmocka_unit_test(test_operands),
	    cmocka_unit_test(test_option_names),
	    cmocka_unit_test_setup_teardown(test_file_of_hosts, scratch_setup, scratch_teardown),
	    cmocka_unit_test(test_rates),
	    cmocka_unit_test(test_vlan),
	    cmocka_unit_test(test_confidence),
	    cmocka_unit_test(test_seconds),
	    cmocka_unit_test(test_when),
	    cmocka_unit_test(test_bad_outputs),
	    cmocka_unit_test(test_evidence),
	    cmocka_unit_test(test_plan_is_checked),
	    cmocka_unit_test(test_help_fits_a_screen),
	    cmocka_unit_test(test_help_is_true),
	    cmocka_unit_test(test_help_has_the_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
