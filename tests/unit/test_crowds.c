/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One MAC that is heard for every RIP: what its frames cost an audit and a watch.
 *
 * The walks over the hosts of a MAC are counted, not timed: host_next_with_mac() is wrapped. A
 * segment of 2,048 hosts may take a few times what one of 64 takes, and not 32 times as much.
 */
#include <stdlib.h>
#include <string.h>

#include "arpaudit/checks.h"
#include "arpaudit/watch.h"
#include "audit/engine.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "facts_fixture.h"
#include "watch/inside.h"

#define FEW      64u
#define MANY     2048u
#define FIRST    0x0a4d1000u /* 10.77.16.0, in 10.77.0.0/16 */
#define FLOOD    10000u
#define APART_US 10 /* 100,000 frames a second */
#define MOST     8  /* times as many steps */

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker wants these names */
uint32_t __real_host_next_with_mac(const struct facts *facts, uint32_t host, const struct mac *mac);
uint32_t __wrap_host_next_with_mac(const struct facts *facts, uint32_t host, const struct mac *mac);

static uint64_t steps;

uint32_t
__wrap_host_next_with_mac(const struct facts *facts, uint32_t host, const struct mac *mac)
{
	steps++;
	return __real_host_next_with_mac(facts, host, mac);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static const struct mac liar = {{0x02, 0x66, 0, 0, 0, 0x66}};

/* An audit or a watch, which hears frames. */
struct listener {
	struct plan plan;
	struct audit *audit; /* or NULL */
	struct watch *watch; /* or NULL */
	uint64_t now_us;
	uint32_t hosts;
};

static void
open_listener(struct listener *listener, uint32_t hosts, bool watches)
{
	static const struct mac probe = {{0x02, 0, 0x0a, 0x4d, 0, PROBE}};
	static struct audit_segment segment;
	struct error error = {0};
	struct plan_cluster *cluster;
	char list[64];

	segment = (struct audit_segment){
	    .interface = "eth0", .mac = probe, .own = {ip(PROBE), 16}, .elicit_port = 61234};
	*listener = (struct listener){.now_us = START_US, .hosts = hosts};
	plan_init(&listener->plan);
	cluster = plan_add_cluster(&listener->plan, "test");
	assert_non_null(cluster);
	(void)snprintf(list, sizeof(list), "10.77.16.0-10.77.%u.%u", 16 + (hosts - 1) / 256,
	    (hosts - 1) % 256);
	assert_true(plan_add_vips(cluster, "10.77.0.100", &error));
	assert_true(plan_add_hosts(cluster, list, &error));
	assert_true(plan_check(cluster, &error));
	assert_true(plan_fit(cluster, &segment.own, &error));
	const struct watch_of of = {
	    .cluster = cluster,
	    .settings = &listener->plan.settings,
	    .segment = &segment,
	    .table = &check_table,
	};

	if (watches)
		listener->watch = watch_new(&of, START_US, &error);
	else
		listener->audit = audit_new(
		    cluster, &listener->plan.settings, &segment, &check_table, 1, START_US, &error);
	assert_true(listener->watch != NULL || listener->audit != NULL);
}

static void
close_listener(struct listener *listener)
{
	watch_free(listener->watch);
	audit_free(listener->audit);
	plan_free(&listener->plan);
}

static void
receive(struct listener *listener, const struct frame *frame)
{
	static const uint8_t bytes[42];
	const struct capture capture = {
	    .time_us = listener->now_us, .frame = *frame, .bytes = bytes, .length = sizeof(bytes)};

	if (listener->watch != NULL)
		watch_receive(listener->watch, listener->now_us, &capture);
	else
		audit_receive(listener->audit, listener->now_us, &capture);
	listener->now_us += APART_US;
}

static struct frame
arp_of(struct mac by, uint16_t operation, struct address spa, struct address tpa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = by,
	    .destination = operation == ARP_REPLY ? mac(PROBE) : mac_broadcast,
	    .arp = {.operation = operation,
		.sha = by,
		.spa = spa,
		.tha = operation == ARP_REPLY ? mac(PROBE) : mac_zero,
		.tpa = tpa},
	};
}

