/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cluster file as text: its sections and entries, in order, with their places.
 */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/services.h"

struct config_entry {
	const char *key, *value;
	struct place place;
	const char *folder; /* of its file: relative paths start there */
};

struct config_section {
	const char *name; /* of the cluster; "" for the defaults */
	struct place place;
	struct config_entry *entries;
	size_t count;
};

/* The first section is the defaults. All memory is in the services' arena. */
struct config_file {
	struct config_section *sections;
	size_t count;
	size_t files;
};

/* Reads a file and what it includes. Mistakes go to `services`. */
void config_file_read(struct config_file *file, struct services *services, const char *path);

#endif
