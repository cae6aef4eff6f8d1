/* SPDX-License-Identifier: BSD-2-Clause */
#include "verify.h"

#include <math.h>
#include <string.h>

#define UNLIKELY 1e-4 /* a count with less than that chance is no accident */
/* Every host and VIP may take so many frames at the most, and an audit as such so many. */
#define FRAMES_PER_HOST  400
#define FRAMES_PER_AUDIT 1500
#define MEMORY_PER_HOST  1024
#define MEMORY_PER_AUDIT 65536
#define ALARMS_ALLOWED   1e-3              /* of VIPs: by lost frames, and not of a host */
#define ASTRAY_ALLOWED   1e-2              /* of caches: by lost frames */
#define SETTLED_US       UINT64_C(4000000) /* what an elicited host repeats is over by then */

/* Somebody who proxies for half of the subnet takes decoys away, late ones from under an attempt.
 */
static bool
takes_decoys(const struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		for (uint32_t k = 0; k < scenario->cast[i].node.proxied_count; k++)
			if (scenario->cast[i].node.proxied[k].length < 32)
				return true;
	return false;
}

/* Nothing is lost, the director is named, and the host answers for its own address: there is no
 * excuse for not knowing. */
static bool
is_decidable(const struct scenario *scenario, const struct member *member)
{
	return scenario->family == FAMILY_CLEAN && scenario->lossless && !takes_decoys(scenario) &&
	       scenario->plan.clusters[0].director_count > 0 && member->node.arp_ignore != 8;
}

static void
verify_host(struct run *run, uint32_t vip, const struct host_result *host, struct tally *tally)
{
	const struct member *member = scenario_find(run->scenario, &host->rip);
	char text[ADDRESS_TEXT_SIZE];

	if (member == NULL || host->role != ROLE_REAL_SERVER)
		return;
	address_format(&host->rip, text);
	if (host->verdict == VERDICT_INCONCLUSIVE && is_decidable(run->scenario, member) &&
	    (member->truth[vip] == TRUTH_SOUND || member->truth[vip] == TRUTH_FAULTY))
		run_breach(run, "%s is plain to judge, and called inconclusive", text);
	switch (member->truth[vip]) {
	case TRUTH_SOUND:
		tally->sound++;
		tally->sound_compliant += host->verdict == VERDICT_COMPLIANT;
		if (host->verdict == VERDICT_VIOLATION)
			run_breach(run, "%s is sound, and called a violation", text);
		break;
	case TRUTH_FAULTY:
		tally->faulty++;
		tally->faulty_violation += host->verdict == VERDICT_VIOLATION;
		tally->false_passes_allowed += run->scenario->plan.settings.confidence;
		if (host->verdict == VERDICT_COMPLIANT) {
			tally->false_passes++;
			run_chance(run, "%s is at fault, and called compliant", text);
		}
		break;
	case TRUTH_UNBOUND:
		if (host->verdict == VERDICT_COMPLIANT && run->scenario->plan.settings.elicit)
			run_breach(run, "%s does not hold the VIP, and is called compliant", text);
		if (host->verdict == VERDICT_VIOLATION)
			run_breach(
			    run, "%s does not hold the VIP, and is called a violation", text);
		break;
	case TRUTH_OPEN:
		break;
	}
}

static bool
has_part(const struct scenario *scenario, enum part part)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		if (scenario->cast[i].part == part)
			return true;
	return false;
}

static bool
has_truth(const struct scenario *scenario, uint32_t vip, enum truth truth)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		if (scenario->cast[i].part == PART_SERVER && scenario->cast[i].truth[vip] == truth)
			return true;
	return false;
}

/* Of the VIP as a whole. */
static void
verify_vip(struct run *run, uint32_t index, const struct vip_result *vip, struct tally *tally)
{
	const struct scenario *scenario = run->scenario;
	const bool disputed = scenario->split || has_part(scenario, PART_ROGUE) ||
			      (index == 0 && has_part(scenario, PART_PROXY));
	const bool faulty =
	    has_truth(scenario, index, TRUTH_FAULTY) || has_truth(scenario, index, TRUTH_OPEN);

	if (disputed) {
		tally->disputed++;
		tally->disputed_passes_allowed += scenario->plan.settings.confidence;
		if (vip->verdict == VERDICT_COMPLIANT) {
			tally->disputed_passes++;
			run_chance(run, "two answer for the VIP, and it is called compliant");
		}
	}
	if (!scenario->owned || faulty)
		return;
	/* All is well, but for what gets lost. */
	tally->owners++;
	if (vip->verdict != VERDICT_VIOLATION)
		return;
	tally->alarms++;
	(scenario->lossless ? run_breach : run_chance)(run,
	    "all is well, and the VIP is called a violation: %.80s",
	    vip->finding_count > 0 ? vip->findings[0].message : "no finding");
}

/* Nothing but the audit has made anybody claim the VIP. */
static bool
is_quiet(const struct scenario *scenario)
{
	if (!scenario->owned || scenario->family == FAMILY_FAILOVER)
		return false;
	for (uint32_t i = 0; i < scenario->action_count; i++)
		if (scenario->actions[i].kind == ACTION_TALK)
			return false;
	return true;
}

