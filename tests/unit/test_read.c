/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved JSON reports: they say the same when they are read again, several become one, and nothing
 * else is taken for a report. What changed between two results.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include "arpaudit/arena.h"
#include "arpaudit/checks.h"
#include "arpaudit/drift.h"
#include "arpaudit/read.h"
#include "arpaudit/report.h"
#include "sample_result.h"
#include "scratch.h"
#include "texts.h"

#define ADDRESS(writer) &(writer),
static const struct report_writer *const writers[] = {REPORT_WRITERS(ADDRESS)};
#define WRITER_COUNT (sizeof(writers) / sizeof(writers[0]))

static const struct report_style plain = {0};

static char *
written(const struct report_writer *writer, const struct result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	assert_true(writer->write(result, &plain, stream));
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* The JSON report of a sample. Release it with free(). */
static char *
json_of(const char *sample)
{
	struct result result = sample_result(sample);
	char *text = written(&report_json, &result);

	result_free(&result);
	return text;
}

static struct result
read_text(const char *text)
{
	static const char *const paths[] = {"report.json"};
	struct error error = {.status = 0};
	struct result result;

	scratch_write_text("report.json", text);
	if (!result_read(&result, paths, 1, check_title_find, &error))
		fail_msg("%s", error.text);
	return result;
}

static void
refuse_text(const char *text, const char *message)
{
	static const char *const paths[] = {"report.json"};
	struct error error = {.status = 0};
	struct result result;

	scratch_write_text("report.json", text);
	assert_false(result_read(&result, paths, 1, check_title_find, &error));
	assert_int_equal(error.status, EXIT_USAGE);
	assert_holds(error.text, "report.json");
	assert_holds(error.text, message);
}

/* The text with the first `from` replaced. Release it with free(). */
static char *
changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *copy;

	assert_non_null(at);
	copy = malloc(strlen(text) + strlen(to) + 1);
	assert_non_null(copy);
	(void)sprintf(copy, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	return copy;
}

static void
test_a_report_that_is_read_says_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sample_count; i++) {
		struct result original = sample_result(samples[i].name);
		char *json = written(&report_json, &original);
		struct result result = read_text(json);

		/* These are of the report, not of the audit. A hostile text is made safe when it is
		 * written, so it is compared as the second writing has it. */
		result.host = original.host;
		result.options = original.options;
		result.option_count = original.option_count;
		assert_int_equal(result_verdict(&result), result_verdict(&original));
		for (size_t k = 0; k < WRITER_COUNT; k++) {
			char *before = written(writers[k], &original);
			char *after = written(writers[k], &result);

			if (strcmp(samples[i].name, "hostile") != 0)
				assert_string_equal(after, before);
			free(before);
			free(after);
		}
		result_free(&original);
		result_free(&result);
		free(json);
	}
}

static void
test_a_part_of_a_report_is_refused(void **state)
{
	char *json = json_of("inconclusive");
	const size_t length = strlen(json);

	(void)state;
	for (size_t cut = 0; cut + 1 < length; cut += cut < 300 || cut + 300 > length ? 1 : 17) {
		char *part = strndup(json, cut);

		assert_non_null(part);
		refuse_text(part, "not a JSON report");
		free(part);
	}
	free(json);
}

