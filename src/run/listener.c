/* SPDX-License-Identifier: BSD-2-Clause */
#include "listener.h"

#include <assert.h>

/* As long as a restoration may take. A link that flaps is back sooner. */
#define RETURN_US 10000000
#define RETRY_US  100000

void
listener_begin(struct listener *listener, const struct run *run, struct run_segment *segment)
{
	*listener = (struct listener){.wakeup_us = UINT64_MAX};
	hearing_begin(&listener->hearing, run, segment);
}

static uint64_t
now_us(const struct listener *listener)
{
	return clock_now_us(&listener->hearing.run->clock);
}

void
listener_add(struct listener *listener, struct exchange *exchange)
{
	assert(listener->count < RUN_INTERFACE_MAX);
	hearing_add(&listener->hearing, exchange->pair);
	listener->active[listener->count++] = exchange;
	listener->wakeup_us = now_us(listener);
}

static void
end(const struct listener *listener, struct exchange *exchange)
{
	exchange->over = true;
	exchange->pair->ended_us = now_us(listener);
}

static void
remove_ended(struct listener *listener)
{
	size_t kept = 0;

	for (size_t i = 0; i < listener->count; i++) {
		if (listener->active[i]->over)
			hearing_remove(&listener->hearing, listener->active[i]->pair);
		else
			listener->active[kept++] = listener->active[i];
	}
	listener->count = kept;
}

static void
choose_wakeup(struct listener *listener)
{
	const uint64_t present_us = now_us(listener);

	listener->wakeup_us =
	    listener->count == 0 ? UINT64_MAX : listener->hearing.statistics_due_us;
	for (size_t i = 0; i < listener->count; i++) {
		const uint64_t due_us = exchange_wakeup_us(listener->active[i], present_us);

		if (due_us < listener->wakeup_us)
			listener->wakeup_us = due_us;
	}
	if (listener->count > 0 && !listener->hearing.all_read)
		listener->wakeup_us = present_us;
}

/* Ends the auditing, but not before an owner is restored. */
static void
fail(struct listener *listener, struct exchange *exchange, const struct error *error)
{
	const uint64_t present_us = now_us(listener);

	if (exchange->failed_us == 0) {
		exchange->failed_us = present_us;
		exchange->pair->error = *error;
	}
	audit_stop(exchange->pair->audit, present_us);
	if (audit_is_restoring(exchange->pair->audit) &&
	    present_us < exchange->failed_us + RETURN_US &&
	    link_may_return(listener->hearing.segment->link))
		return;
	end(listener, exchange);
}

/* False if the link failed. */
static bool
act(struct listener *listener, struct exchange *exchange, uint64_t limit_us)
{
	struct error error = {.status = 0};

	if (!exchange_act(exchange, &listener->hearing, limit_us, &error)) {
		fail(listener, exchange, &error);
		return false;
	}
	if (exchange->over)
		end(listener, exchange);
	return true;
}

/* In its first turn, in which nothing was asked yet, nothing is read. */
void
listener_turn(struct listener *listener, uint64_t limit_us)
{
	struct error error = {.status = 0};
	const size_t first = listener->turns++;
	const size_t count = listener->count;
	const bool reads = first == 0 || hearing_receive(&listener->hearing, &error);
	bool alive = reads;

	for (size_t i = 0; i < count; i++) {
		struct exchange *const exchange = listener->active[(first + i) % count];

		if (reads)
			alive = act(listener, exchange, limit_us) && alive;
		else
			fail(listener, exchange, &error);
	}
	remove_ended(listener);
	choose_wakeup(listener);
	if (!alive && listener->count > 0)
		listener->wakeup_us = now_us(listener) + RETRY_US;
}
