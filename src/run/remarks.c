/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>

#include "arpaudit/run.h"

void
run_warn(const struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++) {
		const struct plan_remarks *remarks = &run->pairs[i].cluster->remarks;

		for (size_t k = 0; k < remarks->warning_count; k++)
			(void)fprintf(stderr, "arpaudit: warning: %s\n", remarks->warnings[k]);
		if (run->pairs[i].error.status != 0)
			(void)fprintf(stderr, "arpaudit: warning: %s can't be audited: %s\n",
			    run->pairs[i].cluster->name, run->pairs[i].error.text);
	}
}

/* The audits that share an allowance follow one another, in effect. `first` owns the allowance. */
static uint64_t
port_us(const struct run *run, const struct run_pair *first)
{
	uint64_t sum_us = 0;

	for (size_t i = 0; i < run->pair_count; i++) {
		const struct run_pair *const pair = &run->pairs[i];

		if (pair->error.status == 0 && pair->settings.gentle &&
		    mac_equal(&pair->interface.mac, &first->interface.mac))
			sum_us += gentle_audit_us(pair->cluster, &pair->settings);
	}
	return sum_us;
}

/* The servers, and the directors that are none. */
static uint64_t
count_hosts(const struct plan_cluster *cluster)
{
	uint64_t count = cluster->host_count;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct address *const address = &cluster->directors[i].address;
		bool listed = !address_is_set(address);

		for (size_t j = 0; j < cluster->host_count && !listed; j++)
			listed = address_equal(&cluster->hosts[j].rip, address);
		count += !listed;
	}
	return count;
}

void
run_tell_gentle(const struct run *run)
{
	uint64_t longest_us = 0, hosts = 0;

	for (size_t i = 0; i < run->pair_count; i++) {
		const struct run_pair *const pair = &run->pairs[i];

		if (pair->error.status != 0 || !pair->settings.gentle)
			continue;
		hosts += count_hosts(pair->cluster);
		if (pair->gentle != NULL && port_us(run, pair) > longest_us)
			longest_us = port_us(run, pair);
	}
	if (longest_us == 0)
		return;
	const uint64_t minutes = (longest_us + 30000000) / 60000000;
	const uint64_t seconds = (longest_us + 9999999) / 10000000 * 10;

	(void)fprintf(stderr, "arpaudit: --gentle: %" PRIu64 " host%s, about %" PRIu64 " %s\n",
	    hosts, hosts == 1 ? "" : "s", seconds < 90 ? seconds : minutes,
	    seconds < 90 ? "s" : "min");
}
