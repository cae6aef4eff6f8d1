/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/address_set.h"

#include <stdlib.h>

static int
compare(const void *a, const void *b)
{
	return address_compare(a, b);
}

bool
address_set_add(struct address_set *set, const struct address *address)
{
	if (!address_is_set(address))
		return true;
	if (set->count == set->capacity) {
		const size_t capacity = set->capacity == 0 ? 64 : 2 * set->capacity;
		struct address *const grown =
		    reallocarray(set->address, capacity, sizeof(*set->address));

		if (grown == NULL)
			return false;
		set->address = grown;
		set->capacity = capacity;
	}
	set->address[set->count++] = *address;
	return true;
}

void
address_set_sort(struct address_set *set)
{
	if (set->count > 0)
		qsort(set->address, set->count, sizeof(*set->address), compare);
}

bool
address_set_has(const struct address_set *set, const struct address *address)
{
	return set->count > 0 &&
	       bsearch(address, set->address, set->count, sizeof(*set->address), compare) != NULL;
}

void
address_set_free(struct address_set *set)
{
	free(set->address);
	*set = (struct address_set){.address = NULL};
}
