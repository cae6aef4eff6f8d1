/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real engine against a few modelled hosts, in virtual time.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/checks.h"
#include "audit/facts/hosts.h"
#include "audit/judge/judgement.h"
#include "audit/pace/round_trip.h"
#include "model.h"

#define ROUND_GAP_US  20000       /* between two rounds of a host */
#define VOIDS_MAX     3           /* repeated observations of a host after lost captures */
#define TRAIN_MAX     8           /* frames that may leave at once, however low the rate */
#define RESOLVE_TRIES UINT64_C(5) /* broadcasts without an answer, then the host counts as down */

/* Whether no host of the model has the address. */
static bool
is_nobodys(const struct model *model, uint8_t last)
{
	const struct address address = ip(last);

	for (size_t i = 0; i < model->host_count; i++)
		if (address_equal(&model->host[i].rip, &address))
			return false;
	return !address_equal(&model->vip, &address);
}

/* Number of free addresses that the engine has asked for by broadcast, to verify decoys. */
static size_t
count_decoys_asked_for(const struct model *model)
{
	size_t count = 0;

	for (uint8_t last = 2; last < 255; last++)
		count += is_nobodys(model, last) && questions_for(model, last) > 0;
	return count;
}

/* Unicast rounds of a host among the first `frames` frames. Each round ends with who-has RIP, from
 * the probe's address or 0.0.0.0. */
static size_t
count_rounds(const struct model *model, uint8_t last, size_t frames)
{
	const struct mac to = mac(last);
	size_t count = 0;

	for (size_t i = 0; i < frames; i++) {
		const struct address *spa = &model->sent[i].frame.arp.spa;

		count += is_question(&model->sent[i], last, &to) &&
			 (address_is_unspecified(spa) ||
			     address_equal(spa, &model->segment.own.address));
	}
	return count;
}

/* Time of the last broadcast question for the VIP, which several hosts may claim, or for a free
 * address. */
static uint64_t
last_question_us(const struct model *model)
{
	for (size_t i = model->sent_count; i > 0; i--) {
		const struct sent *sent = &model->sent[i - 1];
		const struct mac *to = &sent->frame.destination;

		if (sent->frame.kind != FRAME_ARP || !mac_is_multicast(to))
			continue;
		if (address_equal(&sent->frame.arp.tpa, &model->vip) ||
		    is_nobodys(model, sent->frame.arp.tpa.octet[3]))
			return sent->time_us;
	}
	fail_msg("nothing was asked");
	return 0;
}

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
		const struct check_result *reply =
		    result_check(result_of(model, last), "vip-reply");

		assert_verdict(model, last, VERDICT_COMPLIANT);
		assert_true(reply->false_pass_bound > 0 && reply->false_pass_bound <= 1e-6);
		assert_true(reply->confirmations >= 3);
		assert_outcome(model, last, "vip-source", OUTCOME_PASS);
		assert_outcome(model, last, "vip-bound", OUTCOME_PASS);
		assert_int_equal(result_of(model, last)->arp_ignore, 1 << 1 | 1 << 2);
		assert_int_equal(result_of(model, last)->arp_announce, 1 << 2);
	}
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_int_equal(model->decoys_answered, 0);
	/* Every verdict is known before the probe stops listening for answers to the last
	 * broadcast. */
	assert_true(model->now_us <= last_question_us(model) + 1000000);
	assert_true(model->now_us <= START_US + 2000000);
	model_free(model);
}

static void
large_segment_costs_seven_frames_a_host(void **state)
{
	struct model *model = model_new("10.77.0.101-230", 40);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 230; last++)
		add_server(model, last);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	/* Seven frames a host. In addition, three broadcasts for each decoy, and some for the VIP.
	 */
	assert_true(
	    model->sent_count <= UINT64_C(7) * 130 + 3 * count_decoys_asked_for(model) + 40);
	model_free(model);
}

/* Rounds of one host keep their distance, whether they come during the wait for decoys, last, or
 * later. While the question that ends a round is unanswered, only its answer or its timeout lets
 * the host continue. */
static void
assert_rounds_are_apart(const struct model *model, uint8_t last)
{
	const struct mac to = mac(last);
	uint64_t ended_us = 0;
	size_t rounds = 0;

	for (size_t i = 0; i < model->sent_count; i++) {
		const struct sent *sent = &model->sent[i];

		if (!mac_equal(&sent->frame.destination, &to))
			continue;
		assert_true(rounds == 0 || sent->time_us >= ended_us + DELAY_US);
		if (!is_question(sent, last, &to))
			continue;
		assert_true(rounds == 0 || sent->time_us >= ended_us + ROUND_GAP_US);
		ended_us = sent->time_us;
		rounds++;
	}
	assert_true(rounds >= 6);
}

static void
rounds_are_apart(void **state)
{
	(void)state;
	for (uint64_t seed = 80; seed < 83; seed++) {
		struct model *model = model_new("10.77.0.101-230", seed);

		model->plan.settings.rate = model->plan.settings.broadcast_rate = 0;
		model->plan.settings.linger_us = 0;
		model->plan.settings.confidence = 1e-15; /* needs more rounds than fit into the
							  * wait for decoys */
		add_director(model, 3);
		for (uint8_t last = 101; last <= 230; last++)
			add_server(model, last);
		model_run(model);
		for (uint8_t last = 101; last <= 230; last++)
			assert_rounds_are_apart(model, last);
		model_free(model);
	}
}

/* A switch drops packets from decoys. Only the probe's own address gets through, and the host knows
 * that. So the host is inconclusive, and the report says what would help. */
static void
source_guard_leaves_the_host_undecided(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 82);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++)
		add_server(model, last)->guarded = true;
	machine(model, 12)->speaks_as_vip = machine(model, 13)->speaks_as_vip = true;
	machine(model, 13)->answers_vip = true;
	model_run(model);
	for (uint8_t last = 11; last <= 13; last++) {
		assert_outcome(model, last, "vip-source", OUTCOME_INCONCLUSIVE);
		assert_outcome(model, last, "vip-bound", OUTCOME_PASS);
	}
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	assert_verdict(model, 13, VERDICT_VIOLATION);
	assert_int_equal(model->wire.leaks_provoked, 0);
	model_free(model);
}

