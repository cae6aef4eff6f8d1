/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a watch comes to, in the form of an audit's results.
 *
 * What was heard proves faults. It clears nobody: a host that was not heard to claim a VIP was not
 * asked. So no host and no VIP is compliant.
 */
#include <stdio.h>
#include <string.h>

#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "audit/judge/judge.h"
#include "audit/judge/judgement.h"
#include "watch/inside.h"
#include "watch/roles.h"

#define TIME_TEXT_SIZE  32
#define QUESTIONS_LEAST 3 /* that nobody answered, until nobody owns the VIP */

static const struct cause not_heard = {"not-heard",
    ("the host was not heard to claim the VIP; it was not asked, so that proves nothing")};
static const struct cause heard_answering = {
    "heard-answering", ("the host was heard to answer ARP requests for the VIP")};
static const struct cause heard_speaking = {
    "heard-speaking", ("the host was heard to send ARP requests as the VIP")};
static const struct cause heard_announcing = {
    "heard-announcing", ("the host was heard to announce the VIP by gratuitous ARP")};
static const struct cause rip_shared = {
    "rip-shared", ("several MACs answer ARP requests for the host's address")};
static const struct cause former_claims = {"former-owner-claims",
    ("a machine claims the VIP that was the master of its virtual router before")};
static const struct cause stranger_claims = {
    "unlisted-claims", ("a machine that is neither the director nor a listed host claims the VIP")};
static const struct cause maybe_director = {
    "maybe-director", ("a machine claims the VIP that may be the director")};
static const struct cause crowd_claims = {
    "many-claim", ("more machines claim the VIP than can be listed")};
static const struct cause split = {"split-brain", ("two machines owned the VIP at the same time")};
static const struct cause flip_flops = {
    "flip-flops", ("the VIP went to another machine and soon back again")};
static const struct cause hand_overs = {"handed-over", ("the VIP went to another machine")};
static const struct cause silences = {
    "owner-fell-silent", ("the VRRP advertisements of the VIP ceased")};
static const struct cause unowned = {
    "no-owner", ("no machine answered ARP requests for the VIP: it has no owner")};
static const struct cause nothing_heard = {
    "nothing-heard", ("no claim of the VIP was heard, and listening alone proves no silence")};
static const struct cause listened = {
    "listened", ("listening alone shows no host to be compliant")};
static const struct cause violated = {
    "violated-before", ("a violation was heard before the plan was read again")};
static const struct cause audited = {"audits", ("audits took place while the watch listened")};
static const struct cause capture_lost = {
    "capture-lost", ("the kernel of this machine dropped captured frames")};
static const struct cause events_untold = {
    "events-lost", ("more happened at once than could be told or counted")};
static const struct cause presumed = {"presumed-director",
    ("the owner is taken for the director, because it was heard to claim the VIP")};

static const char does_not_ask[] = "a watch does not ask; only an audit tests this";

/* What the results are made of. */
struct hearing_results {
	const struct watch *watch;
	const struct facts *facts;
	struct arena *arena;
	uint32_t vip;
	char vip_text[ADDRESS_TEXT_SIZE];
	char time_text[TIME_TEXT_SIZE]; /* how long the watch has listened */
};

/* "6 h 12 min" */
static const char *
time_text(uint64_t time_us, char text[TIME_TEXT_SIZE])
{
	const unsigned long long seconds = time_us / 1000000;

	if (seconds >= 86400)
		(void)snprintf(
		    text, TIME_TEXT_SIZE, "%llu d %llu h", seconds / 86400, seconds % 86400 / 3600);
	else if (seconds >= 3600)
		(void)snprintf(
		    text, TIME_TEXT_SIZE, "%llu h %llu min", seconds / 3600, seconds % 3600 / 60);
	else if (seconds >= 60)
		(void)snprintf(text, TIME_TEXT_SIZE, "%llu min %llu s", seconds / 60, seconds % 60);
	else
		(void)snprintf(text, TIME_TEXT_SIZE, "%.1f s", (double)time_us / 1e6);
	return text;
}

/* ---- Hosts -------------------------------------------------------------------------------- */

/* The claims of a host of one kind, by MACs that may not make them. */
struct host_claims {
	uint32_t accused, relayed, gratuitous;
	bool former; /* it was the virtual router's master */
};