/* Each host answers from its own MAC, and the liar answers and asks in its name. */
static void
take_all_rips(struct listener *listener)
{
	for (uint32_t i = 0; i < listener->hosts; i++) {
		const struct address rip = address_ipv4(FIRST + i);
		const struct mac own = {{0x02, 0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i}};
		const struct frame frames[] = {
		    arp_of(own, ARP_REPLY, rip, ip(PROBE)),
		    arp_of(liar, ARP_REPLY, rip, ip(PROBE)),
		    arp_of(liar, ARP_REQUEST, rip, ip(9)),
		    arp_of(liar, ARP_REPLY, rip, ip(PROBE)),
		};

		for (size_t k = 0; k < COUNT_OF(frames); k++)
			receive(listener, &frames[k]);
	}
}

enum flood {
	ANSWERS = 0, /* for the VIP */
	QUESTIONS,   /* as the VIP */
	RELAYED,     /* answers for the VIP, by another machine, with the liar's SHA */
	RIPS,        /* answers for the RIPs */
	RIPS_ASK,    /* questions as the RIPs */
	FLOODS,
};

static struct frame
flood_frame(const struct listener *listener, enum flood flood, uint32_t number)
{
	const struct address rip = address_ipv4(FIRST + number % listener->hosts);
	struct frame frame;

	switch (flood) {
	case QUESTIONS:
		return arp_of(liar, ARP_REQUEST, ip(VIP), ip(9));
	case RELAYED:
		frame = arp_of(liar, ARP_REPLY, ip(VIP), ip(PROBE));
		frame.source = mac(99);
		return frame;
	case RIPS:
		return arp_of(liar, ARP_REPLY, rip, ip(PROBE));
	case RIPS_ASK:
		return arp_of(liar, ARP_REQUEST, rip, ip(PROBE));
	default:
		return arp_of(liar, ARP_REPLY, ip(VIP), ip(PROBE));
	}
}

static uint64_t
steps_of(uint32_t hosts, bool watches, enum flood flood)
{
	struct listener listener;

	open_listener(&listener, hosts, watches);
	take_all_rips(&listener);
	listener.now_us += 10000000;
	steps = 0;
	for (uint32_t i = 0; i < FLOOD; i++) {
		const struct frame frame = flood_frame(&listener, flood, i);

		receive(&listener, &frame);
	}
	close_listener(&listener);
	return steps;
}

static void
assert_bounded(bool watches)
{
	static const char *const names[FLOODS] = {"answers for the VIP", "questions as the VIP",
	    "relayed answers", "answers for RIPs", "questions as RIPs"};

	for (enum flood flood = ANSWERS; flood < FLOODS; flood++) {
		const uint64_t few = steps_of(FEW, watches, flood);
		const uint64_t many = steps_of(MANY, watches, flood);

		print_message("%s: %s: %.1f steps a frame with %u hosts, %.1f with %u\n",
		    watches ? "watch" : "audit", names[flood], (double)few / FLOOD, FEW,
		    (double)many / FLOOD, MANY);
		assert_true(many <= MOST * (few + FLOOD));
	}
}

static void
an_audit_takes_bounded_work(void **state)
{
	(void)state;
	assert_bounded(false);
}

static void
a_watch_takes_bounded_work(void **state)
{
	(void)state;
	assert_bounded(true);
}

static void
flood(struct listener *listener, uint32_t frames)
{
	for (uint32_t i = 0; i < frames; i++) {
		const struct frame frame = flood_frame(listener, ANSWERS, i);

		receive(listener, &frame);
	}
}

/* Asks whatever the audit wants to ask now. */
static void
ask(struct listener *listener)
{
	struct frame frame;

	while (audit_next(listener->audit, listener->now_us, &frame))
		continue;
}

static uint32_t
count_voids(const struct listener *listener)
{
	uint32_t voids = 0;

	for (uint32_t host = 0; host < listener->hosts; host++)
		voids += inquiry_of(&listener->audit->facts, host)->voids;
	return voids;
}

/* No silence counts that a frame may have broken for which there was no time, and the audit does
 * not end before that. */
static void
silences_are_void_where_frames_are_passed_over(void **state)
{
	for (int stopped = 0; stopped <= 1; stopped++) {
		struct listener listener;

		(void)state;
		open_listener(&listener, FEW + 1, false);
		take_all_rips(&listener);
		for (unsigned i = 0; i < 100; i++) {
			listener.now_us += 10000;
			ask(&listener);
		}
		flood(&listener, 1000);
		ask(&listener);
		assert_int_equal(count_voids(&listener), 0);
		flood(&listener, 1000);
		assert_true(listener.audit->crowds.passed_over > 0);
		assert_true(
		    audit_wakeup_us(listener.audit, listener.now_us) <= listener.now_us + 100000);
		if (stopped == 1)
			audit_stop(listener.audit, listener.now_us);
		else
			listener.now_us += 100000;
		ask(&listener);
		assert_true(count_voids(&listener) > 0);
		assert_true(listener.audit->passed_over_us == 0);
		close_listener(&listener);
	}
}

