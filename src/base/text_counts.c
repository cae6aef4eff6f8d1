/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/text_counts.h"

#include <search.h>
#include <string.h>

#include "arpaudit/memory.h"

struct counted {
	const char *text;
	size_t count;
};

static int
compare(const void *one, const void *other)
{
	const struct counted *a = one, *b = other;

	return strcmp(a->text, b->text);
}

size_t *
text_counts_of(struct text_counts *counts, const char *text)
{
	const struct counted key = {.text = text};
	struct counted *const *found = tfind(&key, &counts->tree, compare);

	if (found != NULL)
		return &(*found)->count;
	struct counted *const entered = arena_alloc(counts->arena, 1, sizeof(*entered));

	*entered = key;
	if (tsearch(entered, &counts->tree, compare) == NULL)
		memory_exhausted();
	return &entered->count;
}

/* Nothing to free: they are in the arena. */
static void
leave(void *counted)
{
	(void)counted;
}

void
text_counts_free(struct text_counts *counts)
{
	tdestroy(counts->tree, leave);
	counts->tree = NULL;
}