static struct host_claims
claims_of_host(
    const struct hearing_results *of, uint32_t host, uint32_t (*count)(const struct claimant *))
{
	const bool replies = count == claimant_replies;
	struct host_claims claims = {.accused = 0};

	for (uint32_t i = 0; i < claims_count(of->facts, of->vip); i++) {
		const struct claimant *claimant = claimant_of(of->facts, of->vip, i);
		const enum claimant_role role = role_of_claimant(of->watch, of->vip, claimant);

		if (!sighting_is_own(of->facts, host, &claimant->mac) || !role_is_accused(role))
			continue;
		claims.accused += count(claimant);
		claims.gratuitous +=
		    claimant->claims[replies ? CLAIM_GRATUITOUS_REPLY : CLAIM_GRATUITOUS_REQUEST];
		claims.former = claims.former || role == CLAIMANT_FORMER_MASTER;
	}
	return claims;
}

static void
fail(const struct hearing_results *of, uint32_t host, const struct host_claims *claims,
    bool replies, struct judgement *judgement)
{
	const struct holding *holding = holding_of(of->facts, host, of->vip);
	const bool announces = claims->gratuitous == claims->accused;
	const struct remedy_case remedy = {
	    .vip = judgement->vip,
	    .rip = judgement->host,
	    .segment = judgement->segment,
	    .answers = replies && !announces,
	    .speaks = !replies && !announces,
	    .announces = announces,
	    .director = claims->former,
	};

	judge_fail(judgement,
	    announces ? &heard_announcing
	    : replies ? &heard_answering
		      : &heard_speaking,
	    arena_format(of->arena, "the host was heard to %s %s: %u time%s in %s%s",
		announces ? "announce"
		: replies ? "answer ARP requests for"
			  : "send ARP requests as",
		judgement->vip, claims->accused, claims->accused == 1 ? "" : "s", of->time_text,
		claims->former ? ", though another master advertises the VIP by now" : ""),
	    remedy_server(of->arena, &remedy),
	    replies ? holding->reply_evidence : holding->request_evidence);
}

static void
fail_unique(const struct hearing_results *of, struct judgement *judgement)
{
	judge_fail(judgement, &rip_shared,
	    arena_format(of->arena,
		"two MACs answered the same ARP requests for %s, again and again", judgement->host),
	    remedy_flux(of->arena, judgement->segment), NULL);
}

static void
judge_check(const struct hearing_results *of, uint32_t host, const struct check *check,
    bool director, struct judgement *judgement)
{
	const struct holding *holding = holding_of(of->facts, host, of->vip);
	const bool replies = check->claims == claimant_replies;
	struct host_claims claims;

	if (check->claims == NULL) {
		if (strcmp(check->title.name, "rip-unique") == 0 &&
		    sightings_show_duplicate(of->watch->sightings, host))
			fail_unique(of, judgement);
		else
			judge_skip(judgement, does_not_ask);
		return;
	}
	claims = claims_of_host(of, host, check->claims);
	if (claims.accused > 0 && (replies ? holding->replied : holding->spoke))
		fail(of, host, &claims, replies, judgement);
	else if (claims.accused > 0 ||
		 (replies ? holding->relayed_replies : holding->relayed_requests) > 0)
		judge_relayed(judgement);
	else if (director)
		judge_skip(judgement, "the host is the director, which may claim the VIP");
	else
		judge_inconclusive(judgement, &not_heard, 0, -1,
		    arena_format(of->arena,
			"the host was not heard to claim %s in %s: only an audit proves that it "
			"does not",
			judgement->vip, of->time_text),
		    "# audit the host: the same command without --watch or --read");
}

/* Whether the host claims the VIP, and may. */
static bool
is_owner(const struct hearing_results *of, uint32_t host)
{
	for (uint32_t i = 0; i < claims_count(of->facts, of->vip); i++) {
		const struct claimant *claimant = claimant_of(of->facts, of->vip, i);

		if (sighting_is_own(of->facts, host, &claimant->mac) &&
		    !role_is_accused(role_of_claimant(of->watch, of->vip, claimant)))
			return true;
	}
	return false;
}

