/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions that two machines answered, for a VIP or for a RIP.
 *
 * A hand-over, or a MAC that changes, may come between a question and its second answer. It does
 * not do so again and again. So two machines have the address only if this happens
 * DOUBLE_ANSWERS_MIN times, each time within DOUBLE_ANSWERS_US of the one before.
 */
#ifndef ARPAUDIT_WATCH_DOUBLE_ANSWERS_H
#define ARPAUDIT_WATCH_DOUBLE_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

/* The answers to one question come within this. Linux delays proxied ones by up to 0.8 s. */
#define TOGETHER_US        UINT64_C(1000000)
#define DOUBLE_ANSWERS_MIN 2
#define DOUBLE_ANSWERS_US  UINT64_C(600000000)

/* Zeroed at the start. */
struct double_answers {
	uint8_t count;
	uint64_t last_us;
};

void double_answers_count(struct double_answers *answers, uint64_t now_us);
/* Whether there were enough, the last of them not long ago. */
bool double_answers_suffice(const struct double_answers *answers, uint64_t now_us);

#endif
