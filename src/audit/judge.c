/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what was seen to the results: the checks judge, here it is put together.
 */
#include "arpaudit/judge.h"

#include <string.h>

static const struct evidence *
evidence(struct arena *arena, const struct kept_frame *kept)
{
	struct evidence *evidence = arena_alloc(arena, 1, sizeof(*evidence));
	uint8_t *bytes = arena_alloc(arena, kept->length, 1);
	struct frame frame;
	char summary[FRAME_SUMMARY_SIZE];

	memcpy(bytes, kept->bytes, kept->length);
	if (frame_decode(bytes, kept->length, &frame) != FRAME_OK)
		frame.kind = FRAME_OTHER;
	*evidence = (struct evidence){
	    .time_us = kept->time_us,
	    .frame = kept->number,
	    .summary = arena_format(arena, "%s", frame_summary(&frame, summary)),
	    .bytes = bytes,
	    .length = kept->length,
	};
	return evidence;
}

static void
add_finding(struct findings *findings, struct arena *arena, const char *id, enum severity severity,
    const char *message, const char *remedy, const struct kept_frame *kept)
{
	struct finding *finding = &findings->finding[findings->count];
	const bool has_evidence = kept != NULL && kept->length > 0;

	if (findings->count == FINDINGS_MAX)
		return;
	findings->count++;
	*finding = (struct finding){
	    .id = id,
	    .severity = severity,
	    .message = message,
	    .remedy = remedy,
	    .evidence = has_evidence ? evidence(arena, kept) : NULL,
	    .evidence_count = has_evidence ? 1 : 0,
	};
}

static void
set(struct judgement *judgement, enum check_outcome outcome, uint32_t confirmations, double bound,
    const char *reason)
{
	*judgement->result = (struct check_result){
	    .outcome = outcome,
	    .confirmations = confirmations,
	    .false_pass_bound = bound,
	    .reason = reason,
	};
}

void
judge_skip(struct judgement *judgement, const char *reason)
{
	set(judgement, OUTCOME_SKIPPED, 0, -1, reason);
}

void
judge_pass(struct judgement *judgement, uint32_t confirmations, double bound)
{
	set(judgement, OUTCOME_PASS, confirmations, bound, "");
}

void
judge_inconclusive(struct judgement *judgement, uint32_t confirmations, double bound,
    const char *reason, const char *remedy)
{
	struct findings *findings = judgement->findings;

	set(judgement, OUTCOME_INCONCLUSIVE, confirmations, bound, reason);
	/* One cause makes several checks inconclusive: it is told once. */
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->finding[i].message, reason) == 0)
			return;
	add_finding(
	    findings, judgement->arena, judgement->id, SEVERITY_INCONCLUSIVE, reason, remedy, NULL);
}

void
judge_fail(struct judgement *judgement, const char *message, const char *remedy,
    const struct kept_frame *kept)
{
	set(judgement, OUTCOME_FAIL, 0, -1, message);
	add_finding(judgement->findings, judgement->arena, judgement->id, SEVERITY_VIOLATION,
	    message, remedy, kept);
}

void
judge_vip(struct vip_judgement *judgement, const char *id, enum severity severity,
    const char *message, const char *remedy, const struct kept_frame *kept)
{
	add_finding(judgement->findings, judgement->arena, id, severity, message, remedy, kept);
}

const char *
judge_more_time(const struct audit *audit)
{
	return audit->settings->timeout_us > 0 ? "# let it finish: allow more time (--timeout)"
					       : "# let it finish";
}

const char *
judge_less_loss(const struct audit *audit)
{
	return audit->settings->timeout_us > 0
		   ? "# look for what loses frames, or allow more time (--timeout)"
		   : "# look for what loses frames, and audit again";
}

