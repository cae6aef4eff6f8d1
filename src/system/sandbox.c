/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "landlock.h"

static enum landlock_reach
reach_of(const struct sandbox *sandbox, enum sandbox_phase phase)
{
	if (phase != SANDBOX_WATCH)
		return REACH_NEW_FILES;
	return sandbox->rereads ? REACH_READS : REACH_REWRITES;
}

bool
sandbox_confine(struct sandbox *sandbox, enum sandbox_phase phase, const int *folders, size_t count,
    struct error *error)
{
	return landlock_restrict(folders, count, reach_of(sandbox, phase), &sandbox->landlock) ||
	       error_set(error, EXIT_CANNOT_RUN, "can't restrict the process to its files: %s",
		   strerror(errno));
}

bool
sandbox_enter(struct sandbox *sandbox, enum sandbox_phase phase, struct error *error)
{
	return filter_load(phase, &sandbox->filtered) ||
	       error_set(
		   error, EXIT_CANNOT_RUN, "can't restrict the system calls: %s", strerror(errno));
}

const char *
sandbox_describe(const struct sandbox *sandbox, char text[SANDBOX_TEXT_SIZE])
{
	char landlock[32] = "";

	if (sandbox->landlock > 0)
		(void)snprintf(landlock, sizeof(landlock), " %d", sandbox->landlock);
	(void)snprintf(text, SANDBOX_TEXT_SIZE,
	    "no capabilities, no_new_privs, %sseccomp, %sLandlock%s",
	    sandbox->filtered ? "" : "no ", sandbox->landlock > 0 ? "" : "no ", landlock);
	return text;
}

const char *
sandbox_built_with(char text[SANDBOX_TEXT_SIZE])
{
	char filter[SANDBOX_TEXT_SIZE];

	(void)snprintf(text, SANDBOX_TEXT_SIZE, "%.100s, Landlock", filter_built_with(filter));
	return text;
}
