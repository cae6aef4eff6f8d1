/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files, includes and comments (keepalived's lib/parser.c: decomment(), open_and_check_glob()).
 */
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "keepalived.h"

/* A C library without it reads braces as they stand, and so does keepalived there. */
#ifndef GLOB_BRACE
#define GLOB_BRACE 0
#endif

/* Cuts a comment off: '#' or '!' outside of double quotes, unless a backslash stands before it. A
 * backslash at the end of the line stays: a definition goes on in the next line. */
static void
remove_comment(char *line)
{
	char *to = line;
	bool quoted = false;

	for (const char *from = line + strspn(line, " \t"); *from != '\0'; from++) {
		if (*from == '"')
			quoted = !quoted;
		if (!quoted && (*from == '#' || *from == '!'))
			break;
		if (*from == '\\' && from[1] != '\0') {
			if (quoted || (from[1] != '#' && from[1] != '!'))
				*to++ = *from;
			from++;
		}
		*to++ = *from;
	}
	while (to > line && isspace((unsigned char)to[-1]))
		to--;
	*to = '\0';
}

/* Returns what follows "include" and its variants includer, includem, ..., or NULL. */
static const char *
included(const char *line)
{
	const char *after = line + strlen("include");

	if (strncmp(line, "include", strlen("include")) != 0 || *after == '\0')
		return NULL;
	if (strchr("rmwba", *after) != NULL)
		after++;
	if (*after != ' ' && *after != '\t')
		return NULL;
	return after + strspn(after, " \t");
}

static void
read_stream(struct keepalived *file, FILE *stream)
{
	char line[LINE_MAX_OCTETS];

	while (collect_line(file->services, stream, &file->place, line)) {
		remove_comment(line);
		keepalived_line(file, line);
	}
	keepalived_end_file(file, file->nested);
}

static const char *
folder_of(struct keepalived *file, const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash == NULL
		   ? "."
		   : collect_text(file->services, path, (size_t)(slash - path) + (slash == path));
}

/* Reads one file that an include names. */
static void
read_included(struct keepalived *file, const char *path)
{
	const struct place outer = file->place;
	const char *const folder = file->folder;
	struct stat status;
	FILE *stream;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
		services_warning(
		    file->services, outer, "%s is passed over: it is not a regular file", path);
		return;
	}
	if ((status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0)
		services_warning(file->services, outer,
		    "%s is executable, so keepalived passes it over; it is read here", path);
	stream = collect_open(file->services, path);
	if (stream == NULL)
		return;
	file->place = (struct place){.file = collect_text(file->services, path, strlen(path))};
	file->folder = folder_of(file, path);
	file->nested++;
	file->files++;
	read_stream(file, stream);
	collect_close(stream);
	file->nested--;
	file->place = outer;
	file->folder = folder;
}

/* Includes every file that matches; a name without a slash at its start is relative to the folder
 * of the file that includes it. */
static void
include(struct keepalived *file, const char *pattern)
{
	const char *const path =
	    pattern[0] == '/' || strcmp(file->folder, ".") == 0
		? pattern
		: arena_format(file->services->arena, "%s/%s", file->folder, pattern);
	glob_t found;

	if (file->nested == KEEPALIVED_NESTED_MAX) {
		services_mistake(file->services, file->place,
		    "'%s': files include each other more than %d deep", pattern,
		    KEEPALIVED_NESTED_MAX);
		return;
	}
	if (glob(path, GLOB_BRACE, NULL, &found) != 0) {
		services_warning(
		    file->services, file->place, "no file matches 'include %s'", pattern);
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		if (file->files == KEEPALIVED_FILES_MAX) {
			services_mistake(file->services, file->place, "more than %d included files",
			    KEEPALIVED_FILES_MAX);
			break;
		}
		read_included(file, found.gl_pathv[i]);
	}
	globfree(&found);
}

static void
take_line(struct keepalived *file, char *line)
{
	const char *const pattern = included(line);

	if (pattern != NULL)
		include(file, pattern);
	else
		keepalived_words(file, line);
}

void
keepalived_read_file(struct keepalived *file, const char *path)
{
	FILE *const stream = collect_open(file->services, path);

	if (stream == NULL)
		return;
	file->take_line = take_line;
	file->folder = strcmp(path, "-") == 0 ? "." : folder_of(file, path);
	read_stream(file, stream);
	collect_close(stream);
}
