/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signals that end a run: SIGINT, SIGTERM and SIGHUP. Of a service, SIGHUP is a request
 * instead, and so is SIGUSR1.
 *
 * The handler only records the number. While audits run the signals are blocked, and ppoll(2)
 * unblocks them while it waits. So no signal is missed between signals_caught() and the wait, and
 * sending and receiving are never interrupted. At other times a signal interrupts an open or a
 * write that waits for the reader of a pipe, also one that begins to wait after the signal.
 */
#ifndef ARPAUDIT_SIGNALS_H
#define ARPAUDIT_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#include "arpaudit/error.h"

/* Installs the handler. A signal that was ignored at the start stays ignored, as nohup(1) and
 * shells expect of a program that is to outlive them. Also ignores SIGPIPE and SIGXFSZ, so that a
 * closed pipe or a file that is too large becomes a failed write with a message. EXIT_CANNOT_RUN.
 */
bool signals_catch(struct error *error);

/* Takes SIGHUP and SIGUSR1 as requests. After signals_catch(), before signals_block().
 * EXIT_CANNOT_RUN. */
bool signals_serve(struct error *error);
/* The next request that was not taken yet, SIGHUP or SIGUSR1; 0: none. Two at a time are one. */
int signals_take_request(void);

/* Blocks the signals. `unblocked` becomes the mask before, for ppoll(2) and signals_restore().
 * EXIT_CANNOT_RUN. */
bool signals_block(sigset_t *unblocked, struct error *error);
bool signals_restore(const sigset_t *unblocked, struct error *error);

/* Delivers signals that are pending. ppoll(2) delivers none if a frame is ready at once, as on a
 * busy link it may always be. */
void signals_let_in(const sigset_t *unblocked);

/* The number of the first caught signal, or 0. It ends the audit in good order. */
int signals_caught(void);
/* Whether another one followed, so that the program has to quit at once. What comes within half a
 * second of the first does not count: timeout(1) sends two. */
bool signals_caught_again(void);
/* How many have come, of those that count. */
int signals_count(void);

#endif
