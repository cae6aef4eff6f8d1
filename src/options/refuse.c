/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "table.h"

/* The number of letters to change, add, remove or swap to make one word of another (Damerau and
 * Levenshtein's distance, with adjacent swaps only). */
static size_t
distance(const char *one, const char *other)
{
	enum { MAX = 24 };
	size_t d[MAX + 1][MAX + 1];
	const size_t rows = strlen(one), columns = strlen(other);

	if (rows > MAX || columns > MAX)
		return MAX;
	for (size_t i = 0; i <= rows; i++) {
		for (size_t k = 0; k <= columns; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			const bool same = one[i - 1] == other[k - 1];
			size_t least = d[i - 1][k - 1] + (same ? 0 : 1);

			if (d[i - 1][k] + 1 < least)
				least = d[i - 1][k] + 1;
			if (d[i][k - 1] + 1 < least)
				least = d[i][k - 1] + 1;
			if (i > 1 && k > 1 && one[i - 1] == other[k - 2] &&
			    one[i - 2] == other[k - 1] && d[i - 2][k - 2] + 1 < least)
				least = d[i - 2][k - 2] + 1;
			d[i][k] = least;
		}
	}
	return d[rows][columns];
}

/* The option that a mistyped name is most like, or NULL. */
static const char *
most_like(const char *name)
{
	size_t least = strlen(name) > 4 ? 2 : 1;
	const char *found = NULL;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const size_t far = distance(name, options_table[i].name);

		if (far > least || (far == least && found != NULL))
			continue;
		least = far;
		found = options_table[i].name;
	}
	return found;
}

static bool
refuse_unknown(const char *written, struct error *error)
{
	const char *const like = most_like(written + strlen("--"));

	if (like == NULL)
		return error_set(error, EXIT_USAGE, "%s: unknown option (see --help)", written);
	return error_set(
	    error, EXIT_USAGE, "%s: unknown option: did you mean --%s?", written, like);
}

bool
options_refuse(const char *written, struct error *error)
{
	const char *const name = written + strlen("--");
	char all[256] = "";
	size_t count = 0;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const size_t used = strlen(all);

		if (strncmp(options_table[i].name, name, strlen(name)) != 0)
			continue;
		(void)snprintf(all + used, sizeof(all) - used, "%s--%s", count == 0 ? "" : ", ",
		    options_table[i].name);
		count++;
	}
	if (count == 0)
		return refuse_unknown(written, error);
	if (count == 1)
		return error_set(error, EXIT_USAGE, "%s takes no argument (see --help)", written);
	return error_set(error, EXIT_USAGE, "%s is ambiguous (%s): write it in full", written, all);
}
