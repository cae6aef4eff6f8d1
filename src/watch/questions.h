/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The questions for a VIP, and what the answers to them show.
 *
 * Two machines that answer one question both own the VIP, if that happens again
 * (double_answers.h). Two answers are to one question only if no other question was heard between
 * them, and if they are no further apart than TOGETHER_US. Both conditions are needed: a watch may
 * miss a question, and a machine may ask often.
 */
#ifndef ARPAUDIT_WATCH_QUESTIONS_H
#define ARPAUDIT_WATCH_QUESTIONS_H

#include "audit/facts/heard.h"
#include "watch/double_answers.h"

/* Of a VIP. Zeroed at the start. */
struct questions {
	uint32_t count, answered; /* `answered`: the number of the last one that was */
	struct mac answerer, asker;
	uint64_t answer_us;
	struct double_answers doubly;
	/* Of a machine that others answer, since the last claim or advertisement. */
	uint32_t unanswered;
};

/* A machine, perhaps this one, asked for the VIP. */
void questions_hear(struct questions *questions);
/* A claim of a machine that may own the VIP. Whether two own it. */
bool questions_are_doubly_answered(struct questions *questions, const struct heard *heard);

#endif
