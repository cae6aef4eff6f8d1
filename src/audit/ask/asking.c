/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/asking.h"

#include "audit/facts/check_states.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

/* Missed fences of a host that say enough about how much is lost. */
#define MISSED_MAX (2 * ROUNDS_MAX)

struct pair
asking_pair(const struct ask *ask, size_t check, uint32_t host, uint32_t vip)
{
	return check_pair(ask->facts, check, host, vip);
}

uint64_t
asking_gap_us(struct ask *ask)
{
	const uint64_t gap_us = round_trip_gap_us(&ask->pace->round_trip);

	return gap_us + random_below(&ask->hosts->gaps, (uint32_t)gap_us / 2);
}

void
asking_schedule(struct ask *ask, enum lane lane, uint32_t host, uint64_t due_us)
{
	ask_schedule(ask, lane, TASK_HOST, host, due_us);
}

void
asking_set_stage(struct ask *ask, uint32_t index, enum stage stage)
{
	struct asked_host *host = asking_of(ask, index);

	inquiry_set_stage(ask->facts, index, stage);
	host->cursor = 0;
	host->attempt_tries = 0;
}

void
asking_enter(struct ask *ask, uint32_t index, enum stage stage, uint64_t due_us)
{
	asking_set_stage(ask, index, stage);
	asking_schedule(ask, LANE_UNICAST, index, due_us);
}

void
asking_set_waiting(struct ask *ask, uint32_t index, bool waits)
{
	struct asked_host *host = asking_of(ask, index);

	if (host->waiting == waits)
		return;
	host->waiting = waits;
	if (waits)
		ask->hosts->waiting++;
	else
		ask->hosts->waiting--;
}

/* When all hosts are pooled, the loss estimate is as good as it gets. Hosts that waited for it then
 * need hardly any further rounds. */
void
asking_pool(struct ask *ask, uint32_t index, uint64_t now_us)
{
	struct asked_host *host = asking_of(ask, index);

	if (host->pooled)
		return;
	host->pooled = true;
	if (++ask->hosts->pooled == host_count(ask->facts))
		asking_wake(ask, now_us);
}

void
asking_wake(struct ask *ask, uint64_t now_us)
{
	for (uint32_t i = 0; i < host_count(ask->facts) && ask->hosts->waiting > 0; i++) {
		if (!asking_of(ask, i)->waiting)
			continue;
		asking_set_waiting(ask, i, false);
		asking_schedule(ask, LANE_UNICAST, i, now_us);
	}
}

/* Whether so few of its exchanges succeed that no number of rounds up to ROUNDS_MAX can reach the
 * bound. A storm that passes is over before so many are missed. */
static bool
is_hopeless(const struct ask *ask, uint32_t host)
{
	return inquiry_of(ask->facts, host)->missed >= MISSED_MAX &&
	       inquiry_all_lost(ask->facts, host, ROUNDS_MAX, 0) > ask->facts->settings->confidence;
}

bool
asking_pair_is_settled(const struct ask *ask, uint32_t host, uint32_t vip, enum path path)
{
	/* Broadcast silences belong to the host, not to the pair, and asking_is_settled() limits
	 * them. */
	if (path == PATH_UNICAST &&
	    (silences_of(ask->facts, host, vip)->rounds >= ROUNDS_MAX || is_hopeless(ask, host)))
		return true;
	for (size_t i = 0; ask->checks[i] != NULL; i++) {
		if (ask->checks[i]->settled == NULL || ask->checks[i]->path != path)
			continue;
		const struct pair pair = asking_pair(ask, i, host, vip);

		if (!ask->checks[i]->settled(&pair))
			return false;
	}
	return true;
}

bool
asking_is_settled(const struct ask *ask, uint32_t host, enum path path)
{
	if (path == PATH_BROADCAST && inquiry_of(ask->facts, host)->resolves >= RESOLVES_MAX)
		return true;
	for (uint32_t vip = 0; vip < vip_count(ask->facts); vip++)
		if (!asking_pair_is_settled(ask, host, vip, path))
			return false;
	return true;
}
