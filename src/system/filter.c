/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter.h"

#include <stdio.h>

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/net.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arpaudit/memory.h"

/* The phases that a call is for. What REPORT needs is needed by all, as it comes last. */
enum phases {
	IN_READ = 1 << SANDBOX_READ,
	IN_WATCH = 1 << SANDBOX_WATCH,
	IN_AUDIT = 1 << SANDBOX_AUDIT | IN_WATCH,
	OPENS = IN_READ | IN_WATCH, /* opens files */
	IN_ALL = 1 << SANDBOX_REPORT | IN_READ | IN_AUDIT,
};

struct rule {
	const char *call;
	enum phases phases;
	unsigned argument_count;
	struct scmp_arg_cmp argument[2];
};

/* The macros of libseccomp leave a field out, which clang warns of. */
#define IS(index, how, one, other)                                                \
	{                                                                         \
		.arg = (index), .op = (how), .datum_a = (one), .datum_b = (other) \
	}
/* The third argument, the memory's protection, is without PROT_EXEC. */
#define NOT_EXECUTABLE                                  \
	1,                                              \
	{                                               \
		IS(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) \
	}
#define REQUEST(number)                         \
	1,                                      \
	{                                       \
		IS(1, SCMP_CMP_EQ, (number), 0) \
	}

/* fcntl(2) can also make the kernel send any signal to any process that the user may signal:
 * F_SETOWN and F_SETSIG say which, and O_ASYNC when. What the C library and libpcap need of it are
 * the flags of descriptors. */
#define FLAGS_OF_DESCRIPTORS(call)                                                            \
	{call, IN_ALL, REQUEST(F_GETFD)}, {call, IN_ALL, REQUEST(F_SETFD)},                   \
	    {call, IN_ALL, REQUEST(F_GETFL)}, {call, IN_ALL, REQUEST(F_DUPFD_CLOEXEC)},       \
	{                                                                                     \
		call, IN_ALL, 2,                                                              \
		{                                                                             \
			IS(1, SCMP_CMP_EQ, F_SETFL, 0), IS(2, SCMP_CMP_MASKED_EQ, O_ASYNC, 0) \
		}                                                                             \
	}

/* i386, s390x and others have one call for all of sockets, which C libraries may use even where
 * there are others. Its second argument leads to memory, which a filter can't see. So it is not
 * limited which option setsockopt(2) sets by it, only what is done to a socket. */
#define BY_SOCKETCALL(number, phases)                                 \
	{                                                             \
		"socketcall", phases, 1,                              \
		{                                                     \
			IS(0, SCMP_CMP_EQ, (scmp_datum_t)(number), 0) \
		}                                                     \
	}

/*
 * The names are libseccomp's, of all architectures; those that the machine lacks are skipped.
 * Which of two names the C library calls depends on its version and on the architecture: fstat() is
 * newfstatat() with an empty path in glibc since 2.33, and rename() is renameat() on arm64.
 */
