/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inih calls back with a section, a key and a value. It does not tell the line; so the reader that
 * gives it the lines counts them.
 */
#include "config_file.h"

#include <errno.h>
#include <glob.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "arpaudit/advice.h"

#include "reader/collect.h"

#define CONFIG_FILES_MAX    1024
#define CONFIG_NESTED_MAX   8
#define CONFIG_SECTIONS_MAX 1024
#define CONFIG_ENTRIES_MAX  65536 /* of one section */
#define CONFIG_HEADER_MAX   48    /* inih.c, MAX_SECTION */

struct reading {
	struct config_file *file;
	struct services *services;
	struct place place;
	const char *folder;
	FILE *stream;
	size_t section; /* where the lines go; SIZE_MAX: a section that is refused */
	size_t nested;
};

static void read_all(struct reading *outer, const char *pattern);

static const char *
copy(struct services *services, const char *text)
{
	return arena_format(services->arena, "%s", text);
}

static size_t
add_section(struct reading *reading, const char *name)
{
	struct config_file *const file = reading->file;

	file->sections =
	    collect_grow(reading->services, file->sections, file->count, sizeof(*file->sections));
	file->sections[file->count] =
	    (struct config_section){.name = copy(reading->services, name), .place = reading->place};
	return file->count++;
}

/* "defaults" and "" are the first section; "cluster NAME" begins one that must be new. */
static size_t
find_section(struct reading *reading, const char *header)
{
	static const char cluster[] = "cluster ";
	const char *const name = header + strlen(cluster);

	if (*header == '\0' || strcmp(header, "defaults") == 0)
		return 0;
	if (strncmp(header, cluster, strlen(cluster)) != 0 || name[strspn(name, " \t")] == '\0') {
		services_mistake(reading->services, reading->place,
		    "'[%s]': expected [defaults] or [cluster NAME]", header);
		return SIZE_MAX;
	}
	for (size_t i = 1; i < reading->file->count; i++) {
		const struct config_section *const section = &reading->file->sections[i];

		if (strcmp(section->name, name) == 0) {
			services_mistake(reading->services, reading->place,
			    "'%s': expected another name: %s:%zu has this cluster", name,
			    section->place.file, section->place.line);
			return SIZE_MAX;
		}
	}
	if (reading->file->count == CONFIG_SECTIONS_MAX) {
		services_mistake(reading->services, reading->place, "more than %d clusters",
		    CONFIG_SECTIONS_MAX);
		return SIZE_MAX;
	}
	return add_section(reading, name);
}

static void
add_entry(struct reading *reading, const char *key, const char *value)
{
	struct config_section *const section = &reading->file->sections[reading->section];

	if (section->count == CONFIG_ENTRIES_MAX) {
		services_mistake(
		    reading->services, reading->place, "more than %d entries", CONFIG_ENTRIES_MAX);
		return;
	}
	section->entries = collect_grow(
	    reading->services, section->entries, section->count, sizeof(*section->entries));
	section->entries[section->count++] =
	    (struct config_entry){.key = copy(reading->services, key),
		.value = copy(reading->services, value),
		.place = reading->place,
		.folder = reading->folder};
}

static int
take_entry(void *user, const char *header, const char *key, const char *value)
{
	struct reading *const reading = user;

	(void)header; /* see_header() has seen it, even if the section is empty */
	if (reading->section == SIZE_MAX)
		return 1;
	if (strcmp(key, "include") == 0)
		read_all(reading, value);
	else
		add_entry(reading, key, value);
	return 1;
}

/* A section without entries is a section too. inih cuts names off at 49 octets without a word. */
static void
see_header(struct reading *reading, const char *line)
{
	char header[CONFIG_HEADER_MAX + 2];
	const char *start = line + strspn(line, " \t");
	const size_t length = *start == '[' ? strcspn(start, "]") : 0;

	if (length == 0 || start[length] != ']')
		return; /* no header, or one that inih refuses */
	if (length - 1 > CONFIG_HEADER_MAX) {
		services_mistake(reading->services, reading->place,
		    "'%.20s...]': expected at most %d octets between the brackets", start,
		    CONFIG_HEADER_MAX);
		return;
	}
	(void)snprintf(header, sizeof(header), "%.*s", (int)length - 1, start + 1);
	reading->section = find_section(reading, header);
}

