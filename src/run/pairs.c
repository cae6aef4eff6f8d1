/* SPDX-License-Identifier: BSD-2-Clause */
#include "pairs.h"

bool
pairs_go_on(const struct run *run, struct error *error)
{
	const struct run_pair *const first = &run->pairs[0];

	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].error.status == 0)
			return true;
	if (run->pair_count == 1)
		return error_set(error, EXIT_CANNOT_RUN, "%s", first->error.text);
	return error_set(error, EXIT_CANNOT_RUN,
	    "none of the %zu clusters can be audited; the first is %s: %s", run->pair_count,
	    first->cluster->name, first->error.text);
}
