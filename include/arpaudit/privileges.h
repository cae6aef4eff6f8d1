/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The privileges of the process, from the start to the end (libcap, prctl(2)):
 *
 *	privileges_begin(&error);         at once: CAP_NET_RAW is kept, and for root what the plan
 *takes privileges_become(user, …);       the plan has been read: CAP_NET_RAW alone is kept
 *	privileges_raise();               it is effective only ...
 *	privileges_lower(&error);         ... between these two
 *	privileges_drop(&error);          the sockets are open: none are left, for good
 *
 * All of these fail with EXIT_CANNOT_RUN, and then the program must not go on. The process must be
 * single-threaded, because capabilities are per thread.
 */
#ifndef ARPAUDIT_PRIVILEGES_H
#define ARPAUDIT_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "arpaudit/error.h"

/*
 * Sets no_new_privs, turns core dumps and tracing by other processes of the user off, and empties
 * the bounding set, if the process may, and the inheritable and ambient sets. Who runs the program
 * through its set-user-ID or set-group-ID bit gets his own id back. Of what the process has, it
 * keeps CAP_NET_RAW, not effective. Root also keeps CAP_SETUID, CAP_SETGID and, effective,
 * CAP_DAC_READ_SEARCH: the files of the plan may be in a user's folder.
 */
bool privileges_begin(struct error *error);

/*
 * If `user` is not the effective user, which takes root, becomes that user for good, with `group`
 * as its only group. Keeps no capability but CAP_NET_RAW.
 */
bool privileges_become(uid_t user, gid_t group, struct error *error);

/* Makes CAP_NET_RAW effective. Without the capability nothing happens: what needs it will fail and
 * say so. */
void privileges_raise(void);
/* Undoes privileges_raise(). */
bool privileges_lower(struct error *error);

/* Empties all sets of capabilities, and verifies that they are empty. */
bool privileges_drop(struct error *error);

/* Can root become another user here? False in a user namespace that denies setgroups(2): it maps
 * only root, and no other owner of a file exists in it (user_namespaces(7)). */
bool privileges_other_users(void);

#endif
