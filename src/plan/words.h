/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses lists of words on the command line and in files.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stdio.h>

#include "arpaudit/error.h"

/* The maximum octets in a word, as in a domain name (RFC 1035 section 2.3.4). */
#define WORD_MAX 255

/* Handles one word, which has 1 to WORD_MAX octets. `context` is the caller's. */
typedef bool word_reader(void *context, const char *word, struct error *error);

/* A stream whose next octet begins a JSON object. */
struct json_input {
	FILE *stream;
	const char *name; /* of the file, for messages */
	size_t line;      /* that of the next octet */
};
/* Reads it to its end. */
typedef bool json_words_reader(void *context, const struct json_input *input, struct error *error);

struct words {
	const char *what; /* plural noun for messages, such as "hosts" */
	word_reader *read;
	void *context;
	bool files; /* accept @FILE, "-" and "@-" for the words of a file or standard input */
	json_words_reader *read_json; /* a file that begins with `{`; NULL: it is not known */
};

/*
 * Reads each word of "A,B,C" up to the first mistake. An empty list or word is a mistake: it
 * usually comes from an unset variable or a lost line.
 *
 * In a file, words are separated by blanks, commas and newlines; lines may have any length. `#`
 * starts a comment that ends with the line. Messages about a word in a file start with "FILE:LINE:
 * ".
 */
bool words_read(const struct words *words, const char *text, struct error *error);

/* Prefixes the message with "PLACE: ". Returns false. */
bool words_prefix_error(struct error *error, const char *place);

#endif
