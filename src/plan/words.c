/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define SEPARATORS ", \t\r\n"

bool
words_split(
    const char *text, const char *what, word_reader *reader, void *context, struct error *error)
{
	char *copy = strdup(text);
	char *rest = copy;
	bool good = copy != NULL;

	if (!good)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	while (good && rest != NULL) {
		const char *word = strsep(&rest, ",");

		good = *word != '\0' ? reader(context, word, error)
				     : error_set(error, EXIT_USAGE, "%s: '%s' has an empty element",
					   what, text);
	}
	free(copy);
	return good;
}

/* Puts the place in front of a message. */
static bool
fail_at(struct error *error, const char *path, size_t line)
{
	const struct error inner = *error;

	*error = (struct error){0};
	return error_set(error, inner.status, "%s:%zu: %s", path, line, inner.text);
}

static bool
read_line(char *line, size_t length, word_reader *reader, void *context, size_t *words,
    struct error *error)
{
	char *rest = NULL;

	if (memchr(line, '\0', length) != NULL)
		return error_set(error, EXIT_USAGE, "has a NUL octet: this is not a text file");
	line[strcspn(line, "#")] = '\0';
	for (const char *word = strtok_r(line, SEPARATORS, &rest); word != NULL;
	     word = strtok_r(NULL, SEPARATORS, &rest)) {
		(*words)++;
		if (!reader(context, word, error))
			return false;
	}
	return true;
}

static bool
read_stream(FILE *stream, const char *path, word_reader *reader, void *context, struct error *error)
{
	char *line = NULL;
	size_t size = 0, number = 0, words = 0;
	ssize_t length;
	bool good = true;

	errno = 0;
	while (good && (length = getline(&line, &size, stream)) >= 0) {
		number++;
		if (!read_line(line, (size_t)length, reader, context, &words, error))
			good = fail_at(error, path, number);
	}
	free(line);
	if (good && ferror(stream))
		return error_set(error, EXIT_USAGE, "can't read %s: %s", path, strerror(errno));
	if (good && words == 0)
		return error_set(error, EXIT_USAGE, "%s: names no hosts", path);
	return good;
}

bool
words_read(const char *path, word_reader *reader, void *context, struct error *error)
{
	FILE *stream;
	bool good;

	if (strcmp(path, "-") == 0)
		return read_stream(stdin, "(standard input)", reader, context, error);
	stream = fopen(path, "re");
	if (stream == NULL)
		return error_set(error, EXIT_USAGE, "can't read %s: %s", path, strerror(errno));
	good = read_stream(stream, path, reader, context, error);
	(void)fclose(stream); /* only read */
	return good;
}

void *
words_grow(void **array, size_t *count, size_t size, struct error *error)
{
	/* Room for a power of two, so that growing costs linear time in all. */
	if ((*count & (*count - 1)) == 0) {
		void *grown = reallocarray(*array, *count == 0 ? 1 : 2 * *count, size);

		if (grown == NULL) {
			error_set(error, EXIT_CANNOT_RUN, "out of memory");
			return NULL;
		}
		*array = grown;
	}
	void *element = (char *)*array + (*count)++ * size;

	memset(element, 0, size);
	return element;
}