static void
test_wrong_values_are_refused(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
	    {"\"arpaudit-report/1\"", "\"arpaudit-report/2\"", "newer"},
	    {"\"schema\"", "\"other\"", "'schema' must be a text"},
	    {"\"complete\": true", "\"complete\": 1", "'complete' must be true or false"},
	    {"\"verdict\": \"violation\"", "\"verdict\": \"fine\"", "'verdict' must be one of"},
	    {"T03:04:05.678901Z", "T03:04:05Z", "'started' must be a time"},
	    {"T03:04:05.678901Z", "T03:04:09.000000Z", "'finished' must be after"},
	    {"\"vlan\": null", "\"vlan\": 5000", "'vlan' must be"},
	    {"\"hosts_asked\": 5", "\"hosts_asked\": -5", "'hosts_asked' must be"},
	    {"\"10.77.0.12\"", "\"10.77.0.1200\"", "must be an IP address"},
	    {"\"02:00:00:00:00:0c\"", "\"02:00:00:00:00\"", "must be a MAC"},
	    {"\"bytes\": \"ff", "\"bytes\": \"xf", "'bytes' must be hexadecimal"},
	    {"\"cause\": \"speaks-as-vip\"", "\"cause\": \"a|b\"", "'cause' must be a word"},
	    {"\"vip-reply\": {", "\"vip\\u001breply\": {", "'checks' must be named"},
	    {"\"role\": \"real-server\"", "\"role\": \"cook\"", "'role' must be one of"},
	    {"\"arp_ignore\": [", "\"arp_ignore\": [99,", "'arp_ignore' must be"},
	    {"\"false_pass_bound\": 0.0", "\"false_pass_bound\": 7.5", "from 0 to 1"},
	    {"\"clusters\": [", "\"clusters\": 7, \"others\": [", "'clusters' must be a list"},
	    {"\"hosts\": [", "\"hosts\": [7,", "must be"},
	    {"\"owner_restored\": true", "\"owner_restored\": null", "'owner_restored'"},
	};
	char *json = json_of("violation");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *wrong = changed(json, cases[i].from, cases[i].to);

		refuse_text(wrong, cases[i].message);
		free(wrong);
	}
	refuse_text("[]", "not a JSON report");
	refuse_text("{\"a\": 1, \"a\": 1}", "not a JSON report");
	free(json);
}

/* A whole is never better than its worst part, whatever the file says. */
static void
test_no_file_excuses_a_fault(void **state)
{
	char *json = json_of("violation");
	char *at = json;

	(void)state;
	while ((at = strstr(at, "\"verdict\": \"violation\"")) != NULL)
		memcpy(strstr(at, "violation"), "compliant", sizeof("compliant") - 1);
	struct result result = read_text(json);

	assert_int_equal(result_verdict(&result), VERDICT_VIOLATION);
	assert_int_equal(result.clusters[0].verdict, VERDICT_VIOLATION);
	assert_int_equal(result.clusters[0].vips[0].verdict, VERDICT_VIOLATION);
	assert_int_equal(result.clusters[0].vips[0].hosts[1].verdict, VERDICT_VIOLATION);
	result_free(&result);
	free(json);
}

static void
test_unknown_keys_and_checks_are_read_over(void **state)
{
	char *json = json_of("compliant");
	char *newer = changed(json, "\"complete\"", "\"moon\": {\"phase\": [1]}, \"complete\"");
	struct result result = read_text(newer);
	const struct check_result *check;

	(void)state;
	assert_int_equal(result_verdict(&result), VERDICT_COMPLIANT);
	result_free(&result);
	free(newer);
	for (int i = 0; i < 2; i++) { /* of both hosts */
		newer = changed(json, "\"service\": {", "\"moon-phase\": {");
		free(json);
		json = newer;
	}
	result = read_text(json);
	check = result_check(&result.clusters[0].vips[0].hosts[0], "moon-phase");
	assert_non_null(check);
	assert_string_equal(check->title->heading, "MOON-PHASE");
	result_free(&result);
	free(json);
}

static void
test_reports_are_merged(void **state)
{
	static const char *const paths[] = {"a", "b", "c"};
	struct error error = {.status = 0};
	struct result result;
	char *text = json_of("compliant");

	(void)state;
	scratch_write_text("a", text);
	free(text);
	text = json_of("violation");
	scratch_write_text("b", text);
	free(text);
	text = json_of("incomplete");
	scratch_write_text("c", text);
	free(text);
	assert_true(result_read(&result, paths, 3, check_title_find, &error));
	assert_int_equal(result.cluster_count, 3);
	assert_string_equal(result.clusters[0].name, "web");
	assert_string_equal(result.clusters[1].name, "web@jump1");
	assert_string_equal(result.clusters[2].name, "web@jump1#3");
	assert_int_equal(result_verdict(&result), VERDICT_VIOLATION);
	assert_false(result.complete);
	assert_int_equal(result.wire.frames_sent, 3 * 61);
	assert_int_equal(result.wire.leaks_provoked, 2);
	assert_int_equal(result.wire.peak_host_arp_per_s, 27);
	assert_int_equal(result.finished_us - result.started_us, 1210345);
	result_free(&result);
	assert_false(result_read(
	    &result, (const char *const[]){"a", "missing"}, 2, check_title_find, &error));
	assert_string_equal(
	    error.text, "can't read missing: No such file or directory: check its name");
}

