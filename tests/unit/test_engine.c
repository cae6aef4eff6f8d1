/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real engine against a few modelled hosts, in virtual time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"

static void
sound_segment_is_compliant(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 1);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++)
		add_server(model, last);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	for (uint8_t last = 11; last <= 13; last++) {
		const struct check_result *reply = &result_of(model, last)->checks[CHECK_VIP_REPLY];

		assert_verdict(model, last, VERDICT_COMPLIANT);
		assert_true(reply->false_pass_bound > 0 && reply->false_pass_bound <= 1e-6);
		assert_true(reply->confirmations >= 3);
		assert_outcome(model, last, CHECK_VIP_SOURCE, OUTCOME_PASS);
		assert_outcome(model, last, CHECK_VIP_BOUND, OUTCOME_PASS);
		assert_int_equal(result_of(model, last)->arp_ignore, 1 << 1);
		assert_int_equal(result_of(model, last)->arp_announce, 1 << 2);
	}
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_int_equal(model->decoys_answered, 0);
	/* All is decided before the lingering behind the last broadcast ends. */
	assert_true(model->now_us <= model->audit->last_question_us + 1000000);
	assert_true(model->now_us <= START_US + 2000000);
	model_free(model);
}

static void
large_segment_costs_six_frames_a_host(void **state)
{
	struct model *model = model_new("10.77.0.101-230", 40);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 230; last++)
		add_server(model, last);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	/* Six for each, and for all together three for each decoy and some for the VIP. */
	assert_true(model->frames <= 6 * 130 + 3 * model->audit->decoys_first + 20);
	model_free(model);
}

/* Until the decoys are decided; nothing else that it waits for is left then. */
static void
run_until_decoys_are_decided(struct model *model)
{
	model_start(model);
	while (!model->audit->decoys_decided)
		assert_true(model_turn(model));
}

/* The rounds by unicast take the time that the decoys need, and no frame more: but for the last,
 * which tells the host of the probe. */
static void
rounds_run_while_decoys_are_verified(void **state)
{
	struct model *model = model_new("10.77.0.101-230", 79);

	(void)state;
	model->plan.settings.rate = model->plan.settings.broadcast_rate = 0;
	model->plan.settings.linger_us = 0;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 230; last++)
		add_server(model, last);
	run_until_decoys_are_decided(model);
	assert_true(model->now_us <= START_US + 181000);
	for (uint32_t i = 0; i < model->audit->host_count; i++) {
		assert_int_equal(pair_of(model->audit, i, 0)->silences, 2);
		assert_false(model->audit->hosts[i].planted);
		assert_false(model->host[1 + i].knows_probe);
	}
	while (model_turn(model))
		;
	model_finish(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	for (uint32_t i = 0; i < model->audit->host_count; i++)
		assert_int_equal(pair_of(model->audit, i, 0)->silences, 3);
	/* Six for each, and two rounds of three. */
	assert_true(model->frames <= 12 * 130 + 3 * model->audit->decoys_first + 20);
	assert_true(model->now_us <= START_US + 210000);
	/* What went ahead of the last fence had its time to be answered. */
	assert_true(model->now_us >= model->audit->last_fence_us + TIMEOUT_MIN_US);
	model_free(model);
}

/* Rounds of a host are apart: those while it waits, the last one, and further ones. And while a
 * fence is out, nothing but its answer or a timeout lets the host go on. */
static void
rounds_are_apart(void **state)
{
	(void)state;
	for (uint64_t seed = 80; seed < 83; seed++) {
		struct model *model = model_new("10.77.0.101-230", seed);
		uint64_t silent_us[130] = {0};
		uint32_t silences[130] = {0};

		model->plan.settings.rate = model->plan.settings.broadcast_rate = 0;
		model->plan.settings.linger_us = 0;
		model->plan.settings.confidence = 1e-15; /* more rounds than fit into that time */
		add_director(model, 3);
		for (uint8_t last = 101; last <= 230; last++)
			add_server(model, last);
		model_start(model);
		while (model_turn(model)) {
			for (uint32_t i = 0; i < 130; i++) {
				const struct host *host = &model->audit->hosts[i];
				const uint32_t now = pair_of(model->audit, i, 0)->silences;

				assert_false(host->fence_out && host->waiting);
				if (now == silences[i])
					continue;
				assert_true(model->now_us >= silent_us[i] + ROUND_GAP_US);
				silent_us[i] = model->now_us;
				silences[i] = now;
			}
		}
		assert_true(silences[0] >= 6);
		model_finish(model);
		model_free(model);
	}
}

/* One that answers for the VIP learns the probe's address, and one that misses a fence may answer
 * none with 0.0.0.0: they have no round that others have while they wait. */
static void
faulty_and_slow_servers_wait_unasked(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 81);

	(void)state;
	model->plan.settings.linger_us = 0;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	host_of(model, 12)->answers_vip = host_of(model, 13)->down = true;
	model_start(model);
	while (model->audit->hosts[2].tries == 0)
		assert_true(model_turn(model));
	host_of(model, 13)->down = false;
	while (!model->audit->decoys_decided)
		assert_true(model_turn(model));
	assert_true(pair_of(model->audit, 0, 0)->rounds > 0);
	assert_int_equal(pair_of(model->audit, 1, 0)->rounds, 0);
	assert_true(model->audit->hosts[2].answered > 0);
	assert_int_equal(pair_of(model->audit, 2, 0)->rounds, 0);
	while (model_turn(model))
		;
	model_finish(model);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_PASS);
	assert_outcome(model, 13, CHECK_VIP_SOURCE, OUTCOME_PASS);
	model_free(model);
}

/* A fence that is missed by a host that waits is one that the segment has lost, like any other. */
static void
fence_missed_by_who_waits_is_lost(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 84);
	const struct host *host;

	(void)state;
	model->plan.settings.linger_us = 0;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	model_start(model);
	host = &model->audit->hosts[0];
	while (host->answered == 0)
		assert_true(model_turn(model));
	host_of(model, 11)->down = true;
	while (host->tries == 0)
		assert_true(model_turn(model));
	assert_int_equal(host->stage, STAGE_SOURCE);
	host_of(model, 11)->down = false;
	while (model_turn(model))
		;
	model_finish(model);
	assert_int_equal(host->missed, 1);
	assert_int_equal(model->audit->loss[PATH_UNICAST].lost, 1);
	assert_outcome(model, 11, CHECK_VIP_SOURCE, OUTCOME_PASS);
	model_free(model);
}

