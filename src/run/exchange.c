/* SPDX-License-Identifier: BSD-2-Clause */
#include "exchange.h"

#define BUSY_WAIT_US 1000
/* Then the other pairs, the signals and the timers have their turn, however busy the link is. */
#define FRAMES_PER_TURN     256
#define STATISTICS_EVERY_US 100000

void
exchange_begin(struct exchange *exchange, const struct run *run, struct run_pair *pair)
{
	*exchange = (struct exchange){
	    .run = run, .pair = pair, .statistics_us = run->started_us, .all_read = true};
}

/* Returns the frame's number in the evidence, or 0 if it was not written. */
static uint64_t
keep(const struct run *run, const struct capture *capture)
{
	return run->evidence == NULL ? 0 : evidence_keep(run->evidence, capture);
}

/* Polls the kernel's counters. Drops void the silences since the last poll. */
static bool
watch_drops(struct exchange *exchange, uint64_t now_us, struct error *error)
{
	struct run_pair *const pair = exchange->pair;
	const uint64_t dropped = pair->statistics.dropped;
	const uint64_t since_us = exchange->statistics_us;

	if (!link_statistics(pair->link, &pair->statistics, error))
		return false;
	exchange->statistics_us = now_us;
	exchange->statistics_due_us = now_us + STATISTICS_EVERY_US;
	if (pair->statistics.dropped > dropped)
		audit_capture_lost(pair->audit, since_us, now_us);
	return true;
}

/* An unread frame or drops at the very end may reopen an audit that seems finished. An audit that
 * was ended early does not wait for a link that never falls silent. */
static bool
look(struct exchange *exchange, struct error *error)
{
	const struct audit *const audit = exchange->pair->audit;
	const uint64_t now_us = clock_now_us(&exchange->run->clock);

	if (now_us >= exchange->statistics_due_us && !watch_drops(exchange, now_us, error))
		return false;
	if (!exchange->all_read && audit_ended(audit) == AUDIT_DONE)
		return true;
	if (!audit_finished(audit, now_us))
		return true;
	if (!watch_drops(exchange, now_us, error))
		return false;
	exchange->over = audit_finished(audit, now_us);
	return true;
}

/* If the queue is full, the frame is kept and goes first the next time. */
static bool
send_due(struct exchange *exchange, uint64_t limit_us, struct error *error)
{
	const struct clock *const clock = &exchange->run->clock;
	struct run_pair *const pair = exchange->pair;
	const uint64_t start_us = clock_now_us(clock);
	uint64_t now_us = start_us;

	for (; now_us < start_us + limit_us; now_us = clock_now_us(clock)) {
		/* The time before sending, so that no answer seems older than its question. */
		struct capture capture = {.time_us = now_us};

		if (!exchange->has_unsent && !audit_next(pair->audit, now_us, &exchange->unsent))
			return true;
		const enum link_sent sent =
		    link_send(pair->link, &exchange->unsent, &capture, error);

		exchange->has_unsent = sent == LINK_BUSY;
		if (sent != LINK_SENT)
			return sent == LINK_BUSY;
		capture.frame = exchange->unsent;
		capture.number = keep(exchange->run, &capture);
		audit_sent(pair->audit, &capture);
	}
	return true;
}

bool
exchange_act(struct exchange *exchange, uint64_t limit_us, struct error *error)
{
	if (exchange->over)
		return true;
	return look(exchange, error) && (exchange->over || send_due(exchange, limit_us, error));
}

bool
exchange_receive(struct exchange *exchange, struct error *error)
{
	const struct run *const run = exchange->run;
	struct run_pair *const pair = exchange->pair;
	struct capture capture;
	int status = 1;

	if (exchange->over)
		return true;
	for (int i = 0; i < FRAMES_PER_TURN; i++) {
		status = link_receive(pair->link, &capture, error);
		if (status != 1)
			break;
		if (run->evidence != NULL && audit_concerns(pair->audit, &capture))
			capture.number = keep(run, &capture);
		audit_receive(pair->audit, clock_now_us(&run->clock), &capture);
	}
	exchange->all_read = status == 0;
	return status >= 0;
}

uint64_t
exchange_wakeup_us(const struct exchange *exchange, uint64_t now_us)
{
	const uint64_t audit_us = audit_wakeup_us(exchange->pair->audit, now_us);

	if (!exchange->all_read)
		return now_us;
	if (exchange->has_unsent)
		return now_us + BUSY_WAIT_US;
	return audit_us < exchange->statistics_due_us ? audit_us : exchange->statistics_due_us;
}
