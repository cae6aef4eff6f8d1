/* SPDX-License-Identifier: BSD-2-Clause */
#include "words.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/advice.h"

struct input {
	FILE *stream;
	const char *name;
	size_t line;
};

bool
words_prefix_error(struct error *error, const char *place)
{
	const struct error inner = *error;

	*error = (struct error){0};
	return error_set(error, inner.status, "%s: %s", place, inner.text);
}

static bool
is_separator(int octet)
{
	return octet != '\0' && strchr(", \t\v\f\r\n", octet) != NULL;
}

/* Skips separators and comments. Returns the first octet of the next word, or EOF. */
static int
next_start(struct input *input)
{
	bool comment = false;
	int octet;

	while ((octet = getc(input->stream)) != EOF) {
		if (octet == '\n') {
			input->line++;
			comment = false;
		} else if (octet == '#') {
			comment = true;
		} else if (!comment && !is_separator(octet)) {
			break;
		}
	}
	return octet;
}

/* Reads the next word. Returns false at the end of input and, with `error` set, on a mistake. */
static bool
next_word(struct input *input, char word[WORD_MAX + 1], struct error *error)
{
	size_t length = 0;
	int octet = next_start(input);

	for (; octet != EOF && octet != '#' && !is_separator(octet); octet = getc(input->stream)) {
		if (octet == '\0')
			return error_set(
			    error, EXIT_USAGE, "this is not a text file: it contains a NUL octet");
		if (length == WORD_MAX)
			return error_set(error, EXIT_USAGE,
			    "'%.20s...' is too long: an item has at most %d octets", word,
			    WORD_MAX);
		word[length++] = (char)octet;
		word[length] = '\0';
	}
	(void)ungetc(octet, input->stream); /* next_start() counts newlines */
	return length > 0;
}

static bool
names_file(const char *word)
{
	return word[0] == '@' || strcmp(word, "-") == 0;
}

static bool
begins_json(struct input *input)
{
	const int octet = next_start(input);

	(void)ungetc(octet, input->stream);
	return octet == '{';
}

static bool
read_input(const struct words *words, struct input *input, struct error *error)
{
	char place[PATH_MAX + 32];
	char word[WORD_MAX + 1] = "";
	bool good = true, empty = true;

	if (words->read_json != NULL && begins_json(input))
		return words->read_json(words->context,
		    &(struct json_input){
			.stream = input->stream, .name = input->name, .line = input->line},
		    error);
	while (good && next_word(input, word, error)) {
		empty = false;
		good = names_file(word) ? error_set(error, EXIT_USAGE,
					      "'%s': a file can't include another file", word)
					: words->read(words->context, word, error);
	}
	if (error->status != 0) {
		(void)snprintf(place, sizeof(place), "%s:%zu", input->name, input->line);
		return words_prefix_error(error, place);
	}
	if (ferror(input->stream))
		return error_cannot_read(error, EXIT_USAGE, input->name, errno);
	return !empty || error_set(error, EXIT_USAGE, "no %s in %s", words->what, input->name);
}

static bool
read_stdin(const struct words *words, struct error *error)
{
	struct input input = {.stream = stdin, .name = "standard input", .line = 1};

	if (feof(stdin))
		return error_set(
		    error, EXIT_USAGE, "'-': standard input was already read: use '-' only once");
	return read_input(words, &input, error);
}

static bool
read_file(const struct words *words, const char *path, struct error *error)
{
	struct input input = {.name = path, .line = 1};
	bool good;

	if (*path == '\0')
		return error_set(error, EXIT_USAGE, "'@' has no file name: write @FILE");
	input.stream = fopen(path, "re");
	if (input.stream == NULL)
		return error_cannot_read(error, EXIT_USAGE, path, errno);
	good = read_input(words, &input, error);
	(void)fclose(input.stream); /* opened only for reading */
	return good;
}

static bool
read_word(const struct words *words, const char *word, struct error *error)
{
	if (words->files && names_file(word))
		return word[0] == '@' && strcmp(word, "@-") != 0 ? read_file(words, word + 1, error)
								 : read_stdin(words, error);
	if (strlen(word) > WORD_MAX)
		return error_set(error, EXIT_USAGE,
		    "'%.20s...' is too long: an item has at most %d octets", word, WORD_MAX);
	return words->read(words->context, word, error);
}

bool
words_read(const struct words *words, const char *text, struct error *error)
{
	char *copy, *rest;
	bool good = true;

	if (*text == '\0')
		return error_set(error, EXIT_USAGE, "the list of %s is empty", words->what);
	rest = copy = strdup(text);
	if (copy == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	while (good && rest != NULL) {
		const char *word = strsep(&rest, ",");

		good = *word != '\0'
			   ? read_word(words, word, error)
			   : error_set(error, EXIT_USAGE,
				 "'%.255s' has an empty item: remove the extra comma", text);
	}
	free(copy);
	return good;
}
