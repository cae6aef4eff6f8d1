/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for capture files, and for the watch that listens to them. The input is a
 * file.
 *
 * Whatever a capture holds, nobody is compliant, each event can be written, and so can the report.
 */
#include <stdlib.h>
#include <string.h>

#include "arpaudit/capture_file.h"
#include "arpaudit/checks.h"
#include "arpaudit/report.h"
#include "arpaudit/watch.h"
#include "input.h"

#define FRAMES_MAX 20000
#define REPORTED   64 /* one of so many results is written as a report, too */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct plan plan;
static FILE *nowhere;

static void
check(bool good)
{
	if (!good)
		abort();
}

static void
clean(void)
{
	(void)unlink("capture");
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct error error = {0};
	struct plan_cluster *cluster;

	(void)argc;
	(void)argv;
	enter_folder();
	require(atexit(clean) == 0, "atexit");
	nowhere = fopen("/dev/null", "we");
	plan_init(&plan);
	cluster = plan_add_cluster(&plan, "fuzz");
	check(nowhere != NULL && cluster != NULL &&
	      plan_add_vips(cluster, "10.77.0.100,10.77.0.101", &error) &&
	      plan_add_hosts(cluster, "10.77.0.11-13", &error) &&
	      plan_add_directors(cluster, "10.77.0.3", &error) && plan_check(cluster, &error));
	return 0;
}

static void
tell_events(struct watch *watch, uint64_t now_us, bool written)
{
	struct event event;

	while (watch_next(watch, now_us, &event)) {
		check(event.count > 0 && event.first_us <= event.last_us);
		check(!written || (event_write_text(&event, false, nowhere) &&
				      event_write_json(&event, nowhere)));
	}
}

static void
judge(const struct watch *watch, uint64_t now_us, bool written)
{
	static const struct report_style style = {.verbose = 1};
	struct cluster_result cluster;
	struct result result = {.arena = arena_new(), .clusters = &cluster, .cluster_count = 1};

	check(result.arena != NULL);
	watch_result(watch, now_us, result.arena, &cluster);
	check(cluster.verdict != VERDICT_COMPLIANT);
	for (size_t i = 0; i < cluster.vip_count; i++)
		for (size_t k = 0; k < cluster.vips[i].host_count; k++)
			check(cluster.vips[i].hosts[k].verdict != VERDICT_COMPLIANT);
	result.verdict = cluster.verdict;
	check(!written || (report_json.write(&result, &style, nowhere) &&
			      report_text.write(&result, &style, nowhere)));
	result_free(&result);
}

static void
listen_to(struct capture_file *file, bool written)
{
	static const struct audit_segment segment = {.interface = "file"};
	const struct watch_of of = {.cluster = &plan.clusters[0],
	    .settings = &plan.settings,
	    .segment = &segment,
	    .table = &check_table};
	struct error error = {0};
	struct watch *watch = watch_new(&of, 0, &error);
	struct capture capture;
	uint64_t now_us = 0;

	check(watch != NULL);
	for (int i = 0; i < FRAMES_MAX && capture_file_next(file, &capture, &error) == 1; i++) {
		check(capture.length <= capture.wire_length);
		if (capture.time_us > now_us)
			now_us = capture.time_us;
		watch_receive(watch, now_us, &capture);
		tell_events(watch, now_us, written);
	}
	watch_end(watch);
	tell_events(watch, now_us, written);
	judge(watch, now_us, written);
	watch_free(watch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {0};
	struct capture_file *file;

	write_input("capture", data, size);
	file = capture_file_open("capture", &error);
	if (file != NULL)
		listen_to(file, size % REPORTED == 0);
	check((file == NULL) == (error.status != 0));
	capture_file_close(file);
	return 0;
}
