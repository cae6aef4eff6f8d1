/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rehearsal of the owner's claim, by the real engine in virtual time: nobody is elicited before
 * the owner was heard to claim the VIP by broadcast.
 */
#include "model.h"

/* Director .3, which a bystander has in its cache, a sound server and a leaking one. */
static struct model *
with_leaker(uint64_t seed)
{
	struct model *model = model_new("10.77.0.11-12", seed);

	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	model->cached = mac(3);
	return model;
}

/* When the first frame left from a decoy to the machine, or to any (0); 0: none did. */
static uint64_t
first_elicited_us(const struct model *model, uint8_t last)
{
	const struct mac of = mac(last);

	for (size_t i = 0; i < model->sent_count; i++)
		if (is_from_decoy(model, &model->sent[i]) &&
		    (last == 0 || mac_equal(&model->sent[i].frame.destination, &of)))
			return model->sent[i].time_us;
	return 0;
}

static bool
is_rehearsal(const struct sent *sent)
{
	return sent->frame.kind == FRAME_ARP && mac_equal(&sent->frame.arp.sha, &mac_broadcast);
}

/* When the owner was first made to claim the VIP; 0: it was not. */
static uint64_t
claimed_us(const struct model *model)
{
	for (size_t i = 0; i < model->sent_count; i++)
		if (is_rehearsal(&model->sent[i]))
			return model->sent[i].time_us;
	return 0;
}

static size_t
rehearsals(const struct model *model)
{
	size_t count = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		count += is_rehearsal(&model->sent[i]);
	return count;
}

static void
owner_claims_before_anybody_is_elicited(void **state)
{
	struct model *model = with_leaker(1);

	(void)state;
	machine(model, 12)->speaks_as_vip = false;
	model_run(model);
	assert_true(claimed_us(model) > 0);
	assert_true(first_elicited_us(model, 11) > claimed_us(model));
	assert_true(first_elicited_us(model, 12) > claimed_us(model));
	/* One packet is enough, and one rehearsal is for all hosts. */
	assert_int_equal(rehearsals(model), 1);
	assert_int_equal(first_elicited_us(model, 3), 0);
	assert_int_equal(machine(model, 3)->broadcast_claims, 1);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* As a BSD, or behind a switch that inspects ARP: it drops the ARP Probe, and asks for decoys with
 * its own address. */
static void
owner_that_can_not_claim_prevents_elicitation(void **state)
{
	struct model *model = with_leaker(2);
	struct model_host *owner = machine(model, 3);

	(void)state;
	owner->speaks_as_vip = false;
	owner->ignores_group_sha = true;
	model_run(model);
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_true(mac_equal(&model->cached, &owner->mac));
	for (uint8_t server = 11; server <= 12; server++) {
		assert_int_equal(first_elicited_us(model, server), 0);
		assert_verdict(model, server, VERDICT_INCONCLUSIVE);
		assert_string_equal(result_check(result_of(model, server), "vip-source")->reason,
		    "the host was not elicited: the owner of the VIP was asked to claim it by "
		    "broadcast, and did not, so a leak could not be undone");
	}
	assert_outcome(model, 11, "vip-reply", OUTCOME_PASS);
	/* Both ways were tried, and given up. */
	assert_in_range(rehearsals(model), 4, 24);
	assert_true(first_elicited_us(model, 3) > 0);
	model_free(model);
}

/* It drops the ARP Probe too, but speaks as the VIP to a decoy. */
static void
owner_that_speaks_is_enough(void **state)
{
	struct model *model = with_leaker(3);

	(void)state;
	machine(model, 3)->speaks_as_vip = true;
	machine(model, 3)->ignores_group_sha = true;
	model_run(model);
	assert_true(first_elicited_us(model, 12) > first_elicited_us(model, 3));
	assert_outcome(model, 12, "vip-source", OUTCOME_FAIL);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

/* An owner that was silent all through a rehearsal is tried again when it announces itself. */
static void
owner_that_comes_back_is_tried_again(void **state)
{
	struct model *model = with_leaker(4);
	struct model_host *owner = machine(model, 3);
	uint64_t silent_us = 0;

	(void)state;
	machine(model, 12)->speaks_as_vip = false;
	model_start(model);
	while (model_turn(model)) {
		const bool was_down = owner->down;

		silent_us = claimed_us(model);
		owner->down = model->now_us > START_US + 30000 &&
			      (silent_us == 0 || model->now_us < silent_us + 700000);
		if (was_down && !owner->down) {
			const struct frame frame = claim(model, 3, ARP_REQUEST, &model->vip);

			hear(model, &frame);
		}
	}
	model_finish(model);
	assert_false(owner->down);
	assert_true(rehearsals(model) > 1);
	assert_true(owner->broadcast_claims > 0);
	assert_true(first_elicited_us(model, 11) > silent_us + 700000);
	model_free(model);
}

/* The only owner that was heard claims the VIP in the rehearsal. Then the named director comes up:
 * that claim was a leak. */
static void
rehearsed_claim_of_another_is_restored(void **state)
{
	struct model *model = model_new("10.77.0.11", 5);

	(void)state;
	add_director(model, 3)->down = true;
	add_server(model, 11);
	add_director(model, 4);
	model->cached = mac(3);
	name_directors(model, "10.77.0.3");
	model_start(model);
	while (model_turn(model))
		if (machine(model, 4)->broadcast_claims > 0)
			machine(model, 3)->down = false;
	model_finish(model);
	assert_true(machine(model, 4)->broadcast_claims > 0);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->wire.owner_restored);
	assert_true(mac_equal(&model->cached, &machine(model, 3)->mac));
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(owner_claims_before_anybody_is_elicited),
	    cmocka_unit_test(owner_that_can_not_claim_prevents_elicitation),
	    cmocka_unit_test(owner_that_speaks_is_enough),
	    cmocka_unit_test(owner_that_comes_back_is_tried_again),
	    cmocka_unit_test(rehearsed_claim_of_another_is_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
