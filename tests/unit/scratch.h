/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scratch directory for the files of a test. It is the working directory while the test runs.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* cmocka setup and teardown: create and enter the directory; remove it and its contents. */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* Create a file with this content. */
void scratch_write(const char *path, const void *bytes, size_t length);
void scratch_write_text(const char *path, const char *text);
/* Asserts that a file contains exactly this text. */
void scratch_expect(const char *path, const char *text);
/* Asserts that the directory has this many entries. */
void scratch_expect_entries(size_t count);

/* File modes do not restrict root. If root, becomes another user until scratch_become_self().
 * Returns false if that is not possible; then skip the test. */
bool scratch_become_nobody(void);
void scratch_become_self(void);

#endif
