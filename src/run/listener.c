/* SPDX-License-Identifier: BSD-2-Clause */
#include "listener.h"

#include <assert.h>

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

static void
act(struct listener *listener, struct exchange *exchange, uint64_t limit_us)
{
	struct error *const error = &exchange->pair->error;

	if (!exchange_act(exchange, &listener->hearing, limit_us, error) || exchange->over)
		end(listener, exchange);
}

/* In its first turn, in which nothing was asked yet, nothing is read. */
void
listener_turn(struct listener *listener, uint64_t limit_us)
{
	struct error error = {.status = 0};
	const size_t first = listener->turns++;
	const size_t count = listener->count;
	const bool alive = first == 0 || hearing_receive(&listener->hearing, &error);

	for (size_t i = 0; i < count; i++) {
		struct exchange *const exchange = listener->active[(first + i) % count];

		if (alive) {
			act(listener, exchange, limit_us);
		} else {
			exchange->pair->error = error;
			end(listener, exchange);
		}
	}
	remove_ended(listener);
	choose_wakeup(listener);
}
