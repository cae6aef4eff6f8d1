/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual router that owns the VIP, and its master: a claim by the master's own MAC, two
 * masters with one MAC, a hand-over that leaves the MAC as it is; by the real engine in virtual
 * time.
 */
#include <string.h>

#include "model.h"

#define SERVERS "10.77.0.11-12"
#define VIRTUAL 33 /* the host of the model that has the virtual router's MAC */

static const struct mac virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};

/* Directors .3 (the master) and .4, servers .11 and .12. The master answers for the VIP by the
 * virtual MAC alone, and asks for decoys as the VIP by its own: so does Linux with keepalived's
 * use_vmac. */
static struct model *
virtual_router(const char *servers, const char *directors, uint64_t seed)
{
	struct model *model = model_new(servers, seed);

	if (directors != NULL)
		name_directors(model, directors);
	add_director(model, VIRTUAL)->mac = virtual_mac;
	add_server(model, 3)->speaks_as_vip = true;
	add_host(model, 4);
	add_server(model, 11);
	add_server(model, 12);
	return model;
}

/* An advertisement that is heard so long after the start of the audit. */
struct heard {
	uint64_t after_us;
	uint8_t by, priority;
	uint32_t interval_us; /* 0: 300 ms */
};

#define RESIGNED 0
#define END                         \
	{                           \
		UINT64_MAX, 0, 0, 0 \
	}

/* By whom they are sent, the virtual MAC or (base) the master's own. */
static void
run_hearing(struct model *model, const struct heard *heard, bool base)
{
	model_start(model);
	while (model_turn(model)) {
		if (model->now_us < START_US + heard->after_us || heard->after_us == UINT64_MAX)
			continue;
		struct frame frame = advertisement(model, heard->by);

		if (!base)
			frame.source = virtual_mac;
		frame.ip.vrrp.priority = heard->priority;
		frame.ip.vrrp.interval_us = heard->interval_us != 0 ? heard->interval_us : 300000;
		hear(model, &frame);
		heard++;
	}
	assert_int_equal(heard->after_us, UINT64_MAX);
	model_finish(model);
}

static const struct heard steady[] = {{700000, 3, 100, 0}, {1000000, 3, 100, 0}, END};
static const struct heard nothing[] = {END};

