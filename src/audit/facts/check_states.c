/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/check_states.h"

#include <stdlib.h>
#include <string.h>

#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"

struct check_states {
	const struct check *const *checks;
	size_t count;
	unsigned char *states[]; /* one array per check: [host × vip_count + vip] */
};

static size_t
count_checks(const struct check *const *checks)
{
	size_t count = 0;

	while (checks[count] != NULL)
		count++;
	return count;
}

bool
check_states_init(struct facts *facts, const struct check *const *checks)
{
	const size_t pairs = (size_t)host_count(facts) * vip_count(facts);
	const size_t count = count_checks(checks);
	struct check_states *states =
	    calloc(1, sizeof(*states) + count * sizeof(states->states[0]));

	facts->check_states = states;
	if (states == NULL)
		return false;
	states->checks = checks;
	states->count = count;
	for (size_t i = 0; i < count; i++) {
		states->states[i] = calloc(pairs * checks[i]->state_size + 1, 1);
		if (states->states[i] == NULL)
			return false;
	}
	return true;
}

void
check_states_free(struct facts *facts)
{
	if (facts->check_states == NULL)
		return;
	for (size_t i = 0; i < facts->check_states->count; i++)
		free(facts->check_states->states[i]);
	free(facts->check_states);
}

static unsigned char *
state_of(const struct facts *facts, size_t check, uint32_t host, uint32_t vip)
{
	const struct check_states *states = facts->check_states;

	return states->states[check] +
	       ((size_t)host * vip_count(facts) + vip) * states->checks[check]->state_size;
}

struct pair
check_pair(const struct facts *facts, size_t check, uint32_t host, uint32_t vip)
{
	return (struct pair){
	    .facts = facts,
	    .host = host,
	    .vip = vip,
	    .state = state_of(facts, check, host, vip),
	};
}

struct observation
check_observation(struct facts *facts, size_t check, uint32_t host)
{
	return (struct observation){
	    .facts = facts,
	    .host = host,
	    .states = state_of(facts, check, host, 0),
	    .state_size = facts->check_states->checks[check]->state_size,
	};
}

void
check_states_forget(struct facts *facts, uint32_t host)
{
	const struct check_states *states = facts->check_states;

	for (size_t i = 0; i < states->count; i++)
		for (uint32_t vip = 0; vip < vip_count(facts); vip++)
			if (states->checks[i]->forget != NULL)
				states->checks[i]->forget(state_of(facts, i, host, vip));
}

void
check_states_clear(struct facts *facts, uint32_t host)
{
	const struct check_states *states = facts->check_states;

	for (size_t i = 0; i < states->count; i++)
		memset(state_of(facts, i, host, 0), 0,
		    vip_count(facts) * states->checks[i]->state_size);
}