/* IP source guard: the probe's own address makes those ask that do not know it. That is so for all
 * that were asked while decoys were verified; not for one that has answered for the VIP, which is a
 * violation by that. */
static void
own_address_elicits_behind_source_guard(void **state)
{
	(void)state;
	for (uint64_t linger_us = 0; linger_us <= 1000000; linger_us += 1000000) {
		struct model *model = model_new("10.77.0.11-13", 82);

		model->plan.settings.linger_us = linger_us;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 13; last++)
			add_server(model, last);
		for (uint8_t last = 11; last <= 13; last++)
			host_of(model, last)->guarded = host_of(model, last)->asks_for_probe = true;
		host_of(model, 12)->speaks_as_vip = host_of(model, 13)->speaks_as_vip = true;
		host_of(model, 13)->answers_vip = true;
		run_until_decoys_are_decided(model);
		assert_int_equal(pair_of(model->audit, 0, 0)->rounds > 0, linger_us == 0);
		assert_false(host_of(model, 11)->knows_probe);
		while (model_turn(model))
			;
		model_finish(model);
		assert_outcome(model, 11, CHECK_VIP_SOURCE, OUTCOME_PASS);
		assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_FAIL);
		assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_PASS);
		assert_outcome(model, 13, CHECK_VIP_REPLY, OUTCOME_FAIL);
		assert_verdict(model, 13, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* That one of two owners is a listed server is not known before that one has been heard: what can't
 * be decided without it waits, as for the decoys. */
static void
owners_are_known_before_servers_are_passed_over(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 83);

	(void)state;
	model->plan.settings.broadcast_rate = 100;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	host_of(model, 40)->answers_vip = true;
	model_run(model);
	for (uint8_t last = 11; last < 40; last++)
		assert_verdict(model, last, VERDICT_COMPLIANT);
	assert_verdict(model, 40, VERDICT_VIOLATION);
	model_free(model);
}

static void
answering_server_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 2);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->answers_vip = true;
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_FAIL);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_PASS);
	assert_int_equal(result_of(model, 12)->arp_ignore, 1 << 0 | 1 << 3);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

static void
leak_is_found_answered_and_healed(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 3);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_FAIL);
	assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_PASS);
	assert_int_equal(result_of(model, 12)->arp_announce, 1 << 0 | 1 << 1);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->decoys_answered >= 1);
	assert_true(model->wire.owner_restored);
	/* Restored by a broadcast later than the bystanders' locktime. */
	assert_true(model->now_us > START_US + 1000000);
	model_free(model);
}

/* It answers ARP, but ignores every packet, as one with arp_announce 2 does not speak as the VIP:
 * then its reply is made a broadcast. */
static void
mute_director_is_restored_by_its_reply(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);

	(void)state;
	add_director(model, 3)->bound = false;
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

static void
owner_that_is_not_restored_is_told(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);
	struct model_host *director;

	(void)state;
	director = add_director(model, 3);
	director->bound = false;
	director->ignores_group_sha = true;
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_false(model->wire.owner_restored);
	assert_finding(model, "owner-restored", SEVERITY_NOTE, "was not heard to claim it back");
	model_free(model);
}

static void
leak_without_an_owner_is_told(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);

	(void)state;
	add_host(model, 3);
	name_directors(model, "10.77.0.3");
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_finding(model, "owner-restored", SEVERITY_NOTE, "there is no owner");
	model_free(model);
}

static void
absent_and_unbound_hosts_are_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 5);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_host(model, 12);
	add_server(model, 13)->down = true;
	add_host(model, 14)->forwards = true;
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 12, CHECK_VIP_BOUND, OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 13, VERDICT_INCONCLUSIVE);
	assert_false(result_of(model, 13)->has_mac);
	/* It asks for the decoy in its own name, as a sound server does, but does not hold the VIP.
	 */
	assert_verdict(model, 14, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 14, CHECK_VIP_BOUND, OUTCOME_INCONCLUSIVE);
	assert_outcome(model, 14, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* Its unicast requests carry the RIP at every arp_announce: they prove nothing. */
static void
cached_decoys_prove_nothing(void **state)
{
	struct model *model = model_new("10.77.0.12", 6);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->has_decoys = true;
	model_run(model);
	assert_outcome(model, 12, CHECK_VIP_BOUND, OUTCOME_PASS);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static void
segment_without_owner_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11", 7);

	(void)state;
	add_server(model, 11);
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_int_equal(model->cluster.vips[0].owner_count, 0);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* With two unlisted owners neither is the director, and nothing may leak. */
static void
owners_that_cannot_be_told_apart(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 8);

	(void)state;
	add_director(model, 3);
	add_director(model, 4);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->cluster.vips[0].owner_count, 2);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	for (size_t i = 0; i < model->cluster.vips[0].host_count; i++)
		assert_true(model->cluster.vips[0].hosts[i].verdict != VERDICT_COMPLIANT);
	model_free(model);
}

static void
named_director_tells_them_apart(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 9);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
	add_director(model, 3);
	add_director(model, 12);
	add_server(model, 11);
	model_run(model);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_FAIL);
	model_free(model);
}

static void
unexpected_director_is_a_violation(void **state)
{
	struct model *model = model_new("10.77.0.11", 10);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "02:00:0a:4d:00:77", &error));
	add_director(model, 3);
	add_server(model, 11);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_false(model->cluster.vips[0].owners[0].expected);
	model_free(model);
}

static void
delayed_proxy_is_caught(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 11);
	struct model_host *listed, *unlisted;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	listed = add_host(model, 12);
	unlisted = add_host(model, 60);
	listed->answers_vip = unlisted->answers_vip = true;
	listed->proxy_delay_us = unlisted->proxy_delay_us = 790000;
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.vips[0].owner_count, 3);
	model_free(model);
}

static void
discovery_finds_the_holders(void **state)
{
	struct model *model = model_new(NULL, 12);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 200)->speaks_as_vip = true;
	add_host(model, 50);
	model_run(model);
	assert_int_equal(model->cluster.vips[0].host_count, 3);
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 200, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.hosts_alive, 4);
	model_free(model);
}

static void
no_elicit_sends_no_ip(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 13);

	(void)state;
	model->plan.settings.elicit = false;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->ip_packets, 0);
	assert_outcome(model, 11, CHECK_VIP_SOURCE, OUTCOME_SKIPPED);
	assert_outcome(model, 11, CHECK_VIP_BOUND, OUTCOME_SKIPPED);
	assert_outcome(model, 11, CHECK_VIP_REPLY, OUTCOME_PASS);
	model_free(model);
}

