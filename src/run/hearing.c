/* SPDX-License-Identifier: BSD-2-Clause */
#include "hearing.h"

#include <assert.h>

#include "watches.h"

/* Then the other segments, the signals and the timers have their turn, however busy the link is. */
#define FRAMES_PER_TURN     256
#define STATISTICS_EVERY_US 100000

void
hearing_begin(struct hearing *hearing, const struct run *run, struct run_segment *segment)
{
	*hearing = (struct hearing){
	    .run = run, .segment = segment, .statistics_us = run->audits_us, .all_read = true};
}

void
hearing_add(struct hearing *hearing, struct run_pair *pair)
{
	const uint64_t now_us = clock_now_us(&hearing->run->clock);

	assert(hearing->count < RUN_INTERFACE_MAX);
	if (hearing->count == 0 && now_us > hearing->statistics_us + STATISTICS_EVERY_US) {
		link_skip(hearing->segment->link);
		hearing->statistics_us = now_us;
	}
	hearing->pair[hearing->count++] = pair;
}

void
hearing_remove(struct hearing *hearing, const struct run_pair *pair)
{
	size_t kept = 0;

	for (size_t i = 0; i < hearing->count; i++)
		if (hearing->pair[i] != pair)
			hearing->pair[kept++] = hearing->pair[i];
	hearing->count = kept;
}

uint64_t
hearing_keep(const struct run *run, const struct capture *capture)
{
	return run->evidence == NULL ? 0 : evidence_keep(run->evidence, capture);
}

bool
hearing_watch(struct hearing *hearing, uint64_t now_us, struct error *error)
{
	struct run_segment *const segment = hearing->segment;
	const uint64_t dropped = segment->statistics.dropped;
	const uint64_t since_us = hearing->statistics_us;

	if (!link_statistics(segment->link, &segment->statistics, error))
		return false;
	hearing->statistics_us = now_us;
	hearing->statistics_due_us = now_us + STATISTICS_EVERY_US;
	for (size_t i = 0; i < hearing->count && segment->statistics.dropped > dropped; i++)
		audit_capture_lost(hearing->pair[i]->audit, since_us, now_us);
	return true;
}

static bool
concerns_any(const struct hearing *hearing, const struct capture *capture)
{
	for (size_t i = 0; i < hearing->count; i++)
		if (audit_concerns(hearing->pair[i]->audit, capture))
			return true;
	return false;
}

bool
hearing_receive(struct hearing *hearing, struct error *error)
{
	const struct run *const run = hearing->run;
	struct capture capture;
	int status = 1;

	for (int i = 0; i < FRAMES_PER_TURN; i++) {
		status = link_receive(hearing->segment->link, &capture, error);
		if (status != 1)
			break;
		if (run->evidence != NULL && concerns_any(hearing, &capture))
			capture.number = hearing_keep(run, &capture);
		for (size_t j = 0; j < hearing->count; j++)
			audit_receive(hearing->pair[j]->audit, clock_now_us(&run->clock), &capture);
		watches_receive(run, hearing->segment, &capture);
	}
	hearing->all_read = status == 0;
	return status >= 0;
}