/* The whole can be read again. */
static void
test_no_sum_is_too_large_for_a_report(void **state)
{
	static const char *const paths[] = {"most", "most"};
	struct error error = {.status = 0};
	struct result result;
	char *json = json_of("compliant");
	char *frames = changed(json, "\"frames_sent\": 61", "\"frames_sent\": 9223372036854775807");
	char *most = changed(frames, "\"leaks_provoked\": 0", "\"leaks_provoked\": 4294967295");

	(void)state;
	scratch_write_text("most", most);
	assert_true(result_read(&result, paths, 2, check_title_find, &error));
	assert_true(result.wire.frames_sent == INT64_MAX);
	assert_true(result.wire.leaks_provoked == UINT32_MAX);
	free(json);
	json = written(&report_json, &result);
	result_free(&result);
	result = read_text(json);
	assert_true(result.wire.frames_sent == INT64_MAX);
	result_free(&result);
	free(most);
	free(frames);
	free(json);
}

static struct host_result *
host_in(struct result *result, size_t index)
{
	return (struct host_result *)&result->clusters[0].vips[0].hosts[index];
}

static void
assert_drift(struct result *before, struct result *now, size_t count, const char *const lines[])
{
	const struct drift drift = drift_between(before, now);

	assert_int_equal(drift.since_us, before->finished_us);
	for (size_t i = 0; i < drift.line_count && i < count; i++)
		assert_string_equal(drift.lines[i], lines[i]);
	assert_int_equal(drift.line_count, count);
}

static void
assert_csv_name(const char *name, const char *field)
{
	struct result result = sample_result("compliant");
	char *text;

	host_in(&result, 0)->name = name;
	text = written(&report_csv, &result);
	assert_holds(text, field);
	free(text);
	result_free(&result);
}

/* Also where a semicolon separates the fields, and where the fields are quoted. */
static void
test_no_name_is_a_formula(void **state)
{
	(void)state;
	assert_csv_name("=cmd|'/C calc'!A0", ",'=cmd|'/C calc'!A0,");
	assert_csv_name("x;=cmd|'/C calc'!A0", ",\"x;'=cmd|'/C calc'!A0\",");
	assert_csv_name("x; \"@SUM(A1)\"", ",\"x;' \"\"@SUM(A1)\"\"\",");
	assert_csv_name(" -1", ",' -1,");
	assert_csv_name("one;two", ",\"one;two\",");
	assert_csv_name("-", ",-,");
}

/* What a report has in the place of `path`, keys and indexes; it ends with NULL. */
static json_t *
part_of(json_t *report, const char *const path[])
{
	for (; *path != NULL; path++)
		report = json_is_array(report) ? json_array_get(report, (size_t)atoi(*path))
					       : json_object_get(report, *path);
	assert_non_null(report);
	return report;
}

/* Releases the report. */
static char *
dumped(json_t *report)
{
	char *text = json_dumps(report, 0);

	json_decref(report);
	return text;
}

static json_t *
loaded(const char *sample)
{
	char *text = json_of(sample);
	json_t *report = json_loads(text, 0, NULL);

	free(text);
	return report;
}

/* The first element of a list, again and again. */
static void
repeat(json_t *list, size_t count)
{
	assert_true(json_array_size(list) > 0);
	while (json_array_size(list) < count)
		assert_int_equal(json_array_append(list, json_array_get(list, 0)), 0);
}

#define VIPS "clusters", "0", "vips"
#define HOST VIPS, "0", "hosts", "1"

