/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/status.h"

#include <stdio.h>

enum plugin_status {
	PLUGIN_OK = 0,
	PLUGIN_WARNING,
	PLUGIN_CRITICAL,
	PLUGIN_UNKNOWN,
};

int
status_of(const struct result *result, int signal, const struct error *error)
{
	static const enum exit_status statuses[] = {
	    [VERDICT_COMPLIANT] = EXIT_COMPLIANT,
	    [VERDICT_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
	    [VERDICT_VIOLATION] = EXIT_VIOLATION,
	};

	if (error->status != 0)
		return EXIT_CANNOT_RUN;
	return signal != 0 ? EXIT_SIGNAL + signal : (int)statuses[result_verdict(result)];
}

int
status_for_plugin(int status, const struct error *error)
{
	if (error->status != 0 && fflush(stdout) == 0)
		(void)printf("ARPAUDIT UNKNOWN: %s\n", error->text);
	switch (status) {
	case EXIT_COMPLIANT:
		return PLUGIN_OK;
	case EXIT_INCONCLUSIVE:
		return PLUGIN_WARNING;
	case EXIT_VIOLATION:
		return PLUGIN_CRITICAL;
	default:
		return PLUGIN_UNKNOWN;
	}
}
