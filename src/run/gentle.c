/* SPDX-License-Identifier: BSD-2-Clause */
#include "gentle.h"

static bool
is_on_same_port(const struct run_pair *a, const struct run_pair *b)
{
	return a->error.status == 0 && b->error.status == 0 &&
	       mac_equal(&a->interface.mac, &b->interface.mac);
}

static bool
be_gentle(struct run *run, struct run_pair *pair)
{
	struct run_pair *first = NULL;
	uint32_t sharers = 0;

	for (size_t i = 0; i < run->pair_count; i++) {
		struct run_pair *const other = &run->pairs[i];

		if (!is_on_same_port(pair, other))
			continue;
		first = first == NULL ? other : first;
		pair->settings.gentle = pair->settings.gentle || other->cluster->settings.gentle;
		sharers++;
	}
	if (!pair->settings.gentle || first == NULL)
		return true;
	if (first->gentle == NULL)
		first->gentle = gentle_new(sharers);
	return first->gentle != NULL;
}

bool
gentle_begin(struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (!be_gentle(run, &run->pairs[i]))
			return false;
	return true;
}

struct gentle *
gentle_of(const struct run *run, const struct run_pair *pair, uint32_t *sharer)
{
	struct gentle *gentle = NULL;

	*sharer = 0;
	for (size_t i = 0; i < run->pair_count; i++) {
		const struct run_pair *const other = &run->pairs[i];

		if (!is_on_same_port(pair, other))
			continue;
		gentle = gentle == NULL ? other->gentle : gentle;
		*sharer += other < pair;
	}
	return gentle;
}
