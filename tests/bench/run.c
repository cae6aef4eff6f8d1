/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command with its output in FILE, and prints what the command took:
 *
 *	run FILE COMMAND [ARGUMENT...]
 *
 *	WALL_US CPU_US RSS_KB STATUS
 *
 * CPU is user and system time; RSS is the maximum resident set size (getrusage(2)). The kernel also
 * counts the process as it was before execve(2), so the program that starts the command must be
 * small.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_CANNOT_RUN 3

static void
fail(const char *what)
{
	(void)fprintf(stderr, "run: %s: %s\n", what, strerror(errno));
	exit(EXIT_CANNOT_RUN);
}

static uint64_t
monotonic_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		fail("clock");
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t
timeval_us(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

static _Noreturn void
become(const char *file, char *command[])
{
	const int output = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (output == -1 || dup2(output, STDOUT_FILENO) == -1 || dup2(output, STDERR_FILENO) == -1)
		_exit(EXIT_CANNOT_RUN);
	(void)execvp(command[0], command);
	perror(command[0]);
	_exit(EXIT_CANNOT_RUN);
}

int
main(int argc, char *argv[])
{
	struct rusage usage;
	int status;

	if (argc < 3) {
		errno = EINVAL;
		fail("usage: run FILE COMMAND [ARGUMENT...]");
	}
	const uint64_t start_us = monotonic_us();
	const pid_t child = fork();

	if (child == -1)
		fail("fork");
	if (child == 0)
		become(argv[1], argv + 2);
	while (wait4(child, &status, 0, &usage) == -1)
		if (errno != EINTR)
			fail("wait4");
	(void)printf("%" PRIu64 " %" PRIu64 " %ld %d\n", monotonic_us() - start_us,
	    timeval_us(&usage.ru_utime) + timeval_us(&usage.ru_stime), usage.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_CANNOT_RUN;
}
