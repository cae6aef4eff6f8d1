/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The input of a fuzz target that reads files: a file in a new folder, to which the target moves.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define IN_MEMORY "/dev/shm"

static char folder[64];

static inline void
require(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

static inline void
remove_folder(void)
{
	(void)rmdir(folder);
}

static inline void
enter_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "%s/arpaudit-fuzz.XXXXXX",
	    access(IN_MEMORY, W_OK) == 0 ? IN_MEMORY : "/tmp");
	require(mkdtemp(folder) != NULL && chdir(folder) == 0, folder);
	require(atexit(remove_folder) == 0, "atexit");
}

static inline void
write_input(const char *name, const uint8_t *data, size_t size)
{
	FILE *const file = fopen(name, "we");

	require(file != NULL, name);
	require(fwrite(data, 1, size, file) == size, name);
	require(fclose(file) == 0, name);
}

#endif
