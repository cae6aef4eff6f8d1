/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A check is one file and one line in a table: the one below is made up, and is nowhere but in this
 * file and in a table of its own. The real engine asks its questions, shows it the frames, keeps
 * its state, and reports its judgement.
 *
 * Called with a word, it prints the JSON report of such an audit: check-table.test holds it against
 * the schema.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/checks.h"
#include "arpaudit/report.h"
#include "audit/engine.h"
#include "audit/facts/check_states.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "facts_fixture.h"

#define VIPS     2
#define HOSTS    2
#define EVENTS   4096
#define DELAY_US 100
#define LIMIT_US UINT64_C(60000000)
#define TRAINED  250 /* the address that the train asks for is nobody's */

/* ---- The check ---------------------------------------------------------------------------- */

/* "made-up": an echo request to the VIP has to be answered by the host. It also asks the host for
 * an address that is nobody's, until that was left unanswered twice. */
struct state {
	uint8_t trained, attempts, heard, forgotten;
};

static const struct cause cause = {"no-echo", "the host does not echo as the VIP"};

static void
forget(void *state)
{
	((struct state *)state)->forgotten++;
}

static uint32_t
train(const struct pair *pair, struct frame *frames, uint8_t *asked)
{
	const struct address target = ip(TRAINED);
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);

	((struct state *)pair->state)->trained++;
	probe_who_has(&pair->facts->probe, &target, &host_of(pair->facts, pair->host)->mac[0],
	    &unspecified, &frames[0]);
	(void)asked; /* of who-has VIP: this is another question */
	return 1;
}

static bool
settled(const struct pair *pair)
{
	return ((const struct state *)pair->state)->trained >= 2;
}

static enum want
wants(const struct pair *pair)
{
	return ((const struct state *)pair->state)->attempts == 0 ? WANT_ATTEMPT : WANT_NOTHING;
}

static struct attempt
attempt(const struct pair *pair)
{
	((struct state *)pair->state)->attempts++;
	return (struct attempt){.method = ELICIT_ECHO};
}

static struct news
observe(const struct observation *observation)
{
	const struct heard *heard = observation->heard;

	if (heard->frame->kind != FRAME_ECHO_REPLY || heard->vip == NONE)
		return news_none();
	((struct state *)observed_state(observation, heard->vip))->heard++;
	return (struct news){.kinds = NEWS_ATTEMPT_ANSWERED, .host = observation->host};
}

static void
judge(const struct pair *pair, struct judgement *judgement)
{
	const struct state *state = pair->state;

	if (state->heard > 0)
		judge_pass(judgement, state->heard, 0);
	else
		judge_fail(judgement, &cause,
		    arena_format(judgement->arena, "does not echo as %s", judgement->vip),
		    "# see why", NULL);
}

static const struct check made_up = {
    .title = {.name = "made-up", .heading = "MADEUP", .column = COLUMN_ALWAYS},
    .state_size = sizeof(struct state),
    .forget = forget,
    .train = train,
    .path = PATH_UNICAST,
    .settled = settled,
    .lane = LANE_UNICAST,
    .wants = wants,
    .attempt = attempt,
    .observe = observe,
    .judge = judge,
};

static const struct check *const alone[] = {&made_up, NULL};
static const struct vip_check *const no_vip_checks[] = {NULL};
static const struct check_table table_alone = {.checks = alone, .vip_checks = no_vip_checks};

/* ---- The segment -------------------------------------------------------------------------- */

/* .11 answers echo requests to the first VIP, .12 to the second, both who-has for their own
 * address. */
struct segment {
	struct plan plan;
	struct audit *audit;
	uint64_t now_us;
	struct frame answer[EVENTS]; /* in the order in which they arrive, DELAY_US after */
	uint64_t arrives_us[EVENTS];
	size_t first, count;
	size_t trained, elicited; /* frames of the check */
	struct arena *arena;
	struct result result;
	struct cluster_result cluster;
};

static const struct {
	uint8_t host, vip;
} holders[] = {{11, VIP}, {12, VIP + 1}};

static struct segment *
segment_new(const struct check_table *table)
{
	struct segment *segment = calloc(1, sizeof(*segment));
	const struct audit_segment where = {
	    .interface = "eth0",
	    .mac = mac(PROBE),
	    .own = {.address = ip(PROBE), .length = 24},
	    .elicit_port = 61234,
	};
	struct plan_cluster *cluster;
	struct error error = {0};

	assert_non_null(segment);
	plan_init(&segment->plan);
	cluster = plan_add_cluster(&segment->plan, "test");
	assert_non_null(cluster);
	assert_true(plan_add_vips(cluster, "10.77.0.100,10.77.0.101", &error));
	assert_true(plan_add_hosts(cluster, "10.77.0.11-12", &error));
	assert_true(plan_check(cluster, &error));
	assert_true(plan_fit(cluster, &where.own, &error));
	segment->now_us = START_US;
	segment->audit =
	    audit_new(cluster, &segment->plan.settings, &where, table, 1, segment->now_us, &error);
	assert_non_null(segment->audit);
	return segment;
}

