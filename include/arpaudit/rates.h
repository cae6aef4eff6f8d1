/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rates of an interface, shared by the audits that send on it at the same time: together they
 * stay within the rates, and none of them waits while another has nothing to send.
 */
#ifndef ARPAUDIT_RATES_H
#define ARPAUDIT_RATES_H

#include <stdint.h>

struct rates;

/* Frames per second of all audits together, and broadcasts per second; 0: unlimited. NULL if memory
 * is short. */
struct rates *rates_new(uint32_t rate, uint32_t broadcast_rate);
void rates_free(struct rates *rates);

#endif
