/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that are damaged, cross each other or come at a bad moment: none may make a fault look
 * sound, accuse the sound, or make the probe do harm. */

#include "model.h"

/* From where the decoys do not get through, the probe's own address is what makes servers ask; one
 * bit of the SPA is damaged. */
static bool damaged;

static void
damage_own(struct model *model, struct frame *frame)
{
	const struct address probe = ip(1), other = ip(101); /* one bit off the VIP, .100 */

	(void)model;
	if (damaged || frame->kind != FRAME_ARP || frame->arp.operation != ARP_REQUEST ||
	    !address_equal(&frame->arp.tpa, &probe) || frame->source.octet[5] != 11)
		return;
	frame->arp.spa = other;
	damaged = true;
}

static void
damaged_request_for_the_probe_clears_none(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 4; seed++) {
		struct model *model = sound("10.77.0.11-12", seed);

		damaged = false;
		model->damage = damage_own;
		for (uint8_t last = 11; last <= 12; last++)
			host_of(model, last)->guarded = host_of(model, last)->asks_for_probe = true;
		host_of(model, 11)->speaks_as_vip = true;
		model_run(model);
		assert_true(damaged);
		assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* A reply for the RIP of one, with the MAC of another: one bit of the other's SPA was damaged. */
static void
hear_damaged(struct model *model, uint8_t rip, uint8_t sender)
{
	struct frame frame = claim(model, sender, ARP_REPLY, &model->segment.own.address);

	frame.arp.spa = ip(rip);
	frame.destination = model->segment.mac;
	hear(model, &frame);
}

static void
run_damaged(struct model *model, uint64_t after_us, uint8_t rip, uint8_t sender)
{
	bool done = false;

	model_start(model);
	while (model_turn(model)) {
		if (done || model->now_us < START_US + after_us)
			continue;
		hear_damaged(model, rip, sender);
		done = true;
	}
	model_finish(model);
	assert_true(done);
}

static const struct damage {
	const char *directors;
	uint8_t rip, sender;
	enum verdict of_11, of_12; /* 11 is at fault, 12 is sound */
} damages[] = {
    {NULL, 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 3, 11, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"02:00:0a:4d:00:03", 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 12, 11, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE},
    {"10.77.0.3", 12, 3, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE},
};

static void
damaged_reply_makes_no_director_and_accuses_none(void **state)
{
	static const uint64_t after_us[] = {0, 30000, 300000};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		for (size_t when = 0; when < 3; when++) {
			struct model *model = sound("10.77.0.11-12", 3);

			if (damages[i].directors != NULL)
				name_directors(model, damages[i].directors);
			host_of(model, 11)->answers_vip = true;
			run_damaged(model, after_us[when], damages[i].rip, damages[i].sender);
			/* One that comes first of all has the host asked by the wrong MAC. */
			if (when > 0) {
				assert_verdict(model, 11, damages[i].of_11);
				assert_verdict(model, 12, damages[i].of_12);
			}
			assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
			assert_true(result_of(model, 12)->verdict != VERDICT_VIOLATION);
			assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
			model_free(model);
		}
	}
}

/* .11 is down; a reply of the director, .3, has one bit of its SPA wrong: .11 */
static void
damaged_reply_accuses_no_dead_server(void **state)
{
	static const uint64_t after_us[] = {1000, 30000, 300000, 800000};

	(void)state;
	for (size_t named = 0; named < 2; named++) {
		for (size_t when = 0; when < 4; when++) {
			struct model *model = sound("10.77.0.11-12", 3);

			if (named)
				name_directors(model, "10.77.0.3");
			host_of(model, 11)->down = true;
			run_damaged(model, after_us[when], 11, 3);
			assert_true(model->cluster.verdict != VERDICT_VIOLATION);
			assert_true(result_of(model, 11)->verdict == VERDICT_INCONCLUSIVE);
			model_free(model);
		}
	}
}

/* The director named, .3, is down; .11 leaks; one of its replies has one bit wrong: .3 */
static void
damaged_reply_makes_no_dead_director(void **state)
{
	static const uint64_t after_us[] = {1000, 30000, 300000, 800000};

	(void)state;
	for (size_t when = 0; when < 4; when++) {
		struct model *model = sound("10.77.0.11-12", 3);

		name_directors(model, "10.77.0.3");
		host_of(model, 3)->down = true;
		host_of(model, 11)->answers_vip = host_of(model, 11)->speaks_as_vip = true;
		run_damaged(model, after_us[when], 3, 11);
		assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
		assert_true(model->cluster.verdict == VERDICT_VIOLATION);
		model_free(model);
	}
}

