/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns the VIP, by the real engine in virtual time: claims of each kind by each kind of host,
 * hand-overs, and the DR signature.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define MIDDLE_US            135000 /* the owners have been asked for, and hosts are being judged */
#define VOIDS_MAX            3      /* repeated observations after lost captures */
#define VIP_BROADCASTS       3      /* least number of broadcast rounds of who-has VIP */
#define VIP_BROADCASTS_EARLY (VIP_BROADCASTS + 1) /* rounds before the hosts' needs are known */

/* Runs the model, and calls `event` once, `after_us` after the start. */
static void
run_with(struct model *model, uint64_t after_us, void (*event)(struct model *))
{
	bool done = false;

	model_start(model);
	while (model_turn(model)) {
		if (done || model->now_us < START_US + after_us)
			continue;
		event(model);
		done = true;
	}
	assert_true(done);
	model_finish(model);
}

static const struct host_result *
find_claimant(const struct model *model, uint8_t last)
{
	const struct vip_result *vip = &model->cluster.vips[0];
	const struct mac of = mac(last);

	for (size_t i = 0; i < vip->host_count; i++)
		if (vip->hosts[i].has_mac && mac_equal(&vip->hosts[i].mac, &of))
			return &vip->hosts[i];
	return NULL;
}

/* The result of a claimant that the plan does not list. */
static const struct host_result *
claimant_of(const struct model *model, uint8_t last)
{
	const struct host_result *claimant = find_claimant(model, last);

	if (claimant == NULL)
		fail_msg("no result for the MAC of 10.77.0.%u", last);
	return claimant;
}

/* ---- Claims ------------------------------------------------------------------------------- */

struct claim_case {
	enum arp_operation operation;
	uint8_t tpa; /* last octet */
	const char *words;
};

static const struct claim_case claim_cases[] = {
    {ARP_REQUEST, 100, "gratuitous ARP requests"},
    {ARP_REPLY, 100, "gratuitous ARP replies"},
    {ARP_REQUEST, 77, "ARP requests with the VIP as the sender"},
    {ARP_REPLY, 77, "unsolicited ARP replies"},
};
#define CLAIM_CASES (sizeof(claim_cases) / sizeof(claim_cases[0]))

static uint8_t claim_by;
static const struct claim_case *claim_case;

static void
make_claim(struct model *model)
{
	const struct address tpa = ip(claim_case->tpa);
	const struct frame frame = claim(model, claim_by, claim_case->operation, &tpa);

	hear(model, &frame);
}

static void
unlisted_claims_are_reported_by_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLAIM_CASES; i++) {
		struct model *model = sound("10.77.0.11-12", 1);

		claim_by = 66;
		claim_case = &claim_cases[i];
		run_with(model, MIDDLE_US, make_claim);
		assert_finding(
		    model, "unlisted-claimant", SEVERITY_VIOLATION, claim_cases[i].words);
		assert_finding(model, "unlisted-claimant", SEVERITY_VIOLATION, "02:00:0a:4d:00:42");
		assert_int_equal(model->cluster.vips[0].owner_count, 1);
		assert_true(model->cluster.vips[0].owners[0].expected);
		assert_int_equal(claimant_of(model, 66)->role, ROLE_UNLISTED);
		assert_int_equal(claimant_of(model, 66)->verdict, VERDICT_VIOLATION);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A listed server sends a single claim of any kind, and no other. */
static void
listed_claimant_that_stops_is_a_violation(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLAIM_CASES; i++) {
		for (size_t named = 0; named < 2; named++) {
			struct model *model = sound("10.77.0.11-12", 2);

			if (named != 0)
				name_directors(model, "10.77.0.3,10.77.0.4");
			claim_by = 12;
			claim_case = &claim_cases[i];
			run_with(model, MIDDLE_US, make_claim);
			assert_verdict(model, 12, VERDICT_VIOLATION);
			assert_verdict(model, 11, VERDICT_COMPLIANT);
			assert_null(finding_of(model, "hand-over"));
			model_free(model);
		}
	}
}

/* The host claims in both ways before its MAC is known. Each finding shows the frame that proves
 * it. */
static void
early_claims_are_evidence_of_their_kind(void **state)
{
	struct model *model = sound("10.77.0.11-12", 2);
	const struct address asked = ip(50);
	const struct host_result *result;

	(void)state;
	machine(model, 12)->answers_vip = machine(model, 12)->speaks_as_vip = true;
	model_start(model);
	const struct frame reply = claim(model, 12, ARP_REPLY, &model->segment.own.address);
	const struct frame request = claim(model, 12, ARP_REQUEST, &asked);

	for (uint64_t i = 0; i < 2; i++) {
		static const uint8_t bytes[60];
		const struct capture capture = {.frame = i == 0 ? reply : request,
		    .bytes = bytes,
		    .length = sizeof(bytes),
		    .number = 1 + i};

		audit_receive(model->audit, model->now_us, &capture);
	}
	while (model_turn(model))
		;
	model_finish(model);
	result = result_of(model, 12);
	assert_int_equal(result->finding_count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct finding *finding = &result->findings[i];

		assert_int_equal(finding->evidence_count, 1);
		assert_int_equal(
		    finding->evidence[0].frame, strcmp(finding->id, "vip-reply") == 0 ? 1 : 2);
	}
	model_free(model);
}

static void
standby_claim_is_reported_as_one(void **state)
{
	static const char *const names[] = {
	    "10.77.0.3,10.77.0.4", "02:00:0a:4d:00:03,02:00:0a:4d:00:04"};

	(void)state;
	for (size_t i = 0; i < 2 * CLAIM_CASES; i++) {
		struct model *model = sound("10.77.0.11-12", 3);

		name_directors(model, names[i / CLAIM_CASES]);
		claim_by = 4;
		claim_case = &claim_cases[i % CLAIM_CASES];
		run_with(model, MIDDLE_US, make_claim);
		assert_finding(
		    model, "standby-claim", SEVERITY_VIOLATION, "the standby director 02:00:0a:4d");
		assert_finding(model, "standby-claim", SEVERITY_VIOLATION, claim_case->words);
		assert_null(finding_of(model, "unlisted-claimant"));
		assert_int_equal(claimant_of(model, 4)->verdict, VERDICT_VIOLATION);
		assert_int_equal(claimant_of(model, 3)->verdict, VERDICT_COMPLIANT);
		model_free(model);
	}
}

static size_t claim_times;

static void
relay_claim(struct model *model)
{
	const struct address tpa = ip(100);
	struct frame frame = claim(model, claim_by, ARP_REPLY, &tpa);

	frame.source = mac(claim_by == 66 ? 12 : 66);
	for (size_t i = 0; i < claim_times; i++)
		hear(model, &frame);
}

/* A listed server sends a claim with an unlisted SHA, or the reverse. Both hosts are accused, and
 * the messages name both MACs. */
