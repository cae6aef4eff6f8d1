/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for capture files, and for the watch that listens to them. The input is a
 * file.
 *
 * Whatever a capture holds, nobody is compliant, each event can be written, and so can the report.
 */
#include <stdlib.h>

#include "arpaudit/capture_file.h"
#include "arpaudit/checks.h"
#include "input.h"
#include "told.h"

#define FRAMES_MAX 20000

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct plan plan;

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
	told_begin();
	plan_init(&plan);
	cluster = plan_add_cluster(&plan, "fuzz");
	check(cluster != NULL && plan_add_vips(cluster, "10.77.0.100,10.77.0.101", &error) &&
	      plan_add_hosts(cluster, "10.77.0.11-13", &error) &&
	      plan_add_directors(cluster, "10.77.0.3", &error) && plan_check(cluster, &error));
	return 0;
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
	enum verdict verdicts[TOLD_VIPS];
	struct capture capture;
	uint64_t now_us = 0;

	check(watch != NULL);
	for (int i = 0; i < FRAMES_MAX && capture_file_next(file, &capture, &error) == 1; i++) {
		check(capture.length <= capture.wire_length);
		if (capture.time_us > now_us)
			now_us = capture.time_us;
		watch_receive(watch, now_us, &capture);
		told_events(watch, now_us, written);
	}
	watch_end(watch);
	told_events(watch, now_us, written);
	told_result(watch, now_us, written, verdicts);
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