/* No check has judged: each says why. */
static void
begin(const struct check *const *checks, struct check_result *results, struct host_result *result)
{
	judge_begin(checks, results, result);
	for (size_t i = 0; i < result->check_count; i++)
		results[i].reason = does_not_ask;
}

static void
judge_one_host(const struct hearing_results *of, uint32_t index, struct check_result *results,
    struct host_result *result)
{
	const struct check *const *checks = of->watch->of.table->checks;
	const struct host *host = host_of(of->facts, index);
	const bool director = host->director || is_owner(of, index);
	struct findings findings = {.count = 0};
	char rip[ADDRESS_TEXT_SIZE];
	struct judgement judgement = {
	    .arena = of->arena,
	    .findings = &findings,
	    .host = address_format(&host->rip, rip),
	    .vip = of->vip_text,
	    .segment = judge_segment(of->facts, &host->rip, of->arena),
	};

	*result = (struct host_result){
	    .rip = host->rip,
	    .name = host->name,
	    .mac = host->mac[0],
	    .has_mac = host->mac_count > 0,
	    .role = !director      ? ROLE_REAL_SERVER
		    : host->listed ? ROLE_DIRECTOR_REAL_SERVER
				   : ROLE_DIRECTOR,
	    .verdict = VERDICT_INCONCLUSIVE,
	};
	begin(checks, results, result);
	for (size_t i = 0; checks[i] != NULL; i++) {
		judgement.id = checks[i]->title.name;
		judgement.result = &results[i];
		judge_check(of, index, checks[i], director, &judgement);
		if (results[i].outcome == OUTCOME_FAIL)
			result->verdict = VERDICT_VIOLATION;
	}
	result->findings = findings.finding;
	result->finding_count = findings.count;
}

/* ---- Claimants that are no hosts ---------------------------------------------------------- */

static void
judge_claimant_row(const struct hearing_results *of, uint32_t index, struct check_result *results,
    struct host_result *result)
{
	const struct check *const *checks = of->watch->of.table->checks;
	const struct claimant *claimant = claimant_of(of->facts, of->vip, index);
	const enum claimant_role role = role_of_claimant(of->watch, of->vip, claimant);
	const bool accused = role_is_accused(role) && !claimant_is_doubtful(claimant);
	const bool director = role == CLAIMANT_DIRECTOR || role == CLAIMANT_MASTER;

	*result = (struct host_result){
	    .rip = claimant_ip(of->facts, claimant),
	    .mac = claimant->mac,
	    .has_mac = true,
	    .role = director                ? ROLE_DIRECTOR
		    : role_is_accused(role) ? ROLE_UNLISTED
					    : ROLE_MAYBE_DIRECTOR,
	    .verdict = accused ? VERDICT_VIOLATION : VERDICT_INCONCLUSIVE,
	};
	begin(checks, results, result);
	for (size_t i = 0; i < result->check_count; i++) {
		if (checks[i]->claims == NULL || checks[i]->claims(claimant) == 0 || director)
			continue;
		results[i].outcome = accused ? OUTCOME_FAIL : OUTCOME_INCONCLUSIVE;
		results[i].reason = accused ? "the host is not listed, and claims the VIP"
					    : "the host claims the VIP, and may be the director";
	}
}

static bool
is_reported(const struct hearing_results *of, uint32_t index)
{
	const struct claimant *claimant = claimant_of(of->facts, of->vip, index);

	return claimant_claims(claimant) > 0 &&
	       sighting_find_own(of->facts, &claimant->mac) == NONE;
}

static void
judge_hosts(const struct hearing_results *of, struct vip_result *result)
{
	const struct facts *facts = of->facts;
	const uint32_t claimants = claims_count(facts, of->vip);
	const size_t most = (size_t)host_count(facts) + claimants;
	const size_t checks = judge_check_count(of->watch->of.table->checks);
	struct host_result *hosts = arena_alloc(of->arena, most, sizeof(*hosts));
	struct check_result *results = arena_alloc(of->arena, most * checks, sizeof(*results));
	size_t count = 0;

	for (uint32_t host = 0; host < host_count(facts); host++)
		if (host_of(facts, host)->listed || host_of(facts, host)->director) {
			judge_one_host(of, host, &results[count * checks], &hosts[count]);
			count++;
		}
	for (uint32_t i = 0; i < claimants; i++)
		if (is_reported(of, i)) {
			judge_claimant_row(of, i, &results[count * checks], &hosts[count]);
			count++;
		}
	result->hosts = hosts;
	result->host_count = count;
}