/* .12 proxies ARP; one damaged reply of its names .11. */
static void
damaged_reply_makes_no_proxy(void **state)
{
	(void)state;
	struct model *model = sound("10.77.0.11-12", 3);

	host_of(model, 12)->proxies = true;
	run_damaged(model, 300000, 11, 12);
	assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
	model_free(model);
}

static const struct mac virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};

struct heard {
	uint64_t after_us;
	uint8_t by, priority;
};

static void
masters_race(const struct heard *heard, enum verdict expected)
{
	struct model *model = model_new("10.77.0.11-12", 6);

	add_director(model, 33)->mac = virtual_mac;
	add_server(model, 3)->speaks_as_vip = true;
	add_host(model, 4);
	add_server(model, 11);
	add_server(model, 12);
	model_start(model);
	while (model_turn(model)) {
		if (heard->after_us == 0 || model->now_us < START_US + heard->after_us)
			continue;
		struct frame frame = advertisement(model, heard->by);

		frame.source = virtual_mac;
		frame.ip.vrrp.priority = heard->priority;
		frame.ip.vrrp.interval_us = 300000;
		hear(model, &frame);
		heard++;
	}
	model_finish(model);
	assert_int_equal(heard->after_us, 0);
	assert_int_equal(model->cluster.verdict, expected);
	model_free(model);
}

static void
crossing_advertisements_are_no_two_masters(void **state)
{
	/* .4 comes back with the higher priority; .3 has just sent its own. */
	static const struct heard race[] = {{100000, 3, 100}, {399500, 4, 200}, {400000, 3, 100},
	    {699500, 4, 200}, {999500, 4, 200}, {0, 0, 0}};

	(void)state;
	masters_race(race, VERDICT_INCONCLUSIVE);
}

/* A former director that turns out to be a second MAC of a listed server. */
static void
server_known_later_is_no_former_director(void **state)
{
	(void)state;
	struct model *model = sound("10.77.0.11-12", 12);
	size_t step = 0;
	struct model_host *second = add_host(model, 66);

	/* The server's second interface leaks; the director is down, then comes, and the server is
	 * mended. */
	second->answers_vip = second->bound = true;
	host_of(model, 3)->answers_vip = host_of(model, 3)->speaks_as_vip = false;
	model_start(model);
	while (model_turn(model)) {
		if (step == 0 && model->now_us >= START_US + 30000) {
			hear_damaged(model, 11, 66);
			step++;
		} else if (step == 1 && model->now_us >= START_US + 300000) {
			const struct address vip = model->vip;

			second->answers_vip = second->bound = false;
			host_of(model, 3)->answers_vip = host_of(model, 3)->speaks_as_vip = true;
			const struct frame frame = claim(model, 3, ARP_REQUEST, &vip);

			hear(model, &frame);
			step++;
		} else if (step >= 2 && step < 4 && model->now_us >= START_US + 1800000) {
			hear_damaged(model, 11, 66);
			step++;
		}
	}
	model_finish(model);
	assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
	assert_null(finding_of(model, "hand-over"));
	model_free(model);
}

/* The fourth lost capture cancels an inquiry that hosts wait for. */
static void
lost_captures_end_the_wait_for_an_inquiry(void **state)
{
	static const uint64_t at_us[] = {100000, 200000, 400000, 450000, 1430000};
	struct model *model = sound("10.77.0.11-12", 1);
	size_t step = 0;

	(void)state;
	model_start(model);
	while (model_turn(model)) {
		if (step == 5 || model->now_us < START_US + at_us[step])
			continue;
		if (step++ != 3) {
			audit_capture_lost(model->audit, model->now_us, model->now_us);
			continue;
		}
		host_of(model, 3)->answers_vip = host_of(model, 3)->speaks_as_vip = false;
		host_of(model, 4)->answers_vip = host_of(model, 4)->speaks_as_vip = true;
		host_of(model, 4)->bound = true;
		const struct frame frame = claim(model, 4, ARP_REQUEST, &model->vip);

		hear(model, &frame);
	}
	assert_int_equal(step, 5);
	model_finish(model);
	assert_true(model->cluster.verdict != VERDICT_COMPLIANT);
	model_free(model);
}