bool
judge_unheard(const struct audit *audit, uint32_t index, struct judgement *judgement)
{
	const struct host *host = &audit->hosts[index];
	const char *reason;
	const char *remedy;

	if (host->mac_count == 0 && host->stage == STAGE_DONE) {
		reason = arena_format(judgement->arena,
		    "no answer to who-has %s: down, not on this segment, or arp_ignore=8",
		    judgement->host);
		remedy = "# see whether the host is up, and whether this is its segment";
	} else if (host->lost) {
		reason = "stopped answering for its own address during the audit";
		remedy = "# audit again when the host is stable";
	} else if (host->stage != STAGE_DONE) {
		reason = "the audit ended before this was decided";
		remedy = judge_more_time(audit);
	} else if (host->voids > VOIDS_MAX) {
		reason = "this machine's kernel dropped captured frames again and again: silence "
			 "proves nothing";
		remedy = "# audit from a less busy machine, or lower --rate";
	} else {
		return false;
	}
	judge_inconclusive(judgement, 0, -1, reason, remedy);
	return true;
}

void
judge_relayed(struct judgement *judgement)
{
	judge_inconclusive(judgement, 0, -1,
	    arena_format(judgement->arena,
		"one claim of %s names its MAC beside another one: damaged on its way, forged, or "
		"relayed",
		judgement->vip),
	    "# audit again; if it comes again, look for what answers or forwards in its place");
}

void
judge_doubtful(struct judgement *judgement, const char *does)
{
	judge_inconclusive(judgement, 0, -1,
	    arena_format(judgement->arena,
		"%s was answered once with the MAC of what %s: another machine's frame that was "
		"damaged on its way, or a second interface of its own",
		judgement->host, does),
	    "# audit again; if it comes again, look for that MAC");
}

void
judge_explain(struct judgement *judgement, const char *message, const char *remedy)
{
	struct findings *findings = judgement->findings;

	judgement->result->reason = message;
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->finding[i].id, judgement->id) == 0) {
			findings->finding[i].message = message;
			findings->finding[i].remedy = remedy;
		}
}

struct remedy_case
judge_remedy_case(const struct audit *audit, uint32_t host, uint32_t vip,
    const struct host_result *result, const struct judgement *judgement)
{
	/* Of a host that does not show that it holds the VIP, no levels are inferred. */
	const bool known = pair_of(audit, host, vip)->bound;

	return (struct remedy_case){
	    .vip = judgement->vip,
	    .rip = judgement->host,
	    .segment = judgement->segment,
	    .answers = result->checks[CHECK_VIP_REPLY].outcome == OUTCOME_FAIL,
	    .speaks = result->checks[CHECK_VIP_SOURCE].outcome == OUTCOME_FAIL,
	    .director = audit->hosts[host].director,
	    .only_director = audit->hosts[host].director && !audit->hosts[host].listed,
	    .may_be_director = !audit->hosts[host].listed && audit->cluster->director_count == 0 &&
			       pair_of(audit, host, vip)->replied &&
			       owner_director(audit, vip, NULL) == NONE,
	    .ignore_unfit = known && result->arp_ignore == 0,
	    .announce_unfit = known && result->arp_announce == 0,
	};
}

/* By what a host finds its interfaces on the segment: the segment's subnet, which is the same for
 * all hosts, or the host's own address when that is outside of it. */
static const char *
segment_of(const struct audit *audit, const struct address *host, struct arena *arena)
{
	const struct prefix *own = &audit->segment.own;
	char text[ADDRESS_TEXT_SIZE];
	struct prefix network;

	if (!address_is_set(&own->address) || !prefix_contains(own, host))
		return arena_format(arena, "%s", address_format(host, text));
	network = prefix_network(own);
	return arena_format(arena, "%s/%u", address_format(&network.address, text), network.length);
}

const char *
judge_loss_reason(
    const struct audit *audit, struct judgement *judgement, enum path path, double reached)
{
	return arena_format(judgement->arena,
	    "the segment loses %.0f %% of the %s exchanges: a fault may be missed with a chance of "
	    "%.1e",
	    100 * loss_estimate(&audit->loss[path]),
	    path == PATH_BROADCAST ? "broadcast" : "unicast", reached);
}

static enum host_role
role_of(const struct audit *audit, uint32_t index, uint32_t vip)
{
	const struct host *host = &audit->hosts[index];
	const bool director = host->director || host_is_director(audit, index, vip) ||
			      host_was_director(audit, index, vip);

	if (host->listed)
		return director ? ROLE_DIRECTOR_REAL_SERVER : ROLE_REAL_SERVER;
	if (director)
		return ROLE_DIRECTOR;
	return pair_of(audit, index, vip)->bound ? ROLE_REAL_SERVER : ROLE_UNLISTED;
}

