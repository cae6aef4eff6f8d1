/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request for a decoy is taken for, by the real engine in virtual time. A request clears its
 * host only if a packet from the VIP follows it.
 */
#include "model.h"

/* Director .3, and server .11, which .12 is like but for its arp_announce of 0. */
static struct model *
servers(uint64_t seed)
{
	struct model *model = model_new("10.77.0.11-12", seed);

	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12)->speaks_as_vip = true;
	name_directors(model, "10.77.0.3");
	return model;
}

static const struct request_case {
	const char *what;
	bool rejects_echo, rejects_decoys, ignores_announcements, ignores_requests;
	enum check_outcome sound, faulty;
} request_cases[] = {
    {"answers", false, false, false, false, OUTCOME_PASS, OUTCOME_FAIL},
    {"rejects echo requests", true, false, false, false, OUTCOME_PASS, OUTCOME_FAIL},
    {"rejects echo requests, but not the probe's", false, true, false, false, OUTCOME_PASS,
	OUTCOME_FAIL},
    {"takes no announcement", false, false, true, false, OUTCOME_PASS, OUTCOME_FAIL},
    {"learns from no request", false, false, true, true, OUTCOME_INCONCLUSIVE, OUTCOME_FAIL},
    {"rejects, and learns from none", true, false, true, true, OUTCOME_INCONCLUSIVE, OUTCOME_FAIL},
};

/* A firewall that rejects a packet for the VIP sends an ICMP error from the RIP, and asks for the
 * decoy with the RIP, whatever its arp_announce. */
static void
requests_count_for_packets_from_the_vip_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(request_cases) / sizeof(request_cases[0]); i++) {
		const struct request_case *row = &request_cases[i];
		struct model *model = servers(100 + i);

		for (uint8_t last = 11; last <= 12; last++) {
			struct model_host *host = machine(model, last);

			host->rejects_echo = row->rejects_echo;
			host->rejects_decoys = row->rejects_decoys;
			host->ignores_announcements = row->ignores_announcements;
			host->ignores_requests = row->ignores_requests;
		}
		model_run(model);
		print_message("%s\n", row->what);
		assert_outcome(model, 11, "vip-source", row->sound);
		assert_outcome(model, 12, "vip-source", row->faulty);
		assert_verdict(model, 12, VERDICT_VIOLATION);
		model_free(model);
	}
}