/* Two owners answer, and one of them is a listed server. The engine learns that only when the
 * server's own address has answered. Hosts that depend on it wait until then, as they wait for
 * decoys. */
static void
owners_are_known_before_servers_are_passed_over(void **state)
{
	struct model *model = model_new("10.77.0.11-40", 83);

	(void)state;
	model->plan.settings.broadcast_rate = 100;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	machine(model, 40)->answers_vip = true;
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
	assert_outcome(model, 12, "vip-reply", OUTCOME_FAIL);
	assert_outcome(model, 12, "vip-source", OUTCOME_PASS);
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
	assert_outcome(model, 12, "vip-source", OUTCOME_FAIL);
	assert_outcome(model, 12, "vip-reply", OUTCOME_PASS);
	assert_int_equal(result_of(model, 12)->arp_announce, 1 << 0 | 1 << 1);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_true(model->decoys_answered >= 1);
	assert_true(model->wire.owner_restored);
	/* The owner's broadcast comes later than the bystanders' locktime. */
	assert_true(model->now_us > START_US + 1000000);
	model_free(model);
}

/* The director answers ARP but ignores every packet, so it can't be elicited. With arp_announce 2
 * it would not speak as the VIP either. Its ARP reply is made a broadcast instead. */
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
owner_that_is_not_restored_is_reported(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);
	struct model_host *director;

	(void)state;
	director = add_director(model, 3);
	director->bound = false;
	add_server(model, 12)->speaks_as_vip = true;
	model_start(model);
	/* It has rehearsed its claim. */
	while (model_turn(model))
		director->ignores_group_sha = director->broadcast_claims > 0;
	model_finish(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_false(model->wire.owner_restored);
	assert_finding(model, "owner-not-restored", SEVERITY_NOTE, "was not heard to reclaim it");
	model_free(model);
}

static void
leak_without_an_owner_is_reported(void **state)
{
	struct model *model = model_new("10.77.0.12", 4);

	(void)state;
	add_host(model, 3);
	name_directors(model, "10.77.0.3");
	add_server(model, 12)->speaks_as_vip = true;
	model_run(model);
	assert_int_equal(model->wire.leaks_provoked, 1);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_finding(model, "owner-not-restored", SEVERITY_NOTE, "there is no owner");
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
	assert_outcome(model, 12, "vip-bound", OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 13, VERDICT_INCONCLUSIVE);
	assert_false(result_of(model, 13)->has_mac);
	/* It requests the decoy in its own name, as a sound server does, but does not hold the
	 * VIP. */
	assert_verdict(model, 14, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 14, "vip-bound", OUTCOME_INCONCLUSIVE);
	assert_outcome(model, 14, "vip-source", OUTCOME_INCONCLUSIVE);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* A unicast request that refreshes a cache entry carries the RIP at every arp_announce level, so it
 * proves nothing. */
static void
cached_decoys_prove_nothing(void **state)
{
	struct model *model = model_new("10.77.0.12", 6);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->has_decoys = true;
	model_run(model);
	assert_outcome(model, 12, "vip-bound", OUTCOME_PASS);
	assert_outcome(model, 12, "vip-source", OUTCOME_INCONCLUSIVE);
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
	/* Nobody may ask for the VIP with SPA 0.0.0.0: a director may be checking it. */
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 11, "vip-reply", OUTCOME_INCONCLUSIVE);
	assert_outcome(model, 11, "vip-source", OUTCOME_PASS);
	assert_int_equal(model->cluster.vips[0].owner_count, 0);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* Neither of two unlisted owners is known to be the director, so no server may be made to leak. */
static void
unlisted_owners_remain_ambiguous(void **state)
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
named_director_resolves_two_owners(void **state)
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
	assert_outcome(model, 12, "vip-source", OUTCOME_FAIL);
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
	assert_outcome(model, 11, "vip-source", OUTCOME_SKIPPED);
	assert_outcome(model, 11, "vip-bound", OUTCOME_SKIPPED);
	assert_outcome(model, 11, "vip-reply", OUTCOME_PASS);
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

/* What was not captured is observed again. If captures keep getting lost, silence proves
 * nothing. */
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
	/* A question asked long before the lost capture is not void. */
	audit_capture_lost(model->audit, model->now_us - 1, model->now_us);
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
	assert_true((double)model->sent_count <= 400 * seconds + TRAIN_MAX);
	assert_true((double)model->broadcasts <= 100 * seconds + TRAIN_MAX);
	model_free(model);
}

/* While hosts are asked for the first time, rounds leave the broadcast rate to that, and what shows
 * that a host holds the VIP does not wait for the unicast rounds of others. */
static void
first_questions_come_first(void **state)
{
	struct model *model = model_new("10.77.0.101-250", 16);
	uint64_t first_us = 0, last_us = 0, shown_us = 0;
	uint32_t rounds = 0;

	(void)state;
	model->plan.settings.rate = 3000;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 250; last++)
		add_server(model, last);
	model_run(model);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct frame *frame = &model->sent[i].frame;

		if (frame->kind == FRAME_ECHO_REQUEST &&
		    address_equal(&frame->ip.source, &model->segment.own.address))
			shown_us = model->sent[i].time_us;
		if (frame->kind != FRAME_ARP || !mac_is_multicast(&frame->destination))
			continue;
		if (address_equal(&frame->arp.tpa, &model->host[1].rip))
			first_us = model->sent[i].time_us;
		if (address_equal(&frame->arp.tpa, &model->host[model->host_count - 1].rip))
			last_us = model->sent[i].time_us;
		if (address_equal(&frame->arp.tpa, &model->vip) &&
		    address_equal(&frame->arp.spa, &model->segment.own.address) && last_us == 0)
			rounds++;
	}
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_true(first_us > 0 && last_us > first_us);
	assert_in_range(rounds, 1, (last_us - START_US) / 60000 + 1);
	assert_in_range(shown_us, last_us, last_us + 5000);
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

