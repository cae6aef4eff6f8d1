/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listening to a capture file, by its own clock.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/listen.h"
#include "arpaudit/signals.h"
#include "events.h"
#include "watches.h"

/* The frames that an audit sent have the time before they left. */
#define LATE_US 100000

/* What was read. */
struct reading {
	uint64_t frames, heard, late; /* late: by more than LATE_US */
	uint64_t other_vlan;          /* of VLANs that no cluster is on */
	uint16_t vlan;                /* the first of these */
	uint64_t now_us;              /* of the latest frame */
};

static const char *
last_part(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool
listen_open_file(struct run *run, struct plan *plan, const char *name, struct error *error)
{
	run->purpose = RUN_LISTENS;
	run->pairs = calloc(plan->cluster_count, sizeof(*run->pairs));
	run->segments = calloc(1, sizeof(*run->segments));
	if (run->pairs == NULL || run->segments == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	run->pair_count = plan->cluster_count;
	for (size_t i = 0; i < run->pair_count; i++) {
		run->pairs[i].cluster = &plan->clusters[i];
		run->pairs[i].segment = run->segments;
		(void)snprintf(run->pairs[i].interface.name, LINK_NAME_SIZE, "%.15s",
		    strcmp(name, "-") == 0 ? "stdin" : last_part(name));
	}
	return true;
}

static bool
is_on_vlan(const struct run *run, uint16_t vlan)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].cluster->vlan == vlan)
			return true;
	return false;
}

static void
count(struct reading *reading, const struct run *run, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;

	reading->frames++;
	reading->late += capture->time_us + LATE_US < reading->now_us;
	if (capture->time_us > reading->now_us)
		reading->now_us = capture->time_us;
	if (frame->kind != FRAME_ARP && frame->kind != FRAME_VRRP)
		return;
	reading->heard++;
	if (is_on_vlan(run, frame->vlan))
		return;
	if (reading->other_vlan++ == 0)
		reading->vlan = frame->vlan;
}

static bool
hear(struct run *run, struct files *files, const struct capture *capture, uint64_t now_us,
    struct error *error)
{
	/* First what fell due before the frame came. */
	if (!events_tell(run, files, now_us, error))
		return false;
	for (size_t i = 0; i < run->pair_count; i++)
		watch_receive(run->pairs[i].watch, now_us, capture);
	return events_tell(run, files, now_us, error);
}

/* What the user should know of the file. */
static void
tell_reading(const struct reading *reading, const struct error *damage, const char *name)
{
	if (damage->status != 0)
		(void)fprintf(
		    stderr, "arpaudit: %s: what was read until then is judged\n", damage->text);
	if (reading->late > 0)
		(void)fprintf(stderr,
		    "arpaudit: %s: %" PRIu64 " frames are older than frames before them: they were "
		    "heard at its time\n",
		    name, reading->late);
	if (reading->heard == 0)
		(void)fprintf(stderr, "arpaudit: %s: it has no frames of ARP or VRRP\n", name);
	else if (reading->other_vlan == reading->heard && reading->vlan != 0)
		(void)fprintf(stderr,
		    "arpaudit: %s: all its frames of ARP and VRRP are tagged, the first with VLAN "
		    "%u: name the "
		    "VLAN with --vlan\n",
		    name, reading->vlan);
	else if (reading->other_vlan == reading->heard)
		(void)fprintf(stderr,
		    "arpaudit: %s: none of its frames is of the VLAN: leave out --vlan if it "
		    "was captured on the VLAN's interface\n",
		    name);
}

bool
listen_to_file(
    struct run *run, struct listening *listening, struct capture_file *file, struct error *error)
{
	const char *const name = listening->options->watch.file;
	struct reading reading = {.frames = 0};
	struct error damage = {.status = 0};
	struct capture capture;
	bool good = true;

	while (good && signals_caught() == 0 && capture_file_next(file, &capture, &damage) == 1) {
		count(&reading, run, &capture);
		if (reading.frames == 1) {
			run->started_us = reading.now_us;
			good = watches_begin(run, reading.now_us, error);
		}
		good = good && hear(run, listening->files, &capture, reading.now_us, error);
	}
	if (good && reading.frames == 0)
		good = watches_begin(run, 0, error);
	run->finished_us = reading.now_us;
	run->segments[0].statistics.captured = reading.frames;
	tell_reading(&reading, &damage, strcmp(name, "-") == 0 ? "standard input" : name);
	run->cut_short = damage.status != 0;
	watches_end(run);
	return good && events_tell(run, listening->files, reading.now_us, error);
}