/* The only event of that kind. */
static void
assert_event(struct listener *listener, enum event_kind kind, enum severity severity,
    const struct address *ip, const char *word)
{
	struct event event;
	unsigned found = 0;

	watch_end(listener->watch);
	while (watch_next(listener->watch, listener->now_us, &event)) {
		if (event.kind != kind)
			continue;
		found++;
		assert_int_equal(event.severity, severity);
		assert_true(ip == NULL || address_equal(&event.ip, ip));
		assert_non_null(strstr(event.message, word));
	}
	assert_int_equal(found, 1);
}

/* A liar answers with the server's MAC in the name of all others, to hide it among them. */
static void
a_server_is_told_though_all_have_its_mac(void **state)
{
	const struct address rip = address_ipv4(FIRST + 7);
	const struct frame speaks = arp_of(liar, ARP_REQUEST, rip, ip(9));
	struct listener listener;

	(void)state;
	open_listener(&listener, MANY, true);
	receive(&listener, &speaks);
	for (uint32_t i = 0; i < MANY; i++) {
		const struct frame frame = flood_frame(&listener, RIPS, i);

		receive(&listener, &frame);
	}
	flood(&listener, 10 * CROWDS_BURST);
	assert_true(listener.watch->crowds.passed_over > 0);
	assert_event(&listener, EVENT_SERVER_CLAIMED, SEVERITY_VIOLATION, &rip, "10.77.16.7");
	close_listener(&listener);
}

/* A server's claim counts for it, whatever has taken the time before. */
static void
a_claim_counts_for_the_host_that_is_told(void **state)
{
	const struct address rip = address_ipv4(FIRST + 7);
	const struct mac own = {{0x02, 0, 0, 1, 0, 7}};
	struct listener listener;

	(void)state;
	open_listener(&listener, MANY, true);
	take_all_rips(&listener);
	for (uint32_t i = 0; i < MANY; i++) {
		const struct frame frame =
		    arp_of(own, ARP_REPLY, address_ipv4(FIRST + i), ip(PROBE));

		receive(&listener, &frame);
	}
	const struct frame speaks = arp_of(own, ARP_REQUEST, rip, ip(9));
	const struct frame claims = arp_of(own, ARP_REQUEST, ip(VIP), ip(9));

	receive(&listener, &speaks);
	flood(&listener, 2 * CROWDS_BURST);
	receive(&listener, &claims);
	const uint32_t host = host_find(&listener.watch->facts, &rip);

	assert_true(holding_of(&listener.watch->facts, host, 0)->spoke);
	close_listener(&listener);
}

static void
what_is_passed_over_is_told(void **state)
{
	struct listener listener;
	struct cluster_result cluster;
	struct arena *arena = arena_new();
	unsigned found = 0;

	(void)state;
	assert_non_null(arena);
	open_listener(&listener, FEW + 1, true);
	take_all_rips(&listener);
	flood(&listener, 2 * CROWDS_BURST);
	watch_result(listener.watch, listener.now_us, arena, &cluster);
	for (size_t i = 0; i < cluster.vips[0].finding_count; i++) {
		const struct finding *finding = &cluster.vips[0].findings[i];

		if (strcmp(finding->id, "events-lost") == 0) {
			assert_int_equal(finding->severity, SEVERITY_INCONCLUSIVE);
			assert_non_null(strstr(finding->message, "not counted for each host"));
			found++;
		}
	}
	assert_int_equal(found, 1);
	assert_event(&listener, EVENT_EVENTS_LOST, SEVERITY_INCONCLUSIVE, NULL, "not told");
	arena_free(arena);
	close_listener(&listener);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_audit_takes_bounded_work),
	    cmocka_unit_test(a_watch_takes_bounded_work),
	    cmocka_unit_test(silences_are_void_where_frames_are_passed_over),
	    cmocka_unit_test(a_server_is_told_though_all_have_its_mac),
	    cmocka_unit_test(a_claim_counts_for_the_host_that_is_told),
	    cmocka_unit_test(what_is_passed_over_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
