/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Landlock: no file, but for new ones in some folders; no connection.
 */
#ifndef ARPAUDIT_SYSTEM_LANDLOCK_H
#define ARPAUDIT_SYSTEM_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

/* `version` becomes that of the kernel's interface, 0 where it has none. False with errno set. */
bool landlock_restrict(const int *folders, size_t count, int *version);

#endif