static void
relayed_claim_accuses_both(void **state)
{
	static const uint8_t shas[] = {66, 12};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = sound("10.77.0.11-12", 4);

		claim_by = shas[i];
		claim_times = 2;
		run_with(model, MIDDLE_US, relay_claim);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		if (i == 0)
			assert_finding(model, "unlisted-claimant", SEVERITY_VIOLATION,
			    "02:00:0a:4d:00:42 in frames from 02:00:0a:4d:00:0c");
		else
			assert_finding(model, "relayed-claim", SEVERITY_NOTE,
			    "02:00:0a:4d:00:0c come in frames from 02:00:0a:4d:00:42");
		model_free(model);
	}
}

/* One damaged bit can change the SHA or the Ethernet source. Nobody is accused for it, but it is
 * reported. */
static void
single_relayed_claim_accuses_nobody(void **state)
{
	/* The engine may learn the SHA's host after the claim. If the Ethernet source is unknown,
	 * the report names only the SHA. */
	static const struct {
		uint8_t sha;
		uint64_t at_us;
	} cases[] = {{12, 100}, {12, MIDDLE_US / 2}, {12, MIDDLE_US}, {66, MIDDLE_US}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct model *model = sound("10.77.0.11-12", 4);

		claim_by = cases[i].sha;
		claim_times = 1;
		run_with(model, cases[i].at_us, relay_claim);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
		assert_finding(model, cases[i].sha == 66 ? "unlisted-claimant" : "relayed-claim",
		    SEVERITY_VIOLATION, "02:00:0a:4d:00:42");
		model_free(model);
	}
}

/* A switch answers for its hosts, from a source MAC of its own. */
static void
relayed_director_is_noted(void **state)
{
	struct model *model = sound("10.77.0.11-12", 5);

	(void)state;
	machine(model, 3)->sender = mac(66);
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_finding(model, "relayed-claim", SEVERITY_NOTE,
	    "02:00:0a:4d:00:03 come in frames from 02:00:0a:4d:00:42");
	model_free(model);
}

static void
virtual_router_is_named_by_its_number(void **state)
{
	struct model *model = model_new("10.77.0.11", 6);

	(void)state;
	add_director(model, 4)->mac = (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};
	add_server(model, 11)->answers_vip = true;
	model_run(model);
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "VRRP virtual router 51");
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "is the director");
	model_free(model);
}

/* It may be a gateway that proxies the VIP, or a virtual router for other addresses. */
static void
virtual_router_accuses_no_other_owner(void **state)
{
	struct model *model = model_new("10.77.0.11", 6);

	(void)state;
	add_director(model, 3);
	add_director(model, 4)->mac = (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};
	add_server(model, 11);
	model_run(model);
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "2 MACs answer");
	assert_true(model->cluster.vips[0].owner_count == 2 &&
		    !model->cluster.vips[0].owners[0].expected &&
		    !model->cluster.vips[0].owners[1].expected);
	assert_null(finding_of(model, "unlisted-claimant"));
	model_free(model);
}

/* ---- Hand-overs --------------------------------------------------------------------------- */

enum first_claim {
	BY_ANSWER = 0,
	BY_GRATUITOUS_REQUEST,
	BY_GRATUITOUS_REPLY,
	BY_ADVERTISEMENT,
	FIRST_CLAIMS,
};

static enum first_claim first_claim;

static void
announce(struct model *model, uint8_t last)
{
	const struct frame advertised = advertisement(model, last);
	struct frame frame;

	if (first_claim == BY_ADVERTISEMENT) {
		hear(model, &advertised);
	} else if (first_claim != BY_ANSWER) {
		frame = claim(model, last,
		    first_claim == BY_GRATUITOUS_REPLY ? ARP_REPLY : ARP_REQUEST, &model->vip);
		hear(model, &frame);
	}
}

/* A host that loses the VIP stops claiming. Drop its frames under way too, since they would arrive
 * after the new owner's claim. */
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
take_over(struct model *model, uint8_t last)
{
	struct model_host *host = machine(model, last);

	host->answers_vip = host->bound = host->speaks_as_vip = true;
	announce(model, last);
}

static void
announce_4(struct model *model)
{
	announce(model, 4);
}

static void
take_over_4(struct model *model)
{
	take_over(model, 4);
}

static void
hand_over(struct model *model)
{
	give_up(model, 3);
	take_over(model, 4);
}

static void
assert_handed_over(const struct model *model)
{
	assert_finding(model, "hand-over", SEVERITY_NOTE, "02:00:0a:4d:00:03");
	assert_finding(model, "hand-over", SEVERITY_NOTE, "02:00:0a:4d:00:04");
	assert_int_equal(finding_of(model, "hand-over")->evidence_count, 1);
	assert_null(finding_of(model, "unlisted-claimant"));
	assert_null(finding_of(model, "standby-claim"));
	assert_int_equal(model->cluster.vips[0].owner_count, 1);
	assert_true(model->cluster.vips[0].owners[0].expected);
	for (uint8_t last = 3; last <= 4; last++) {
		assert_int_equal(claimant_of(model, last)->role, ROLE_DIRECTOR);
		assert_int_equal(claimant_of(model, last)->verdict, VERDICT_COMPLIANT);
		assert_string_equal(
		    outcome_name(result_check(claimant_of(model, last), "vip-reply")->outcome),
		    "skipped");
	}
	assert_non_null(strstr(
	    result_check(claimant_of(model, 3), "vip-reply")->reason, "until the hand-over"));
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
}

static void
hand_over_is_no_second_owner(void **state)
{
	/* The user names no director, names it by address, by MAC, or asks for a sweep. */
	static const char *const names[] = {
	    NULL, "10.77.0.3,10.77.0.4", "02:00:0a:4d:00:03,02:00:0a:4d:00:04", NULL};
	static const char *const hosts[] = {
	    "10.77.0.11-12", "10.77.0.11-12", "10.77.0.11-12", NULL};
	/* After the first questions, between the rounds, and while hosts are judged. */
	static const uint64_t after_us[] = {1000, 50000, MIDDLE_US, 900000};

	(void)state;
	for (size_t naming = 0; naming < 4; naming++) {
		for (size_t when = 0; when < 4; when++) {
			for (first_claim = BY_ANSWER + 1; first_claim < FIRST_CLAIMS;
			     first_claim++) {
				struct model *model = sound(hosts[naming], 7 + when);

				if (names[naming] != NULL)
					name_directors(model, names[naming]);
				run_with(model, after_us[when], hand_over);
				assert_handed_over(model);
				assert_true(model->now_us < START_US + 6500000);
				model_free(model);
			}
		}
	}
}

/* The new owner announces nothing. It may have owned the VIP before, unheard: nobody is accused of
 * that, and the VIP is not compliant. */
static void
unannounced_hand_over_is_in_doubt(void **state)
{
	(void)state;
	for (uint64_t after_us = 1000; after_us <= 50000; after_us += 7000) {
		struct model *model = sound("10.77.0.11-12", after_us);

		name_directors(model, "10.77.0.3,10.77.0.4");
		first_claim = BY_ANSWER;
		run_with(model, after_us, hand_over);
		assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "looks like a hand-over");
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		model_free(model);
	}
}

