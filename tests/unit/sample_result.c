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
/* In parentheses: in a list of texts, clang-tidy takes two pieces of one for a missing comma. */
#define SOURCE_MESSAGE                                                                          \
	("the host sends ARP requests as 10.77.0.100, and each of them takes the VIP from the " \
	 "director")

static const struct cause answers = {"answers-for-vip",
    ("the host answers ARP requests for the VIP, so traffic for it bypasses the director")};
static const struct cause speaks = {"speaks-as-vip",
    ("the host sends ARP requests as the VIP, and each of them takes the VIP from the director")};
static const struct cause at_fault = {"at-fault", "the host has one fault of each kind"};
static const struct cause silent = {"host-silent", "the host does not answer for its own address"};
static const struct cause unbound = {"vip-not-seen", "the host shows no sign of holding the VIP"};
static const struct cause restored = {
    "owner-restored", "this audit provoked a claim of the VIP; the owner has claimed it back"};
static const struct cause two_owners = {
    "several-owners", "several MACs answer ARP requests for the VIP"};
static const struct cause unlisted = {
    "unlisted-claims", "a machine that is neither the director nor a listed host claims the VIP"};
static const struct cause no_hosts = {"no-hosts", "no real server was judged"};
static const struct cause no_owner = {"no-owner", "no machine answers ARP requests for the VIP"};
static const struct cause hostile = {"hostile", "a text from outside"};

/* The checks of each host in a sample. */
enum {
	VIP_REPLY = 0,
	VIP_SOURCE,
	VIP_BOUND,
	RIP_UNIQUE,
	PROXY_ARP,
	SERVICE,
	CHECKS,
};

static const struct check_title titles[CHECKS] = {
    {.name = "vip-reply", .heading = "REPLY", .column = COLUMN_ALWAYS},
    {.name = "vip-source", .heading = "SOURCE", .column = COLUMN_ALWAYS},
    {.name = "vip-bound", .heading = "BOUND", .column = COLUMN_ALWAYS},
    {.name = "rip-unique", .heading = "UNIQUE", .column = COLUMN_IF_IT_TELLS},
    {.name = "proxy-arp", .heading = "PROXY", .column = COLUMN_IF_IT_TELLS},
    {.name = "service", .heading = "SERVICE", .column = COLUMN_IF_IT_WAS_MADE},
};

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
	struct expected_director *directors = arena_alloc(result->arena, 2, sizeof(*directors));

	static const char *const ports[] = {"80", "53/udp"};

	vip->vip = segment_address(last);
	vip->ports = ports;
	vip->port_count = last == 100 ? 0 : 2;
	vip->owner_bound = 4.2e-9;
	directors[0] = (struct expected_director){.ip = segment_address(owner), .name = "lb1"};
	directors[1] = (struct expected_director){.mac = segment_mac(owner)};
	owners[0] = (struct owner_result){
	    .mac = segment_mac(owner), .ip = segment_address(owner), .expected = true};
	vip->owners = owners;
	vip->owner_count = 1;
	vip->directors = directors;
	vip->director_count = 2;
	return vip;
}

/* Adds a cluster of `vip_count` VIPs from 10.77.0.100 on. Its director is 10.77.0.3. */
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
	    .listened_us = 1150345,
	};
	result->clusters = cluster;
	result->cluster_count = 1;
	return cluster;
}

/* Casts the constant away to fill in the VIP. Results hold const pointers, but these arrays are
 * ours. */
static struct vip_result *
vip_of(const struct cluster_result *cluster, size_t index)
{
	return (struct vip_result *)&cluster->vips[index];
}

/* The same for a check. */
static struct check_result *
check_of(const struct host_result *host, size_t check)
{
	return (struct check_result *)&host->checks[check];
}

static void
set_checks(struct host_result *host, const enum check_outcome outcomes[CHECKS],
    const char *const reasons[CHECKS])
{
	for (size_t i = 0; i < CHECKS; i++) {
		const bool pass = outcomes[i] == OUTCOME_PASS;
		struct check_result *check = check_of(host, i);

		*check = (struct check_result){.title = &titles[i]};
		check->outcome = outcomes[i];
		check->confirmations = pass ? 1 : 0;
		check->false_pass_bound = -1;
		check->reason = reasons != NULL && reasons[i] != NULL ? reasons[i] : "";
	}
	if (outcomes[VIP_REPLY] == OUTCOME_PASS) {
		check_of(host, VIP_REPLY)->confirmations = 9;
		check_of(host, VIP_REPLY)->false_pass_bound = 2.1e-7;
	}
	if (outcomes[VIP_SOURCE] == OUTCOME_PASS)
		check_of(host, VIP_SOURCE)->false_pass_bound = 0;
}

