/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/plan_show.h"

#include "arpaudit/frame.h"
#include "arpaudit/json_values.h"
#include "arpaudit/printable.h"

/* ---- JSON ------------------------------------------------------------------------------------ */

/* The ports of one protocol. */
static json_t *
ports_json(const struct plan_vip *vip, uint8_t protocol)
{
	json_t *ports = json_array();
	char number[8];

	for (size_t i = 0; i < vip->port_count; i++) {
		if (vip->ports[i].protocol != protocol)
			continue;
		(void)snprintf(number, sizeof(number), "%u", vip->ports[i].number);
		ports = json_array_add(ports, json_string(number));
	}
	return ports;
}

/* A VIP with ports of both protocols has an entry for each. */
static json_t *
add_vip(json_t *vips, const struct plan_vip *vip)
{
	static const struct {
		uint8_t number;
		const char *name;
	} protocols[] = {{IP_PROTOCOL_TCP, "tcp"}, {IP_PROTOCOL_UDP, "udp"}};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		json_t *const ports = ports_json(vip, protocols[i].number);

		if (ports != NULL && json_array_size(ports) == 0)
			json_decref(ports);
		else
			vips = json_array_add(vips,
			    json_pack("{s:o, s:o, s:s}", "vip", json_from_address(&vip->address),
				"ports", ports, "protocol", protocols[i].name));
	}
	if (vip->port_count == 0)
		vips = json_array_add(
		    vips, json_pack("{s:o, s:[], s:n}", "vip", json_from_address(&vip->address),
			      "ports", "protocol"));
	return vips;
}

static json_t *
vips_json(const struct plan_cluster *cluster)
{
	json_t *vips = json_array();

	for (size_t i = 0; i < cluster->vip_count; i++)
		vips = add_vip(vips, &cluster->vips[i]);
	return vips;
}

static json_t *
hosts_json(const struct plan_cluster *cluster)
{
	json_t *hosts = json_array();

	for (size_t i = 0; i < cluster->host_count; i++)
		hosts = json_array_add(
		    hosts, json_pack("{s:o, s:o}", "rip", json_from_address(&cluster->hosts[i].rip),
			       "name", json_from_text(cluster->hosts[i].name)));
	return hosts;
}

static json_t *
directors_json(const struct plan_cluster *cluster)
{
	json_t *directors = json_array();

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct plan_director *const director = &cluster->directors[i];
		const bool by_mac = !address_is_set(&director->address);
		const uint8_t vrid = mac_vrrp_vrid(&director->mac);

		directors = json_array_add(directors,
		    json_pack("{s:o, s:o, s:o}", "ip", json_from_address(&director->address), "mac",
			by_mac ? json_from_mac(&director->mac) : json_null(), "vrid",
			by_mac && vrid != 0 ? json_integer(vrid) : json_null()));
	}
	return directors;
}

static json_t *
left_out_json(const struct plan_remarks *remarks)
{
	json_t *left_out = json_array();

	for (size_t i = 0; i < remarks->left_out_count; i++)
		left_out = json_array_add(left_out,
		    json_pack("{s:o, s:o}", "rip", json_from_text(remarks->left_out[i].rip),
			"reason", json_from_text(remarks->left_out[i].reason)));
	return left_out;
}

static json_t *
warnings_json(const struct plan_remarks *remarks)
{
	json_t *warnings = json_array();

	for (size_t i = 0; i < remarks->warning_count; i++)
		warnings = json_array_add(warnings, json_from_text(remarks->warnings[i]));
	return warnings;
}

static const char *
owner_name(enum plan_owner owner)
{
	static const char *const names[] = {
	    [OWNER_DIRECTOR] = "director",
	    [OWNER_ANY] = "any",
	    [OWNER_NONE] = "none",
	};

	return names[owner];
}

static json_t *
cluster_json(const struct plan_cluster *cluster)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "name",
	    json_from_text(cluster->name), "interface", json_from_text(cluster->interface), "vlan",
	    cluster->vlan != 0 ? json_integer(cluster->vlan) : json_null(), "owner",
	    owner_name(cluster->owner), "vips", vips_json(cluster), "hosts", hosts_json(cluster),
	    "directors", directors_json(cluster), "left_out", left_out_json(&cluster->remarks),
	    "warnings", warnings_json(&cluster->remarks));
}