static void
fall_silent_3(struct model *model)
{
	machine(model, 3)->answers_vip = false;
}

/* Both answer the same question, one of them never again, as with a limit of its ARP replies. */
static void
answers_to_one_question_are_no_hand_over(void **state)
{
	static const char *const names[] = {NULL, "10.77.0.3,10.77.0.4"};

	(void)state;
	for (size_t naming = 0; naming < 2; naming++) {
		struct model *model = sound(naming == 0 ? NULL : "10.77.0.11-12", 71);

		if (names[naming] != NULL)
			name_directors(model, names[naming]);
		first_claim = BY_ANSWER;
		take_over(model, 4);
		run_with(model, 1000, fall_silent_3);
		assert_null(finding_of(model, "hand-over"));
		assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "02:00:0a:4d:00:03");
		model_free(model);
	}
}

/* It answers all the time, beside both directors. It can't be a director, and says nothing about
 * them. */
static void
leaking_server_does_not_hide_a_hand_over(void **state)
{
	struct model *model = sound("10.77.0.11-12", 14);

	(void)state;
	first_claim = BY_GRATUITOUS_REQUEST;
	name_directors(model, "10.77.0.3,10.77.0.4");
	machine(model, 12)->answers_vip = true;
	run_with(model, MIDDLE_US, hand_over);
	assert_finding(model, "hand-over", SEVERITY_NOTE, "02:00:0a:4d:00:04");
	for (uint8_t last = 3; last <= 4; last++)
		assert_int_equal(claimant_of(model, last)->verdict, VERDICT_COMPLIANT);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* A director that preempts announces itself before the other one has heard of that and removes its
 * addresses. Meanwhile both answer. */
static void
preempted_director_may_answer_for_a_moment(void **state)
{
	unsigned compliant = 0;

	(void)state;
	for (uint64_t i = 0; i < 160; i++) {
		struct model *model = sound("10.77.0.11-12", 100 + i / 4);
		const uint64_t taken_us = START_US + 20000 + i / 4 * 11000;
		const uint64_t given_us = taken_us + i % 4 * 1000;
		bool taken = false, given = false;

		first_claim = BY_GRATUITOUS_REQUEST + (i & 4 ? 1 : 0);
		name_directors(model, "10.77.0.3,10.77.0.4");
		model_start(model);
		while (model_turn(model)) {
			if (!taken && model->now_us >= taken_us) {
				taken = true;
				take_over(model, 4);
			}
			if (taken && !given && model->now_us >= given_us) {
				given = true;
				give_up(model, 3);
			}
		}
		model_finish(model);
		assert_int_not_equal(model->cluster.verdict, VERDICT_VIOLATION);
		compliant += model->cluster.verdict == VERDICT_COMPLIANT;
		model_free(model);
	}
	assert_true(compliant > 80);
}

/* The director's bond fails over, with fail_over_mac=active: its other card announces both
 * addresses. */
static void
fail_over(struct model *model, uint8_t last)
{
	const struct mac other = mac(233);
	const struct address addresses[] = {ip(last), model->vip};

	machine(model, last)->mac = other;
	for (size_t i = 0; i < 2; i++) {
		struct frame frame = claim(model, last, ARP_REQUEST, &addresses[i]);

		frame.source = frame.arp.sha = other;
		frame.arp.spa = addresses[i];
		hear(model, &frame);
	}
}

static void
named_director_may_change_its_mac(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 60; i++) {
		struct model *model = sound("10.77.0.11-12", 500 + i);
		bool done = false;

		name_directors(model, "10.77.0.3,10.77.0.4");
		model_start(model);
		while (model_turn(model))
			if (!done && model->now_us >= START_US + 10000 + i * 10000) {
				done = true;
				fail_over(model, 3);
			}
		model_finish(model);
		assert_int_not_equal(model->cluster.verdict, VERDICT_VIOLATION);
		model_free(model);
	}
}

static void
claim_again(struct model *model)
{
	machine(model, 3)->answers_vip = true;
	first_claim = BY_GRATUITOUS_REQUEST;
	announce(model, 3);
}

/* A, B, A: the engine must revoke a hand-over it had believed. */
static void
flip_flop_is_two_owners(void **state)
{
	static const uint64_t again_us[] = {1000, 200000, 600000, 1100000};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct model *model = sound("10.77.0.11-12", 8);
		size_t step = 0;

		first_claim = BY_GRATUITOUS_REQUEST;
		model_start(model);
		while (model_turn(model)) {
			if (step == 0 && model->now_us >= START_US + MIDDLE_US) {
				hand_over(model);
				step++;
			} else if (step == 1 &&
				   model->now_us >= START_US + MIDDLE_US + again_us[i]) {
				give_up(model, 4);
				claim_again(model);
				step++;
			}
		}
		model_finish(model);
		assert_int_equal(step, 2);
		assert_null(finding_of(model, "hand-over"));
		/* In the first case nobody asked the other one while it held the VIP. */
		assert_int_equal(model->cluster.vips[0].owner_count, i == 0 ? 1 : 2);
		assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
		model_free(model);
	}
}

static void
announce_only(struct model *model)
{
	first_claim = BY_GRATUITOUS_REQUEST;
	give_up(model, 3);
	announce(model, 4);
}