/* The director is the one of two owners that advertises the VIP by VRRP. An advertisement of
 * another address does not count. */
static void
vrrp_identifies_the_director(void **state)
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

/* With keepalived's use_vmac the virtual router's MAC answers, not the MAC of the director's
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

/* The host claims the VIP before its MAC is known. */
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

/* A second master refreshes its claim for ever. The audit ends nevertheless. */
static void
contested_vip_does_not_prolong_the_audit(void **state)
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

/* The proxy would answer after the deadline. Without its answer, the verdict must not be
 * compliant. */
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
	assert_non_null(finding_of(model, "cut-short"));
	model_free(model);
}

/* Whether the remedy is more time, in the VIP's findings and in a host's. */
static void
assert_asks_for_time(const struct model *model, bool more)
{
	const struct vip_result *vip = &model->cluster.vips[0];
	const struct finding *of_vip = finding_of(model, "cut-short");
	const struct finding *of_host = &vip->hosts[0].findings[0];

	assert_non_null(of_vip);
	assert_int_equal(strstr(of_vip->remedy, "--timeout") != NULL, more);
	assert_non_null(strstr(of_vip->remedy, "let the audit finish"));
	assert_string_equal(of_host->message, "the audit ended before this was decided");
	assert_string_equal(of_host->remedy, of_vip->remedy);
}

/* More time helps only if the deadline was too early. An interrupted audit could have had any
 * time. */
static void
only_a_deadline_asks_for_more_time(void **state)
{
	struct model *model = model_new("10.77.0.11", 22);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	run_until_decoys_are_used(model);
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

/* A conflict probe for the decoy (RFC 5227) has no SPA, so it says nothing about arp_announce. */
static void
conflict_probe_does_not_clear(void **state)
{
	struct model *model = model_new("10.77.0.12", 22);

	(void)state;
	add_director(model, 3);
	add_server(model, 12)->probes_decoys = true;
	model_run(model);
	assert_outcome(model, 12, "vip-source", OUTCOME_INCONCLUSIVE);
	model_free(model);
}

/* No host can have sent these frames. They make nobody an owner, and the probe sends nothing to
 * their addresses. */
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

/* A host that dies half way is inconclusive, and does not affect the others. */
static void
dying_host_affects_no_other(void **state)
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

/* One machine has two addresses. Both of its MACs answer for each. */
static void
shared_macs_are_walked_once(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 25);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 14; last++)
		add_server(model, last);
	model_start(model);
	for (uint32_t i = 0; i < 2 * 4 * 4; i++) {
		const uint8_t other = (uint8_t)(14 - i % 4), last = (uint8_t)(11 + i / 4 % 4);
		struct frame frame = claim(model, other, ARP_REPLY, &model->segment.own.address);

		frame.arp.spa = ip(last);
		frame.destination = model->segment.mac;
		hear(model, &frame);
		frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
		hear(model, &frame);
	}
	while (model_turn(model))
		;
	model_finish(model);
	for (uint8_t last = 11; last <= 14; last++)
		assert_outcome(model, last, "rip-unique", OUTCOME_FAIL);
	model_free(model);
}

/* On many lossy segments, no faulty server passes and no sound server is accused. */
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
	/* Caution must not make the audit useless. */
	assert_true(compliant >= 270);
	assert_true(violations >= 290);
}

static struct model *
crowded(uint64_t seed)
{
	struct model *model = model_new("10.77.0.11-40", seed);

	model->plan.settings.rate = 100;
	model->plan.settings.broadcast_rate = 100;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 40; last++)
		add_server(model, last);
	return model;
}

/* A stranger speaks as the given address. */
static void
settle(struct model *model, uint8_t last)
{
	struct frame announced = claim(model, last, ARP_REQUEST, &add_host(model, last)->rip);

	announced.arp.spa = ip(last);
	hear(model, &announced);
}

/* A stranger takes a decoy just before a packet is sent from it. The packet may already be in the
 * queue or not. Either way it is not sent. A first audit with the same seed tells when that is: for
 * packets to a host that follow other packets to it, as fast as the rate allows. */
static void
packet_from_a_taken_decoy_is_not_sent(void **state)
{
	size_t taken = 0;

	(void)state;
	for (uint64_t seed = 74; seed < 84; seed++) {
		struct model *undisturbed = crowded(seed);
		size_t packets = 0;

		model_run(undisturbed);
		for (size_t i = 0; i < undisturbed->sent_count && packets < 8; i++) {
			const struct sent *packet = &undisturbed->sent[i];
			struct model *model;

			if (!is_from_decoy(undisturbed, packet))
				continue;
			model = crowded(seed);
			model_start(model);
			while (model->now_us < packet->time_us && model->sent_count < i)
				assert_true(model_turn(model));
			/* From now on the model fails if the probe speaks as that address. */
			if (model->sent_count == i) {
				settle(model, packet->frame.ip.source.octet[3]);
				taken++;
			}
			while (model_turn(model))
				;
			model_finish(model);
			assert_verdict(model, 40, VERDICT_COMPLIANT);
			model_free(model);
			packets++;
		}
		model_free(undisturbed);
	}
	assert_true(taken >= 5);
}

/* A server that serves a client of the VIP holds it. This does not show which of the probe's
 * packets it would answer. */
