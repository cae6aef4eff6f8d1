/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library for LD_PRELOAD: the kernel has neither Landlock nor filters of system calls, so that
 * the program can still write what scripts/coverage wants to know.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

int seccomp_load(const void *filter);

int
seccomp_load(const void *filter)
{
	(void)filter;
	return -ENOSYS;
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