static void
segment_free(struct segment *segment)
{
	audit_free(segment->audit);
	plan_free(&segment->plan);
	arena_free(segment->arena);
	free(segment);
}

static void
put(struct segment *segment, const struct frame *frame)
{
	assert_true(segment->count < EVENTS);
	segment->answer[segment->count] = *frame;
	segment->arrives_us[segment->count++] = segment->now_us + DELAY_US;
}

static void
answer_arp(struct segment *segment, uint8_t host, const struct frame *asked)
{
	const struct address rip = ip(host);
	const struct mac own = mac(host);
	struct frame frame = reply_of(host, host);

	if (!address_equal(&asked->arp.tpa, &rip) || asked->arp.operation != ARP_REQUEST ||
	    (!mac_is_multicast(&asked->destination) && !mac_equal(&asked->destination, &own)))
		return;
	frame.arp.tpa = asked->arp.spa;
	put(segment, &frame);
}

static void
answer_echo(struct segment *segment, uint8_t host, uint8_t held, const struct frame *asked)
{
	const struct address vip = ip(held);
	const struct mac own = mac(host);
	const struct frame frame = {
	    .kind = FRAME_ECHO_REPLY,
	    .source = own,
	    .destination = mac(PROBE),
	    .ip = {.source = vip, .destination = asked->ip.source, .echo = asked->ip.echo},
	};

	if (mac_equal(&asked->destination, &own) && address_equal(&asked->ip.destination, &vip))
		put(segment, &frame);
}

static void
transmit(struct segment *segment, const struct frame *frame)
{
	const struct address trained = ip(TRAINED);

	segment->trained += frame->kind == FRAME_ARP && address_equal(&frame->arp.tpa, &trained);
	segment->elicited += frame->kind == FRAME_ECHO_REQUEST;
	for (size_t i = 0; i < COUNT_OF(holders); i++) {
		if (frame->kind == FRAME_ARP)
			answer_arp(segment, holders[i].host, frame);
		else if (frame->kind == FRAME_ECHO_REQUEST)
			answer_echo(segment, holders[i].host, holders[i].vip, frame);
	}
}

static void
go_on(struct segment *segment)
{
	const uint64_t wakeup_us = audit_wakeup_us(segment->audit, segment->now_us);
	static const uint8_t bytes[60];

	assert_true(segment->now_us < START_US + LIMIT_US);
	if (segment->first == segment->count || segment->arrives_us[segment->first] > wakeup_us) {
		segment->now_us = wakeup_us;
		return;
	}
	const struct capture capture = {
	    .frame = segment->answer[segment->first], .bytes = bytes, .length = sizeof(bytes)};

	segment->now_us = segment->arrives_us[segment->first++];
	audit_receive(segment->audit, segment->now_us, &capture);
}

static void
run(struct segment *segment)
{
	struct frame frame;

	while (!audit_finished(segment->audit, segment->now_us)) {
		while (audit_next(segment->audit, segment->now_us, &frame))
			transmit(segment, &frame);
		go_on(segment);
	}
}

static const struct result *
finish(struct segment *segment)
{
	segment->arena = arena_new();
	assert_non_null(segment->arena);
	segment->result = (struct result){
	    .started_us = START_US,
	    .finished_us = segment->now_us,
	    .complete = true,
	    .clusters = &segment->cluster,
	    .cluster_count = 1,
	    .wire = {.owner_restored = true},
	};
	audit_result(segment->audit, segment->now_us, segment->arena, &segment->cluster,
	    &segment->result.wire);
	segment->result.verdict = segment->cluster.verdict;
	return &segment->result;
}

static const struct state *
state_of(const struct segment *segment, uint32_t host, uint32_t vip)
{
	const struct pair pair = check_pair(&segment->audit->facts, 0, host, vip);

	return pair.state;
}

/* ---- The tests ---------------------------------------------------------------------------- */

static void
probes_of_a_check_leave(void **state)
{
	struct segment *segment = segment_new(&table_alone);

	(void)state;
	run(segment);
	/* Two trains and one attempt for each pair; nobody else sends such. */
	assert_int_equal(segment->trained, 2 * HOSTS * VIPS);
	assert_int_equal(segment->elicited, HOSTS * VIPS);
	segment_free(segment);
}

static void
state_of_a_check_is_one_of_each_pair(void **state)
{
	struct segment *segment = segment_new(&table_alone);

	(void)state;
	run(segment);
	for (uint32_t host = 0; host < HOSTS; host++) {
		for (uint32_t vip = 0; vip < VIPS; vip++) {
			const struct state *of_pair = state_of(segment, host, vip);

			assert_int_equal(of_pair->trained, 2);
			assert_int_equal(of_pair->attempts, 1);
			assert_int_equal(of_pair->heard, host == vip);
			assert_int_equal(of_pair->forgotten, 0);
		}
	}
	segment_free(segment);
}

/* What was asked since then may have been answered: the hosts begin anew. Once more, long after the
 * last question, and nothing is void. */