static void
master_is_no_thief(void **state)
{
	static const char *const named[] = {
	    NULL, "10.77.0.3,10.77.0.4", "10.77.0.3,10.77.0.4,00:00:5e:00:01:33"};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct model *model = virtual_router(SERVERS, named[i / 2], 1);

		run_hearing(model, steady, i % 2 == 1);
		assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
		assert_int_equal(model->cluster.vips[0].finding_count, 0);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		assert_int_equal(model->wire.leaks_provoked, 0);
		if (named[i / 2] != NULL)
			assert_verdict(model, 3, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A sweep finds the master by its own MAC, before it is known to be that. */
static void
master_is_no_thief_in_a_sweep(void **state)
{
	static const struct heard late[] = {{1100000, 3, 100, 0}, END};
	struct model *model = virtual_router(NULL, NULL, 2);

	(void)state;
	run_hearing(model, late, false);
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	model_free(model);
}

/* Nor is it elicited where no advertisement tells; but the VIP is not compliant for that. */
static void
unheard_master_is_let_alone(void **state)
{
	struct model *model = virtual_router(SERVERS, "10.77.0.3,10.77.0.4", 3);

	(void)state;
	run_hearing(model, nothing, false);
	assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "no advertisement told");
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	model_free(model);
}

static void
make_claim(struct model *model)
{
	const struct address tpa = ip(77);
	const struct frame frame = claim(model, 3, ARP_REQUEST, &tpa);

	hear(model, &frame);
}

/* It asks for somebody as the VIP, which nobody has provoked. */
static void
claim_of_the_master_is_noted(void **state)
{
	static const struct {
		const char *named;
		const struct heard *heard;
		enum severity severity;
	} cases[] = {
	    {NULL, steady, SEVERITY_NOTE},
	    {"10.77.0.3,10.77.0.4,00:00:5e:00:01:33", steady, SEVERITY_NOTE},
	    {"10.77.0.3,10.77.0.4,00:00:5e:00:01:33", nothing, SEVERITY_INCONCLUSIVE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct model *model =
		    virtual_router(cases[i].named != NULL ? SERVERS : NULL, cases[i].named, 4);
		const struct heard *heard = cases[i].heard;
		bool claimed = false;

		model_start(model);
		while (model_turn(model)) {
			if (!claimed && model->now_us >= START_US + 500000) {
				make_claim(model);
				claimed = true;
			}
			if (heard->after_us == UINT64_MAX ||
			    model->now_us < START_US + heard->after_us)
				continue;
			struct frame frame = advertisement(model, heard->by);

			frame.source = virtual_mac;
			hear(model, &frame);
			heard++;
		}
		model_finish(model);
		assert_finding(model, "master-claim", cases[i].severity, "requests");
		assert_null(finding_of(model, "standby-claim"));
		assert_int_equal(result_of(model, 3)->verdict,
		    cases[i].severity == SEVERITY_NOTE ? VERDICT_COMPLIANT : VERDICT_INCONCLUSIVE);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* The standby has no right to that. */
static void
claim_of_the_standby_is_a_violation(void **state)
{
	struct model *model = virtual_router(SERVERS, "10.77.0.3,10.77.0.4", 5);

	(void)state;
	host_of(model, 4)->bound = host_of(model, 4)->speaks_as_vip = true;
	run_hearing(model, steady, false);
	assert_finding(model, "standby-claim", SEVERITY_VIOLATION, "10.77.0.4");
	assert_verdict(model, 4, VERDICT_VIOLATION);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	model_free(model);
}

static void
masters_are_told_by_their_advertisements(void **state)
{
	static const struct {
		struct heard heard[6];
		const char *id;
		enum severity severity;
	} cases[] = {
	    {{{100000, 3, 100, 0}, {300000, 4, 90, 0}, {400000, 3, 100, 0}, END}, "vip-owner",
		SEVERITY_VIOLATION},
	    {{{100000, 3, 100, 0}, {300000, 4, 90, 0}, {600000, 4, 90, 0}, END}, "vip-owner",
		SEVERITY_INCONCLUSIVE},
	    /* It is silent for three of its intervals, which says little when nobody asks any more;
	     * or resigns. */
	    {{{100000, 3, 100, 0}, {1100000, 4, 90, 0}, END}, "vip-owner", SEVERITY_INCONCLUSIVE},
	    {{{100000, 3, 100, 0}, {200000, 3, RESIGNED, 0}, {300000, 4, 90, 0}, END}, "hand-over",
		SEVERITY_NOTE},
	    {{{10000, 3, 100, 30000}, {110000, 4, 90, 0}, END}, "hand-over", SEVERITY_NOTE},
	    /* The resignation is another's; or was not meant. */
	    {{{100000, 3, 100, 0}, {200000, 4, RESIGNED, 0}, {300000, 4, 90, 0}, END}, "vip-owner",
		SEVERITY_INCONCLUSIVE},
	    {{{100000, 3, 100, 0}, {200000, 3, RESIGNED, 0}, {250000, 3, 100, 0},
		 {300000, 4, 90, 0}, END},
		"vip-owner", SEVERITY_INCONCLUSIVE},
	    /* A second change does not make the first a better one. */
	    {{{100000, 3, 100, 0}, {300000, 4, 90, 0}, {400000, 4, RESIGNED, 0},
		 {500000, 3, 100, 0}, END},
		"vip-owner", SEVERITY_INCONCLUSIVE},
	    /* What was answered before is none of the new master's answers. */
	    {{{100000, 3, 100, 0}, {600000, 3, RESIGNED, 0}, {650000, 4, 90, 0}, END}, "hand-over",
		SEVERITY_NOTE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct model *model = virtual_router(SERVERS, NULL, 6);

		run_hearing(model, cases[i].heard, i % 2 == 1);
		assert_finding(model, cases[i].id, cases[i].severity, "10.77.0.4");
		assert_int_equal(model->cluster.vips[0].finding_count, 1);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* Nobody hears their advertisements, or those of the one that crashed; but each question is
 * answered twice. */
static void
masters_are_told_by_their_answers(void **state)
{
	static const struct heard crash[] = {{10000, 3, 100, 30000}, {110000, 4, 90, 0}, END};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct model *model = virtual_router(SERVERS, NULL, 7);

		if (i > 0)
			add_director(model, VIRTUAL + 1)->mac = virtual_mac;
		run_hearing(model, i == 2 ? crash : nothing, false);
		if (i > 0)
			assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "more often");
		assert_int_equal(
		    model->cluster.verdict, i == 0 ? VERDICT_COMPLIANT : VERDICT_INCONCLUSIVE);
		model_free(model);
	}
}

/* A director that is a listed server itself, by its own MAC: the advertisement comes when the hosts
 * would long be done. */
static void
late_advertisement_is_waited_for(void **state)
{
	static const struct heard late[] = {{1000000, 3, 100, 0}, END};

	(void)state;
	struct model *model = model_new("10.77.0.3,10.77.0.11-12", 8);

	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->answers_vip = true;
	run_hearing(model, late, true);
	assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "advertises the VIP by VRRP");
	assert_int_equal(result_of(model, 3)->role, ROLE_DIRECTOR_REAL_SERVER);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	model_free(model);
}

static const char *
remedy_of(const struct model *model, uint8_t last, const char *id)
{
	const struct host_result *host = result_of(model, last);

	for (size_t i = 0; i < host->finding_count; i++)
		if (strcmp(host->findings[i].id, id) == 0)
			return host->findings[i].remedy;
	fail_msg("no finding %s of 10.77.0.%u", id, last);
	return "";
}

/* Both named directors answer, the standby because it leaks: VRRP tells which is which. Nobody is
 * told to take the VIP from the master. */
static void
advertisement_tells_between_named_directors(void **state)
{
	static const struct heard both[] = {{700000, 3, 100, 0}, {800000, 4, 100, 0}, END};
	static const char *const named[] = {
	    "10.77.0.3,10.77.0.4", "02:00:0a:4d:00:03,02:00:0a:4d:00:04"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const bool split = i % 2 == 1;
		struct model *model = model_new("10.77.0.4,10.77.0.11", 9);

		name_directors(model, named[i / 2]);
		add_director(model, 3);
		add_server(model, 4)->answers_vip = true;
		add_server(model, 11);
		run_hearing(model, split ? both : steady, true);
		assert_finding(model, "vip-owner", SEVERITY_VIOLATION, "2 MACs");
		assert_verdict(model, 4, VERDICT_VIOLATION);
		if (!split)
			assert_verdict(model, 11, VERDICT_COMPLIANT);
		assert_verdict(model, 3, split ? VERDICT_VIOLATION : VERDICT_COMPLIANT);
		if (i < 2) {
			assert_null(strstr(remedy_of(model, 4, "vip-reply"), "dev lo"));
			assert_non_null(strstr(remedy_of(model, 4, "vip-reply"), "arp_ignore=1"));
		}
		if (i == 1)
			assert_null(strstr(remedy_of(model, 3, "vip-reply"), "arp_ignore"));
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(master_is_no_thief),
	    cmocka_unit_test(master_is_no_thief_in_a_sweep),
	    cmocka_unit_test(unheard_master_is_let_alone),
	    cmocka_unit_test(claim_of_the_master_is_noted),
	    cmocka_unit_test(claim_of_the_standby_is_a_violation),
	    cmocka_unit_test(masters_are_told_by_their_advertisements),
	    cmocka_unit_test(masters_are_told_by_their_answers),
	    cmocka_unit_test(late_advertisement_is_waited_for),
	    cmocka_unit_test(advertisement_tells_between_named_directors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
