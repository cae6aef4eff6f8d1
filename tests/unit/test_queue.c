/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arpaudit/random.h"
#include "audit/pace/queue.h"
static void
queue_gives_the_earliest_then_the_lowest(void **state)
{
	enum { TASKS = 500 };
	struct random random = {.state = 7};
	struct queue queue;
	uint64_t due[TASKS], last = 0;
	bool queued[TASKS] = {false};
	uint32_t left = 0, last_task = 0;

	(void)state;
	assert_true(queues_init(&queue, 1, TASKS));
	assert_true(queue_due_us(&queue) == UINT64_MAX);
	for (int i = 0; i < 5000; i++) {
		const uint32_t task = random_below(&random, TASKS);

		if (random_below(&random, 4) == 0) {
			queue_remove(&queue, task);
			queued[task] = false;
		} else {
			due[task] = 1 + random_below(&random, 100); /* many of them at one time */
			queue_set(&queue, task, due[task]);
			queued[task] = true;
		}
	}
	for (int i = 0; i < TASKS; i++)
		left += queued[i];
	assert_int_equal(queue.count, left);
	for (; left > 0; left--) {
		const uint64_t due_us = queue_due_us(&queue);
		const uint32_t task = queue_pop(&queue);

		assert_true(queued[task]);
		assert_true(due[task] == due_us);
		assert_true(due_us > last || (due_us == last && task > last_task));
		queued[task] = false;
		last = due_us;
		last_task = task;
	}
	assert_int_equal(queue.count, 0);
	queues_free(&queue, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(queue_gives_the_earliest_then_the_lowest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
