/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON report, "arpaudit-report/1": share/arpaudit-report-1.schema.json states it whole.
 *
 * Memory is checked in one place. jansson makes NULL of what it has no memory for, takes over each
 * reference that is put into a container even when that fails, and puts no NULL into one; so with
 * append() below every shortage ends as a NULL report and nothing leaks.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arpaudit/printable.h"
#include "arpaudit/report.h"

#define TIME_TEXT_SIZE 64

/* Reals are written with this many digits: microseconds of an audit of eleven days, in ms. More
 * would only show that 12.3 has no exact binary form. */
#define REAL_DIGITS 12

/* An array that could not take a value is none at all. */
static json_t *
append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *
safe_string(const char *from, char *(*make_safe)(const char *text, char *safe, size_t size))
{
	const size_t size = strlen(from) + 1;
	char *safe = malloc(size);
	json_t *string = safe == NULL ? NULL : json_string(make_safe(from, safe, size));

	free(safe);
	return string;
}

static json_t *
text(const char *from)
{
	return from == NULL ? json_null() : safe_string(from, printable);
}

static json_t *
lines(const char *from)
{
	return safe_string(from, printable_lines);
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

/* A number for which 0 stands for none. */
static json_t *
number_or_null(uint64_t number)
{
	return number == 0 ? json_null() : json_integer((json_int_t)number);
}

/* RFC 3339, in UTC. */
static json_t *
timestamp(uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;
	char written[TIME_TEXT_SIZE];
	size_t length;

	if (gmtime_r(&seconds, &utc) == NULL)
		return NULL;
	length = strftime(written, sizeof(written), "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(
	    &written[length], sizeof(written) - length, ".%06uZ", (unsigned)(time_us % 1000000));
	return json_string(written);
}

static json_t *
hexadecimal(const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *written = malloc(2 * length + 1);
	json_t *string;

	if (written == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		written[2 * i] = digits[bytes[i] >> 4];
		written[2 * i + 1] = digits[bytes[i] & 0xf];
	}
	written[2 * length] = '\0';
	string = json_string(written);
	free(written);
	return string;
}

static json_t *
evidence(const struct evidence *from)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "time", timestamp(from->time_us), "frame",
	    number_or_null(from->frame), "summary", text(from->summary), "bytes",
	    hexadecimal(from->bytes, from->length));
}

static json_t *
finding(const struct finding *from)
{
	json_t *list = json_array();

	for (size_t i = 0; i < from->evidence_count; i++)
		list = append(list, evidence(&from->evidence[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "id", text(from->id), "severity",
	    severity_name(from->severity), "message", text(from->message), "remedy",
	    lines(from->remedy), "evidence", list);
}

static json_t *
findings(const struct finding *from, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		list = append(list, finding(&from[i]));
	return list;
}

static json_t *
check(const struct check_result *from)
{
	return json_pack("{s:s, s:I, s:o, s:o}", "result", outcome_name(from->outcome),
	    "confirmations", (json_int_t)from->confirmations, "false_pass_bound",
	    from->false_pass_bound < 0 ? json_null() : json_real(from->false_pass_bound), "reason",
	    text(from->reason));
}

static json_t *
checks_of(const struct host_result *host)
{
	json_t *object = json_object();

	for (enum check_id id = 0; id < CHECK_COUNT; id++) {
		if (json_object_set_new(object, check_name(id), check(&host->checks[id])) == 0)
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
			list = append(list, json_integer(level));
	return list;
}

static json_t *
host(const struct host_result *from)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:{s:o, s:o}, s:o}", "rip",
	    address(&from->rip), "name", text(from->name), "mac",
	    from->has_mac ? mac(&from->mac) : json_null(), "role", role_name(from->role), "verdict",
	    verdict_name(from->verdict), "checks", checks_of(from), "inferred", "arp_ignore",
	    levels(from->arp_ignore), "arp_announce", levels(from->arp_announce), "findings",
	    findings(from->findings, from->finding_count));
}

static json_t *
owner(const struct owner_result *from)
{
	return json_pack("{s:o, s:o, s:o, s:b}", "mac", mac(&from->mac), "ip", address(&from->ip),
	    "vrrp_vrid", number_or_null(from->vrrp_vrid), "expected", (int)from->expected);
}

static json_t *
vip(const struct vip_result *from)
{
	json_t *owners = json_array(), *hosts = json_array();

	for (size_t i = 0; i < from->owner_count; i++)
		owners = append(owners, owner(&from->owners[i]));
	for (size_t i = 0; i < from->host_count; i++)
		hosts = append(hosts, host(&from->hosts[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "vip", address(&from->vip), "verdict",
	    verdict_name(from->verdict), "owners", owners, "findings",
	    findings(from->findings, from->finding_count), "hosts", hosts);
}

static json_t *
cluster(const struct cluster_result *from)
{
	json_t *vips = json_array();

	for (size_t i = 0; i < from->vip_count; i++)
		vips = append(vips, vip(&from->vips[i]));
	return json_pack("{s:o, s:o, s:o, s:{s:o, s:o}, s:s, s:o, s:I, s:I, s:b}", "name",
	    text(from->name), "interface", text(from->interface), "vlan",
	    number_or_null(from->vlan), "probe", "mac", mac(&from->probe_mac), "ip",
	    address(&from->probe_ip), "verdict", verdict_name(from->verdict), "vips", vips,
	    "hosts_asked", (json_int_t)from->hosts_asked, "hosts_alive",
	    (json_int_t)from->hosts_alive, "discovered", (int)from->discovered);
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

static json_t *
report(const struct result *from)
{
	json_t *clusters = json_array();

	for (size_t i = 0; i < from->cluster_count; i++)
		clusters = append(clusters, cluster(&from->clusters[i]));
	return json_pack("{s:s, s:{s:s, s:s}, s:o, s:o, s:f, s:b, s:s, s:o, s:o}", "schema",
	    "arpaudit-report/1", "tool", "name", "arpaudit", "version", PACKAGE_VERSION, "started",
	    timestamp(from->started_us), "finished", timestamp(from->finished_us), "duration_ms",
	    (double)(from->finished_us - from->started_us) / 1e3, "complete", (int)from->complete,
	    "verdict", verdict_name(result_verdict(from)), "clusters", clusters, "wire",
	    wire(&from->wire));
}

static bool
write_json(const struct result *result, const struct report_style *style, FILE *stream)
{
	json_t *whole = report(result);
	bool written;
	int error;

	(void)style;
	if (whole == NULL) {
		errno = ENOMEM;
		return false;
	}
	written =
	    json_dumpf(whole, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS)) == 0 &&
	    fputc('\n', stream) != EOF && fflush(stream) == 0;
	error = errno;
	json_decref(whole);
	errno = error;
	return written;
}

const struct report_writer report_json = {.format = "json", .write = write_json};
