/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/json_values.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/printable.h"

json_t *
json_array_add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *
safe_string(const char *from, char *(*make_safe)(const char *text, char *safe, size_t size))
{
	const size_t size = strlen(from) + 1;
	char *safe = malloc(size);
	json_t *string = safe == NULL ? NULL : json_string(make_safe(from, safe, size));

	free(safe);
	return string;
}

json_t *
json_from_text(const char *from)
{
	return from == NULL ? json_null() : safe_string(from, printable);
}

json_t *
json_from_lines(const char *from)
{
	return safe_string(from, printable_lines);
}

json_t *
json_from_mac(const struct mac *from)
{
	char written[MAC_TEXT_SIZE];

	return json_string(mac_format(from, written));
}

json_t *
json_from_address(const struct address *from)
{
	char written[ADDRESS_TEXT_SIZE];

	return address_is_set(from) ? json_string(address_format(from, written)) : json_null();
}
