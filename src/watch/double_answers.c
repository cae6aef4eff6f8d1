/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/double_answers.h"

void
double_answers_count(struct double_answers *answers, uint64_t now_us)
{
	if (now_us > answers->last_us + DOUBLE_ANSWERS_US)
		answers->count = 0;
	if (answers->count < DOUBLE_ANSWERS_MIN)
		answers->count++;
	answers->last_us = now_us;
}

bool
double_answers_suffice(const struct double_answers *answers, uint64_t now_us)
{
	return answers->count == DOUBLE_ANSWERS_MIN &&
	       now_us <= answers->last_us + DOUBLE_ANSWERS_US;
}
