/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/advice.h"
#include "arpaudit/error.h"

static void
test_first_message_wins(void **state)
{
	struct error error = {0};

	(void)state;
	assert_false(error_set(&error, EXIT_USAGE, "%s, line %d: %s", "hosts", 3, "no address"));
	assert_int_equal(error.status, EXIT_USAGE);
	assert_string_equal(error.text, "hosts, line 3: no address");
	assert_false(error_set(&error, EXIT_CANNOT_RUN, "another"));
	assert_int_equal(error.status, EXIT_USAGE);
	assert_string_equal(error.text, "hosts, line 3: no address");
}

static void
assert_text(const char *word, const char *expected)
{
	struct error error = {0};

	(void)error_set(&error, EXIT_USAGE, "%s", word);
	assert_string_equal(error.text, expected);
}

static void
test_control_characters_are_replaced(void **state)
{
	(void)state;
	assert_text("a library's line\n", "a library's line");
	assert_text("two\nlines\r\n", "two?lines");
	assert_text("\x1b[2Jclear", "?[2Jclear");
	assert_text("del\x7f tab\tend", "del? tab?end");
	assert_text("csi \xc2\x9b"
		    "2J",
	    "csi ?2J");
	assert_text("turned \xe2\x80\xae round \xe2\x81\xa6", "turned ? round ?");
	assert_text("a line's \xe2\x80\xa8 end", "a line's ? end");
	assert_text("caf\xc3\xa9 \xc2\xa9 \xe2\x82\xac", "caf\xc3\xa9 \xc2\xa9 \xe2\x82\xac");
	assert_text("cut \xc2", "cut ?");
	assert_text("", "");
}

static void
test_long_text_is_truncated(void **state)
{
	struct error error = {0};
	char word[2 * sizeof(error.text)];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	(void)error_set(&error, EXIT_CANNOT_RUN, "%s", word);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
}

/* Every reason that a file cannot be used has something to do about it, for each errno. */
static void
test_advice(void **state)
{
	static const struct {
		int number;
		const char *reading, *writing;
	} cases[] = {
	    {EDQUOT, "name another file", "free some of the quota"},
	    {EROFS, "name another file", "mount its file system for writing"},
	    {EACCES, "a user who may read it", "change the permissions"},
	    {ENOENT, "check its name", "create its directory"},
	    {EMFILE, "ulimit -n", "ulimit -n"},
	    {EIO, "check the disk", "check the disk"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_non_null(strstr(advice_reading(cases[i].number), cases[i].reading));
		assert_non_null(strstr(advice_writing(cases[i].number), cases[i].writing));
	}
	for (int number = 0; number < 140; number++) {
		assert_true(strlen(advice_reading(number)) > 0);
		assert_true(strlen(advice_writing(number)) > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_advice),
	    cmocka_unit_test(test_first_message_wins),
	    cmocka_unit_test(test_control_characters_are_replaced),
	    cmocka_unit_test(test_long_text_is_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
