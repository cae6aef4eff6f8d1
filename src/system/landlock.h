/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Landlock: no file, but for new ones in some folders; no connection.
 */
#ifndef ARPAUDIT_SYSTEM_LANDLOCK_H
#define ARPAUDIT_SYSTEM_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

/* What of the files is left. */
enum landlock_reach {
	REACH_NEW_FILES = 0, /* new files in the folders; they are open already */
	REACH_REWRITES,      /* files there are made, written and replaced */
	REACH_READS,         /* and all files can be read */
};

/* `version` becomes that of the kernel's interface, 0 where it has none. False with errno set. */
bool landlock_restrict(const int *folders, size_t count, enum landlock_reach reach, int *version);

#endif
