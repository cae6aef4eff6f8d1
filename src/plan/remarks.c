/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/plan_remarks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lists.h"

bool
remarks_leave_out(
    struct plan_remarks *remarks, const char *rip, const char *reason, struct error *error)
{
	struct plan_left_out *left_out;

	for (size_t i = 0; i < remarks->left_out_count; i++)
		if (strcmp(remarks->left_out[i].rip, rip) == 0 &&
		    strcmp(remarks->left_out[i].reason, reason) == 0)
			return true;
	left_out = list_grow(
	    remarks->left_out, remarks->left_out_count, sizeof(*remarks->left_out), error);
	if (left_out == NULL)
		return false;
	remarks->left_out = left_out;
	left_out = &remarks->left_out[remarks->left_out_count];
	(void)snprintf(left_out->rip, sizeof(left_out->rip), "%s", rip);
	left_out->reason = reason;
	remarks->left_out_count++;
	return true;
}

bool
remarks_warn(struct plan_remarks *remarks, struct error *error, const char *format, ...)
{
	char **warnings =
	    list_grow(remarks->warnings, remarks->warning_count, sizeof(*warnings), error);
	char text[256];
	va_list arguments;

	if (warnings == NULL)
		return false;
	remarks->warnings = warnings;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	warnings[remarks->warning_count] = strdup(text);
	if (warnings[remarks->warning_count] == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	remarks->warning_count++;
	return true;
}

bool
remarks_skip(
    struct plan_remarks *remarks, const char *check, const char *reason, struct error *error)
{
	struct plan_skip *const skips =
	    list_grow(remarks->skips, remarks->skip_count, sizeof(*skips), error);

	if (skips == NULL)
		return false;
	remarks->skips = skips;
	skips[remarks->skip_count] =
	    (struct plan_skip){.check = strdup(check), .reason = strdup(reason)};
	remarks->skip_count++;
	return (skips[remarks->skip_count - 1].check != NULL &&
		   skips[remarks->skip_count - 1].reason != NULL) ||
	       error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

const char *
remarks_skipped(const struct plan_remarks *remarks, const char *check)
{
	for (size_t i = 0; i < remarks->skip_count; i++)
		if (strcmp(remarks->skips[i].check, check) == 0)
			return remarks->skips[i].reason;
	return NULL;
}

/* Skips are the user's own words: a cluster has each once. */
static bool
add_skips(struct plan_remarks *remarks, const struct plan_remarks *others, struct error *error)
{
	for (size_t i = 0; i < others->skip_count; i++)
		if (remarks_skipped(remarks, others->skips[i].check) == NULL &&
		    !remarks_skip(remarks, others->skips[i].check, others->skips[i].reason, error))
			return false;
	return true;
}

bool
remarks_add(struct plan_remarks *remarks, const struct plan_remarks *others, struct error *error)
{
	for (size_t i = 0; i < others->left_out_count; i++)
		if (!remarks_leave_out(
			remarks, others->left_out[i].rip, others->left_out[i].reason, error))
			return false;
	for (size_t i = 0; i < others->warning_count; i++)
		if (!remarks_warn(remarks, error, "%s", others->warnings[i]))
			return false;
	return add_skips(remarks, others, error);
}

void
remarks_free(struct plan_remarks *remarks)
{
	for (size_t i = 0; i < remarks->warning_count; i++)
		free(remarks->warnings[i]);
	for (size_t i = 0; i < remarks->skip_count; i++) {
		free(remarks->skips[i].check);
		free(remarks->skips[i].reason);
	}
	free(remarks->skips);
	free(remarks->warnings);
	free(remarks->left_out);
	*remarks = (struct plan_remarks){.left_out = NULL};
}
