/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample_result.h"

#include <assert.h>
#include <string.h>

#include "arpaudit/arena.h"

#define STARTED_US UINT64_C(1767323045678901) /* 2026-01-02T03:04:05.678901Z */

#define REMEDY_SYSCTL                                                                 \
	"# now, and for good:\n"                                                      \
	"sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2\n" \
	"printf 'net.ipv4.conf.all.%s\\n' arp_ignore=1 arp_announce=2 "               \
	">/etc/sysctl.d/90-lvs-dr.conf"
#define SOURCE_MESSAGE \
	"speaks ARP as 10.77.0.100: each of its requests takes the VIP from the director"

static struct address
segment_address(uint8_t last)
{
	return address_ipv4(10u << 24 | 77u << 16 | last);
}

static struct mac
segment_mac(uint8_t last)
{
	return (struct mac){{0x02, 0, 0, 0, 0, last}};
}

static struct vip_result *
add_vip(struct result *result, struct vip_result *vip, uint8_t last, uint8_t owner)
{
	struct owner_result *owners = arena_alloc(result->arena, 2, sizeof(*owners));

	vip->vip = segment_address(last);
	owners[0] = (struct owner_result){
	    .mac = segment_mac(owner), .ip = segment_address(owner), .expected = true};
	vip->owners = owners;
	vip->owner_count = 1;
	return vip;
}

/* A cluster of `vip_count` VIPs, from 10.77.0.100 on, whose director is 10.77.0.3. */
static struct cluster_result *
add_cluster(struct result *result, size_t vip_count)
{
	struct cluster_result *cluster = arena_alloc(result->arena, 1, sizeof(*cluster));
	struct vip_result *vips = arena_alloc(result->arena, vip_count, sizeof(*vips));

	for (size_t i = 0; i < vip_count; i++)
		add_vip(result, &vips[i], (uint8_t)(100 + i), 3);
	*cluster = (struct cluster_result){
	    .name = "web",
	    .interface = "eth0",
	    .probe_mac = segment_mac(200),
	    .probe_ip = segment_address(200),
	    .vips = vips,
	    .vip_count = vip_count,
	};
	result->clusters = cluster;
	result->cluster_count = 1;
	return cluster;
}

/* The VIP to be filled in; results hold constant pointers, to arrays that are ours. */
static struct vip_result *
vip_of(const struct cluster_result *cluster, size_t index)
{
	return (struct vip_result *)&cluster->vips[index];
}

static void
set_checks(struct host_result *host, const enum check_outcome outcomes[CHECK_COUNT],
    const char *const reasons[CHECK_COUNT])
{
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		const bool pass = outcomes[i] == OUTCOME_PASS;

		host->checks[i] = (struct check_result){
		    .outcome = outcomes[i],
		    .confirmations = pass ? 1 : 0,
		    .false_pass_bound = -1,
		    .reason = reasons != NULL && reasons[i] != NULL ? reasons[i] : "",
		};
	}
	if (outcomes[CHECK_VIP_REPLY] == OUTCOME_PASS) {
		host->checks[CHECK_VIP_REPLY].confirmations = 9;
		host->checks[CHECK_VIP_REPLY].false_pass_bound = 2.1e-7;
	}
	if (outcomes[CHECK_VIP_SOURCE] == OUTCOME_PASS)
		host->checks[CHECK_VIP_SOURCE].false_pass_bound = 0;
}

static void
make_compliant(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {
	    OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECK_COUNT] = {[CHECK_SERVICE] = "no TCP port was named"};

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_COMPLIANT;
	host->arp_ignore = 1u << 1 | 1u << 2;
	host->arp_announce = 1u << 2;
}

static void
make_director(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {OUTCOME_SKIPPED};
	static const char *const reasons[CHECK_COUNT] = {"is the director", "is the director",
	    "is the director", "is the director", "is the director", "is the director"};

	set_checks(host, outcomes, reasons);
	host->role = ROLE_DIRECTOR;
	host->verdict = VERDICT_COMPLIANT;
	host->arp_ignore = host->arp_announce = 0;
}

static struct finding *
add_findings(struct result *result, struct host_result *host, size_t count)
{
	struct finding *findings = arena_alloc(result->arena, count, sizeof(*findings));

	host->findings = findings;
	host->finding_count = count;
	return findings;
}

static const struct evidence *
add_evidence(struct result *result, uint64_t after_us, uint64_t frame, const char *summary)
{
	static const uint8_t bytes[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x0a};
	struct evidence *evidence = arena_alloc(result->arena, 1, sizeof(*evidence));

	*evidence = (struct evidence){
	    .time_us = STARTED_US + after_us,
	    .frame = frame,
	    .summary = summary,
	    .bytes = bytes,
	    .length = sizeof(bytes),
	};
	return evidence;
}

