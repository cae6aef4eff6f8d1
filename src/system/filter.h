/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter of system calls (seccomp(2)), built by libseccomp.
 */
#ifndef ARPAUDIT_SYSTEM_FILTER_H
#define ARPAUDIT_SYSTEM_FILTER_H

#include <stdbool.h>

#include "arpaudit/sandbox.h"

/* Allows the calls of the phase and no others, for good. `in_force` becomes whether the kernel has
 * filters, and the program was built with them. False with errno set. */
bool filter_load(enum sandbox_phase phase, bool *in_force);

/* "seccomp (libseccomp 2.5.4)", or "no seccomp". Returns `text`. */
const char *filter_built_with(char text[SANDBOX_TEXT_SIZE]);

#endif