/* Its silence may be loss, and so may the old owner's. */
static void
successor_that_never_answers_is_no_owner(void **state)
{
	struct model *model = sound("10.77.0.11-12", 9);

	(void)state;
	run_with(model, MIDDLE_US, announce_only);
	assert_null(finding_of(model, "hand-over"));
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

static void
hand_over_to_an_unnamed_director_is_a_violation(void **state)
{
	static const char *const names[] = {"10.77.0.3", "10.77.0.4"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = sound("10.77.0.11-12", 10);

		first_claim = BY_GRATUITOUS_REQUEST;
		name_directors(model, names[i]);
		run_with(model, MIDDLE_US, hand_over);
		assert_null(finding_of(model, "hand-over"));
		assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
		model_free(model);
	}
}

static void
hand_over_to_server(struct model *model)
{
	first_claim = BY_GRATUITOUS_REQUEST;
	give_up(model, 3);
	take_over(model, 12);
}

static void
hand_over_to_a_listed_server_is_a_violation(void **state)
{
	struct model *model = sound("10.77.0.11-12", 11);

	(void)state;
	run_with(model, MIDDLE_US, hand_over_to_server);
	assert_null(finding_of(model, "hand-over"));
	assert_verdict(model, 12, VERDICT_VIOLATION);
	model_free(model);
}

static void
hand_over_from_server(struct model *model)
{
	first_claim = BY_GRATUITOUS_REQUEST;
	give_up(model, 12);
	machine(model, 12)->bound = true;
	take_over(model, 3);
}

/* The director was down and a real server leaked. Then the director came up and the server was
 * fixed. */
static void
listed_server_is_no_former_director(void **state)
{
	(void)state;
	for (uint64_t after_us = 1000; after_us <= MIDDLE_US; after_us += MIDDLE_US - 1000) {
		struct model *model = sound("10.77.0.11-12", 12);

		give_up(model, 3);
		machine(model, 12)->answers_vip = true;
		run_with(model, after_us, hand_over_from_server);
		assert_null(finding_of(model, "hand-over"));
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* Two directors answer all the time, and one of them announces itself. They remain two owners at
 * any loss. */
static void
loss_never_hides_two_owners(void **state)
{
	size_t violations = 0;

	(void)state;
	for (uint64_t seed = 1000; seed < 1600; seed++) {
		struct model *model = sound("10.77.0.11-12", seed);

		model->loss = (double[]){0.1, 0.2, 0.35}[seed % 3];
		first_claim = (enum first_claim)(seed % FIRST_CLAIMS);
		if (seed % 2 == 0)
			name_directors(model, "10.77.0.3,10.77.0.4");
		/* The second owner answers from the start, or begins with an announcement. */
		const bool late = seed % 5 == 0 && (first_claim == BY_GRATUITOUS_REQUEST ||
						       first_claim == BY_GRATUITOUS_REPLY);

		if (!late)
			machine(model, 4)->answers_vip = true;
		run_with(model, seed % 7 * 100000, late ? take_over_4 : announce_4);
		if (finding_of(model, "hand-over") != NULL)
			fail_msg("seed %u", (unsigned)seed);
		violations += model->cluster.verdict == VERDICT_VIOLATION;
		model_free(model);
	}
	/* The rest are audits that never heard one of the two. */
	assert_true(violations >= 590);
}

/* A real hand-over on a lossy segment is recognized most of the time. Otherwise it is two owners.
 */
static void
hand_over_under_loss(void **state)
{
	size_t believed = 0;

	(void)state;
	for (uint64_t seed = 2000; seed < 2200; seed++) {
		struct model *model = sound("10.77.0.11-12", seed);

		model->loss = 0.1;
		first_claim = BY_GRATUITOUS_REQUEST;
		run_with(model, MIDDLE_US, hand_over);
		believed += finding_of(model, "hand-over") != NULL;
		/* The first owner may never have been heard. */
		if (find_claimant(model, 3) != NULL && find_claimant(model, 4) != NULL)
			assert_int_equal(model->cluster.verdict == VERDICT_VIOLATION,
			    finding_of(model, "hand-over") == NULL);
		model_free(model);
	}
	assert_true(believed >= 190);
}

/* Whether both were heard, and are known as the named directors. */
static bool
both_directors_are_known(const struct model *model)
{
	const struct vip_result *vip = &model->cluster.vips[0];

	for (size_t i = 0; i < vip->host_count; i++)
		if (vip->hosts[i].role == ROLE_DIRECTOR && !vip->hosts[i].has_mac)
			return false;
	return vip->owner_count + (finding_of(model, "hand-over") != NULL) == 2;
}

/* A hand-over that can't be proved leaves doubt. The doubt neither accuses nor clears either
 * owner. */
static void
uncertain_hand_over_is_inconclusive(void **state)
{
	static const char *const names[] = {
	    "10.77.0.3,10.77.0.4", "02:00:0a:4d:00:03,02:00:0a:4d:00:04"};
	size_t unsure[2] = {0};

	(void)state;
	for (uint64_t seed = 2200; seed < 2600; seed++) {
		struct model *model = sound("10.77.0.11-12", seed);

		model->loss = 0.5;
		name_decoys(model);
		first_claim = BY_GRATUITOUS_REQUEST;
		name_directors(model, names[seed % 2]);
		run_with(model, MIDDLE_US, hand_over);
		if (both_directors_are_known(model)) {
			assert_true(model->cluster.verdict == VERDICT_INCONCLUSIVE);
			for (uint8_t last = 3; last <= 4; last++)
				assert_true(claimant_of(model, last)->verdict != VERDICT_VIOLATION);
			if (finding_of(model, "hand-over") == NULL) {
				unsure[seed % 2]++;
				assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE,
				    "looks like a hand-over");
				for (uint8_t last = 3; last <= 4; last++)
					assert_int_equal(claimant_of(model, last)->verdict,
					    VERDICT_INCONCLUSIVE);
			}
		}
		model_free(model);
	}
	assert_true(unsure[0] >= 10 && unsure[1] >= 1);
}

/* All the standby's answers for its own address were lost. Then it takes over the VIP. The engine
 * can't know that it is a named director. */
static struct model *
hand_over_to_one_that_is_not_heard(double loss, uint64_t seed, void (*change)(struct model *model))
{
	struct model *model = sound("10.77.0.11-12", seed);

	model->loss = loss;
	name_decoys(model);
	first_claim = BY_GRATUITOUS_REQUEST;
	name_directors(model, "10.77.0.3,10.77.0.9"); /* .9 stands for the address of .4 */
	run_with(model, MIDDLE_US, change);
	return model;
}

static void
hand_over_to_an_unheard_director_is_in_doubt(void **state)
{
	size_t doubted = 0;

	(void)state;
	for (uint64_t seed = 2600; seed < 2650; seed++) {
		struct model *model = hand_over_to_one_that_is_not_heard(0.5, seed, hand_over);

		if (model->cluster.vips[0].owner_count == 2 && result_of(model, 3)->has_mac) {
			assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
			assert_finding(
			    model, "vip-owner", SEVERITY_INCONCLUSIVE, "looks like a hand-over");
			assert_null(finding_of(model, "unlisted-claimant"));
			assert_int_equal(claimant_of(model, 4)->verdict, VERDICT_INCONCLUSIVE);
			doubted++;
		}
		model_free(model);
	}
	assert_true(doubted >= 25); /* most audits lose all of its answers */
}

/* Without loss, the director would have been heard. Two owners at the same time are no hand-over,
 * whoever they are. */
static void
unheard_director_excuses_no_second_owner(void **state)
{
	struct model *model = hand_over_to_one_that_is_not_heard(0, 2650, hand_over);

	(void)state;
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_non_null(finding_of(model, "unlisted-claimant"));
	model_free(model);
	for (uint64_t seed = 2651; seed < 2670; seed++) {
		model = hand_over_to_one_that_is_not_heard(0.5, seed, take_over_4);
		if (machine(model, 3)->last_claim_us > machine(model, 4)->first_claim_us)
			assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* The new owner's first claim must not come in the same microsecond as the old owner's last one. It
 * would make a second owner. */
static bool
is_claimed_now(const struct model *model)
{
	for (size_t i = 0; i < model->host_count; i++)
		if (model->host[i].last_claim_us == model->now_us)
			return true;
	return false;
}

/* Whether .4 has been asked if it owns the VIP, and it is still undecided whether .3 does not. */
static bool
successor_is_asked(struct model *model)
{
	const struct mac successor = mac(4);
	bool asked = false;

	for (size_t i = 0; i < model->sent_count; i++)
		asked = asked || is_question(&model->sent[i], 100, &successor);
	model_finish(model);
	asked = asked && finding_of(model, "hand-over") == NULL;
	arena_free(model->arena);
	return asked;
}

/* The VIP moves from .3 to .4, and `after_us` later to .5. */
static struct model *
hand_over_twice(uint64_t again_us, bool named, bool *while_asked)
{
	struct model *model = sound("10.77.0.11-12", 16);
	unsigned step = 0;

	add_host(model, 5);
	if (named)
		name_directors(model, "10.77.0.3,10.77.0.4,10.77.0.5");
	model_start(model);
	while (model_turn(model)) {
		if (step == 0 && model->now_us >= START_US + MIDDLE_US) {
			hand_over(model);
			step++;
		} else if (step == 1 && model->now_us >= START_US + MIDDLE_US + again_us &&
			   !is_claimed_now(model)) {
			*while_asked = *while_asked || successor_is_asked(model);
			give_up(model, 4);
			take_over(model, 5);
			step++;
		}
	}
	assert_int_equal(step, 2);
	model_finish(model);
	return model;
}

/* The new owner is succeeded while the engine is still asking it. The engine does not wait for its
 * answer. */
static void
successor_that_is_succeeded_is_not_waited_for(void **state)
{
	bool while_asked = false;

	(void)state;
	for (uint64_t again_us = 25000; again_us <= 1100000; again_us += 25000) {
		for (first_claim = 0; first_claim < FIRST_CLAIMS; first_claim++) {
			for (int named = 0; named < 2; named++) {
				struct model *model =
				    hand_over_twice(again_us, named == 1, &while_asked);
				const struct model_host *second = machine(model, 4);

				/* A claimant that announced itself and never answered is no
				 * owner. */
				if (second->first_claim_us == 0 || second->answers > 0)
					assert_true(model->cluster.verdict != VERDICT_VIOLATION);
				model_free(model);
			}
		}
	}
	assert_true(while_asked);
}

/* Claimants come and go for ever. The audit ends and does not flood the segment. */
static void
flapping_claimants_are_asked_a_bounded_number_of_times(void **state)
{
	struct model *model = sound("10.77.0.11-12", 13);
	uint64_t next_us = START_US + 100000;
	uint8_t last = 60;

	(void)state;
	model_start(model);
	first_claim = BY_GRATUITOUS_REPLY;
	while (model_turn(model)) {
		if (model->now_us < next_us)
			continue;
		announce(model, last);
		last = last == 90 ? 60 : (uint8_t)(last + 1);
		next_us = model->now_us + 100000;
	}
	model_finish(model);
	assert_true(model->now_us < START_US + 10000000);
	assert_true(model->broadcasts < 150);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* Silence during a lost capture proves nothing. The engine asks the old owner again. */
static void
lost_captures_void_a_hand_over(void **state)
{
	struct model *model = sound("10.77.0.11-12", 14);
	bool handed = false, lost = false;

	(void)state;
	first_claim = BY_GRATUITOUS_REQUEST;
	model_start(model);
	while (model_turn(model)) {
		if (!handed && model->now_us > START_US + MIDDLE_US) {
			hand_over(model);
			handed = true;
		}
		if (!lost && model->now_us > START_US + 1450000) {
			model_finish(model);
			assert_non_null(finding_of(model, "hand-over"));
			arena_free(model->arena);
			audit_capture_lost(model->audit, model->now_us - 500000, model->now_us);
			model_finish(model);
			assert_null(finding_of(model, "hand-over"));
			arena_free(model->arena);
			lost = true;
		}
	}
	assert_true(lost);
	model_finish(model);
	assert_handed_over(model);
	arena_free(model->arena);
	for (int i = 0; i < VOIDS_MAX; i++)
		audit_capture_lost(model->audit, model->now_us - 500000, model->now_us);
	while (model_turn(model))
		;
	model_finish(model);
	assert_null(finding_of(model, "hand-over"));
	assert_true(model->cluster.verdict != VERDICT_COMPLIANT);
	model_free(model);
}

static void
resign(struct model *model)
{
	struct frame frame = advertisement(model, 3);

	frame.ip.vrrp.priority = 0;
	first_claim = BY_ADVERTISEMENT;
	hand_over(model);
	hear(model, &frame);
}

/* A stopping keepalived resigns by an advertisement of priority 0, which may come late. */
static void
resignation_is_no_claim(void **state)
{
	struct model *model = sound("10.77.0.11-12", 15);

	(void)state;
	run_with(model, MIDDLE_US, resign);
	assert_handed_over(model);
	model_free(model);
}

static void
resign_without_owning(struct model *model)
{
	struct frame frame = advertisement(model, 3);

	frame.ip.vrrp.priority = 0;
	hear(model, &frame);
}

/* Another machine may be about to take the VIP over. */
static void
vacancy_after_a_resignation_is_in_doubt(void **state)
{
	struct model *model;

	(void)state;
	model = sound("10.77.0.11-12", 15);
	machine(model, 3)->answers_vip = false;
	model_run(model);
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "has no owner");
	model_free(model);
	model = sound("10.77.0.11-12", 15);
	machine(model, 3)->answers_vip = false;
	run_with(model, MIDDLE_US, resign_without_owning);
	assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "gave it up");
	model_free(model);
}

/* ---- Further owners ----------------------------------------------------------------------- */

/* Directors .3, which is expected, and .4, and servers. A second owner is no host of the plan. */
static struct model *
two_owners(const char *hosts, uint8_t first, uint8_t last, uint64_t seed)
{
	struct model *model = model_new(hosts, seed);

	name_directors(model, "02:00:0a:4d:00:03");
	add_director(model, 3);
	add_director(model, 4);
	for (unsigned server = first; server <= last; server++)
		add_server(model, (uint8_t)server);
	return model;
}

/* The owner misses the minimum number of rounds, and hears a later one. */
static void
owners_have_rounds_of_their_own(void **state)
{
	struct model *model = two_owners("10.77.0.101-230", 101, 230, 60);

	(void)state;
	model_start(model);
	do
		machine(model, 4)->down = vip_rounds(model) < VIP_BROADCASTS;
	while (model_turn(model));
	model_finish(model);
	assert_int_equal(model->cluster.vips[0].owner_count, 2);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	assert_true(vip_rounds(model) > VIP_BROADCASTS);
	model_free(model);
}

/* At an extreme loss no number of rounds finds every owner. The report says so, and is never
 * compliant. */
static void
owner_that_may_be_missed_is_inconclusive(void **state)
{
	size_t unsure = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct model *model = sound("10.77.0.11", 6500 + seed);

		model->loss = 0.45;
		model_run(model);
		if (model->cluster.vips[0].owner_count == 1 &&
		    finding_of(model, "vip-owner") != NULL) {
			assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "been missed");
			assert_true(model->cluster.verdict != VERDICT_COMPLIANT);
			unsure++;
		}
		model_free(model);
	}
	assert_true(unsure > 0);
}

/* Nothing reveals the loss, so no number of rounds would be enough. The engine adds none. */
static void
sole_owner_is_not_asked_for_ever(void **state)
{
	static const char *const hosts[] = {"10.77.0.11-12", NULL};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = sound(hosts[i], 61);

		machine(model, 4)->down = machine(model, 11)->down = machine(model, 12)->down =
		    true;
		machine(model, 3)->rip = address_ipv4(0x0a4e0003u); /* in another subnet */
		model_run(model);
		assert_true(vip_rounds(model) <= VIP_BROADCASTS_EARLY);
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "been missed");
		model_free(model);
	}
}

