/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The results of a run.
 */
#include "arpaudit/arena.h"
#include "arpaudit/run.h"
#include "arpaudit/signals.h"
#include "pairs.h"

/* An audit whose source address another host has gives no verdicts. */
static bool
took_place(const struct run_pair *pair)
{
	return pair->audit != NULL && !audit_source_is_used(pair->audit, NULL);
}

static void
note_used_source(struct run_pair *pair)
{
	char mac[MAC_TEXT_SIZE], source[ADDRESS_TEXT_SIZE];
	struct mac owner;

	if (pair->audit != NULL && audit_source_is_used(pair->audit, &owner))
		error_set(&pair->error, EXIT_CANNOT_RUN,
		    "--source %s is in use by %s: choose another",
		    address_format(&pair->cluster->source, source), mac_format(&owner, mac));
}

bool
run_took_place(struct run *run, struct error *error)
{
	bool any = false;

	for (size_t i = 0; i < run->pair_count; i++) {
		note_used_source(&run->pairs[i]);
		any = any || run->pairs[i].watch != NULL || took_place(&run->pairs[i]);
	}
	return any || pairs_go_on(run, error);
}

void
run_evidence_lost(struct run *run)
{
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].audit != NULL)
			audit_evidence_lost(run->pairs[i].audit);
}

/* Sums up the counts. The loss is that of the worst segment. */
static void
add_pair(struct result *result, struct cluster_result *cluster, const struct run_pair *pair)
{
	const double loss = result->wire.loss_estimate;

	if (pair->watch != NULL)
		watch_result(pair->watch, result->finished_us, result->arena, cluster);
	else if (took_place(pair))
		audit_result(pair->audit,
		    pair->ended_us != 0 ? pair->ended_us : result->finished_us, result->arena,
		    cluster, &result->wire);
	else
		audit_not_run(pair->cluster, result->arena, cluster);
	if (pair->error.status != 0)
		audit_failed(pair->error.text, result->arena, cluster);
	if (loss > result->wire.loss_estimate)
		result->wire.loss_estimate = loss;
	if (cluster->verdict > result->verdict)
		result->verdict = cluster->verdict;
}

static enum ended
ended_by(const struct run *run, bool failed)
{
	if (signals_caught() != 0)
		return ENDED_SIGNAL;
	if (failed || run->cut_short)
		return ENDED_FAILURE;
	if (run->cut_off)
		return ENDED_DEADLINE;
	for (size_t i = 0; i < run->pair_count; i++)
		if (run->pairs[i].audit != NULL &&
		    audit_ended(run->pairs[i].audit) == AUDIT_DEADLINE)
			return ENDED_DEADLINE;
	return ENDED_DONE;
}

void
run_result(const struct run *run, uint64_t finished_us, bool failed, struct result *result)
{
	const enum ended ended = ended_by(run, failed);
	struct cluster_result *clusters;

	*result = (struct result){
	    .started_us = run->started_us,
	    .finished_us = finished_us,
	    .ending = {.by = ended, .signal = signals_caught()},
	    /* A signal is how a watch ends. */
	    .complete =
		ended == ENDED_DONE || (ended == ENDED_SIGNAL && run->purpose != RUN_AUDITS),
	    .cluster_count = run->pair_count,
	    .wire = {.owner_restored = true},
	    .arena = arena_new(),
	};
	clusters = arena_alloc(result->arena, run->pair_count, sizeof(*clusters));
	for (size_t i = 0; i < run->pair_count; i++)
		add_pair(result, &clusters[i], &run->pairs[i]);
	for (size_t i = 0; i < run->segment_count; i++) {
		result->wire.frames_captured += run->segments[i].statistics.captured;
		result->wire.kernel_drops += run->segments[i].statistics.dropped;
	}
	result->clusters = clusters;
	result->wire.evidence_omitted = run->evidence == NULL ? 0 : run->evidence->omitted;
}