static void
test_more_than_an_audit_makes_is_refused(void **state)
{
	static const char *const findings[] = {HOST, "findings", NULL};
	static const char *const checks[] = {HOST, "checks", NULL};
	static const char *const one[] = {HOST, "checks", "vip-reply", NULL};
	json_t *report = loaded("violation"), *object, *check;
	char *text;

	(void)state;
	repeat(part_of(report, findings), RESULT_FINDINGS_MAX + 1);
	text = dumped(report);
	refuse_text(
	    text, "it has 4097 'findings' in one place, and no audit reports more than 4096");
	free(text);
	report = loaded("violation");
	object = part_of(report, checks);
	check = part_of(report, one);
	for (int i = 0; json_object_size(object) <= RESULT_CHECKS_MAX; i++) {
		const char name[] = {'x', '-', (char)('a' + i / 26), (char)('a' + i % 26), '\0'};

		assert_int_equal(json_object_set(object, name, check), 0);
	}
	text = dumped(report);
	refuse_text(text, "it has 33 'checks' in one place, and no audit reports more than 32");
	free(text);
}

/* The processor time that reading so many clusters of one name takes. */
/* Work is counted, not timed: comparisons of texts, and octets of arenas. */
static uint64_t work;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker wants these names */
int __real_strcmp(const char *one, const char *other);
int __wrap_strcmp(const char *one, const char *other);
void *__real_arena_alloc(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_alloc(struct arena *arena, size_t count, size_t size);

int
__wrap_strcmp(const char *one, const char *other)
{
	work++;
	return __real_strcmp(one, other);
}

void *
__wrap_arena_alloc(struct arena *arena, size_t count, size_t size)
{
	work += count * size / 8;
	return __real_arena_alloc(arena, count, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static uint64_t
work_of_clusters(size_t count, const char *last_name)
{
	static const char *const clusters[] = {"clusters", NULL};
	static const char *const vips[] = {VIPS, NULL};
	json_t *report = loaded("compliant");
	char *text;

	assert_int_equal(json_array_clear(part_of(report, vips)), 0);
	repeat(part_of(report, clusters), count);
	text = dumped(report);
	work = 0;
	struct result result = read_text(text);
	const uint64_t done = work;

	assert_int_equal(result.cluster_count, count);
	assert_string_equal(result.clusters[count - 1].name, last_name);
	result_free(&result);
	free(text);
	return done;
}

/* Ten times the clusters take some ten times the work. If each name were compared with each, they
 * would take a hundred times as much. */
static void
test_many_clusters_of_one_name(void **state)
{
	const uint64_t few = work_of_clusters(600, "web@jump1#600");
	const uint64_t many = work_of_clusters(6000, "web@jump1#6000");

	(void)state;
	assert_true(many < 30 * few);
}

static const struct finding *
many_findings(struct arena *arena, size_t count)
{
	struct finding *findings = arena_alloc(arena, count, sizeof(*findings));
	struct cause *causes = arena_alloc(arena, count, sizeof(*causes));

	for (size_t i = 0; i < count; i++) {
		const char *name = arena_format(arena, "f%zu", i);

		causes[i] = (struct cause){.code = name, .title = name};
		findings[i] = (struct finding){.id = name,
		    .cause = &causes[i],
		    .severity = SEVERITY_VIOLATION,
		    .message = name,
		    .remedy = ""};
	}
	return findings;
}

/* What it takes to write a VIP and a host with that many findings, each of its own kind. */
static uint64_t
work_of_findings(const struct report_writer *writer, size_t count)
{
	struct result result = sample_result("violation");
	struct vip_result *vip = (struct vip_result *)&result.clusters[0].vips[0];
	struct host_result *host = (struct host_result *)&vip->hosts[1];

	vip->findings = host->findings = many_findings(result.arena, count);
	vip->finding_count = host->finding_count = count;
	work = 0;
	free(written(writer, &result));
	result_free(&result);
	return work;
}

static void
test_many_findings_take_no_square_of_the_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < WRITER_COUNT; i++) {
		const uint64_t few = work_of_findings(writers[i], 64);
		const uint64_t many = work_of_findings(writers[i], 1024);

		if (many > 30 * few)
			fail_msg("%s: %llu for 64 findings, %llu for 1,024", writers[i]->format,
			    (unsigned long long)few, (unsigned long long)many);
	}
}

static uint64_t
work_of_files(size_t count)
{
	const char **paths = calloc(count, sizeof(*paths));
	struct error error = {.status = 0};
	struct result result;

	assert_non_null(paths);
	for (size_t i = 0; i < count; i++)
		paths[i] = "report.json";
	work = 0;
	assert_true(result_read(&result, paths, count, check_title_find, &error));
	assert_true(result.cluster_count >= count);
	result_free(&result);
	free(paths);
	return work;
}

static void
test_many_files_take_no_square_of_the_time(void **state)
{
	char *text = json_of("compliant");

	(void)state;
	scratch_write_text("report.json", text);
	free(text);
	assert_true(work_of_files(512) < 30 * work_of_files(32));
}

static void
test_what_stays_is_no_drift(void **state)
{
	(void)state;
	for (size_t i = 0; i < sample_count; i++) {
		struct result before = sample_result(samples[i].name);
		struct result now = sample_result(samples[i].name);

		now.finished_us += 600000;
		now.wire.frames_sent++;
		assert_drift(&before, &now, 0, NULL);
		result_free(&before);
		result_free(&now);
	}
}

static void
test_drift(void **state)
{
	static const char *const lines[] = {
	    "the audit: violation, was compliant",
	    "VIP 10.77.0.100: violation, was compliant",
	    "VIP 10.77.0.100: owner 02:00:00:00:00:03 (10.77.0.3), was "
	    "02:00:00:00:00:03 (10.77.0.3, director)",
	    "VIP 10.77.0.100: 10.77.0.11 (rs1) is violation, was compliant",
	    "VIP 10.77.0.100: 10.77.0.11 (rs1) has the MAC 0a:00:00:00:00:0b, was "
	    "02:00:00:00:00:0b",
	    "VIP 10.77.0.100: 10.77.0.12 is gone",
	    "VIP 10.77.0.100: 10.77.0.77 is new: compliant",
	};
	struct result before = sample_result("compliant"), now = sample_result("compliant");
	struct vip_result *vip = (struct vip_result *)&now.clusters[0].vips[0];

	(void)state;
	now.verdict = VERDICT_VIOLATION;
	vip->verdict = VERDICT_VIOLATION;
	((struct owner_result *)vip->owners)->expected = false;
	host_in(&now, 0)->verdict = VERDICT_VIOLATION;
	host_in(&now, 0)->mac.octet[0] = 0x0a;
	host_in(&now, 1)->rip.octet[3] = 77;
	assert_drift(&before, &now, 7, lines);
	result_free(&before);
	result_free(&now);
}

static void
test_drift_of_vips_and_findings(void **state)
{
	static const char *const lines[] = {
	    "VIP 10.77.0.101: is gone",
	};
	struct result before = sample_result("several"), now = sample_result("several");
	struct result few = sample_result("violation"), more = sample_result("violation");
	struct drift drift;

	(void)state;
	((struct cluster_result *)now.clusters)->vip_count = 1;
	assert_drift(&before, &now, 1, lines);
	host_in(&few, 1)->finding_count = 1;
	drift = drift_between(&few, &more);
	assert_int_equal(drift.line_count, 1);
	assert_string_equal(drift.lines[0],
	    "VIP 10.77.0.100: 10.77.0.12 (rs2) has the findings vip-reply (answers-for-vip), "
	    "vip-source (speaks-as-vip), was vip-reply (answers-for-vip)");
	result_free(&before);
	result_free(&now);
	result_free(&few);
	result_free(&more);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILES(test_a_report_that_is_read_says_the_same),
	    WITH_FILES(test_a_part_of_a_report_is_refused),
	    WITH_FILES(test_wrong_values_are_refused),
	    WITH_FILES(test_no_file_excuses_a_fault),
	    WITH_FILES(test_unknown_keys_and_checks_are_read_over),
	    WITH_FILES(test_reports_are_merged),
	    WITH_FILES(test_no_sum_is_too_large_for_a_report),
	    cmocka_unit_test(test_no_name_is_a_formula),
	    cmocka_unit_test(test_more_than_an_audit_makes_is_refused),
	    cmocka_unit_test(test_many_clusters_of_one_name),
	    cmocka_unit_test(test_many_findings_take_no_square_of_the_time),
	    WITH_FILES(test_many_files_take_no_square_of_the_time),
	    cmocka_unit_test(test_what_stays_is_no_drift),
	    cmocka_unit_test(test_drift),
	    cmocka_unit_test(test_drift_of_vips_and_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