static enum verdict
verdict_of(const struct host_result *host)
{
	enum verdict verdict = VERDICT_COMPLIANT;

	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (host->checks[i].outcome == OUTCOME_FAIL)
			return VERDICT_VIOLATION;
		if (host->checks[i].outcome == OUTCOME_INCONCLUSIVE)
			verdict = VERDICT_INCONCLUSIVE;
	}
	return verdict;
}

static const char was_director[] = "was the director until the hand-over";

/*
 * Why a check is not made, NULL when it is. A director that is not one of the real servers need not
 * hold the VIP now: it may be the standby. That does not excuse a claim, but one that handed the
 * VIP over had a right to those that it made before.
 */
static const char *
exemption(const struct audit *audit, uint32_t index, uint32_t vip, enum check_id id)
{
	const struct host *host = &audit->hosts[index];
	const bool former = host_was_director(audit, index, vip);

	if (id == CHECK_RIP_UNIQUE || id == CHECK_PROXY_ARP ||
	    host_is_director(audit, index, vip) || (!former && !host->director))
		return NULL;
	if (former && (id == CHECK_VIP_REPLY || !host->listed))
		return was_director;
	if (host->listed || id == CHECK_VIP_REPLY ||
	    (id == CHECK_VIP_SOURCE && pair_of(audit, index, vip)->source == SOURCE_VIP))
		return NULL;
	return "is a standby director";
}

/* It spoke as the VIP while it might; whether it still does, nobody knows. */
static bool
judge_former(const struct audit *audit, uint32_t index, uint32_t vip, enum check_id id,
    struct judgement *judgement)
{
	if (id != CHECK_VIP_SOURCE || !host_was_director(audit, index, vip) ||
	    pair_of(audit, index, vip)->source != SOURCE_VIP)
		return false;
	judge_inconclusive(judgement, 0, -1, was_director, "# audit again");
	return true;
}

static void
explain(const struct audit *audit, uint32_t index, uint32_t vip, struct host_result *result,
    struct judgement *judgement)
{
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (checks[i]->explain == NULL ||
		    result->checks[checks[i]->id].outcome != OUTCOME_FAIL)
			continue;
		judgement->id = check_name(checks[i]->id);
		judgement->result = &result->checks[checks[i]->id];
		checks[i]->explain(audit, index, vip, result, judgement);
	}
}

static void
judge_host(const struct audit *audit, uint32_t index, uint32_t vip, struct arena *arena,
    struct host_result *result)
{
	const struct host *host = &audit->hosts[index];
	struct findings findings = {.count = 0};
	char rip[ADDRESS_TEXT_SIZE], vip_text[ADDRESS_TEXT_SIZE];
	struct judgement judgement = {
	    .arena = arena,
	    .findings = &findings,
	    .host = address_format(&host->rip, rip),
	    .vip = address_format(&audit->vips[vip].address, vip_text),
	    .segment = segment_of(audit, &host->rip, arena),
	};
	struct finding *copy;

	*result = (struct host_result){
	    .rip = host->rip,
	    .name = host->name,
	    .mac = host->mac[0],
	    .has_mac = host->mac_count > 0,
	    .role = role_of(audit, index, vip),
	};
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (checks[i]->judge == NULL)
			continue;
		judgement.id = check_name(checks[i]->id);
		judgement.result = &result->checks[checks[i]->id];
		const char *reason = exemption(audit, index, vip, checks[i]->id);

		if (reason != NULL)
			judge_skip(&judgement, reason);
		else if (!judge_former(audit, index, vip, checks[i]->id, &judgement))
			checks[i]->judge(audit, index, vip, &judgement);
	}
	result->verdict = verdict_of(result);
	infer(audit, index, vip, result);
	explain(audit, index, vip, result, &judgement);
	copy = arena_alloc(arena, findings.count, sizeof(*copy));
	memcpy(copy, findings.finding, findings.count * sizeof(*copy));
	result->findings = copy;
	result->finding_count = findings.count;
}