/* A host without the VIP that forwards asks as a sound server would. */
static void
forwarders_are_not_cleared(void **state)
{
	struct model *model = servers(7);

	(void)state;
	machine(model, 11)->bound = false;
	machine(model, 11)->forwards = true;
	model_run(model);
	assert_outcome(model, 11, "vip-source", OUTCOME_INCONCLUSIVE);
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

static bool
is_announcement(const struct frame *frame)
{
	return frame->kind == FRAME_ARP && frame->arp.operation == ARP_REQUEST &&
	       address_equal(&frame->arp.spa, &frame->arp.tpa);
}

/* The announcement tells no bystander of the decoy, and leaves the host a stale entry, which it
 * forgets. A reply would leave a lasting one. */
static void
announcements_go_to_the_asking_host_alone(void **state)
{
	struct model *model = servers(8);
	const struct mac sound = mac(11);
	size_t count = 0;

	(void)state;
	model_run(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	for (size_t i = 0; i < model->sent_count; i++) {
		const struct frame *frame = &model->sent[i].frame;

		if (!is_announcement(frame))
			continue;
		count++;
		assert_true(mac_equal(&frame->destination, &sound));
		assert_true(mac_equal(&frame->arp.sha, &model->segment.mac));
	}
	/* One for the sound server. The leak of the other one is answered by a reply. */
	assert_int_equal(count, 1);
	assert_int_equal(model->decoys_announced, 1);
	assert_true(model->decoys_answered >= 1);
	assert_int_equal(model->half_open, 0);
	model_free(model);
}

/* ---- VIPs that come and go ---------------------------------------------------------------- */

static uint64_t
last_question_us(const struct model *model, uint8_t last)
{
	const struct mac to = mac(last);
	uint64_t time_us = 0;

	for (size_t i = 0; i < model->sent_count; i++)
		if (is_question(&model->sent[i], 100, &to))
			time_us = model->sent[i].time_us;
	return time_us;
}

/* Runs an audit in which server .11 gains or loses the VIP at that time. While it holds the VIP it
 * answers for it, if `answers`. */
static struct model *
run_changing(bool gains, bool answers, uint64_t after_us)
{
	struct model *model = servers(after_us);
	struct model_host *host = machine(model, 11);

	host->bound = !gains;
	host->answers_vip = answers && host->bound;
	model_start(model);
	do {
		if (model->now_us < START_US + after_us)
			continue;
		host->bound = gains;
		host->answers_vip = answers && host->bound;
	} while (model_turn(model));
	model_finish(model);
	return model;
}

/* The silences from before the server held the VIP do not count. */
static void
servers_that_gain_the_vip_are_asked_again(void **state)
{
	unsigned violations = 0;

	(void)state;
	for (uint64_t after_us = 0; after_us < 2400000; after_us += 15000) {
		struct model *model = run_changing(true, true, after_us);
		const enum verdict verdict = result_of(model, 11)->verdict;

		assert_int_not_equal(verdict, VERDICT_COMPLIANT);
		violations += verdict == VERDICT_VIOLATION;
		model_free(model);
	}
	assert_true(violations > 20);
}

/* A server that no longer holds the VIP keeps silent, whatever its arp_ignore. */
static void
servers_that_lose_the_vip_are_not_cleared(void **state)
{
	unsigned compliant = 0;

	(void)state;
	for (uint64_t after_us = 0; after_us < 2400000; after_us += 15000) {
		struct model *model = run_changing(false, false, after_us);
		const enum verdict verdict = result_of(model, 11)->verdict;

		assert_int_not_equal(verdict, VERDICT_VIOLATION);
		if (verdict == VERDICT_COMPLIANT)
			assert_true(last_question_us(model, 11) < START_US + after_us);
		compliant += verdict == VERDICT_COMPLIANT;
		model_free(model);
	}
	assert_true(compliant > 20);
}

/* Linux repeats the DS field of a SYN in its RST. */
static void
resets_of_the_host_itself_show_the_vip(void **state)
{
	struct model *model = servers(74);

	(void)state;
	machine(model, 11)->ignores_echo = machine(model, 11)->drops_udp = true;
	model_run(model);
	assert_outcome(model, 11, "vip-bound", OUTCOME_PASS);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	model_free(model);
}

/* A filter may reset connections to a VIP that the host does not hold. The host then asks for the
 * decoy with its own address, as a sound server does. */
static void
resets_do_not_show_the_vip(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct model *model = servers(74);

		machine(model, 11)->resets = true;
		set_port(model, i == 1 ? 80 : 0);
		model_run(model);
		assert_outcome(model, 11, "vip-bound", OUTCOME_INCONCLUSIVE);
		assert_outcome(model, 11, "vip-source", OUTCOME_INCONCLUSIVE);
		assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
		assert_outcome(
		    model, 11, "service", i == 1 ? OUTCOME_INCONCLUSIVE : OUTCOME_SKIPPED);
		model_free(model);
	}
}

/* What a host sends by itself may come while its next SYN still waits to be sent. That SYN never
 * leaves then, and nothing is to be reset. */
static struct frame
stray(const struct model *model, uint8_t last)
{
	return (struct frame){
	    .kind = FRAME_ECHO_REPLY,
	    .source = mac(last),
	    .destination = model->segment.mac,
	    .ip = {.source = model->vip, .destination = ip(1), .ttl = 64},
	};
}

static bool
is_tcp(const struct sent *sent, uint8_t flags)
{
	return sent->frame.kind == FRAME_TCP && sent->frame.ip.tcp.flags == flags;
}

static bool
has_syn_before(const struct model *model, const struct frame *reset, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		const struct frame *syn = &model->sent[i].frame;

		if (is_tcp(&model->sent[i], TCP_SYN) &&
		    syn->ip.tcp.sequence + 1 == reset->ip.tcp.sequence &&
		    mac_equal(&syn->destination, &reset->destination))
			return true;
	}
	return false;
}

