/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of words, as users write them: on the command line and in files.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "arpaudit/error.h"

/* The most octets of one word: a domain name has no more (RFC 1035 section 2.3.4). */
#define WORD_MAX 255

/* Reads one word, which is not empty and has at most WORD_MAX octets; `context` is the caller's. */
typedef bool word_reader(void *context, const char *word, struct error *error);

struct words {
	const char *what; /* for messages, in the plural: "hosts" */
	word_reader *read;
	void *context;
	bool files; /* @FILE and "-" stand for the words of a file or of standard input */
};

/*
 * Reads each word of "A,B,C" up to the first mistake. No words at all and an empty one among them
 * are mistakes: they come from an unset variable or a lost line.
 *
 * In a file, words are separated by blanks, commas and newlines, in lines of any length; `#` starts
 * a comment that ends with the line. Messages about a word of a file start with "FILE:LINE: ".
 */
bool words_read(const struct words *words, const char *text, struct error *error);

/* Puts "place: " in front of the message; returns false. */
bool words_at(struct error *error, const char *place);

#endif
