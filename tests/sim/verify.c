/* SPDX-License-Identifier: BSD-2-Clause */
#include "verify.h"

#include <math.h>
#include <string.h>

#include "relay.h"

#define UNLIKELY 1e-4 /* a less likely count is no accident */
/* The most frames and octets of each host and VIP, and of an audit in addition. */
#define FRAMES_PER_HOST  400
#define FRAMES_PER_AUDIT 1500
#define MEMORY_PER_HOST  1024
#define MEMORY_PER_AUDIT 65536
#define ALARMS_ALLOWED   1e-3 /* share of VIPs, because of lost frames; no host may be accused */
#define ASTRAY_ALLOWED   1e-2 /* share of caches, because of lost frames */
/* Share of sound hosts accused when up to 5 % of the frames are damaged. Half of these frames name
 * another host. Several may agree, or one may turn a reply for another VIP into one for this VIP.
 * The measured share was 3.5e-3. */
#define ACCUSED_ALLOWED 5e-3
#define SETTLED_US      UINT64_C(4000000)  /* an elicited host has repeated its frames by then */
#define UNDONE_US       UINT64_C(11000000) /* the restoration after an early end has 10 s */

/* A host that proxies half of the subnet makes decoys unusable, some even during an attempt. */
static bool
takes_decoys(const struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->cast_count; i++)
		for (uint32_t k = 0; k < scenario->cast[i].node.proxied_count; k++)
			if (scenario->cast[i].node.proxied[k].length < 32)
				return true;
	return false;
}

/* Nothing is lost, the director is named, and the host answers for its own address. Then the
 * verdict must not be inconclusive. */
static bool
is_decidable(const struct scenario *scenario, const struct member *member)
{
	return scenario->family == FAMILY_CLEAN && scenario->lossless && !takes_decoys(scenario) &&
	       scenario->plan.clusters[0].director_count > 0 && member->node.arp_ignore != 8;
}

/* No sound host may be a violation. Several damaged frames may agree by chance. */
static void
verify_sound(struct run *run, const struct host_result *host, const char *what, struct tally *tally)
{
	const bool violation = host->verdict == VERDICT_VIOLATION;
	const bool several = run->scenario->damage.damaged > 1;
	char text[ADDRESS_TEXT_SIZE];

	tally->accusable += several;
	tally->accused += several && violation;
	if (violation)
		(several ? run_chance : run_breach)(run, "%s %s, but was reported as a violation",
		    address_format(&host->rip, text), what);
}

/* Whether the engine can know the directors: by their addresses, or by advertisements from a MAC
 * that only they can have. Without either, an unnamed director is a violation, and must be. */
static bool
are_directors_known(const struct run *run)
{
	const struct plan_cluster *cluster = &run->scenario->plan.clusters[0];
	const bool shared = run->scenario->router.shared_mac;

	for (size_t i = 0; i < cluster->director_count; i++)
		if (address_is_set(&cluster->directors[i].address) || !shared)
			return true;
	return shared && run->advertised;
}

static void
verify_director(struct run *run, const struct member *member, const struct host_result *host,
    struct tally *tally)
{
	const struct scenario *scenario = run->scenario;

	/* A hand-over that lost frames hide looks like two owners. */
	if (!scenario_is_explicit(scenario) || scenario->split ||
	    (scenario->misfortune == FAMILY_FAILOVER && !scenario->lossless) ||
	    (member->part != PART_DIRECTOR && member->part != PART_STANDBY) ||
	    !are_directors_known(run))
		return;
	verify_sound(run, host, "is a director", tally);
}

/* A host that a claim names, as SHA or as sender, must not pass as silent. */
static void
verify_relayed(
    struct run *run, uint32_t vip, const struct member *member, const struct host_result *host)
{
	const struct scenario *scenario = run->scenario;
	const struct relayed *relayed = &scenario->relayed;
	const bool named = member == &scenario->cast[relayed->sender] ||
			   member == &scenario->cast[relayed->claimed];
	char text[ADDRESS_TEXT_SIZE];

	if (run->relayed > 0 && vip == relayed->vip && named && member->part == PART_SERVER &&
	    host->verdict == VERDICT_COMPLIANT)
		run_breach(run, "%s is named in a claim, but was reported as compliant",
		    address_format(&host->rip, text));
}