/* ---- The VIP ------------------------------------------------------------------------------ */

static void
list_owners(const struct hearing_results *of, struct vip_result *result)
{
	const struct watched_vip *watched = &of->watch->vip[of->vip];
	const uint32_t claimants = claims_count(of->facts, of->vip);
	struct owner_result *owners = arena_alloc(of->arena, claimants, sizeof(*owners));

	for (uint32_t i = 0; i < claimants; i++) {
		const struct claimant *claimant = claimant_of(of->facts, of->vip, i);
		const enum claimant_role role = role_of_claimant(of->watch, of->vip, claimant);
		const bool owns = (role == CLAIMANT_MASTER &&
				      claimant_is_master_now(of->watch, of->vip, claimant)) ||
				  (role_takes_turns(role) &&
				      mac_equal(&watched->claims.owner.mac, &claimant->mac));

		if (!owns || claimant_claims(claimant) == 0)
			continue;
		owners[result->owner_count++] = (struct owner_result){
		    .mac = claimant->mac,
		    .ip = claimant_ip(of->facts, claimant),
		    .vrrp_vrid = mac_vrrp_vrid(&claimant->mac),
		    .expected = role != CLAIMANT_MAYBE_NAMED,
		    .may_be_expected = role == CLAIMANT_MAYBE_NAMED,
		};
	}
	result->owners = owners;
}

static void
describe_claimant(const struct hearing_results *of, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *claimant = claimant_of(of->facts, of->vip, index);
	const enum claimant_role role = role_of_claimant(of->watch, of->vip, claimant);
	const bool former = role == CLAIMANT_FORMER_MASTER;
	const bool maybe = !role_is_accused(role) || claimant_is_doubtful(claimant);
	const struct cause *cause = former  ? &former_claims
				    : maybe ? &maybe_director
					    : &stranger_claims;
	const uint32_t claims = claimant_claims(claimant);

	if (role == CLAIMANT_DIRECTOR || role == CLAIMANT_MASTER)
		return;
	judge_vip(judgement, former ? "standby-claim" : "unlisted-claimant", cause,
	    maybe ? SEVERITY_INCONCLUSIVE : SEVERITY_VIOLATION,
	    arena_format(of->arena, "%s was heard to claim %s: %u time%s in %s; %s",
		judge_claimant_name(of->facts, of->arena, claimant), of->vip_text, claims,
		claims == 1 ? "" : "s", of->time_text, cause->title),
	    former  ? remedy_director(of->arena, of->vip_text)
	    : maybe ? "# name the MAC of the director as well: --director MAC"
		    : remedy_unlisted(),
	    claimant->first);
}

static const char *
times(const struct hearing_results *of, uint32_t count)
{
	return arena_format(
	    of->arena, "%u time%s in %s", count, count == 1 ? "" : "s", of->time_text);
}

static void
judge_turns(const struct hearing_results *of, struct vip_judgement *judgement)
{
	const struct watched_vip *watched = &of->watch->vip[of->vip];

	if (watched->splits > 0)
		judge_vip(judgement, "split-brain", &split, SEVERITY_VIOLATION,
		    arena_format(of->arena, "two machines owned %s at the same time: heard %s",
			of->vip_text, times(of, watched->splits)),
		    remedy_director(of->arena, of->vip_text), watched->split);
	if (watched->flip_flops > 0)
		judge_vip(judgement, "flip-flop", &flip_flops, SEVERITY_INCONCLUSIVE,
		    arena_format(of->arena, "%s went to another machine and soon back: %s",
			of->vip_text, times(of, watched->flip_flops)),
		    "# look at the logs of the directors (keepalived): why did they change?", NULL);
	if (watched->hand_overs > 0)
		judge_vip(judgement, "hand-over", &hand_overs, SEVERITY_NOTE,
		    arena_format(of->arena, "%s went to another machine: %s", of->vip_text,
			times(of, watched->hand_overs)),
		    "", NULL);
	if (watched->silences > 0)
		judge_vip(judgement, "owner-silent", &silences, SEVERITY_INCONCLUSIVE,
		    arena_format(of->arena, "the VRRP advertisements of %s ceased: %s%s",
			of->vip_text, times(of, watched->silences),
			watched->silent ? "; they have not come back" : ""),
		    "# check that the director is up", NULL);
}