/* A host that answers for the VIP and speaks as it. */
static void
make_leaking(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {
	    OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECK_COUNT] = {
	    "answers who-has 10.77.0.100: it takes the VIP's traffic past the director",
	    SOURCE_MESSAGE, [CHECK_SERVICE] = "no TCP port was named"};
	struct finding *findings = add_findings(result, host, 2);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	host->arp_ignore = 1u << 0 | 1u << 3;
	host->arp_announce = 1u << 0 | 1u << 1;
	findings[0] = (struct finding){
	    .id = "vip-reply",
	    .severity = SEVERITY_VIOLATION,
	    .message = reasons[CHECK_VIP_REPLY],
	    .remedy = REMEDY_SYSCTL,
	    .evidence =
		add_evidence(result, 1234, 17, "ARP, reply 10.77.0.100 is-at 02:00:00:00:00:0c"),
	    .evidence_count = 1,
	};
	findings[1] = (struct finding){
	    .id = "vip-source",
	    .severity = SEVERITY_VIOLATION,
	    .message = SOURCE_MESSAGE,
	    .remedy = REMEDY_SYSCTL,
	    .evidence = add_evidence(result, 45678, 31,
		"ARP, request who-has 10.77.0.249 tell 10.77.0.100 (02:00:00:00:00:0c), broadcast"),
	    .evidence_count = 1,
	};
}

static void
make_speaking(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {
	    OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECK_COUNT] = {
	    [CHECK_VIP_SOURCE] = SOURCE_MESSAGE, [CHECK_SERVICE] = "no TCP port was named"};
	struct finding *findings = add_findings(result, host, 1);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	host->arp_ignore = 1u << 1 | 1u << 2;
	host->arp_announce = 1u << 0 | 1u << 1;
	findings[0] = (struct finding){
	    .id = "vip-source",
	    .severity = SEVERITY_VIOLATION,
	    .message = SOURCE_MESSAGE,
	    .remedy = REMEDY_SYSCTL,
	    .evidence = add_evidence(result, 51234, 0,
		"ARP, request who-has 10.77.0.248 tell 10.77.0.100 (02:00:00:00:00:0d), broadcast"),
	    .evidence_count = 1,
	};
}

static void
make_refusing(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {
	    OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_FAIL};
	static const char *const reasons[CHECK_COUNT] = {[CHECK_RIP_UNIQUE] = "two MACs",
	    [CHECK_PROXY_ARP] = "proxies ARP",
	    [CHECK_SERVICE] = "refuses connections to 10.77.0.100 port 80"};
	struct finding *findings = add_findings(result, host, 3);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	for (size_t i = 0; i < 3; i++)
		findings[i] = (struct finding){
		    .id = check_name((enum check_id)(CHECK_RIP_UNIQUE + i)),
		    .severity = SEVERITY_VIOLATION,
		    .message = reasons[CHECK_RIP_UNIQUE + i],
		    .remedy = "",
		};
}

static void
make_silent(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {OUTCOME_INCONCLUSIVE,
	    OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE,
	    OUTCOME_SKIPPED};
	char rip[ADDRESS_TEXT_SIZE];
	const char *reason = arena_format(result->arena,
	    "no answer to who-has %s: down, not on this segment, or arp_ignore=8",
	    address_format(&host->rip, rip));
	const char *const reasons[CHECK_COUNT] = {
	    reason, reason, reason, reason, reason, "no TCP port was named"};
	struct finding *findings = add_findings(result, host, 1);

	set_checks(host, outcomes, reasons);
	host->has_mac = false;
	host->arp_ignore = host->arp_announce = 0;
	host->mac = mac_zero;
	host->verdict = VERDICT_INCONCLUSIVE;
	findings[0] = (struct finding){
	    .id = "vip-reply",
	    .severity = SEVERITY_INCONCLUSIVE,
	    .message = reason,
	    .remedy = "# see whether the host is up, and whether this is its segment",
	};
}

/* A MAC that claims the VIP, with no address of its own. */
static void
make_unlisted(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECK_COUNT] = {OUTCOME_FAIL, OUTCOME_SKIPPED};
	static const char *const reasons[CHECK_COUNT] = {"not listed: only its claims were seen",
	    "not listed", "not listed", "not listed", "not listed", "not listed"};

	set_checks(host, outcomes, reasons);
	host->rip = (struct address){0};
	host->role = ROLE_UNLISTED;
	host->arp_ignore = host->arp_announce = 0;
	host->verdict = VERDICT_VIOLATION;
}

