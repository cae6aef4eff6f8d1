/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handmade results for the tests of the reports.
 */
#ifndef SAMPLE_RESULT_H
#define SAMPLE_RESULT_H

#include <stddef.h>

#include "arpaudit/result.h"

struct sample {
	const char *name;
	void (*fill)(struct result *result); /* fills a result that has an arena */
};

extern const struct sample samples[];
extern const size_t sample_count;

/* Returns the sample of that name. Release it with result_free(). Asserts that the sample
 * exists. */
struct result sample_result(const char *name);

#endif
