/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When an output is coloured, by the environment and by what it goes to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "arpaudit/terminal.h"

static int terminal;

int
isatty(int descriptor)
{
	return descriptor == 1 ? terminal : 0;
}

static void
set(const char *name, const char *value)
{
	assert_int_equal(value == NULL ? unsetenv(name) : setenv(name, value, 1), 0);
}

static void
test_environment_decides(void **state)
{
	static const struct {
		const char *term, *no_color, *force;
		bool terminal, obeys, colored;
	} cases[] = {
	    {"xterm", NULL, NULL, true, true, true},
	    {NULL, NULL, NULL, true, true, true},
	    {"xterm", NULL, NULL, false, false, false},
	    {"dumb", NULL, NULL, true, false, false},
	    {"xterm", "1", NULL, true, true, false},
	    {"xterm", "", NULL, true, true, true}, /* empty: as if it were not set */
	    {"xterm", NULL, "1", false, false, true},
	    {"xterm", NULL, "0", false, false, false},
	    {"xterm", NULL, "", false, false, false},
	    {"dumb", NULL, "1", true, false, true},
	    {"xterm", "1", "1", true, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		terminal = cases[i].terminal;
		set("TERM", cases[i].term);
		set("NO_COLOR", cases[i].no_color);
		set("CLICOLOR_FORCE", cases[i].force);
		assert_int_equal(terminal_obeys(1), cases[i].obeys);
		assert_int_equal(terminal_is_colored(1), cases[i].colored);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_environment_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
