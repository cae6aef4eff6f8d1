/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Elements of a list: what the readers of the plan read their texts with.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "arpaudit/error.h"

/* Reads one element; `context` is the caller's. */
typedef bool word_reader(void *context, const char *word, struct error *error);

/* Calls `reader` for each element of "A,B,C". An empty one, or none at all, is an error: `what`
 * says what they are ("--vip"). */
bool words_split(
    const char *text, const char *what, word_reader *reader, void *context, struct error *error);

/* The same for a file of elements separated by blanks, commas and newlines, with # comments; "-" is
 * standard input. Errors are led by "FILE:LINE: ". */
bool words_read(const char *path, word_reader *reader, void *context, struct error *error);

/* Grows an array by one zeroed element and returns it; NULL with `error` set when memory is short.
 */
void *words_grow(void **array, size_t *count, size_t size, struct error *error);

#endif
