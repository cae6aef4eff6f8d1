/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dropping privileges once the sockets are open (libcap, prctl(2)).
 */
#ifndef ARPAUDIT_PRIVILEGES_H
#define ARPAUDIT_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "arpaudit/error.h"

/* Can root become another user here? False in a user namespace that denies setgroups(2): it maps
 * only root, and no other owner of a file exists in it (user_namespaces(7)). */
bool privileges_other_users(void);

/*
 * Permanently drops every capability from the effective, permitted, inheritable and ambient sets,
 * and from the bounding set if the process may, and sets no_new_privs. Verifies that none remain.
 * If `user` is not the effective user, which takes root, it also permanently becomes `user` with
 * `group` as its only group. On failure (EXIT_CANNOT_RUN) the audit must not continue. The process
 * must be single-threaded, because capabilities are per thread.
 */
bool privileges_drop(uid_t user, gid_t group, struct error *error);

#endif
