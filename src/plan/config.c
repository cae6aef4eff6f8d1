/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cluster of the file is read as a command line of its own would be: the entries of [defaults],
 * then its own. Then its directors' configurations are read, and its plan is checked.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/plan_remarks.h"
#include "config_file.h"
#include "element.h"
#include "lists.h"

enum key_kind {
	KEY_VALUE = 0, /* once; a cluster's own value replaces that of the defaults */
	KEY_LIST,      /* may be repeated; the defaults' values count too */
	KEY_FILE,      /* a list of files, relative to the folder of this one */
	KEY_FLAG,      /* yes or no: an option without an argument */
	KEY_OWNER,     /* director, any or none */
	KEY_SKIP,      /* CHECK: REASON */
};

/* All but owner and skip are long options of the same name. */
static const struct key {
	const char *name;
	enum key_kind kind;
} keys[] = {
    {"vip", KEY_LIST},
    {"rs", KEY_LIST},
    {"director", KEY_LIST},
    {"interface", KEY_VALUE},
    {"vlan", KEY_VALUE},
    {"owner", KEY_OWNER},
    {"gateway", KEY_LIST},
    {"source", KEY_VALUE},
    {"decoy", KEY_LIST},
    {"ignore", KEY_LIST},
    {"skip", KEY_SKIP},
    {"no-elicit", KEY_FLAG},
    {"gentle", KEY_FLAG},
    {"rate", KEY_VALUE},
    {"broadcast-rate", KEY_VALUE},
    {"confidence", KEY_VALUE},
    {"linger", KEY_VALUE},
    {"timeout", KEY_VALUE},
    {"ipvs", KEY_FILE},
    {"keepalived", KEY_FILE},
    {"ldirectord", KEY_FILE},
    {"config-id", KEY_VALUE},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

struct config {
	struct options *options; /* of the command line: its plan takes the clusters */
	config_apply *apply;
	struct config_file file;
};

static struct services *
services_of(struct config *config)
{
	return &config->options->sources.services;
}

static const struct key *
find_key(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool
may_repeat(const struct key *key)
{
	return key->kind == KEY_LIST || key->kind == KEY_FILE || key->kind == KEY_SKIP;
}

/* Unknown keys, and keys that are given twice. */
static void
check_section(struct config *config, const struct config_section *section)
{
	const struct config_entry *seen[KEY_COUNT] = {NULL};

	for (size_t i = 0; i < section->count; i++) {
		const struct config_entry *const entry = &section->entries[i];
		const struct key *const key = find_key(entry->key);

		if (key == NULL) {
			services_mistake(services_of(config), entry->place,
			    "'%s': expected a key of arpaudit.conf(5), such as vip, rs or director",
			    entry->key);
			continue;
		}
		if (!may_repeat(key) && seen[key - keys] != NULL)
			services_mistake(services_of(config), entry->place,
			    "'%s': expected it once; line %zu has it", entry->key,
			    seen[key - keys]->place.line);
		seen[key - keys] = entry;
	}
}

/* ---- Values -------------------------------------------------------------------------------- */

/* Blanks separate the elements of a list, as commas do. */
static char *
with_commas(struct services *services, const char *value)
{
	char *const list = arena_format(services->arena, "%s", value);
	char *to = list;

	for (const char *from = list; *from != '\0'; from++) {
		const bool separates = *from == ' ' || *from == '\t' || *from == ',';

		if (!separates)
			*to++ = *from;
		else if (to > list && to[-1] != ',')
			*to++ = ',';
	}
	*to = '\0';
	return list;
}

/* "NAME ADDRESS" names a server. Returns false if the value is something else. */
static bool
take_named_host(
    struct options *options, struct services *services, const char *value, struct error *error)
{
	char *const copy = arena_format(services->arena, "%s", value);
	const size_t length = strcspn(copy, " \t");
	char *address = copy + length + strspn(copy + length, " \t");
	struct plan_cluster *const cluster = &options->plan.clusters[0];
	struct plan_host host = {.name = NULL};
	struct address other;

	copy[length] = '\0';
	if (*address == '\0' || strpbrk(address, " \t,-/") != NULL ||
	    strpbrk(copy, ",/@") != NULL || address_parse(copy, &other) ||
	    !address_parse(address, &host.rip))
		return false;
	if (!element_check_family(address, error) || !element_check_host(address, &host.rip, error))
		return true;
	host.name = strdup(copy);
	if (host.name == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	else if (hosts_add(cluster, &host, error))
		cluster->discover = false;
	return true;
}

static void
take_owner(struct plan_cluster *cluster, const char *value, struct error *error)
{
	static const struct {
		const char *word;
		enum plan_owner owner;
	} owners[] = {{"director", OWNER_DIRECTOR}, {"any", OWNER_ANY}, {"none", OWNER_NONE}};

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		if (strcmp(value, owners[i].word) == 0) {
			cluster->owner = owners[i].owner;
			return;
		}
	}
	error_set(error, EXIT_USAGE, "'%s': expected director, any or none", value);
}

/* "CHECK: REASON" */
static void
take_skip(
    struct plan_cluster *cluster, struct services *services, const char *value, struct error *error)
{
	const size_t length = strcspn(value, ": \t");
	const char *reason = value + length;

	reason += strspn(reason, " \t");
	if (*reason != ':' || reason[1 + strspn(reason + 1, " \t")] == '\0')
		error_set(error, EXIT_USAGE, "'%s': expected CHECK: REASON", value);
	else
		(void)remarks_skip(&cluster->remarks,
		    arena_format(services->arena, "%.*s", (int)length, value),
		    reason + 1 + strspn(reason + 1, " \t"), error);
}

/* Paths are relative to the folder of the cluster file. */
static const char *
path_of(struct services *services, const struct config_entry *entry)
{
	const bool absolute = entry->value[0] == '/' || strcmp(entry->value, "-") == 0;

	return absolute ? entry->value
			: arena_format(services->arena, "%s%s", entry->folder, entry->value);
}

/* The same for the @FILE among hosts. */
static const char *
hosts_of(struct services *services, const struct config_entry *entry)
{
	const char *const list = with_commas(services, entry->value);

	if (list[0] != '@' || list[1] == '/' || strchr(list, ',') != NULL)
		return list;
	return arena_format(services->arena, "@%s%s", entry->folder, list + 1);
}

static void
take_entry(struct config *config, struct options *options, const struct key *key,
    const struct config_entry *entry, struct error *error)
{
	struct services *const services = services_of(config);

	switch (key->kind) {
	case KEY_OWNER:
		take_owner(&options->plan.clusters[0], entry->value, error);
		break;
	case KEY_SKIP:
		take_skip(&options->plan.clusters[0], services, entry->value, error);
		break;
	case KEY_FLAG:
		if (strcmp(entry->value, "yes") == 0)
			(void)config->apply(options, key->name, NULL, error);
		else if (strcmp(entry->value, "no") != 0)
			error_set(error, EXIT_USAGE, "'%s': expected yes or no", entry->value);
		break;
	case KEY_FILE:
		(void)config->apply(options, key->name, path_of(services, entry), error);
		break;
	case KEY_LIST:
		if (strcmp(key->name, "rs") != 0 ||
		    !take_named_host(options, services, entry->value, error))
			(void)config->apply(options, key->name, hosts_of(services, entry), error);
		break;
	case KEY_VALUE:
		(void)config->apply(options, key->name, entry->value, error);
		break;
	}
}

/* ---- Clusters ------------------------------------------------------------------------------ */

static bool
has_key(const struct config_section *section, const char *key)
{
	for (size_t i = 0; i < section->count; i++)
		if (strcmp(section->entries[i].key, key) == 0)
			return true;
	return false;
}

/* Takes the entries of a section, but those that a cluster's own replace. */
static void
take_section(struct config *config, struct options *options, const struct config_section *section,
    const struct config_section *own)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct config_entry *const entry = &section->entries[i];
		const struct key *const key = find_key(entry->key);
		struct error error = {0};

		if (key == NULL || (section != own && !may_repeat(key) && has_key(own, key->name)))
			continue;
		take_entry(config, options, key, entry, &error);
		if (error.status != 0)
			services_mistake(
			    services_of(config), entry->place, "%s: %s", entry->key, error.text);
	}
}

