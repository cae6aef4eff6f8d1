/* SPDX-License-Identifier: BSD-2-Clause */
#include "calibrate.h"

#include <inttypes.h>
#include <stdio.h>

#include "verify.h"

#define CONFIDENCE 0.05

/* Kinds of faulty servers. */
struct kind {
	const char *name;
	uint32_t vip;
	enum node_interface vip_on;
	uint8_t arp_ignore;
};

static const struct kind kinds[] = {
    {"answers every question", SEGMENT_NETWORK + 100, ON_LO, 0},
    /* A /32 VIP on the interface, outside its subnets, is answered only to SPA 0.0.0.0. */
    {"answers one kind of question", 0xac100564u, ON_ETH0, 2},
};

struct row {
	const struct kind *kind;
	uint32_t servers;      /* in the cluster, with the faulty one */
	uint32_t loss_percent; /* of a frame at a port; a question and its answer cross four */
};

static const struct row rows[] = {
    {&kinds[0], 2, 10},
    {&kinds[0], 2, 20},
    {&kinds[0], 2, 30},
    {&kinds[1], 2, 5},
    {&kinds[1], 2, 10},
    {&kinds[1], 2, 20},
    {&kinds[1], 2, 30},
    {&kinds[1], 10, 10},
    {&kinds[1], 10, 20},
    {&kinds[1], 10, 30},
};

struct count {
	uint64_t audits, violations, passes; /* of the faulty server */
	uint64_t sound;                      /* passes of the other servers */
	double stated;                       /* the sum of their false pass bounds */
};

static void
build(struct scenario *scenario, const struct row *row, uint64_t seed)
{
	scenario_begin(scenario, seed, FAMILY_LOSS);
	scenario->vips[0] = row->kind->vip;
	scenario_add(scenario, PART_PROBE, 1);
	scenario_add_director(scenario);
	for (uint32_t i = 0; i < row->servers; i++) {
		struct member *server = scenario_add(scenario, PART_SERVER, 11 + i);

		server->node.arp_ignore = i == 0 ? row->kind->arp_ignore : 1;
		server->node.arp_announce = 2;
		scenario_hold(scenario, server, i == 0 ? row->kind->vip_on : ON_LO, 32);
	}
	scenario_lose(scenario, row->loss_percent);
	scenario->plan.settings.confidence = CONFIDENCE;
	scenario_finish(scenario);
}

static void
audit_one(const struct row *row, uint64_t seed, struct count *count)
{
	static struct scenario scenario;
	static struct run run;

	build(&scenario, row, seed);
	run_scenario(&run, &scenario, false);
	for (size_t i = 0; i < run.cluster.vips[0].host_count; i++) {
		const struct host_result *host = &run.cluster.vips[0].hosts[i];
		const struct member *member = scenario_find(&scenario, &host->rip);

		const struct check_result *reply = result_check(host, "vip-reply");

		if (member != NULL && member->truth[0] == TRUTH_SOUND &&
		    reply->outcome == OUTCOME_PASS) {
			count->sound++;
			count->stated += reply->false_pass_bound;
		}
		if (member == NULL || member->truth[0] != TRUTH_FAULTY ||
		    host->role != ROLE_REAL_SERVER)
			continue;
		count->audits++;
		count->violations += host->verdict == VERDICT_VIOLATION;
		count->passes += reply->outcome == OUTCOME_PASS;
	}
	run_free(&run);
	scenario_free(&scenario);
}

bool
calibrate(uint64_t seed, uint64_t audits)
{
	bool sound = true;

	printf("--confidence %.2f\n%-29s %7s %5s %8s %6s %6s %8s %8s\n", CONFIDENCE,
	    "the server at fault", "servers", "loss", "audits", "found", "missed", "observed",
	    "stated");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct count count = {0};

		for (uint64_t k = 0; k < audits; k++)
			audit_one(&rows[i], seed + k, &count);
		printf("%-29s %7u %4u%% %8" PRIu64 " %5.1f%% %6" PRIu64 " %8.5f %8.5f\n",
		    rows[i].kind->name, rows[i].servers, rows[i].loss_percent, count.audits,
		    100.0 * (double)count.violations / (double)count.audits, count.passes,
		    (double)count.passes / (double)count.audits,
		    count.sound == 0 ? 0 : count.stated / (double)count.sound);
		sound = sound && tally_is_likely(count.passes, CONFIDENCE * (double)count.audits);
	}
	return sound;
}