/* An audit that is cut short reports it once. Without lingering the engine still asks all
 * rounds. */
static void
short_audits_ask_for_owners_too(void **state)
{
	struct model *model = sound("10.77.0.11-12", 62);

	(void)state;
	model->plan.settings.timeout_us = 200000;
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	assert_non_null(finding_of(model, "cut-short"));
	assert_null(finding_of(model, "vip-owner"));
	model_free(model);

	model = sound("10.77.0.11-12", 63);
	model->plan.settings.linger_us = 0;
	model_run(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_null(finding_of(model, "vip-owner"));
	model_free(model);
}

/* The named director answers for the VIP, but all answers for its own address are lost. If the
 * address belonged to another host, the wire would look the same. Only the loss, of all hosts or of
 * the owner, tells the difference. */
enum losses {
	LOSE_NOTHING = 0,
	LOSE_FRAMES,
	LOSE_ROUNDS, /* every second broadcast round of who-has VIP, on the owner's own link */
};

static struct model *
director_without_its_address(enum losses losses, uint64_t seed)
{
	struct model *model = sound("10.77.0.11-12", seed);
	struct model_host *owner = machine(model, 3);

	name_directors(model, "10.77.0.3");
	name_decoys(model);
	owner->rip = address_ipv4(0x0a4e0003u); /* in another subnet, so nobody answers for .3 */
	model->loss = losses == LOSE_FRAMES ? 0.4 : 0;
	model_start(model);
	do
		owner->down = losses == LOSE_ROUNDS && vip_rounds(model) % 2 == 1;
	while (model_turn(model));
	model_finish(model);
	return model;
}

static void
unheard_director_is_in_doubt(void **state)
{
	size_t heard = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		const enum losses losses = seed < 50 ? LOSE_FRAMES : LOSE_ROUNDS;
		struct model *model = director_without_its_address(losses, 6600 + seed);

		if (model->cluster.vips[0].owner_count == 1) {
			assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE,
			    "does not answer for its own address");
			assert_int_equal(claimant_of(model, 3)->verdict, VERDICT_INCONCLUSIVE);
			assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
			heard++;
		}
		model_free(model);
	}
	assert_true(heard >= 50);
}