static void
make_compliant(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECKS] = {
	    OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECKS] = {[SERVICE] = "no TCP port was named"};

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_COMPLIANT;
	host->arp_ignore = 1u << 1 | 1u << 2;
	host->arp_announce = 1u << 2;
}

static void
make_director(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECKS] = {OUTCOME_SKIPPED};
	static const char *const reasons[CHECKS] = {"the host is the director",
	    "the host is the director", "the host is the director", "the host is the director",
	    "the host is the director", "the host is the director"};

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

/* The host answers for the VIP and speaks as it. */
static void
make_leaking(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECKS] = {
	    OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECKS] = {
	    ("the host answers ARP requests for 10.77.0.100, so traffic for the VIP bypasses the "
	     "director"),
	    SOURCE_MESSAGE, [SERVICE] = "no TCP port was named"};
	struct finding *findings = add_findings(result, host, 2);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	host->arp_ignore = 1u << 0 | 1u << 3;
	host->arp_announce = 1u << 0 | 1u << 1;
	findings[0] = (struct finding){
	    .id = "vip-reply",
	    .severity = SEVERITY_VIOLATION,
	    .cause = &answers,
	    .message = reasons[VIP_REPLY],
	    .remedy = REMEDY_SYSCTL,
	    .evidence =
		add_evidence(result, 1234, 17, "ARP, reply 10.77.0.100 is-at 02:00:00:00:00:0c"),
	    .evidence_count = 1,
	};
	findings[1] = (struct finding){
	    .id = "vip-source",
	    .severity = SEVERITY_VIOLATION,
	    .cause = &speaks,
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
	static const enum check_outcome outcomes[CHECKS] = {
	    OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_SKIPPED};
	static const char *const reasons[CHECKS] = {
	    [VIP_SOURCE] = SOURCE_MESSAGE, [SERVICE] = "no TCP port was named"};
	struct finding *findings = add_findings(result, host, 1);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	host->arp_ignore = 1u << 1 | 1u << 2;
	host->arp_announce = 1u << 0 | 1u << 1;
	findings[0] = (struct finding){
	    .id = "vip-source",
	    .severity = SEVERITY_VIOLATION,
	    .cause = &speaks,
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
	static const enum check_outcome outcomes[CHECKS] = {
	    OUTCOME_PASS, OUTCOME_PASS, OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_FAIL};
	static const char *const reasons[CHECKS] = {[RIP_UNIQUE] = "two MACs",
	    [PROXY_ARP] = "the host proxies ARP",
	    [SERVICE] = "the host refuses connections to 10.77.0.100 port 80"};
	struct finding *findings = add_findings(result, host, 3);

	set_checks(host, outcomes, reasons);
	host->verdict = VERDICT_VIOLATION;
	for (size_t i = 0; i < 3; i++)
		findings[i] = (struct finding){
		    .id = titles[RIP_UNIQUE + i].name,
		    .severity = SEVERITY_VIOLATION,
		    .cause = &at_fault,
		    .message = reasons[RIP_UNIQUE + i],
		    .remedy = "",
		};
}

static void
make_silent(struct result *result, struct host_result *host)
{
	static const enum check_outcome outcomes[CHECKS] = {OUTCOME_INCONCLUSIVE,
	    OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE, OUTCOME_INCONCLUSIVE,
	    OUTCOME_SKIPPED};
	char rip[ADDRESS_TEXT_SIZE];
	const char *reason = arena_format(result->arena,
	    "the host does not answer for %s: it is down, is not on this segment, or has "
	    "arp_ignore=8",
	    address_format(&host->rip, rip));
	const char *const reasons[CHECKS] = {
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
	    .cause = &silent,
	    .message = reason,
	    .remedy = "# check that the host is up, and that this is its segment",
	};
}

/* A MAC claims the VIP and has no address of its own. */
static void
make_unlisted(struct host_result *host)
{
	static const enum check_outcome outcomes[CHECKS] = {OUTCOME_FAIL, OUTCOME_SKIPPED};
	static const char *const reasons[CHECKS] = {
	    "the host is not listed, and only its claims were seen", "not listed", "not listed",
	    "not listed", "not listed", "not listed"};

	set_checks(host, outcomes, reasons);
	host->rip = (struct address){0};
	host->role = ROLE_UNLISTED;
	host->arp_ignore = host->arp_announce = 0;
	host->verdict = VERDICT_VIOLATION;
}

/* Adds hosts from 10.77.0.11 on, all compliant. */
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
		    .checks = arena_alloc(result->arena, CHECKS, sizeof(*hosts[i].checks)),
		    .check_count = CHECKS,
		};
		make_compliant(&hosts[i]);
	}
	vip->hosts = hosts;
	vip->host_count = count;
	return hosts;
}

