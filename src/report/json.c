/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON report, "arpaudit-report/1": share/arpaudit-report-1.schema.json states it whole.
 *
 * jansson steals each reference that is put into a container, also when that fails; so nothing
 * leaks, and a container that is not whole is NULL or lacks a key. Memory that runs out is found at
 * the end, by json_dumpf() of NULL.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arpaudit/printable.h"
#include "arpaudit/report.h"

static json_t *
text(const char *from)
{
	const size_t size = strlen(from) + 1;
	char *safe = malloc(size);
	json_t *string = safe == NULL ? NULL : json_string(printable_lines(from, safe, size));

	free(safe);
	return string;
}

static json_t *
mac(const struct mac *from)
{
	char written[MAC_TEXT_SIZE];

	return json_string(mac_format(from, written));
}

static json_t *
address(const struct address *from)
{
	char written[ADDRESS_TEXT_SIZE];

	return address_is_set(from) ? json_string(address_format(from, written)) : json_null();
}

/* RFC 3339, in UTC. */
static json_t *
time_of(uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;
	char written[64];
	size_t length;

	if (gmtime_r(&seconds, &utc) == NULL)
		return json_null();
	length = strftime(written, sizeof(written), "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(
	    &written[length], sizeof(written) - length, ".%06uZ", (unsigned)(time_us % 1000000));
	return json_string(written);
}

static json_t *
hexadecimal(const uint8_t *bytes, size_t length)
{
	char written[512];

	if (length > sizeof(written) / 2 - 1)
		length = sizeof(written) / 2 - 1;
	for (size_t i = 0; i < length; i++)
		(void)snprintf(&written[2 * i], 3, "%02x", bytes[i]);
	written[2 * length] = '\0';
	return json_string(written);
}

static json_t *
evidence(const struct evidence *from)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "time", time_of(from->time_us), "frame",
	    from->frame == 0 ? json_null() : json_integer((json_int_t)from->frame), "summary",
	    text(from->summary), "bytes", hexadecimal(from->bytes, from->length));
}

static json_t *
findings(const struct finding *from, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *list = json_array();

		for (size_t k = 0; k < from[i].evidence_count; k++)
			(void)json_array_append_new(list, evidence(&from[i].evidence[k]));
		(void)json_array_append_new(
		    array, json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", from[i].id, "severity",
			       severity_name(from[i].severity), "message", text(from[i].message),
			       "remedy", text(from[i].remedy), "evidence", list));
	}
	return array;
}

static json_t *
checks_of(const struct host_result *host)
{
	json_t *object = json_object();

	for (enum check_id id = 0; id < CHECK_COUNT; id++) {
		const struct check_result *check = &host->checks[id];
		json_t *bound =
		    check->false_pass_bound < 0 ? json_null() : json_real(check->false_pass_bound);

		(void)json_object_set_new(object, check_name(id),
		    json_pack("{s:s, s:I, s:o, s:o}", "result", outcome_name(check->outcome),
			"confirmations", (json_int_t)check->confirmations, "false_pass_bound",
			bound, "reason", text(check->reason)));
	}
	return object;
}

static json_t *
levels(unsigned set)
{
	json_t *array = json_array();

	for (int level = 0; set >> level != 0; level++)
		if ((set >> level & 1) != 0)
			(void)json_array_append_new(array, json_integer(level));
	return array;
}

static json_t *
host(const struct host_result *from)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:{s:o, s:o}, s:o}", "rip",
	    address(&from->rip), "name", from->name == NULL ? json_null() : text(from->name), "mac",
	    from->has_mac ? mac(&from->mac) : json_null(), "role", role_name(from->role), "verdict",
	    verdict_name(from->verdict), "checks", checks_of(from), "inferred", "arp_ignore",
	    levels(from->arp_ignore), "arp_announce", levels(from->arp_announce), "findings",
	    findings(from->findings, from->finding_count));
}

static json_t *
owner(const struct owner_result *from)
{
	return json_pack("{s:o, s:o, s:o, s:b}", "mac", mac(&from->mac), "ip", address(&from->ip),
	    "vrrp_vrid", from->vrrp_vrid == 0 ? json_null() : json_integer(from->vrrp_vrid),
	    "expected", (int)from->expected);
}

static json_t *
vip(const struct vip_result *from)
{
	json_t *owners = json_array(), *hosts = json_array();

	for (size_t i = 0; i < from->owner_count; i++)
		(void)json_array_append_new(owners, owner(&from->owners[i]));
	for (size_t i = 0; i < from->host_count; i++)
		(void)json_array_append_new(hosts, host(&from->hosts[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "vip", address(&from->vip), "verdict",
	    verdict_name(from->verdict), "owners", owners, "findings",
	    findings(from->findings, from->finding_count), "hosts", hosts);
}

static json_t *
cluster(const struct cluster_result *from)
{
	json_t *vips = json_array();

	for (size_t i = 0; i < from->vip_count; i++)
		(void)json_array_append_new(vips, vip(&from->vips[i]));
	return json_pack("{s:o, s:o, s:o, s:{s:o, s:o}, s:s, s:o, s:I, s:I, s:b}", "name",
	    text(from->name), "interface", text(from->interface), "vlan",
	    from->vlan == 0 ? json_null() : json_integer(from->vlan), "probe", "mac",
	    mac(&from->probe_mac), "ip", address(&from->probe_ip), "verdict",
	    verdict_name(from->verdict), "vips", vips, "hosts_asked", (json_int_t)from->hosts_asked,
	    "hosts_alive", (json_int_t)from->hosts_alive, "discovered", (int)from->discovered);
}

static json_t *
wire(const struct wire_result *from)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:f, s:I, s:b}", "frames_sent",
	    (json_int_t)from->frames_sent, "broadcasts_sent", (json_int_t)from->broadcasts_sent,
	    "frames_captured", (json_int_t)from->frames_captured, "kernel_drops",
	    (json_int_t)from->kernel_drops, "loss_estimate", from->loss_estimate, "leaks_provoked",
	    (json_int_t)from->leaks_provoked, "owner_restored", (int)from->owner_restored);
}

static bool
write_json(const struct result *result, const struct report_style *style, FILE *stream)
{
	json_t *clusters = json_array(), *report;
	bool written;

	(void)style;
	for (size_t i = 0; i < result->cluster_count; i++)
		(void)json_array_append_new(clusters, cluster(&result->clusters[i]));
	report = json_pack("{s:s, s:{s:s, s:s}, s:o, s:o, s:f, s:b, s:s, s:o, s:o}", "schema",
	    "arpaudit-report/1", "tool", "name", "arpaudit", "version", PACKAGE_VERSION, "started",
	    time_of(result->started_us), "finished", time_of(result->finished_us), "duration_ms",
	    (double)(result->finished_us - result->started_us) / 1e3, "complete",
	    (int)result->complete, "verdict", verdict_name(result->verdict), "clusters", clusters,
	    "wire", wire(&result->wire));
	written = report != NULL && json_dumpf(report, stream, JSON_INDENT(2)) == 0 &&
		  fputc('\n', stream) != EOF;
	json_decref(report);
	return written;
}

const struct report_writer report_json = {.format = "json", .write = write_json};