static void
owner_replaces_a_director_that_is_down(void **state)
{
	struct model *model = director_without_its_address(LOSE_NOTHING, 65);

	(void)state;
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "is not the named director");
	assert_int_equal(claimant_of(model, 3)->verdict, VERDICT_VIOLATION);
	assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
	model_free(model);
}

/* All servers of a fleet have lost their settings and answer. However many they are, the director
 * finds a place in the table. */
static void
faulty_fleet_hides_no_director(void **state)
{
	static const char *const names[] = {"10.77.0.3", "02:00:0a:4d:00:03"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = model_new("10.77.0.11-60", 66 + i);

		name_directors(model, names[i]);
		for (uint8_t last = 11; last < 60; last++)
			add_server(model, last)->answers_vip = true;
		add_server(model, 60);
		add_director(model, 3);
		model_run(model);
		assert_int_equal(model->cluster.vips[0].owner_count, 50);
		for (uint8_t last = 11; last < 60; last++)
			assert_verdict(model, last, VERDICT_VIOLATION);
		assert_verdict(model, 60, VERDICT_COMPLIANT);
		assert_int_equal(claimant_of(model, 3)->role, ROLE_DIRECTOR);
		assert_int_equal(claimant_of(model, 3)->verdict, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* Rounds whose answers the capture may have lost do not count. The engine repeats all of them. */
static void
lost_captures_void_the_rounds_for_owners(void **state)
{
	struct model *model = sound("10.77.0.11-12", 64);
	size_t rounds;

	(void)state;
	model_start(model);
	while (model_turn(model))
		;
	rounds = vip_rounds(model);
	audit_capture_lost(model->audit, model->now_us - 1000000, model->now_us);
	model_finish(model);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	arena_free(model->arena);
	while (model_turn(model))
		;
	assert_true(vip_rounds(model) >= rounds + VIP_BROADCASTS);
	model_finish(model);
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_null(finding_of(model, "vip-owner"));
	arena_free(model->arena);
	/* If that never ends, an owner may have been missed. */
	for (int i = 0; i < VOIDS_MAX; i++) {
		audit_capture_lost(model->audit, model->now_us - 1000000, model->now_us);
		while (model_turn(model))
			;
	}
	model_finish(model);
	assert_finding(model, "capture-lost", SEVERITY_INCONCLUSIVE, "may have been missed");
	model_free(model);
}

/* ---- The DR signature --------------------------------------------------------------------- */

static void
forwards_to(struct model *model, uint8_t last, uint8_t first, uint8_t second)
{
	struct model_host *host = machine(model, last);

	host->real_servers[0] = first;
	host->real_servers[1] = second;
	host->real_server_count = 2;
}

/* A director .3 forwards to .11 and .12, which listen on port 80. */
static struct model *
balanced(const char *hosts, uint64_t seed)
{
	struct model *model = model_new(hosts, seed);

	set_port(model, 80);
	add_director(model, 3);
	add_server(model, 11)->listens = true;
	add_server(model, 12)->listens = true;
	forwards_to(model, 3, 11, 12);
	return model;
}

static void
assert_owner(const struct model *model, uint8_t last, bool expected)
{
	const struct vip_result *vip = &model->cluster.vips[0];
	const struct mac of = mac(last);

	for (size_t i = 0; i < vip->owner_count; i++)
		if (mac_equal(&vip->owners[i].mac, &of)) {
			assert_int_equal(vip->owners[i].expected, expected);
			return;
		}
	fail_msg("10.77.0.%u is no owner", last);
}

static void
signature_reveals_a_leaking_server(void **state)
{
	static const char *const hosts[] = {"10.77.0.11-12", NULL};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (uint64_t listens = 0; listens < 2; listens++) {
			struct model *model = balanced(hosts[i], 30 + listens);

			machine(model, 12)->answers_vip = machine(model, 12)->speaks_as_vip = true;
			machine(model, 11)->listens = machine(model, 12)->listens = listens == 1;
			model_run(model);
			assert_owner(model, 3, true);
			assert_owner(model, 12, false);
			assert_finding(model, "vip-owner", SEVERITY_VIOLATION,
			    "other hosts answer connections to its MAC");
			assert_outcome(model, 12, "vip-reply", OUTCOME_FAIL);
			/* The known director could be elicited, and the caches restored. */
			assert_outcome(model, 12, "vip-source", OUTCOME_FAIL);
			assert_outcome(model, 11, "vip-source", OUTCOME_PASS);
			assert_true(model->wire.owner_restored);
			assert_int_equal(claimant_of(model, 3)->verdict, VERDICT_COMPLIANT);
			assert_int_equal(model->half_open, 0);
			model_free(model);
		}
	}
}

/* A SYN for the signature travels one hop further than an attempt does. */
#define SIGNATURE_TTL 2

/* More servers leak than the probe has ports. No two SYNs are under way from one port, and the
 * director is found all the same. */
static void
signature_of_a_fleet_shares_no_port(void **state)
{
	struct model *model = model_new("10.77.0.11-90", 33);
	bool *open = calloc(UINT16_MAX + 1, sizeof(*open));
	uint32_t syns = 0;

	(void)state;
	assert_non_null(open);
	set_port(model, 80);
	model->plan.settings.rate = 0; /* the SYNs of a round leave before their answers come */
	add_director(model, 3);
	forwards_to(model, 3, 11, 12);
	for (uint8_t last = 11; last <= 90; last++) {
		struct model_host *server = add_server(model, last);

		server->listens = true;
		server->answers_vip = last > 12;
	}
	model_run(model);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct frame *frame = &model->sent[i].frame;

		if (frame->kind != FRAME_TCP || frame->ip.ttl != SIGNATURE_TTL)
			continue;
		const bool syn = frame->ip.tcp.flags == TCP_SYN;

		assert_true(open[frame->ip.tcp.source_port] != syn);
		open[frame->ip.tcp.source_port] = syn;
		syns += syn;
	}
	assert_true(syns > 79);
	assert_owner(model, 3, true);
	assert_owner(model, 90, false);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	free(open);
	model_free(model);
}

static void
no_elicit_sends_no_syn(void **state)
{
	struct model *model = balanced("10.77.0.11-12", 32);

	(void)state;
	model->plan.settings.elicit = false;
	machine(model, 12)->answers_vip = true;
	model_run(model);
	assert_int_equal(model->ip_packets, 0);
	assert_finding(model, "presumed-director", SEVERITY_NOTE, "is not a listed real server");
	assert_owner(model, 3, true);
	assert_owner(model, 12, false);
	model_free(model);
}

/* Two that forward, or one that forwards and one that might: the engine must not guess. */
static void
two_signatures_prove_nothing(void **state)
{
	static const char *const hosts[] = {"10.77.0.11-12", NULL};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct model *model = balanced(hosts[i % 2], 33);

		add_director(model, 4);
		forwards_to(model, 4, 11, 12);
		if (i >= 2) {
			/* The real server is not in the plan, or only the sweep finds it. */
			add_server(model, 21);
			forwards_to(model, 4, 21, 21);
		}
		model_run(model);
		assert_owner(model, 3, false);
		assert_owner(model, 4, false);
		assert_true(model->cluster.verdict == VERDICT_VIOLATION);
		assert_int_equal(model->forwarded > 0, 1);
		model_free(model);
	}
}