static void
appear(struct model *model, const struct address *address)
{
	const struct address probe = ip(1);
	struct frame frame = claim(model, address->octet[3], ARP_REQUEST, &probe);

	frame.arp.spa = *address;
	add_host(model, address->octet[3]);
	hear(model, &frame);
}

/* It appears while the packet that restores the owner waits for its turn. */
static void
restoration_speaks_for_nobody(void **state)
{
	size_t appeared = 0;

	(void)state;
	for (uint32_t rate = 20; rate < 200; rate += 20) {
		struct model *model = sound("10.77.0.11-30", 1);
		bool done = false;

		for (uint8_t last = 13; last <= 30; last++)
			add_server(model, last);
		model->plan.settings.rate = rate;
		host_of(model, 11)->speaks_as_vip = true;
		model_start(model);
		while (model_turn(model)) {
			const struct ring *ring = &model->audit->ring[LANE_BROADCAST];

			for (uint32_t i = 0; !done && i < ring->count; i++) {
				const struct outgoing *slot =
				    &ring->slot[(ring->first + i) % ring->capacity];

				if (slot->purpose != PURPOSE_NONE ||
				    slot->frame.kind != FRAME_ECHO_REQUEST)
					continue;
				appear(model, &slot->frame.ip.source);
				done = true;
				appeared++;
			}
		}
		model_finish(model);
		model_free(model);
	}
	assert_true(appeared > 0);
}

/* It appears after too many lost captures had all decoys given up, with a SYN out from there. */
static void
reset_speaks_for_nobody(void **state)
{
	static const uint64_t at_us[] = {100000, 200000, 300000};
	struct model *model = sound("10.77.0.11-13", 1);
	size_t step = 0;

	(void)state;
	add_host(model, 13);
	model_start(model);
	while (model_turn(model)) {
		if (step < 3 && model->now_us >= START_US + at_us[step]) {
			audit_capture_lost(model->audit, model->now_us, model->now_us);
			step++;
		}
		const struct host *host = &model->audit->hosts[2];

		if (step != 3 || !host->attempt_out || host->attempt_decoy == NONE ||
		    host->attempt_method != ELICIT_TCP_CLOSED ||
		    model->audit->ring[LANE_BROADCAST].count > 0)
			continue;
		audit_capture_lost(model->audit, model->now_us, model->now_us);
		if (host->attempt_out) {
			appear(model, attempt_address(model->audit, host));
			step++;
		}
	}
	assert_int_equal(step, 4);
	model_finish(model);
	model_free(model);
}

/* A sound bond, and one reply of its whose TPA has one bit wrong. */
static void
damaged_target_makes_no_rival(void **state)
{
	(void)state;
	for (uint64_t after_us = 20000; after_us < 1000000; after_us += 140000) {
		struct model *model = sound("10.77.0.11-12", 5);
		bool done = false;

		host_of(model, 11)->probes_mac = mac(66);
		model_start(model);
		while (model_turn(model)) {
			if (done || model->now_us < START_US + after_us)
				continue;
			struct frame frame =
			    claim(model, 11, ARP_REPLY, &model->segment.own.address);

			frame.arp.spa = ip(11);
			frame.arp.tpa.octet[3] ^= 0x20;
			frame.destination = model->segment.mac;
			hear(model, &frame);
			done = true;
		}
		model_finish(model);
		assert_true(done);
		assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(damaged_request_for_the_probe_clears_none),
	    cmocka_unit_test(damaged_reply_makes_no_director_and_accuses_none),
	    cmocka_unit_test(damaged_reply_accuses_no_dead_server),
	    cmocka_unit_test(damaged_reply_makes_no_dead_director),
	    cmocka_unit_test(damaged_reply_makes_no_proxy),
	    cmocka_unit_test(crossing_advertisements_are_no_two_masters),
	    cmocka_unit_test(server_known_later_is_no_former_director),
	    cmocka_unit_test(lost_captures_end_the_wait_for_an_inquiry),
	    cmocka_unit_test(restoration_speaks_for_nobody),
	    cmocka_unit_test(reset_speaks_for_nobody),
	    cmocka_unit_test(damaged_target_makes_no_rival),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
