/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report for people: for each VIP its owners and one line a host, then each finding with its
 * evidence and remedy, and at the end one line that says it all.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "arpaudit/printable.h"
#include "arpaudit/report.h"

#define TEXT_MAX 1024

enum color {
	COLOR_GOOD = 32,
	COLOR_DOUBT = 33,
	COLOR_BAD = 31,
	COLOR_NONE = 0,
};

struct writer {
	FILE *stream;
	const struct report_style *style;
	bool failed; /* a write failed; errno is kept */
	int rip_width, role_width;
	bool service; /* was any service asked? */
};

__attribute__((format(printf, 3, 4))) static void
print(struct writer *writer, enum color color, const char *format, ...)
{
	const bool colored = writer->style->color && color != COLOR_NONE;
	va_list arguments;

	va_start(arguments, format);
	if ((colored && fprintf(writer->stream, "\033[%dm", (int)color) < 0) ||
	    vfprintf(writer->stream, format, arguments) < 0 ||
	    (colored && fputs("\033[0m", writer->stream) == EOF))
		writer->failed = true;
	va_end(arguments);
}

static enum color
verdict_color(enum verdict verdict)
{
	static const enum color colors[] = {
	    [VERDICT_COMPLIANT] = COLOR_GOOD,
	    [VERDICT_INCONCLUSIVE] = COLOR_DOUBT,
	    [VERDICT_VIOLATION] = COLOR_BAD,
	};

	return colors[verdict];
}

static void
print_check(struct writer *writer, int width, const struct check_result *check)
{
	static const struct {
		const char *word;
		enum color color;
	} words[] = {
	    [OUTCOME_SKIPPED] = {"-", COLOR_NONE},
	    [OUTCOME_PASS] = {"pass", COLOR_GOOD},
	    [OUTCOME_FAIL] = {"FAIL", COLOR_BAD},
	    [OUTCOME_INCONCLUSIVE] = {"?", COLOR_DOUBT},
	};

	print(writer, words[check->outcome].color, "%-*s", width, words[check->outcome].word);
}

static void
measure(struct writer *writer, const struct vip_result *vip)
{
	char rip[ADDRESS_TEXT_SIZE];

	writer->rip_width = (int)strlen("RIP");
	writer->role_width = (int)strlen("ROLE");
	writer->service = false;
	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];
		const int rip_width = (int)strlen(address_format(&host->rip, rip));
		const int role_width = (int)strlen(role_name(host->role));

		if (rip_width > writer->rip_width)
			writer->rip_width = rip_width;
		if (role_width > writer->role_width)
			writer->role_width = role_width;
		if (host->checks[CHECK_SERVICE].outcome != OUTCOME_SKIPPED)
			writer->service = true;
	}
}

static void
print_host(struct writer *writer, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE], name[TEXT_MAX];

	print(writer, COLOR_NONE, "  %-*s  %-17s  %-*s  ", writer->rip_width,
	    address_format(&host->rip, rip), host->has_mac ? mac_format(&host->mac, mac) : "-",
	    writer->role_width, role_name(host->role));
	print_check(writer, 7, &host->checks[CHECK_VIP_REPLY]);
	print_check(writer, 8, &host->checks[CHECK_VIP_SOURCE]);
	print_check(writer, 7, &host->checks[CHECK_VIP_BOUND]);
	if (writer->service)
		print_check(writer, 9, &host->checks[CHECK_SERVICE]);
	print(writer, verdict_color(host->verdict), "%s", verdict_name(host->verdict));
	if (host->name != NULL)
		print(writer, COLOR_NONE, "  %s", printable(host->name, name, sizeof(name)));
	print(writer, COLOR_NONE, "\n");
}

static void
print_owners(struct writer *writer, const struct vip_result *vip)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	if (vip->owner_count == 0)
		print(writer, COLOR_NONE, "  no owner\n");
	for (size_t i = 0; i < vip->owner_count; i++) {
		const struct owner_result *owner = &vip->owners[i];

		print(writer, COLOR_NONE, "  owner %s", mac_format(&owner->mac, mac));
		if (address_is_set(&owner->ip))
			print(writer, COLOR_NONE, ", %s", address_format(&owner->ip, ip));
		if (owner->vrrp_vrid != 0)
			print(writer, COLOR_NONE, ", VRRP virtual router %u", owner->vrrp_vrid);
		if (owner->expected)
			print(writer, COLOR_GOOD, ", the director\n");
		else
			print(writer, COLOR_BAD, ", not known as the director\n");
	}
}

