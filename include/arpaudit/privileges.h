/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Giving up privileges, once the sockets are open (libcap, prctl).
 */
#ifndef ARPAUDIT_PRIVILEGES_H
#define ARPAUDIT_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "arpaudit/error.h"

/* Can root become another user here? Not in a user namespace that maps root alone, where every
 * other owner of a file is a stranger: it may not give up its groups (user_namespaces(7)). */
bool privileges_other_users(void);

/*
 * Drops every capability from every set of the process (effective, permitted, inheritable, ambient
 * and, where it may, bounding) and sets no_new_privs, for good; verifies that nothing is left. A
 * failure is EXIT_CANNOT_RUN: the audit does not go on with privileges that it does not need.
 * Another `user` than the process's own (which takes root) is become for good, with `group` and no
 * others. For a process of one thread: capabilities are per thread.
 */
bool privileges_drop(uid_t user, gid_t group, struct error *error);

#endif