static void
lost_captures_are_told_to_the_check(void **state)
{
	struct segment *segment = segment_new(&table_alone);

	(void)state;
	run(segment);
	audit_capture_lost(segment->audit, START_US, segment->now_us);
	for (uint32_t host = 0; host < HOSTS; host++)
		for (uint32_t vip = 0; vip < VIPS; vip++)
			assert_int_equal(state_of(segment, host, vip)->forgotten, 1);
	run(segment);
	audit_capture_lost(segment->audit, segment->now_us + 10000000, segment->now_us + 10000001);
	assert_int_equal(state_of(segment, 0, 0)->forgotten, 1);
	segment_free(segment);
}

static void
judgement_of_a_check_is_in_the_result(void **state)
{
	struct segment *segment = segment_new(&table_alone);
	const struct vip_result *vips;

	(void)state;
	run(segment);
	(void)finish(segment);
	vips = segment->cluster.vips;
	assert_int_equal(segment->cluster.vip_count, VIPS);
	for (size_t vip = 0; vip < VIPS; vip++) {
		assert_int_equal(vips[vip].host_count, HOSTS);
		for (size_t host = 0; host < HOSTS; host++) {
			const struct host_result *result = &vips[vip].hosts[host];
			const struct check_result *check = result_check(result, "made-up");
			const bool holds = host == vip;

			assert_non_null(check);
			assert_int_equal(result->check_count, 1);
			assert_string_equal(check->title->heading, "MADEUP");
			assert_int_equal(check->outcome, holds ? OUTCOME_PASS : OUTCOME_FAIL);
			assert_int_equal(check->confirmations, holds);
			assert_int_equal(
			    result->verdict, holds ? VERDICT_COMPLIANT : VERDICT_VIOLATION);
			assert_int_equal(result->finding_count, !holds);
			if (!holds)
				assert_string_equal(result->findings[0].id, "made-up");
		}
		assert_int_equal(vips[vip].verdict, VERDICT_VIOLATION);
	}
	segment_free(segment);
}

static char *
report_of(const struct result *result, const char *format)
{
	const struct report_writer *writer = report_writer_find(format, strlen(format));
	const struct report_style style = {.verbose = 1};
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(writer);
	assert_non_null(stream);
	assert_true(writer->write(result, &style, stream));
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* Among the real ones, at the end of the table. */
static struct check_table
table_of_all(const struct check **checks, size_t room)
{
	size_t count = 0;

	for (; check_table.checks[count] != NULL; count++)
		checks[count] = check_table.checks[count];
	assert_true(count + 2 <= room);
	checks[count] = &made_up;
	checks[count + 1] = NULL;
	return (struct check_table){.checks = checks, .vip_checks = check_table.vip_checks};
}

#define TABLE_ROOM 16

static void
judgement_of_a_check_is_in_the_reports(void **state)
{
	const struct check *checks[TABLE_ROOM];
	const struct check_table table = table_of_all(checks, TABLE_ROOM);
	struct segment *segment = segment_new(&table);
	char *text, *json_text;

	(void)state;
	run(segment);
	json_text = report_of(finish(segment), "json");
	json_t *report = json_loads(json_text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(report);
	for (size_t vip = 0; vip < VIPS; vip++) {
		for (size_t host = 0; host < HOSTS; host++) {
			const char *result = NULL, *other = NULL;
			const json_t *of_vip = json_array_get(
			    json_object_get(
				json_array_get(json_object_get(report, "clusters"), 0), "vips"),
			    vip);

			assert_int_equal(
			    json_unpack(json_array_get(json_object_get(of_vip, "hosts"), host),
				"{s:{s:{s:s},s:{s:s}}}", "checks", "made-up", "result", &result,
				"vip-bound", "result", &other),
			    0);
			assert_string_equal(result, host == vip ? "pass" : "fail");
			assert_string_equal(other, host == vip ? "pass" : "inconclusive");
		}
	}
	json_decref(report);
	text = report_of(&segment->result, "text");
	assert_non_null(strstr(text, "MADEUP"));
	assert_non_null(strstr(text, "does not echo as 10.77.0.101"));
	free(text);
	free(json_text);
	segment_free(segment);
}

static int
print_report(void)
{
	const struct check *checks[TABLE_ROOM];
	const struct check_table table = table_of_all(checks, TABLE_ROOM);
	struct segment *segment = segment_new(&table);
	char *text;
	int status;

	run(segment);
	text = report_of(finish(segment), "json");
	status = fputs(text, stdout) == EOF || fflush(stdout) == EOF;
	free(text);
	segment_free(segment);
	return status;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(probes_of_a_check_leave),
	    cmocka_unit_test(state_of_a_check_is_one_of_each_pair),
	    cmocka_unit_test(lost_captures_are_told_to_the_check),
	    cmocka_unit_test(judgement_of_a_check_is_in_the_result),
	    cmocka_unit_test(judgement_of_a_check_is_in_the_reports),
	};

	(void)argv;
	if (argc > 1)
		return print_report();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
