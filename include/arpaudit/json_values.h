/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a JSON document, for all who write one with jansson.
 *
 * A constructor returns NULL if memory is short. A container takes over each reference that is put
 * into it, even if that fails, and accepts no NULL. So every shortage ends as a NULL document, and
 * nothing leaks.
 */
#ifndef ARPAUDIT_JSON_VALUES_H
#define ARPAUDIT_JSON_VALUES_H

#include <jansson.h>

#include "arpaudit/address.h"

/* Returns the array. Returns NULL, and releases the array, if the value cannot be appended. */
json_t *json_array_add(json_t *array, json_t *value);

json_t *json_from_text(const char *from);  /* one line, made printable; null for NULL */
json_t *json_from_lines(const char *from); /* the same for several lines; NULL is not allowed */
json_t *json_from_mac(const struct mac *from);
json_t *json_from_address(const struct address *from); /* null for no address */

#endif
