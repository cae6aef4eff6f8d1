/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/asked.h"
#include "audit/facts/claims.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "audit/judge/judge.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/doubt.h"
#include "audit/owner/master.h"
#include "audit/owner/rounds.h"

#define LEFT_OUT_LISTED 8

static const struct cause no_hosts = {"no-hosts", ("no real server was judged")};
static const struct cause capture_lost = {
    "capture-lost", ("the kernel of this machine repeatedly dropped captured frames, so further "
		     "owners may have been missed")};
static const struct cause cut_short = {"cut-short",
    ("the audit ended before everything was decided and late replies had time to arrive")};

/* Returns whether the claimant's MAC belongs to a virtual router whose master is a host of the
 * report. */
static bool
is_of_master(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	if (mac_vrrp_vrid(&claimant->mac) == 0)
		return false;
	for (uint32_t host = 0; host < host_count(facts); host++)
		if (master_is_host(facts, vip, host) && judge_reports(facts, host, vip))
			return true;
	return false;
}

static bool
is_reported(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	return claimant_replies(claimant) + claimant_requests(claimant) > 0 &&
	       judge_named_host(facts, &claimant->mac) == NONE &&
	       !is_of_master(facts, vip, claimant);
}

static void
judge_hosts(const struct facts *facts, const struct check *const *checks, uint32_t vip,
    struct arena *arena, struct vip_result *result)
{
	const uint32_t claimants = claims_count(facts, vip);
	const size_t most = (size_t)host_count(facts) + claimants;
	const size_t count = judge_check_count(checks);
	struct host_result *hosts = arena_alloc(arena, most, sizeof(*hosts));
	struct check_result *results = arena_alloc(arena, most * count, sizeof(*results));
	size_t judged = 0;

	for (uint32_t host = 0; host < host_count(facts); host++)
		if (judge_reports(facts, host, vip)) {
			judge_host(facts, checks, host, vip, arena, &results[judged * count],
			    &hosts[judged]);
			judged++;
		}
	for (uint32_t i = 0; i < claimants; i++)
		if (is_reported(facts, vip, claimant_of(facts, vip, i))) {
			judge_claimant(
			    facts, checks, vip, i, &results[judged * count], &hosts[judged]);
			judged++;
		}
	result->hosts = hosts;
	result->host_count = judged;
}

/* A sweep judges only hosts that show a sign of the VIP. A leaking server shows none if a firewall
 * drops the packets that would make it answer, and it does not answer ARP for the VIP. */
static void
list_unjudged(
    const struct facts *facts, uint32_t vip, struct arena *arena, struct vip_result *result)
{
	struct unjudged_result *unjudged;

	if (!facts->cluster->discover)
		return;
	unjudged = arena_alloc(arena, host_count(facts), sizeof(*unjudged));
	for (uint32_t i = 0; i < host_count(facts); i++) {
		const struct host *host = host_of(facts, i);

		if (host->mac_count == 0 || judge_reports(facts, i, vip))
			continue;
		unjudged[result->unjudged_count++] = (struct unjudged_result){
		    .ip = host->rip,
		    .mac = host->mac[0],
		    .reason = facts->settings->elicit
				  ? "it shows no sign of holding the VIP: the VIP is not bound, or "
				    "a firewall drops the packets that would show it"
				  : "without eliciting it (--no-elicit) nothing shows whether it "
				    "holds the VIP",
		};
	}
	result->unjudged = unjudged;
}

static void
judge_owners(
    const struct facts *facts, uint32_t vip, struct arena *arena, struct vip_result *result)
{
	const uint32_t director = owner_director(facts, vip, NULL);
	struct owner_result *owners = arena_alloc(arena, claims_count(facts, vip), sizeof(*owners));

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);
		if (!claimant_is_owner(claimant))
			continue;
		owners[result->owner_count++] = (struct owner_result){
		    .mac = claimant->mac,
		    .ip = judge_claimant_ip(facts, claimant),
		    .vrrp_vrid = mac_vrrp_vrid(&claimant->mac),
		    .expected = i == director,
		    .may_be_expected = i != director && owner_is_in_doubt(facts, vip, i),
		};
	}
	result->owners = owners;
}

static void
list_ports(const struct plan_vip *plan, struct arena *arena, struct vip_result *result)
{
	const char **ports = arena_alloc(arena, plan->port_count, sizeof(*ports));

	for (size_t i = 0; i < plan->port_count; i++)
		ports[i] = arena_format(arena, "%u%s", (unsigned)plan->ports[i].number,
		    plan->ports[i].protocol == IP_PROTOCOL_UDP ? "/udp" : "");
	result->ports = ports;
	result->port_count = plan->port_count;
}

/* The directors that the user named, the same for all VIPs of the cluster. */
static void
list_directors(const struct plan_cluster *cluster, struct arena *arena, struct vip_result *result)
{
	struct expected_director *directors =
	    arena_alloc(arena, cluster->director_count, sizeof(*directors));

	for (size_t i = 0; i < cluster->director_count; i++)
		directors[i] = (struct expected_director){
		    .ip = cluster->directors[i].address,
		    .mac = cluster->directors[i].mac,
		    .name = cluster->directors[i].name,
		};
	result->directors = directors;
	result->director_count = cluster->director_count;
}

