/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether an output goes to a terminal, and whether it is to be coloured there.
 */
#ifndef ARPAUDIT_TERMINAL_H
#define ARPAUDIT_TERMINAL_H

#include <stdbool.h>

/* Whether the descriptor is a terminal that obeys control sequences: TERM is not "dumb". */
bool terminal_obeys(int descriptor);

/* Whether to colour what goes to the descriptor, if the user gave no option: on such a terminal,
 * and wherever CLICOLOR_FORCE is set to something else than "0". NO_COLOR, if set and not empty,
 * wins (no-color.org). */
bool terminal_is_colored(int descriptor);

#endif
