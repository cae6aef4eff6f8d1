/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON report, "arpaudit-report/1", whole or on one line. share/arpaudit-report-1.schema.json
 * defines all of it.
 *
 * Memory shortage is checked in one place, json_write(). A jansson constructor returns NULL if
 * memory is short. A container takes over each reference that is put into it, even if that fails,
 * and accepts no NULL. With json_array_add(), every shortage therefore ends as a NULL report, and
 * nothing leaks.
 */
#include <jansson.h>

#include "arpaudit/json_values.h"
#include "arpaudit/report.h"
#include "json_parts.h"
#include "tally.h"

/* The significant digits of a real number. They are enough for the duration of an eleven-day audit
 * in milliseconds, to the microsecond. More digits would only show that 12.3 has no exact binary
 * form. */
#define REAL_DIGITS 12

/* The distinct remedies of a cluster. */
struct remedies {
	json_t *by_id;   /* the text of each id */
	json_t *by_text; /* the id of each text */
};

/* The id of a remedy, "R1" and so on in the order of the findings; null for none. Each text has one
 * id in the cluster. */
static json_t *
remedy_id(const struct remedies *remedies, const char *remedy)
{
	json_t *id = json_object_get(remedies->by_text, remedy);
	char name[32];

	if (*remedy == '\0')
		return json_null();
	if (id != NULL)
		return json_incref(id);
	(void)snprintf(name, sizeof(name), "R%zu", json_object_size(remedies->by_id) + 1);
	id = json_string(name);
	if (json_object_set_new(remedies->by_id, name, json_from_lines(remedy)) != 0 ||
	    json_object_set_nocheck(remedies->by_text, remedy, id) != 0) {
		json_decref(id);
		return NULL;
	}
	return id;
}

static json_t *
finding(const struct finding *from, const struct remedies *remedies)
{
	json_t *list = json_array();

	for (size_t i = 0; i < from->evidence_count; i++)
		list = json_array_add(list, json_from_evidence(&from->evidence[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_from_text(from->id),
	    "severity", severity_name(from->severity), "cause", json_from_text(from->cause->code),
	    "title", json_from_text(from->cause->title), "message", json_from_text(from->message),
	    "remedy", json_from_lines(from->remedy), "remedy_id", remedy_id(remedies, from->remedy),
	    "evidence", list);
}

static json_t *
findings(const struct finding *from, size_t count, const struct remedies *remedies)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		list = json_array_add(list, finding(&from[i], remedies));
	return list;
}

/* A probability; null if it is negative, which means that it does not apply. */
static json_t *
bound(double probability)
{
	return probability < 0 ? json_null() : json_real(probability);
}

static json_t *
check(const struct check_result *from)
{
	return json_pack("{s:s, s:I, s:o, s:o}", "result", outcome_name(from->outcome),
	    "confirmations", (json_int_t)from->confirmations, "false_pass_bound",
	    bound(from->false_pass_bound), "reason", json_from_text(from->reason));
}

static json_t *
checks_of(const struct host_result *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->check_count; i++) {
		if (json_object_set_new(
			object, host->checks[i].title->name, check(&host->checks[i])) == 0)
			continue;
		json_decref(object);
		return NULL;
	}
	return object;
}

/* The numbers of the bits that are set. */
static json_t *
levels(unsigned set)
{
	json_t *list = json_array();

	for (int level = 0; set >> level != 0; level++)
		if ((set >> level & 1) != 0)
			list = json_array_add(list, json_integer(level));
	return list;
}

/* A host that never answered shows nothing, which is not the same as no level that fits. */
static json_t *
inferred(const struct host_result *from)
{
	if (!from->has_mac)
		return json_null();
	return json_pack("{s:o, s:o}", "arp_ignore", levels(from->arp_ignore), "arp_announce",
	    levels(from->arp_announce));
}

