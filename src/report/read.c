/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/read.h"
#include "arpaudit/advice.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/text_counts.h"
#include "read.h"

#define HOST_COUNT_MAX UINT32_MAX
#define FRAME_MAX      ((uint64_t)INT64_MAX)
#define VLAN_MAX       4094
#define VRID_MAX       255
#define LEVEL_MAX      15

struct reading {
	struct reader reader;
	find_title *find;
	struct result *result;
	struct cluster_result *clusters; /* of the result */
	size_t capacity;                 /* for that many */
};

static const char *
verdict_word(unsigned number)
{
	return verdict_name((enum verdict)number);
}

static const char *
outcome_word(unsigned number)
{
	return outcome_name((enum check_outcome)number);
}

static const char *
severity_word(unsigned number)
{
	return severity_name((enum severity)number);
}

static const char *
role_word(unsigned number)
{
	return role_name((enum host_role)number);
}

static enum verdict
read_verdict(struct reader *reader, const json_t *from)
{
	return (enum verdict)read_word(
	    reader, from, "verdict", VERDICT_VIOLATION + 1, verdict_word);
}

static void
worsen(enum verdict *verdict, enum verdict part)
{
	if (part > *verdict)
		*verdict = part;
}

static const struct evidence *
read_evidence(struct reader *reader, const json_t *list, size_t count)
{
	struct evidence *evidence = arena_alloc(reader->arena, count, sizeof(*evidence));

	for (size_t i = 0; i < count; i++) {
		const json_t *from = json_array_get(list, i);

		evidence[i] = (struct evidence){
		    .time_us = read_time(reader, from, "time"),
		    .frame = read_count_or_null(reader, from, "frame", FRAME_MAX),
		    .summary = read_text(reader, from, "summary"),
		};
		evidence[i].bytes = read_bytes(reader, from, "bytes", &evidence[i].length);
	}
	return evidence;
}

static const struct finding *
read_findings(struct reader *reader, const json_t *object, size_t *count)
{
	const json_t *list = read_list(reader, object, "findings");
	struct finding *findings;

	*count = read_size(reader, "findings", json_array_size(list), RESULT_FINDINGS_MAX);
	findings = arena_alloc(reader->arena, *count, sizeof(*findings));
	for (size_t i = 0; i < *count; i++) {
		const json_t *from = json_array_get(list, i);
		const json_t *evidence = read_list(reader, from, "evidence");
		struct cause *cause = arena_alloc(reader->arena, 1, sizeof(*cause));

		cause->code = read_identifier(reader, from, "cause");
		cause->title = read_text(reader, from, "title");
		findings[i] = (struct finding){
		    .id = read_identifier(reader, from, "id"),
		    .severity = (enum severity)read_word(
			reader, from, "severity", SEVERITY_VIOLATION + 1, severity_word),
		    .cause = cause,
		    .message = read_text(reader, from, "message"),
		    .remedy = read_text(reader, from, "remedy"),
		    .evidence_count = json_array_size(evidence),
		};
		findings[i].evidence = read_evidence(reader, evidence, findings[i].evidence_count);
	}
	return findings;
}

/* The verdict that the findings allow. */
static enum verdict
verdict_of_findings(const struct finding *findings, size_t count)
{
	enum verdict verdict = VERDICT_COMPLIANT;

	for (size_t i = 0; i < count; i++)
		worsen(&verdict, findings[i].severity == SEVERITY_VIOLATION ? VERDICT_VIOLATION
				 : findings[i].severity == SEVERITY_INCONCLUSIVE
				     ? VERDICT_INCONCLUSIVE
				     : VERDICT_COMPLIANT);
	return verdict;
}

