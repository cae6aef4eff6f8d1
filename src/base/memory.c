/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/memory.h"

#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "arpaudit/error.h"

#define RESERVE (1 << 20)

/* There is one process, which ends once. */
static void (*at_end)(void *context);
static void *at_end_context;

void
memory_at_end(void (*end)(void *context), void *context)
{
	at_end = end;
	at_end_context = context;
	json_set_alloc_funcs(memory_need, free);
}

void
memory_exhausted(void)
{
	void (*const end)(void *context) = at_end;

	at_end = NULL;
	if (end != NULL)
		end(at_end_context);
	else
		(void)fputs("arpaudit: out of memory\n", stderr);
	exit(EXIT_CANNOT_RUN);
}

void *
memory_need(size_t size)
{
	void *const memory = malloc(size);

	if (memory == NULL && size > 0)
		memory_exhausted();
	return memory;
}

bool
memory_reserve(void)
{
#ifdef __GLIBC__
	const int kept = 2 * RESERVE;

	(void)mallopt(M_MMAP_THRESHOLD, kept);
	(void)mallopt(M_TRIM_THRESHOLD, kept);
#endif
	void *const memory = malloc(RESERVE);

	free(memory);
	return memory != NULL;
}
