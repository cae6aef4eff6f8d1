/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Standard descriptors that are closed. Each case runs in a process of its own, which can't report
 * by cmocka; its status says what failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arpaudit/descriptors.h"

#define STANDARD 3

static bool
is_null(int descriptor)
{
	struct stat null, status;

	return stat("/dev/null", &null) == 0 && fstat(descriptor, &status) == 0 &&
	       S_ISCHR(status.st_mode) && status.st_rdev == null.st_rdev;
}

/* `closed` has a bit for each descriptor. */
static int
reserve(unsigned closed)
{
	struct error error = {.status = 0};
	struct stat before[STANDARD], after;
	char octet = 'x';

	for (int i = 0; i < STANDARD; i++)
		if (fstat(i, &before[i]) != 0 || ((closed >> i & 1) != 0 && close(i) != 0))
			return 1;
	if (!descriptors_reserve(&error) || error.status != 0)
		return 2;
	for (int i = 0; i < STANDARD; i++)
		if ((closed >> i & 1) != 0
			? !is_null(i)
			: fstat(i, &after) != 0 || after.st_ino != before[i].st_ino)
			return 3;
	/* What is opened next gets none of the three. */
	if (open("/dev/null", O_RDONLY) < STANDARD)
		return 4;
	if ((closed & 1) != 0 && (read(STDIN_FILENO, &octet, 1) != -1 || errno != EBADF))
		return 5;
	if ((closed & 2) != 0 && (write(STDOUT_FILENO, &octet, 1) != -1 || errno != EBADF))
		return 6;
	return (closed & 4) != 0 && write(STDERR_FILENO, &octet, 1) != 1 ? 7 : 0;
}

static void
test_reserve(void **state)
{
	(void)state;
	for (unsigned closed = 0; closed < 1u << STANDARD; closed++) {
		const pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			_exit(reserve(closed));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_reserve)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
