/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long audits take in which several servers leak, and what they leave behind: for each row of a
 * table, audits of the same cluster with other losses.
 */
#ifndef ARPAUDIT_TESTS_RESTORING_H
#define ARPAUDIT_TESTS_RESTORING_H

#include <stdbool.h>
#include <stdint.h>

/* Prints the table. False if an audit takes too long on average, or leaves too much harm. */
bool restoring(uint64_t seed, uint64_t audits);

#endif
