/* SPDX-License-Identifier: BSD-2-Clause */
#include "draw.h"

#include <assert.h>

bool
percent(struct random *random, uint32_t chance)
{
	return random_below(random, 100) < chance;
}

uint32_t
between(struct random *random, uint32_t first, uint32_t last)
{
	return first + random_below(random, last - first + 1);
}

void
add_action(struct scenario *scenario, uint64_t time_us, enum action_kind kind, uint32_t member,
    uint32_t count)
{
	assert(scenario->action_count < ACTIONS_MAX);
	scenario->actions[scenario->action_count++] =
	    (struct action){.time_us = time_us, .kind = kind, .member = member, .count = count};
}

uint32_t
any_server(const struct scenario *scenario, struct random *random)
{
	uint32_t member;

	do {
		member = random_below(random, scenario->cast_count);
	} while (scenario->cast[member].part != PART_SERVER);
	return member;
}

uint64_t
moment_us(struct random *random)
{
	return between(random, 0, 1500000);
}
