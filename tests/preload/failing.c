/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library for LD_PRELOAD: calls that the kernel refuses, and a clock that somebody sets.
 * (strace(1) can't inject errors where a filter of system calls is in force.)
 *
 *	FAIL_CALL=CALL  fsync, rename, sendto or ppoll; clock: the wall clock and the time of frames
 *	FAIL_ERROR=N    the error's number; of the clock, the seconds by which it is set
 *	FAIL_FROM=N     the first call that fails, from 1
 *	FAIL_EVERY=N    from there on, every Nth does; 0: that one alone
 *
 * Frames count for sendto(2), but not what goes to the kernel's routing tables.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long
number(const char *name)
{
	const char *const text = getenv(name);

	return text == NULL ? 0 : strtol(text, NULL, 10);
}

static bool
refuses(const char *call)
{
	static long calls;
	const char *const wanted = getenv("FAIL_CALL");
	const long every = number("FAIL_EVERY");

	if (wanted == NULL || strcmp(wanted, call) != 0)
		return false;
	const long past = ++calls - number("FAIL_FROM");

	if (past < 0 || (past > 0 && (every == 0 || past % every != 0)))
		return false;
	errno = (int)number("FAIL_ERROR");
	return true;
}

int
fsync(int descriptor)
{
	return refuses("fsync") ? -1 : (int)syscall(SYS_fsync, descriptor);
}

int
rename(const char *from, const char *to)
{
	return refuses("rename") ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

ssize_t
sendto(int descriptor, const void *octets, size_t length, int flags, const struct sockaddr *address,
    socklen_t size)
{
	if (address != NULL && address->sa_family == AF_PACKET && refuses("sendto"))
		return -1;
	return syscall(SYS_sendto, descriptor, octets, length, flags, address, size);
}

int
ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec left = {0};

	if (refuses("ppoll"))
		return -1;
	if (timeout != NULL)
		left = *timeout; /* the kernel changes it */
	return (int)syscall(SYS_ppoll, polled, count, timeout == NULL ? NULL : &left, mask, 8);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	const int status = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME && refuses("clock"))
		now->tv_sec += number("FAIL_ERROR");
	return status;
}

int
pcap_next_ex(pcap_t *pcap, struct pcap_pkthdr **header, const u_char **octets)
{
	int (*next)(pcap_t * pcap, struct pcap_pkthdr * *header, const u_char **octets);

	*(void **)&next = dlsym(RTLD_NEXT, "pcap_next_ex");
	const int status = next(pcap, header, octets);

	if (status == 1 && refuses("clock"))
		(*header)->ts.tv_sec += number("FAIL_ERROR");
	return status;
}