static void
deadline_leaves_the_rest_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11", 14);

	(void)state;
	model->plan.settings.timeout_us = 30000;
	add_director(model, 3);
	add_server(model, 11);
	model_run(model);
	assert_true(model->now_us <= START_US + 31000);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* What was not captured is observed again; if that never ends, silence proves nothing. */
static void
lost_captures_void_silences(void **state)
{
	struct model *model = model_new("10.77.0.11", 15);
	uint64_t quiet_us;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	while (model_turn(model) && model->now_us < START_US + 900000)
		;
	quiet_us = model->now_us;
	audit_capture_lost(model->audit, model->now_us - 100000, model->now_us);
	while (model_turn(model))
		;
	assert_true(model->now_us > quiet_us + 1000000);
	/* What was asked long before is not void. */
	audit_capture_lost(model->audit, model->now_us - 50000, model->now_us);
	assert_true(audit_finished(model->audit, model->now_us));
	for (int i = 0; i < VOIDS_MAX; i++) {
		model_finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		arena_free(model->arena);
		audit_capture_lost(model->audit, model->now_us - 1000000, model->now_us);
		while (model_turn(model))
			;
	}
	model_finish(model);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static void
rates_are_kept(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 16);

	(void)state;
	model->plan.settings.rate = 400;
	model->plan.settings.broadcast_rate = 100;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	model_run(model);
	const double seconds = (double)(model->now_us - START_US) / 1e6;

	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_true((double)model->frames <= 400 * seconds + TRAIN_MAX);
	assert_true((double)model->broadcasts <= 100 * seconds + TRAIN_MAX);
	model_free(model);
}

static void
seed_replays_the_audit(void **state)
{
	uint64_t digest[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct model *model = model_new("10.77.0.11-13", i < 2 ? 17 : 18);

		model->loss = 0.1;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 13; last++)
			add_server(model, last);
		model_run(model);
		digest[i] = model->digest;
		model_free(model);
	}
	assert_true(digest[0] == digest[1]);
	assert_true(digest[0] != digest[2]);
}

/* Of two owners the one that advertises the VIP by VRRP is the director; not by advertising
 * another. */
static void
vrrp_tells_the_director(void **state)
{
	static const uint8_t addresses[2][4] = {{10, 77, 0, 99}, {10, 77, 0, 100}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 26);
		const struct frame advertisement = {
		    .kind = FRAME_VRRP,
		    .source = mac(3),
		    .destination = {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}},
		    .ip = {.source = ip(3),
			.destination = address_ipv4(0xe0000012u),
			.vrrp = {.version = 2,
			    .vrid = 51,
			    .priority = 100,
			    .address_count = 1,
			    .addresses = addresses[i]}},
		};

		add_director(model, 3);
		add_director(model, 4);
		add_server(model, 11);
		add_server(model, 12)->speaks_as_vip = true;
		model_start(model);
		hear(model, &advertisement);
		while (model_turn(model))
			;
		model_finish(model);
		assert_int_equal(model->cluster.vips[0].owner_count, 2);
		assert_verdict(model, 11, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
		assert_verdict(model, 12, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_VIOLATION);
		for (size_t k = 0; k < 2; k++) {
			const struct owner_result *owner = &model->cluster.vips[0].owners[k];

			assert_int_equal(owner->expected,
			    i == 1 && mac_equal(&owner->mac, &advertisement.source));
		}
		model_free(model);
	}
}

/* keepalived with use_vmac: the virtual router's MAC answers, and not that of the director's
 * address. */
static void
virtual_mac_of_a_named_director(void **state)
{
	static const uint8_t address[4] = {10, 77, 0, 100};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11", 27);
		struct error error = {0};
		struct model_host *virtual;

		assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
		add_host(model, 3);
		add_server(model, 11);
		virtual = add_director(model, 33);
		virtual->mac = (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, 0x33}};
		const struct frame advertisement = {
		    .kind = FRAME_VRRP,
		    .source = virtual->mac,
		    .ip = {.source = ip(3),
			.vrrp = {.vrid = 0x33,
			    .priority = 100,
			    .address_count = 1,
			    .addresses = address}},
		};

		model_start(model);
		if (i == 1)
			hear(model, &advertisement);
		while (model_turn(model))
			;
		model_finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_int_equal(
		    model->cluster.verdict, i == 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* The host is not known by its MAC yet when it claims the VIP. */
static void
early_claim_counts(void **state)
{
	static const enum arp_operation operations[] = {ARP_REQUEST, ARP_REPLY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 19);
		struct address target = ip(77);
		struct frame frame;

		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12);
		model_start(model);
		frame = claim(model, 12, operations[i], &target);
		hear(model, &frame);
		while (model_turn(model))
			;
		model_finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A second master refreshes its claim for ever: the audit ends all the same. */
static void
contested_vip_does_not_keep_it_alive(void **state)
{
	static const enum arp_operation operations[] = {ARP_REQUEST, ARP_REPLY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 20);
		uint64_t next_us = START_US;

		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12);
		model_start(model);
		do {
			if (model->now_us < next_us)
				continue;
			const struct frame frame =
			    claim(model, 12, operations[i], &model->segment.own.address);

			hear(model, &frame);
			next_us = model->now_us + 300000;
		} while (model_turn(model));
		model_finish(model);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* The proxy answers after the deadline: nobody knows, so nobody may say compliant. */
static void
deadline_before_late_answers_is_inconclusive(void **state)
{
	struct model *model = model_new("10.77.0.11", 21);

	(void)state;
	model->plan.settings.timeout_us = 900000;
	add_director(model, 3);
	add_server(model, 11);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(model->cluster.vips[0].findings[0].id, "cut-short");
	model_free(model);
}

/* Is more time the remedy: of the VIP's findings, and of a host's? */
static void
assert_asks_for_time(const struct model *model, bool more)
{
	const struct vip_result *vip = &model->cluster.vips[0];
	const struct finding *of_vip = &vip->findings[0], *of_host = &vip->hosts[0].findings[0];

	assert_string_equal(of_vip->id, "cut-short");
	assert_int_equal(strstr(of_vip->remedy, "--timeout") != NULL, more);
	assert_non_null(strstr(of_vip->remedy, "let it finish"));
	assert_string_equal(of_host->message, "the audit ended before this was decided");
	assert_string_equal(of_host->remedy, of_vip->remedy);
}

/* More time helps where there was too little; an interrupted audit has as much as it wants. */
static void
only_a_deadline_asks_for_more_time(void **state)
{
	struct model *model = model_new("10.77.0.11", 22);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	run_until_decoys_are_decided(model);
	model_finish(model);
	assert_asks_for_time(model, false);
	model_free(model);

	model = model_new("10.77.0.11", 22);
	model->plan.settings.timeout_us = 100000;
	add_director(model, 3);
	add_server(model, 11);
	model_run(model);
	assert_asks_for_time(model, true);
	model_free(model);
}

/* A conflict probe for the decoy says nothing of arp_announce: it has no SPA. */
static void
conflict_probe_does_not_clear(void **state)
{
	struct model *model = model_new("10.77.0.12", 22);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->probes_decoys = true;
	model_run(model);
	assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_INCONCLUSIVE);
	model_free(model);
}

