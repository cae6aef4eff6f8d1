/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts texts, however many there are: each is found in logarithmic time.
 *
 *	struct text_counts counts = {.arena = arena};
 *	bool first = (*text_counts_of(&counts, text))++ == 0;
 *	text_counts_free(&counts);
 */
#ifndef ARPAUDIT_TEXT_COUNTS_H
#define ARPAUDIT_TEXT_COUNTS_H

#include <stddef.h>

#include "arpaudit/arena.h"

struct text_counts {
	struct arena *arena;
	void *tree; /* NULL: empty */
};

/* The count of that text, which is borrowed; 0 for one that was not asked for before. The program
 * ends if memory is short. */
size_t *text_counts_of(struct text_counts *counts, const char *text);
void text_counts_free(struct text_counts *counts);

#endif