/* A title for a check that this version does not have: its name in capitals heads the column. */
static const struct check_title *
make_title(struct reader *reader, const char *name)
{
	struct check_title *title = arena_alloc(reader->arena, 1, sizeof(*title));
	char *heading = arena_format(reader->arena, "%s", name);

	for (char *at = heading; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	*title = (struct check_title){
	    .name = arena_format(reader->arena, "%s", name), .heading = heading};
	return title;
}

static enum check_outcome
read_outcome(struct reader *reader, const json_t *from)
{
	return (enum check_outcome)read_word(
	    reader, from, "result", OUTCOME_INCONCLUSIVE + 1, outcome_word);
}

static void
read_check(
    struct reading *reading, const char *name, const json_t *from, struct check_result *check)
{
	struct reader *reader = &reading->reader;
	const struct check_title *title = reading->find(name);

	if (!read_is_identifier(name))
		read_fail(reader, "checks", "named with letters and hyphens");
	*check = (struct check_result){
	    .title = title != NULL ? title : make_title(reader, name),
	    .outcome = read_outcome(reader, from),
	    .confirmations = (uint32_t)read_count(reader, from, "confirmations", UINT32_MAX),
	    .false_pass_bound = read_share(reader, from, "false_pass_bound"),
	    .reason = read_text(reader, from, "reason"),
	};
}

static void
read_checks(struct reading *reading, const json_t *from, struct host_result *host)
{
	const json_t *object = read_object(&reading->reader, from, "checks");
	const size_t most =
	    read_size(&reading->reader, "checks", json_object_size(object), RESULT_CHECKS_MAX);
	struct check_result *checks;
	size_t count = 0;
	const char *name;
	json_t *value;

	checks = arena_alloc(reading->reader.arena, most, sizeof(*checks));
	json_object_foreach((json_t *)object, name, value)
	{
		if (count == most)
			break;
		read_check(reading, name, value, &checks[count]);
		if (checks[count].outcome == OUTCOME_FAIL)
			worsen(&host->verdict, VERDICT_VIOLATION);
		if (checks[count].outcome == OUTCOME_INCONCLUSIVE)
			worsen(&host->verdict, VERDICT_INCONCLUSIVE);
		count++;
	}
	host->checks = checks;
	host->check_count = count;
}

/* The levels as bits. */
static uint16_t
read_levels(struct reader *reader, const json_t *inferred, const char *key)
{
	const json_t *list = read_list(reader, inferred, key);
	unsigned set = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *level = json_array_get(list, i);

		if (!json_is_integer(level) || json_integer_value(level) < 0 ||
		    json_integer_value(level) > LEVEL_MAX)
			read_fail(reader, key, "a list of levels");
		else
			set |= 1u << json_integer_value(level);
	}
	return (uint16_t)set;
}

static void
read_host(struct reading *reading, const json_t *from, struct host_result *host)
{
	struct reader *reader = &reading->reader;
	const json_t *inferred = json_object_get(from, "inferred");

	*host = (struct host_result){
	    .rip = read_address(reader, from, "rip"),
	    .name = read_text_or_null(reader, from, "name"),
	    .role =
		(enum host_role)read_word(reader, from, "role", ROLE_MAYBE_DIRECTOR + 1, role_word),
	    .verdict = read_verdict(reader, from),
	};
	host->mac = read_mac(reader, from, "mac", &host->has_mac);
	if (!host->has_mac && !address_is_set(&host->rip))
		read_fail(reader, "hosts", "known by an address or a MAC");
	host->findings = read_findings(reader, from, &host->finding_count);
	worsen(&host->verdict, verdict_of_findings(host->findings, host->finding_count));
	read_checks(reading, from, host);
	if (!json_is_object(inferred))
		return; /* nothing is known of it */
	host->arp_ignore = read_levels(reader, inferred, "arp_ignore");
	host->arp_announce = read_levels(reader, inferred, "arp_announce");
}

static void
read_owners(struct reader *reader, const json_t *from, struct vip_result *vip)
{
	const json_t *list = read_list(reader, from, "owners");
	struct owner_result *owners;
	bool has;

	vip->owner_count = json_array_size(list);
	owners = arena_alloc(reader->arena, vip->owner_count, sizeof(*owners));
	for (size_t i = 0; i < vip->owner_count; i++) {
		const json_t *owner = json_array_get(list, i);

		owners[i] = (struct owner_result){
		    .mac = read_mac(reader, owner, "mac", &has),
		    .ip = read_address(reader, owner, "ip"),
		    .vrrp_vrid = (uint8_t)read_count_or_null(reader, owner, "vrrp_vrid", VRID_MAX),
		    .expected = read_boolean(reader, owner, "expected"),
		};
		if (!has)
			read_fail(reader, "owners", "known by their MAC");
	}
	vip->owners = owners;
}

