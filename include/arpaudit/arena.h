/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that is released all at once: the texts and arrays of a result.
 */
#ifndef ARPAUDIT_ARENA_H
#define ARPAUDIT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void); /* NULL: out of memory */
void arena_free(struct arena *arena);

/* Zeroed and aligned for any type. Running out of memory ends the process with a message: these are
 * small amounts, bounded by the plan, and there is no report without them. `size` may be 0. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* As vprintf(3) is to printf(3). */
char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif
