/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>
#include <time.h>

#include "read.h"

#define IDENTIFIER_MAX 32
#define TIME_FORMAT    "%Y-%m-%dT%H:%M:%S"

bool
read_fail(struct reader *reader, const char *key, const char *expected)
{
	return error_set(reader->error, EXIT_USAGE, "%s: %s: '%s' must be %s", reader->file,
	    reader->where, key, expected);
}

static const json_t *
member(const json_t *object, const char *key)
{
	return object == NULL ? NULL : json_object_get(object, key);
}

const char *
read_text(struct reader *reader, const json_t *object, const char *key)
{
	const char *text = json_string_value(member(object, key));

	if (text != NULL)
		return arena_format(reader->arena, "%s", text);
	read_fail(reader, key, "a text");
	return "";
}

const char *
read_text_or_null(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	return value == NULL || json_is_null(value) ? NULL : read_text(reader, object, key);
}

bool
read_is_identifier(const char *text)
{
	const size_t length = strlen(text);

	return length > 0 && length <= IDENTIFIER_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz-") == length;
}

const char *
read_identifier(struct reader *reader, const json_t *object, const char *key)
{
	const char *text = json_string_value(member(object, key));

	if (text != NULL && read_is_identifier(text))
		return arena_format(reader->arena, "%s", text);
	read_fail(reader, key, "a word of letters and hyphens");
	return "unknown";
}

uint64_t
read_count(struct reader *reader, const json_t *object, const char *key, uint64_t most)
{
	const json_t *value = member(object, key);

	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    (uint64_t)json_integer_value(value) <= most)
		return (uint64_t)json_integer_value(value);
	read_fail(reader, key, "a whole number in its range");
	return 0;
}

uint64_t
read_count_or_null(struct reader *reader, const json_t *object, const char *key, uint64_t most)
{
	const json_t *value = member(object, key);

	return value == NULL || json_is_null(value) ? 0 : read_count(reader, object, key, most);
}

double
read_share(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (json_is_null(value))
		return -1;
	if (json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= 1)
		return json_number_value(value);
	read_fail(reader, key, "a number from 0 to 1");
	return -1;
}

bool
read_boolean(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	return json_is_boolean(value) ? json_is_true(value)
				      : read_fail(reader, key, "true or false");
}

const json_t *
read_list(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (json_is_array(value))
		return value;
	read_fail(reader, key, "a list");
	return NULL;
}

const json_t *
read_object(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (json_is_object(value))
		return value;
	read_fail(reader, key, "an object");
	return NULL;
}

size_t
read_size(struct reader *reader, const char *what, size_t count, size_t most)
{
	if (count <= most)
		return count;
	error_set(reader->error, EXIT_USAGE,
	    "%s: %s: it has %zu '%s' in one place, and no audit reports more than %zu: is it a "
	    "report of arpaudit?",
	    reader->file, reader->where, count, what, most);
	return 0;
}

struct address
read_address(struct reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(reader, object, key);
	struct address address = {.family = ADDRESS_NONE};

	if (text != NULL && !address_parse(text, &address))
		read_fail(reader, key, "an IP address or null");
	return address;
}

struct mac
read_mac(struct reader *reader, const json_t *object, const char *key, bool *has)
{
	const char *text = read_text_or_null(reader, object, key);
	struct mac mac = mac_zero;

	*has = text != NULL;
	if (text != NULL && !mac_parse(text, &mac))
		*has = read_fail(reader, key, "a MAC or null");
	return mac;
}

/* "2026-01-02T03:04:05.678901Z" */
uint64_t
read_time(struct reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text(reader, object, key);
	struct tm utc = {.tm_sec = 0};
	const char *fraction = strptime(text, TIME_FORMAT, &utc);
	const time_t seconds = timegm(&utc);
	uint64_t microseconds = 0;

	if (fraction == NULL || strlen(fraction) != strlen(".678901Z") || *fraction != '.' ||
	    fraction[7] != 'Z' || strspn(&fraction[1], "0123456789") != 6 || seconds < 0) {
		read_fail(reader, key, "a time in UTC, to the microsecond");
		return 0;
	}
	for (int i = 1; i <= 6; i++)
		microseconds = 10 * microseconds + (uint64_t)(fraction[i] - '0');
	return (uint64_t)seconds * 1000000 + microseconds;
}

static int
digit(char character)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = character == '\0' ? NULL : strchr(digits, character);

	return found == NULL ? -1 : (int)(found - digits);
}

const uint8_t *
read_bytes(struct reader *reader, const json_t *object, const char *key, size_t *length)
{
	const char *text = read_text(reader, object, key);
	uint8_t *bytes = arena_alloc(reader->arena, strlen(text) / 2, 1);

	*length = strlen(text) / 2;
	for (size_t i = 0; i < *length; i++) {
		const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			read_fail(reader, key, "hexadecimal");
			*length = 0;
			return bytes;
		}
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return bytes;
}

unsigned
read_word(struct reader *reader, const json_t *object, const char *key, unsigned count,
    const char *(*name)(unsigned number))
{
	const char *text = read_text(reader, object, key);

	for (unsigned i = 0; i < count; i++)
		if (strcmp(text, name(i)) == 0)
			return i;
	read_fail(reader, key, "one of the words that the schema lists");
	return 0;
}
