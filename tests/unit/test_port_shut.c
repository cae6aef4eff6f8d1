/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch shuts a port while the audit runs: the real engine and modelled hosts.
 */
#include <string.h>

#include "model.h"

#define SERVERS 6

static struct model *
begin(uint64_t seed)
{
	struct model *model = model_new("10.77.0.11-16", seed);

	add_director(model, 3);
	for (uint8_t last = 11; last < 11 + SERVERS; last++)
		add_server(model, last);
	name_directors(model, "10.77.0.3");
	return model;
}

static void
run_until_all_have_answered(struct model *model)
{
	do
		assert_true(model_turn(model));
	while (audit_progress(model->audit).hosts_alive < SERVERS + 1);
}

static void
silence(struct model *model, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		model->host[i].down = true;
}

static void
run_for(struct model *model, uint64_t period_us)
{
	const uint64_t until_us = model->now_us + period_us;

	while (model->now_us < until_us && model_turn(model))
		;
}

static void
finish(struct model *model)
{
	while (model_turn(model))
		;
	model_finish(model);
}

static void
all_fall_silent_at_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 20; seed++) {
		struct model *model = begin(seed);

		model_start(model);
		run_until_all_have_answered(model);
		silence(model, 0, SERVERS + 1);
		finish(model);
		assert_finding(model, "port-shut", SEVERITY_INCONCLUSIVE,
		    "hosts that had answered fell silent at once");
		assert_non_null(strstr(finding_of(model, "port-shut")->remedy, "--gentle"));
		assert_string_equal(finding_of(model, "port-shut")->cause->code, "silent-at-once");
		model_free(model);
	}
}

/* A server restarts, or several do, and others still answer. */
static void
others_still_answer(void **state)
{
	(void)state;
	for (size_t count = 0; count < SERVERS; count++) {
		struct model *model = begin(10 + count);

		model_start(model);
		run_until_all_have_answered(model);
		silence(model, 1, count);
		finish(model);
		assert_null(finding_of(model, "port-shut"));
		model_free(model);
	}
}

static void
one_after_another(void **state)
{
	struct model *model = begin(20);

	(void)state;
	model->plan.settings.confidence = 1e-15; /* so that the others are asked for long */
	model_start(model);
	run_until_all_have_answered(model);
	for (size_t i = 0; i < SERVERS + 1; i++) {
		silence(model, i, 1);
		run_for(model, 120000);
	}
	finish(model);
	assert_null(finding_of(model, "port-shut"));
	model_free(model);
}

static void
frames_get_lost(void **state)
{
	(void)state;
	for (uint64_t seed = 100; seed < 200; seed++) {
		struct model *model = begin(seed);

		model->loss = 0.3;
		model->plan.settings.confidence = 1e-2;
		name_decoys(model);
		model_run(model);
		assert_null(finding_of(model, "port-shut"));
		model_free(model);
	}
}

/* A single host that is silent may be anything. */
static void
single_host(void **state)
{
	struct model *model = model_new("10.77.0.11", 30);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	do
		assert_true(model_turn(model));
	while (audit_progress(model->audit).hosts_alive < 1);
	silence(model, 0, 2);
	finish(model);
	assert_null(finding_of(model, "port-shut"));
	model_free(model);
}

/* The audit ends before the silence shows anything. */
static void
audit_is_ended(void **state)
{
	(void)state;
	for (int by_deadline = 0; by_deadline < 2; by_deadline++) {
		struct model *model = begin(40);

		if (by_deadline)
			model->plan.settings.timeout_us = 400000;
		model_start(model);
		run_until_all_have_answered(model);
		silence(model, 0, SERVERS + 1);
		if (!by_deadline)
			audit_stop(model->audit, model->now_us);
		finish(model);
		assert_null(finding_of(model, "port-shut"));
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_fall_silent_at_once),
	    cmocka_unit_test(others_still_answer),
	    cmocka_unit_test(one_after_another),
	    cmocka_unit_test(frames_get_lost),
	    cmocka_unit_test(single_host),
	    cmocka_unit_test(audit_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
