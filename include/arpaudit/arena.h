/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An arena allocator: the texts and arrays of a result are released all at once. Nothing fails:
 * running out of memory ends the process (memory.h).
 */
#ifndef ARPAUDIT_ARENA_H
#define ARPAUDIT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Returns zeroed memory, aligned for any type. `size` may be 0. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The va_list form of arena_format(). */
char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* The texts that are not empty, with the separator between them. */
const char *arena_join(
    struct arena *arena, const char *const *texts, size_t count, const char *separator);

#endif