static void
packets_to_clients_do_not_tell_what_elicits_a_host(void **state)
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
		machine(model, 12)->ignores_echo = true;
		model_start(model);
		for (bool heard = false; model_turn(model);) {
			/* The host's MAC is known by then. */
			if (heard || count_rounds(model, 12, model->sent_count) == 0)
				continue;
			hear(model, &served);
			heard = true;
		}
		model_finish(model);
		assert_outcome(model, 12, "vip-source", OUTCOME_PASS);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A bond that balances received traffic answers each asker from one of two MACs. It is one machine,
 * and all its MACs have to keep silent. */
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
		machine(model, 12)->answers_vip = machine(model, 12)->only_probes = true;
		add_server(model, 13)->probes_mac = mac(213);
		machine(model, 13)->speaks_as_vip = true;
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
	assert_true(compliant >= 80);
	assert_true(violations >= 85);
}

/* A director with such a bond answers for two addresses, and who asks for them by turns gets
 * another MAC each time. */
static void
balanced_director_is_not_accused(void **state)
{
	size_t turns = 0, compliant = 0;

	(void)state;
	for (uint64_t seed = 500; seed < 600; seed++) {
		struct model *model = model_new("10.77.0.11-13", seed);
		const struct check_result *unique;

		model->loss = (double)(seed % 3) * 0.05;
		add_director(model, 3)->probes_mac = mac(203);
		machine(model, 3)->takes_turns = true;
		name_directors(model, "10.77.0.3");
		for (uint8_t last = 11; last <= 13; last++)
			add_server(model, last);
		model_run(model);
		unique = result_check(result_of(model, 3), "rip-unique");
		assert_true(unique->outcome != OUTCOME_FAIL);
		turns += unique->outcome == OUTCOME_INCONCLUSIVE;
		assert_true(result_of(model, 3)->verdict != VERDICT_VIOLATION);
		for (uint8_t last = 11; last <= 13; last++) {
			assert_true(result_of(model, last)->verdict != VERDICT_VIOLATION);
			compliant += result_of(model, last)->verdict == VERDICT_COMPLIANT;
		}
		model_free(model);
	}
	assert_true(turns > 50);
	/* A port that has not answered for the address yet looks like another owner. */
	assert_true(compliant > 270);
}

/* Two machines never look like one bond, however many frames are lost. */
static void
two_machines_are_no_balanced_bond(void **state)
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
		assert_true(
		    result_check(result_of(model, 11), "rip-unique")->outcome != OUTCOME_PASS);
		failed += result_check(result_of(model, 11), "rip-unique")->outcome == OUTCOME_FAIL;
		model_free(model);
	}
	/* Where much is lost, two answers to one request may be too few. */
	assert_true(failed >= 160);
}

static uint32_t damage_after, sound_replies;
static bool has_damaged_spa, has_damaged_sha;

/* Each happens once: damage to the SPA of the request that would prove a leak, and to the SHA of a
 * sound server's reply. */
static void
damage(struct model *model, struct frame *frame)
{
	struct frame_arp *arp = &frame->arp;

	if (frame->kind != FRAME_ARP)
		return;
	if (!has_damaged_spa && arp->operation == ARP_REQUEST &&
	    mac_equal(&arp->sha, &machine(model, 12)->mac)) {
		arp->spa.octet[3] ^= 1;
		has_damaged_spa = true;
	}
	if (arp->operation == ARP_REPLY && mac_equal(&arp->sha, &machine(model, 11)->mac) &&
	    sound_replies++ == damage_after) {
		arp->sha.octet[5] ^= 64;
		has_damaged_sha = true;
	}
}

