/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's interface is stable, and so are its numbers (linux/landlock.h). The header of a
 * distribution may be older than the kernel that the program will run on, and is not used.
 */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_RULESET_VERSION 1
#define RULE_PATH_BENEATH      1

#define WRITE_FILE  (UINT64_C(1) << 1)
#define READ_FILE   (UINT64_C(1) << 2)
#define READ_DIR    (UINT64_C(1) << 3)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_REG    (UINT64_C(1) << 8)
/* All rights over files that each version of the interface knows: 1 all but those of the next
 * lines, then to move between folders, to truncate, and to use devices. */
#define FILES_1 ((UINT64_C(1) << 13) - 1)
#define FILES_2 ((UINT64_C(1) << 14) - 1)
#define FILES_3 ((UINT64_C(1) << 15) - 1)
#define FILES_5 ((UINT64_C(1) << 16) - 1)
/* To bind and to connect TCP sockets; abstract sockets and signals to others. */
#define NETWORK_4 UINT64_C(3)
#define SCOPED_6  UINT64_C(3)

struct ruleset {
	uint64_t files;
	uint64_t network;
	uint64_t scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

/* How much of `rules` this version of the kernel's interface has. */
static size_t
fill(struct ruleset *rules, int version)
{
	*rules = (struct ruleset){
	    .files = version >= 5   ? FILES_5
		     : version >= 3 ? FILES_3
		     : version == 2 ? FILES_2
				    : FILES_1,
	    .network = version >= 4 ? NETWORK_4 : 0,
	    .scoped = version >= 6 ? SCOPED_6 : 0,
	};
	return version >= 6   ? sizeof(*rules)
	       : version >= 4 ? offsetof(struct ruleset, scoped)
			      : offsetof(struct ruleset, network);
}

static bool
allow(int ruleset, int folder, uint64_t rights)
{
	const struct path_beneath rule = {.allowed = rights, .folder = folder};

	return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool
allow_reading(int ruleset)
{
	const int root = open("/", O_PATH | O_CLOEXEC);
	const bool good = root >= 0 && allow(ruleset, root, READ_FILE | READ_DIR);

	if (root >= 0)
		(void)close(root);
	return good;
}

/* A report appears in its folder under a temporary name, and is renamed. */
bool
landlock_restrict(const int *folders, size_t count, enum landlock_reach reach, int *version)
{
	const uint64_t rights = REMOVE_FILE | MAKE_REG |
				(reach == REACH_NEW_FILES ? 0 : WRITE_FILE | READ_FILE | READ_DIR);
	struct ruleset rules;
	bool good = true;

	*version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	if (*version <= 0) {
		*version = 0;
		return true;
	}
	const size_t size = fill(&rules, *version);
	const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);

	if (ruleset < 0)
		return false;
	for (size_t i = 0; i < count && good; i++)
		good = allow(ruleset, folders[i], rights);
	if (reach == REACH_READS)
		good = good && allow_reading(ruleset);
	good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	const int number = errno;

	(void)close(ruleset);
	errno = number;
	return good;
}
