/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "arpaudit/run.h"

void
run_warn(const struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++) {
		const struct plan_remarks *remarks = &run->pairs[i].cluster->remarks;

		for (size_t k = 0; k < remarks->warning_count; k++)
			(void)fprintf(stderr, "arpaudit: warning: %s\n", remarks->warnings[k]);
		if (run->pairs[i].error.status != 0)
			(void)fprintf(stderr, "arpaudit: warning: %s can't be audited: %s\n",
			    run->pairs[i].cluster->name, run->pairs[i].error.text);
	}
}