/* ARP has no checksum, so damage goes unnoticed. */
static void
damaged_frame_changes_no_verdict(void **state)
{
	(void)state;
	for (damage_after = 0; damage_after < 5; damage_after++) {
		struct model *model = model_new("10.77.0.11-12", 72);

		sound_replies = 0;
		has_damaged_spa = has_damaged_sha = false;
		model->damage = damage;
		model->plan.settings.linger_us = 0; /* do not wait for repeats */
		add_director(model, 3);
		add_server(model, 11);
		add_server(model, 12)->speaks_as_vip = true;
		model_run(model);
		assert_true(has_damaged_spa && has_damaged_sha);
		if (damage_after > 0)
			assert_outcome(model, 11, "rip-unique", OUTCOME_PASS);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A host may use an address of its own other than its listed RIP. */
static void
another_own_address_passes(void **state)
{
	struct model *model = model_new("10.77.0.11", 73);

	(void)state;
	add_director(model, 3);
	add_server(model, 11)->speaks_as = ip(111);
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* A decoy that a stranger takes is dropped and replaced. */
static void
taken_decoys_are_replaced(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 70);
	bool taken[256] = {false};
	size_t replaced = 0;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	run_until_decoys_are_used(model);
	const size_t first = count_decoys_asked_for(model);
	const size_t frames = model->sent_count;

	for (uint8_t last = 2; last < 255; last++) {
		struct frame frame = claim(model, 77, ARP_REQUEST, &(struct address){0});

		if (!is_nobodys(model, last) || questions_for(model, last) == 0)
			continue;
		frame.arp.spa = frame.arp.tpa = ip(last);
		hear(model, &frame);
		taken[last] = true;
	}
	while (model_turn(model))
		;
	for (size_t i = frames; i < model->sent_count; i++)
		if (is_from_decoy(model, &model->sent[i])) {
			assert_false(taken[model->sent[i].frame.ip.source.octet[3]]);
			replaced++;
		}
	assert_true(replaced > 0);
	assert_int_equal(count_decoys_asked_for(model), 2 * first);
	model_finish(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	model_free(model);
}

/* A stranger speaks from the address, by ARP or by IP. */
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

/* A decoy turns out to be in use while an attempt from it is under way. What follows is no
 * evidence. The attempt is made again from another decoy. */
static void
attempts_from_used_addresses_are_void(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct model *model = model_new("10.77.0.11", 72);
		struct model_host *server;
		size_t again = 0;

		add_director(model, 3);
		server = add_server(model, 11);
		server->guarded = true; /* it never answers the attempt */
		model_start(model);
		const size_t first = run_until_decoys_are_used(model);
		const struct address decoy = model->sent[first].frame.ip.source;
		const struct frame used = speak(model, &decoy, i % 2 == 1);
		struct frame asks = claim(model, 11, ARP_REQUEST, &decoy);

		assert_int_equal(model->sent_count, first + 1);
		hear(model, &used);
		asks.arp.spa = ip(11);
		hear(model, &asks);
		server->guarded = i < 2;
		while (model_turn(model))
			;
		model_finish(model);
		for (size_t k = first + 1; k < model->sent_count; k++)
			if (is_from_decoy(model, &model->sent[k])) {
				assert_false(
				    address_equal(&model->sent[k].frame.ip.source, &decoy));
				again++;
			}
		assert_true(again > 0);
		assert_outcome(
		    model, 11, "vip-source", i < 2 ? OUTCOME_INCONCLUSIVE : OUTCOME_PASS);
		assert_verdict(model, 11, i < 2 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A director and a server. The stranger has been heard with 10.77.0.20 to .249, or not at all. */
static struct model *
settled(bool heard, bool by_arp)
{
	struct model *model = model_new("10.77.0.11", 73);

	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	for (uint8_t last = 20; heard && last < 250; last++) {
		const struct address address = ip(last);
		const struct frame used = speak(model, &address, by_arp);

		hear(model, &used);
	}
	while (model_turn(model))
		;
	model_finish(model);
	return model;
}

/* An address that was heard before is never drawn as a decoy, not even as a replacement. The engine
 * asks only for the addresses that it drew before, as if there were no stranger, and sends nothing
 * from addresses in use. */
static void
heard_addresses_are_no_decoys(void **state)
{
	struct model *undisturbed = settled(false, false);

	(void)state;
	for (int by_arp = 0; by_arp < 2; by_arp++) {
		struct model *model = settled(true, by_arp == 1);
		size_t packets = 0;

		for (size_t i = 0; i < model->sent_count; i++) {
			const struct sent *sent = &model->sent[i];

			if (!is_from_decoy(model, sent))
				continue;
			assert_false(sent->frame.ip.source.octet[3] >= 20 &&
				     sent->frame.ip.source.octet[3] < 250);
			packets++;
		}
		assert_true(packets > 0);
		for (uint8_t last = 20; last < 250; last++)
			if (questions_for(model, last) > 0)
				assert_true(questions_for(undisturbed, last) > 0);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		model_free(model);
	}
	model_free(undisturbed);
}

/* The higher the measured loss, the more questions a decoy gets before the probe sends from it. If
 * the address had a holder, the chance to miss all its answers would be 1e-4. The given frame
 * losses make an exchange fail with a chance of 0.58 and 0.84. */
static void
decoys_are_verified_by_the_measured_loss(void **state)
{
	size_t used = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct model *model = model_new("10.77.0.11-30", 7300 + seed);
		size_t asked[256] = {0};
		bool uses = false;

		model->loss = seed % 2 == 0 ? 0.35 : 0.6;
		add_director(model, 3);
		for (uint8_t last = 11; last <= 30; last++)
			add_server(model, last);
		model_run(model);
		for (size_t i = 0; i < model->sent_count; i++) {
			const struct sent *sent = &model->sent[i];

			if (sent->frame.kind == FRAME_ARP) {
				asked[sent->frame.arp.tpa.octet[3]]++;
			} else if (is_from_decoy(model, sent)) {
				assert_true(asked[sent->frame.ip.source.octet[3]] >= 10);
				uses = true;
			}
		}
		used += uses;
		model_free(model);
	}
	assert_true(used >= 10);
}

/* How often a sweep asked each of these addresses, which nobody has; decoys got more questions. */
static size_t
asked_least(const struct model *model, uint8_t first, uint8_t last)
{
	size_t least = SIZE_MAX;

	for (uint8_t address = first; address <= last; address++) {
		const size_t asked = questions_for(model, address);

		least = asked < least ? asked : least;
	}
	return least;
}

/* Where nothing is lost, two questions are enough for 60 servers to be sure. */
static void
sweep_asks_dead_addresses_by_the_measured_loss(void **state)
{
	static const double losses[] = {0, 0.1};
	size_t asked[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new(NULL, 7500);

		model->loss = losses[i];
		add_director(model, 3);
		for (uint8_t last = 11; last <= 70; last++)
			add_server(model, last);
		model_run(model);
		asked[i] = asked_least(model, 120, 220);
		model_free(model);
	}
	assert_int_equal(asked[0], 2);
	assert_in_range(asked[1], 4, 8);
}

/* A proxy does not answer SPA 0.0.0.0, so only the other half of the questions can reveal it. */
static void
only_questions_that_proxies_answer_count(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 74);

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++)
		add_server(model, last);
	name_directors(model, "10.77.0.3"); /* so that it is no decoy */
	model_run(model);
	const struct check_result *proxy = result_check(result_of(model, 11), "proxy-arp");

	assert_outcome(model, 11, "proxy-arp", OUTCOME_PASS);
	assert_true(proxy->confirmations > 0);
	for (uint8_t last = 2; last < 255; last++)
		if (is_nobodys(model, last) && questions_for(model, last) > 0)
			assert_int_equal(proxy->confirmations, questions_for(model, last));
	model_free(model);
}

/* Both paths are needed, however low the confidence. */
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
		assert_outcome(model, 11, "vip-reply", OUTCOME_PASS);
		model_free(model);
	}
}

/* The bound holds for each way of answering. With a false pass bound of 0.05, at most one in 20
 * faulty hosts passes. */
static void
false_pass_bound_holds(void **state)
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

