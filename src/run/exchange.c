/* SPDX-License-Identifier: BSD-2-Clause */
#include "exchange.h"

#include "watches.h"

#define BUSY_WAIT_US 1000
#define STUCK_US     3000000

void
exchange_begin(struct exchange *exchange, const struct run *run, struct run_pair *pair)
{
	*exchange = (struct exchange){.run = run, .pair = pair};
}

/* An unread frame or drops at the very end may reopen an audit that seems finished. An audit that
 * was ended early does not wait for a link that never falls silent. */
static bool
look(struct exchange *exchange, struct hearing *hearing, struct error *error)
{
	const struct audit *const audit = exchange->pair->audit;
	const uint64_t now_us = clock_now_us(&exchange->run->clock);

	if (now_us >= hearing->statistics_due_us && !hearing_watch(hearing, now_us, error))
		return false;
	if (!hearing->all_read && audit_ended(audit) == AUDIT_DONE)
		return true;
	if (!audit_finished(audit, now_us))
		return true;
	if (!hearing_watch(hearing, now_us, error))
		return false;
	exchange->over = audit_finished(audit, now_us);
	return true;
}

/* A queue that takes nothing for so long will not recover. Without this the audit would wait for
 * ever, as no deadline is looked at while a frame is unsent. */
static bool
is_stuck(const struct exchange *exchange, uint64_t now_us, struct error *error)
{
	return now_us - exchange->busy_us >= STUCK_US &&
	       !error_set(error, EXIT_CANNOT_RUN,
		   "interface %s has taken no frame for %d seconds, its queue is full: check the "
		   "link, then run the audit again",
		   exchange->pair->interface.name, STUCK_US / 1000000);
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
		    link_send(pair->segment->link, &exchange->unsent, &capture, error);

		if (!exchange->has_unsent)
			exchange->busy_us = now_us;
		exchange->has_unsent = sent == LINK_BUSY;
		exchange->retry_us = now_us + BUSY_WAIT_US;
		if (sent != LINK_SENT)
			return sent == LINK_BUSY && !is_stuck(exchange, now_us, error);
		capture.frame = exchange->unsent;
		capture.number = hearing_keep(exchange->run, &capture);
		audit_sent(pair->audit, &capture);
		watches_receive(exchange->run, pair->segment, &capture);
	}
	return true;
}

bool
exchange_act(
    struct exchange *exchange, struct hearing *hearing, uint64_t limit_us, struct error *error)
{
	return look(exchange, hearing, error) &&
	       (exchange->over || send_due(exchange, limit_us, error));
}

uint64_t
exchange_wakeup_us(const struct exchange *exchange, uint64_t now_us)
{
	return exchange->has_unsent ? exchange->retry_us
				    : audit_wakeup_us(exchange->pair->audit, now_us);
}
