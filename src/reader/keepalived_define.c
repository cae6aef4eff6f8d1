/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Definitions and repeated lines (keepalived.conf(5), "Parameter substitution"; keepalived's
 * lib/parser.c: check_definition(), replace_param(), add_seq(), add_lst()).
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "keepalived.h"

#define EXPANSIONS_MAX     16    /* definitions in definitions, sequences in sequences */
#define EXPANDED_LINES_MAX 65536 /* of one configuration */
#define PARAMETERS_MAX     8     /* of ~LST */

static size_t
name_length(const char *text)
{
	size_t length = 0;

	if (!isalpha((unsigned char)text[0]) && text[0] != '_')
		return 0;
	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

static struct definition *
find(struct keepalived *file, const char *name, size_t length)
{
	for (size_t i = 0; i < file->definitions.count; i++)
		if (strlen(file->definitions.table[i].name) == length &&
		    strncmp(file->definitions.table[i].name, name, length) == 0)
			return &file->definitions.table[i];
	return NULL;
}

static struct definition *
define(struct keepalived *file, const char *name, const char *value)
{
	struct definition *const old = find(file, name, strlen(name));

	if (old != NULL) {
		old->value = value;
		return old;
	}
	file->definitions.table = collect_grow(file->services, file->definitions.table,
	    file->definitions.count, sizeof(*file->definitions.table));
	file->definitions.table[file->definitions.count] =
	    (struct definition){.name = name, .value = value};
	return &file->definitions.table[file->definitions.count++];
}

/* What NAME stands for, or NULL. */
static const char *
value_of(struct keepalived *file, const char *name, size_t length)
{
	const struct definition *const definition = find(file, name, length);
	char folder[PATH_MAX];

	if (definition != NULL)
		return definition->value;
	if (length == 4 && strncmp(name, "_PWD", length) == 0 && realpath(file->folder, folder))
		return collect_text(file->services, folder, strlen(folder));
	if (length == 9 && strncmp(name, "_INSTANCE", length) == 0)
		return file->config_id != NULL ? file->config_id : "";
	if (length == 5 && strncmp(name, "_HASH", length) == 0)
		return "#";
	if (length == 5 && strncmp(name, "_BANG", length) == 0)
		return "!";
	return NULL;
}

/* Recognizes "$NAME=VALUE". The last definition moves to the end of the table while it is open. */
static bool
take_definition(struct keepalived *file, const char *line)
{
	const size_t length = line[0] == '$' ? name_length(line + 1) : 0;
	const char *value = line + 1 + length;
	const char *name;
	size_t size;

	value += strspn(value, " \t");
	if (length == 0 || *value != '=')
		return false;
	value += 1 + strspn(value + 1, " \t");
	name = collect_text(file->services, line + 1, length);
	size = strlen(value);
	file->definitions.is_open = size > 0 && value[size - 1] == '\\';
	if (file->definitions.is_open)
		size--;
	while (size > 0 && isblank((unsigned char)value[size - 1]))
		size--;
	struct definition *const open =
	    define(file, name, collect_text(file->services, value, size));

	if (file->definitions.is_open) {
		struct definition *const last =
		    &file->definitions.table[file->definitions.count - 1];
		const struct definition moved = *open;

		*open = *last;
		*last = moved;
	}
	return true;
}

static void
continue_definition(struct keepalived *file, const char *line)
{
	struct definition *const open = &file->definitions.table[file->definitions.count - 1];
	size_t size = strlen(line);

	file->definitions.is_open = size > 0 && line[size - 1] == '\\';
	if (file->definitions.is_open)
		size--;
	while (size > 0 && isblank((unsigned char)line[size - 1]))
		size--;
	if (size > 0)
		open->value = arena_format(file->services->arena, "%s%s%.*s", open->value,
		    open->value[0] != '\0' ? "\n" : "", (int)size, line);
}

/* The definition that is used at `text`, which is "$NAME" or "${NAME}"; *used are its octets. */
static const char *
used_definition(struct keepalived *file, const char *text, size_t *used)
{
	const bool braces = text[1] == '{';
	const char *const name = text + 1 + braces;
	const size_t length = name_length(name);
	const char after = name[length];

	*used = 1 + length + (braces ? 2 : 0);
	if (length == 0 ||
	    (braces ? after != '}' : after != '\0' && strchr(" \t,)", after) == NULL))
		return NULL;
	return value_of(file, name, length);
}

/* Replaces every definition in `line`, also in what replaces one. */
static bool
expand(struct keepalived *file, const char *line, char expanded[LINE_MAX_OCTETS], bool *changed)
{
	size_t replaced = 0;
	char *at = expanded;

	*changed = false;
	if (strlen(line) >= LINE_MAX_OCTETS)
		return false;
	memcpy(expanded, line, strlen(line) + 1);
	while ((at = strchr(at, '$')) != NULL) {
		size_t used;
		const char *const value = used_definition(file, at, &used);
		const size_t rest = value != NULL ? strlen(at + used) : 0;
		const size_t length = value != NULL ? strlen(value) : 0;

		if (value == NULL) {
			at++;
			continue;
		}
		if (++replaced > LINE_MAX_OCTETS ||
		    (size_t)(at - expanded) + length + rest >= LINE_MAX_OCTETS)
			return false;
		memmove(at + length, at + used, rest + 1);
		for (size_t i = 0; i < length; i++)
			at[i] = value[i];
		*changed = true;
		if (value[strspn(value, " \t")] == '~')
			break; /* its own definitions are set by the sequence */
	}
	return true;
}

/* Takes one of the lines that a definition or sequence makes. */
static void
take_made_line(struct keepalived *file, const char *line)
{
	if (file->definitions.depth == EXPANSIONS_MAX ||
	    file->definitions.made_lines == EXPANDED_LINES_MAX) {
		if (!file->definitions.endless)
			services_mistake(file->services, file->place,
			    "definitions and sequences make more than %d lines, or stand in each "
			    "other more than %d deep",
			    EXPANDED_LINES_MAX, EXPANSIONS_MAX);
		file->definitions.endless = true;
		return;
	}
	file->definitions.depth++;
	file->definitions.made_lines++;
	keepalived_line(file, line);
	file->definitions.depth--;
}

static void
refuse_sequence(struct keepalived *file, const char *line)
{
	services_mistake(file->services, file->place,
	    "'%.40s': expected ~SEQ(NAME, [FIRST, [STEP,]] LAST) or ~LST(NAME, VALUE, ...)", line);
}

static void
repeat_sequence(struct keepalived *file, const char *name, const long number[3], bool hexadecimal,
    const char *text)
{
	const long first = number[0], step = number[1], last = number[2];

	for (long value = first; step > 0 ? value <= last : value >= last; value += step) {
		define(file, name,
		    arena_format(file->services->arena, hexadecimal ? "%lx" : "%ld", value));
		take_made_line(file, text);
		if (file->definitions.endless)
			return;
	}
}

/* ~SEQ(NAME, LAST), (NAME, FIRST, LAST) or (NAME, FIRST, STEP, LAST); ~SEQx in hexadecimal. */
static void
take_sequence(struct keepalived *file, const char *line)
{
	const bool hexadecimal = line[4] == 'x';
	const char *at = line + 4 + hexadecimal;
	char numbers[LINE_MAX_OCTETS];
	const char *name, *closing;
	long number[3] = {0, 0, 0};
	size_t count = 0, length;
	bool changed;

	at += strspn(at, " \t");
	at += *at == '(';
	at += strspn(at, " \t");
	length = name_length(at);
	name = collect_text(file->services, at, length);
	at += length;
	at += strspn(at, " \t");
	closing = strchr(at, ')');
	if (length == 0 || *at != ',' || closing == NULL ||
	    !expand(file, collect_text(file->services, at, (size_t)(closing - at)), numbers,
		&changed)) {
		refuse_sequence(file, line);
		return;
	}
	for (const char *from = numbers; *from == ',' && count < 3; count++) {
		char *end;

		number[count] = strtol(from + 1, &end, 0);
		if (end == from + 1 || labs(number[count]) > EXPANDED_LINES_MAX * 16L)
			break;
		from = end + strspn(end, " \t");
		if (*from == '\0' && count < 3) {
			count++;
			break;
		}
	}
	if (count == 1) {
		number[2] = number[0];
		number[0] = number[1] = number[2] < 0 ? -1 : 1;
		if (number[2] == 0)
			number[1] = -1;
	} else if (count == 2) {
		number[2] = number[1];
		number[1] = number[0] <= number[2] ? 1 : -1;
	}
	if (count == 0 || number[1] == 0 || (number[0] < number[2] && number[1] < 0) ||
	    (number[0] > number[2] && number[1] > 0) || (hexadecimal && number[0] < 0)) {
		refuse_sequence(file, line);
		return;
	}
	repeat_sequence(file, name, number, hexadecimal, closing + 1 + strspn(closing + 1, " \t"));
}

/* Reads "A" or "{A, B}" at *at, up to `most` words. Returns their number. */
static size_t
read_set(struct keepalived *file, const char **at, const char *words[PARAMETERS_MAX], size_t most)
{
	const bool several = **at == '{';
	size_t count = 0;
	bool more;

	*at += several;
	do {
		size_t length;

		*at += strspn(*at, " \t");
		length = strcspn(*at, " \t,})");
		if (count == most)
			return 0;
		words[count++] = collect_text(file->services, *at, length);
		*at += length;
		*at += strspn(*at, " \t");
		more = several && **at == ',';
		*at += several && **at != '\0'; /* the line may end within the braces */
	} while (more);
	*at += strspn(*at, " \t");
	return count;
}

/* ~LST(NAME, VALUE, ...) or ~LST({NAME, NAME}, {VALUE, VALUE}, ...) */
static void
take_list(struct keepalived *file, const char *line)
{
	const char *names[PARAMETERS_MAX], *values[PARAMETERS_MAX];
	const char *at = line + 4, *start;
	const char *text;
	size_t count;

	at += strspn(at, " \t");
	if (*at != '(' || strchr(at, ')') == NULL) {
		refuse_sequence(file, line);
		return;
	}
	at++;
	at += strspn(at, " \t");
	count = read_set(file, &at, names, PARAMETERS_MAX);
	start = at;
	text = strchr(at, ')');
	/* A name in braces may hold the only one. */
	if (text == NULL) {
		refuse_sequence(file, line);
		return;
	}
	text++;
	text += strspn(text, " \t");
	for (at = start; count > 0 && *at == ',' && !file->definitions.endless;) {
		size_t given;

		at++;
		at += strspn(at, " \t");
		given = read_set(file, &at, values, count);
		if (given == 0)
			break;
		for (size_t i = 0; i < count; i++)
			define(file, names[i], i < given ? values[i] : "");
		take_made_line(file, text);
	}
	if (count == 0 || at == start || *at != ')')
		refuse_sequence(file, line);
}

/* "@ID TEXT" counts where the configuration has that ID, "@^ID TEXT" where it has not. Returns the
 * text, or NULL. */
static const char *
conditional(const struct keepalived *file, const char *line)
{
	const bool negated = line[1] == '^';
	const char *const id = line + 1 + negated;
	const size_t length = strcspn(id, " \t");
	const bool same = file->config_id != NULL && strlen(file->config_id) == length &&
			  strncmp(file->config_id, id, length) == 0;

	if (id[length] == '\0' || same == negated)
		return NULL;
	return id + length + strspn(id + length, " \t");
}

void
keepalived_line(struct keepalived *file, const char *line)
{
	char expanded[LINE_MAX_OCTETS];
	char *rest = expanded, *part;
	bool changed;

	if (file->definitions.is_open) {
		continue_definition(file, line);
		return;
	}
	if (line[0] == '@')
		line = conditional(file, line);
	if (line == NULL || line[0] == '\0' || take_definition(file, line))
		return;
	if (strncmp(line, "~SEQ", 4) == 0) {
		take_sequence(file, line);
	} else if (strncmp(line, "~LST", 4) == 0) {
		take_list(file, line);
	} else if (!expand(file, line, expanded, &changed)) {
		services_mistake(file->services, file->place,
		    "its definitions make this line longer than %d octets", LINE_MAX_OCTETS - 1);
	} else if (!changed) {
		file->take_line(file, expanded);
	} else {
		while ((part = strsep(&rest, "\n")) != NULL) {
			if (part[0] == '@' || part[0] == '~')
				take_made_line(file, part);
			else
				file->take_line(file, part);
		}
	}
}