/* Frames that no host can have sent make nobody an owner, and nothing is sent to their addresses.
 */
static void
impossible_senders_are_ignored(void **state)
{
	struct model *model = model_new("10.77.0.11", 23);
	struct error error = {0};

	(void)state;
	assert_true(plan_add_directors(&model->plan.clusters[0], "10.77.0.3", &error));
	add_director(model, 3)->down = true;
	add_server(model, 11);
	model_start(model);
	for (size_t i = 0; i < 3; i++) {
		const struct mac sha[] = {mac_zero, mac_broadcast, model->segment.mac};
		struct frame frame = claim(model, 66, ARP_REPLY, &model->segment.own.address);

		frame.arp.sha = sha[i];
		hear(model, &frame);
		frame.arp.spa = ip(11);
		frame.destination = model->segment.mac;
		hear(model, &frame);
	}
	while (model_turn(model))
		;
	model_finish(model);
	assert_int_equal(model->cluster.vips[0].owner_count, 0);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_true(mac_equal(&result_of(model, 11)->mac, &model->host[1].mac));
	model_free(model);
}

/* One that dies half way is inconclusive, and only that one. */
static void
dying_host_spoils_no_other(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 24);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	while (model_turn(model))
		if (model->now_us > START_US + 100000)
			model->host[2].down = true;
	model_finish(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* Two addresses of one machine, each answered by both of its MACs. */
static void
shared_macs_are_walked_once(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 25);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 14; last++)
		add_server(model, last);
	model_start(model);
	for (uint8_t last = 11; last <= 14; last++) {
		for (uint8_t other = 14; other >= 11; other--) {
			struct frame frame =
			    claim(model, other, ARP_REPLY, &model->segment.own.address);

			frame.arp.spa = ip(last);
			frame.destination = model->segment.mac;
			hear(model, &frame);
			hear(model, &frame);
		}
	}
	while (model_turn(model))
		;
	model_finish(model);
	for (uint8_t last = 11; last <= 14; last++)
		assert_outcome(model, last, CHECK_RIP_UNIQUE, OUTCOME_FAIL);
	model_free(model);
}

/* A bad segment, many times: no fault is ever passed, and no sound server accused. */
static void
loss_makes_no_verdict_wrong(void **state)
{
	size_t compliant = 0, violations = 0;

	(void)state;
	for (uint64_t seed = 100; seed < 400; seed++) {
		struct model *model = model_new("10.77.0.11-16", seed);

		model->loss = seed % 2 == 0 ? 0.05 : 0.2;
		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12)->answers_vip = true;
		add_server(model, 13)->speaks_as_vip = true;
		add_host(model, 14)->answers_vip = true;
		add_server(model, 15)->has_decoys = true;
		add_host(model, 16)->forwards = true;
		model_run(model);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		for (uint8_t last = 12; last <= 16; last++)
			assert_true(result_of(model, last)->verdict != VERDICT_COMPLIANT);
		compliant += result_of(model, 11)->verdict == VERDICT_COMPLIANT;
		violations += result_of(model, 12)->verdict == VERDICT_VIOLATION;
		model_free(model);
	}
	/* Caution must not make it useless. */
	assert_true(compliant >= 270);
	assert_true(violations >= 290);
}

/* Somebody turns up with a decoy while the packet from there waits for its turn: it stays. */
static void
packet_from_a_taken_decoy_is_not_sent(void **state)
{
	size_t taken = 0;

	(void)state;
	for (uint64_t seed = 74; seed < 84; seed++) {
		struct model *model = model_new("10.77.0.11-40", seed);
		bool done = false;

		model->plan.settings.rate = 100;
		model->plan.settings.broadcast_rate = 100;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 40; last++)
			add_server(model, last);
		model_start(model);
		while (model_turn(model)) {
			const struct ring *ring = &model->audit->ring[LANE_BROADCAST];
			const struct outgoing *next = &ring->slot[ring->first];

			if (done || ring->count == 0 || next->purpose != PURPOSE_ATTEMPT)
				continue;
			/* The model sees that nothing speaks for the address of a host. */
			const uint8_t last = (uint8_t)address_ipv4_number(&next->frame.ip.source);

			add_host(model, last);
			struct frame announced =
			    claim(model, last, ARP_REQUEST, &host_of(model, last)->rip);

			announced.arp.spa = ip(last);
			hear(model, &announced);
			done = true;
		}
		model_finish(model);
		taken += done;
		assert_verdict(model, 40, VERDICT_COMPLIANT);
		model_free(model);
	}
	assert_true(taken >= 5);
}

/* That it serves a client of the VIP shows that it holds it, and nothing of what packet of the
 * probe's it would answer. */
