/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library for LD_PRELOAD: the kernel has neither Landlock nor filters of system calls, and others
 * may look at the process. So valgrind can live in it. Linked into the program, it lets the program
 * write at its end what gcov (scripts/coverage) and the sanitizers (scripts/ci sanitizers) have to
 * say.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int seccomp_load(const void *filter);

int
seccomp_load(const void *filter)
{
	(void)filter;
	return -ENOSYS;
}

/* LeakSanitizer traces the process. */
int
prctl(int option, ...)
{
	unsigned long argument[4];
	va_list arguments;

	if (option == PR_SET_DUMPABLE)
		return 0;
	va_start(arguments, option);
	for (size_t i = 0; i < sizeof(argument) / sizeof(argument[0]); i++)
		argument[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	return (int)syscall(SYS_prctl, option, argument[0], argument[1], argument[2], argument[3]);
}

long
syscall(long number, ...)
{
	long (*next)(long number, ...);
	long argument[6];
	va_list arguments;

	if (number == SYS_landlock_create_ruleset) {
		errno = ENOSYS;
		return -1;
	}
	va_start(arguments, number);
	for (size_t i = 0; i < sizeof(argument) / sizeof(argument[0]); i++)
		argument[i] = va_arg(arguments, long);
	va_end(arguments);
	*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(
	    number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}
