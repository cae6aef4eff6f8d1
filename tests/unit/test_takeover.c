/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A director announces the VIP while the audit ends, by the real engine in virtual time: see
 * owner/takeover.h.
 */
#include <string.h>

#include "model.h"

/* How long before the end of a quiet audit the announcement comes. The last question is older. */
static const uint64_t before_end_us[] = {1, 1000, 100000, 500000, 900000};
#define TIMES (sizeof(before_end_us) / sizeof(before_end_us[0]))

static const char NAMED[] = "10.77.0.3,10.77.0.4";

static struct model *
quiet(const char *named, bool leaks)
{
	struct model *model = sound("10.77.0.11-12", 5);

	if (named != NULL)
		name_directors(model, named);
	machine(model, 12)->answers_vip = leaks;
	return model;
}

/* How long the audit takes if nothing happens. */
static uint64_t
length_us(const char *named, bool leaks)
{
	struct model *model = quiet(named, leaks);
	uint64_t length;

	model_run(model);
	length = model->now_us - START_US;
	model_free(model);
	return length;
}

/* Its frames under way are dropped, since they would arrive after the new owner's claim. */
static void
give_up(struct model *model, uint8_t last)
{
	const struct mac of = mac(last);

	machine(model, last)->answers_vip = machine(model, last)->bound = false;
	machine(model, last)->speaks_as_vip = false;
	for (size_t i = 0; i < model->event_count; i++)
		if (mac_equal(&model->event[i].frame.source, &of) &&
		    model->event[i].frame.kind == FRAME_ARP &&
		    address_equal(&model->event[i].frame.arp.spa, &model->vip))
			model->event[i].frame.kind = FRAME_OTHER;
}

static void
announce(struct model *model, uint8_t last)
{
	const struct frame frame = claim(model, last, ARP_REQUEST, &model->vip);

	hear(model, &frame);
}

static void
hand_over(struct model *model)
{
	give_up(model, 3);
	machine(model, 4)->answers_vip = machine(model, 4)->bound = true;
	announce(model, 4);
}

static void
standby_announces(struct model *model)
{
	announce(model, 4);
}

static void
owner_dies(struct model *model)
{
	give_up(model, 3);
	announce(model, 4);
}

static void
server_announces(struct model *model)
{
	announce(model, 11);
}

/* Runs until `before_us` before the end that the audit would have, and calls `event` then. */
static struct model *
run(const char *named, bool leaks, uint64_t before_us, void (*event)(struct model *), bool cut)
{
	const uint64_t at_us = START_US + length_us(named, leaks) - before_us;
	struct model *model = quiet(named, leaks);
	bool done = false;

	model_start(model);
	while (model_turn(model)) {
		if (done || model->now_us < at_us)
			continue;
		event(model);
		if (cut)
			audit_stop(model->audit, model->now_us);
		done = true;
	}
	assert_true(done);
	model_finish(model);
	return model;
}

/* More questions follow, and show the hand-over. */
static void
late_hand_over_is_recognized(void **state)
{
	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		struct model *model = run(NAMED, false, before_end_us[i], hand_over, false);

		assert_finding(model, "hand-over", SEVERITY_NOTE, "02:00:0a:4d:00:04");
		assert_null(finding_of(model, "standby-claim"));
		assert_verdict(model, 4, VERDICT_COMPLIANT);
		assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* No question can follow the announcement, so nobody is accused, and nobody passes. */
static void
hand_over_as_the_audit_is_cut_is_in_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		struct model *model = run(NAMED, false, before_end_us[i], hand_over, true);

		assert_finding(model, "standby-claim", SEVERITY_INCONCLUSIVE, "may have taken it");
		assert_verdict(model, 4, VERDICT_INCONCLUSIVE);
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		model_free(model);
	}
}

/* The owner claims the VIP when it is asked once more, so the standby had no right to announce
 * it. */