static json_t *
host(const struct host_result *from, const struct remedies *remedies)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o}", "rip",
	    json_from_address(&from->rip), "name", json_from_text(from->name), "mac",
	    from->has_mac ? json_from_mac(&from->mac) : json_null(), "role", role_name(from->role),
	    "verdict", verdict_name(from->verdict), "checks", checks_of(from), "inferred",
	    inferred(from), "findings", findings(from->findings, from->finding_count, remedies));
}

static json_t *
unjudged(const struct unjudged_result *from)
{
	return json_pack("{s:o, s:o, s:s}", "ip", json_from_address(&from->ip), "mac",
	    json_from_mac(&from->mac), "reason", from->reason);
}

static json_t *
owner(const struct owner_result *from)
{
	return json_pack("{s:o, s:o, s:o, s:b}", "mac", json_from_mac(&from->mac), "ip",
	    json_from_address(&from->ip), "vrrp_vrid", json_from_number_or_null(from->vrrp_vrid),
	    "expected", (int)from->expected);
}

static json_t *
director(const struct expected_director *from)
{
	return json_pack("{s:o, s:o, s:o}", "ip", json_from_address(&from->ip), "mac",
	    mac_equal(&from->mac, &mac_zero) ? json_null() : json_from_mac(&from->mac), "name",
	    json_from_text(from->name));
}

static json_t *
tally(const struct tally *from)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "hosts", (json_int_t)from->hosts, "compliant",
	    (json_int_t)from->by_verdict[VERDICT_COMPLIANT], "inconclusive",
	    (json_int_t)from->by_verdict[VERDICT_INCONCLUSIVE], "violation",
	    (json_int_t)from->by_verdict[VERDICT_VIOLATION]);
}

static json_t *
router(const struct router_result *from)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o}", "ip", json_from_address(&from->ip), "mac",
	    from->has_mac ? json_from_mac(&from->mac) : json_null(), "result",
	    outcome_name(from->outcome), "reason", json_from_text(from->reason), "answered_by",
	    from->has_answer ? json_from_mac(&from->answered_by) : json_null());
}

static json_t *
gateway(const struct gateway_result *from)
{
	json_t *routers = json_array();

	for (size_t i = 0; i < from->router_count; i++)
		routers = json_array_add(routers, router(&from->routers[i]));
	return json_pack("{s:s, s:o, s:o}", "result", outcome_name(from->outcome), "reason",
	    json_from_text(from->reason), "routers", routers);
}

static json_t *
vip(const struct vip_result *from, const struct remedies *remedies)
{
	json_t *owners = json_array(), *hosts = json_array(), *directors = json_array();
	json_t *ports = json_array(), *others = json_array();
	struct tally counts = {0};

	tally_vip(&counts, from);
	for (size_t i = 0; i < from->director_count; i++)
		directors = json_array_add(directors, director(&from->directors[i]));

	for (size_t i = 0; i < from->port_count; i++)
		ports = json_array_add(ports, json_from_text(from->ports[i]));
	for (size_t i = 0; i < from->owner_count; i++)
		owners = json_array_add(owners, owner(&from->owners[i]));
	for (size_t i = 0; i < from->host_count; i++)
		hosts = json_array_add(hosts, host(&from->hosts[i], remedies));
	for (size_t i = 0; i < from->unjudged_count; i++)
		others = json_array_add(others, unjudged(&from->unjudged[i]));
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o*}", "vip",
	    json_from_address(&from->vip), "ports", ports, "verdict", verdict_name(from->verdict),
	    "counts", tally(&counts), "directors_expected", directors, "owners", owners,
	    "owner_bound", bound(from->owner_bound), "findings",
	    findings(from->findings, from->finding_count, remedies), "hosts", hosts, "unjudged",
	    others, "gateway", from->gateway == NULL ? NULL : gateway(from->gateway));
}

