/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses a single host. A word has at most WORD_MAX octets; error messages quote it.
 */
#ifndef ELEMENT_H
#define ELEMENT_H

#include <stdbool.h>

#include "arpaudit/address.h"
#include "arpaudit/error.h"

/* Parses an IPv4 address that a host can have. */
bool element_address(const char *word, struct address *address, struct error *error);

/* Parses an IPv4 address or resolves a name that has exactly one. If the word is a name, `name`
 * becomes a copy that the caller frees; otherwise NULL. `kinds` lists what is accepted here, for
 * the message
 * "'WORD' is not KINDS". */
bool element_host(
    const char *word, const char *kinds, struct address *address, char **name, struct error *error);

/* Refuse an address that no host can have, and IPv6. These are the two checks of element_address(),
 * for words that contain more than an address. */
bool element_check_host(const char *word, const struct address *address, struct error *error);
bool element_check_family(const char *word, struct error *error);

#endif