static void
announcement_of_a_standby_is_a_violation(void **state)
{
	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		struct model *model = run(NAMED, false, before_end_us[i], standby_announces, false);

		assert_finding(model, "standby-claim", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
		assert_verdict(model, 4, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* The owner has answered since, so the end of the audit leaves no doubt. */
static void
announcement_before_an_answer_of_the_owner_is_a_violation(void **state)
{
	struct model *model = quiet(NAMED, false);
	uint64_t announced_us = 0;

	(void)state;
	model_start(model);
	while (model_turn(model)) {
		if (announced_us == 0 && model->now_us >= START_US + 20000) {
			announce(model, 4);
			announced_us = model->now_us;
		}
		if (announced_us != 0 && machine(model, 3)->last_claim_us > announced_us)
			audit_stop(model->audit, model->now_us);
	}
	model_finish(model);
	assert_finding(model, "standby-claim", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
	model_free(model);
}

/* The new owner has answered, but the former one has not been asked often enough yet. */
static void
hand_over_cut_short_is_in_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = quiet(NAMED, i == 1);
		uint64_t handed_us = 0;

		model_start(model);
		while (model_turn(model)) {
			if (handed_us == 0 && model->now_us >= START_US + 100000) {
				hand_over(model);
				handed_us = model->now_us;
			}
			if (handed_us != 0 && model->now_us >= handed_us + 200000)
				audit_stop(model->audit, model->now_us);
		}
		model_finish(model);
		assert_int_equal(machine(model, 4)->answers > 0, true);
		assert_verdict(model, 3, VERDICT_INCONCLUSIVE);
		assert_verdict(model, 4, VERDICT_INCONCLUSIVE);
		assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
		model_free(model);
	}
}

/* Nobody answers any more: neither the former owner nor the one that announced the VIP. */
static void
doubt_ends_after_enough_questions(void **state)
{
	(void)state;
	struct model *model = run(NAMED, false, 1, owner_dies, false);

	assert_finding(model, "standby-claim", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
	assert_verdict(model, 4, VERDICT_VIOLATION);
	model_free(model);
}

/* A listed server is no director, and a standby that was not named is none either. */
static void
nobody_else_is_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * TIMES; i++) {
		struct model *model =
		    run(NAMED, false, before_end_us[i / 2], server_announces, i % 2);

		assert_verdict(model, 11, VERDICT_VIOLATION);
		model_free(model);
		model = run("10.77.0.3", false, before_end_us[i / 2], standby_announces, i % 2);
		assert_finding(model, "unlisted-claimant", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
		model_free(model);
	}
}

/* If nobody is named, an unlisted machine may be the director. It is believed until the owner
 * answers again, or it leaves enough questions unanswered itself. */
static void
unlisted_machine_may_be_the_director(void **state)
{
	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		struct model *model = run(NULL, false, before_end_us[i], hand_over, true);

		assert_finding(
		    model, "unlisted-claimant", SEVERITY_INCONCLUSIVE, "may have taken it");
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		model_free(model);
		model = run(NULL, false, before_end_us[i], hand_over, false);
		assert_null(finding_of(model, "unlisted-claimant"));
		assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
		model_free(model);
		model = run(NULL, false, before_end_us[i], standby_announces, false);
		assert_finding(model, "unlisted-claimant", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
		model_free(model);
		model = run(NULL, false, before_end_us[i], owner_dies, false);
		assert_finding(model, "unlisted-claimant", SEVERITY_VIOLATION, "02:00:0a:4d:00:04");
		model_free(model);
	}
}

/* A leaking server that goes on answering is no owner that the director left in place. Such an
 * audit ends with an answer of the owner, so nothing is announced in its last microsecond. */
static void
leaking_server_does_not_accuse_the_new_director(void **state)
{
	(void)state;
	for (size_t i = 2; i < 2 * TIMES; i++) {
		struct model *model = run(NAMED, true, before_end_us[i / 2], hand_over, i % 2);

		assert_verdict(model, 12, VERDICT_VIOLATION);
		assert_int_not_equal(result_of(model, 4)->verdict, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* An audit that is ended early has not heard slow machines. No owner is no violation then, and a
 * director that claims the VIP, but was not heard to answer, is not accused. */
static void
early_end_accuses_no_slow_director(void **state)
{
	static const struct {
		uint64_t end_us;
		bool claims, violation;
	} cases[] = {
	    {100000, false, false},
	    {700000, false, false},
	    {900000, false, true},
	    {700000, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct model *model = sound("10.77.0.11-12", 9);
		bool claimed = false;

		name_directors(model, NAMED);
		machine(model, 12)->answers_vip = cases[i].claims;
		machine(model, 3)->answers_vip = machine(model, 3)->speaks_as_vip = false;
		model_start(model);
		while (model->now_us < START_US + cases[i].end_us && model_turn(model)) {
			if (!cases[i].claims || claimed || model->now_us < START_US + 30000)
				continue;
			announce(model, 3);
			claimed = true;
		}
		audit_stop(model->audit, model->now_us);
		while (model_turn(model))
			;
		model_finish(model);
		if (cases[i].claims)
			assert_true(result_of(model, 3)->verdict != VERDICT_VIOLATION);
		else
			assert_finding(model, "vip-owner",
			    cases[i].violation ? SEVERITY_VIOLATION : SEVERITY_INCONCLUSIVE,
			    "no machine answers ARP requests");
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(late_hand_over_is_recognized),
	    cmocka_unit_test(hand_over_as_the_audit_is_cut_is_in_doubt),
	    cmocka_unit_test(announcement_of_a_standby_is_a_violation),
	    cmocka_unit_test(announcement_before_an_answer_of_the_owner_is_a_violation),
	    cmocka_unit_test(hand_over_cut_short_is_in_doubt),
	    cmocka_unit_test(doubt_ends_after_enough_questions),
	    cmocka_unit_test(nobody_else_is_believed),
	    cmocka_unit_test(unlisted_machine_may_be_the_director),
	    cmocka_unit_test(leaking_server_does_not_accuse_the_new_director),
	    cmocka_unit_test(early_end_accuses_no_slow_director),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
