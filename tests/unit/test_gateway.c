/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check gateway: the real engine and a modelled router, frames in and frames out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/plan.h"
#include "model.h"

#define ROUTER 254

/* A sound segment and a router that passes packets for the VIP to one of its hosts; 0: to nobody.
 */
static struct model *
routed(uint8_t leads_to)
{
	struct model *model = sound("10.77.0.11-12", 77);
	struct error error = {.status = 0};
	struct model_host *router = add_host(model, ROUTER);

	router->bound = false;
	router->leads_to = leads_to;
	assert_true(plan_add_gateways(&model->plan.clusters[0], "10.77.0.254", &error));
	return model;
}

static const struct gateway_result *
gateway_of(const struct model *model)
{
	const struct gateway_result *gateway = model->cluster.vips[0].gateway;

	assert_non_null(gateway);
	return gateway;
}

static bool
is_by_router(const struct sent *sent, enum frame_kind kind)
{
	const struct mac router = mac(ROUTER);

	return sent->frame.kind == kind && mac_equal(&sent->frame.destination, &router);
}

static size_t
count_by_router(const struct model *model, enum frame_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		count += is_by_router(&model->sent[i], kind);
	return count;
}

static void
right_entry_passes(void **state)
{
	struct model *model = routed(3);
	const struct mac director = mac(3);

	(void)state;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_PASS);
	assert_int_equal(gateway_of(model)->router_count, 1);
	assert_true(mac_equal(&gateway_of(model)->routers[0].answered_by, &director));
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_int_equal(count_by_router(model, FRAME_ECHO_REQUEST), 2);
	assert_int_equal(count_by_router(model, FRAME_TCP), 0);
	/* It is asked for its MAC as by any neighbour, never with SPA 0.0.0.0. */
	assert_int_equal(questions_for(model, ROUTER), 1);
	for (size_t i = 0; i < model->sent_count; i++)
		if (is_question(&model->sent[i], ROUTER, &mac_broadcast))
			assert_true(address_equal(
			    &model->sent[i].frame.arp.spa, &model->segment.own.address));
	model_free(model);
}

/* The router leads to rs1, while all who-has VIP is answered well. */
static void
wrong_entry_fails(void **state)
{
	struct model *model = routed(11);
	const struct mac server = mac(11);

	(void)state;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_FAIL);
	assert_true(mac_equal(&gateway_of(model)->routers[0].answered_by, &server));
	assert_finding(model, "gateway", SEVERITY_VIOLATION, "10.77.0.11");
	assert_non_null(strstr(finding_of(model, "gateway")->remedy, "10.77.0.254"));
	assert_int_equal(model->cluster.vips[0].verdict, VERDICT_VIOLATION);
	/* The server itself is sound. */
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* No packet may reach a host that does not have the probe in its cache: it could claim the VIP to
 * resolve it. */
static void
hosts_know_the_probe_first(void **state)
{
	struct model *model = routed(11);
	bool planted = false;

	(void)state;
	machine(model, 11)->speaks_as_vip = true;
	model_run(model);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct mac server = mac(11);

		planted = planted || is_question(&model->sent[i], 11, &server);
		assert_true(planted || !is_by_router(&model->sent[i], FRAME_ECHO_REQUEST));
	}
	assert_true(planted);
	model_free(model);
}

/* What a claim that the audit provoked may explain accuses nobody; by then it is undone. */
static void
provoked_claims_are_undone_first(void **state)
{
	struct model *model = routed(3);

	(void)state;
	machine(model, 11)->speaks_as_vip = true;
	model_run(model);
	assert_true(model->wire.leaks_provoked > 0);
	assert_true(model->wire.owner_restored);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_PASS);
	model_free(model);
}