static void
judge_audits(const struct hearing_results *of, struct vip_judgement *judgement)
{
	const struct watched_vip *watched = &of->watch->vip[of->vip];

	if (watched->audits == 0)
		return;
	judge_vip(judgement, "audits", &audited,
	    watched->bad_audits > 0 ? SEVERITY_VIOLATION : SEVERITY_NOTE,
	    arena_format(of->arena, "%s was audited %u time%s meanwhile: %u found a violation",
		of->vip_text, watched->audits, watched->audits == 1 ? "" : "s",
		watched->bad_audits),
	    watched->bad_audits > 0 ? "# audit it again: the same command without --watch" : "",
	    NULL);
}

/* A master that is heard owns the VIP, though its answers may not be heard. */
static bool
has_master(const struct hearing_results *of)
{
	return router_of(of->facts, of->vip)->vrid != 0 && !of->watch->vip[of->vip].silent;
}

static const char *
no_claim_text(const struct hearing_results *of)
{
	char master[ADDRESS_TEXT_SIZE];

	if (!has_master(of))
		return arena_format(of->arena, "no claim of %s was heard in %s%s", of->vip_text,
		    of->time_text,
		    of->watch->lost > 0 ? ", but captured frames were dropped meanwhile" : "");
	return arena_format(of->arena,
	    "%s advertises %s, but no claim of it by ARP was heard in %s",
	    address_format(&router_of(of->facts, of->vip)->master, master), of->vip_text,
	    of->time_text);
}

static void
judge_ownership(const struct hearing_results *of, const struct vip_result *result,
    struct vip_judgement *judgement)
{
	const struct watched_vip *watched = &of->watch->vip[of->vip];
	const bool may_be_owned = of->facts->cluster->owner != OWNER_NONE;

	/* Where frames of the capture were lost, so may the answers be. */
	if (watched->last_claim_us == 0 && may_be_owned && !has_master(of) &&
	    of->watch->lost == 0 && watched->asked.unanswered >= QUESTIONS_LEAST)
		judge_vip(judgement, "vip-owner", &unowned, SEVERITY_VIOLATION,
		    arena_format(of->arena,
			"no machine answered %u ARP requests for %s, of a machine that others "
			"answer: the VIP has no owner",
			watched->asked.unanswered, of->vip_text),
		    "# on the director, check whether it holds the VIP", NULL);
	else if (watched->last_claim_us == 0)
		judge_vip(judgement, "vip-owner", &nothing_heard,
		    may_be_owned ? SEVERITY_INCONCLUSIVE : SEVERITY_NOTE, no_claim_text(of), "",
		    NULL);
	else if (result->owner_count == 1 && of->facts->cluster->director_count == 0 &&
		 watched->claims.known && may_be_owned)
		judge_vip(judgement, "presumed-director", &presumed, SEVERITY_NOTE,
		    arena_format(
			of->arena, "the owner of %s is presumed to be the director", of->vip_text),
		    "# to be certain, name the director: --director IP|MAC", NULL);
	if (result->host_count == 0)
		judge_vip(judgement, "listened", &listened, SEVERITY_INCONCLUSIVE,
		    "listening alone shows no host to be compliant: only an audit does",
		    "# name the real servers, and audit them: --rs HOSTS", NULL);
}

/* What was lost may have been a claim. */
static void
judge_lost(const struct hearing_results *of, struct vip_judgement *judgement)
{
	const uint64_t events = watch_events_lost(of->watch);

	if (of->watch->lost > 0)
		judge_vip(judgement, "capture-lost", &capture_lost, SEVERITY_INCONCLUSIVE,
		    arena_format(of->arena,
			"the kernel of this machine dropped %llu captured frames, so claims may "
			"have been missed",
			(unsigned long long)of->watch->lost),
		    "", NULL);
	if (events > 0)
		judge_vip(judgement, "events-lost", &events_untold, SEVERITY_INCONCLUSIVE,
		    arena_format(of->arena,
			"more happened at once than could be told: %llu event%s %s not told, or "
			"not counted for each host, and may have concerned %s",
			(unsigned long long)events, events == 1 ? "" : "s",
			events == 1 ? "was" : "were", of->vip_text),
		    "# find out which machine floods the segment with ARP", NULL);
}

