/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library for LD_PRELOAD. It makes a system call of its own from inside the program, as injected
 * code would, the first time that the program calls a function.
 *
 * FORBIDDEN is the call: exec, fork, socket, connect, open, ptrace, kill, own, signal, async,
 * executable, tiocsti, chmod or unlink.
 *
 * FORBIDDEN_IN is the function: ppoll, in an audit or a watch; json_loadf, when a saved report or a
 * state is read; or rename, when reports are written.
 *
 * FORBIDDEN_FILE is what open, chmod and unlink act on; open also creates it.
 *
 * If the program survives, the result goes to standard error: "CALL: done", or why it failed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *
file(void)
{
	const char *const path = getenv("FORBIDDEN_FILE");

	return path == NULL ? "/nowhere" : path;
}

/* What makes the kernel send a signal of one's choice to another process. */
static bool
make_signal(const char *call)
{
	if (strcmp(call, "own") == 0)
		return fcntl(STDIN_FILENO, F_SETOWN, getppid()) == 0;
	if (strcmp(call, "signal") == 0)
		return fcntl(STDIN_FILENO, F_SETSIG, SIGKILL) == 0;
	if (strcmp(call, "async") == 0)
		return fcntl(STDIN_FILENO, F_SETFL, O_ASYNC) == 0;
	return kill(getppid(), SIGTERM) == 0;
}

static bool
make(const char *call)
{
	static char *arguments[] = {"true", NULL};
	const struct sockaddr anywhere = {.sa_family = AF_UNSPEC};

	if (strcmp(call, "exec") == 0)
		return execv("/bin/true", arguments) == 0;
	if (strcmp(call, "fork") == 0)
		return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
	if (strcmp(call, "socket") == 0)
		return socket(AF_INET, SOCK_DGRAM, 0) >= 0;
	if (strcmp(call, "connect") == 0)
		return connect(3, &anywhere, sizeof(anywhere)) == 0;
	if (strcmp(call, "open") == 0)
		return open(file(), O_RDWR | O_CREAT, 0600) >= 0;
	if (strcmp(call, "ptrace") == 0)
		return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
	if (strstr("kill own signal async", call) != NULL)
		return make_signal(call);
	if (strcmp(call, "executable") == 0)
		return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
	if (strcmp(call, "tiocsti") == 0)
		return ioctl(STDIN_FILENO, TIOCSTI, "x") == 0;
	if (strcmp(call, "chmod") == 0)
		return chmod(file(), 0777) == 0;
	return unlink(file()) == 0;
}

static void
meddle(const char *where)
{
	static bool done;
	const char *const call = getenv("FORBIDDEN"), *const wanted = getenv("FORBIDDEN_IN");

	if (done || call == NULL || wanted == NULL || strcmp(wanted, where) != 0)
		return;
	done = true;
	errno = 0;
	const bool made = make(call);
	const int number = errno;

	(void)dprintf(STDERR_FILENO, "%s: %s\n", call, made ? "done" : strerror(number));
}

int
ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec left = {0};

	meddle("ppoll");
	if (timeout != NULL)
		left = *timeout; /* the kernel changes it */
	return (int)syscall(SYS_ppoll, polled, count, timeout == NULL ? NULL : &left, mask, 8);
}

int
rename(const char *from, const char *to)
{
	meddle("rename");
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

json_t *
json_loadf(FILE *input, size_t flags, json_error_t *error)
{
	json_t *(*real)(FILE *, size_t, json_error_t *);

	*(void **)&real = dlsym(RTLD_NEXT, "json_loadf");
	meddle("json_loadf");
	return real(input, flags, error);
}