/* Gives inih the next line, and counts it. A line that is too long is refused here. */
static char *
next_line(char *line, int size, void *user)
{
	struct reading *const reading = user;

	if (fgets(line, size, reading->stream) == NULL) {
		if (ferror(reading->stream))
			services_mistake(reading->services, reading->place, "can't read on: %s: %s",
			    strerror(errno), advice_reading(errno));
		return NULL;
	}
	reading->place.line++;
	if (strchr(line, '\n') == NULL && !feof(reading->stream)) {
		int octet;

		services_mistake(reading->services, reading->place,
		    "this line has more than %d octets, or a NUL octet: is it a text file?",
		    size - 2);
		while ((octet = getc(reading->stream)) != EOF && octet != '\n')
			continue;
		line[0] = '\0';
	}
	see_header(reading, line);
	return line;
}

static void
read_stream(struct reading *reading)
{
	const int line = ini_parse_stream(next_line, reading, take_entry, reading);

	if (line == -2)
		services_mistake(reading->services, reading->place, "out of memory");
	else if (line > 0)
		services_mistake(reading->services,
		    (struct place){.file = reading->place.file, .line = (size_t)line},
		    "expected 'KEY = VALUE' or '[cluster NAME]'");
}

static const char *
folder_of(struct services *services, const char *path)
{
	const char *const slash = strrchr(path, '/');

	if (slash == NULL)
		return "";
	return arena_format(services->arena, "%.*s", (int)(slash - path) + 1, path);
}

/* `outer` has included it, or is the start of all. */
static void
read_one(const struct reading *outer, const char *path)
{
	struct reading reading = {.file = outer->file,
	    .services = outer->services,
	    .place = {.file = copy(outer->services, path)},
	    .folder = folder_of(outer->services, path),
	    .nested = outer->nested + 1};
	const bool standard = strcmp(path, "-") == 0;

	if (outer->file->files++ == CONFIG_FILES_MAX) {
		services_mistake(
		    outer->services, outer->place, "more than %d files", CONFIG_FILES_MAX);
		return;
	}
	reading.stream = standard ? stdin : fopen(path, "re");
	if (reading.stream == NULL) {
		services_mistake(outer->services, reading.place, "can't read it: %s: %s",
		    strerror(errno), advice_reading(errno));
		return;
	}
	read_stream(&reading);
	if (!standard)
		(void)fclose(reading.stream); /* opened only for reading */
}

/* Includes the files that match. A folder stands for its *.conf. */
static void
read_all(struct reading *outer, const char *pattern)
{
	struct services *const services = outer->services;
	const char *path = pattern[0] == '/'
			       ? pattern
			       : arena_format(services->arena, "%s%s", outer->folder, pattern);
	struct stat status;
	glob_t found;

	if (outer->nested == CONFIG_NESTED_MAX) {
		services_mistake(services, outer->place,
		    "'%s': files include each other more than %d deep", pattern, CONFIG_NESTED_MAX);
		return;
	}
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		path = arena_format(services->arena, "%s/*.conf", path);
	if (glob(path, 0, NULL, &found) != 0) {
		services_mistake(services, outer->place,
		    "'%s': expected a file, a folder or a pattern that matches one", pattern);
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_one(outer, found.gl_pathv[i]);
	globfree(&found);
}

void
config_file_read(struct config_file *file, struct services *services, const char *path)
{
	struct reading start = {.file = file, .services = services, .place = {.file = path}};

	*file = (struct config_file){.count = 0};
	(void)add_section(&start, "");
	read_one(&start, path);
}