/* A MAC that claims the VIP and belongs to no host of the plan: the director, or an intruder. */
static void
judge_claimant(const struct audit *audit, uint32_t vip, uint32_t index, struct host_result *result)
{
	const struct claimant *claimant = &audit->vips[vip].claimant[index];
	const bool director = claimant->former || owner_director(audit, vip, NULL) == index;

	*result = (struct host_result){
	    .rip = claimant->ip,
	    .mac = claimant->mac,
	    .has_mac = true,
	    .role = director ? ROLE_DIRECTOR : ROLE_UNLISTED,
	    .verdict = director ? VERDICT_COMPLIANT : VERDICT_VIOLATION,
	};
	for (size_t i = 0; i < CHECK_COUNT; i++)
		result->checks[i] = (struct check_result){
		    .false_pass_bound = -1,
		    .reason = claimant->former ? was_director
			      : director       ? "is the director"
					       : "not listed: only its claims were seen",
		};
	if (director)
		return;
	if (owner_is_in_doubt(audit, vip, index)) {
		result->verdict = VERDICT_INCONCLUSIVE;
		result->checks[CHECK_VIP_REPLY].outcome = OUTCOME_INCONCLUSIVE;
		return;
	}
	if (claimant_replies(claimant) > 0)
		result->checks[CHECK_VIP_REPLY].outcome = OUTCOME_FAIL;
	if (claimant_requests(claimant) > 0)
		result->checks[CHECK_VIP_SOURCE].outcome = OUTCOME_FAIL;
}

/* Of a sweep, only the hosts that have to do with the VIP are reported. */
static bool
is_reported(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	const struct host *of = &audit->hosts[host];

	/* One that was heard, but whose questions were not all put, may hold it as well. */
	if (of->mac_count > 0 && (of->lost || of->stage != STAGE_DONE))
		return true;
	return of->listed || of->director || pair->bound || pair->replied ||
	       pair->source == SOURCE_VIP || pair->relayed_replies + pair->relayed_requests > 0 ||
	       host_is_director(audit, host, vip);
}

/* The master of the virtual router that has this MAC is a host of the report. */
static bool
is_of_master(const struct audit *audit, uint32_t vip, uint32_t claimant)
{
	if (mac_vrrp_vrid(&audit->vips[vip].claimant[claimant].mac) == 0)
		return false;
	for (uint32_t host = 0; host < audit->host_count; host++)
		if (master_is_host(audit, vip, host) && is_reported(audit, host, vip))
			return true;
	return false;
}

static void
judge_hosts(const struct audit *audit, uint32_t vip, struct arena *arena, struct vip_result *result)
{
	const struct vip *of = &audit->vips[vip];
	struct host_result *hosts =
	    arena_alloc(arena, audit->host_count + of->claimant_count, sizeof(*hosts));

	for (uint32_t host = 0; host < audit->host_count; host++)
		if (is_reported(audit, host, vip))
			judge_host(audit, host, vip, arena, &hosts[result->host_count++]);
	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (claimant_replies(&of->claimant[i]) + claimant_requests(&of->claimant[i]) > 0 &&
		    host_find_mac(audit, &of->claimant[i].mac) == NONE &&
		    !is_of_master(audit, vip, i))
			judge_claimant(audit, vip, i, &hosts[result->host_count++]);
	result->hosts = hosts;
}

static void
judge_owners(
    const struct audit *audit, uint32_t vip, struct arena *arena, struct vip_result *result)
{
	const struct vip *of = &audit->vips[vip];
	const uint32_t director = owner_director(audit, vip, NULL);
	struct owner_result *owners = arena_alloc(arena, of->claimant_count, sizeof(*owners));

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *claimant = &of->claimant[i];
		const uint32_t host = host_find_mac(audit, &claimant->mac);

		if (!claimant_is_owner(claimant))
			continue;
		owners[result->owner_count++] = (struct owner_result){
		    .mac = claimant->mac,
		    .ip = host != NONE ? audit->hosts[host].rip : claimant->ip,
		    .vrrp_vrid = mac_vrrp_vrid(&claimant->mac),
		    .expected = i == director,
		};
	}
	result->owners = owners;
}

