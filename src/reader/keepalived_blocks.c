/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words, braces and blocks (keepalived's lib/parser.c: read_line(), alloc_strvec_r(),
 * process_stream()). A brace may stand behind words or on a line of its own.
 */
#include <string.h>

#include "keepalived.h"

/* Keywords that begin a block at the top only. In another block they show that it was not closed.
 */
static bool
is_top_keyword(const char *word)
{
	static const char *const keywords[] = {"global_defs", "virtual_server",
	    "virtual_server_group", "vrrp_instance", "vrrp_script", "vrrp_sync_group"};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(word, keywords[i]) == 0)
			return true;
	return false;
}

static void
close_block(struct keepalived *file)
{
	const struct block *const block = &file->blocks.block[--file->blocks.depth];

	file->reader->end(file, block->kind);
}

void
keepalived_end_file(struct keepalived *file, size_t nested)
{
	if (file->blocks.pending.count > 0 && file->blocks.too_deep == 0)
		file->reader->statement(file, &file->blocks.pending);
	file->blocks.pending.count = 0;
	file->blocks.too_deep = 0;
	while (
	    file->blocks.depth > 0 && file->blocks.block[file->blocks.depth - 1].nested >= nested) {
		const struct block *const block = &file->blocks.block[file->blocks.depth - 1];

		if (nested > 0)
			services_warning(file->services, block->place,
			    "'%s': its block is not closed when the file ends: keepalived takes "
			    "what "
			    "follows for a part of it",
			    block->name);
		else
			services_mistake(file->services, block->place,
			    "'%s': expected '}' for its block before the file ends", block->name);
		close_block(file);
	}
}

static void
check_top(struct keepalived *file, const char *keyword)
{
	const struct block *const block =
	    &file->blocks.block[file->blocks.depth > 0 ? file->blocks.depth - 1 : 0];

	if (file->blocks.depth == 0 || !is_top_keyword(keyword))
		return;
	services_mistake(file->services, block->place,
	    "'%s': expected '}' for its block before '%s' in line %zu", block->name, keyword,
	    file->blocks.pending.place.line);
	file->blocks.too_deep = 0;
	while (file->blocks.depth > 0)
		close_block(file);
}

static void
open_block(struct keepalived *file)
{
	const char *const keyword =
	    file->blocks.pending.count > 0 ? file->blocks.pending.word[0] : "{";
	enum block_kind kind = BLOCK_OTHER;

	check_top(file, keyword);
	if (file->blocks.depth == KEEPALIVED_DEPTH_MAX) {
		file->blocks.too_deep++;
	} else {
		if (file->blocks.pending.count > 0)
			kind = file->reader->begin(file, &file->blocks.pending);
		file->blocks.block[file->blocks.depth++] = (struct block){.kind = kind,
		    .name = keyword,
		    .place =
			file->blocks.pending.count > 0 ? file->blocks.pending.place : file->place,
		    .nested = file->nested};
	}
	file->blocks.pending.count = 0;
}

static void
flush_words(struct keepalived *file)
{
	if (file->blocks.pending.count > 0 && file->blocks.too_deep == 0)
		file->reader->statement(file, &file->blocks.pending);
	file->blocks.pending.count = 0;
}

static void
take_brace(struct keepalived *file, char brace)
{
	if (brace == '{') {
		open_block(file);
		return;
	}
	flush_words(file);
	if (file->blocks.too_deep > 0)
		file->blocks.too_deep--;
	else if (file->blocks.depth == 0)
		services_mistake(
		    file->services, file->place, "'}': expected a block that it closes");
	else
		close_block(file);
}

/* A word, or a string in double quotes. Returns what follows it. */
static const char *
take_word(struct keepalived *file, const char *at)
{
	const bool quoted = *at == '"';
	const char *const start = at + quoted;
	const size_t length = quoted ? strcspn(start, "\"") : strcspn(start, " \t\"{}");

	if (file->blocks.pending.count < KEEPALIVED_WORDS_MAX)
		file->blocks.pending.word[file->blocks.pending.count++] =
		    collect_text(file->services, start, length);
	return start + length + (quoted && start[length] == '"');
}

void
keepalived_words(struct keepalived *file, const char *line)
{
	const char *at = line + strspn(line, " \t");

	if (*at != '{')
		flush_words(file);
	while (*at != '\0') {
		if (*at == '{' || *at == '}') {
			take_brace(file, *at++);
		} else {
			if (file->blocks.pending.count == 0)
				file->blocks.pending.place = file->place;
			at = take_word(file, at);
		}
		at += strspn(at, " \t");
	}
}