static void
silence_is_inconclusive(void **state)
{
	struct model *model = routed(3);

	(void)state;
	machine(model, 3)->ignores_echo = true;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_INCONCLUSIVE);
	assert_finding(model, "gateway", SEVERITY_INCONCLUSIVE, "10.77.0.254");
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* Nobody asked for the default gateway to be judged. */
static void
silent_default_gateway_is_a_note(void **state)
{
	struct model *model = routed(3);

	(void)state;
	model->plan.clusters[0].gateways.found = true;
	machine(model, ROUTER)->down = true;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_INCONCLUSIVE);
	assert_false(gateway_of(model)->routers[0].has_mac);
	assert_finding(model, "gateway", SEVERITY_NOTE, "does not answer ARP requests");
	assert_int_equal(model->cluster.verdict, VERDICT_COMPLIANT);
	assert_int_equal(questions_for(model, ROUTER), 3);
	assert_int_equal(count_by_router(model, FRAME_ECHO_REQUEST), 0);
	model_free(model);
}

/* The director passes SYNs on to two servers: only a director can have done that. */
static void
syns_show_a_director(void **state)
{
	struct model *model = routed(3);
	struct model_host *director = machine(model, 3);

	(void)state;
	set_port(model, 80);
	director->ignores_echo = true;
	director->real_servers[director->real_server_count++] = 11;
	director->real_servers[director->real_server_count++] = 12;
	machine(model, 11)->listens = machine(model, 12)->listens = true;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_PASS);
	assert_true(count_by_router(model, FRAME_TCP) >= 4);
	assert_int_equal(model->half_open, 0);
	model_free(model);
}

/* One server alone may have got them from the router. */
static void
syns_of_one_server_show_nothing(void **state)
{
	struct model *model = routed(11);

	(void)state;
	set_port(model, 80);
	machine(model, 11)->listens = machine(model, 12)->listens = true;
	machine(model, 11)->ignores_echo = true;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_INCONCLUSIVE);
	assert_int_equal(model->half_open, 0);
	model_free(model);
}

/* A director that answers no echo request leaves nothing to compare with. */
static void
silent_director_accuses_nobody(void **state)
{
	struct model *model = routed(11);

	(void)state;
	machine(model, 3)->ignores_echo = true;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_INCONCLUSIVE);
	model_free(model);
}

static void
routed_vips_have_no_entry(void **state)
{
	struct model *model = routed(3);

	(void)state;
	model->plan.clusters[0].owner = OWNER_NONE;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_SKIPPED);
	assert_int_equal(questions_for(model, ROUTER), 0);
	model_free(model);
}

static void
nothing_is_sent_without_eliciting(void **state)
{
	struct model *model = routed(3);

	(void)state;
	model->plan.settings.elicit = false;
	model_run(model);
	assert_int_equal(gateway_of(model)->outcome, OUTCOME_SKIPPED);
	assert_int_equal(model->ip_packets, 0);
	model_free(model);
}

/* Without a gateway the report has no such part, and nothing is sent. */
static void
no_gateway_changes_nothing(void **state)
{
	struct model *model = sound("10.77.0.11-12", 77);

	(void)state;
	model_run(model);
	assert_null(model->cluster.vips[0].gateway);
	model_free(model);
}

static void
gateways_are_no_other_roles(void **state)
{
	static const char *const lines[] = {"10.77.0.100", "10.77.0.200"};
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct model *model = sound("10.77.0.11-12", 77);
		struct plan_cluster *cluster = &model->plan.clusters[0];

		error = (struct error){.status = 0};
		assert_true(plan_add_decoys(cluster, "10.77.0.200", &error));
		assert_true(plan_add_gateways(cluster, lines[i], &error));
		assert_false(plan_check(cluster, &error));
		assert_int_equal(error.status, EXIT_USAGE);
		assert_non_null(strstr(error.text, "gateway"));
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(right_entry_passes),
	    cmocka_unit_test(wrong_entry_fails),
	    cmocka_unit_test(hosts_know_the_probe_first),
	    cmocka_unit_test(provoked_claims_are_undone_first),
	    cmocka_unit_test(silence_is_inconclusive),
	    cmocka_unit_test(silent_default_gateway_is_a_note),
	    cmocka_unit_test(syns_show_a_director),
	    cmocka_unit_test(syns_of_one_server_show_nothing),
	    cmocka_unit_test(silent_director_accuses_nobody),
	    cmocka_unit_test(routed_vips_have_no_entry),
	    cmocka_unit_test(nothing_is_sent_without_eliciting),
	    cmocka_unit_test(no_gateway_changes_nothing),
	    cmocka_unit_test(gateways_are_no_other_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
