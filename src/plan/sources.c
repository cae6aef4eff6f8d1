/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/sources.h"

#include <assert.h>
#include <string.h>

#include "arpaudit/adopt.h"

static const struct services_reader *
find_reader(const char *option)
{
	const struct services_reader *reader = services_readers;

	while (reader->option != NULL && strcmp(reader->option, option) != 0)
		reader++;
	return reader;
}

bool
sources_add(struct sources *sources, const char *reader, const char *path, struct error *error)
{
	const struct services_reader *const found = find_reader(reader);

	assert(found->option != NULL);
	if (*path == '\0')
		return error_set(error, EXIT_USAGE, "'' is not a file name");
	if (sources->count == SOURCES_MAX)
		return error_set(error, EXIT_USAGE,
		    "more than %d files: split them into several audits", SOURCES_MAX);
	sources->source[sources->count].reader = found;
	sources->source[sources->count].path = path;
	sources->count++;
	return true;
}

void
sources_begin(struct sources *sources)
{
	sources->arena = arena_new();
	services_init(&sources->services, sources->arena);
}

bool
sources_adopt(struct sources *sources, struct plan *plan, struct error *error)
{
	if (sources->count == 0)
		return true;
	sources_begin(sources);
	for (size_t i = 0; i < sources->count; i++)
		sources->source[i].reader->read(
		    &sources->services, &(struct services_request){.path = sources->source[i].path,
					    .config_id = sources->config_id});
	/* What follows from a mistake in a file is none of its own. */
	if (sources->services.mistake_count == 0) {
		if (!plan_adopt(plan, &sources->services, error))
			return false;
		sources->adopted = true;
	}
	if (sources->services.mistake_count == 0)
		return true;
	return error_set(error, EXIT_USAGE, "%s", sources->services.mistakes[0]);
}

void
sources_print_mistakes(const struct sources *sources, FILE *stream)
{
	for (size_t i = 1; i < sources->services.mistake_count; i++)
		(void)fprintf(stream, "arpaudit: %s\n", sources->services.mistakes[i]);
}

void
sources_free(struct sources *sources)
{
	if (sources->arena != NULL)
		arena_free(sources->arena);
	*sources = (struct sources){.count = 0};
}
