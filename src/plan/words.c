/* SPDX-License-Identifier: BSD-2-Clause */
#include "words.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
	FILE *stream;
	const char *name;
	size_t line;
};

bool
words_at(struct error *error, const char *place)
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

/* Passes over what is between words; returns the first octet of the next one, or EOF. */
static int
next_start(struct source *source)
{
	bool comment = false;
	int octet;

	while ((octet = getc(source->stream)) != EOF) {
		if (octet == '\n') {
			source->line++;
			comment = false;
		} else if (octet == '#') {
			comment = true;
		} else if (!comment && !is_separator(octet)) {
			break;
		}
	}
	return octet;
}

/* False at the end and, with `error` set, on a mistake. */
static bool
next_word(struct source *source, char word[WORD_MAX + 1], struct error *error)
{
	size_t length = 0;
	int octet = next_start(source);

	for (; octet != EOF && octet != '#' && !is_separator(octet); octet = getc(source->stream)) {
		if (octet == '\0')
			return error_set(
			    error, EXIT_USAGE, "there is a NUL octet: this is not a text file");
		if (length == WORD_MAX)
			return error_set(
			    error, EXIT_USAGE, "'%.20s...' is too long for a word", word);
		word[length++] = (char)octet;
		word[length] = '\0';
	}
	(void)ungetc(octet, source->stream); /* a newline is counted when it is passed over */
	return length > 0;
}

static bool
names_file(const char *word)
{
	return word[0] == '@' || strcmp(word, "-") == 0;
}

static bool
read_source(const struct words *words, struct source *source, struct error *error)
{
	char place[PATH_MAX + 32];
	char word[WORD_MAX + 1] = "";
	bool good = true, empty = true;

	while (good && next_word(source, word, error)) {
		empty = false;
		good = names_file(word) ? error_set(error, EXIT_USAGE,
					      "'%s': a file can't name another file", word)
					: words->read(words->context, word, error);
	}
	if (error->status != 0) {
		(void)snprintf(place, sizeof(place), "%s:%zu", source->name, source->line);
		return words_at(error, place);
	}
	if (ferror(source->stream))
		return error_set(
		    error, EXIT_USAGE, "can't read %s: %s", source->name, strerror(errno));
	return !empty || error_set(error, EXIT_USAGE, "no %s in %s", words->what, source->name);
}

static bool
read_stdin(const struct words *words, struct error *error)
{
	struct source source = {.stream = stdin, .name = "standard input", .line = 1};

	if (feof(stdin))
		return error_set(
		    error, EXIT_USAGE, "'-': standard input has been read: give '-' once");
	return read_source(words, &source, error);
}

static bool
read_file(const struct words *words, const char *path, struct error *error)
{
	struct source source = {.name = path, .line = 1};
	bool good;

	if (*path == '\0')
		return error_set(error, EXIT_USAGE, "'@' names no file: write @FILE");
	source.stream = fopen(path, "re");
	if (source.stream == NULL)
		return error_set(error, EXIT_USAGE, "can't read %s: %s", path, strerror(errno));
	good = read_source(words, &source, error);
	(void)fclose(source.stream); /* only read */
	return good;
}

static bool
read_word(const struct words *words, const char *word, struct error *error)
{
	if (words->files && names_file(word))
		return word[0] == '@' ? read_file(words, word + 1, error)
				      : read_stdin(words, error);
	if (strlen(word) > WORD_MAX)
		return error_set(error, EXIT_USAGE, "'%.20s...' is too long for a word", word);
	return words->read(words->context, word, error);
}

bool
words_read(const struct words *words, const char *text, struct error *error)
{
	char *copy, *rest;
	bool good = true;

	if (*text == '\0')
		return error_set(error, EXIT_USAGE, "no %s in ''", words->what);
	rest = copy = strdup(text);
	if (copy == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	while (good && rest != NULL) {
		const char *word = strsep(&rest, ",");

		good = *word != '\0' ? read_word(words, word, error)
				     : error_set(error, EXIT_USAGE,
					   "'%.255s' has nothing on one side of a comma", text);
	}
	free(copy);
	return good;
}
