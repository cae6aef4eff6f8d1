/* SPDX-License-Identifier: BSD-2-Clause */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#define AFTER_US 1000000
#define EVERY_US 100000

static const char *const phases[] = {
    [PHASE_HOSTS] = "asking hosts",
    [PHASE_OWNERS] = "asking owners",
    [PHASE_RESTORE] = "restoring the owner",
    [PHASE_LINGER] = "late proxied answers",
};

void
progress_begin(struct progress *progress, const struct run *run)
{
	*progress = (struct progress){.due_us = run->started_us + AFTER_US};
}

/* An audit that has not begun has the longest way to go. */
static void
add_waiting(struct audit_progress *all, const struct run_pair *pair)
{
	if (pair->error.status != 0)
		return;
	all->hosts += (uint32_t)pair->cluster->host_count;
	all->phase = PHASE_HOSTS;
	all->until_us = UINT64_MAX;
}

/* Of several audits, the one that has the longest way to go says what is waited for. */
static struct audit_progress
sum(const struct run *run)
{
	struct audit_progress all = {.phase = PHASE_LINGER};

	for (size_t i = 0; i < run->pair_count; i++) {
		struct audit_progress one;

		if (run->pairs[i].audit == NULL) {
			add_waiting(&all, &run->pairs[i]);
			continue;
		}
		one = audit_progress(run->pairs[i].audit);
		all.hosts += one.hosts;
		all.hosts_done += one.hosts_done;
		all.hosts_alive += one.hosts_alive;
		if (one.phase < all.phase)
			all.phase = one.phase;
		if (one.until_us > all.until_us)
			all.until_us = one.until_us;
	}
	return all;
}

void
progress_show(struct progress *progress, const struct run *run, uint64_t now_us)
{
	if (!run->progress || now_us < progress->due_us)
		return;

	const struct audit_progress all = sum(run);
	char left[32] = "";

	if (all.until_us != UINT64_MAX && all.until_us > now_us)
		(void)snprintf(left, sizeof(left), "%s%.1f s",
		    all.phase == PHASE_LINGER ? ", " : ", at most ",
		    (double)(all.until_us - now_us) / 1e6);
	progress->due_us = now_us + EVERY_US;
	progress->shown = true;
	(void)fprintf(stderr,
	    "\r\033[K%.1f s: %s%s; %" PRIu32 " of %" PRIu32 " hosts decided, %" PRIu32 " alive",
	    (double)(now_us - run->started_us) / 1e6, phases[all.phase], left, all.hosts_done,
	    all.hosts, all.hosts_alive);
}

void
progress_end(struct progress *progress)
{
	if (progress->shown)
		(void)fputs("\r\033[K", stderr);
	progress->shown = false;
}