static void
packets_to_others_show_no_way_to_elicit(void **state)
{
	static const uint16_t ports[] = {0, 80};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-12", 72);
		const struct frame served = {
		    .kind = FRAME_UDP,
		    .source = mac(12),
		    .destination = model->segment.mac,
		    .ip = {.source = model->vip,
			.destination = ip(201),
			.udp = {.source_port = 53, .destination_port = 40000}},
		};

		set_port(model, ports[i]);
		add_director(model, 3);
		add_server(model, 11)->listens = true;
		add_server(model, 12)->listens = true;
		host_of(model, 12)->ignores_echo = true;
		model_start(model);
		for (bool heard = false; model_turn(model);) {
			if (heard || model->audit->hosts[1].mac_count == 0)
				continue;
			hear(model, &served);
			heard = true;
		}
		model_finish(model);
		assert_outcome(model, 12, CHECK_VIP_SOURCE, OUTCOME_PASS);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A bond that balances what it receives: each asker is answered by one of two MACs. It is one
 * machine, and all of its MACs have to keep silent. */
static void
balanced_bond_is_one_machine(void **state)
{
	size_t compliant = 0, violations = 0;

	(void)state;
	for (uint64_t seed = 500; seed < 600; seed++) {
		struct model *model = model_new("10.77.0.11-13", seed);

		model->loss = (double)(seed % 3) * 0.05;
		add_director(model, 3);
		add_server(model, 11)->probes_mac = mac(211);
		add_server(model, 12)->probes_mac = mac(212);
		host_of(model, 12)->answers_vip = host_of(model, 12)->only_probes = true;
		add_server(model, 13)->probes_mac = mac(213);
		host_of(model, 13)->speaks_as_vip = true;
		model_run(model);
		if (model->loss == 0)
			assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		assert_true(result_of(model, 12)->verdict != VERDICT_COMPLIANT);
		assert_true(result_of(model, 13)->verdict != VERDICT_COMPLIANT);
		compliant += result_of(model, 11)->verdict == VERDICT_COMPLIANT;
		violations += result_of(model, 12)->verdict == VERDICT_VIOLATION;
		model_free(model);
	}
	assert_true(compliant >= 85);
	assert_true(violations >= 90);
}

/* Two machines are not taken for such a bond, however much is lost. */
static void
duplicates_are_no_balanced_bond(void **state)
{
	size_t failed = 0;

	(void)state;
	for (uint64_t seed = 600; seed < 800; seed++) {
		struct model *model = model_new("10.77.0.11-13", seed);

		model->loss = 0.1 + (double)(seed % 3) * 0.1;
		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12);
		add_server(model, 13);
		add_server(model, 66)->rip = ip(11);
		model_run(model);
		assert_true(result_of(model, 11)->checks[CHECK_RIP_UNIQUE].outcome != OUTCOME_PASS);
		failed += result_of(model, 11)->checks[CHECK_RIP_UNIQUE].outcome == OUTCOME_FAIL;
		model_free(model);
	}
	assert_true(failed >= 190);
}

static uint32_t damage_after, sound_replies;
static bool has_damaged_spa, has_damaged_sha;

/* Once each: the SPA of the request by which a leaking server would have been caught, and the SHA
 * of a sound one's reply. */
static void
damage(struct model *model, struct frame *frame)
{
	struct frame_arp *arp = &frame->arp;

	if (frame->kind != FRAME_ARP)
		return;
	if (!has_damaged_spa && arp->operation == ARP_REQUEST &&
	    mac_equal(&arp->sha, &host_of(model, 12)->mac)) {
		arp->spa.octet[3] ^= 1;
		has_damaged_spa = true;
	}
	if (arp->operation == ARP_REPLY && mac_equal(&arp->sha, &host_of(model, 11)->mac) &&
	    sound_replies++ == damage_after) {
		arp->sha.octet[5] ^= 64;
		has_damaged_sha = true;
	}
}