/* Hosts 10.77.0.11 and on, all compliant to begin with. */
static struct host_result *
add_hosts(struct result *result, struct vip_result *vip, size_t count)
{
	static const char *const names[] = {"rs1", "rs2", "rs3", "rs4"};
	struct host_result *hosts = arena_alloc(result->arena, count, sizeof(*hosts));

	for (size_t i = 0; i < count; i++) {
		hosts[i] = (struct host_result){
		    .rip = segment_address((uint8_t)(11 + i)),
		    .name = i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL,
		    .mac = segment_mac((uint8_t)(11 + i)),
		    .has_mac = true,
		};
		make_compliant(&hosts[i]);
	}
	vip->hosts = hosts;
	vip->host_count = count;
	return hosts;
}

/* The verdicts of the wholes, from their parts'. */
static void
conclude(struct result *result, struct cluster_result *cluster)
{
	for (size_t i = 0; i < cluster->vip_count; i++) {
		struct vip_result *vip = vip_of(cluster, i);

		for (size_t k = 0; k < vip->host_count; k++)
			if (vip->hosts[k].verdict > vip->verdict)
				vip->verdict = vip->hosts[k].verdict;
		if (vip->verdict > cluster->verdict)
			cluster->verdict = vip->verdict;
	}
	if (cluster->verdict > result->verdict)
		result->verdict = cluster->verdict;
}

static void
fill_compliant(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct host_result *hosts = add_hosts(result, vip_of(cluster, 0), 2);

	cluster->hosts_asked = cluster->hosts_alive = 2;
	hosts[1].name = NULL;
	conclude(result, cluster);
}

/* A violation of each kind, an inconclusive host, and a leak that was mended. */
static void
fill_violation(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct vip_result *vip = vip_of(cluster, 0);
	struct owner_result *owners = (struct owner_result *)vip->owners;
	struct host_result *hosts = add_hosts(result, vip, 7);
	struct finding *findings = arena_alloc(result->arena, 3, sizeof(*findings));

	owners[vip->owner_count++] =
	    (struct owner_result){.mac = segment_mac(12), .ip = segment_address(12)};
	make_leaking(result, &hosts[1]);
	make_speaking(result, &hosts[2]);
	make_silent(result, &hosts[3]);
	make_refusing(result, &hosts[4]);
	make_unlisted(&hosts[5]);
	make_director(&hosts[6]);
	findings[0] = (struct finding){
	    .id = "owner-restored",
	    .severity = SEVERITY_NOTE,
	    .message = "a real server's request, provoked by this audit, claimed 10.77.0.100; the "
		       "owner has since broadcast its own claim",
	    .remedy = "",
	};
	findings[1] = (struct finding){
	    .id = "vip-owner",
	    .severity = SEVERITY_VIOLATION,
	    .message = "2 MACs answer who-has 10.77.0.100: 02:00:00:00:00:03 (10.77.0.3), "
		       "02:00:00:00:00:0c (10.77.0.12)",
	    .remedy = "",
	};
	findings[2] = (struct finding){
	    .id = "unlisted-claimant",
	    .severity = SEVERITY_VIOLATION,
	    .message = "02:00:00:00:00:10 claims 10.77.0.100, and is neither the director nor a "
		       "listed host",
	    .remedy = "# find the machine by its MAC (the switch's forwarding table)",
	};
	vip->findings = findings;
	vip->finding_count = 3;
	cluster->hosts_asked = 5;
	cluster->hosts_alive = 4;
	result->wire.leaks_provoked = 2;
	conclude(result, cluster);
}

/* Two hosts that are down, one between them that does not hold the VIP, one that serves it. */
static void
fill_inconclusive(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct host_result *hosts = add_hosts(result, vip_of(cluster, 0), 4);
	struct finding *finding = add_findings(result, &hosts[1], 1);

	hosts[0].rip = segment_address(9);
	make_silent(result, &hosts[0]);
	make_silent(result, &hosts[3]);
	*finding = (struct finding){
	    .id = "vip-bound",
	    .severity = SEVERITY_INCONCLUSIVE,
	    .message = "no sign that it holds 10.77.0.100: not bound, or its answers are filtered",
	    .remedy = "ip -4 addr show to 10.77.0.100",
	};
	hosts[1].checks[CHECK_VIP_BOUND].outcome = OUTCOME_INCONCLUSIVE;
	hosts[1].checks[CHECK_VIP_BOUND].reason = finding->message;
	hosts[1].verdict = VERDICT_INCONCLUSIVE;
	hosts[2].checks[CHECK_SERVICE] =
	    (struct check_result){.outcome = OUTCOME_PASS, .confirmations = 1, .reason = ""};
	cluster->hosts_asked = 4;
	cluster->hosts_alive = 2;
	result->wire.kernel_drops = 3;
	conclude(result, cluster);
}

/* What was decided is compliant, but the audit was interrupted. */
static void
fill_incomplete(struct result *result)
{
	fill_compliant(result);
	result->complete = false;
}