static const struct rule rules[] = {
    /* Frames. libnet asks for the number of the interface with each of them. */
    {"sendto", IN_AUDIT, 0, {{0}}},
    {"send", IN_AUDIT, 0, {{0}}},
    {"recvfrom", IN_AUDIT, 0, {{0}}},
    {"recvmsg", IN_AUDIT, 0, {{0}}},
    {"getsockopt", IN_AUDIT, 0, {{0}}},
    {"getsockname", IN_AUDIT, 0, {{0}}}, /* libpcap, when the interface goes away */
    BY_SOCKETCALL(SYS_SENDTO, IN_AUDIT),
    BY_SOCKETCALL(SYS_SEND, IN_AUDIT),
    BY_SOCKETCALL(SYS_RECVFROM, IN_AUDIT),
    BY_SOCKETCALL(SYS_RECVMSG, IN_AUDIT),
    BY_SOCKETCALL(SYS_GETSOCKOPT, IN_AUDIT),
    BY_SOCKETCALL(SYS_GETSOCKNAME, IN_AUDIT),
    {"ioctl", IN_AUDIT, REQUEST(SIOCGIFFLAGS)},
    {"ioctl", IN_AUDIT, REQUEST(SIOCGIFINDEX)},
    {"ioctl", IN_AUDIT, REQUEST(SIOCGIFNAME)},
    /* libpcap gives the ring back when it closes. */
    {"setsockopt", IN_ALL, 2,
	{IS(1, SCMP_CMP_EQ, SOL_PACKET, 0), IS(2, SCMP_CMP_EQ, PACKET_RX_RING, 0)}},
    BY_SOCKETCALL(SYS_SETSOCKOPT, IN_ALL),
    /* Waiting, time and signals. An alarm ends a write that waits for its reader. */
    {"ppoll", IN_ALL, 0, {{0}}},
    {"ppoll_time64", IN_ALL, 0, {{0}}},
    {"poll", IN_ALL, 0, {{0}}},
    {"clock_gettime", IN_ALL, 0, {{0}}},
    {"clock_gettime64", IN_ALL, 0, {{0}}},
    {"gettimeofday", IN_ALL, 0, {{0}}},
    {"time", IN_ALL, 0, {{0}}},
    {"rt_sigprocmask", IN_ALL, 0, {{0}}},
    {"rt_sigaction", IN_ALL, 0, {{0}}},
    {"rt_sigreturn", IN_ALL, 0, {{0}}},
    {"sigreturn", IN_ALL, 0, {{0}}},
    {"restart_syscall", IN_ALL, 0, {{0}}},
    {"alarm", IN_ALL, 0, {{0}}},
    {"setitimer", IN_ALL, 0, {{0}}},
    /* Memory and the C library. */
    {"brk", IN_ALL, 0, {{0}}},
    {"mmap", IN_ALL, NOT_EXECUTABLE},
    {"mmap2", IN_ALL, NOT_EXECUTABLE},
    {"mprotect", IN_ALL, NOT_EXECUTABLE},
    {"mremap", IN_ALL, 0, {{0}}},
    {"munmap", IN_ALL, 0, {{0}}},
    {"madvise", IN_ALL, 0, {{0}}},
    {"futex", IN_ALL, 0, {{0}}},
    {"futex_time64", IN_ALL, 0, {{0}}},
    {"getrandom", IN_ALL, 0, {{0}}},
    {"sysinfo", IN_ALL, 0, {{0}}}, /* qsort(3) asks how much memory there is */
    {"uname", IN_ALL, 0, {{0}}},
    {"getpid", IN_ALL, 0, {{0}}},
    {"gettid", IN_ALL, 0, {{0}}},
    {"exit", IN_ALL, 0, {{0}}},
    {"exit_group", IN_ALL, 0, {{0}}},
    /* Writing. */
    {"write", IN_ALL, 0, {{0}}},
    {"writev", IN_ALL, 0, {{0}}},
    {"lseek", IN_ALL, 0, {{0}}},
    {"_llseek", IN_ALL, 0, {{0}}},
    {"fstat", IN_ALL, 0, {{0}}},
    {"fstat64", IN_ALL, 0, {{0}}},
    {"newfstatat", IN_ALL, 0, {{0}}},
    {"fstatat64", IN_ALL, 0, {{0}}},
    {"statx", IN_ALL, 0, {{0}}},
    FLAGS_OF_DESCRIPTORS("fcntl"),
    FLAGS_OF_DESCRIPTORS("fcntl64"),
    {"ioctl", IN_ALL, REQUEST(TCGETS)},
    {"ioctl", IN_ALL, REQUEST(TIOCGWINSZ)},
    {"flock", IN_ALL, 0, {{0}}},
    {"fsync", IN_ALL, 0, {{0}}},
    {"ftruncate", IN_ALL, 0, {{0}}},
    {"ftruncate64", IN_ALL, 0, {{0}}},
    {"dup", IN_ALL, 0, {{0}}},
    {"close", IN_ALL, 0, {{0}}},
    {"rename", IN_ALL, 0, {{0}}},
    {"renameat", IN_ALL, 0, {{0}}},
    {"renameat2", IN_ALL, 0, {{0}}},
    {"unlink", IN_ALL, 0, {{0}}},
    {"unlinkat", IN_ALL, 0, {{0}}},
    /* Reading reports that were saved, and opening those that are to be written. */
    {"read", IN_READ | IN_AUDIT, 0, {{0}}},
    {"readv", OPENS, 0, {{0}}},
    {"open", OPENS, 0, {{0}}},
    {"openat", OPENS, 0, {{0}}},
    {"stat", OPENS, 0, {{0}}},
    {"stat64", OPENS, 0, {{0}}},
    {"lstat", OPENS, 0, {{0}}},
    {"lstat64", OPENS, 0, {{0}}},
    {"access", OPENS, 0, {{0}}},
    {"faccessat", OPENS, 0, {{0}}},
    {"faccessat2", OPENS, 0, {{0}}},
    {"readlink", OPENS, 0, {{0}}},
    {"getdents64", OPENS, 0, {{0}}},
    {"pread64", OPENS, 0, {{0}}},
    {"readlinkat", OPENS, 0, {{0}}},
    {"getcwd", OPENS, 0, {{0}}},
    {"umask", OPENS, 0, {{0}}},
    {"fchmod", OPENS, 0, {{0}}},
    {"geteuid", OPENS, 0, {{0}}},
    {"geteuid32", OPENS, 0, {{0}}},
    {"getegid", OPENS, 0, {{0}}},
    {"getegid32", OPENS, 0, {{0}}},
    {"getuid", OPENS, 0, {{0}}},
    {"getuid32", OPENS, 0, {{0}}},
    {"getgid", OPENS, 0, {{0}}},
    {"getgid32", OPENS, 0, {{0}}},
    /* The next phase. Landlock comes between reading and reporting. */
    {"seccomp", IN_READ | IN_AUDIT, 0, {{0}}},
    {"landlock_create_ruleset", IN_READ, 0, {{0}}},
    {"landlock_add_rule", IN_READ, 0, {{0}}},
    {"landlock_restrict_self", IN_READ, 0, {{0}}},
};

