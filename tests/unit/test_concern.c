/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which captured frames concern an audit, and how findings get their numbers and times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"

#define STRANGER 60
#define OTHER    61

static bool
concerns(const struct model *model, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {.frame = *frame, .bytes = bytes, .length = sizeof(bytes)};

	return audit_concerns(model->audit, &capture);
}

/* A stranger's broadcast: who-has `tpa` tell `spa`. */
static struct frame
request(struct address spa, struct address tpa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = mac(STRANGER),
	    .destination = mac_broadcast,
	    .arp = {.operation = ARP_REQUEST, .sha = mac(STRANGER), .spa = spa, .tpa = tpa},
	};
}

/* A stranger's packet to the probe. */
static struct frame
packet(enum frame_kind kind, struct address source)
{
	return (struct frame){
	    .kind = kind,
	    .source = mac(STRANGER),
	    .destination = mac(1),
	    .ip = {.source = source, .destination = ip(1)},
	};
}

/* An address of no concern. Any free address of the audited subnet may be a decoy. */
static struct address
strange(uint8_t last)
{
	return address_ipv4(0x0a4e0000u | last);
}

/* Starts a model with a director named by its MAC and two named servers. */
static struct model *
named(void)
{
	struct model *model = model_new("10.77.0.11-12", 1);
	struct error error = {0};

	assert_true(
	    plan_add_directors(&model->plan.clusters[0], "02:00:0a:4d:00:04,10.77.0.3", &error));
	assert_true(plan_add_decoys(&model->plan.clusters[0], "10.77.0.200", &error));
	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	return model;
}

static void
arp_about_audited_addresses_concerns(void **state)
{
	static const uint8_t own[] = {100, 11, 12, 3, 200, 1};
	struct model *model = named();
	struct frame frame = request(strange(STRANGER), strange(OTHER));

	(void)state;
	assert_false(concerns(model, &frame));
	for (size_t i = 0; i < sizeof(own); i++) {
		frame = request(strange(STRANGER), ip(own[i]));
		assert_true(concerns(model, &frame));
		frame = request(ip(own[i]), strange(OTHER));
		assert_true(concerns(model, &frame));
	}
	frame = request(address_unspecified(ADDRESS_IPV4), strange(OTHER));
	assert_false(concerns(model, &frame));
	model_free(model);
}

static void
arp_from_audited_hosts_concerns(void **state)
{
	struct model *model = named();
	struct frame frame = request(strange(STRANGER), strange(OTHER));

	(void)state;
	frame.source = mac(4); /* a director, named by its MAC */
	assert_true(concerns(model, &frame));
	frame.source = mac(11); /* known since its first answer */
	assert_false(concerns(model, &frame));
	while (model_turn(model))
		;
	assert_true(concerns(model, &frame));
	frame.source = mac(STRANGER);
	frame.arp.sha = mac(11);
	assert_true(concerns(model, &frame));
	frame.arp.sha = mac(STRANGER);
	assert_false(concerns(model, &frame));
	/* One claim makes the stranger a concern of the audit. */
	const struct frame claimed = claim(model, STRANGER, ARP_REQUEST, &model->vip);

	hear(model, &claimed);
	assert_true(concerns(model, &frame));
	model_free(model);
}

/* A sweep covers nearly every address. Only those that have answered are hosts. With this seed,
 * neither stranger's address is a decoy. */
static void
sweep_concerns_hosts_that_answered(void **state)
{
	struct model *model = model_new(NULL, 1);
	struct frame frame = request(ip(STRANGER), ip(OTHER));

	(void)state;
	name_decoys(model);
	add_director(model, 3);
	add_server(model, 11);
	model_start(model);
	assert_false(concerns(model, &frame));
	frame.arp.operation = ARP_REPLY;
	assert_false(concerns(model, &frame));
	frame.destination = mac(1); /* the answer that makes the host known */
	assert_true(concerns(model, &frame));
	while (model_turn(model))
		;
	frame = request(ip(STRANGER), ip(OTHER));
	assert_false(concerns(model, &frame));
	frame = request(ip(STRANGER), ip(11));
	assert_true(concerns(model, &frame));
	model_free(model);
}

static void
vrrp_of_a_vip_concerns(void **state)
{
	static const uint8_t addresses[] = {10, 77, 0, 99, 10, 77, 0, 100};
	struct model *model = named();
	struct frame frame = packet(FRAME_VRRP, strange(STRANGER));

	(void)state;
	frame.ip.vrrp.addresses = addresses;
	frame.ip.vrrp.address_count = 1;
	assert_false(concerns(model, &frame));
	frame.ip.vrrp.address_count = 2;
	assert_true(concerns(model, &frame));
	model_free(model);
}

