/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts allocations. The linker substitutes these functions for malloc(3) and its kin (--wrap).
 */
#include <stdlib.h>

#include "run.h"

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker wants these names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static size_t taken;
static uint64_t calls;

size_t
memory_taken(void)
{
	return taken;
}

uint64_t
memory_calls(void)
{
	return calls;
}

void *
__wrap_malloc(size_t size)
{
	taken += size;
	calls++;
	return __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	taken += count * size;
	calls++;
	return __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	taken += size;
	calls++;
	return __real_realloc(memory, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */
