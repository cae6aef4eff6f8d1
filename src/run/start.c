/* SPDX-License-Identifier: BSD-2-Clause */
#include "start.h"

#include "gentle.h"
#include "shares.h"

#define NUMBERED (UINT64_C(1) << 63) /* so that no class is 0 */

bool
start_audit(struct run *run, struct run_pair *pair, uint64_t now_us)
{
	const uint64_t waited_us = now_us - run->audits_us;
	struct audit_segment segment = {
	    .interface = pair->interface.name,
	    .mac = pair->interface.mac,
	    .own = pair->interface.own,
	    .elicit_port = pair->elicit_port,
	    .rates = shares_rates(run, pair),
	    .used = &run->used,
	    .decoy_class =
		pair->segment->pair_count == 1 ? 0 : NUMBERED | (run->pairs[0].seed + pair->number),
	};

	if (pair->settings.timeout_us != 0 && waited_us >= pair->settings.timeout_us) {
		run->cut_off = true;
		return error_set(&pair->error, EXIT_CANNOT_RUN,
		    "the time of --timeout was over before its turn: give it more");
	}
	if (pair->settings.timeout_us != 0)
		pair->settings.timeout_us -= waited_us;
	segment.gentle = gentle_of(run, pair, &segment.sharer);
	pair->audit = audit_new(
	    pair->cluster, &pair->settings, &segment, run->table, pair->seed, now_us, &pair->error);
	return pair->audit != NULL;
}
