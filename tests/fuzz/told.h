/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the targets of the engine, the watch and captures are told in the end, and what must hold of
 * it.
 */
#ifndef FUZZ_TOLD_H
#define FUZZ_TOLD_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "arpaudit/report.h"
#include "arpaudit/watch.h"

#define REPORTED  64 /* one of so many results is written, too */
#define TOLD_VIPS 2

#define check(good) ((good) ? (void)0 : check_failed(#good))

static FILE *nowhere;

static inline void
check_failed(const char *what)
{
	(void)fprintf(stderr, "check failed: %s\n", what);
	abort();
}

static inline void
told_begin(void)
{
	nowhere = fopen("/dev/null", "we");
	check(nowhere != NULL);
}

/* The report's own target writes many more: elsewhere it takes more time than all else. */
static inline void
told_report(const struct result *result)
{
	static const struct report_style style = {.verbose = 1, .width = 80};

	check(report_text.write(result, &style, nowhere));
	check(report_json.write(result, &style, nowhere));
}

static inline void
told_event(const struct event *event, uint64_t now_us, bool written)
{
	check(event->count > 0 && event->first_us <= event->last_us && event->last_us <= now_us);
	for (const char *letter = event->message; *letter != '\0'; letter++)
		check((unsigned char)*letter >= ' ');
	check(!written ||
	      (event_write_text(event, false, nowhere) && event_write_json(event, nowhere)));
}

static inline void
told_events(struct watch *watch, uint64_t now_us, bool written)
{
	struct event event;

	while (watch_next(watch, now_us, &event))
		told_event(&event, now_us, written);
}

/* What the watch says by now: nobody is compliant. The verdicts are those of the VIPs, of TOLD_VIPS
 * at the most. */
static inline void
told_result(
    const struct watch *watch, uint64_t now_us, bool written, enum verdict verdicts[TOLD_VIPS])
{
	struct cluster_result cluster;
	struct result result = {.arena = arena_new(), .clusters = &cluster, .cluster_count = 1};

	check(result.arena != NULL);
	watch_result(watch, now_us, result.arena, &cluster);
	check(cluster.verdict != VERDICT_COMPLIANT && cluster.vip_count <= TOLD_VIPS);
	for (size_t i = 0; i < cluster.vip_count; i++) {
		verdicts[i] = cluster.vips[i].verdict;
		for (size_t k = 0; k < cluster.vips[i].host_count; k++)
			check(cluster.vips[i].hosts[k].verdict != VERDICT_COMPLIANT);
	}
	result.verdict = cluster.verdict;
	if (written)
		told_report(&result);
	result_free(&result);
}

#endif
