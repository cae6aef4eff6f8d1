/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results made by hand, for the tests of the reports.
 */
#ifndef SAMPLE_RESULT_H
#define SAMPLE_RESULT_H

#include <stddef.h>

#include "arpaudit/result.h"

struct sample {
	const char *name;
	void (*fill)(struct result *result); /* into one that has an arena */
};

extern const struct sample samples[];
extern const size_t sample_count;

/* The sample of that name, to be released by result_free(). Asserts that there is one. */
struct result sample_result(const char *name);

#endif
