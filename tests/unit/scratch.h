/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory for the files of a test, which is the current one while the test runs.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* cmocka setup and teardown: makes the directory and enters it; removes it with all that is in it.
 */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* Writes a file. */
void scratch_write(const char *path, const void *bytes, size_t length);
void scratch_write_text(const char *path, const char *text);
/* Asserts that a file holds just this text. */
void scratch_expect(const char *path, const char *text);
/* Asserts that the directory has this many entries. */
void scratch_expect_entries(size_t count);

/* As root, no file mode forbids anything: becomes somebody else until scratch_become_self(). False
 * when this is not possible: then the test is to be skipped. */
bool scratch_become_nobody(void);
void scratch_become_self(void);

#endif
