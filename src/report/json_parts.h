/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the JSON report and the events of a watch share. The rules for memory are those of
 * json_values.h.
 */
#ifndef JSON_PARTS_H
#define JSON_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "arpaudit/finding.h"

#define TIME_TEXT_SIZE 64

/* RFC 3339, in UTC, with microseconds. NULL if the year has no such text. Returns `text`. */
const char *time_text(uint64_t time_us, char text[TIME_TEXT_SIZE]);
json_t *json_from_time(uint64_t time_us);
json_t *json_from_number_or_null(uint64_t number); /* null if it is 0, which means none */
json_t *json_from_evidence(const struct evidence *from);

/* Writes the document with a newline after it, and releases it. `whole` is NULL if memory was
 * short. False with errno set. */
bool json_write(json_t *whole, size_t flags, FILE *stream);

#endif