/* The host is down when it is first probed. Then it comes up and speaks as the VIP. The engine
 * probes it again and attributes the fault to it, not to an unknown machine. */
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

		if (up || audit_progress(model->audit).hosts_done < 2)
			continue;
		assert_int_equal(questions_for(model, 12), RESOLVE_TRIES);
		assert_int_equal(count_rounds(model, 12, model->sent_count), 0);
		late->down = false;
		hear(model, &frame);
		up = true;
	}
	assert_true(up);
	model_finish(model);
	assert_true(result_of(model, 12)->has_mac);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_outcome(model, 12, "vip-reply", OUTCOME_FAIL);
	assert_outcome(model, 12, "vip-bound", OUTCOME_PASS);
	assert_null(finding_of(model, "unlisted-claimant"));
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* A host that is down is not probed again for each of many claims. */
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
	assert_true(questions_for(model, 12) > RESOLVE_TRIES);
	assert_true(questions_for(model, 12) <= 3 * RESOLVE_TRIES);
	assert_int_equal(result_of(model, 12)->verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* ---- Many hosts --------------------------------------------------------------------------- */

/* The engine starts hosts in their order. Most are down, which does not stall it. */
static void
hosts_start_in_their_order(void **state)
{
	struct model *model = model_new("10.77.0.101-230", 77);
	uint8_t next = 101;

	(void)state;
	add_director(model, 3);
	for (uint8_t last = 101; last <= 230; last++)
		add_server(model, last)->down = last % 10 != 0;
	model_run(model);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct frame *frame = &model->sent[i].frame;

		if (frame->kind != FRAME_ARP || is_nobodys(model, frame->arp.tpa.octet[3]))
			continue;
		if (is_question(&model->sent[i], next, &mac_broadcast))
			next++;
		for (uint8_t last = next; last <= 230; last++)
			assert_false(is_question(&model->sent[i], last, &mac_broadcast));
	}
	assert_int_equal(next, 231);
	for (uint8_t last = 101; last <= 230; last++)
		assert_verdict(
		    model, last, last % 10 != 0 ? VERDICT_INCONCLUSIVE : VERDICT_COMPLIANT);
	model_free(model);
}

/* Whether a stranger's question for the address from another subnet concerns the audit. */
static bool
concerns(const struct audit *audit, const struct address *address)
{
	static const uint8_t bytes[60];
	const struct capture capture = {
	    .frame = {.kind = FRAME_ARP,
		.source = mac(251),
		.destination = mac_broadcast,
		.arp = {.operation = ARP_REQUEST,
		    .sha = mac(251),
		    .spa = address_ipv4(0x0a4e0001u),
		    .tpa = *address}},
	    .bytes = bytes,
	    .length = sizeof(bytes),
	};

	return audit_concerns(audit, &capture);
}

/* An owner that limits its replies answers the first question of a round alone. So each round
 * begins with the VIP after the one that began the round before, and the others follow in their
 * order. */
static void
each_round_begins_with_another_vip(void **state)
{
	enum { VIPS = 3 };
	struct model *model = sound("10.77.0.11-12", 79);
	struct error error = {0};
	size_t asked = 0;

	(void)state;
	assert_true(plan_add_vips(&model->plan.clusters[0], "10.77.0.101,10.77.0.102", &error));
	model_run(model);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct frame *frame = &model->sent[i].frame;
		const uint8_t expected = (uint8_t)(100 + (asked / VIPS + asked % VIPS) % VIPS);

		for (unsigned vip = 100; vip < 100 + VIPS; vip++)
			if (is_question(&model->sent[i], (uint8_t)vip, &mac_broadcast) &&
			    address_equal(&frame->arp.spa, &model->segment.own.address)) {
				assert_int_equal(vip, expected);
				asked++;
			}
	}
	assert_int_equal(asked % VIPS, 0);
	assert_true(asked >= (size_t)VIPS * (VIPS + 1)); /* each of them began one */
	model_free(model);
}

/* 8 hosts in each of 256 subnets share 4,096 slots, so hosts of different subnets collide. */
static void
hosts_are_found_by_their_addresses(void **state)
{
	struct plan plan;
	struct error error = {0};
	const struct audit_segment segment = {.interface = "eth0",
	    .mac = mac(1),
	    .own = {.address = ip(1), .length = 16},
	    .elicit_port = 61234};
	struct plan_cluster *cluster;
	struct audit *audit;
	size_t others = 0;

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
	audit = audit_new(cluster, &plan.settings, &segment, &check_table, 1, START_US, &error);
	assert_non_null(audit);
	assert_int_equal(audit_progress(audit).hosts, 256 * 8);
	for (uint32_t number = 0; number < 65536; number++) {
		const struct address address = address_ipv4(0x0a4d0000u | number);
		const unsigned first = (number >> 8) % 240 + 5, last = number & 0xff;
		const bool listed = last >= first && last < first + 8;

		if (listed)
			assert_true(concerns(audit, &address));
		else
			others += concerns(audit, &address);
	}
	/* Only the VIP, the probe and the decoys. */
	assert_in_range(others, 2, 10);
	audit_free(audit);
	plan_free(&plan);
}

/* The hosts lie on both sides of a /24 boundary. */
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
	machine(model, 252)->answers_vip = true;
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

/* A question proves nothing if its fence, the question for the host's own address, was not
 * answered. The host may not have heard either. */
static void
unfenced_silences_do_not_count(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 77);

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	while (questions_for(model, 12) == 0)
		assert_true(model_turn(model));
	machine(model, 12)->down = true; /* its answer is already on its way */
	while (model_turn(model))
		;
	model_finish(model);
	assert_true(result_of(model, 12)->has_mac);
	assert_true(count_rounds(model, 12, model->sent_count) > 0);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	assert_outcome(model, 12, "vip-reply", OUTCOME_INCONCLUSIVE);
	assert_int_equal(result_check(result_of(model, 12), "vip-reply")->confirmations, 0);
	assert_true(result_check(result_of(model, 11), "vip-reply")->confirmations > 0);
	model_free(model);
}

static void
assert_service(struct model *model, uint8_t last, enum check_outcome outcome, const char *reason)
{
	const struct check_result *service = result_check(result_of(model, last), "service");

	assert_int_equal(service->outcome, outcome);
	assert_string_equal(service->reason, reason);
}

