/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sandbox: what the process can still ask of the kernel, whoever commands it.
 *
 * Two parts, each of which is in force only where the kernel has it. Landlock (landlock(7)) leaves
 * no file within reach but the folders of the reports, where files can be created, renamed and
 * removed, and no network. A filter (seccomp(2), libseccomp) leaves the system calls that a phase
 * needs. Filters add up, so the process can only go from a phase to a later one: READ, AUDIT or
 * WATCH, then REPORT. Descriptors that are open stay usable.
 *
 * A call that the filter forbids ends the program with EXIT_CANNOT_RUN and a message. If
 * ARPAUDIT_SECCOMP is "kill" in the environment, SIGSYS kills it instead, as the tests want it.
 *
 * Needs no_new_privs (privileges.h). A zeroed struct sandbox is none.
 */
#ifndef ARPAUDIT_SANDBOX_H
#define ARPAUDIT_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/error.h"

enum sandbox_phase {
	SANDBOX_READ = 0, /* open and read files, then write reports */
	SANDBOX_WATCH,    /* send and receive on open sockets, and write files again and again */
	SANDBOX_AUDIT,    /* send and receive on open sockets, then write reports */
	SANDBOX_REPORT,   /* write, rename and remove files that were opened before */
};

struct sandbox {
	bool rereads; /* in WATCH, all files may be read again; set by the caller */
	bool filtered;
	int landlock; /* version of the kernel's Landlock interface; 0: not in force */
};

#define SANDBOX_TEXT_SIZE 160

/* Restricts the process to `folders`, descriptors of directories. False with EXIT_CANNOT_RUN; a
 * kernel without Landlock is no failure. */
bool sandbox_confine(struct sandbox *sandbox, enum sandbox_phase phase, const int *folders,
    size_t count, struct error *error);

/* Restricts the process to the system calls of a phase. False with EXIT_CANNOT_RUN; a kernel
 * without seccomp filters is no failure. */
bool sandbox_enter(struct sandbox *sandbox, enum sandbox_phase phase, struct error *error);

/* What is in force. Returns `text`. */
const char *sandbox_describe(const struct sandbox *sandbox, char text[SANDBOX_TEXT_SIZE]);

/* What this program was built with. Returns `text`. */
const char *sandbox_built_with(char text[SANDBOX_TEXT_SIZE]);

#endif