static void
print_table(struct writer *writer, const struct vip_result *vip)
{
	if (vip->host_count == 0)
		return;
	measure(writer, vip);
	print(writer, COLOR_NONE, "\n  %-*s  %-17s  %-*s  REPLY  SOURCE  BOUND  %sVERDICT\n",
	    writer->rip_width, "RIP", "MAC", writer->role_width, "ROLE",
	    writer->service ? "SERVICE  " : "");
	for (size_t i = 0; i < vip->host_count; i++)
		print_host(writer, &vip->hosts[i]);
}

/* Local time of day: what the engineer's clock showed. */
static void
print_evidence(struct writer *writer, const struct evidence *evidence)
{
	const time_t seconds = (time_t)(evidence->time_us / 1000000);
	struct tm local;
	char clock[32] = "--:--:--", summary[TEXT_MAX];

	if (localtime_r(&seconds, &local) != NULL)
		(void)strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	print(writer, COLOR_NONE, "    seen %s.%03u  %s", clock,
	    (unsigned)(evidence->time_us / 1000 % 1000),
	    printable(evidence->summary, summary, sizeof(summary)));
	if (evidence->frame != 0)
		print(writer, COLOR_NONE, "  (frame %" PRIu64 ")", evidence->frame);
	print(writer, COLOR_NONE, "\n");
}

/* The host of the VIP whose finding said the same remedy first; NULL: nobody before `until`. */
static const struct host_result *
said_before(
    const struct vip_result *vip, const struct host_result *until, const struct finding *finding)
{
	for (const struct host_result *host = vip->hosts; host != until; host++)
		for (size_t i = 0; i < host->finding_count; i++)
			if (strcmp(host->findings[i].remedy, finding->remedy) == 0)
				return host;
	return NULL;
}

static void
print_remedy(struct writer *writer, const char *remedy)
{
	char line[TEXT_MAX], safe[TEXT_MAX];

	while (*remedy != '\0') {
		const size_t length = strcspn(remedy, "\n");

		(void)snprintf(line, sizeof(line), "%.*s", (int)length, remedy);
		print(writer, COLOR_NONE, "      %s\n", printable(line, safe, sizeof(safe)));
		remedy += length + (remedy[length] == '\n');
	}
}

static void
print_finding(struct writer *writer, const char *subject, const struct finding *finding)
{
	static const enum color colors[] = {
	    [SEVERITY_NOTE] = COLOR_NONE,
	    [SEVERITY_INCONCLUSIVE] = COLOR_DOUBT,
	    [SEVERITY_VIOLATION] = COLOR_BAD,
	};
	char message[TEXT_MAX];

	print(writer, COLOR_NONE, "\n");
	print(writer, colors[finding->severity], "%s", severity_name(finding->severity));
	print(writer, COLOR_NONE, " %s %s: %s\n", subject, finding->id,
	    printable(finding->message, message, sizeof(message)));
	for (size_t i = 0; i < finding->evidence_count; i++)
		print_evidence(writer, &finding->evidence[i]);
}

static void
print_host_findings(
    struct writer *writer, const struct vip_result *vip, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE], other[ADDRESS_TEXT_SIZE];
	const char *subject = address_is_set(&host->rip) ? address_format(&host->rip, rip)
							 : mac_format(&host->mac, mac);

	for (size_t i = 0; i < host->finding_count; i++) {
		const struct finding *finding = &host->findings[i];
		const struct host_result *before = said_before(vip, host, finding);
		bool repeated = false;

		print_finding(writer, subject, finding);
		for (size_t k = 0; k < i; k++)
			repeated =
			    repeated || strcmp(host->findings[k].remedy, finding->remedy) == 0;
		if (*finding->remedy == '\0')
			continue;
		if (repeated) {
			print(writer, COLOR_NONE, "    remedy as above\n");
		} else if (before != NULL) {
			print(writer, COLOR_NONE, "    remedy on %s as for %s\n", subject,
			    address_format(&before->rip, other));
		} else {
			print(writer, COLOR_NONE, "    remedy for %s:\n", subject);
			print_remedy(writer, finding->remedy);
		}
	}
}

