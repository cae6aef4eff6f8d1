/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Standard input, output and error: descriptors 0 to 2.
 *
 * A program may be started with some of them closed, for example by a daemon. The next file that it
 * opens then gets the free number. If that is a packet socket, what is printed leaves as a frame.
 */
#ifndef ARPAUDIT_DESCRIPTORS_H
#define ARPAUDIT_DESCRIPTORS_H

#include "arpaudit/error.h"

/* Opens /dev/null on those of the three that are closed. Call it before anything else is opened.
 * Reading from the first and writing to the second still fail, so a missing standard output remains
 * an error for those who use it. Messages to standard error are lost. EXIT_CANNOT_RUN. */
bool descriptors_reserve(struct error *error);

#endif