static json_t *
cluster_with(
    const struct cluster_result *from, const char *probe_host, const struct remedies *remedies)
{
	json_t *vips = json_array();

	for (size_t i = 0; i < from->vip_count; i++)
		vips = json_array_add(vips, vip(&from->vips[i], remedies));
	return json_pack(
	    "{s:o, s:o, s:o, s:{s:o, s:o, s:o}, s:o, s:s, s:o, s:f, s:I, s:I, s:b, s:o, s:O}",
	    "name", json_from_text(from->name), "interface", json_from_text(from->interface),
	    "vlan", json_from_number_or_null(from->vlan), "probe", "mac",
	    json_from_mac(&from->probe_mac), "ip", json_from_address(&from->probe_ip), "host",
	    json_from_text(probe_host), "error", json_from_text(from->error), "verdict",
	    verdict_name(from->verdict), "vips", vips, "listened_ms",
	    (double)from->listened_us / 1e3, "hosts_asked", (json_int_t)from->hosts_asked,
	    "hosts_alive", (json_int_t)from->hosts_alive, "discovered", (int)from->discovered,
	    "sweep_bound", bound(from->discovered ? from->sweep_bound : -1), "remedies",
	    remedies->by_id);
}

static json_t *
cluster(const struct cluster_result *from, const char *host)
{
	const struct remedies remedies = {.by_id = json_object(), .by_text = json_object()};
	json_t *whole =
	    remedies.by_id == NULL || remedies.by_text == NULL
		? NULL
		: cluster_with(from, from->probe_host != NULL ? from->probe_host : host, &remedies);

	json_decref(remedies.by_id);
	json_decref(remedies.by_text);
	return whole;
}

static json_t *
wire(const struct wire_result *from)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:f, s:I, s:b, s:I, s:I}", "frames_sent",
	    (json_int_t)from->frames_sent, "broadcasts_sent", (json_int_t)from->broadcasts_sent,
	    "frames_captured", (json_int_t)from->frames_captured, "kernel_drops",
	    (json_int_t)from->kernel_drops, "loss_estimate", from->loss_estimate, "leaks_provoked",
	    (json_int_t)from->leaks_provoked, "owner_restored", (int)from->owner_restored,
	    "evidence_omitted", (json_int_t)from->evidence_omitted, "peak_host_arp_per_s",
	    (json_int_t)from->peak_host_arp_per_s);
}

static json_t *
options(const struct result *from)
{
	json_t *list = json_array();

	for (size_t i = 0; i < from->option_count; i++)
		list = json_array_add(list, json_from_text(from->options[i]));
	return list;
}

static json_t *
report(const struct result *from)
{
	json_t *clusters = json_array();
	const struct tally counts = tally_result(from);
	char ended[ENDING_TEXT_SIZE];

	for (size_t i = 0; i < from->cluster_count; i++)
		clusters = json_array_add(clusters, cluster(&from->clusters[i], from->host));
	return json_pack(
	    "{s:s, s:{s:s, s:s}, s:o, s:o, s:o, s:o, s:f, s:b, s:s, s:s, s:i, s:o, s:o, "
	    "s:o}",
	    "schema", "arpaudit-report/1", "tool", "name", "arpaudit", "version", PACKAGE_VERSION,
	    "host", json_from_text(from->host), "options", options(from), "started",
	    json_from_time(from->started_us), "finished", json_from_time(from->finished_us),
	    "duration_ms", (double)(from->finished_us - from->started_us) / 1e3, "complete",
	    (int)from->complete, "ended", ending_text(&from->ending, ended), "verdict",
	    verdict_name(result_verdict(from)), "exit_status", from->exit_status, "counts",
	    tally(&counts), "clusters", clusters, "wire", wire(&from->wire));
}

static bool
write_with(const struct result *result, size_t flags, FILE *stream)
{
	return json_write(report(result), flags | JSON_REAL_PRECISION(REAL_DIGITS), stream);
}

static bool
write_json(const struct result *result, const struct report_style *style, FILE *stream)
{
	(void)style;
	return write_with(result, JSON_INDENT(2), stream);
}

static bool
write_jsonl(const struct result *result, const struct report_style *style, FILE *stream)
{
	(void)style;
	return write_with(result, JSON_COMPACT, stream);
}

const struct report_writer report_json = {.format = "json", .write = write_json};
const struct report_writer report_jsonl = {
    .format = "jsonl", .write = write_jsonl, .appends = true};
