/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What users see of a plan, and of a mistake in it.
 */
#ifndef FUZZ_SHOWN_H
#define FUZZ_SHOWN_H

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/options.h"
#include "arpaudit/plan_show.h"
#include "input.h"

/* No octet of it moves a terminal's cursor, but for the ends of lines, where it may have them. */
static inline void
check_printable(const char *text, const char *ends)
{
	for (; *text != '\0'; text++)
		require((unsigned char)*text >= ' ' || strchr(ends, *text) != NULL, "printable");
}

/* The first mistake is the error, the others stand behind it. */
static inline void
check_mistakes(const struct options *options, const struct error *error)
{
	const struct services *const services = &options->sources.services;

	require(error->status != 0 && *error->text != '\0', "a message");
	check_printable(error->text, "");
	for (size_t i = 0; i < services->mistake_count; i++)
		check_printable(services->mistakes[i], "");
}

static inline void
show_plan_as(const struct plan *plan, bool (*show)(const struct plan *, FILE *), bool json)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const stream = open_memstream(&text, &size);
	json_t *value;

	require(stream != NULL && show(plan, stream) && fclose(stream) == 0, "the plan");
	require(strlen(text) == size, "a text");
	check_printable(text, "\n");
	value = json ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	require(!json || value != NULL, "JSON");
	json_decref(value);
	free(text);
}

/* A plan that was accepted can be shown. */
static inline void
show_plan(const struct plan *plan)
{
	show_plan_as(plan, plan_show_text, false);
	show_plan_as(plan, plan_show_json, true);
}

#endif
