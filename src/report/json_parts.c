/* SPDX-License-Identifier: BSD-2-Clause */
#include "json_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "arpaudit/json_values.h"

const char *
time_text(uint64_t time_us, char text[TIME_TEXT_SIZE])
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;
	size_t length;

	if (gmtime_r(&seconds, &utc) == NULL)
		return NULL;
	length = strftime(text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(
	    &text[length], TIME_TEXT_SIZE - length, ".%06uZ", (unsigned)(time_us % 1000000));
	return text;
}

json_t *
json_from_time(uint64_t time_us)
{
	char text[TIME_TEXT_SIZE];

	return json_string(time_text(time_us, text));
}

json_t *
json_from_number_or_null(uint64_t number)
{
	return number == 0 ? json_null() : json_integer((json_int_t)number);
}

static json_t *
hexadecimal(const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *written = malloc(2 * length + 1);
	json_t *string;

	if (written == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		written[2 * i] = digits[bytes[i] >> 4];
		written[2 * i + 1] = digits[bytes[i] & 0xf];
	}
	written[2 * length] = '\0';
	string = json_string(written);
	free(written);
	return string;
}

json_t *
json_from_evidence(const struct evidence *from)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "time", json_from_time(from->time_us), "frame",
	    json_from_number_or_null(from->frame), "summary", json_from_text(from->summary),
	    "bytes", hexadecimal(from->bytes, from->length));
}

bool
json_write(json_t *whole, size_t flags, FILE *stream)
{
	bool written;
	int error;

	if (whole == NULL) {
		errno = ENOMEM;
		return false;
	}
	written = json_dumpf(whole, stream, flags) == 0 && fputc('\n', stream) != EOF &&
		  fflush(stream) == 0;
	error = errno;
	json_decref(whole);
	errno = error;
	return written;
}
