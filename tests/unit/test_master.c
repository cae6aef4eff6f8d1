/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual router owns the VIP (RFC 5798), by the real engine in virtual time: the master claims
 * by its own MAC, two masters share one MAC, a hand-over leaves the MAC as it is.
 */
#include <string.h>

#include "model.h"

#define SERVERS "10.77.0.11-12"
#define VIRTUAL 33 /* the model's host with the virtual router's MAC */

static const struct mac virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};

/* Directors .3 (the master) and .4, servers .11 and .12. The master answers for the VIP only by the
 * virtual MAC, and requests decoys as the VIP by its own MAC. Linux does so with keepalived's
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

/* An advertisement, heard `after_us` after the start of the audit. */
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

/* The advertisements come from the virtual MAC, or with `base` from the master's own. */
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
master_is_compliant(void **state)
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

/* A sweep finds the master's own MAC before any advertisement tells that it is the master. */
static void
master_is_compliant_in_a_sweep(void **state)
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

/* Without any advertisement the master is not elicited either. The VIP is not compliant then. */
static void
unheard_master_is_not_elicited(void **state)
{
	struct model *model = virtual_router(SERVERS, "10.77.0.3,10.77.0.4", 3);

	(void)state;
	run_hearing(model, nothing, false);
	assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "no advertisement shows");
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_verdict(model, 12, VERDICT_COMPLIANT);
	model_free(model);
}

/* In a sweep any host may be the master: none is elicited, accused or cleared. */
static void
unheard_master_is_not_elicited_in_a_sweep(void **state)
{
	struct model *model = virtual_router(NULL, NULL, 3);

	(void)state;
	run_hearing(model, nothing, false);
	assert_int_equal(model->wire.leaks_provoked, 0);
	assert_verdict(model, 12, VERDICT_INCONCLUSIVE);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static void
make_claim(struct model *model)
{
	const struct address tpa = ip(77);
	const struct frame frame = claim(model, 3, ARP_REQUEST, &tpa);

	hear(model, &frame);
}

/* The master requests an address as the VIP, unprovoked. */
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

/* A standby must not claim the VIP. */
static void
claim_of_the_standby_is_a_violation(void **state)
{
	struct model *model = virtual_router(SERVERS, "10.77.0.3,10.77.0.4", 5);

	(void)state;
	machine(model, 4)->bound = machine(model, 4)->speaks_as_vip = true;
	run_hearing(model, steady, false);
	assert_finding(model, "standby-claim", SEVERITY_VIOLATION, "10.77.0.4");
	assert_verdict(model, 4, VERDICT_VIOLATION);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	model_free(model);
}

static void
advertisements_reveal_two_masters(void **state)
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
	    /* The first master is silent for three of its intervals. That proves little when the
	     * probe no longer asks. Or it resigns. */
	    {{{100000, 3, 100, 0}, {1100000, 4, 90, 0}, END}, "vip-owner", SEVERITY_INCONCLUSIVE},
	    {{{100000, 3, 100, 0}, {200000, 3, RESIGNED, 0}, {300000, 4, 90, 0}, END}, "hand-over",
		SEVERITY_NOTE},
	    {{{10000, 3, 100, 30000}, {110000, 4, 90, 0}, END}, "hand-over", SEVERITY_NOTE},
	    /* The resignation is another host's, or the master did not mean it. */
	    {{{100000, 3, 100, 0}, {200000, 4, RESIGNED, 0}, {300000, 4, 90, 0}, END}, "vip-owner",
		SEVERITY_INCONCLUSIVE},
	    {{{100000, 3, 100, 0}, {200000, 3, RESIGNED, 0}, {250000, 3, 100, 0},
		 {300000, 4, 90, 0}, END},
		"vip-owner", SEVERITY_INCONCLUSIVE},
	    /* A second change does not make the first one legitimate. */
	    {{{100000, 3, 100, 0}, {300000, 4, 90, 0}, {400000, 4, RESIGNED, 0},
		 {500000, 3, 100, 0}, END},
		"vip-owner", SEVERITY_INCONCLUSIVE},
	    /* The answers before the hand-over are not the new master's. */
	    {{{100000, 3, 100, 0}, {600000, 3, RESIGNED, 0}, {650000, 4, 90, 0}, END}, "hand-over",
		SEVERITY_NOTE},
	    /* The audit waits for the first one's next, an interval after the second one's. */
	    {{{700000, 3, 100, 1000000}, {850000, 4, 90, 1000000}, {1750000, 3, 100, 1000000}, END},
		"vip-owner", SEVERITY_VIOLATION},
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

/* No advertisement of either is heard, or only those before the crash. But each question gets two
 * answers. */
static void
answers_reveal_two_masters(void **state)
{
	static const struct heard crash[] = {{10000, 3, 100, 30000}, {110000, 4, 90, 0}, END};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct model *model = virtual_router(SERVERS, NULL, 7);

		if (i > 0)
			add_director(model, VIRTUAL + 1)->mac = virtual_mac;
		run_hearing(model, i == 2 ? crash : nothing, false);
		if (i > 0)
			assert_finding(
			    model, "vip-owner", SEVERITY_INCONCLUSIVE, "more ARP replies");
		assert_int_equal(
		    model->cluster.verdict, i == 0 ? VERDICT_COMPLIANT : VERDICT_INCONCLUSIVE);
		model_free(model);
	}
}

/* A listed server is the director as well, with its own MAC. Its advertisement comes after the
 * hosts would have been done. */
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

/* Both named directors answer; the standby leaks. VRRP tells which is which. No remedy takes the
 * VIP from the master. */
static void
advertisement_decides_between_named_directors(void **state)
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
	    cmocka_unit_test(master_is_compliant),
	    cmocka_unit_test(master_is_compliant_in_a_sweep),
	    cmocka_unit_test(unheard_master_is_not_elicited),
	    cmocka_unit_test(unheard_master_is_not_elicited_in_a_sweep),
	    cmocka_unit_test(claim_of_the_master_is_noted),
	    cmocka_unit_test(claim_of_the_standby_is_a_violation),
	    cmocka_unit_test(advertisements_reveal_two_masters),
	    cmocka_unit_test(answers_reveal_two_masters),
	    cmocka_unit_test(late_advertisement_is_waited_for),
	    cmocka_unit_test(advertisement_decides_between_named_directors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
