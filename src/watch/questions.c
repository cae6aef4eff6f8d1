/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/questions.h"

void
questions_hear(struct questions *questions)
{
	questions->count++;
}

/* Whether another machine has answered the same question. */
static bool
is_second_answer(const struct questions *questions, const struct heard *heard)
{
	const struct frame_arp *arp = &heard->frame->arp;

	return questions->count > 0 && questions->answered == questions->count &&
	       heard->now_us < questions->answer_us + TOGETHER_US &&
	       mac_equal(&questions->asker, &arp->tha) &&
	       !mac_equal(&questions->answerer, &arp->sha);
}

bool
questions_are_doubly_answered(struct questions *questions, const struct heard *heard)
{
	if (heard->request || heard->gratuitous)
		return false;
	const bool second = is_second_answer(questions, heard);

	if (second)
		double_answers_count(&questions->doubly, heard->now_us);
	questions->answered = questions->count;
	questions->answerer = heard->frame->arp.sha;
	questions->asker = heard->frame->arp.tha;
	questions->answer_us = heard->now_us;
	return second && double_answers_suffice(&questions->doubly, heard->now_us);
}