static void
print_basis(struct writer *writer, const struct vip_result *vip)
{
	char rip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		print(writer, COLOR_NONE, "\n%s %s\n", address_format(&host->rip, rip),
		    verdict_name(host->verdict));
		for (enum check_id id = 0; id < CHECK_COUNT; id++) {
			const struct check_result *check = &host->checks[id];

			print(writer, COLOR_NONE, "    %-10s  %s", check_name(id),
			    outcome_name(check->outcome));
			if (check->confirmations > 0)
				print(writer, COLOR_NONE, ", confirmed %" PRIu32 " times",
				    check->confirmations);
			if (check->false_pass_bound > 0)
				print(writer, COLOR_NONE, ", false pass below %.1e",
				    check->false_pass_bound);
			if (check->outcome == OUTCOME_SKIPPED)
				print(writer, COLOR_NONE, ": %s", check->reason);
			print(writer, COLOR_NONE, "\n");
		}
	}
}

static void
print_vip(struct writer *writer, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&vip->vip, address);
	print(writer, COLOR_NONE, "\nVIP %s: ", address);
	print(writer, verdict_color(vip->verdict), "%s\n", verdict_name(vip->verdict));
	print_owners(writer, vip);
	print_table(writer, vip);
	if (writer->style->verbose > 0)
		print_basis(writer, vip);
	for (size_t i = 0; i < vip->finding_count; i++) {
		print_finding(writer, address, &vip->findings[i]);
		print_remedy(writer, vip->findings[i].remedy);
	}
	for (size_t i = 0; i < vip->host_count; i++)
		print_host_findings(writer, vip, &vip->hosts[i]);
}

static void
print_cluster(struct writer *writer, const struct cluster_result *cluster)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE], name[TEXT_MAX];

	print(writer, COLOR_NONE, "%s on %s, asked by %s (%s): %zu of %zu %s answered\n",
	    printable(cluster->name, name, sizeof(name)), cluster->interface,
	    address_format(&cluster->probe_ip, ip), mac_format(&cluster->probe_mac, mac),
	    cluster->hosts_alive, cluster->hosts_asked,
	    cluster->discovered ? "addresses" : "hosts");
	for (size_t i = 0; i < cluster->vip_count; i++)
		print_vip(writer, &cluster->vips[i]);
}

static void
print_wire(struct writer *writer, const struct wire_result *wire)
{
	print(writer, COLOR_NONE,
	    "\n%" PRIu64 " frames sent, %" PRIu64 " of them broadcasts; %" PRIu64
	    " captured, %" PRIu64 " dropped by the kernel; %.1f %% of the exchanges lost\n",
	    wire->frames_sent, wire->broadcasts_sent, wire->frames_captured, wire->kernel_drops,
	    100 * wire->loss_estimate);
}

static void
print_summary(struct writer *writer, const struct result *result)
{
	size_t counts[VERDICT_VIOLATION + 1] = {0};
	const double seconds = (double)(result->finished_us - result->started_us) / 1e6;

	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			for (size_t h = 0; h < result->clusters[i].vips[k].host_count; h++)
				counts[result->clusters[i].vips[k].hosts[h].verdict]++;
	print(writer, verdict_color(result->verdict), "%s", verdict_name(result->verdict));
	print(writer, COLOR_NONE, ": %zu compliant, %zu in violation, %zu inconclusive",
	    counts[VERDICT_COMPLIANT], counts[VERDICT_VIOLATION], counts[VERDICT_INCONCLUSIVE]);
	if (result->wire.leaks_provoked > 0)
		print(writer, COLOR_NONE, "; %" PRIu32 " leak%s provoked, the owner %s",
		    result->wire.leaks_provoked, result->wire.leaks_provoked == 1 ? "" : "s",
		    result->wire.owner_restored ? "restored" : "NOT restored");
	print(writer, COLOR_NONE, "; %" PRIu64 " frames in %.2f s%s\n", result->wire.frames_sent,
	    seconds, result->complete ? "" : "; INCOMPLETE: the audit was interrupted");
}

static bool
write_text(const struct result *result, const struct report_style *style, FILE *stream)
{
	struct writer writer = {.stream = stream, .style = style};

	if (!style->quiet) {
		for (size_t i = 0; i < result->cluster_count; i++)
			print_cluster(&writer, &result->clusters[i]);
		if (style->verbose > 0)
			print_wire(&writer, &result->wire);
		print(&writer, COLOR_NONE, "\n");
	}
	print_summary(&writer, result);
	return !writer.failed && fflush(stream) == 0;
}

const struct report_writer report_text = {.format = "text", .write = write_text};