/* Ends the program where the kernel has stopped a call. Only calls that are safe in a signal
 * handler may stand here, and the filter allows them. */
static void
on_forbidden_call(int number, siginfo_t *info, void *context)
{
	char text[32];
	size_t at = sizeof(text);
	unsigned call = (unsigned)info->si_syscall;
	static const char before[] = "arpaudit: the sandbox stopped system call ";
	static const char after[] = ", which arpaudit does not make: a library of this system "
				    "needs it, or a frame has taken the program over: report it "
				    "(SECURITY.md), with the output of --version and uname -srm; "
				    "nothing was judged\n";

	(void)number;
	(void)context;
	do
		text[--at] = (char)('0' + call % 10);
	while ((call /= 10) > 0);
	/* There is nobody to tell if it fails. */
	if (write(STDERR_FILENO, before, sizeof(before) - 1) < 0 ||
	    write(STDERR_FILENO, text + at, sizeof(text) - at) < 0 ||
	    write(STDERR_FILENO, after, sizeof(after) - 1) < 0)
		_exit(EXIT_CANNOT_RUN);
	_exit(EXIT_CANNOT_RUN);
}

static bool
catch_forbidden_calls(void)
{
	struct sigaction action = {.sa_sigaction = on_forbidden_call, .sa_flags = SA_SIGINFO};

	return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGSYS, &action, NULL) == 0;
}

static int
add_rule(scmp_filter_ctx filter, const struct rule *rule)
{
	const int number = seccomp_syscall_resolve_name(rule->call);

	if (number == __NR_SCMP_ERROR)
		return 0; /* libseccomp is older than the call */
	return seccomp_rule_add_array(
	    filter, SCMP_ACT_ALLOW, number, rule->argument_count, rule->argument);
}

/* Aborting takes a signal to the process itself, and to no other. */
static int
add_abort(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp own = IS(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &own);
}

/* A watch reads its plan again. What that might ask for in vain, a name server or a library, is
 * refused instead of ending the program. */
static int
add_refusals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp executable = IS(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC);
	int status =
	    seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 0, NULL);

	if (status == 0)
		status = seccomp_rule_add_array(
		    filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap), 1, &executable);
	if (status == 0)
		status = seccomp_rule_add_array(
		    filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap2), 1, &executable);
	return status;
}

/* Returns 0 or a negative error number. no_new_privs has been set before. */
static int
build(scmp_filter_ctx filter, enum sandbox_phase phase)
{
	int status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);

	if (status == 0)
		status = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (status == 0)
		status = add_abort(filter);
	if (status == 0 && phase == SANDBOX_WATCH)
		status = add_refusals(filter);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && status == 0; i++)
		if ((rules[i].phases & 1u << phase) != 0)
			status = add_rule(filter, &rules[i]);
	return status;
}

/* The same, but a kernel without filters is no failure. */
static int
load(scmp_filter_ctx filter, bool *in_force)
{
	const int status = seccomp_load(filter);

	*in_force = status == 0;
	return status == -ENOSYS || status == -EINVAL ? 0 : status;
}

/* libseccomp, without memory, builds a filter that lacks calls, or crashes (2.5.4). */
static scmp_filter_ctx
begin(bool kill)
{
	return memory_reserve() ? seccomp_init(kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_TRAP) : NULL;
}

bool
filter_load(enum sandbox_phase phase, bool *in_force)
{
	const char *const wanted = secure_getenv("ARPAUDIT_SECCOMP");
	const bool kill = wanted != NULL && strcmp(wanted, "kill") == 0;
	scmp_filter_ctx filter = begin(kill);
	int status;

	*in_force = false;
	if (filter == NULL) {
		errno = ENOMEM;
		return false;
	}
	status = kill || catch_forbidden_calls() ? build(filter, phase) : -errno;
	if (status == 0)
		status = load(filter, in_force);
	seccomp_release(filter);
	errno = -status;
	return status == 0;
}

const char *
filter_built_with(char text[SANDBOX_TEXT_SIZE])
{
	const struct scmp_version *const version = seccomp_version();

	(void)snprintf(text, SANDBOX_TEXT_SIZE, "seccomp (libseccomp %u.%u.%u)", version->major,
	    version->minor, version->micro);
	return text;
}

#else

bool
filter_load(enum sandbox_phase phase, bool *in_force)
{
	(void)phase;
	*in_force = false;
	return true;
}

const char *
filter_built_with(char text[SANDBOX_TEXT_SIZE])
{
	(void)snprintf(text, SANDBOX_TEXT_SIZE, "no seccomp");
	return text;
}

#endif