/* What the command line says of how to audit counts for every cluster. */
static void
take_command_line(struct config *config, struct options *options)
{
	for (size_t i = 0; i < config->options->given_count; i++) {
		const struct options_given *const given = &config->options->given[i];
		struct error ignored = {0};

		/* It has been read once without a mistake. */
		(void)config->apply(options, given->name, given->argument, &ignored);
	}
}

static void
add_mistakes(struct config *config, const struct options *options)
{
	const struct services *const services = &options->sources.services;

	for (size_t i = 0; i < services->mistake_count; i++)
		services_mistake_again(services_of(config), services->mistakes[i]);
}

static bool
finish(struct config *config, struct options *options, const struct config_section *section,
    struct error *error)
{
	struct plan *const plan = &options->plan;
	struct error mistake = {0};

	if (options->sources.count > 0) {
		if (!sources_adopt(&options->sources, plan, &mistake) &&
		    mistake.status == EXIT_CANNOT_RUN) {
			*error = mistake;
			return false;
		}
		add_mistakes(config, options);
	} else if (!plan_check(&plan->clusters[0], &mistake)) {
		services_mistake(services_of(config), section->place, "[cluster %s]: %s",
		    section->name, mistake.text);
	}
	for (size_t i = 0; i < plan->cluster_count; i++)
		plan->clusters[i].settings = plan->settings;
	return plan_move_clusters(&config->options->plan, plan, section->name, error);
}