static void
read_directors(struct reader *reader, const json_t *from, struct vip_result *vip)
{
	const json_t *list = read_list(reader, from, "directors_expected");
	struct expected_director *directors;
	bool has;

	vip->director_count = json_array_size(list);
	directors = arena_alloc(reader->arena, vip->director_count, sizeof(*directors));
	for (size_t i = 0; i < vip->director_count; i++) {
		const json_t *director = json_array_get(list, i);

		directors[i] = (struct expected_director){
		    .ip = read_address(reader, director, "ip"),
		    .mac = read_mac(reader, director, "mac", &has),
		    .name = read_text_or_null(reader, director, "name"),
		};
	}
	vip->directors = directors;
}

static void
read_routers(struct reader *reader, const json_t *from, struct gateway_result *gateway)
{
	const json_t *list = read_list(reader, from, "routers");
	struct router_result *routers;

	gateway->router_count = json_array_size(list);
	routers = arena_alloc(reader->arena, gateway->router_count, sizeof(*routers));
	for (size_t i = 0; i < gateway->router_count; i++) {
		const json_t *router = json_array_get(list, i);

		routers[i] = (struct router_result){
		    .ip = read_address(reader, router, "ip"),
		    .outcome = read_outcome(reader, router),
		    .reason = read_text(reader, router, "reason"),
		};
		routers[i].mac = read_mac(reader, router, "mac", &routers[i].has_mac);
		routers[i].answered_by =
		    read_mac(reader, router, "answered_by", &routers[i].has_answer);
	}
	gateway->routers = routers;
}

/* Reports of before have no such object. Its faults are findings of the VIP. */
static void
read_gateway(struct reader *reader, const json_t *from, struct vip_result *vip)
{
	const json_t *object = json_object_get(from, "gateway");
	struct gateway_result *gateway;

	if (!json_is_object(object))
		return;
	gateway = arena_alloc(reader->arena, 1, sizeof(*gateway));
	*gateway = (struct gateway_result){
	    .outcome = read_outcome(reader, object),
	    .reason = read_text(reader, object, "reason"),
	};
	read_routers(reader, object, gateway);
	vip->gateway = gateway;
}

/* Reports of before have no such list. */
static void
read_unjudged(struct reader *reader, const json_t *from, struct vip_result *vip)
{
	const json_t *list = json_object_get(from, "unjudged");
	struct unjudged_result *unjudged;
	bool has;

	vip->unjudged_count = json_array_size(list);
	unjudged = arena_alloc(reader->arena, vip->unjudged_count, sizeof(*unjudged));
	for (size_t i = 0; i < vip->unjudged_count; i++) {
		const json_t *host = json_array_get(list, i);

		unjudged[i] = (struct unjudged_result){
		    .ip = read_address(reader, host, "ip"),
		    .mac = read_mac(reader, host, "mac", &has),
		    .reason = read_text(reader, host, "reason"),
		};
	}
	vip->unjudged = unjudged;
}

static void
read_ports(struct reader *reader, const json_t *from, struct vip_result *vip)
{
	const json_t *list = read_list(reader, from, "ports");
	const char **ports;

	vip->port_count = json_array_size(list);
	ports = arena_alloc(reader->arena, vip->port_count, sizeof(const char *));
	for (size_t i = 0; i < vip->port_count; i++) {
		const char *port = json_string_value(json_array_get(list, i));

		if (port == NULL)
			read_fail(reader, "ports", "a list of texts");
		ports[i] = arena_format(reader->arena, "%s", port == NULL ? "" : port);
	}
	vip->ports = ports;
}

