/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged frames, frames that cross each other, and frames at a bad moment. None may clear a faulty
 * host, accuse a sound one, or make the probe do harm. */

#include "model.h"

/* Host `sender` sends a reply with its own MAC. One damaged bit turned its SPA into `rip`, another
 * host's address. */
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
	enum verdict of_11, of_12; /* .11 is at fault, .12 is sound */
} damages[] = {
    {NULL, 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 3, 11, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"02:00:0a:4d:00:03", 11, 3, VERDICT_VIOLATION, VERDICT_COMPLIANT},
    {"10.77.0.3", 12, 11, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE},
    {"10.77.0.3", 12, 3, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE},
};

static void
damaged_reply_makes_no_director_and_accuses_nobody(void **state)
{
	static const uint64_t after_us[] = {0, 30000, 300000};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		for (size_t when = 0; when < 3; when++) {
			struct model *model = sound("10.77.0.11-12", 3);

			if (damages[i].directors != NULL)
				name_directors(model, damages[i].directors);
			machine(model, 11)->answers_vip = true;
			run_damaged(model, after_us[when], damages[i].rip, damages[i].sender);
			/* If the damaged reply comes first of all, the engine probes the host by
			 * the wrong MAC. */
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

/* .11 is down. One bit of the SPA in a reply of director .3 is damaged and makes it .11. */
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
			machine(model, 11)->down = true;
			run_damaged(model, after_us[when], 11, 3);
			assert_true(model->cluster.verdict != VERDICT_VIOLATION);
			assert_true(result_of(model, 11)->verdict == VERDICT_INCONCLUSIVE);
			model_free(model);
		}
	}
}

/* The named director .3 is down, and .11 leaks. One damaged bit in a reply of .11 makes its SPA
 * .3. */
static void
damaged_reply_makes_no_dead_director(void **state)
{
	static const uint64_t after_us[] = {1000, 30000, 300000, 800000};

	(void)state;
	for (size_t when = 0; when < 4; when++) {
		struct model *model = sound("10.77.0.11-12", 3);

		name_directors(model, "10.77.0.3");
		machine(model, 3)->down = true;
		machine(model, 11)->answers_vip = machine(model, 11)->speaks_as_vip = true;
		run_damaged(model, after_us[when], 3, 11);
		assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
		assert_true(model->cluster.verdict == VERDICT_VIOLATION);
		model_free(model);
	}
}

/* .12 proxies ARP. One damaged reply of .12 has .11 as its SPA. */
static void
damaged_reply_makes_no_proxy(void **state)
{
	(void)state;
	struct model *model = sound("10.77.0.11-12", 3);

	machine(model, 12)->proxies = true;
	run_damaged(model, 300000, 11, 12);
	assert_true(result_of(model, 11)->verdict != VERDICT_VIOLATION);
	model_free(model);
}

static const struct mac virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 51}};

struct heard {
	uint64_t after_us;
	uint8_t by, priority;
};

#define CROSSING_US 1000

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
		/* The engine may sleep, so what crosses is heard in one turn. */
		for (; heard->after_us != 0 &&
		       START_US + heard->after_us < model->now_us + CROSSING_US;
		     heard++) {
			struct frame frame = advertisement(model, heard->by);

			frame.source = virtual_mac;
			frame.ip.vrrp.priority = heard->priority;
			frame.ip.vrrp.interval_us = 300000;
			hear(model, &frame);
		}
	}
	model_finish(model);
	assert_int_equal(heard->after_us, 0);
	assert_int_equal(model->cluster.verdict, expected);
	model_free(model);
}

static void
crossing_advertisements_do_not_make_two_masters(void **state)
{
	/* .4 returns with the higher priority just after .3 has sent its own advertisement. */
	static const struct heard race[] = {{100000, 3, 100}, {399500, 4, 200}, {400000, 3, 100},
	    {699500, 4, 200}, {999500, 4, 200}, {0, 0, 0}};

	(void)state;
	masters_race(race, VERDICT_INCONCLUSIVE);
}

/* A former director turns out to be a second MAC of a listed server. */
static void
server_known_later_is_no_former_director(void **state)
{
	(void)state;
	struct model *model = sound("10.77.0.11-12", 12);
	size_t step = 0;
	struct model_host *second = add_host(model, 66);

	/* The server's second interface leaks while the director is down. Then the director comes
	 * up, and the server is fixed. */
	second->answers_vip = second->bound = true;
	machine(model, 3)->answers_vip = machine(model, 3)->speaks_as_vip = false;
	model_start(model);
	while (model_turn(model)) {
		if (step == 0 && model->now_us >= START_US + 30000) {
			hear_damaged(model, 11, 66);
			step++;
		} else if (step == 1 && model->now_us >= START_US + 300000) {
			const struct address vip = model->vip;

			second->answers_vip = second->bound = false;
			machine(model, 3)->answers_vip = machine(model, 3)->speaks_as_vip = true;
			const struct frame frame = claim(model, 3, ARP_REQUEST, &vip);

			hear(model, &frame);
			step++;
		} else if (step == 2 && model->now_us >= START_US + 1400000) {
			hear_damaged(model, 11, 66);
			step++;
		}
	}
	model_finish(model);
	assert_int_equal(step, 3);
	assert_true(result_of(model, 11)->verdict != VERDICT_COMPLIANT);
	assert_null(finding_of(model, "hand-over"));
	model_free(model);
}