/* Each TCP port is asked, and one that is refused or silent does not hide behind an open one. */
static void
every_port_is_tested(void **state)
{
	struct model *model = model_new("10.77.0.11-14", 73);

	(void)state;
	set_port(model, 80);
	add_port(model, 53, IP_PROTOCOL_UDP);
	add_port(model, 443, IP_PROTOCOL_TCP);
	add_port(model, 8443, IP_PROTOCOL_TCP);
	add_director(model, 3);
	for (uint8_t last = 11; last <= 14; last++)
		add_server(model, last)->listens = last < 14;
	machine(model, 12)->refuses = 443;
	machine(model, 13)->drops = 8443;
	model_run(model);
	assert_service(model, 11, OUTCOME_PASS, "");
	assert_int_equal(result_check(result_of(model, 11), "service")->confirmations, 3);
	assert_service(
	    model, 12, OUTCOME_FAIL, "the host refuses connections to 10.77.0.100 port 443");
	assert_service(model, 13, OUTCOME_INCONCLUSIVE, "no reply came from 10.77.0.100 port 8443");
	assert_service(model, 14, OUTCOME_FAIL,
	    "the host refuses connections to 10.77.0.100 ports 80, 443, 8443");
	assert_int_equal(model->half_open, 0);
	assert_int_equal(model->cluster.vips[0].port_count, 4);
	assert_string_equal(model->cluster.vips[0].ports[0], "80");
	assert_string_equal(model->cluster.vips[0].ports[1], "53/udp");
	model_free(model);
}

/* A container behind the server, or one on another node, serves the port. */
static struct model *
with_containers(enum plan_owner owner)
{
	struct model *model = model_new("10.77.0.11-13", 74);

	set_port(model, 80);
	model->plan.clusters[0].owner = owner;
	add_director(model, 3);
	for (uint8_t last = 11; last <= 13; last++) {
		add_server(model, last)->listens = true;
		machine(model, last)->translates = last - 10;
	}
	return model;
}

static void
container_serves(void **state)
{
	static const char nobody[] =
	    "the host passes connections to 10.77.0.100 port 80 on to another machine, from which "
	    "no reply came";
	struct model *model = with_containers(OWNER_DIRECTOR);

	(void)state;
	model_run(model);
	assert_service(model, 11, OUTCOME_PASS, "");
	assert_service(model, 12, OUTCOME_INCONCLUSIVE, nobody);
	assert_int_equal(model->half_open, 0);
	model_free(model);
	model = with_containers(OWNER_ANY);
	model_run(model);
	assert_service(model, 11, OUTCOME_PASS, "");
	assert_service(model, 12, OUTCOME_PASS, "");
	assert_service(model, 13, OUTCOME_INCONCLUSIVE, nobody);
	assert_int_equal(model->half_open, 0);
	model_free(model);
}

/* A director, a sound server and a leaking one. The audit sends everything it can: from decoys, to
 * the service, for the DR signature, and to undo the leak. */
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
	assert_outcome(model, 11, "service", OUTCOME_PASS);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

/* Answers and claims from another VLAN, or without a tag, are no evidence. */
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

/* A sound server's MAC claims the VIP on another VLAN all the time. On this VLAN it is sound. */
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

/* ---- A further check ------------------------------------------------------------------------ */

/* Three more probes in each train, for an address that nobody has. */
static uint32_t
ask_for_nobody(const struct pair *pair, struct frame *frames, uint8_t *asked)
{
	const struct address nobody = ip(250), unspecified = address_unspecified(ADDRESS_IPV4);

	(void)asked;
	for (size_t i = 0; i < TRAIN_CHECK_MAX; i++)
		probe_who_has(&pair->facts->probe, &nobody,
		    &host_of(pair->facts, pair->host)->mac[0], &unspecified, &frames[i]);
	return TRAIN_CHECK_MAX;
}

static void
judge_nothing(const struct pair *pair, struct judgement *judgement)
{
	(void)pair;
	judge_skip(judgement, "made up");
}

/* vip-reply asks a server two questions for each VIP. There is room for as many of each
 * further check, and all of them leave before the fence. */
static void
further_checks_have_room_in_the_train(void **state)
{
	static const struct check made_up = {
	    .title = {.name = "made-up", .heading = "MADEUP"},
	    .train = ask_for_nobody,
	    .judge = judge_nothing,
	};
	const struct check *checks[CHECKS_MAX + 1] = {&made_up, &made_up, &made_up};
	size_t count = 3;
	const struct address nobody = ip(250);
	uint32_t asked = 0;

	(void)state;
	for (size_t i = 0; check_table.checks[i] != NULL; i++)
		checks[count++] = check_table.checks[i];
	const struct check_table table = {.checks = checks, .vip_checks = check_table.vip_checks};
	struct model *model = sound("10.77.0.11-12", 1);

	model->table = &table;
	machine(model, 12)->answers_vip = true;
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	for (size_t i = 0; i < model->sent_count; i++)
		asked += model->sent[i].frame.kind == FRAME_ARP &&
			 address_equal(&model->sent[i].frame.arp.tpa, &nobody);
	assert_true(asked >= 9 && asked % 9 == 0);
	model_free(model);
}

/* Server .12 answers for every address that nobody else has. */
static struct model *
answers_for_all(bool own, uint64_t seed)
{
	struct model *model = sound("10.77.0.11-12", seed);

	name_directors(model, "10.77.0.3");
	if (own)
		machine(model, 12)->has_all = true;
	else
		machine(model, 12)->proxies = true;
	return model;
}

/* By proxy, at once or after a delay, or with addresses of its own. */
static void
own_addresses_are_no_proxy(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 4; seed++) {
		struct model *model = answers_for_all(false, seed);

		machine(model, 12)->proxy_delay_us = seed == 1 ? 0 : 700000;
		model_run(model);
		assert_outcome(model, 12, "proxy-arp", OUTCOME_FAIL);
		assert_outcome(model, 11, "proxy-arp", OUTCOME_PASS);
		model_free(model);

		model = answers_for_all(true, seed);
		model_run(model);
		assert_true(result_of(model, 12)->verdict != VERDICT_VIOLATION);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		model_free(model);
	}
}