/* Do the bystanders' caches have the owner, in the end? */
static void
verify_cache(struct run *run, struct node *bystander, const struct mac *owner, struct tally *tally)
{
	const struct scenario *scenario = run->scenario;

	for (uint32_t vip = 0; vip < scenario->vip_count; vip++) {
		const struct neighbour *entry = neighbour_find(bystander, scenario->vips[vip]);

		/* One that was thrown out is asked for anew. */
		tally->caches++;
		if (entry == NULL || mac_equal(&entry->mac, owner))
			continue;
		tally->caches_astray++;
		/* A SYN from an address that turns out to be in use is not reset: it would speak
		 * for that. Its SYN-ACKs go on after the audit. */
		if (scenario->lossless && (scenario->port == 0 || !takes_decoys(scenario)))
			run_breach(
			    run, "after a leak a bystander's cache does not end at the owner");
	}
}

static void
verify_caches(struct run *run, struct tally *tally)
{
	struct scenario *scenario = run->scenario;
	const struct mac *owner = &scenario->cast[1].node.mac;

	if (!is_quiet(scenario))
		return;
	if (run->wire.leaks_provoked > 0) {
		tally->leaks++;
		tally->restored += run->wire.owner_restored;
	}
	run_on(run, scenario->segment.now_us + SETTLED_US);
	for (uint32_t i = 0; i < scenario->cast_count && run->wire.owner_restored; i++)
		if (scenario->cast[i].part == PART_BYSTANDER)
			verify_cache(run, &scenario->cast[i].node, owner, tally);
	if (!run->wire.owner_restored && scenario->lossless && scenario->port == 0 &&
	    (scenario->family == FAMILY_CLEAN || scenario->family == FAMILY_DISORDER))
		run_breach(run, "after a leak the owner was not restored");
}

static void
verify_budgets(struct run *run, struct tally *tally)
{
	/* A host counts once for each VIP. */
	const size_t hosts = 1 + run->cluster.hosts_asked * run->cluster.vip_count;
	const uint64_t frames = run->wire.frames_sent;

	tally->frames += frames;
	tally->duration_us += run->duration_us;
	if (frames > FRAMES_PER_AUDIT + FRAMES_PER_HOST * hosts)
		run_breach(run, "%llu frames for %zu hosts", (unsigned long long)frames, hosts);
	if (run->memory > MEMORY_PER_AUDIT + MEMORY_PER_HOST * hosts)
		run_breach(run, "%zu octets for %zu hosts", run->memory, hosts);
	if ((double)frames / (double)hosts > tally->frames_most)
		tally->frames_most = (double)frames / (double)hosts;
	if (run->memory / hosts > tally->memory_most)
		tally->memory_most = run->memory / hosts;
}

void
verify(struct run *run, struct tally *tally)
{
	tally->audits++;
	if (run->broken) {
		tally->breaches++;
		return;
	}
	for (size_t i = 0; i < run->cluster.vip_count; i++) {
		const struct vip_result *vip = &run->cluster.vips[i];

		const uint32_t index = scenario_find_vip(run->scenario, &vip->vip);

		verify_vip(run, index, vip, tally);
		for (size_t k = 0; k < vip->host_count; k++)
			verify_host(run, index, &vip->hosts[k], tally);
	}
	verify_caches(run, tally);
	verify_budgets(run, tally);
	tally->trespasses += run->trespasses;
	tally->breaches += run->broken;
}

void
tally_add(struct tally *total, const struct tally *part)
{
	total->audits += part->audits;
	total->breaches += part->breaches;
	total->frames += part->frames;
	total->duration_us += part->duration_us;
	total->trespasses += part->trespasses;
	total->sound += part->sound;
	total->sound_compliant += part->sound_compliant;
	total->faulty += part->faulty;
	total->faulty_violation += part->faulty_violation;
	total->false_passes += part->false_passes;
	total->false_passes_allowed += part->false_passes_allowed;
	total->disputed += part->disputed;
	total->disputed_passes += part->disputed_passes;
	total->disputed_passes_allowed += part->disputed_passes_allowed;
	total->leaks += part->leaks;
	total->restored += part->restored;
	total->caches += part->caches;
	total->caches_astray += part->caches_astray;
	total->owners += part->owners;
	total->alarms += part->alarms;
	if (part->memory_most > total->memory_most)
		total->memory_most = part->memory_most;
	if (part->frames_most > total->frames_most)
		total->frames_most = part->frames_most;
}

/* Independent rare events: their number is Poisson's. */
bool
tally_is_likely(uint64_t count, double allowed)
{
	double fewer = 0; /* the chance of fewer than that */

	for (uint64_t i = 0; i < count && allowed > 0; i++)
		fewer += exp((double)i * log(allowed) - allowed - lgamma((double)i + 1));
	return count == 0 || (allowed > 0 && 1 - fewer >= UNLIKELY);
}

bool
tally_holds(const struct tally *tally)
{
	return tally->breaches == 0 &&
	       tally_is_likely(tally->false_passes, tally->false_passes_allowed) &&
	       tally_is_likely(tally->disputed_passes, tally->disputed_passes_allowed) &&
	       tally_is_likely(tally->alarms, ALARMS_ALLOWED * (double)tally->owners) &&
	       tally_is_likely(tally->caches_astray, ASTRAY_ALLOWED * (double)tally->caches);
}