/* The fourth lost capture cancels an inquiry that hosts are waiting for. */
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
		machine(model, 3)->answers_vip = machine(model, 3)->speaks_as_vip = false;
		machine(model, 4)->answers_vip = machine(model, 4)->speaks_as_vip = true;
		machine(model, 4)->bound = true;
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

static struct model *
leaking(uint32_t rate)
{
	struct model *model = sound("10.77.0.11-30", 1);

	for (uint8_t last = 13; last <= 30; last++)
		add_server(model, last);
	model->plan.settings.rate = rate;
	machine(model, 11)->speaks_as_vip = true;
	return model;
}

/* Index of the first packet that elicits the owner. */
static size_t
find_restoration(const struct model *model)
{
	const struct mac owner = mac(3);

	for (size_t i = 0; i < model->sent_count; i++)
		if (model->sent[i].frame.kind == FRAME_ECHO_REQUEST &&
		    mac_equal(&model->sent[i].frame.destination, &owner))
			return i;
	fail_msg("the owner was not restored");
	return 0;
}

/* A host appears with the decoy's address just before the packet that restores the owner is sent
 * from it. The packet may be in the queue already or not. A first audit with the same seed tells
 * when that is. */
static void
restoration_never_speaks_for_an_address_in_use(void **state)
{
	size_t appeared = 0;

	(void)state;
	for (uint32_t rate = 20; rate < 200; rate += 20) {
		struct model *undisturbed = leaking(rate), *model = leaking(rate);

		model_run(undisturbed);
		const size_t place = find_restoration(undisturbed);
		const struct address decoy = undisturbed->sent[place].frame.ip.source;

		model_start(model);
		while (
		    model->now_us < undisturbed->sent[place].time_us && model->sent_count < place)
			assert_true(model_turn(model));
		if (model->sent_count == place) {
			appear(model, &decoy);
			appeared++;
		}
		while (model_turn(model))
			;
		model_finish(model);
		model_free(model);
		model_free(undisturbed);
	}
	assert_true(appeared > 0);
}

/* The engine has sent a SYN from a decoy to .13, which does not answer. Captures have been lost as
 * often as decoys are verified anew. Then one more capture is lost, so the engine gives up all
 * decoys. A host may appear with that decoy's address. */
static struct model *
with_syn_out(bool appears, struct address *decoy)
{
	static const uint64_t at_us[] = {100000, 200000, 300000};
	struct model *model = sound("10.77.0.11-13", 1);
	const struct mac silent = mac(13);
	size_t step = 0;

	add_host(model, 13);
	model_start(model);
	while (model_turn(model)) {
		const struct sent *last = &model->sent[model->sent_count - 1];

		if (step < 3 && model->now_us >= START_US + at_us[step]) {
			audit_capture_lost(model->audit, model->now_us, model->now_us);
			step++;
		} else if (step == 3 && last->frame.kind == FRAME_TCP &&
			   (last->frame.ip.tcp.flags & TCP_SYN) != 0 &&
			   mac_equal(&last->frame.destination, &silent) &&
			   is_from_decoy(model, last)) {
			*decoy = last->frame.ip.source;
			if (appears) {
				audit_capture_lost(model->audit, model->now_us, model->now_us);
				appear(model, decoy);
			}
			step++;
		}
	}
	assert_int_equal(step, 4);
	model_finish(model);
	return model;
}

static size_t
resets_from(const struct model *model, const struct address *source)
{
	size_t count = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		count += model->sent[i].frame.kind == FRAME_TCP &&
			 (model->sent[i].frame.ip.tcp.flags & TCP_RST) != 0 &&
			 address_equal(&model->sent[i].frame.ip.source, source);
	return count;
}

/* A RST follows the SYN, unless the SYN's address is in use by now. */
static void
reset_never_speaks_for_an_address_in_use(void **state)
{
	struct address decoy;

	(void)state;
	for (int appears = 0; appears < 2; appears++) {
		struct model *model = with_syn_out(appears == 1, &decoy);

		assert_int_equal(resets_from(model, &decoy), appears == 1 ? 0 : 1);
		model_free(model);
	}
}

/* A sound bond. One bit of the TPA in one of its replies is damaged. */
static void
damaged_target_makes_no_rival(void **state)
{
	(void)state;
	for (uint64_t after_us = 20000; after_us < 1000000; after_us += 140000) {
		struct model *model = sound("10.77.0.11-12", 5);
		bool done = false;

		machine(model, 11)->probes_mac = mac(66);
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
	    cmocka_unit_test(damaged_reply_makes_no_director_and_accuses_nobody),
	    cmocka_unit_test(damaged_reply_accuses_no_dead_server),
	    cmocka_unit_test(damaged_reply_makes_no_dead_director),
	    cmocka_unit_test(damaged_reply_makes_no_proxy),
	    cmocka_unit_test(crossing_advertisements_do_not_make_two_masters),
	    cmocka_unit_test(server_known_later_is_no_former_director),
	    cmocka_unit_test(lost_captures_end_the_wait_for_an_inquiry),
	    cmocka_unit_test(restoration_never_speaks_for_an_address_in_use),
	    cmocka_unit_test(reset_never_speaks_for_an_address_in_use),
	    cmocka_unit_test(damaged_target_makes_no_rival),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