static void
syns_and_resets_are_pairs(void **state)
{
	size_t pairs = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct model *model = servers(seed);
		size_t syns = 0, resets = 0;

		model->plan.settings.rate = 40;
		for (uint8_t last = 11; last <= 12; last++)
			machine(model, last)->ignores_echo = true;
		model_start(model);
		for (uint64_t turn = 0; model_turn(model); turn++) {
			const struct frame frame = stray(model, 11 + turn % 2);

			if (turn % 3 == 0)
				hear(model, &frame);
		}
		model_finish(model);
		for (size_t i = 0; i < model->sent_count; i++) {
			syns += is_tcp(&model->sent[i], TCP_SYN);
			if (!is_tcp(&model->sent[i], TCP_RST))
				continue;
			assert_true(has_syn_before(model, &model->sent[i].frame, i));
			resets++;
		}
		assert_int_equal(syns, resets);
		pairs += resets;
		model_free(model);
	}
	assert_true(pairs > 20);
}

/* ---- Another card ------------------------------------------------------------------------- */

/* Audits two sound servers. When the first packet has left from a decoy, the machine with that last
 * octet asks for the decoy as the VIP. Returns the server that the packet went to. */
static struct model *
run_with_request(uint8_t sender, bool broadcast, uint8_t *elicited)
{
	struct model *model = model_new("10.77.0.11-12", 90);

	add_director(model, 3);
	add_server(model, 11);
	add_server(model, 12);
	name_directors(model, "10.77.0.3");
	model_start(model);
	const size_t first = run_until_decoys_are_used(model);
	const struct frame *packet = &model->sent[first].frame;
	struct frame request = claim(model, sender, ARP_REQUEST, &packet->ip.source);

	*elicited = packet->destination.octet[5];
	if (!broadcast)
		request.destination = model->segment.mac;
	hear(model, &request);
	while (model_turn(model))
		;
	model_finish(model);
	return model;
}

/* Nobody but the host had a packet from that decoy, so the other MAC may be a card of the host. */
static void
requests_by_an_unknown_mac_leave_the_elicited_host_in_doubt(void **state)
{
	uint8_t elicited;
	struct model *model = run_with_request(77, true, &elicited);
	const uint8_t other = elicited == 11 ? 12 : 11;

	(void)state;
	assert_outcome(model, elicited, "vip-source", OUTCOME_INCONCLUSIVE);
	assert_verdict(model, elicited, VERDICT_INCONCLUSIVE);
	assert_verdict(model, other, VERDICT_COMPLIANT);
	model_free(model);
}

/* The director is made to ask for decoys, and a unicast request checks an entry that is there. */
static void
requests_of_the_owner_and_by_unicast_say_nothing_of_the_elicited_host(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		uint8_t elicited;
		struct model *model = run_with_request(i == 0 ? 3 : 77, i == 0, &elicited);

		assert_outcome(model, elicited, "vip-source", OUTCOME_PASS);
		assert_verdict(model, elicited, VERDICT_COMPLIANT);
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(requests_count_for_packets_from_the_vip_alone),
	    cmocka_unit_test(forwarders_are_not_cleared),
	    cmocka_unit_test(announcements_go_to_the_asking_host_alone),
	    cmocka_unit_test(resets_of_the_host_itself_show_the_vip),
	    cmocka_unit_test(resets_do_not_show_the_vip),
	    cmocka_unit_test(syns_and_resets_are_pairs),
	    cmocka_unit_test(requests_by_an_unknown_mac_leave_the_elicited_host_in_doubt),
	    cmocka_unit_test(requests_of_the_owner_and_by_unicast_say_nothing_of_the_elicited_host),
	    cmocka_unit_test(servers_that_gain_the_vip_are_asked_again),
	    cmocka_unit_test(servers_that_lose_the_vip_are_not_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