static void
read_vip(struct reading *reading, const json_t *from, struct vip_result *vip)
{
	struct reader *reader = &reading->reader;
	const json_t *list = read_list(reader, from, "hosts");
	struct host_result *hosts;

	*vip = (struct vip_result){
	    .vip = read_address(reader, from, "vip"),
	    .verdict = read_verdict(reader, from),
	    .owner_bound = read_share(reader, from, "owner_bound"),
	    .host_count = json_array_size(list),
	};
	if (!address_is_set(&vip->vip))
		read_fail(reader, "vip", "an address");
	hosts = arena_alloc(reader->arena, vip->host_count, sizeof(*hosts));
	for (size_t i = 0; i < vip->host_count; i++) {
		read_host(reading, json_array_get(list, i), &hosts[i]);
		worsen(&vip->verdict, hosts[i].verdict);
		if (hosts[i].check_count != hosts[0].check_count)
			read_fail(reader, "checks", "the same for all hosts");
	}
	vip->hosts = hosts;
	read_ports(reader, from, vip);
	read_directors(reader, from, vip);
	read_owners(reader, from, vip);
	read_unjudged(reader, from, vip);
	read_gateway(reader, from, vip);
	vip->findings = read_findings(reader, from, &vip->finding_count);
	worsen(&vip->verdict, verdict_of_findings(vip->findings, vip->finding_count));
}

/* A time in milliseconds; 0 if the report does not have it. */
static uint64_t
read_milliseconds(const json_t *from, const char *key)
{
	const double value = json_number_value(json_object_get(from, key));

	return value > 0 && value < 1e15 ? (uint64_t)(value * 1e3 + 0.5) : 0;
}

static void
read_cluster(struct reading *reading, const json_t *from, struct cluster_result *cluster)
{
	struct reader *reader = &reading->reader;
	const json_t *probe = read_object(reader, from, "probe");
	const json_t *list = read_list(reader, from, "vips");
	struct vip_result *vips;
	bool has;

	*cluster = (struct cluster_result){
	    .name = read_text(reader, from, "name"),
	    .interface = read_text(reader, from, "interface"),
	    .vlan = (uint16_t)read_count_or_null(reader, from, "vlan", VLAN_MAX),
	    .probe_mac = read_mac(reader, probe, "mac", &has),
	    .probe_ip = read_address(reader, probe, "ip"),
	    .probe_host = read_text_or_null(reader, probe, "host"),
	    .error = json_object_get(from, "error") == NULL /* a report of before */
			 ? NULL
			 : read_text_or_null(reader, from, "error"),
	    .verdict = read_verdict(reader, from),
	    .vip_count = json_array_size(list),
	    .hosts_asked = (size_t)read_count(reader, from, "hosts_asked", HOST_COUNT_MAX),
	    .hosts_alive = (size_t)read_count(reader, from, "hosts_alive", HOST_COUNT_MAX),
	    .discovered = read_boolean(reader, from, "discovered"),
	    .sweep_bound = json_object_get(from, "sweep_bound") == NULL /* likewise */
			       ? -1
			       : read_share(reader, from, "sweep_bound"),
	    .listened_us = read_milliseconds(from, "listened_ms"),
	};
	vips = arena_alloc(reader->arena, cluster->vip_count, sizeof(*vips));
	for (size_t i = 0; i < cluster->vip_count; i++) {
		read_vip(reading, json_array_get(list, i), &vips[i]);
		worsen(&cluster->verdict, vips[i].verdict);
	}
	cluster->vips = vips;
	if (cluster->error != NULL)
		worsen(&cluster->verdict, VERDICT_INCONCLUSIVE);
}

/* 0 if the report is older than the key. */
static uint64_t
read_later_count(struct reader *reader, const json_t *from, const char *key, uint64_t most)
{
	return json_object_get(from, key) == NULL ? 0 : read_count(reader, from, key, most);
}

/* At most `most`, which is all that one report can say. */
static uint64_t
sum(uint64_t one, uint64_t other, uint64_t most)
{
	return one > most - other ? most : one + other;
}

static void
add_count(struct reader *reader, const json_t *from, const char *key, uint64_t *frames)
{
	*frames = sum(*frames, read_count(reader, from, key, FRAME_MAX), FRAME_MAX);
}