void
judge_plan_of_vip(
    const struct plan_cluster *cluster, size_t vip, struct arena *arena, struct vip_result *result)
{
	result->vip = cluster->vips[vip].address;
	list_ports(&cluster->vips[vip], arena, result);
	list_directors(cluster, arena, result);
}

/* A report without real servers is no success. */
static void
judge_emptiness(
    const struct facts *facts, const struct vip_result *result, struct vip_judgement *judgement)
{
	for (size_t i = 0; i < result->host_count; i++)
		if (result->hosts[i].role != ROLE_DIRECTOR)
			return;
	judge_vip(judgement, "no-hosts", &no_hosts, SEVERITY_INCONCLUSIVE,
	    facts->cluster->discover
		? arena_format(judgement->arena,
		      "no host other than the owner was found to hold %s, so none was judged",
		      judgement->vip)
		: "no real server was judged",
	    "# name the real servers: --rs HOSTS", NULL);
}

static const struct cause left_out = {"left-out", ("not audited as real servers")};
static const struct cause doubtful_plan = {"plan-warning", ("the plan may be wrong")};

/* What the user should know of the plan, once for all VIPs. */
static void
judge_plan(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const struct plan_remarks *remarks = &facts->cluster->remarks;
	const char *list = "";

	if (vip > 0)
		return;
	for (size_t i = 0; i < remarks->left_out_count && i < LEFT_OUT_LISTED; i++)
		list = arena_format(judgement->arena, "%s%s%s (%s)", list, i == 0 ? "" : ", ",
		    remarks->left_out[i].rip, remarks->left_out[i].reason);
	if (remarks->left_out_count > LEFT_OUT_LISTED)
		list = arena_format(judgement->arena, "%s and %zu more", list,
		    remarks->left_out_count - LEFT_OUT_LISTED);
	if (*list != '\0')
		judge_vip(judgement, "left-out", &left_out, SEVERITY_NOTE,
		    arena_format(judgement->arena, "not audited as real servers: %s", list), "",
		    NULL);
	for (size_t i = 0; i < remarks->warning_count; i++)
		judge_vip(judgement, "plan-warning", &doubtful_plan, SEVERITY_NOTE,
		    arena_format(judgement->arena, "%s", remarks->warnings[i]), "", NULL);
}

static void
judge_course(const struct facts *facts, bool completed, struct vip_judgement *judgement)
{
	if (asked_owners_are_void(facts))
		judge_vip(judgement, "capture-lost", &capture_lost, SEVERITY_INCONCLUSIVE,
		    "the kernel of this machine repeatedly dropped captured frames, so further "
		    "owners may have been missed",
		    "# run the audit from a less busy machine, or lower --rate", NULL);
	if (!completed)
		judge_vip(judgement, "cut-short", &cut_short, SEVERITY_INCONCLUSIVE,
		    "the audit ended before everything was decided and late replies had time to "
		    "arrive",
		    judge_more_time(facts), NULL);
}

static enum verdict
verdict_of(const struct vip_result *result)
{
	enum verdict verdict = VERDICT_COMPLIANT;

	for (size_t i = 0; i < result->finding_count; i++) {
		if (result->findings[i].severity == SEVERITY_VIOLATION)
			return VERDICT_VIOLATION;
		if (result->findings[i].severity == SEVERITY_INCONCLUSIVE)
			verdict = VERDICT_INCONCLUSIVE;
	}
	for (size_t i = 0; i < result->host_count; i++)
		if (result->hosts[i].verdict > verdict)
			verdict = result->hosts[i].verdict;
	return verdict;
}

void
judge_one_vip(const struct facts *facts, const struct check_table *table, uint32_t vip,
    bool completed, struct arena *arena, struct vip_result *result)
{
	const struct address *address = vip_address(facts, vip);
	const struct address *own = &facts->segment.own.address;
	struct findings findings = {.count = 0};
	char vip_text[ADDRESS_TEXT_SIZE];
	struct vip_judgement judgement = {
	    .arena = arena,
	    .findings = &findings,
	    .vip = address_format(address, vip_text),
	    .segment = judge_segment(facts, address_is_set(own) ? own : address, arena),
	};

	judge_plan_of_vip(facts->cluster, vip, arena, result);
	result->owner_bound = asked_owners_are_void(facts) ? -1 : owner_bound(facts);
	judge_owners(facts, vip, arena, result);
	judge_hosts(facts, table->checks, vip, arena, result);
	list_unjudged(facts, vip, arena, result);
	for (size_t i = 0; table->vip_checks[i] != NULL; i++)
		table->vip_checks[i]->judge(facts, vip, &judgement);
	result->gateway = judgement.gateway;
	judge_emptiness(facts, result, &judgement);
	judge_course(facts, completed, &judgement);
	judge_plan(facts, vip, &judgement);
	result->findings = findings.finding;
	result->finding_count = findings.count;
	result->verdict = verdict_of(result);
}