/* The sole owner is a listed real server. If it forwards to others, it is also the director. */
static void
signature_reveals_a_local_node(void **state)
{
	struct model *model = balanced("10.77.0.11-12", 34);
	struct model_host *local = machine(model, 11);

	(void)state;
	machine(model, 3)->down = true;
	local->answers_vip = local->speaks_as_vip = true;
	forwards_to(model, 11, 11, 12);
	model_run(model);
	assert_owner(model, 11, true);
	assert_int_equal(result_of(model, 11)->role, ROLE_DIRECTOR_REAL_SERVER);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	assert_finding(model, "local-node", SEVERITY_NOTE, "02:00:0a:4d:00:0b");
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	model_free(model);

	/* The same server forwards nothing. */
	model = balanced("10.77.0.11-12", 35);
	machine(model, 3)->down = true;
	machine(model, 11)->answers_vip = true;
	model_run(model);
	assert_owner(model, 11, false);
	assert_verdict(model, 11, VERDICT_VIOLATION);
	assert_int_equal(model->half_open, 0);
	model_free(model);
}

/* A range of real servers may hold the director, or another VIP that the director answers for. */
static void
range_may_hold_the_director(void **state)
{
	(void)state;
	for (int other_vip = 0; other_vip < 2; other_vip++) {
		struct model *model =
		    sound(other_vip ? "10.77.0.11-12,10.77.0.101-102" : "10.77.0.2-20", 5);

		if (other_vip)
			add_host(model, 101)->mac = mac(3);
		model_run(model);
		const uint8_t owner = other_vip ? 101 : 3;

		assert_verdict(model, owner, VERDICT_INCONCLUSIVE);
		assert_int_equal(result_of(model, owner)->role, ROLE_MAYBE_DIRECTOR);
		assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "only a range names it");
		assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
		model_free(model);
	}
	/* A single address names a real server. */
	struct model *model = sound("10.77.0.3,10.77.0.11-12", 5);

	model_run(model);
	assert_verdict(model, 3, VERDICT_VIOLATION);
	model_free(model);
	/* If a machine in no range answers, that is the director. */
	model = sound("10.77.0.11-20", 5);
	machine(model, 12)->answers_vip = true;
	model_run(model);
	assert_owner(model, 3, true);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	model_free(model);
}

/* Where nobody may answer for the VIP, caches that lead to a director do so after a leak as well.
 */
static void
owner_that_must_not_be_is_restored(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 10; seed++) {
		struct model *model = sound("10.77.0.11-12", seed);
		const struct mac owner = mac(3);

		model->plan.clusters[0].owner = OWNER_NONE;
		machine(model, 12)->speaks_as_vip = true;
		model_run(model);
		model_run_on(model);
		assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "nobody may");
		assert_null(finding_of(model, "owner-not-restored"));
		assert_true(
		    mac_equal(&model->cached, &mac_zero) || mac_equal(&model->cached, &owner));
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

static void
advertise_11(struct model *model)
{
	const struct frame frame = advertisement(model, 11);

	hear(model, &frame);
}

