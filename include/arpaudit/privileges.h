/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Giving up privileges, once the sockets are open (libcap, prctl).
 */
#ifndef ARPAUDIT_PRIVILEGES_H
#define ARPAUDIT_PRIVILEGES_H

#include <stdbool.h>

#include "arpaudit/error.h"

/*
 * Drops every capability from every set of the process (effective, permitted, inheritable, ambient
 * and, where it may, bounding) and sets no_new_privs, for good; verifies that nothing is left. A
 * failure is EXIT_CANNOT_RUN: the audit does not go on with privileges that it does not need. User
 * and groups stay as they are. For a process of one thread: capabilities are per thread.
 */
bool privileges_drop(struct error *error);

#endif
