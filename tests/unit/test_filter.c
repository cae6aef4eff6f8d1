/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of system calls, for machines that this is not: libseccomp knows the numbers of all of
 * them. The file is included for its list, which nobody else needs to see.
 */
#include "../../src/system/filter.c" /* NOLINT(bugprone-suspicious-include) */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#ifdef HAVE_SECCOMP

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a machine without the first call makes instead. */
static const struct {
	const char *call, *instead;
} others[] = {
    {"send", "sendto"},
    {"socketcall", "setsockopt"},
    {"ppoll_time64", "ppoll"},
    {"poll", "ppoll"},
    {"clock_gettime64", "clock_gettime"},
    {"time", "clock_gettime"},
    {"sigreturn", "rt_sigreturn"},
    {"alarm", "setitimer"},
    {"mmap2", "mmap"},
    {"futex_time64", "futex"},
    {"_llseek", "lseek"},
    {"fstat64", "fstat"},
    {"fstatat64", "newfstatat"},
    {"fcntl64", "fcntl"},
    {"ftruncate64", "ftruncate"},
    {"rename", "renameat"},
    {"unlink", "unlinkat"},
    {"open", "openat"},
    {"stat", "newfstatat"},
    {"stat64", "newfstatat"},
    {"lstat", "newfstatat"},
    {"lstat64", "newfstatat"},
    {"access", "faccessat"},
    {"readlink", "readlinkat"},
    {"geteuid32", "geteuid"},
    {"getegid32", "getegid"},
    {"getuid32", "getuid"},
    {"getgid32", "getgid"},
};

static const char *
instead_of(const char *call)
{
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(others[i].call, call) == 0)
			return others[i].instead;
	fail_msg("%s is no call of arm64, and what is made instead is not known", call);
	return NULL;
}

/* A misspelt name would be left out without a word. */
static void
test_all_calls_are_known(void **state)
{
	static const uint32_t machines[] = {
	    SCMP_ARCH_NATIVE, SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64, SCMP_ARCH_X86, SCMP_ARCH_ARM};

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++)
		for (size_t k = 0; k < COUNT(machines); k++)
			if (seccomp_syscall_resolve_name_arch(machines[k], rules[i].call) ==
			    __NR_SCMP_ERROR)
				fail_msg("%s is not known", rules[i].call);
}

/* Which phases may make the call. */
static unsigned
phases_of(const char *call)
{
	unsigned phases = 0;

	for (size_t i = 0; i < COUNT(rules); i++)
		if (strcmp(rules[i].call, call) == 0)
			phases |= rules[i].phases;
	return phases;
}

/* arm64 has none of the calls that others have replaced: these are allowed where those are. */
static void
test_arm64_has_another_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		const char *const call = rules[i].call;

		if (seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, call) >= 0)
			continue;
		const char *const instead = instead_of(call);

		if (seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, instead) < 0)
			fail_msg("%s is no call of arm64 either", instead);
		if ((rules[i].phases & ~phases_of(instead)) != 0)
			fail_msg("%s is allowed where %s is not", call, instead);
	}
}

/* A filter for arm64 can be built of the list, whatever machine this is. */
static void
test_arm64_filter(void **state)
{
	(void)state;
	for (unsigned phase = SANDBOX_READ; phase <= SANDBOX_REPORT; phase++) {
		/* Not to kill the process: qemu-user has no such action. */
		scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);

		assert_non_null(filter);
		if (seccomp_arch_native() != SCMP_ARCH_AARCH64) {
			assert_int_equal(seccomp_arch_add(filter, SCMP_ARCH_AARCH64), 0);
			assert_int_equal(seccomp_arch_remove(filter, SCMP_ARCH_NATIVE), 0);
		}
		assert_int_equal(build(filter, phase), 0);
		seccomp_release(filter);
	}
}

/* The filter of a phase for i386, in words. Release it with free(). */
static char *
i386_filter(enum sandbox_phase phase)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	FILE *file = tmpfile();
	char *text = calloc(1, 65536);

	assert_true(filter != NULL && file != NULL && text != NULL);
	if (seccomp_arch_native() != SCMP_ARCH_X86) {
		assert_int_equal(seccomp_arch_add(filter, SCMP_ARCH_X86), 0);
		assert_int_equal(seccomp_arch_remove(filter, SCMP_ARCH_NATIVE), 0);
	}
	assert_int_equal(build(filter, phase), 0);
	assert_int_equal(seccomp_export_pfc(filter, fileno(file)), 0);
	rewind(file);
	assert_true(fread(text, 1, 65535, file) > 0);
	(void)fclose(file);
	seccomp_release(filter);
	return text;
}

/* Whether the filter lets socketcall(2) do that, whatever its other arguments are. */
static bool
allows_by_socketcall(const char *filter, int number)
{
	const char *at = strstr(filter, "filter for syscall \"socketcall\"");
	char rule[64];

	assert_non_null(at);
	assert_null(strstr(at, "if ($syscall == 102)\n    action ALLOW"));
	(void)snprintf(rule, sizeof(rule), "if ($a0 == %d)\n      action ALLOW;", number);
	return strstr(at, rule) != NULL;
}

/* i386 sends, receives and sets options by socketcall(2), and does nothing else by it: libpcap
 * gives its ring back in the last phase, too. */
static void
test_i386_filter(void **state)
{
	static const int of_frames[] = {
	    SYS_SEND, SYS_SENDTO, SYS_RECVFROM, SYS_RECVMSG, SYS_GETSOCKOPT, SYS_GETSOCKNAME};
	static const int never[] = {SYS_SOCKET, SYS_CONNECT, SYS_BIND, SYS_SOCKETPAIR};

	(void)state;
	for (unsigned phase = SANDBOX_READ; phase <= SANDBOX_REPORT; phase++) {
		char *filter = i386_filter(phase);
		const bool audits = phase == SANDBOX_AUDIT || phase == SANDBOX_WATCH;

		assert_true(allows_by_socketcall(filter, SYS_SETSOCKOPT));
		for (size_t i = 0; i < COUNT(of_frames); i++)
			assert_int_equal(allows_by_socketcall(filter, of_frames[i]), audits);
		for (size_t i = 0; i < COUNT(never); i++)
			assert_false(allows_by_socketcall(filter, never[i]));
		assert_non_null(strstr(filter, "filter for syscall \"mmap2\""));
		free(filter);
	}
}

#else

static void
test_none(void **state)
{
	bool in_force = true;

	(void)state;
	assert_true(filter_load(SANDBOX_AUDIT, &in_force));
	assert_false(in_force);
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef HAVE_SECCOMP
	    cmocka_unit_test(test_all_calls_are_known),
	    cmocka_unit_test(test_arm64_has_another_call),
	    cmocka_unit_test(test_arm64_filter),
	    cmocka_unit_test(test_i386_filter),
#else
	    cmocka_unit_test(test_none),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
