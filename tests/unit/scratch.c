/* SPDX-License-Identifier: BSD-2-Clause */
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

int
scratch_setup(void **state)
{
	char *const directory = strdup("/tmp/arpaudit-test.XXXXXX");

	*state = directory;
	/* Accessible to the user of scratch_become_nobody(). */
	return directory == NULL || mkdtemp(directory) == NULL || chmod(directory, 0755) != 0 ||
	       chdir(directory) != 0;
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

int
scratch_teardown(void **state)
{
	char *const directory = *state;
	int result;

	scratch_become_self();
	result = chdir("/") != 0 || nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0;
	free(directory);
	return result;
}

void
scratch_write(const char *path, const void *bytes, size_t length)
{
	FILE *const stream = fopen(path, "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(bytes, 1, length, stream), length);
	assert_int_equal(fclose(stream), 0);
}

void
scratch_write_text(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text));
}

void
scratch_expect(const char *path, const char *text)
{
	char found[256];
	FILE *const stream = fopen(path, "r");
	size_t length;

	assert_non_null(stream);
	length = fread(found, 1, sizeof(found) - 1, stream);
	found[length] = '\0';
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(found, text);
}

void
scratch_expect_entries(size_t count)
{
	DIR *const directory = opendir(".");
	size_t found = 0;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		found++;
	assert_int_equal(closedir(directory), 0);
	assert_int_equal(found, count + 2); /* "." and ".." */
}

bool
scratch_become_nobody(void)
{
	return geteuid() != 0 || seteuid(NOBODY) == 0;
}

void
scratch_become_self(void)
{
	if (seteuid(getuid()) != 0)
		abort();
}
