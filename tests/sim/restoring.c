/* SPDX-License-Identifier: BSD-2-Clause */
#include "restoring.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "verify.h"

#define AUDITS_MAX 10000
#define BYSTANDERS 3
/* By then the owner's last repeats have been heard. */
#define SETTLED_US UINT64_C(5000000)

static const struct row {
	uint32_t servers, leaking;
	uint32_t loss_percent; /* of a frame at a port */
	bool answers;          /* the owner speaks as the VIP only in answers (arp_announce 2) */
	double seconds_most;   /* allowed mean */
} rows[] = {
    {12, 3, 0, false, 2.5},
    {12, 3, 5, false, 5},
    {12, 1, 10, false, 5},
    {12, 3, 10, false, 5},
    {12, 3, 10, true, 6},
    {50, 12, 10, false, 7},
};

struct count {
	double seconds[AUDITS_MAX];
	uint64_t audits, leaks, restored, caches, astray;
};

static void
build(struct scenario *scenario, const struct row *row, uint64_t seed)
{
	scenario_begin(scenario, seed, FAMILY_LOSS);
	scenario_add(scenario, PART_PROBE, 1);
	scenario_add_director(scenario)->node.arp_announce = row->answers ? 2 : 0;
	for (uint32_t i = 0; i < row->servers; i++) {
		struct member *server = scenario_add(scenario, PART_SERVER, 11 + i);

		server->node.arp_ignore = 1;
		server->node.arp_announce =
		    i * row->leaking / row->servers < (i + 1) * row->leaking / row->servers ? 0 : 2;
		scenario_hold(scenario, server, ON_LO, 32);
	}
	scenario_add_bystanders(scenario, BYSTANDERS);
	scenario_lose(scenario, row->loss_percent);
	scenario_finish(scenario);
}

static void
audit_one(const struct row *row, uint64_t seed, struct count *count)
{
	static struct scenario scenario;
	static struct run run;

	build(&scenario, row, seed);
	run_scenario(&run, &scenario, false);
	count->seconds[count->audits++] = (double)run.duration_us / 1e6;
	count->leaks += run.wire.leaks_provoked > 0;
	count->restored += run.wire.leaks_provoked > 0 && run.wire.owner_restored;
	run_on(&run, SETTLED_US);
	for (uint32_t i = 0; i < scenario.cast_count && run.wire.owner_restored; i++) {
		const struct neighbour *entry;

		if (scenario.cast[i].part != PART_BYSTANDER)
			continue;
		entry = neighbour_find(&scenario.cast[i].node, scenario.vips[0]);
		count->caches++;
		count->astray +=
		    entry != NULL && !mac_equal(&entry->mac, scenario_owner(&scenario));
	}
	run_free(&run);
	scenario_free(&scenario);
}

static int
compare(const void *a, const void *b)
{
	const double first = *(const double *)a, second = *(const double *)b;

	return first < second ? -1 : first > second;
}

bool
restoring(uint64_t seed, uint64_t audits)
{
	static struct count count;
	bool sound = true;

	if (audits > AUDITS_MAX)
		audits = AUDITS_MAX;
	printf("%7s %7s %5s %-8s %8s %8s %8s %9s %9s\n", "servers", "leaking", "loss", "owner",
	    "mean s", "median s", "95% s", "restored", "astray");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double sum = 0;

		count.audits = count.leaks = count.restored = count.caches = count.astray = 0;
		for (uint64_t k = 0; k < audits; k++)
			audit_one(&rows[i], seed + k, &count);
		for (uint64_t k = 0; k < audits; k++)
			sum += count.seconds[k];
		qsort(count.seconds, (size_t)audits, sizeof(count.seconds[0]), compare);
		printf("%7u %7u %4u%% %-8s %8.2f %8.2f %8.2f %8.2f%% %4" PRIu64 "/%" PRIu64 "\n",
		    rows[i].servers, rows[i].leaking, rows[i].loss_percent,
		    rows[i].answers ? "answers" : "speaks", sum / (double)audits,
		    count.seconds[audits / 2], count.seconds[audits * 95 / 100],
		    100.0 * (double)count.restored / (double)count.leaks, count.astray,
		    count.caches);
		sound = sound && sum / (double)audits <= rows[i].seconds_most &&
			tally_is_likely(count.astray, 0.01 * (double)count.caches);
	}
	return sound;
}