/* The advertisement may come after all hosts have been asked. */
static void
advertisement_reveals_a_local_node(void **state)
{
	static const uint64_t after_us[] = {10000, 200000, 1000000};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct model *model = model_new("10.77.0.11-12", 36);

		add_director(model, 11);
		add_server(model, 12);
		run_with(model, after_us[i], advertise_11);
		assert_int_equal(result_of(model, 11)->role, ROLE_DIRECTOR_REAL_SERVER);
		assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A router with a proxy entry for the VIP forwards like a director. It gives itself away: it
 * answers for decoys too, or tells by ICMP that it routes. */
static void
proxying_router_has_no_signature(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct model *model = balanced("10.77.0.11-12", 37);
		struct model_host *router = add_host(model, 9);

		machine(model, 3)->real_server_count = 0;
		machine(model, 12)->answers_vip = true;
		router->answers_vip = router->forwards = true;
		router->proxies = i != 1;
		router->has_all = i == 3; /* not every router leaves SPA 0.0.0.0 unanswered */
		router->routes = i == 1;
		router->proxy_delay_us = i == 2 ? 700000 : 0;
		forwards_to(model, 9, 11, 12);
		model_run(model);
		assert_owner(model, 9, false);
		assert_true(model->cluster.verdict == VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A router that proxies ARP may answer by the virtual MAC of its group. That makes it no director,
 * neither beside the director nor while that is down. */
static void
proxying_router_is_no_virtual_router(void **state)
{
	static const struct mac virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 7}};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct model *model = sound("10.77.0.11-12", 37);
		struct model_host *router = add_host(model, 9);

		router->mac = virtual_mac;
		router->answers_vip = true;
		router->proxies = router->never_probes = i < 4;
		router->has_all = i >= 4;
		router->proxy_delay_us = i / 2 == 1 ? 700000 : 0;
		machine(model, 3)->down = i % 2 == 1;
		model_run(model);
		/* As far as ARP tells, the fifth one has all these addresses. */
		if (i % 2 == 0) {
			assert_owner(model, 3, i < 4);
			assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "2 MACs answer");
		} else if (i < 4) {
			assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
			assert_finding(
			    model, "vip-owner", SEVERITY_INCONCLUSIVE, "answers for addresses of");
		} else {
			assert_finding(
			    model, "presumed-director", SEVERITY_NOTE, "is presumed to be");
		}
		model_free(model);
	}
}

/* A sweep only assumes that the sole owner is the director. The signature proves it. Without the
 * signature, the doubt is greater. */
static void
signature_confirms_a_discovered_owner(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = balanced(NULL, 38);

		if (i == 1)
			machine(model, 3)->real_server_count = 0;
		model_run(model);
		assert_owner(model, 3, i == 0);
		assert_null(finding_of(model, "presumed-director"));
		if (i == 0) {
			assert_null(finding_of(model, "vip-owner"));
		} else {
			assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE,
			    "itself, as a real server does");
			assert_int_equal(result_of(model, 3)->role, ROLE_MAYBE_DIRECTOR);
			assert_verdict(model, 3, VERDICT_INCONCLUSIVE);
		}
		model_free(model);
	}
}

/* Lost answers may hide the signature. They never attribute it to the wrong host. */
static void
loss_misattributes_no_signature(void **state)
{
	size_t found = 0;

	(void)state;
	for (uint64_t seed = 3000; seed < 3300; seed++) {
		struct model *model = balanced("10.77.0.11-12", seed);
		struct model_host *leak = machine(model, 12);

		model->loss = seed % 2 == 0 ? 0.05 : 0.2;
		leak->answers_vip = true;
		if (seed % 3 == 0)
			forwards_to(model, 12, 12, 11); /* LocalNode beside a director */
		model_run(model);
		/* The director may not have been heard at all. */
		for (size_t i = 0; model->cluster.vips[0].owner_count == 2 && i < 2; i++) {
			const struct owner_result *owner = &model->cluster.vips[0].owners[i];

			if (owner->expected && !mac_equal(&owner->mac, &machine(model, 3)->mac))
				fail_msg("seed %u", (unsigned)seed);
			found += owner->expected;
		}
		model_free(model);
	}
	assert_true(found >= 190);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unlisted_claims_are_reported_by_kind),
	    cmocka_unit_test(listed_claimant_that_stops_is_a_violation),
	    cmocka_unit_test(early_claims_are_evidence_of_their_kind),
	    cmocka_unit_test(standby_claim_is_reported_as_one),
	    cmocka_unit_test(relayed_claim_accuses_both),
	    cmocka_unit_test(single_relayed_claim_accuses_nobody),
	    cmocka_unit_test(relayed_director_is_noted),
	    cmocka_unit_test(virtual_router_is_named_by_its_number),
	    cmocka_unit_test(virtual_router_accuses_no_other_owner),
	    cmocka_unit_test(hand_over_is_no_second_owner),
	    cmocka_unit_test(unannounced_hand_over_is_in_doubt),
	    cmocka_unit_test(answers_to_one_question_are_no_hand_over),
	    cmocka_unit_test(leaking_server_does_not_hide_a_hand_over),
	    cmocka_unit_test(preempted_director_may_answer_for_a_moment),
	    cmocka_unit_test(named_director_may_change_its_mac),
	    cmocka_unit_test(flip_flop_is_two_owners),
	    cmocka_unit_test(successor_that_never_answers_is_no_owner),
	    cmocka_unit_test(hand_over_to_an_unnamed_director_is_a_violation),
	    cmocka_unit_test(hand_over_to_a_listed_server_is_a_violation),
	    cmocka_unit_test(listed_server_is_no_former_director),
	    cmocka_unit_test(loss_never_hides_two_owners),
	    cmocka_unit_test(hand_over_under_loss),
	    cmocka_unit_test(uncertain_hand_over_is_inconclusive),
	    cmocka_unit_test(hand_over_to_an_unheard_director_is_in_doubt),
	    cmocka_unit_test(unheard_director_excuses_no_second_owner),
	    cmocka_unit_test(successor_that_is_succeeded_is_not_waited_for),
	    cmocka_unit_test(flapping_claimants_are_asked_a_bounded_number_of_times),
	    cmocka_unit_test(lost_captures_void_a_hand_over),
	    cmocka_unit_test(resignation_is_no_claim),
	    cmocka_unit_test(vacancy_after_a_resignation_is_in_doubt),
	    cmocka_unit_test(owners_have_rounds_of_their_own),
	    cmocka_unit_test(owner_that_may_be_missed_is_inconclusive),
	    cmocka_unit_test(sole_owner_is_not_asked_for_ever),
	    cmocka_unit_test(short_audits_ask_for_owners_too),
	    cmocka_unit_test(unheard_director_is_in_doubt),
	    cmocka_unit_test(owner_replaces_a_director_that_is_down),
	    cmocka_unit_test(faulty_fleet_hides_no_director),
	    cmocka_unit_test(lost_captures_void_the_rounds_for_owners),
	    cmocka_unit_test(signature_reveals_a_leaking_server),
	    cmocka_unit_test(signature_of_a_fleet_shares_no_port),
	    cmocka_unit_test(no_elicit_sends_no_syn),
	    cmocka_unit_test(two_signatures_prove_nothing),
	    cmocka_unit_test(signature_reveals_a_local_node),
	    cmocka_unit_test(advertisement_reveals_a_local_node),
	    cmocka_unit_test(range_may_hold_the_director),
	    cmocka_unit_test(owner_that_must_not_be_is_restored),
	    cmocka_unit_test(proxying_router_has_no_signature),
	    cmocka_unit_test(proxying_router_is_no_virtual_router),
	    cmocka_unit_test(signature_confirms_a_discovered_owner),
	    cmocka_unit_test(loss_misattributes_no_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
