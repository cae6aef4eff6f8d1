/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a JSON document, checked. The first mistake is kept in the reader's error; after it all
 * functions return harmless values, so that callers need not look after each of them.
 */
#ifndef READ_H
#define READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/arena.h"
#include "arpaudit/error.h"
#include "arpaudit/result.h"

struct reader {
	struct arena *arena;
	struct error *error;
	const char *file;  /* for messages */
	const char *where; /* the object that is read: "VIP 10.77.0.100" */
};

/* Remembers that `key` is not what it must be. Returns false. */
bool read_fail(struct reader *reader, const char *key, const char *expected);

/* Members of an object; the object may be NULL. The texts are in the arena. */
const char *read_text(struct reader *reader, const json_t *object, const char *key);
const char *read_text_or_null(struct reader *reader, const json_t *object, const char *key);
/* Letters a to z and hyphens, 1 to 32 of them. */
const char *read_identifier(struct reader *reader, const json_t *object, const char *key);
bool read_is_identifier(const char *text);
uint64_t read_count(struct reader *reader, const json_t *object, const char *key, uint64_t most);
/* The same; null or no such key is 0. */
uint64_t read_count_or_null(
    struct reader *reader, const json_t *object, const char *key, uint64_t most);
/* A number from 0 to 1; null is -1. */
double read_share(struct reader *reader, const json_t *object, const char *key);
bool read_boolean(struct reader *reader, const json_t *object, const char *key);
/* An array or object; an empty one after a mistake. */
const json_t *read_list(struct reader *reader, const json_t *object, const char *key);
const json_t *read_object(struct reader *reader, const json_t *object, const char *key);

/* The number of elements, checked: 0 if it is more than `most`, of which messages speak as WHAT. */
size_t read_size(struct reader *reader, const char *what, size_t count, size_t most);

struct address read_address(struct reader *reader, const json_t *object, const char *key);
/* Sets `has` to whether there is one. */
struct mac read_mac(struct reader *reader, const json_t *object, const char *key, bool *has);
uint64_t read_time(struct reader *reader, const json_t *object, const char *key);
/* Sets `length`. */
const uint8_t *read_bytes(
    struct reader *reader, const json_t *object, const char *key, size_t *length);
/* The number of the word among `count` words that `name` gives. */
unsigned read_word(struct reader *reader, const json_t *object, const char *key, unsigned count,
    const char *(*name)(unsigned number));

#endif