static void
packets_from_a_vip_or_to_a_decoy_concern(void **state)
{
	static const enum frame_kind kinds[] = {
	    FRAME_ECHO_REPLY, FRAME_ICMP_ERROR, FRAME_TCP, FRAME_UDP};
	struct model *model = named();

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct frame frame = packet(kinds[i], ip(100));

		assert_true(concerns(model, &frame));
		frame.ip.source = strange(OTHER);
		assert_false(concerns(model, &frame));
		frame.ip.destination = ip(200);
		assert_true(concerns(model, &frame));
	}
	model_free(model);
}

/* Answers in another name than the VIP's count only from a known host. Otherwise anyone could fill
 * the evidence file. */
static void
answers_of_known_hosts_in_another_name_concern(void **state)
{
	struct model *model = named();
	struct frame frames[] = {
	    packet(FRAME_ECHO_REPLY, ip(11)),
	    packet(FRAME_ICMP_ERROR, ip(11)),
	    packet(FRAME_TCP, ip(11)),
	    packet(FRAME_UDP, ip(11)),
	    packet(FRAME_ECHO_REQUEST, ip(11)),
	};

	(void)state;
	while (model_turn(model))
		;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		frames[i].source = mac(11);
		assert_false(concerns(model, &frames[i]));
	}
	frames[0].ip.echo.identifier = model->segment.elicit_port;
	frames[1].ip.error.destination = model->vip;
	frames[2].ip.tcp.destination_port = model->segment.elicit_port;
	frames[3].ip.udp.destination_port = model->segment.elicit_port;
	for (size_t i = 0; i < 4; i++) {
		assert_true(concerns(model, &frames[i]));
		frames[i].source = mac(STRANGER);
		assert_false(concerns(model, &frames[i]));
	}
	assert_false(concerns(model, &frames[4]));
	model_free(model);
}

static void
ignored_frames_do_not_concern(void **state)
{
	struct model *model = named();
	struct frame frame = request(strange(STRANGER), ip(100));

	(void)state;
	frame.vlan = 5;
	assert_false(concerns(model, &frame));
	frame.vlan = 0;
	frame.source = mac(1);
	assert_false(concerns(model, &frame));
	frame = packet(FRAME_OTHER, ip(100));
	assert_false(concerns(model, &frame));
	model_free(model);
}

/* The evidence of the finding about 10.77.0.12: its first answer for the VIP. */
static const struct evidence *
evidence_of(struct model *model)
{
	if (model->arena != NULL)
		arena_free(model->arena);
	model_finish(model);
	const struct host_result *result = result_of(model, 12);

	for (size_t i = 0; i < result->finding_count; i++)
		if (strcmp(result->findings[i].id, "vip-reply") == 0 &&
		    result->findings[i].evidence_count == 1)
			return &result->findings[i].evidence[0];
	fail_msg("no vip-reply with evidence");
	return NULL;
}

static void
findings_have_the_frame_number_and_time_of_the_capture(void **state)
{
	static const uint8_t bytes[60];
	struct model *model = named();
	struct capture capture = {
	    .frame = claim(model, 12, ARP_REPLY, &model->segment.own.address),
	    .bytes = bytes,
	    .length = sizeof(bytes),
	    .wire_length = sizeof(bytes),
	    .time_us = START_US - 17,
	    .number = 23,
	};

	(void)state;
	for (size_t i = 0; i < 40; i++) /* until its MAC is known */
		(void)model_turn(model);
	capture.frame.destination = mac(1);
	audit_receive(model->audit, model->now_us, &capture);
	assert_int_equal(evidence_of(model)->frame, 23);
	assert_int_equal(evidence_of(model)->time_us, START_US - 17);
	/* Frames of a file that could not be written have no numbers. */
	audit_evidence_lost(model->audit);
	assert_int_equal(evidence_of(model)->frame, 0);
	assert_int_equal(evidence_of(model)->time_us, START_US - 17);
	for (size_t i = 0; i < model->cluster.vips[0].finding_count; i++) {
		const struct finding *finding = &model->cluster.vips[0].findings[i];

		for (size_t k = 0; k < finding->evidence_count; k++)
			assert_int_equal(finding->evidence[k].frame, 0);
	}
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arp_about_audited_addresses_concerns),
	    cmocka_unit_test(arp_from_audited_hosts_concerns),
	    cmocka_unit_test(sweep_concerns_hosts_that_answered),
	    cmocka_unit_test(vrrp_of_a_vip_concerns),
	    cmocka_unit_test(packets_from_a_vip_or_to_a_decoy_concern),
	    cmocka_unit_test(answers_of_known_hosts_in_another_name_concern),
	    cmocka_unit_test(ignored_frames_do_not_concern),
	    cmocka_unit_test(findings_have_the_frame_number_and_time_of_the_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