/* Adds what the wire has seen. The loss and the peak are those of the worst segment. */
static void
read_wire(struct reader *reader, const json_t *report, struct wire_result *wire)
{
	const json_t *from = read_object(reader, report, "wire");
	const double loss = read_share(reader, from, "loss_estimate");
	const uint32_t peak =
	    (uint32_t)read_later_count(reader, from, "peak_host_arp_per_s", UINT32_MAX);

	add_count(reader, from, "frames_sent", &wire->frames_sent);
	add_count(reader, from, "broadcasts_sent", &wire->broadcasts_sent);
	add_count(reader, from, "frames_captured", &wire->frames_captured);
	add_count(reader, from, "kernel_drops", &wire->kernel_drops);
	wire->leaks_provoked = (uint32_t)sum(wire->leaks_provoked,
	    read_count(reader, from, "leaks_provoked", UINT32_MAX), UINT32_MAX);
	wire->evidence_omitted = sum(wire->evidence_omitted,
	    read_later_count(reader, from, "evidence_omitted", FRAME_MAX), FRAME_MAX);
	if (peak > wire->peak_host_arp_per_s)
		wire->peak_host_arp_per_s = peak;
	wire->loss_estimate = loss > wire->loss_estimate ? loss : wire->loss_estimate;
	wire->owner_restored = read_boolean(reader, from, "owner_restored") && wire->owner_restored;
}

/* Room for that many clusters. It doubles, since there may be a file for each cluster. */
static void
need_capacity(struct reading *reading, size_t count)
{
	struct result *result = reading->result;
	const size_t twice = 2 * reading->capacity, capacity = count > twice ? count : twice;

	if (count <= reading->capacity)
		return;
	reading->clusters =
	    arena_alloc(reading->reader.arena, capacity, sizeof(*reading->clusters));
	reading->capacity = capacity;
	for (size_t i = 0; i < result->cluster_count; i++)
		reading->clusters[i] = result->clusters[i];
	result->clusters = reading->clusters;
}

static void
read_clusters(struct reading *reading, const json_t *report)
{
	struct reader *reader = &reading->reader;
	struct result *result = reading->result;
	const json_t *list = read_list(reader, report, "clusters");
	const size_t before = result->cluster_count, count = json_array_size(list);
	const char *host = read_text_or_null(reader, report, "host");

	need_capacity(reading, before + count);
	for (size_t i = 0; i < count; i++) {
		struct cluster_result *cluster = &reading->clusters[before + i];

		read_cluster(reading, json_array_get(list, i), cluster);
		worsen(&result->verdict, cluster->verdict);
		if (cluster->probe_host == NULL)
			cluster->probe_host = host;
	}
	result->cluster_count = before + count;
}

/* What ended the audit. Reports of several audits are as incomplete as the last incomplete one. */
static struct ending
read_ending(const json_t *report)
{
	const char *text = json_string_value(json_object_get(report, "ended"));
	struct ending ending = {.by = ENDED_FAILURE};

	if (text != NULL && strcmp(text, "deadline") == 0)
		ending.by = ENDED_DEADLINE;
	else if (text != NULL && strncmp(text, "signal ", strlen("signal ")) == 0)
		ending =
		    (struct ending){.by = ENDED_SIGNAL, .signal = atoi(text + strlen("signal "))};
	return ending;
}

static void
read_report(struct reading *reading, const json_t *report)
{
	struct reader *reader = &reading->reader;
	struct result *result = reading->result;
	const char *schema = read_text(reader, report, "schema");

	if (strcmp(schema, "arpaudit-report/1") != 0) {
		read_fail(reader, "schema", "arpaudit-report/1: is it of a newer arpaudit?");
		return;
	}
	const uint64_t started = read_time(reader, report, "started");
	const uint64_t finished = read_time(reader, report, "finished");

	if (finished < started)
		read_fail(reader, "finished", "after 'started'");
	if (result->started_us == 0 || started < result->started_us)
		result->started_us = started;
	if (finished > result->finished_us)
		result->finished_us = finished;
	/* A complete audit that judged nobody is no success, although no cluster says so. */
	if (read_boolean(reader, report, "complete")) {
		worsen(&result->verdict, read_verdict(reader, report));
	} else {
		result->complete = false;
		result->ending = read_ending(report);
	}
	read_clusters(reading, report);
	read_wire(reader, report, &result->wire);
}