/* Derives the verdicts of the VIPs, the cluster and the result from their parts. */
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

/* A violation of each kind, an inconclusive host, and a leak that was undone. */
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
	    .cause = &restored,
	    .message =
		"this audit made a real server send an ARP request that claimed 10.77.0.100; the "
		"owner has since broadcast its own claim",
	    .remedy = "",
	};
	findings[1] = (struct finding){
	    .id = "vip-owner",
	    .severity = SEVERITY_VIOLATION,
	    .cause = &two_owners,
	    .message = "2 MACs answer ARP requests for 10.77.0.100: 02:00:00:00:00:03 (10.77.0.3), "
		       "02:00:00:00:00:0c (10.77.0.12)",
	    .remedy = "",
	};
	findings[2] = (struct finding){
	    .id = "unlisted-claimant",
	    .severity = SEVERITY_VIOLATION,
	    .cause = &unlisted,
	    .message = "02:00:00:00:00:10 claims 10.77.0.100, but is neither the director nor a "
		       "listed host",
	    .remedy = "# find the machine by its MAC in the forwarding table of the switch",
	};
	vip->findings = findings;
	vip->finding_count = 3;
	cluster->hosts_asked = 5;
	cluster->hosts_alive = 4;
	result->wire.leaks_provoked = 2;
	result->wire.peak_host_arp_per_s = 27;
	conclude(result, cluster);
}

/* Two hosts are down, one does not hold the VIP, and one serves it. */
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
	    .cause = &unbound,
	    .message = "the host shows no sign of holding 10.77.0.100: the VIP is not bound, or "
		       "the replies are filtered",
	    .remedy = "ip -4 addr show to 10.77.0.100",
	};
	check_of(&hosts[1], VIP_BOUND)->outcome = OUTCOME_INCONCLUSIVE;
	check_of(&hosts[1], VIP_BOUND)->reason = finding->message;
	hosts[1].verdict = VERDICT_INCONCLUSIVE;
	*check_of(&hosts[2], SERVICE) = (struct check_result){.title = &titles[SERVICE]};
	check_of(&hosts[2], SERVICE)->outcome = OUTCOME_PASS;
	check_of(&hosts[2], SERVICE)->confirmations = 1;
	check_of(&hosts[2], SERVICE)->reason = "";
	cluster->hosts_asked = 4;
	cluster->hosts_alive = 2;
	result->wire.kernel_drops = 3;
	conclude(result, cluster);
}

/* All decided hosts are compliant, but the audit was interrupted. */
static void
fill_incomplete(struct result *result)
{
	fill_compliant(result);
	result->complete = false;
	result->ending = (struct ending){.by = ENDED_SIGNAL, .signal = 15};
}

/* Hosts that a sweep found, but that show no sign of the VIP. */
static void
add_unjudged(struct result *result, struct vip_result *vip, uint8_t count)
{
	struct unjudged_result *unjudged = arena_alloc(result->arena, count, sizeof(*unjudged));

	for (uint8_t i = 0; i < count; i++)
		unjudged[i] = (struct unjudged_result){
		    .ip = segment_address((uint8_t)(20 + i)),
		    .mac = segment_mac((uint8_t)(20 + i)),
		    .reason = "it shows no sign of holding the VIP",
		};
	vip->unjudged = unjudged;
	vip->unjudged_count = count;
}

