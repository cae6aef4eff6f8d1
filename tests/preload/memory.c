/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library for LD_PRELOAD: memory that is refused.
 *
 *	REFUSED_MEMORY=FILE  256 KiB that all runs share; it remembers which places were refused
 *	REFUSED_FROM=N       the first request that is refused, from 1; 0: the first one of a place
 *			     (by its callers) that was not refused in a run before
 *	REFUSED_SHARE=N      looks at one of N places only
 *	REFUSED_ALL=1        from there on all requests, not that one alone
 *
 * FILE begins with two numbers, of 64 bits each: requests, and refusals, of the last run.
 *
 * libseccomp and pcap_compile(3) get all that they ask for: arpaudit has reserved it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PLACES       32766
#define DEPTH        10 /* of the callers that tell one place from another */
#define EXEMPT_DEPTH 40 /* libseccomp calls itself for each argument of a rule */

struct memory {
	uint64_t requests, refusals;
	uint64_t place[PLACES];
};

/* NOLINTBEGIN(bugprone-reserved-identifier): the C library names them so. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

static struct memory *memory;
static uint64_t from, share;
static bool all;

struct code {
	uintptr_t start, end;
};

/* The exported functions through which arpaudit calls what is exempt. */
static const char *const exempt[] = {"pcap_compile", "seccomp_init", "seccomp_attr_set",
    "seccomp_rule_add_array", "seccomp_load", "seccomp_release"};
#define EXEMPT (sizeof(exempt) / sizeof(exempt[0]))
static struct code exempt_code[EXEMPT];

static struct code
code_of(const char *function)
{
	void *const start = dlsym(RTLD_DEFAULT, function);
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;

	if (start == NULL || dladdr1(start, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 ||
	    symbol == NULL)
		return (struct code){0};
	return (struct code){(uintptr_t)start, (uintptr_t)start + symbol->st_size};
}

__attribute__((constructor)) static void
begin(void)
{
	const char *const path = getenv("REFUSED_MEMORY"), *const first = getenv("REFUSED_FROM");
	void *stack[EXEMPT_DEPTH];

	if (path == NULL || first == NULL)
		return;
	const int descriptor = open(path, O_RDWR | O_CLOEXEC);
	void *const mapped = descriptor < 0 ? MAP_FAILED
					    : mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE,
						  MAP_SHARED, descriptor, 0);

	if (mapped == MAP_FAILED)
		abort();
	(void)close(descriptor);
	(void)backtrace(stack, EXEMPT_DEPTH); /* the first one loads a library */
	from = strtoull(first, NULL, 10);
	for (size_t i = 0; i < EXEMPT; i++)
		exempt_code[i] = code_of(exempt[i]);
	all = getenv("REFUSED_ALL") != NULL;
	share = getenv("REFUSED_SHARE") == NULL ? 1 : strtoull(getenv("REFUSED_SHARE"), NULL, 10);
	memory = mapped;
	memory->requests = memory->refusals = 0;
}

static bool
is_exempt(uintptr_t caller)
{
	for (size_t i = 0; i < EXEMPT; i++)
		if (caller > exempt_code[i].start && caller <= exempt_code[i].end)
			return true;
	return false;
}

/* A place is the same in another run only without random addresses: setarch -R. 0: it is exempt. */
static uint64_t
place_of_caller(void)
{
	void *stack[EXEMPT_DEPTH];
	const int depth = backtrace(stack, EXEMPT_DEPTH);
	uint64_t hash = 14695981039346656037U; /* FNV-1a */

	for (int i = 0; i < depth; i++) {
		const uintptr_t caller = (uintptr_t)stack[i];

		if (is_exempt(caller))
			return 0;
		if (i < DEPTH)
			hash = (hash ^ caller) * 1099511628211U;
	}
	return hash | 1;
}

static bool
is_new(uint64_t place)
{
	if (place / PLACES % share != 0)
		return false;
	for (size_t i = (size_t)(place % PLACES), tries = 0; tries < PLACES;
	     i = (i + 1) % PLACES, tries++) {
		if (memory->place[i] == place)
			return false;
		if (memory->place[i] == 0) {
			memory->place[i] = place;
			return true;
		}
	}
	return false;
}

static bool
refuses(void)
{
	if (memory == NULL)
		return false;
	const uint64_t place = place_of_caller();

	if (place == 0)
		return false;
	memory->requests++;
	if (memory->refusals > 0 ? !all : from > 0 ? memory->requests != from : !is_new(place))
		return false;
	memory->refusals++;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return refuses() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return refuses() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return refuses() ? NULL : __libc_realloc(old, size);
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	if (size > 0 && count > PTRDIFF_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	/* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): what 0 means, realloc() says */
	return realloc(old, count * size);
}
