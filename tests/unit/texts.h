/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assertions about a part of a text.
 */
#ifndef ARPAUDIT_TESTS_TEXTS_H
#define ARPAUDIT_TESTS_TEXTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline void
assert_holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("there is no \"%s\" in:\n%s", part, text);
}

static inline void
assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("there is a \"%s\" in:\n%s", part, text);
}

#endif
