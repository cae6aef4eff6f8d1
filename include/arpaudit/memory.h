/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happens when memory runs out where nobody can go on without it: in the arenas of results,
 * and in jansson. The amounts are small and bounded by the plan. The process ends at once, so no
 * caller has to pass the failure on, and jansson never meets it: its parser takes it for a
 * mistake in the file.
 */
#ifndef ARPAUDIT_MEMORY_H
#define ARPAUDIT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on calls `end` before the process ends: once, even if memory runs out in it. It removes
 * the files that are not whole, and tells the user. From now on jansson ends the process too. */
void memory_at_end(void (*end)(void *context), void *context);

/* Ends the process with EXIT_CANNOT_RUN. Without memory_at_end() it prints a message. */
_Noreturn void memory_exhausted(void);

/* Has malloc(3) hold a MiB, for a library that does something wrong where it gets no memory:
 * libseccomp and libpcap's compiler need a seventh of it. Only glibc is known to keep it. False if
 * there is not so much. */
bool memory_reserve(void);

/* malloc(3) that does not fail. */
void *memory_need(size_t size);

#endif
