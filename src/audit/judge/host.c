/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>

#include "audit/facts/check_states.h"
#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/proxies.h"
#include "audit/facts/vips.h"
#include "audit/judge/infer.h"
#include "audit/judge/judge.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/doubt.h"
#include "audit/owner/master.h"
#include "audit/owner/undecided.h"

static const struct cause was_director_then = {
    "former-director", ("the host was the director until the hand-over")};

const char *
judge_segment(const struct facts *facts, const struct address *host, struct arena *arena)
{
	const struct prefix *own = &facts->segment.own;
	char text[ADDRESS_TEXT_SIZE];
	struct prefix network;

	if (!facts_own_subnet_has(facts, host))
		return arena_format(arena, "%s", address_format(host, text));
	network = prefix_network(own);
	return arena_format(arena, "%s/%u", address_format(&network.address, text), network.length);
}

static enum host_role
role_of(const struct facts *facts, uint32_t index, uint32_t vip)
{
	const struct host *host = host_of(facts, index);
	const bool director =
	    host->director || owner_is_host(facts, index, vip) || owner_was_host(facts, index, vip);

	if (!director && owner_is_undecided_host(facts, vip, index))
		return ROLE_MAYBE_DIRECTOR;
	if (host->listed)
		return director ? ROLE_DIRECTOR_REAL_SERVER : ROLE_REAL_SERVER;
	if (director)
		return ROLE_DIRECTOR;
	return holding_of(facts, index, vip)->holds_vip ? ROLE_REAL_SERVER : ROLE_UNLISTED;
}

static enum verdict
verdict_of(const struct host_result *host)
{
	enum verdict verdict = VERDICT_COMPLIANT;

	for (size_t i = 0; i < host->check_count; i++) {
		if (host->checks[i].outcome == OUTCOME_FAIL)
			return VERDICT_VIOLATION;
		if (host->checks[i].outcome == OUTCOME_INCONCLUSIVE)
			verdict = VERDICT_INCONCLUSIVE;
	}
	return verdict;
}

static const char was_director[] = "the host was the director until the hand-over";

/*
 * Why a check is skipped, or NULL if it is made. A director that is not one of the real servers
 * need not hold the VIP now, because it may be the standby. That does not excuse a claim. A
 * director that handed the VIP over is excused for the claims that it made before.
 */
static const char *
exemption(const struct facts *facts, uint32_t index, uint32_t vip, enum exemption kind)
{
	const struct host *host = host_of(facts, index);
	const bool former = owner_was_host(facts, index, vip);

	if (kind == EXEMPT_NOBODY || owner_is_host(facts, index, vip) ||
	    (!former && !host->director))
		return NULL;
	if (former && (kind == EXEMPT_FORMER_DIRECTOR || !host->listed))
		return was_director;
	if (host->listed || kind == EXEMPT_FORMER_DIRECTOR ||
	    (kind == EXEMPT_SILENT_STANDBY && holding_of(facts, index, vip)->spoke))
		return NULL;
	return "the host is a standby director";
}

/* The former director spoke as the VIP while it was allowed to. Whether it still does is not
 * known. */
static bool
judge_former(const struct pair *pair, enum exemption kind, struct judgement *judgement)
{
	if (kind != EXEMPT_SILENT_STANDBY || !owner_was_host(pair->facts, pair->host, pair->vip) ||
	    !holding_of(pair->facts, pair->host, pair->vip)->spoke)
		return false;
	judge_inconclusive(
	    judgement, &was_director_then, 0, -1, was_director, "# run the audit again");
	return true;
}

static void
judge_check(const struct check *check, const struct pair *pair, struct judgement *judgement)
{
	if (judge_hidden(pair->facts, pair->host, judgement))
		return;
	const char *reason = remarks_skipped(&pair->facts->cluster->remarks, check->title.name);

	if (reason == NULL)
		reason = exemption(pair->facts, pair->host, pair->vip, check->exemption);
	if (reason != NULL)
		judge_skip(judgement, reason);
	else if (!judge_former(pair, check->exemption, judgement))
		check->judge(pair, judgement);
}

size_t
judge_check_count(const struct check *const *checks)
{
	size_t count = 0;

	while (checks[count] != NULL)
		count++;
	assert(count <= CHECKS_MAX);
	return count;
}

void
judge_begin(
    const struct check *const *checks, struct check_result *results, struct host_result *result)
{
	result->checks = results;
	result->check_count = judge_check_count(checks);
	for (size_t i = 0; i < result->check_count; i++)
		results[i] = (struct check_result){
		    .title = &checks[i]->title,
		    .false_pass_bound = -1,
		    .reason = "",
		};
}

static void
judge_checks(const struct facts *facts, const struct check *const *checks, uint32_t host,
    uint32_t vip, struct host_result *result, struct check_result *results,
    struct judgement *judgement)
{
	size_t failures[CHECKS_MAX];