/* A shortage is no fault of the file. */
static bool
cannot_read(const struct reader *reader, int reason)
{
	const bool shortage =
	    reason == ENOMEM || reason == EMFILE || reason == ENFILE || reason == EIO;

	return error_cannot_read(
	    reader->error, shortage ? EXIT_CANNOT_RUN : EXIT_USAGE, reader->file, reason);
}

static bool
read_stream(struct reading *reading, FILE *stream)
{
	struct reader *reader = &reading->reader;
	json_error_t problem;
	json_t *report;

	reader->where = "the report";
	report = json_loadf(stream, JSON_REJECT_DUPLICATES, &problem);
	if (report == NULL && ferror(stream))
		cannot_read(reader, errno);
	if (report == NULL)
		return error_set(reader->error, EXIT_USAGE, "%s:%d: not a JSON report: %s",
		    reader->file, problem.line, problem.text);
	if (!json_is_object(report))
		error_set(reader->error, EXIT_USAGE, "%s: not a JSON report", reader->file);
	else
		read_report(reading, report);
	json_decref(report);
	return reader->error->status == 0;
}

static bool
read_file(struct reading *reading, const char *path)
{
	const bool input = strcmp(path, "-") == 0;
	FILE *const stream = input ? stdin : fopen(path, "re");
	bool good;

	reading->reader.file = input ? "standard input" : path;
	if (stream == NULL)
		return cannot_read(&reading->reader, errno);
	good = read_stream(reading, stream);
	if (!input)
		(void)fclose(stream);
	return good;
}

/* Tells clusters of the same name apart. A tree finds the names also where there are many. */
static void
name_clusters(struct reading *reading)
{
	struct result *result = reading->result;
	struct cluster_result *clusters = (struct cluster_result *)result->clusters;
	struct arena *arena = reading->reader.arena;
	bool *const repeated = arena_alloc(arena, result->cluster_count, sizeof(*repeated));
	struct text_counts names = {.arena = arena};

	/* The first cluster of a name keeps it, and so does one whose name only looks like a made
	 * one. */
	for (size_t i = 0; i < result->cluster_count; i++)
		repeated[i] = (*text_counts_of(&names, clusters[i].name))++ > 0;
	for (size_t i = 0; i < result->cluster_count; i++) {
		if (!repeated[i])
			continue;
		clusters[i].name = arena_format(arena, "%s@%s", clusters[i].name,
		    clusters[i].probe_host == NULL ? "" : clusters[i].probe_host);
		while ((*text_counts_of(&names, clusters[i].name))++ > 0)
			clusters[i].name = arena_format(arena, "%s#%zu", clusters[i].name, i + 1);
	}
	text_counts_free(&names);
}

static struct reading
begin_reading(struct result *result, find_title *find, struct error *error)
{
	struct arena *const arena = arena_new();

	*result =
	    (struct result){.complete = true, .wire = {.owner_restored = true}, .arena = arena};
	return (struct reading){
	    .reader = {.arena = arena, .error = error}, .find = find, .result = result};
}

static bool
end_reading(struct reading *reading, bool good)
{
	if (good)
		name_clusters(reading);
	else
		result_free(reading->result);
	return good;
}

bool
result_read(struct result *result, const char *const *paths, size_t count, find_title *find,
    struct error *error)
{
	struct reading reading = begin_reading(result, find, error);
	bool good = true;

	for (size_t i = 0; i < count && good; i++)
		good = read_file(&reading, paths[i]);
	return end_reading(&reading, good);
}

bool
result_read_stream(
    struct result *result, FILE *stream, const char *name, find_title *find, struct error *error)
{
	struct reading reading = begin_reading(result, find, error);

	reading.reader.file = name;
	return end_reading(&reading, read_stream(&reading, stream));
}
