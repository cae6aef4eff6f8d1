/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes frames, and many damaged forms of each, and prints a digest of what they say: two builds,
 * of 32 and 64 bits, must print the same. tests/ports calls it.
 *
 *	decode FILE...
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "arpaudit/random.h"

#define FRAME_MAX 4096
#define DAMAGED   2000

static uint64_t digest = 14695981039346656037u; /* FNV-1a */

static void
add(const void *data, size_t size)
{
	const uint8_t *octets = data;

	/* The analyzer takes what fread() has read for garbage. */
	for (size_t i = 0; i < size; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
		digest = (digest ^ octets[i]) * 1099511628211u;
}

static void
decode(const uint8_t *bytes, size_t length)
{
	struct frame frame = {0};
	char text[FRAME_SUMMARY_SIZE] = "";
	const enum frame_problem problem = frame_decode(bytes, length, &frame);
	const uint32_t said[] = {
	    (uint32_t)problem, (uint32_t)frame.kind, frame.vlan, frame.odd ? 1 : 0};

	add(said, sizeof(said));
	(void)frame_summary(&frame, text);
	add(text, strlen(text));
}

static void
decode_all(const uint8_t *whole, size_t length, struct random *random)
{
	uint8_t bytes[FRAME_MAX] = {0};

	for (size_t shorter = 0; shorter <= length; shorter++)
		decode(whole, shorter);
	for (unsigned i = 0; i < DAMAGED && length > 0; i++) {
		memcpy(bytes, whole, length);
		for (unsigned k = 0; k <= i % 4; k++) {
			const uint64_t drawn = random_next(random);

			bytes[drawn % length] = (uint8_t)(drawn >> 32);
		}
		decode(bytes, length);
	}
}

int
main(int argc, char *argv[])
{
	struct random random = {.state = 1};

	for (int i = 1; i < argc; i++) {
		uint8_t whole[FRAME_MAX] = {0};
		FILE *file = fopen(argv[i], "rb");

		if (file == NULL) {
			perror(argv[i]);
			return 1;
		}
		decode_all(whole, fread(whole, 1, sizeof(whole), file), &random);
		(void)fclose(file);
	}
	(void)printf("%016" PRIx64 "\n", digest);
	return 0;
}