	for (size_t i = 0; checks[i] != NULL; i++) {
		const struct pair pair = check_pair(facts, i, host, vip);

		judgement->id = checks[i]->title.name;
		judgement->result = &results[i];
		judge_check(checks[i], &pair, judgement);
		failures[i] = judgement->failure;
	}
	result->verdict = verdict_of(result);
	infer(facts, host, vip, result);
	for (size_t i = 0; checks[i] != NULL; i++) {
		const struct pair pair = check_pair(facts, i, host, vip);

		if (checks[i]->explain == NULL || results[i].outcome != OUTCOME_FAIL)
			continue;
		judgement->id = checks[i]->title.name;
		judgement->result = &results[i];
		judgement->failure = failures[i];
		checks[i]->explain(&pair, result, judgement);
	}
}

void
judge_host(const struct facts *facts, const struct check *const *checks, uint32_t index,
    uint32_t vip, struct arena *arena, struct check_result *results, struct host_result *result)
{
	const struct host *host = host_of(facts, index);
	struct findings findings = {.count = 0};
	char rip[ADDRESS_TEXT_SIZE], vip_text[ADDRESS_TEXT_SIZE];
	struct judgement judgement = {
	    .arena = arena,
	    .findings = &findings,
	    .host = address_format(&host->rip, rip),
	    .vip = address_format(vip_address(facts, vip), vip_text),
	    .segment = judge_segment(facts, &host->rip, arena),
	};

	*result = (struct host_result){
	    .rip = host->rip,
	    .name = host->name,
	    .mac = host->mac[0],
	    .has_mac = host->mac_count > 0,
	    .role = role_of(facts, index, vip),
	};
	judge_begin(checks, results, result);
	judge_checks(facts, checks, index, vip, result, results, &judgement);
	result->findings = findings.finding;
	result->finding_count = findings.count;
}

static enum check_outcome
outcome_of(const struct check *check, const struct claimant *claimant, bool in_doubt)
{
	if (check->claims == NULL || check->claims(claimant) == 0)
		return OUTCOME_SKIPPED;
	return in_doubt ? OUTCOME_INCONCLUSIVE : OUTCOME_FAIL;
}

void
judge_claimant(const struct facts *facts, const struct check *const *checks, uint32_t vip,
    uint32_t index, struct check_result *results, struct host_result *result)
{
	const struct claimant *claimant = claimant_of(facts, vip, index);
	const enum mastery mastery = master_is_claimant(facts, vip, claimant);
	const bool director = claimant->former ||
			      (mastery == MASTERY_SHOWN && !claimant_is_owner(claimant)) ||
			      owner_director(facts, vip, NULL) == index;
	const bool in_doubt =
	    !director && (mastery == MASTERY_POSSIBLE || owner_is_in_doubt(facts, vip, index) ||
			     master_is_unanswering(facts, vip, claimant));
	const char *reason = claimant->former ? was_director
			     : director       ? "the host is the director"
			     : proxy_is_network(facts, &claimant->mac)
				 ? "it answers for every address, as a network that owns ARP does"
			     : in_doubt ? "the host claims the VIP, and may be the director"
					: "the host is not listed, and only its claims were seen";

	*result = (struct host_result){
	    .rip = judge_claimant_ip(facts, claimant),
	    .mac = claimant->mac,
	    .has_mac = true,
	    .role = director   ? ROLE_DIRECTOR
		    : in_doubt ? ROLE_MAYBE_DIRECTOR
			       : ROLE_UNLISTED,
	    .verdict = director   ? VERDICT_COMPLIANT
		       : in_doubt ? VERDICT_INCONCLUSIVE
				  : VERDICT_VIOLATION,
	};
	judge_begin(checks, results, result);
	for (size_t i = 0; i < result->check_count; i++) {
		results[i].reason = reason;
		if (!director)
			results[i].outcome = outcome_of(checks[i], claimant, in_doubt);
	}
}

/* After a sweep, only hosts that have something to do with the VIP are reported. */
bool
judge_reports(const struct facts *facts, uint32_t index, uint32_t vip)
{
	const struct holding *holding = holding_of(facts, index, vip);
	const struct inquiry *inquiry = inquiry_of(facts, index);
	const struct host *host = host_of(facts, index);

	/* A proxy answers for every address of a sweep. */
	if (facts->cluster->discover && !host->director && proxy_hides_host(facts, index))
		return false;
	/* A host that was heard, but was not asked everything, may hold the VIP as well. */
	if (host->mac_count > 0 && (inquiry->lost || inquiry->stage != STAGE_DONE))
		return true;
	return host->listed || host->director || holding->holds_vip || holding->replied ||
	       holding->spoke || holding->relayed_replies + holding->relayed_requests > 0 ||
	       owner_is_host(facts, index, vip);
}
