/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of addresses. It is filled, then sorted, then asked.
 */
#ifndef ARPAUDIT_ADDRESS_SET_H
#define ARPAUDIT_ADDRESS_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/address.h"

struct address_set {
	struct address *address;
	size_t count, capacity;
};

/* Adds an address, if it is one. False if memory is short. */
bool address_set_add(struct address_set *set, const struct address *address);
void address_set_sort(struct address_set *set);
bool address_set_has(const struct address_set *set, const struct address *address); /* sorted */
void address_set_free(struct address_set *set);

#endif