/* ARP has no checksum. */
static void
damaged_frame_changes_no_verdict(void **state)
{
	(void)state;
	for (damage_after = 0; damage_after < 5; damage_after++) {
		struct model *model = model_new("10.77.0.11-12", 72);

		sound_replies = 0;
		has_damaged_spa = has_damaged_sha = false;
		model->damage = damage;
		model->plan.settings.linger_us = 0; /* the repeats are not waited for */
		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12)->speaks_as_vip = true;
		model_run(model);
		assert_true(has_damaged_spa && has_damaged_sha);
		if (damage_after > 0)
			assert_outcome(model, 11, CHECK_RIP_UNIQUE, OUTCOME_PASS);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A host may speak as an address of its own that is not the RIP it was listed with. */
static void
other_address_of_its_own_is_clean(void **state)
{
	struct model *model = model_new("10.77.0.11", 73);

	(void)state;
	add_director(model, 3);
	add_server(model, 11)->speaks_as = ip(111);
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* A decoy that somebody takes is used no more, and replaced. */
static void
taken_decoys_are_replaced(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 70);
	bool taken = false;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	while (model_turn(model)) {
		const struct audit *audit = model->audit;
		const uint32_t first = audit->decoys_first;

		if (taken || !audit->decoys_decided)
			continue;
		for (uint32_t i = 0; i < first; i++) {
			const struct frame frame = {
			    .kind = FRAME_ARP,
			    .source = mac(77),
			    .destination = mac_broadcast,
			    .arp = {.operation = ARP_REQUEST,
				.sha = mac(77),
				.spa = audit->decoys[i].address,
				.tpa = audit->decoys[i].address},
			};

			hear(model, &frame);
		}
		assert_int_equal(decoys_ready(audit), 0);
		assert_int_equal(audit->decoy_count, 2 * first);
		taken = true;
	}
	assert_true(taken);
	model_finish(model);
	assert_true(decoys_ready(model->audit) > 0);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	model_free(model);
}

/* Somebody speaks from the address, by ARP or by IP. */
static struct frame
speak(const struct model *model, const struct address *address, bool by_arp)
{
	struct frame frame = {
	    .kind = by_arp ? FRAME_ARP : FRAME_ECHO_REPLY,
	    .source = mac(77),
	    .destination = by_arp ? mac_broadcast : model->segment.mac,
	};

	if (by_arp)
		frame.arp = (struct frame_arp){
		    .operation = ARP_REQUEST, .sha = mac(77), .spa = *address, .tpa = ip(78)};
	else
		frame.ip = (struct frame_ip){
		    .source = *address, .destination = model->segment.own.address};
	return frame;
}

/* The decoy of an attempt that is out turns out to be in use: what follows is no evidence, and the
 * attempt is made again, from another one. */
static void
attempts_from_used_addresses_are_void(void **state)
{
	(void)state;
	for (int by_arp = 0; by_arp < 2; by_arp++) {
		struct model *model = model_new("10.77.0.11", 72);
		bool spoken = false;

		add_director(model, 3);
		add_server(model, 11);
		model_start(model);
		const struct host *host = &model->audit->hosts[0];
		const struct pair *pair = pair_of(model->audit, 0, 0);

		while (model_turn(model)) {
			/* It does not answer the attempt before that. */
			host_of(model, 11)->down = !spoken && host->stage == STAGE_SOURCE;
			if (spoken || !host->attempt_out || host->attempt_decoy == NONE)
				continue;
			const struct address decoy =
			    model->audit->decoys[host->attempt_decoy].address;
			const struct frame used = speak(model, &decoy, by_arp == 1);
			struct frame asks = claim(model, 11, ARP_REQUEST, &decoy);

			hear(model, &used);
			assert_false(host->attempt_out);
			assert_int_equal(pair->source_attempts, 0);
			asks.arp.spa = ip(11);
			hear(model, &asks);
			assert_int_equal(pair->source, SOURCE_UNSEEN);
			spoken = true;
		}
		assert_true(spoken);
		model_finish(model);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* What was heard before is never drawn, not even to replace others. */
static void
addresses_that_were_heard_are_no_decoys(void **state)
{
	(void)state;
	for (int by_arp = 0; by_arp < 2; by_arp++) {
		struct model *model = model_new("10.77.0.11", 73);

		add_director(model, 3);
		add_server(model, 11);
		model_start(model);
		for (uint8_t last = 20; last < 250; last++) {
			const struct address address = ip(last);
			const struct frame used = speak(model, &address, by_arp == 1);

			hear(model, &used);
		}
		while (model_turn(model))
			;
		model_finish(model);
		assert_true(decoys_ready(model->audit) > 0);
		for (uint32_t i = 0; i < model->audit->decoy_count; i++) {
			const struct decoy *decoy = &model->audit->decoys[i];
			const uint8_t last = decoy->address.octet[3];

			assert_int_equal(decoy->state == DECOY_TAKEN, last >= 20 && last < 250);
		}
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* By what is known of the loss, at any time: an address in use would pass with a chance of 1e-4. */
static void
decoys_are_verified_by_the_measured_loss(void **state)
{
	size_t ready = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct model *model = model_new("10.77.0.11-30", 7300 + seed);

		model->loss = seed % 2 == 0 ? 0.35 : 0.6;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 30; last++)
			add_server(model, last);
		model_start(model);
		while (model_turn(model)) {
			const double loss = loss_estimate(&model->audit->loss[PATH_BROADCAST]);

			for (uint32_t i = 0; i < model->audit->decoy_count; i++) {
				const struct decoy *decoy = &model->audit->decoys[i];
				double missed = 1;

				for (uint8_t round = 0; round < decoy->rounds; round++)
					missed *= loss;
				assert_true(decoy->state != DECOY_READY || missed <= 1.0001e-4);
			}
		}
		ready += decoys_ready(model->audit) > 0;
		model_free(model);
	}
	assert_true(ready >= 10);
}

/* A proxy does not answer SPA 0.0.0.0: only the other half of the probes says something of it. */
static void
only_what_proxies_answer_counts(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 74);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++)
		add_server(model, last);
	model_run(model);
	const struct check_result *proxy = &result_of(model, 11)->checks[CHECK_PROXY_ARP];

	assert_outcome(model, 11, CHECK_PROXY_ARP, OUTCOME_PASS);
	assert_true(proxy->confirmations > 0);
	assert_int_equal(proxy->confirmations, model->audit->decoys[0].rounds / 2);
	model_free(model);
}

/* Both paths are needed, however little is asked for. */
static void
low_confidence_is_decided(void **state)
{
	static const double confidences[] = {0.9, 0.5, 0.05};

	(void)state;
	for (uint64_t i = 0; i < 6; i++) {
		struct model *model = model_new("10.77.0.11", 60 + i);

		model->plan.settings.confidence = confidences[i / 2];
		model->plan.settings.elicit = i % 2 == 0;
		add_director(model, 3);
		add_server(model, 11);
		model_run(model);
		assert_outcome(model, 11, CHECK_VIP_REPLY, OUTCOME_PASS);
		model_free(model);
	}
}

/* A pair that has had all of its unicast rounds still gets those by broadcast. */
static void
each_path_has_its_own_cap(void **state)
{
	struct model *model = model_new("10.77.0.11", 71);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	while (model_turn(model))
		if (model->audit->hosts[0].stage == STAGE_ATTEMPT)
			pair_of(model->audit, 0, 0)->rounds = ROUNDS_MAX;
	model_finish(model);
	assert_outcome(model, 11, CHECK_RIP_UNIQUE, OUTCOME_PASS);
	assert_true(pair_of(model->audit, 0, 0)->rounds <= ROUNDS_MAX);
	model_free(model);
}

/* The bound is kept for each way of answering: of faulty hosts at most one in 20 passes when that
 * is what was asked for. */
static void
bound_holds(void **state)
{
	static const double losses[] = {0.05, 0.15, 0.3};
	const unsigned audits = 400;

	(void)state;
	for (size_t loss = 0; loss < sizeof(losses) / sizeof(losses[0]); loss++) {
		unsigned passed[3] = {0};

		for (uint64_t seed = 0; seed < audits; seed++) {
			struct model *model = model_new("10.77.0.11-20", 5000 + seed);

			model->loss = losses[loss];
			model->plan.settings.confidence = 0.05;
			add_director(model, 3);
			for (uint8_t last = 11; last <= 17; last++)
				add_server(model, last);
			add_server(model, 18)->answers_vip = true;
			add_server(model, 19)->answers_vip = true;
			add_server(model, 20)->answers_vip = true;
			model->host[model->host_count - 2].only_probes = true;
			model->host[model->host_count - 1].never_probes = true;
			model->host[model->host_count - 1].proxy_delay_us = 300000;
			model_run(model);
			for (uint8_t kind = 0; kind < 3; kind++)
				passed[kind] +=
				    result_of(model, 18 + kind)->verdict == VERDICT_COMPLIANT;
			model_free(model);
		}
		for (size_t kind = 0; kind < 3; kind++)
			assert_true(passed[kind] <= audits / 20);
	}
}

/* ---- Hosts that come up ------------------------------------------------------------------- */

/* Down when it was asked for; then it comes up, and speaks as the VIP. It is asked again: what it
 * does is its own fault, and not that of somebody unknown. */
static void
server_that_comes_up_is_asked_again(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 75);
	struct model_host *late;
	bool up = false;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	late = add_server(model, 12);
	late->answers_vip = true;
	late->down = true;
	model_start(model);
	while (model_turn(model)) {
		const struct frame frame = claim(model, 12, ARP_REQUEST, &model->vip);

		if (up || model->audit->hosts[1].stage != STAGE_DONE)
			continue;
		assert_int_equal(model->audit->hosts[1].mac_count, 0);
		late->down = false;
		hear(model, &frame);
		up = true;
	}
	assert_true(up);
	model_finish(model);
	assert_true(result_of(model, 12)->has_mac);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, CHECK_VIP_REPLY, OUTCOME_FAIL);
	assert_outcome(model, 12, CHECK_VIP_BOUND, OUTCOME_PASS);
	assert_null(finding_of(model, "unlisted-claimant"));
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* One that is down is not asked for again with each of many claims. */
static void
server_that_is_down_is_asked_a_bounded_number_of_times(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 76);
	uint64_t next_us = START_US;
	uint8_t last = 60;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	while (model_turn(model)) {
		const struct frame frame = claim(model, last, ARP_REQUEST, &model->vip);

		if (model->now_us < next_us || last == 90)
			continue;
		hear(model, &frame);
		last++;
		next_us = model->now_us + 700000;
	}
	model_finish(model);
	assert_true(model->audit->hosts[1].resolves > RESOLVE_TRIES);
	assert_true(model->audit->hosts[1].resolves <= 3 * RESOLVE_TRIES);
	assert_int_equal(result_of(model, 12)->verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* ---- Many hosts --------------------------------------------------------------------------- */

/* One after the other, in their order; the queue has room for all, but holds few. Most of them are
 * down, which does not break the chain. */
static void
hosts_are_begun_one_after_the_other(void **state)
{
	struct model *model = model_new("10.77.0.101-230", 77);
	uint32_t begun = 0;

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 230; last++)
		add_server(model, last)->down = last % 10 != 0;
	model_start(model);
	assert_int_equal(model->audit->host_count, 130);
	do {
		const struct audit *audit = model->audit;
		const uint32_t asked_for = begun;

		while (begun < audit->host_count && audit->hosts[begun].resolves > 0)
			begun++;
		for (uint32_t i = begun; i < audit->host_count; i++)
			assert_int_equal(audit->hosts[i].resolves, 0);
		/* Besides those that have been asked: the next one, the VIP and the decoys. */
		if (asked_for < 100)
			assert_true(audit->queue[LANE_BROADCAST].count <= asked_for + 3);
	} while (model_turn(model));
	assert_int_equal(begun, 130);
	model_finish(model);
	for (uint8_t last = 101; last <= 230; last++)
		assert_verdict(
		    model, last, last % 10 != 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
	model_free(model);
}

/* 8 hosts in each of 256 subnets, among 4,096 slots: the places of many subnets overlap. */
static void
hosts_are_found_by_their_addresses(void **state)
{
	struct plan plan;
	struct error error = {0};
	const struct plan_settings *settings = &plan.settings;
	const struct audit_segment segment = {.interface = "eth0",
	    .mac = mac(1),
	    .own = {.address = ip(1), .length = 16},
	    .elicit_port = 61234};
	struct plan_cluster *cluster;
	struct audit *audit;

	(void)state;
	plan_init(&plan);
	cluster = plan_add_cluster(&plan, "test");
	assert_non_null(cluster);
	assert_true(plan_add_vips(cluster, "10.77.0.100", &error));
	for (unsigned subnet = 0; subnet < 256; subnet++) {
		char range[64];

		snprintf(range, sizeof(range), "10.77.%u.%u-10.77.%u.%u", subnet, subnet % 240 + 5,
		    subnet, subnet % 240 + 12);
		assert_true(plan_add_hosts(cluster, range, &error));
	}
	audit = audit_new(cluster, settings, &segment, 1, START_US, &error);
	assert_non_null(audit);
	assert_int_equal(audit->host_count, 256 * 8);
	for (uint32_t i = 0; i < audit->host_count; i++)
		assert_int_equal(host_find(audit, &audit->hosts[i].rip), i);
	for (uint32_t number = 0; number < 65536; number++) {
		const struct address address = address_ipv4(0x0a4d0000u | number);
		const unsigned first = (number >> 8) % 240 + 5, last = number & 0xff;
		const bool listed = last >= first && last < first + 8;

		assert_int_equal(host_find(audit, &address) != NONE, listed);
	}
	audit_free(audit);
	plan_free(&plan);
}

/* Neighbours on both sides of a /24's end. */
static void
hosts_of_two_subnets_are_audited(void **state)
{
	struct model *model = model_new("10.77.0.250-10.77.1.9", 78);

	(void)state;
	model->segment.own.length = 16;
	name_directors(model, "02:00:0a:4d:00:1e");
	add_director(model, 30);
	for (uint32_t number = 250; number < 266; number++) {
		struct model_host *server = add_server(model, (uint8_t)number);

		server->rip = address_ipv4(0x0a4d0000u | number);
		server->mac.octet[4] = server->rip.octet[2];
	}
	host_of(model, 252)->answers_vip = true;
	model_run(model);
	assert_int_equal(model->cluster.hosts_alive, 16);
	assert_int_equal(model->cluster.vips[0].host_count, 17);
	for (size_t i = 0; i < model->cluster.vips[0].host_count; i++) {
		const struct host_result *host = &model->cluster.vips[0].hosts[i];

		assert_int_equal(host->verdict,
		    host->rip.octet[3] == 252 ? VERDICT_VIOLATION : VERDICT_COMPLIANT);
	}
	model_free(model);
}

/* A question whose fence was not answered says nothing: the host may not have heard it. */
static void
unfenced_silences_do_not_count(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 77);
	const struct pair *pair;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	while (model->audit->hosts[1].broadcast_answers == 0)
		assert_true(model_turn(model));
	host_of(model, 12)->down = true;
	while (model_turn(model))
		;
	model_finish(model);
	pair = pair_of(model->audit, 1, 0);
	assert_true(model->audit->hosts[1].lost);
	assert_int_equal(pair->silences, 0);
	assert_int_equal(pair->rounds, 0);
	assert_int_equal(host_broadcast_silences(model->audit, 1), 0);
	assert_true(pair_of(model->audit, 0, 0)->silences > 0);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* A director, a sound server and a leaking one, and all that an audit sends: from decoys, to the
 * service, for the DR signature, to undo the leak. */
static struct model *
on_vlan(uint16_t audited, uint16_t tag)
{
	struct model *model = model_new("10.77.0.11-12", 71);
	struct model_host *director = add_director(model, 3);
	struct model_host *leaking = add_server(model, 12);

	add_server(model, 11)->listens = true;
	leaking->answers_vip = leaking->speaks_as_vip = true;
	director->real_servers[0] = 11;
	director->real_server_count = 1;
	set_port(model, 80);
	model->plan.clusters[0].vlan = audited;
	model->vlan = tag;
	return model;
}

static void
vlan_is_audited_by_its_tag(void **state)
{
	struct model *model = on_vlan(100, 100);

	(void)state;
	model_run(model);
	assert_int_equal(model->cluster.vlan, 100);
	assert_true(model->forwarded > 0 && model->wire.leaks_provoked > 0);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_outcome(model, 11, CHECK_SERVICE, OUTCOME_PASS);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

/* Neither the answers nor the claims that come by another VLAN, or untagged, say anything. */
static void
other_vlans_are_no_evidence(void **state)
{
	static const uint16_t vlans[][2] = {{100, 0}, {100, 101}, {0, 100}};

	(void)state;
	for (size_t i = 0; i < sizeof(vlans) / sizeof(vlans[0]); i++) {
		struct model *model = on_vlan(vlans[i][0], vlans[i][1]);

		model_run(model);
		assert_int_equal(model->cluster.hosts_alive, 0);
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		for (uint8_t last = 11; last <= 12; last++) {
			assert_verdict(model, last, VERDICT_INCONCLUSIVE);
			assert_false(result_of(model, last)->has_mac);
		}
		assert_int_equal(model->wire.leaks_provoked, 0);
		model_free(model);
	}
}

/* A sound server's MAC claims the VIP on another VLAN all the while: it is sound on this one. */
static void
claims_on_other_vlans_accuse_nobody(void **state)
{
	static const uint16_t vlans[] = {0, 101, 100};

	(void)state;
	for (size_t i = 0; i < sizeof(vlans) / sizeof(vlans[0]); i++) {
		struct model *model = model_new("10.77.0.11", 72);
		struct frame spoken;

		add_director(model, 3);
		add_server(model, 11);
		model->plan.clusters[0].vlan = model->vlan = 100;
		spoken = claim(model, 11, ARP_REQUEST, &model->vip);
		spoken.vlan = vlans[i];
		model_start(model);
		while (model_turn(model))
			hear(model, &spoken);
		model_finish(model);
		assert_verdict(model, 11, vlans[i] == 100 ? VERDICT_VIOLATION : VERDICT_COMPLIANT);
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sound_segment_is_compliant),
	    cmocka_unit_test(large_segment_costs_six_frames_a_host),
	    cmocka_unit_test(rounds_run_while_decoys_are_verified),
	    cmocka_unit_test(rounds_are_apart),
	    cmocka_unit_test(faulty_and_slow_servers_wait_unasked),
	    cmocka_unit_test(fence_missed_by_who_waits_is_lost),
	    cmocka_unit_test(own_address_elicits_behind_source_guard),
	    cmocka_unit_test(owners_are_known_before_servers_are_passed_over),
	    cmocka_unit_test(answering_server_is_a_violation),
	    cmocka_unit_test(leak_is_found_answered_and_healed),
	    cmocka_unit_test(mute_director_is_restored_by_its_reply),
	    cmocka_unit_test(owner_that_is_not_restored_is_told),
	    cmocka_unit_test(leak_without_an_owner_is_told),
	    cmocka_unit_test(absent_and_unbound_hosts_are_inconclusive),
	    cmocka_unit_test(cached_decoys_prove_nothing),
	    cmocka_unit_test(segment_without_owner_is_a_violation),
	    cmocka_unit_test(owners_that_cannot_be_told_apart),
	    cmocka_unit_test(named_director_tells_them_apart),
	    cmocka_unit_test(unexpected_director_is_a_violation),
	    cmocka_unit_test(delayed_proxy_is_caught),
	    cmocka_unit_test(discovery_finds_the_holders),
	    cmocka_unit_test(no_elicit_sends_no_ip),
	    cmocka_unit_test(deadline_leaves_the_rest_inconclusive),
	    cmocka_unit_test(lost_captures_void_silences),
	    cmocka_unit_test(rates_are_kept),
	    cmocka_unit_test(seed_replays_the_audit),
	    cmocka_unit_test(vrrp_tells_the_director),
	    cmocka_unit_test(virtual_mac_of_a_named_director),
	    cmocka_unit_test(early_claim_counts),
	    cmocka_unit_test(contested_vip_does_not_keep_it_alive),
	    cmocka_unit_test(deadline_before_late_answers_is_inconclusive),
	    cmocka_unit_test(only_a_deadline_asks_for_more_time),
	    cmocka_unit_test(conflict_probe_does_not_clear),
	    cmocka_unit_test(impossible_senders_are_ignored),
	    cmocka_unit_test(dying_host_spoils_no_other),
	    cmocka_unit_test(shared_macs_are_walked_once),
	    cmocka_unit_test(loss_makes_no_verdict_wrong),
	    cmocka_unit_test(low_confidence_is_decided),
	    cmocka_unit_test(packet_from_a_taken_decoy_is_not_sent),
	    cmocka_unit_test(packets_to_others_show_no_way_to_elicit),
	    cmocka_unit_test(balanced_bond_is_one_machine),
	    cmocka_unit_test(duplicates_are_no_balanced_bond),
	    cmocka_unit_test(damaged_frame_changes_no_verdict),
	    cmocka_unit_test(other_address_of_its_own_is_clean),
	    cmocka_unit_test(taken_decoys_are_replaced),
	    cmocka_unit_test(attempts_from_used_addresses_are_void),
	    cmocka_unit_test(addresses_that_were_heard_are_no_decoys),
	    cmocka_unit_test(decoys_are_verified_by_the_measured_loss),
	    cmocka_unit_test(only_what_proxies_answer_counts),
	    cmocka_unit_test(each_path_has_its_own_cap),
	    cmocka_unit_test(bound_holds),
	    cmocka_unit_test(server_that_comes_up_is_asked_again),
	    cmocka_unit_test(server_that_is_down_is_asked_a_bounded_number_of_times),
	    cmocka_unit_test(hosts_are_begun_one_after_the_other),
	    cmocka_unit_test(hosts_are_found_by_their_addresses),
	    cmocka_unit_test(hosts_of_two_subnets_are_audited),
	    cmocka_unit_test(unfenced_silences_do_not_count),
	    cmocka_unit_test(vlan_is_audited_by_its_tag),
	    cmocka_unit_test(other_vlans_are_no_evidence),
	    cmocka_unit_test(claims_on_other_vlans_accuse_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