/* An empty list of hosts is no success. */
static void
judge_emptiness(
    const struct audit *audit, const struct vip_result *result, struct vip_judgement *judgement)
{
	for (size_t i = 0; i < result->host_count; i++)
		if (result->hosts[i].role != ROLE_DIRECTOR)
			return;
	judge_vip(judgement, "no-hosts", SEVERITY_INCONCLUSIVE,
	    audit->cluster->discover
		? arena_format(judgement->arena,
		      "no host but its owner was found to hold %s: none was judged", judgement->vip)
		: "no real server was judged",
	    "# name the real servers: --rs HOSTS", NULL);
}

static void
judge_one_vip(const struct audit *audit, uint32_t vip, uint64_t now_us, struct arena *arena,
    struct vip_result *result)
{
	const struct address *of = &audit->vips[vip].address;
	const bool own = address_is_set(&audit->segment.own.address);
	struct findings findings = {.count = 0};
	char vip_text[ADDRESS_TEXT_SIZE];
	struct vip_judgement judgement = {
	    .arena = arena,
	    .findings = &findings,
	    .vip = address_format(of, vip_text),
	    .segment = segment_of(audit, own ? &audit->segment.own.address : of, arena),
	};
	struct finding *copy;

	result->vip = *of;
	judge_owners(audit, vip, arena, result);
	judge_hosts(audit, vip, arena, result);
	for (size_t i = 0; checks[i] != NULL; i++)
		if (checks[i]->judge_vip != NULL)
			checks[i]->judge_vip(audit, vip, &judgement);
	judge_emptiness(audit, result, &judgement);
	if (audit->vips_void > VOIDS_MAX)
		judge_vip(&judgement, "capture-lost", SEVERITY_INCONCLUSIVE,
		    "this machine's kernel dropped captured frames again and again: further owners "
		    "may have been missed",
		    "# audit from a less busy machine, or lower --rate", NULL);
	if (!audit_completed(audit, now_us))
		judge_vip(&judgement, "cut-short", SEVERITY_INCONCLUSIVE,
		    "the audit ended before all was decided and late answers were waited for",
		    judge_more_time(audit), NULL);
	copy = arena_alloc(arena, findings.count, sizeof(*copy));
	memcpy(copy, findings.finding, findings.count * sizeof(*copy));
	result->findings = copy;
	result->finding_count = findings.count;
	for (size_t i = 0; i < findings.count; i++) {
		if (copy[i].severity == SEVERITY_VIOLATION)
			result->verdict = VERDICT_VIOLATION;
		if (copy[i].severity == SEVERITY_INCONCLUSIVE &&
		    result->verdict < VERDICT_INCONCLUSIVE)
			result->verdict = VERDICT_INCONCLUSIVE;
	}
	for (size_t i = 0; i < result->host_count; i++)
		if (result->hosts[i].verdict > result->verdict)
			result->verdict = result->hosts[i].verdict;
}

static void
fill_wire(const struct audit *audit, struct wire_result *wire)
{
	const struct loss loss = audit_loss(audit);

	wire->frames_sent += audit->frames_sent;
	wire->broadcasts_sent += audit->broadcasts_sent;
	wire->leaks_provoked += audit->leaks;
	wire->loss_estimate = loss.answered + loss.lost == 0
				  ? 0
				  : (double)loss.lost / (double)(loss.answered + loss.lost);
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (audit->vips[vip].leak_open)
			wire->owner_restored = false;
}

void
audit_result(const struct audit *audit, uint64_t now_us, struct arena *arena,
    struct cluster_result *cluster, struct wire_result *wire)
{
	struct vip_result *vips = arena_alloc(arena, audit->vip_count, sizeof(*vips));

	*cluster = (struct cluster_result){
	    .name = audit->cluster->name,
	    .interface = audit->segment.interface,
	    .vlan = audit->cluster->vlan,
	    .probe_mac = audit->segment.mac,
	    .probe_ip = audit->source,
	    .vips = vips,
	    .vip_count = audit->vip_count,
	    .hosts_asked = audit->host_count,
	    .discovered = audit->cluster->discover,
	};
	for (uint32_t host = 0; host < audit->host_count; host++)
		cluster->hosts_alive += audit->hosts[host].mac_count > 0;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		judge_one_vip(audit, vip, now_us, arena, &vips[vip]);
		if (vips[vip].verdict > cluster->verdict)
			cluster->verdict = vips[vip].verdict;
	}
	fill_wire(audit, wire);
}