bool
plan_show_json(const struct plan *plan, FILE *stream)
{
	json_t *clusters = json_array();
	json_t *document;
	bool written;

	for (size_t i = 0; i < plan->cluster_count; i++)
		clusters = json_array_add(clusters, cluster_json(&plan->clusters[i]));
	document = json_pack("{s:s, s:o}", "schema", "arpaudit-plan/1", "clusters", clusters);
	written = document != NULL && json_dumpf(document, stream, JSON_INDENT(2)) == 0 &&
		  putc('\n', stream) != EOF;
	json_decref(document);
	return written;
}

/* ---- Text ------------------------------------------------------------------------------------ */

static void
show_line(FILE *stream, const char *label, const char *value)
{
	char safe[512];

	(void)fprintf(stream, "  %-12s %s\n", label, printable(value, safe, sizeof(safe)));
}

static void
show_remark(FILE *stream, const char *label, const char *what, const char *why)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s: %s", what, why);
	show_line(stream, label, text);
}

static void
show_vip(FILE *stream, const struct plan_vip *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	(void)fprintf(stream, "  %-12s %s", "VIP", address_format(&vip->address, address));
	for (size_t i = 0; i < vip->port_count; i++)
		(void)fprintf(stream, "%s%u/%s", i == 0 ? " ports " : ", ", vip->ports[i].number,
		    vip->ports[i].protocol == IP_PROTOCOL_UDP ? "udp" : "tcp");
	(void)putc('\n', stream);
}

static void
show_director(FILE *stream, const struct plan_director *director)
{
	char address[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	if (address_is_set(&director->address)) {
		show_line(stream, "director", address_format(&director->address, address));
		return;
	}
	(void)fprintf(stream, "  %-12s %s", "director", mac_format(&director->mac, mac));
	if (mac_vrrp_vrid(&director->mac) != 0)
		(void)fprintf(stream, " (VRID %u)", mac_vrrp_vrid(&director->mac));
	(void)putc('\n', stream);
}

static void
show_cluster(FILE *stream, const struct plan_cluster *cluster)
{
	char safe[512], address[ADDRESS_TEXT_SIZE];

	(void)fprintf(stream, "%s", printable(cluster->name, safe, sizeof(safe)));
	if (cluster->interface != NULL)
		(void)fprintf(stream, " on %s", printable(cluster->interface, safe, sizeof(safe)));
	if (cluster->vlan != 0)
		(void)fprintf(stream, " VLAN %u", cluster->vlan);
	(void)fputs("\n", stream);
	for (size_t i = 0; i < cluster->vip_count; i++)
		show_vip(stream, &cluster->vips[i]);
	if (cluster->owner != OWNER_DIRECTOR)
		show_line(stream, "owner",
		    cluster->owner == OWNER_ANY ? "any machine" : "none: the VIPs are routed");
	for (size_t i = 0; i < cluster->host_count; i++) {
		const struct plan_host *const host = &cluster->hosts[i];

		(void)fprintf(
		    stream, "  %-12s %s", "real server", address_format(&host->rip, address));
		(void)fprintf(stream, "%s%s\n", host->name != NULL ? " " : "",
		    host->name != NULL ? printable(host->name, safe, sizeof(safe)) : "");
	}
	if (cluster->discover)
		show_line(stream, "real server", "every host that a sweep of the subnet finds");
	for (size_t i = 0; i < cluster->director_count; i++)
		show_director(stream, &cluster->directors[i]);
	for (size_t i = 0; i < cluster->gateways.count; i++)
		show_line(
		    stream, "gateway", address_format(&cluster->gateways.address[i], address));
	for (size_t i = 0; i < cluster->remarks.left_out_count; i++)
		show_remark(stream, "left out", cluster->remarks.left_out[i].rip,
		    cluster->remarks.left_out[i].reason);
	for (size_t i = 0; i < cluster->remarks.skip_count; i++)
		show_remark(stream, "skipped", cluster->remarks.skips[i].check,
		    cluster->remarks.skips[i].reason);
	for (size_t i = 0; i < cluster->remarks.warning_count; i++)
		show_line(stream, "warning", cluster->remarks.warnings[i]);
}

bool
plan_show_text(const struct plan *plan, FILE *stream)
{
	for (size_t i = 0; i < plan->cluster_count; i++)
		show_cluster(stream, &plan->clusters[i]);
	return ferror(stream) == 0;
}
