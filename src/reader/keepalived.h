/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads keepalived.conf(5), in layers. Each takes what the one before it gives:
 *
 *   keepalived_files.c    files, include, conditional lines (@ID), comments
 *   keepalived_define.c   definitions ($NAME), ~SEQ and ~LST
 *   keepalived_blocks.c   words and braces into blocks; unbalanced braces
 *   keepalived.c          the blocks that matter: virtual servers and VRRP instances
 *
 * The syntax is that of keepalived's lib/parser.c. Whatever stands in other blocks is passed over.
 */
#ifndef KEEPALIVED_H
#define KEEPALIVED_H

#include "collect.h"

#define KEEPALIVED_WORDS_MAX  32 /* further words of a line don't matter */
#define KEEPALIVED_DEPTH_MAX  32 /* of blocks */
#define KEEPALIVED_FILES_MAX  4096
#define KEEPALIVED_NESTED_MAX 16 /* includes in includes */

enum block_kind {
	BLOCK_ROOT = 0,
	BLOCK_OTHER, /* passed over, with all it holds */
	BLOCK_VIRTUAL_SERVER,
	BLOCK_REAL_SERVER,
	BLOCK_GROUP,
	BLOCK_INSTANCE,
	BLOCK_ADDRESSES,
};

struct block {
	enum block_kind kind;
	const char *name; /* its keyword */
	struct place place;
	size_t nested; /* how deep the file that opened it is */
};

/* The words of a line, up to a brace. */
struct words_of_line {
	const char *word[KEEPALIVED_WORDS_MAX];
	size_t count;
	struct place place;
};

struct definition {
	const char *name;
	const char *value; /* lines are separated by newlines */
};

/* The virtual server and the real server that are being read. */
struct keepalived_servers {
	struct service virtual_server;
	const char *group; /* NULL: it is no group */
	bool virtual_is_bad, real_is_bad;
	enum service_forwarding forwarding; /* of the virtual server, once it is set */
	bool forwarding_is_set;
	struct service_server real_server;
	bool real_forwarding_is_set;
	size_t *undecided; /* servers that take the method that is set at the end */
	size_t undecided_count;
};

struct keepalived_group; /* keepalived.c */

struct keepalived;

/* What the blocks mean: a block begins, and ends; a line that is no header of a block. */
struct block_reader {
	enum block_kind (*begin)(struct keepalived *file, const struct words_of_line *words);
	void (*end)(struct keepalived *file, enum block_kind kind);
	void (*statement)(struct keepalived *file, const struct words_of_line *words);
};

/* $NAME, ~SEQ and ~LST. */
struct definitions {
	struct definition *table;
	size_t count;
	bool is_open;      /* the last one's value goes on in the next line */
	size_t depth;      /* how deep definitions and sequences stand in each other */
	size_t made_lines; /* in all, so that sequences of sequences end */
	bool endless;      /* they were cut off, and that was said */
};

struct blocks {
	struct block block[KEEPALIVED_DEPTH_MAX];
	size_t depth;
	size_t too_deep;              /* blocks that are not in `block` */
	struct words_of_line pending; /* a line that may be followed by its brace */
};

struct keepalived {
	struct services *services;
	const char *config_id;
	struct place place;
	const char *folder; /* of the file that is being read */
	size_t nested;      /* how many files include it, one in another */
	size_t files;

	/* Where a line goes in which nothing is left to define. */
	void (*take_line)(struct keepalived *file, char *line);
	const struct block_reader *reader;
	struct definitions definitions;
	struct blocks blocks;

	struct keepalived_group *groups;
	size_t group_count;
	struct keepalived_use *uses; /* virtual servers that are groups, until all is read */
	size_t use_count;
	struct service_router router; /* the VRRP instance that is being read */
	struct keepalived_servers servers;
};

/* Reads a file and all that it includes. Sets `take_line`. */
void keepalived_read_file(struct keepalived *file, const char *path);

/* Takes a line without comment: sets and applies definitions, and passes the rest to `take_line`.
 */
void keepalived_line(struct keepalived *file, const char *line);
/* Takes a line of words and braces, and passes blocks and statements to `reader`. */
void keepalived_words(struct keepalived *file, const char *line);
/* Ends the blocks that were opened `nested` files deep or deeper, with a remark. */
void keepalived_end_file(struct keepalived *file, size_t nested);

#endif