/* A sweep found nothing but the director's claim. */
static void
fill_empty(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct vip_result *vip = vip_of(cluster, 0);
	struct finding *finding = arena_alloc(result->arena, 1, sizeof(*finding));

	*finding = (struct finding){
	    .id = "no-hosts",
	    .severity = SEVERITY_INCONCLUSIVE,
	    .cause = &no_hosts,
	    .message =
		"no host other than the owner was found to hold 10.77.0.100, so none was judged",
	    .remedy = "# name the real servers: --rs HOSTS",
	};
	vip->findings = finding;
	vip->finding_count = 1;
	vip->verdict = VERDICT_INCONCLUSIVE;
	add_unjudged(result, vip, 9);
	cluster->discovered = true;
	cluster->sweep_bound = 0.25;
	cluster->hosts_asked = 253;
	conclude(result, cluster);
}

static void
fill_nothing(struct result *result)
{
	result->wire.frames_sent = 1;
}

/* The VIP has no owner, but all hosts are compliant. */
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
	    .cause = &no_owner,
	    .message = "no machine answers ARP requests for 10.77.0.100: the VIP has no owner",
	    .remedy = "# on the director, check whether it holds the VIP:\n"
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

/* Two VIPs on a VLAN belong to a VRRP virtual router. One host is silent for both. */
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

/* A VIP of a large cluster: `count` servers, of which the first `leaking` leak, the next `speaking`
 * speak as the VIP, and the next `silent` are down. The addresses begin at 10.77.1.1. */
static void
fill_large(
    struct result *result, size_t count, size_t leaking, size_t speaking, size_t silent_count)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct host_result *hosts = add_hosts(result, vip_of(cluster, 0), count);

	for (size_t i = 0; i < count; i++) {
		hosts[i].rip = address_ipv4(10u << 24 | 77u << 16 | (uint32_t)(257 + i));
		hosts[i].mac = (struct mac){{0x02, 0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i}};
		hosts[i].name = NULL;
		if (i < leaking)
			make_leaking(result, &hosts[i]);
		else if (i < leaking + speaking)
			make_speaking(result, &hosts[i]);
		else if (i < leaking + speaking + silent_count)
			make_silent(result, &hosts[i]);
	}
	cluster->hosts_asked = count;
	cluster->hosts_alive = count - silent_count;
	conclude(result, cluster);
}

static void
fill_few(struct result *result)
{
	fill_large(result, 250, 2, 1, 0);
}

static void
fill_all(struct result *result)
{
	fill_large(result, 250, 200, 50, 0);
}

static void
fill_many(struct result *result)
{
	fill_large(result, 500, 12, 8, 30);
}

/* The texts try to drive the terminal, to fake a line, and to break the document. */
static void
fill_hostile(struct result *result)
{
	struct cluster_result *cluster = add_cluster(result, 1);
	struct host_result *hosts = add_hosts(result, vip_of(cluster, 0), 4);
	struct finding *finding = add_findings(result, &hosts[0], 1);

	make_silent(result, &hosts[1]);
	cluster->hosts_asked = 4;
	cluster->hosts_alive = 3;
	cluster->name = "\"web\\\033]0;title\a";
	cluster->interface = "eth0\nVIP 10.77.0.100: compliant";
	hosts[0].name = "rs\033[2J\xff\xc0\xaf\xed\xa0\x80\xe2\x80\xae\xc2\x9b"
			"1 gr\xc3\xbc\xc3\x9f"
			"e";
	hosts[1].name = "\xf4\x90\x80\x80 \xe2\x82";
	hosts[2].name = "=1+1|<script>alert(1)</script> `x`, \"y\" 'z' & \\";
	hosts[3].name = "</pre>**b**[l](u)\n| violation |\xef\xbf\xbf";
	*finding = (struct finding){
	    .id = "vip-reply",
	    .severity = SEVERITY_NOTE,
	    .cause = &hostile,
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
    {"few", fill_few},
    {"all", fill_all},
    {"many", fill_many},
};
const size_t sample_count = sizeof(samples) / sizeof(samples[0]);

struct result
sample_result(const char *name)
{
	static const char *const options[] = {"--vip", "10.77.0.100"};
	struct result result = {
	    .host = "jump1",
	    .options = options,
	    .option_count = 2,
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
