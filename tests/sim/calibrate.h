/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calibration: does the false pass bound hold? Each audit has one faulty server on a segment with
 * random loss. --confidence is so weak that false passes are frequent enough to count.
 */
#ifndef ARPAUDIT_TESTS_CALIBRATE_H
#define ARPAUDIT_TESTS_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

/* Runs `audits` audits for each row of the table and prints the table. False if more servers passed
 * than the confidence allows. */
bool calibrate(uint64_t seed, uint64_t audits);

#endif