static void
judge_vip_as_whole(const struct hearing_results *of, const struct vip_result *result,
    struct vip_judgement *judgement)
{
	judge_ownership(of, result, judgement);
	if (of->watch->vip[of->vip].violated_before)
		judge_vip(judgement, "violated-before", &violated, SEVERITY_VIOLATION,
		    arena_format(of->arena,
			"a violation of %s was heard, and told, before the plan was read again",
			of->vip_text),
		    "", NULL);
	judge_audits(of, judgement);
	judge_turns(of, judgement);
	for (uint32_t i = 0; i < claims_count(of->facts, of->vip); i++)
		if (is_reported(of, i))
			describe_claimant(of, i, judgement);
	if (claims_lost(of->facts, of->vip) > 0)
		judge_vip(judgement, "unlisted-claimant", &crowd_claims,
		    of->facts->cluster->director_count > 0 ? SEVERITY_VIOLATION
							   : SEVERITY_INCONCLUSIVE,
		    arena_format(of->arena, "%u further MACs claimed %s and are not listed",
			claims_lost(of->facts, of->vip), of->vip_text),
		    "", NULL);
	judge_lost(of, judgement);
}

static enum verdict
verdict_of(const struct vip_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].severity == SEVERITY_VIOLATION)
			return VERDICT_VIOLATION;
	for (size_t i = 0; i < result->host_count; i++)
		if (result->hosts[i].verdict == VERDICT_VIOLATION)
			return VERDICT_VIOLATION;
	return VERDICT_INCONCLUSIVE;
}

static void
judge_one(struct hearing_results *of, uint32_t vip, struct vip_result *result)
{
	const struct address *own = &of->facts->segment.own.address;
	const struct address *address = vip_address(of->facts, vip);
	struct findings findings = {.count = 0};
	struct vip_judgement judgement = {
	    .arena = of->arena,
	    .findings = &findings,
	    .vip = address_format(address, of->vip_text),
	    .segment = judge_segment(of->facts, address_is_set(own) ? own : address, of->arena),
	};

	of->vip = vip;
	judge_plan_of_vip(of->facts->cluster, vip, of->arena, result);
	result->owner_bound = -1;
	list_owners(of, result);
	judge_hosts(of, result);
	judge_vip_as_whole(of, result, &judgement);
	result->findings = findings.finding;
	result->finding_count = findings.count;
	result->verdict = verdict_of(result);
}

static size_t
count_hosts(const struct facts *facts, bool heard)
{
	size_t count = 0;

	for (uint32_t host = 0; host < host_count(facts); host++)
		count +=
		    host_of(facts, host)->listed && (!heard || host_of(facts, host)->mac_count > 0);
	return count;
}

void
watch_result(
    const struct watch *watch, uint64_t now_us, struct arena *arena, struct cluster_result *cluster)
{
	const struct facts *facts = &watch->facts;
	const uint64_t listened_us = now_us > watch->started_us ? now_us - watch->started_us : 0;
	struct vip_result *vips = arena_alloc(arena, vip_count(facts), sizeof(*vips));
	struct hearing_results of = {.watch = watch, .facts = facts, .arena = arena};

	(void)time_text(listened_us, of.time_text);
	*cluster = (struct cluster_result){
	    .name = facts->cluster->name,
	    .interface = facts->segment.interface,
	    .vlan = facts->probe.vlan,
	    .probe_mac = facts->probe.mac,
	    .probe_ip = facts->segment.own.address,
	    .vips = vips,
	    .vip_count = vip_count(facts),
	    .verdict = VERDICT_INCONCLUSIVE,
	    .listened_us = listened_us,
	    .hosts_asked = count_hosts(facts, false),
	    .hosts_alive = count_hosts(facts, true),
	};
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		judge_one(&of, vip, &vips[vip]);
		if (vips[vip].verdict > cluster->verdict)
			cluster->verdict = vips[vip].verdict;
	}
}
