/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/arena.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/memory.h"

/* AddressSanitizer sees only blocks. So it is told what of them is in use, with gaps between the
 * pieces: an overrun is found here as it is on the heap. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define GAP 16
#else
#define GAP                                       0
#define ASAN_POISON_MEMORY_REGION(memory, size)   ((void)(memory), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(memory, size) ((void)(memory), (void)(size))
#endif

struct block {
	struct block *next;
	max_align_t memory[];
};

struct arena {
	struct block *blocks;
	char *free;  /* unused memory of the newest block */
	size_t left; /* its size */
};

#define BLOCK_SIZE 65536

struct arena *
arena_new(void)
{
	struct arena *const arena = memory_need(sizeof(*arena));

	*arena = (struct arena){.blocks = NULL};
	return arena;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL) {
		struct block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	free(arena);
}

static void
grow(struct arena *arena, size_t size)
{
	const size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct block *block = memory_need(sizeof(*block) + room);

	memset(block, 0, sizeof(*block) + room);
	ASAN_POISON_MEMORY_REGION(block->memory, room);
	block->next = arena->blocks;
	arena->blocks = block;
	arena->free = (char *)block->memory;
	arena->left = room;
}

void *
arena_alloc(struct arena *arena, size_t count, size_t size)
{
	const size_t align = sizeof(max_align_t);
	size_t room;
	void *memory;

	if (size > 0 && count > (SIZE_MAX - BLOCK_SIZE) / size)
		memory_exhausted();
	size *= count;
	room = (size + align - 1) / align * align + GAP;
	if (room > arena->left)
		grow(arena, room);
	if (arena->free == NULL) /* a size of 0 before the first block */
		grow(arena, align);
	memory = arena->free;
	arena->free += room;
	arena->left -= room;
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memory;
}

char *
arena_format_list(struct arena *arena, const char *format, va_list arguments)
{
	va_list second_pass;
	int length;
	char *text;

	assert(format != NULL);
	va_copy(second_pass, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		memory_exhausted();
	text = arena_alloc(arena, (size_t)length + 1, 1);
	(void)vsnprintf(text, (size_t)length + 1, format, second_pass);
	va_end(second_pass);
	return text;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_format_list(arena, format, arguments);
	va_end(arguments);
	return text;
}

const char *
arena_join(struct arena *arena, const char *const *texts, size_t count, const char *separator)
{
	size_t size = 1;
	char *joined, *end;

	for (size_t i = 0; i < count; i++)
		size += strlen(texts[i]) + strlen(separator);
	joined = end = arena_alloc(arena, size, 1);
	for (size_t i = 0; i < count; i++) {
		if (*texts[i] == '\0')
			continue;
		if (end > joined)
			end = stpcpy(end, separator);
		end = stpcpy(end, texts[i]);
	}
	*end = '\0';
	return joined;
}