/* Questions of a round wait for the broadcast rate, and unicast fences overtake them. A host has
 * not left unanswered what has not left the probe. */
static void
silences_are_counted_once(void **state)
{
	static const uint32_t rates[] = {10, 20, 50, 500};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct model *model = sound("10.77.0.11-12", i + 1);
		const struct mac host = mac(11);
		uint32_t rounds = 0, first = UINT32_MAX, last = 0, unicast = 0;

		model->plan.settings.broadcast_rate = rates[i];
		model_run(model);
		for (size_t k = 0; k < model->sent_count; k++) {
			const struct sent *sent = &model->sent[k];
			const bool fence = is_question(sent, 11, &mac_broadcast);

			if (is_question(sent, 100, &mac_broadcast))
				rounds += address_is_unspecified(&sent->frame.arp.spa);
			if (fence && first == UINT32_MAX)
				first = rounds;
			if (fence || is_question(sent, 11, &host))
				last = rounds;
			unicast += is_question(sent, 100, &host) &&
				   address_is_unspecified(&sent->frame.arp.spa);
		}
		const struct check_result *reply = result_check(result_of(model, 11), "vip-reply");

		assert_int_equal(reply->outcome, OUTCOME_PASS);
		assert_true(reply->confirmations <= last - first + unicast);
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(silences_are_counted_once),
	    cmocka_unit_test(own_addresses_are_no_proxy),
	    cmocka_unit_test(further_checks_have_room_in_the_train),
	    cmocka_unit_test(sound_segment_is_compliant),
	    cmocka_unit_test(large_segment_costs_seven_frames_a_host),
	    cmocka_unit_test(rounds_are_apart),
	    cmocka_unit_test(source_guard_leaves_the_host_undecided),
	    cmocka_unit_test(owners_are_known_before_servers_are_passed_over),
	    cmocka_unit_test(answering_server_is_a_violation),
	    cmocka_unit_test(leak_is_found_answered_and_healed),
	    cmocka_unit_test(mute_director_is_restored_by_its_reply),
	    cmocka_unit_test(owner_that_is_not_restored_is_reported),
	    cmocka_unit_test(leak_without_an_owner_is_reported),
	    cmocka_unit_test(absent_and_unbound_hosts_are_inconclusive),
	    cmocka_unit_test(cached_decoys_prove_nothing),
	    cmocka_unit_test(segment_without_owner_is_a_violation),
	    cmocka_unit_test(unlisted_owners_remain_ambiguous),
	    cmocka_unit_test(named_director_resolves_two_owners),
	    cmocka_unit_test(unexpected_director_is_a_violation),
	    cmocka_unit_test(delayed_proxy_is_caught),
	    cmocka_unit_test(discovery_finds_the_holders),
	    cmocka_unit_test(no_elicit_sends_no_ip),
	    cmocka_unit_test(deadline_leaves_the_rest_inconclusive),
	    cmocka_unit_test(lost_captures_void_silences),
	    cmocka_unit_test(rates_are_kept),
	    cmocka_unit_test(first_questions_come_first),
	    cmocka_unit_test(seed_replays_the_audit),
	    cmocka_unit_test(vrrp_identifies_the_director),
	    cmocka_unit_test(virtual_mac_of_a_named_director),
	    cmocka_unit_test(early_claim_counts),
	    cmocka_unit_test(contested_vip_does_not_prolong_the_audit),
	    cmocka_unit_test(deadline_before_late_answers_is_inconclusive),
	    cmocka_unit_test(only_a_deadline_asks_for_more_time),
	    cmocka_unit_test(conflict_probe_does_not_clear),
	    cmocka_unit_test(impossible_senders_are_ignored),
	    cmocka_unit_test(dying_host_affects_no_other),
	    cmocka_unit_test(shared_macs_are_walked_once),
	    cmocka_unit_test(loss_makes_no_verdict_wrong),
	    cmocka_unit_test(low_confidence_is_decided),
	    cmocka_unit_test(packet_from_a_taken_decoy_is_not_sent),
	    cmocka_unit_test(packets_to_clients_do_not_tell_what_elicits_a_host),
	    cmocka_unit_test(balanced_bond_is_one_machine),
	    cmocka_unit_test(balanced_director_is_not_accused),
	    cmocka_unit_test(two_machines_are_no_balanced_bond),
	    cmocka_unit_test(damaged_frame_changes_no_verdict),
	    cmocka_unit_test(another_own_address_passes),
	    cmocka_unit_test(taken_decoys_are_replaced),
	    cmocka_unit_test(attempts_from_used_addresses_are_void),
	    cmocka_unit_test(heard_addresses_are_no_decoys),
	    cmocka_unit_test(decoys_are_verified_by_the_measured_loss),
	    cmocka_unit_test(sweep_asks_dead_addresses_by_the_measured_loss),
	    cmocka_unit_test(only_questions_that_proxies_answer_count),
	    cmocka_unit_test(false_pass_bound_holds),
	    cmocka_unit_test(server_that_comes_up_is_asked_again),
	    cmocka_unit_test(server_that_is_down_is_asked_a_bounded_number_of_times),
	    cmocka_unit_test(hosts_start_in_their_order),
	    cmocka_unit_test(each_round_begins_with_another_vip),
	    cmocka_unit_test(hosts_are_found_by_their_addresses),
	    cmocka_unit_test(hosts_of_two_subnets_are_audited),
	    cmocka_unit_test(unfenced_silences_do_not_count),
	    cmocka_unit_test(every_port_is_tested),
	    cmocka_unit_test(container_serves),
	    cmocka_unit_test(vlan_is_audited_by_its_tag),
	    cmocka_unit_test(other_vlans_are_no_evidence),
	    cmocka_unit_test(claims_on_other_vlans_accuse_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