static void
verify_host(struct run *run, uint32_t vip, const struct host_result *host, struct tally *tally)
{
	const struct member *member = scenario_find(run->scenario, &host->rip);
	char text[ADDRESS_TEXT_SIZE];

	if (member != NULL) {
		verify_director(run, member, host, tally);
		verify_relayed(run, vip, member, host);
	}
	if (member == NULL || host->role != ROLE_REAL_SERVER)
		return;
	address_format(&host->rip, text);
	if (host->verdict == VERDICT_INCONCLUSIVE && is_decidable(run->scenario, member) &&
	    (member->truth[vip] == TRUTH_SOUND || member->truth[vip] == TRUTH_FAULTY))
		run_breach(run, "%s is decidable, but was reported as inconclusive", text);
	switch (member->truth[vip]) {
	case TRUTH_SOUND:
		tally->sound++;
		tally->sound_compliant += host->verdict == VERDICT_COMPLIANT;
		verify_sound(run, host, "is sound", tally);
		break;
	case TRUTH_FAULTY:
		tally->faulty++;
		tally->faulty_violation += host->verdict == VERDICT_VIOLATION;
		tally->false_passes_allowed += run->scenario->plan.settings.confidence;
		if (host->verdict == VERDICT_COMPLIANT) {
			tally->false_passes++;
			/* One damaged frame is no allowed chance. */
			(run->scenario->damage.damaged == 1 && run->scenario->lossless
				? run_breach
				: run_chance)(
			    run, "%s is faulty, but was reported as compliant", text);
		}
		break;
	case TRUTH_UNBOUND:
		if (host->verdict == VERDICT_COMPLIANT && run->scenario->plan.settings.elicit)
			run_breach(
			    run, "%s does not hold the VIP, but was reported as compliant", text);
		verify_sound(run, host, "does not hold the VIP", tally);
		break;
	case TRUTH_OPEN:
		break;
	}
}

/* Who is compliant has shown the VIP, his silence is as sure as was asked, and he was elicited. */
static void
verify_evidence_of_pass(struct run *run, const struct host_result *host)
{
	static const char *const needed[] = {"vip-reply", "vip-bound", "vip-source"};
	const struct plan_settings *settings = &run->scenario->plan.settings;
	char text[ADDRESS_TEXT_SIZE];

	if (host->verdict != VERDICT_COMPLIANT || host->role != ROLE_REAL_SERVER)
		return;
	for (size_t i = 0; i < host->check_count; i++) {
		const struct check_result *result = &host->checks[i];

		for (size_t k = 0; k < (settings->elicit ? 3 : 1); k++)
			if (strcmp(result->title->name, needed[k]) == 0 &&
			    (result->outcome != OUTCOME_PASS ||
				result->false_pass_bound > settings->confidence))
				run_breach(run, "%s is compliant without the evidence: %s",
				    address_format(&host->rip, text), needed[k]);
	}
}

