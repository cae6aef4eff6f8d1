/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/arena.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/memory.h"

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
	block->next = arena->blocks;
	arena->blocks = block;
	arena->free = (char *)block->memory;
	arena->left = room;
}

void *
arena_alloc(struct arena *arena, size_t count, size_t size)
{
	const size_t align = sizeof(max_align_t);
	void *memory;

	if (size > 0 && count > (SIZE_MAX - BLOCK_SIZE) / size)
		memory_exhausted();
	size = (count * size + align - 1) / align * align;
	if (size > arena->left)
		grow(arena, size);
	if (arena->free == NULL) /* a size of 0 before the first block */
		grow(arena, align);
	memory = arena->free;
	arena->free += size;
	arena->left -= size;
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
