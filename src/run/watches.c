/* SPDX-License-Identifier: BSD-2-Clause */
#include "watches.h"

bool
watches_begin(struct run *run, uint64_t now_us, struct error *error)
{
	for (size_t i = 0; i < run->pair_count; i++) {
		struct run_pair *pair = &run->pairs[i];
		const struct audit_segment segment = {
		    .interface = pair->interface.name,
		    .mac = pair->interface.mac,
		    .own = pair->interface.own,
		    .elicit_port = pair->elicit_port,
		};
		const struct watch_of of = {
		    .cluster = pair->cluster,
		    .settings = &pair->cluster->settings,
		    .segment = &segment,
		    .table = run->table,
		    .ignored = pair->cluster->ignored,
		    .ignored_count = pair->cluster->ignored_count,
		};

		if (pair->error.status != 0)
			continue;
		pair->watch = watch_new(&of, now_us, error);
		if (pair->watch == NULL)
			return false;
	}
	return true;
}

void
watches_receive(
    const struct run *run, const struct run_segment *segment, const struct capture *capture)
{
	for (size_t i = 0; run->purpose != RUN_AUDITS && i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL && run->pairs[i].segment == segment)
			watch_receive(run->pairs[i].watch, clock_now_us(&run->clock), capture);
}

bool
watches_concern(
    const struct run *run, const struct run_segment *segment, const struct capture *capture)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL && run->pairs[i].segment == segment &&
		    watch_concerns(run->pairs[i].watch, capture))
			return true;
	return false;
}

void
watches_lose(const struct run *run, const struct run_segment *segment, uint64_t count)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL && run->pairs[i].segment == segment)
			watch_capture_lost(run->pairs[i].watch, clock_now_us(&run->clock), count);
}

uint64_t
watches_wakeup_us(const struct run *run)
{
	uint64_t earliest_us = UINT64_MAX;

	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL &&
		    watch_wakeup_us(run->pairs[i].watch) < earliest_us)
			earliest_us = watch_wakeup_us(run->pairs[i].watch);
	return earliest_us;
}

void
watches_end(const struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL)
			watch_end(run->pairs[i].watch);
}

bool
watches_next(const struct run *run, uint64_t now_us, struct event *event)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].watch != NULL && watch_next(run->pairs[i].watch, now_us, event))
			return true;
	return false;
}