/* An early end leaves nothing but the restoration to be done. */
static void
verify_interruption(struct run *run)
{
	if (run->stopped_us == 0)
		return;
	if (run->duration_us + START_US > run->stopped_us + UNDONE_US)
		run_breach(run, "the audit went on for too long after its early end");
	if (run->cluster.verdict == VERDICT_COMPLIANT)
		run_breach(run, "the audit was cut short, but its verdict is compliant");
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

static const char *
worst_finding(const struct vip_result *vip)
{
	for (size_t i = 0; i < vip->finding_count; i++)
		if (vip->findings[i].severity == SEVERITY_VIOLATION)
			return vip->findings[i].message;
	return "a host is a violation";
}

/* Verifies the verdict of the VIP as a whole. */
static void
verify_vip(struct run *run, uint32_t index, const struct vip_result *vip, struct tally *tally)
{
	const struct scenario *scenario = run->scenario;
	/* A router that proxies answers no ARP probe. */
	const bool disputed =
	    scenario->split ||
	    (has_part(scenario, PART_ROGUE) && relay_lets_through(scenario, index, true)) ||
	    (index == 0 && has_part(scenario, PART_PROXY) &&
		relay_lets_through(scenario, index, false));

	const bool faulty =
	    has_truth(scenario, index, TRUTH_FAULTY) || has_truth(scenario, index, TRUTH_OPEN);

	if (disputed) {
		tally->disputed++;
		tally->disputed_passes_allowed += scenario->plan.settings.confidence;
		if (vip->verdict == VERDICT_COMPLIANT) {
			tally->disputed_passes++;
			run_chance(
			    run, "two owners answer for the VIP, but it was reported as compliant");
		}
	}
	if (!scenario->owned || faulty ||
	    (scenario->router.shared_mac && !are_directors_known(run)))
		return;
	/* The VIP is sound. Only lost frames may hide that. */
	tally->owners++;
	if (vip->verdict != VERDICT_VIOLATION)
		return;
	tally->alarms++;
	(scenario->lossless ? run_breach : run_chance)(
	    run, "the VIP is sound, but was reported as a violation: %.80s", worst_finding(vip));
}

/* Whether nothing but the audit makes a host claim the VIP. */
static bool
is_quiet(const struct scenario *scenario)
{
	if (!scenario->owned || scenario->misfortune == FAMILY_FAILOVER)
		return false;
	for (uint32_t i = 0; i < scenario->action_count; i++)
		if (scenario->actions[i].kind == ACTION_TALK ||
		    (scenario->actions[i].kind == ACTION_ACQUIRE && !scenario->router.shared_mac))
			return false;
	return true;
}

/* Verifies that a bystander's cache points to the owner in the end. */
static void
verify_cache(struct run *run, struct node *bystander, const struct mac *owner, struct tally *tally)
{
	const struct scenario *scenario = run->scenario;

	for (uint32_t vip = 0; vip < scenario->vip_count; vip++) {
		const struct neighbour *entry = neighbour_find(bystander, scenario->vips[vip]);

		/* A missing entry is no harm: the bystander asks again. */
		tally->caches++;
		if (entry == NULL || mac_equal(&entry->mac, owner))
			continue;
		tally->caches_astray++;
		/* The engine can't reset a SYN from an address that turned out to be in use, since
		 * the RST would speak for it. The server's SYN-ACKs continue after the audit. */
		if (scenario->lossless && (scenario->port == 0 || !takes_decoys(scenario)))
			run_breach(
			    run, "after a leak a bystander's cache does not point to the owner");
	}
}

/* Whether several machines answer for a VIP. Then the DR signature is asked for all the same, which
 * may make a server leak that does not know the probe. */
static bool
is_contested(const struct run *run)
{
	for (size_t i = 0; i < run->cluster.vip_count; i++)
		if (run->cluster.vips[i].owner_count > 1)
			return true;
	return false;
}

static void
verify_caches(struct run *run, struct tally *tally)
{
	struct scenario *scenario = run->scenario;
	const struct mac *owner = scenario_owner(scenario);

	if (!is_quiet(scenario))
		return;
	if (run->wire.leaks_provoked > 0) {
		tally->leaks++;
		tally->restored += run->wire.owner_restored;
		if (scenario->family == FAMILY_RETICENT && !is_contested(run))
			run_breach(run, "a leak was provoked that the owner can't undo");
	}
	run_on(run, SETTLED_US);
	for (uint32_t i = 0; i < scenario->cast_count && run->wire.owner_restored; i++)
		if (scenario->cast[i].part == PART_BYSTANDER)
			verify_cache(run, &scenario->cast[i].node, owner, tally);
	if (!run->wire.owner_restored && scenario->lossless && scenario->port == 0 &&
	    (scenario->family == FAMILY_CLEAN || scenario->family == FAMILY_DISORDER ||
		scenario->family == FAMILY_REJECT || scenario->family == FAMILY_INTERRUPT))
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

/* Verifies that the evidence file would hold the frames of the findings: all concern the audit. */
static void
verify_evidence(struct run *run, const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < findings[i].evidence_count; k++) {
			const uint64_t number = findings[i].evidence[k].frame;

			if (number == 0 || number > run->heard || !run->concerned[number])
				run_breach(run,
				    "%s shows a frame that the evidence file lacks: %.80s",
				    findings[i].id, findings[i].evidence[k].summary);
		}
}

/* Whether the source address is in use. Then the audit has ended, and the program writes no
 * report. */
static bool
verify_source(struct run *run)
{
	struct mac owner;

	if (!audit_source_is_used(run->audit, &owner)) {
		if (run->scenario->source_used && run->scenario->lossless)
			run_breach(
			    run, "the source address is in use, but the audit gave verdicts");
		return false;
	}
	/* An address for which a machine answers is in use, however that holds it. */
	if (!run->scenario->source_used && !takes_decoys(run->scenario))
		run_breach(run, "the source address is free, but was reported as in use");
	return true;
}

static void
verify_judgement(struct run *run, struct tally *tally)
{
	for (size_t i = 0; i < run->cluster.vip_count; i++) {
		const struct vip_result *vip = &run->cluster.vips[i];

		const uint32_t index = scenario_find_vip(run->scenario, &vip->vip);

		verify_vip(run, index, vip, tally);
		verify_evidence(run, vip->findings, vip->finding_count);
		for (size_t k = 0; k < vip->host_count; k++) {
			verify_host(run, index, &vip->hosts[k], tally);
			verify_evidence_of_pass(run, &vip->hosts[k]);
			verify_evidence(run, vip->hosts[k].findings, vip->hosts[k].finding_count);
		}
	}
	verify_interruption(run);
	verify_caches(run, tally);
}

void
verify(struct run *run, struct tally *tally)
{
	tally->audits++;
	if (run->broken) {
		tally->breaches++;
		return;
	}
	if (!verify_source(run))
		verify_judgement(run, tally);
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
	total->accusable += part->accusable;
	total->accused += part->accused;
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

/* The number of independent rare events has a Poisson distribution. */
bool
tally_is_likely(uint64_t count, double allowed)
{
	double fewer = 0; /* chance of fewer events */

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
	       tally_is_likely(tally->accused, ACCUSED_ALLOWED * (double)tally->accusable) &&
	       tally_is_likely(tally->alarms, ALARMS_ALLOWED * (double)tally->owners) &&
	       tally_is_likely(tally->caches_astray, ASTRAY_ALLOWED * (double)tally->caches);
}
