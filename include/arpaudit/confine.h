/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Confines the process to what is left to do, once its files are open (sandbox.h).
 */
#ifndef ARPAUDIT_CONFINE_H
#define ARPAUDIT_CONFINE_H

#include "arpaudit/files.h"
#include "arpaudit/sandbox.h"
#include "arpaudit/state.h"

/*
 * To the folders of the files, and to the system calls of a phase. The files and the state are
 * open, or none are asked for. With --verbose, an audit says on standard error what is in force.
 * EXIT_CANNOT_RUN.
 */
bool confine(struct sandbox *sandbox, const struct files *files, const struct state *state,
    enum sandbox_phase phase, struct error *error);

#endif