/* A sweep that found nobody but the director's claim. */
static void
fill_empty(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct vip_result *vip = vip_of(cluster, 0);
	struct finding *finding = arena_alloc(result->arena, 1, sizeof(*finding));

	*finding = (struct finding){
	    .id = "no-hosts",
	    .severity = SEVERITY_INCONCLUSIVE,
	    .message = "no host but its owner was found to hold 10.77.0.100: none was judged",
	    .remedy = "# name the real servers: --rs HOSTS",
	};
	vip->findings = finding;
	vip->finding_count = 1;
	vip->verdict = VERDICT_INCONCLUSIVE;
	cluster->discovered = true;
	cluster->hosts_asked = 253;
	conclude(result, cluster);
}

static void
fill_nothing(struct result *result)
{
	result->wire.frames_sent = 1;
}

/* Nobody owns the VIP, but all hosts are compliant. */
static void
fill_ownerless(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct vip_result *vip = vip_of(cluster, 0);
	struct finding *finding = arena_alloc(result->arena, 1, sizeof(*finding));

	add_hosts(result, vip, 1);
	*finding = (struct finding){
	    .id = "vip-owner",
	    .severity = SEVERITY_VIOLATION,
	    .message = "nobody answers who-has 10.77.0.100: it has no owner",
	    .remedy = "# on the director, see whether it holds the VIP:\n"
		      "ip -4 addr show to 10.77.0.100",
	};
	vip->owner_count = 0;
	vip->findings = finding;
	vip->finding_count = 1;
	vip->verdict = VERDICT_VIOLATION;
	cluster->hosts_asked = cluster->hosts_alive = 1;
	result->wire.leaks_provoked = 1;
	result->wire.owner_restored = false;
	conclude(result, cluster);
}

/* Two VIPs on a VLAN, owned by a VRRP virtual router; one host is silent for both. */
static void
fill_several(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 2);

	for (size_t i = 0; i < 2; i++) {
		struct owner_result *owner = (struct owner_result *)cluster->vips[i].owners;

		owner->mac = (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, 0x33}};
		owner->ip = (struct address){0};
		owner->vrrp_vrid = 0x33;
		make_silent(result, &add_hosts(result, vip_of(cluster, i), 3)[2]);
	}
	cluster->vlan = 12;
	cluster->hosts_asked = 3;
	cluster->hosts_alive = 2;
	conclude(result, cluster);
}

/* Texts that try to drive the terminal, to fake a line, and to break the document. */
static void
fill_hostile(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct host_result *hosts = add_hosts(result, vip_of(cluster, 0), 2);
	struct finding *finding = add_findings(result, &hosts[0], 1);

	make_silent(result, &hosts[1]);
	cluster->hosts_asked = 2;
	cluster->hosts_alive = 1;
	cluster->name = "\"web\\\033]0;title\a";
	cluster->interface = "eth0\nVIP 10.77.0.100: compliant";
	hosts[0].name = "rs\033[2J\xff\xc0\xaf\xed\xa0\x80\xe2\x80\xae\xc2\x9b"
			"1 gr\xc3\xbc\xc3\x9f"
			"e";
	hosts[1].name = "\xf4\x90\x80\x80 \xe2\x82";
	*finding = (struct finding){
	    .id = "vip-reply",
	    .severity = SEVERITY_NOTE,
	    .message = "first\r\nsecond",
	    .remedy = "# one\033[31m\ncompliant\r\n",
	    .evidence = add_evidence(result, 1, 2, "ARP\b\b\x7f, \xc3("),
	    .evidence_count = 1,
	};
	conclude(result, cluster);
}

const struct sample samples[] = {
    {"compliant", fill_compliant},
    {"violation", fill_violation},
    {"inconclusive", fill_inconclusive},
    {"incomplete", fill_incomplete},
    {"empty", fill_empty},
    {"nothing", fill_nothing},
    {"ownerless", fill_ownerless},
    {"several", fill_several},
    {"hostile", fill_hostile},
};
const size_t sample_count = sizeof(samples) / sizeof(samples[0]);

struct result
sample_result(const char *name)
{
	struct result result = {
	    .started_us = STARTED_US,
	    .finished_us = STARTED_US + 1210345,
	    .complete = true,
	    .wire =
		{
		    .frames_sent = 61,
		    .broadcasts_sent = 12,
		    .frames_captured = 74,
		    .loss_estimate = 0.125,
		    .owner_restored = true,
		},
	    .arena = arena_new(),
	};
	size_t i = 0;

	while (i < sample_count && strcmp(samples[i].name, name) != 0)
		i++;
	assert(i < sample_count && result.arena != NULL);
	samples[i].fill(&result);
	return result;
}
