/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One host, as users write it. A word has at most WORD_MAX octets; messages quote it.
 */
#ifndef ELEMENT_H
#define ELEMENT_H

#include <stdbool.h>

#include "arpaudit/address.h"
#include "arpaudit/error.h"

/* An IPv4 address that a host can have. */
bool element_address(const char *word, struct address *address, struct error *error);

/* An IPv4 address, or a name that has just one. `name` becomes a copy of the word, to be freed,
 * when it was a name, else NULL. `kinds` is what may be written here, for a message that the word
 * is "neither" of them. */
bool element_host(
    const char *word, const char *kinds, struct address *address, char **name, struct error *error);

/* Refuse what no host can have, and IPv6: the two parts of element_address() for words that are
 * more than an address. */
bool element_check_host(const char *word, const struct address *address, struct error *error);
bool element_check_family(const char *word, struct error *error);

#endif
