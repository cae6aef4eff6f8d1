/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is the bound of a false pass what it says? Audits of one server at fault on segments that lose
 * frames at random, with a --confidence so weak that false passes can be counted.
 */
#ifndef ARPAUDIT_TESTS_CALIBRATE_H
#define ARPAUDIT_TESTS_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

/* So many audits of each row of the table, which it prints. False when there were more false passes
 * than the confidence allows. */
bool calibrate(uint64_t seed, uint64_t audits);

#endif