static bool
read_cluster(struct config *config, const struct config_section *section, struct error *error)
{
	struct options options = {.action = ACTION_AUDIT};
	const size_t mistakes = services_of(config)->mistake_count;
	bool good = true;

	plan_init(&options.plan);
	if (plan_add_cluster(&options.plan, section->name) == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	options.plan.clusters[0].discover = true;
	take_section(config, &options, &config->file.sections[0], section);
	take_section(config, &options, section, section);
	take_command_line(config, &options);
	if (services_of(config)->mistake_count == mistakes)
		good = finish(config, &options, section, error);
	plan_free(&options.plan);
	sources_free(&options.sources);
	return good;
}

static bool
is_wanted(const struct options *options, const struct config_section *section)
{
	for (size_t i = 0; i < options->operands.count; i++)
		if (strcmp(section->name, options->operands.words[i]) == 0)
			return true;
	return options->operands.count == 0;
}

static void
check_names(struct config *config)
{
	const struct options *const options = config->options;

	for (size_t i = 0; i < options->operands.count; i++) {
		bool found = false;

		for (size_t j = 1; j < config->file.count && !found; j++)
			found =
			    strcmp(config->file.sections[j].name, options->operands.words[i]) == 0;
		if (!found)
			services_mistake(services_of(config), config->file.sections[0].place,
			    "'%s': expected the name of one of its clusters",
			    options->operands.words[i]);
	}
}

bool
config_read(struct options *options, config_apply *apply, struct error *error)
{
	struct config config = {.options = options, .apply = apply};
	struct services *const services = services_of(&config);

	config_file_read(&config.file, services, options->config);
	if (config.file.count == 1 && services->mistake_count == 0)
		services_mistake(services, config.file.sections[0].place,
		    "expected at least one [cluster NAME]");
	for (size_t i = 0; i < config.file.count; i++)
		check_section(&config, &config.file.sections[i]);
	check_names(&config);
	for (size_t i = 1; i < config.file.count; i++)
		if (is_wanted(options, &config.file.sections[i]) &&
		    !read_cluster(&config, &config.file.sections[i], error))
			return false;
	plan_drop_cluster(&options->plan, 0); /* the one of the command line */
	options->sources.adopted = true;
	if (services->mistake_count == 0)
		return true;
	return error_set(error, EXIT_USAGE, "%s", services->mistakes[0]);
}
